"""Pace (频控): a channel's shared budget of requests, counted exactly over a sliding window."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Limit:
    """At most ``count`` requests in any ``per``."""

    count: int
    per: timedelta


def room(limits: Sequence[Limit], spent: Sequence[datetime], now: datetime) -> int | None:
    """How many requests may leave now, given the times already spent; ``None`` without limits."""
    if not limits:
        return None
    return min(max(0, limit.count - sum(at > now - limit.per for at in spent)) for limit in limits)


def free_at(limits: Sequence[Limit], spent: Sequence[datetime], now: datetime) -> datetime:
    """The first moment at which one more request may leave."""
    latest = now
    for limit in limits:
        recent = sorted(at for at in spent if at > now - limit.per)
        if len(recent) >= limit.count:
            latest = max(latest, recent[-limit.count] + limit.per)
    return latest


def longest(limits: Sequence[Limit]) -> timedelta:
    """The window beyond which spent requests no longer matter."""
    return max((limit.per for limit in limits), default=timedelta(0))
