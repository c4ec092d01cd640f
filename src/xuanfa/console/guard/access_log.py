"""The access log: who asked for what, from where, and how it was answered; never what was written. Kept together, and written twice a second
at most, so that looking costs no write of its own."""

import logging
import threading
from collections import deque
from datetime import timedelta
from typing import Final

from xuanfa.domain.errors import StoreError
from xuanfa.operations.desk import Desk
from xuanfa.operations.watching.visits import VisitRow, forget_visits, keep_visits

log = logging.getLogger(__name__)

#: Seconds between two writes; for how long it is kept, and how often what is older goes; and how many wait at most where the database is away.
_APART: Final = 0.5
KEPT: Final = timedelta(days=366)
_PRUNED: Final = timedelta(days=1)
_WAITING: Final = 20_000


class AccessLog:
    """For a ``with`` statement: a thread of its own writes it down."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._waiting: deque[VisitRow] = deque(maxlen=_WAITING)
        self._over = threading.Event()
        self._pruned = desk.clock()
        self._thread = threading.Thread(target=self._work, name="xuanfa-visits", daemon=True)

    def note(self, row: VisitRow) -> None:
        """Soon it is in the database."""
        self._waiting.append(row)

    def __enter__(self) -> "AccessLog":
        self._prune()
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _work(self) -> None:
        while not self._over.wait(_APART):
            self._write()
            if self._desk.clock() - self._pruned >= _PRUNED:
                self._forget()
        self._write()

    def _forget(self) -> None:
        """A server runs for years: what is older than a year goes each day, not only when it begins."""
        try:
            self._prune()
        except StoreError as error:  # the database is away: an hour later it is tried again
            log.warning("%s", error)
            self._pruned += timedelta(hours=1)

    def _prune(self) -> None:
        now = self._desk.clock()
        forget_visits(self._desk, now - KEPT)
        self._pruned = now

    def _write(self) -> None:
        rows = [self._waiting.popleft() for _ in range(len(self._waiting))]
        if not rows:
            return
        try:
            keep_visits(self._desk, rows)
        except StoreError as error:  # the database is away: they wait, and the oldest ones are lost where it stays away
            log.warning("%s", error)
            self._waiting.extendleft(reversed(rows))
