"""Announcing: bring the messages of webhooks to their receivers, on a thread of its own, so that no slow receiver is in the way of sending."""

import logging
from threading import Event, Thread

from xuanfa.domain.errors import XuanfaError, broken_off
from xuanfa.operations.desk import Desk

log = logging.getLogger(__name__)

#: How often a resident looks for messages. Seconds.
EVERY = 2.0
#: How long a resident that is stopping waits for a message that is under way. Seconds.
PARTING = 5.0
#: After so long ``xuanfa publish``, which has published by then, begins with no further message; the next pass goes on. Seconds.
WITHIN = 5.0
#: The same of a pass of a resident process.
WITHIN_RESIDENT = 30.0


def announce_once(desk: Desk, stopping: Event | None = None) -> None:
    """Send what is due, for a command that ends then. Without any receiver nothing is loaded and nothing is asked."""
    if desk.webhooks.endpoints:
        _announce(desk, stopping or Event(), WITHIN)


class Announcing:
    """Sends for a resident process, for a ``with`` statement."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._over = Event()
        self._thread = Thread(target=self._run, name="xuanfa-webhooks", daemon=True)

    def __enter__(self) -> "Announcing":
        if self._desk.webhooks.endpoints:
            self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """A message that is under way is given a moment; whoever comes next sends it again, by the same number."""
        self._over.set()
        if self._thread.is_alive():
            self._thread.join(PARTING)

    def _run(self) -> None:
        while not self._over.wait(EVERY):
            _announce(self._desk, self._over, WITHIN_RESIDENT)


def _announce(desk: Desk, stopping: Event, within: float) -> None:
    from xuanfa.operations.announcing.passes import send_due  # noqa: PLC0415 - where somebody is told

    try:
        send_due(desk, stopping.is_set, within=within)
    except XuanfaError as error:
        log.error("%s", error)  # noqa: TRY400 - the message says what to do; a trace would bury it
    except OSError as error:
        log.error("%s", broken_off(error))  # noqa: TRY400 - see above
    except Exception:
        log.exception("telling receivers of webhooks failed")
