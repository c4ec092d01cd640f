"""What adapters remember between requests and processes: access tokens, handles of staged media."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Lock

from xuanfa.domain.errors import StoreError
from xuanfa.domain.language import say
from xuanfa.store import channels
from xuanfa.store.database import Store

#: The longest that making a value may take before another process may try; longer than any request's timeout.
MAKING = timedelta(seconds=90)
#: How often a process looks whether another one has finished making. Seconds.
LOOK = 0.1


class Memory:
    """Values by scope and name, in the store. A missing one is made by one process; the others wait for it and take it."""

    def __init__(
        self, store: Store, clock: Callable[[], datetime], pause: Callable[[float], None] = time.sleep
    ) -> None:
        self._store = store
        self._clock = clock
        self._pause = pause
        self._locks: dict[tuple[str, str], Lock] = {}
        self._guard = Lock()

    def remember(self, scope: str, name: str, make: Callable[[], tuple[str, timedelta | None]]) -> str:
        """The living value, or a new one with its life (``None``: for ever). What ``make`` raises passes through, and nothing is kept."""
        found = self.recall(scope, name)
        if found is not None:
            return found
        with self._lock(scope, name):
            for _ in range(int(MAKING.total_seconds() / LOOK) + 1):
                found = self.recall(scope, name)
                if found is not None:
                    return found
                if self._may_make(scope, name):
                    return self._make(scope, name, make)
                self._pause(LOOK)
        raise StoreError(
            say(
                "等待另一个进程取得 {name} 超时，请稍后再试。",
                "Timed out waiting for another process to obtain {name}; try again later.",
                name=name,
            )
        )

    def keep(self, scope: str, name: str, value: str, life: timedelta | None) -> None:
        """Keep a value in place of an earlier one."""
        with self._store.write() as connection:
            channels.keep(connection, scope, name, value, None if life is None else self._clock() + life)

    def forget(self, scope: str, name: str, value: str) -> None:
        """Drop it, unless another value is there by now."""
        with self._store.write() as connection:
            channels.drop(connection, scope, name, value)

    def recall(self, scope: str, name: str) -> str | None:
        """The living value, if there is one."""
        with self._store.read() as connection:
            return channels.recall(connection, scope, name, self._clock())

    def _may_make(self, scope: str, name: str) -> bool:
        """Take the right to make it, which ends by itself if this process dies."""
        now = self._clock()
        with self._store.write() as connection:
            return channels.take(connection, scope, _making(name), "1", now=now, expires_at=now + MAKING)

    def _make(self, scope: str, name: str, make: Callable[[], tuple[str, timedelta | None]]) -> str:
        try:
            value, life = make()
            self.keep(scope, name, value, life)
            return value
        finally:
            with self._store.write() as connection:
                channels.drop(connection, scope, _making(name), "1")

    def _lock(self, scope: str, name: str) -> Lock:
        with self._guard:
            return self._locks.setdefault((scope, name), Lock())


def _making(name: str) -> str:
    return f"making {name}"
