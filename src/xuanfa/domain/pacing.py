"""Pace (频控): shared budgets of requests, counted exactly over sliding windows, and how many may be under way at once."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from xuanfa.domain.language import say

#: A month is its longest, so that a platform's own count by the calendar is never exceeded.
_UNITS: Final = {
    "second": timedelta(seconds=1),
    "minute": timedelta(minutes=1),
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
    "month": timedelta(days=31),
    "秒": timedelta(seconds=1),
    "分钟": timedelta(minutes=1),
    "小时": timedelta(hours=1),
    "天": timedelta(days=1),
    "月": timedelta(days=31),
}


@dataclass(frozen=True, slots=True)
class Limit:
    """At most ``count`` requests in any ``per``."""

    count: int
    per: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """What several requests share: an account, a robot, an application. ``channels`` are those that spend from it."""

    name: str
    limits: tuple[Limit, ...] = ()
    #: How many requests may be under way at once, over all processes; ``None`` is any number.
    in_flight: int | None = None
    channels: tuple[str, ...] = ()


def parse_limit(text: str) -> Limit:
    """A limit as people write it: ``30/hour`` or ``30/小时``. Raises ValueError, in words that do not repeat it."""
    found = re.fullmatch(rf"\s*([1-9]\d{{0,8}})\s*/\s*({'|'.join(_UNITS)})\s*", text)
    if found is None:
        raise ValueError(
            say(
                "不是频率：写成 次数/单位，如 20/分钟、30/hour；单位有 秒、分钟、小时、天、月。",
                "is no pace: write a number and a unit, such as 20/minute; units are second, minute, hour, day, month.",
            )
        )
    return Limit(int(found[1]), _UNITS[found[2]])


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
