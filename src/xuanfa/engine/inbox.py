"""The inbox beside sending: ``posts/`` is looked through and read on a thread of its own, so that no file and no slow folder delays what is due.

Whoever sends waits for the looking through only, a moment: what is due and has a changed file then waits for that file (``operations.queue``).
"""

import logging
import time
from collections.abc import Callable
from threading import Condition, Event, Thread
from typing import Final

from xuanfa.domain.errors import ConfigError
from xuanfa.domain.language import say
from xuanfa.operations.desk import Desk
from xuanfa.operations.intake.folder import note_trouble
from xuanfa.operations.intake.queue import PATIENCE, Onlooker, QueueReport, queue

log = logging.getLogger(__name__)

#: How often a pass looks for what has become due while files are read. Seconds.
MOMENT: Final = 0.2
#: After so long without a sign of life the folder counts as out of reach, and a pass ends without it. Seconds.
STUCK: Final = 30.0


class Inbox:
    """The looks into the inbox of one process, one at a time."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._look: Look | None = None

    def look(self, progress: Callable[[int, int], None], stopping: Event) -> "Look":
        """Begin to look, or go on with the look that the folder has kept from coming back."""
        if self._look is None or not self._look.is_alive():
            self._look = Look(self._desk, progress, stopping)
            try:
                self._look.start()
            except (
                RuntimeError
            ) as error:  # a limit on threads or memory: it is read before anything is sent, as if there were none
                log.error("%s", error)  # noqa: TRY400 - the trace would show this line
                self._look.run()
        return self._look


class Look(Thread):
    """One look into the inbox."""

    def __init__(self, desk: Desk, progress: Callable[[int, int], None], stopping: Event) -> None:
        super().__init__(name="xuanfa-inbox", daemon=True)
        self._desk = desk
        self._stopping = stopping
        self._progress = progress
        self._report = QueueReport()
        self._error: Exception | None = None
        self._changed = Condition()
        self._looked = False
        self._over = False
        self._alive_at = time.monotonic()
        #: How often something has been committed.
        self.taken = 0

    def run(self) -> None:
        """Look, and keep what came of it for ``end``."""
        watching = Onlooker(
            progress=self._read, looked=self._has_looked, taken=self._has_taken, is_stopping=self._is_stopping
        )
        try:
            self._report = queue(self._desk, onlooker=watching)
        except Exception as error:  # noqa: BLE001 - whatever it was, the pass that waits for it is told
            self._error = error
        with self._changed:
            self._over = True
            self._changed.notify_all()

    def wait_until_looked(self) -> None:
        """Until it is known which posts have a changed file; not longer than what is due would wait for one."""
        with self._changed:
            self._changed.wait_for(lambda: self._looked or self._over, PATIENCE.total_seconds())

    def goes_on(self, taken: int) -> bool:
        """Wait a moment for something more than ``taken``. False when there will be nothing more."""
        with self._changed:
            self._changed.wait_for(lambda: self._over or self.taken != taken, MOMENT)
            if self._over or self._stopping.is_set():
                return self.taken != taken
        return not self._is_stuck

    def end(self) -> QueueReport:
        """What was read. Trouble with the folder or the disk is told, and stops nothing; raises what else has gone wrong."""
        if not self._over and self._stopping.is_set():
            self.join(PATIENCE.total_seconds())
        is_waiting = not self._over
        if is_waiting:
            self._error = ConfigError(
                say(
                    "读 {folder} 超过 {n:.0f} 秒没有回应：请检查它所在的磁盘或网络盘。已排入的稿件照常发布，改动读不到。",
                    "{folder} has not answered for more than {n:.0f} s: see the disk or the share that it lies on. What is queued goes out; changes "
                    "are not seen.",
                    folder=self._desk.posts_folder,
                    n=STUCK,
                )
            )
        if isinstance(self._error, ConfigError):
            if is_waiting and self._is_stuck:
                note_trouble(self._desk, str(self._error))
            return QueueReport(problems=[str(self._error)], trouble=1)
        if self._error is not None:
            raise self._error
        return self._report

    @property
    def _is_stuck(self) -> bool:
        return time.monotonic() - self._alive_at > STUCK

    def _read(self, done: int, whole: int) -> None:
        self._alive_at = time.monotonic()
        self._progress(done, whole)

    def _has_looked(self) -> None:
        with self._changed:
            self._looked = True
            self._changed.notify_all()

    def _has_taken(self) -> None:
        with self._changed:
            self.taken += 1
            self._changed.notify_all()

    def _is_stopping(self) -> bool:
        """Asked again and again while a file is read, which is a sign of life."""
        self._alive_at = time.monotonic()
        return self._stopping.is_set()
