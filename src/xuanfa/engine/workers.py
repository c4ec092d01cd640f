"""Workers: threads that perform jobs, one at a time each, with adapters of their own for as long as they live."""

import logging
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from queue import Empty, SimpleQueue
from threading import Thread
from types import TracebackType

from xuanfa.domain.language import say
from xuanfa.domain.outcome import Unsent
from xuanfa.operations.desk import Adapters
from xuanfa.operations.sending.perform import Done, Job, broken_off, perform

log = logging.getLogger(__name__)

#: Seconds that results are waited for once there is one, while fewer than half are back: a commit shared by more is cheaper for each
#: (measured: a ninth more deliveries a second at 20 in flight), and no request takes as little as this.
LINGER = 0.002


class Workers:
    """Up to ``most`` threads, started as they are needed and kept, because their connections are worth keeping.

    Used by one thread, for a ``with`` statement; leaving it waits for what is under way. Leaner than an executor: no futures, and what
    has come back is taken all at once.
    """

    def __init__(self, adapters: Adapters, most: int, clock: Callable[[], datetime] | None = None) -> None:
        self.most = most
        #: Jobs that have been started and not been collected; and the attempts among them, by delivery and number.
        self.in_flight = 0
        self.in_hand: set[tuple[int, int]] = set()
        #: Told of each job on its own thread when it has ended, with the seconds that it took; for figures.
        self.observe: Callable[[Done, float], None] | None = None
        self._adapters = adapters
        self._clock = clock
        self._jobs: SimpleQueue[Job | None] = SimpleQueue()
        #: What has come back; ``None`` is a call to look up.
        self._done: SimpleQueue[Done | None] = SimpleQueue()
        self._threads: list[Thread] = []

    @property
    def free(self) -> int:
        """How many more jobs may be started."""
        return self.most - self.in_flight

    def start(self, job: Job) -> None:
        """Have a job performed. Whatever happens, its ending comes back."""
        self.in_flight += 1
        self.in_hand.add(job.mark)
        if self.in_flight > len(self._threads) and len(self._threads) < self.most:
            self._hire()
        if self._threads:
            self._jobs.put(job)
        else:
            none = say("系统不给线程，没有发出", "the system gives no thread to send with; nothing has left")
            self._done.put(Done(job=job, ending=Unsent(evidence=none)))

    def wake(self) -> None:
        """Have ``collect`` return at once, with whatever is there: there is something else to see to. May be called from any thread."""
        self._done.put(None)

    def collect(self, timeout: float) -> list[Done]:
        """At least one result, unless ``timeout`` seconds pass or ``wake`` is called; then all that arrive within a moment's lingering."""
        found: list[Done | None] = []
        with suppress(Empty):
            found.append(self._done.get(timeout=timeout))
            until, enough = time.monotonic() + LINGER, self.in_flight // 2
            while found[-1] is not None and len(found) < enough and (left := until - time.monotonic()) > 0:
                found.append(self._done.get(timeout=left))
            while True:
                found.append(self._done.get_nowait())
        results = [done for done in found if done is not None]
        self.in_flight -= len(results)
        self.in_hand.difference_update(done.job.mark for done in results)
        return results

    def __enter__(self) -> "Workers":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for _ in self._threads:
            self._jobs.put(None)
        for thread in self._threads:
            thread.join()

    def _hire(self) -> None:
        thread = Thread(target=self._work, name=f"xuanfa-{len(self._threads)}", daemon=True)
        try:
            thread.start()
        except RuntimeError as error:  # a limit on threads or memory: those that are there share the work
            log.error("%s", error)  # noqa: TRY400 - the trace would show this line
            return
        self._threads.append(thread)

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            begun = time.monotonic()
            done = self._perform(job)
            try:
                if self.observe is not None:
                    self.observe(done, time.monotonic() - begun)
            except Exception:
                log.exception("telling how a job ended failed")
            self._done.put(done)

    def _perform(self, job: Job) -> Done:
        try:
            return perform(self._adapters, job, self._clock)
        except BaseException as error:  # noqa: BLE001 - SystemExit from a library too: a pass would wait for a dead thread for ever
            return broken_off(job, error)
