"""Proving: look at public pages and ask for readers' figures when they are due, and count months that are over, on a thread of its own, so that no
slow website, no failing platform and no long count is in the way of sending or telling."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread

from xuanfa.domain.errors import XuanfaError, broken_off
from xuanfa.operations.desk import Desk
from xuanfa.operations.keeping.month_sums import keep_months
from xuanfa.operations.proving.outward import look_outward
from xuanfa.operations.proving.passes import prove_due
from xuanfa.operations.proving.strangers import look_for_strangers
from xuanfa.operations.readers.asking import take_figures

log = logging.getLogger(__name__)

#: How often a resident looks for what is due. Seconds.
EVERY = 30.0
#: How long a resident that is stopping waits for a page that is under way. Seconds.
PARTING = 5.0
#: After so long ``xuanfa publish``, which has published by then, begins with no further page; the next pass goes on. Seconds.
WITHIN = 5.0
#: The same of a pass of a resident process.
WITHIN_RESIDENT = 45.0


def prove_once(desk: Desk, stopping: Event | None = None) -> None:
    """Do some of what is due, for a command that ends then."""
    _go_round(desk, stopping or Event(), WITHIN)


class Proving:
    """Looks for a resident process, for a ``with`` statement."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._over = Event()
        self._thread = Thread(target=self._run, name="xuanfa-proving", daemon=True)

    def __enter__(self) -> "Proving":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """A page that is under way is given a moment; whoever comes next looks at it anew."""
        self._over.set()
        self._thread.join(PARTING)

    def _run(self) -> None:
        while not self._over.wait(EVERY):
            _go_round(self._desk, self._over, WITHIN_RESIDENT)


def _go_round(desk: Desk, stopping: Event, within: float) -> None:
    """Each round by itself: what one cannot do keeps no other from its own."""
    rounds: tuple[Callable[[], object], ...] = (
        lambda: prove_due(desk, stopping.is_set, within=within),
        lambda: take_figures(desk, stopping.is_set, within=within),
        lambda: look_for_strangers(desk, stopping.is_set),
        lambda: look_outward(desk, stopping.is_set, within=within),
        lambda: keep_months(desk, stopping.is_set),
    )
    for one in rounds:
        if not stopping.is_set():
            with _told():
                one()


@contextmanager
def _told() -> Iterator[None]:
    """Whatever goes wrong is told in the log."""
    try:
        yield
    except XuanfaError as error:
        log.error("%s", error)  # noqa: TRY400 - the message says what to do; a trace would bury it
    except OSError as error:
        log.error("%s", broken_off(error))  # noqa: TRY400 - see above
    except Exception:
        log.exception("looking at what is public, or counting months, failed")
