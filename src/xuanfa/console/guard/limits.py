"""How often somebody may ask, in this process: signing in by address, and by name."""

import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable


class Rate:
    """At most ``most`` in ``seconds`` for each key. Forgets keys that nobody asks for any more."""

    def __init__(self, most: int, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._most, self._seconds, self._clock = most, seconds, clock
        self._asked: defaultdict[str, deque[float]] = defaultdict(deque)
        self._lock = threading.Lock()

    def left(self, key: str) -> float:
        """How long to wait, without counting this one."""
        now = self._clock()
        with self._lock:
            times = [each for each in self._asked.get(key, ()) if now - each <= self._seconds]
            return self._seconds - (now - times[0]) if len(times) >= self._most else 0.0

    def wait(self, key: str) -> float:
        """Count this one: 0 where it may go on, or after how many seconds it may."""
        now = self._clock()
        with self._lock:
            for other in [name for name, times in self._asked.items() if not times or now - times[-1] > self._seconds]:
                del self._asked[other]
            times = self._asked[key]
            while times and now - times[0] > self._seconds:
                times.popleft()
            if len(times) >= self._most:
                return self._seconds - (now - times[0])
            times.append(now)
            return 0.0
