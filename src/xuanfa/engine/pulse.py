"""Pulse: whether a resident still gets on with its work, for systemd's watchdog and for whoever asks over HTTP."""

import logging
import time
from collections.abc import Callable
from typing import Final

from xuanfa.domain.language import say
from xuanfa.engine.notify import notify, watchdog_seconds

log = logging.getLogger(__name__)

#: After so long without getting on it is said that it does not: an idle resident looks for work every five seconds. Seconds.
STANDSTILL: Final = 7.0


class Pulse:
    """Beats whenever work gets on: a turn, a file read, the end of a pass. Its age is counted by a clock that nobody can set."""

    def __init__(
        self, even: Callable[[], float] = time.monotonic, watchdog: Callable[[], float | None] = watchdog_seconds
    ) -> None:
        self._even = even
        self._beaten_at = even()
        self._told_at: float | None = None
        self._stands = False
        self._watchdog = watchdog()

    def beat(self, *_: object) -> None:
        """It gets on."""
        self._beaten_at = self._even()

    @property
    def age(self) -> float:
        """Seconds since the last beat."""
        return self._even() - self._beaten_at

    def feed(self) -> None:
        """To be called every second: say it once where the work stands still, and give systemd its sign of life, three times as often as it
        must have one, unless the work has stood still for half its patience."""
        self._say_whether_it_stands()
        if self._watchdog is None or self.age > self._watchdog / 2:
            return
        now = self._even()
        if self._told_at is None or now - self._told_at >= self._watchdog / 3:
            self._told_at = now
            notify("WATCHDOG=1")

    def _say_whether_it_stands(self) -> None:
        stands = self.age > STANDSTILL
        if stands and not self._stands:
            text = say(
                "已有 {n} 秒没有进展：数据库、数据库服务器，或稿件文件夹所在的磁盘、网络可能没有回应，请检查；恢复后自动继续。",
                "nothing has got on for {n} s: the database, its server, or the disk or share of the posts may not answer; see to it, and the "
                "work goes on by itself.",
                n=round(self.age),
            )
            log.error("%s", text)
        elif self._stands and not stands:
            log.warning("%s", say("又有进展了。", "it gets on again."))
        self._stands = stands
