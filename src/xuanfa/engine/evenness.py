"""Evenness: whether the clock has been set lately. Leases are counted by the clock, so what they say is not believed right after."""

import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from xuanfa.domain.language import say

log = logging.getLogger(__name__)

#: Smaller differences are what time servers do all day, leap seconds included.
TOLERANCE = timedelta(seconds=5)


class Evenness:
    """Compares the clock, which can be set, with one that cannot, and that stands still while the machine sleeps."""

    def __init__(self, clock: Callable[[], datetime], even: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._even = even
        self._seen = (clock(), even())
        self._set_at: float | None = None

    def lasted(self, span: timedelta) -> bool:
        """Whether the clock has run evenly for ``span``, as far as this process can tell. Asked often, or a step is seen late."""
        now, even = self._clock(), self._even()
        step = now - self._seen[0] - timedelta(seconds=even - self._seen[1])
        self._seen = (now, even)
        if abs(step) > TOLERANCE:
            self._set_at = even
            log.warning(
                "%s",
                say(
                    "系统时钟跳变了 {n} 秒：请检查时间同步。在途的投递照常收尾。",
                    "the clock jumped by {n} seconds: see to the time service; what is in flight is finished as usual.",
                    n=round(step.total_seconds()),
                ),
            )
        return self._set_at is None or even - self._set_at >= span.total_seconds()
