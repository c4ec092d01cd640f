"""Pulse: whether a resident still gets on with its work, for systemd's watchdog and for whoever asks over HTTP."""

import time
from collections.abc import Callable

from xuanfa.engine.notify import notify, watchdog_seconds


class Pulse:
    """Beats whenever work gets on: a turn, a file read, the end of a pass. Its age is counted by a clock that nobody can set."""

    def __init__(
        self, even: Callable[[], float] = time.monotonic, watchdog: Callable[[], float | None] = watchdog_seconds
    ) -> None:
        self._even = even
        self._beaten_at = even()
        self._told_at: float | None = None
        self._watchdog = watchdog()

    def beat(self, *_: object) -> None:
        """It gets on."""
        self._beaten_at = self._even()

    @property
    def age(self) -> float:
        """Seconds since the last beat."""
        return self._even() - self._beaten_at

    def feed(self) -> None:
        """Give systemd its sign of life, three times as often as it must have one, unless the work has stood still for half its patience."""
        if self._watchdog is None or self.age > self._watchdog / 2:
            return
        now = self._even()
        if self._told_at is None or now - self._told_at >= self._watchdog / 3:
            self._told_at = now
            notify("WATCHDOG=1")
