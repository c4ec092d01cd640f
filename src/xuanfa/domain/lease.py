"""A lease: the time-limited right of one process to one attempt; and a permit, by which a wire asks for it at the last moment."""

import time
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from math import inf
from typing import Protocol

#: Seconds that go on while the machine is suspended, and whatever is done to the clock on the wall: so do the leases of others.
lasting = partial(time.clock_gettime, getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))

#: The answer must be here this long before the lease ends, so that what came of it is written down while nobody else may act.
MARGIN = timedelta(seconds=5)


def margin(lease: timedelta) -> timedelta:
    """What an exchange leaves of a lease: ``MARGIN``, or half of a lease that is shorter than two of them."""
    return min(MARGIN, lease / 2)


def exchange_limit(request_seconds: float, lease_seconds: float) -> float:
    """How long one exchange may take: as long as it is set, and always less than a lease. Seconds."""
    lease = timedelta(seconds=lease_seconds)
    return min(request_seconds, (lease - margin(lease)).total_seconds())


@dataclass(slots=True)
class Lease:
    """The right to an attempt, as the database has it. ``until`` moves when it is renewed; ``span`` is its whole length."""

    until: datetime
    span: timedelta
    #: Whether the job itself may go by what has been renewed.
    extends: bool = False

    @property
    def leave_by(self) -> datetime:
        """After this moment no byte may leave, and no answer is waited for."""
        return self.until - margin(self.span)

    @property
    def least(self) -> timedelta:
        """A request that would have less than this for its answer is not begun: it would end in doubt."""
        return (self.span - margin(self.span)) / 4


class Measured(Protocol):
    """How much of a request the operating system accepted, in bytes; ``total`` is ``None`` where its length is not known. ``secrets`` are
    texts that nothing that is kept of its answer may show."""

    @property
    def sent(self) -> int: ...
    @property
    def total(self) -> int | None: ...
    @property
    def secrets(self) -> tuple[str, ...]: ...


class Permit:
    """What a job may still do on the wire, asked by whatever writes there; and what it has put there.

    Both clocks count: one that is set forward may have ended the lease for others, and one that is set back did not make it longer.
    Without a lease there is nothing that could end.
    """

    def __init__(self, lease: Lease | None, now: Callable[[], datetime] | None) -> None:
        self._lease = lease
        self._now = now
        #: The last request: the one that decides how the job ends.
        self.last: Measured | None = None
        self._others_left = False
        self._begin()

    def note(self, request: Measured) -> None:
        """A request is about to be made."""
        self._others_left = self.has_sent
        self.last = request

    @property
    def has_sent(self) -> bool:
        """Whether anything of any request has left."""
        return self._others_left or (self.last is not None and self.last.sent > 0)

    def _begin(self) -> None:
        self._until = None if self._lease is None else self._lease.until
        self._begun, self._then = lasting(), self._by_the_clock
        self._least = -inf if self._lease is None else self._lease.least.total_seconds()

    @property
    def _by_the_clock(self) -> float:
        if self._lease is None or self._now is None:
            return inf
        return (self._lease.leave_by - self._now()).total_seconds()

    @property
    def left(self) -> float:
        """Seconds until nothing may leave any more; negative after it."""
        if self._lease is not None and self._lease.until != self._until:
            self._begin()  # it has been renewed
        return min(self._by_the_clock, self._then - (lasting() - self._begun))

    def allows(self, seconds: float = inf) -> bool:
        """Whether a request may begin that takes up to ``seconds``, or what is left if that is less."""
        return self._lease is None or self.left > min(seconds, self._least)


#: The permit of the job that this thread carries out; none outside of one.
PERMIT: ContextVar[Permit | None] = ContextVar("permit", default=None)
