"""Heartbeat: tell the other nodes, and ``xuanfa doctor``, that this process is alive. On a thread of its own, beside all work."""

import logging
from collections.abc import Callable, Sequence
from threading import Event, Thread

from xuanfa.domain.errors import XuanfaError, broken_off
from xuanfa.domain.node import BEAT, Node
from xuanfa.operations.desk import Desk
from xuanfa.operations.keeping.memory import note_end
from xuanfa.operations.sending.alive import note_gone
from xuanfa.operations.sending.nodes import beat, join, leave

log = logging.getLogger(__name__)


class Heartbeat:
    """Beats from the beginning to the end of a ``with`` statement. A database that is away is tried again with the next beat."""

    def __init__(
        self,
        desk: Desk,
        role: str,
        channels: Sequence[str] = (),
        beaten: Callable[[], None] = lambda: None,
        *,
        follows: bool = False,
    ) -> None:
        self._begun = desk
        #: Whether the process goes by new settings without beginning anew, as a console does.
        self._follows = follows
        #: Told of each sign of life that the database has taken.
        self._beaten = beaten
        self._role = role
        self._channels = channels
        self._over = Event()
        self._node: Node | None = None
        self._thread = Thread(target=self._run, name="xuanfa-heartbeat", daemon=True)

    @property
    def _desk(self) -> Desk:
        """By the settings that the process goes by."""
        return self._begun.newest() if self._follows else self._begun

    def __enter__(self) -> "Heartbeat":
        self._beat()
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()
        if self._node is not None:
            try:
                leave(self._desk, self._node)
            except XuanfaError as error:
                log.error("%s", error)  # noqa: TRY400 - the message says what to do; it will be shown as gone

    def _run(self) -> None:
        while not self._over.wait(BEAT.total_seconds()):
            self._beat()

    def _beat(self) -> None:
        try:
            desk = self._desk
            self._node = beat(desk, self._node) if self._node else join(desk, self._role, self._channels)
            note_gone(desk)  # each machine sees only its own
            # Each machine has marks of its own, and what another one does is to be in them, too.
            note_end(desk)
            self._beaten()
        except XuanfaError as error:
            log.error("%s", error)  # noqa: TRY400 - see above
        except OSError as error:
            log.error("%s", broken_off(error))  # noqa: TRY400 - see above
        except Exception:
            log.exception("a sign of life failed")  # the next one is tried all the same
