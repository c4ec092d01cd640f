"""Station: what one node sends. One writer and many senders, as in a pass, for whatever batches the node is handed.

All batches of a node share its places and its commits. A batch is over when its channel has nothing more to claim, or its share is used up.
"""

import logging
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from threading import Event, Lock, Thread
from typing import Final

from xuanfa.domain.channel import EVERYTHING
from xuanfa.engine.drain import Drain
from xuanfa.engine.workers import Workers
from xuanfa.operations.desk import Desk
from xuanfa.operations.sending.claim import Pass

log = logging.getLogger(__name__)

#: How often the station looks up while it has nothing to do. Seconds.
IDLE: Final = 1.0
#: Stands for the channel where outcomes are to be looked for; it cannot be an id.
_LOOKS: Final = EVERYTHING


@dataclass(slots=True, eq=False)
class _Errand:
    """Something that the node was handed. ``settles``: it is over only when what it sent has come back, too."""

    channel: str
    most: int
    settles: bool
    over: "Future[None]"


class Station:
    """Runs on a thread of its own, for a ``with`` statement; leaving it finishes and settles what is in flight."""

    def __init__(
        self,
        desk: Desk,
        workers: Workers,
        beat: Callable[..., None] = lambda *_: None,
        passed: Callable[[float], None] = lambda _seconds: None,
    ) -> None:
        self._desk = desk
        self._workers = workers
        self._beat = beat
        #: Told how long each drain has taken.
        self._passed = passed
        self._guard = Lock()
        self._given: list[_Errand] = []
        self._news = Event()
        self._stopping = Event()
        #: What the drain that is running sees to.
        self._errands: list[_Errand] = []
        self._thread = Thread(target=self._run, name="xuanfa-station", daemon=True)

    def send(self, channel: str, most: int, *, settles: bool) -> "Future[None]":
        """Have up to ``most`` due deliveries of a channel sent. The future ends when the batch is over, or with what ended it."""
        return self._give(_Errand(channel, most, settles, Future()))

    def look(self) -> "Future[None]":
        """Have the outcomes looked for whose time has come."""
        return self._give(_Errand(_LOOKS, 0, settles=True, over=Future()))

    def stop(self) -> None:
        """Claim nothing more; may be called from any thread."""
        self._stopping.set()
        self._news.set()

    def __enter__(self) -> "Station":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        self._thread.join()

    def _give(self, errand: _Errand) -> "Future[None]":
        errand.over.set_running_or_notify_cancel()  # nobody can call it off any more
        with self._guard:
            self._given.append(errand)
        self._news.set()
        self._workers.wake()
        return errand.over

    def _run(self) -> None:
        while not self._stopping.is_set():
            if self._news.wait(IDLE):
                self._drain()
            self._beat()
        self._end(self._errands + self._taken())

    def _drain(self) -> None:
        run = Pass(shares={}, looks=False)
        self._take(run)
        drain = Drain(
            desk=self._desk, workers=self._workers, stopping=self._stopping, progress=self._beat, turned=self._turned
        )
        begun = time.monotonic()
        try:
            drain.run(run)
            self._passed(time.monotonic() - begun)
        except Exception as error:  # noqa: BLE001 - whatever it was, whoever waits is told, and the node lives on
            # What was claimed lapses with its lease, what was not is handed out again.
            self._end(self._errands, error)
        self._end(self._errands)

    def _turned(self, run: Pass) -> None:
        """End what is over, and take what has been given meanwhile."""
        if run.checked_at is not None:  # it has been looked what there is
            self._end([errand for errand in self._errands if self._is_over(errand, run)])
        concerned = {errand.channel for errand in self._errands}
        run.shares = {channel: left for channel, left in (run.shares or {}).items() if channel in concerned}
        run.looks = _LOOKS in concerned
        self._take(run)

    def _is_over(self, errand: _Errand, run: Pass) -> bool:
        if errand.channel == _LOOKS:
            return not run.looking and not run.busy.total()
        return errand.channel not in run.active and not (errand.settles and run.busy[errand.channel])

    def _take(self, run: Pass) -> None:
        taken = self._taken()
        if not taken:
            return
        assert run.shares is not None  # noqa: S101 - made above
        for errand in taken:
            if errand.channel == _LOOKS:
                run.looks = True
            else:
                run.shares[errand.channel] = run.shares.get(errand.channel, 0) + errand.most
        run.checked_at = None  # look, before anything is judged
        self._errands += taken

    def _taken(self) -> list[_Errand]:
        with self._guard:
            taken, self._given = self._given, []
            self._news.clear()
        return taken

    def _end(self, errands: list[_Errand], error: Exception | None = None) -> None:
        self._errands = [errand for errand in self._errands if errand not in errands]
        for errand in errands:
            if error is not None:
                errand.over.set_exception(error)
            else:
                errand.over.set_result(None)
