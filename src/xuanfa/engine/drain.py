"""Drain: carry out everything that is due, with one writer and many senders.

The calling thread owns the database: it claims and settles in turns. Worker threads own the network: each performs one job at a time with
adapters, and so HTTP clients, of its own. What comes back while a turn is being written is settled by the next one, so that commits are
shared by as many deliveries as there is load.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Event

from xuanfa.domain.errors import StoreError
from xuanfa.domain.language import say
from xuanfa.engine.workers import Workers
from xuanfa.operations.desk import Desk
from xuanfa.operations.sending.alive import note_own
from xuanfa.operations.sending.perform import Done, Job
from xuanfa.operations.sending.publish import Pass, begin, refresh, turn

log = logging.getLogger(__name__)

#: How often the writer looks up while nothing comes back: to renew its leases, and for what has become due meanwhile. Seconds.
HEARTBEAT = 1.0


@dataclass(slots=True)
class Drain:
    """One pass. ``stopping`` ends the claiming; what is in flight is still finished and settled."""

    desk: Desk
    workers: Workers
    stopping: Event = field(default_factory=Event)
    #: Told how many deliveries have just come back, and now and then that nothing has.
    progress: Callable[[int], None] = lambda _settled: None
    #: Told after each turn, before anything is waited for; may change which channels the pass sees to.
    turned: Callable[[Pass], None] = lambda _run: None
    #: How often a commit is tried again while outcomes wait for it (a full disk, a locked file), a second apart, before giving up.
    patience: int = 60
    pause: Callable[[], None] = lambda: time.sleep(1)
    #: What has come back and is not written yet.
    _results: list[Done] = field(default_factory=list)
    #: Whether something unforeseen ended the claiming.
    _failed: bool = False

    def run(self, run: Pass | None = None) -> Pass:
        """Everything due now, and what becomes due meanwhile. Returns when nothing is in flight and nothing more can be claimed.

        A ``run`` that is given says which channels are concerned.
        """
        note_own(self.desk, self.workers.in_hand)
        run = begin(self.desk, run)
        try:
            self._work(run)
        except StoreError:
            raise  # a turn has waited for the database already
        except Exception:
            # Whatever ended the claiming, what is in flight gets its outcome.
            self._failed = True
            self._work(run)
            raise
        return run

    def _work(self, run: Pass) -> None:
        looked_again, heartbeat = True, min(HEARTBEAT, self.desk.lease.total_seconds() / 3)
        while True:
            moved_before = sum(run.tally.values())
            for job in self._turn(run, self._results):
                self.workers.start(job)
            self._results = []
            self.turned(run)
            if self.workers.in_flight:
                self._results, looked_again = self.workers.collect(heartbeat), False
                self.progress(len(self._results))
                continue
            if self._failed or self.stopping.is_set():
                return
            if sum(run.tally.values()) > moved_before:
                looked_again = False
            if not run.active:
                if looked_again and run.checked_at is not None:
                    return
                refresh(self.desk, run)
                looked_again = True

    def _turn(self, run: Pass, results: list[Done]) -> list[Job]:
        """One turn. Outcomes that cannot be written yet, or are still to come, are worth waiting for the database."""
        for tries_left in range(self.patience, -1, -1):
            stopping = self._failed or self.stopping.is_set() or tries_left < self.patience
            try:
                return turn(self.desk, run, results, 0 if stopping else self.workers.free)
            except StoreError as error:
                if not tries_left or not (results or self.workers.in_flight):
                    raise
                if tries_left == self.patience:
                    _tell(error, tries_left)
                self.progress(0)
                self.pause()
        raise AssertionError("the last try raises")


def _tell(error: StoreError, tries: int) -> None:
    """Once for all tries, and without a trace: the error says what to do."""
    text = say(
        "{error} 已经发出的请求的结果暂时记不下来，先留着；每秒再试一次，最多 {n} 次。",
        "{error} The outcomes of requests that have left cannot be recorded yet and are kept; tried again each second, {n} times at most.",
        error=error,
        n=tries,
    )
    log.error("%s", text)
