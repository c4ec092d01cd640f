"""Watch: tell people what waits for them, on a thread of its own, so that telling neither delays publishing nor fails it."""

import logging
from threading import Event, Thread

from xuanfa.domain.errors import XuanfaError, broken_off
from xuanfa.operations.desk import Desk
from xuanfa.operations.watching.digest import tell_people

log = logging.getLogger(__name__)

#: How long ``xuanfa publish``, which has published by then, waits for the telling before it ends without it. Seconds.
DEADLINE = 20.0
#: How long a resident that is stopping waits for a message that is under way. Seconds.
PARTING = 5.0
#: How often a resident looks for causes where no pass has moved anything. Seconds.
EVERY = 60.0


def tell_once(desk: Desk, deadline: float = DEADLINE) -> bool:
    """Raise alarms, for ``deadline`` seconds at most; whether that was enough. What was left is told by the next pass."""
    if desk.alarms.teller is None:
        return True
    thread = Thread(target=_tell, args=(desk,), name="xuanfa-alarms", daemon=True)
    thread.start()
    thread.join(deadline)
    return not thread.is_alive()


class Watch:
    """Raises alarms for a resident process, after each pass that moved something and now and then; for a ``with`` statement."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._due, self._over = Event(), Event()
        self._thread = Thread(target=self._run, name="xuanfa-alarms", daemon=True)

    def nudge(self) -> None:
        """Something has happened."""
        self._due.set()

    def __enter__(self) -> "Watch":
        if self._desk.alarms.teller is not None:
            self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """A message that is under way is given a moment; what was not told is told after the next start."""
        self._over.set()
        self._due.set()
        if self._thread.is_alive():
            self._thread.join(PARTING)

    def _run(self) -> None:
        while not self._over.is_set():
            _tell(self._desk)
            self._due.wait(EVERY)
            self._due.clear()


def _tell(desk: Desk) -> None:
    try:
        tell_people(desk)
    except XuanfaError as error:
        log.error("%s", error)  # noqa: TRY400 - the message says what to do; a trace would bury it
    except OSError as error:
        log.error("%s", broken_off(error))  # noqa: TRY400 - see above
    except Exception:
        log.exception("raising alarms failed")
