"""Freshness (多久没更新): how long an account or a column has shown nothing new, and the day on which that is too long.

Inspections of 政务新媒体 fail an account without a post in the two weeks before their date; those of websites fail columns of news after two
weeks, and notices and policy documents after six months (国办秘函〔2019〕19号, which local offices tighten). So every threshold can be set.
"""

import calendar
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, tzinfo
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise
from typing import Final, Literal

from xuanfa.domain.language import say

Kind = Literal["channel", "column"]
_WRITTEN = re.compile(r"(?P<n>\d{1,4})\s*(?P<unit>天|日|周|个?星期|个?月|days?|weeks?|months?|d|w|m)?", re.IGNORECASE)
#: A cycle is at most so long: later than that no inspection asks. Days, months.
_DAYS_MAX, _MONTHS_MAX = 3650, 120
#: Of a long cycle, so many days before its end are amber, and red, at most.
_AMBER_MAX, _RED_MAX = 30, 14


class Level(StrEnum):
    """How near an account or column is to the day on which it has been still for too long."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"
    #: It has been still for too long.
    BLACK = "black"
    #: It has never had a post.
    EMPTY = "empty"

    @property
    def label(self) -> str:
        """For people."""
        match self:
            case Level.GREEN:
                return say("正常", "fresh")
            case Level.AMBER:
                return say("临近", "near")
            case Level.RED:
                return say("快断更", "soon stale")
            case Level.BLACK:
                return say("断更", "stale")
            case Level.EMPTY:
                return say("空白", "empty")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cycle:
    """How long a column may be still (更新周期): days, or months of the calendar."""

    days: int = 0
    months: int = 0

    def after(self, day: date) -> date:
        """The day on which it is over, counted from ``day``; the last of the month where that has fewer days."""
        month = day.month - 1 + self.months
        year, month = day.year + month // 12, month % 12 + 1
        last = calendar.monthrange(year, month)[1]
        return date(year, month, min(day.day, last)) + timedelta(days=self.days)

    def __str__(self) -> str:
        if self.months:
            return say("{n} 个月", "{n} months", n=self.months)
        return say("{n} 天", "{n} days", n=self.days)


def parse_cycle(text: str) -> Cycle:
    """``6个月``, ``2 weeks``, ``10天``; a number alone is days. Raises ValueError."""
    match = _WRITTEN.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if match is None:
        raise ValueError(f"no cycle: {text}")
    number, unit = int(match["n"]), (match["unit"] or "d").lower()
    if "月" in unit or unit.startswith("m"):
        if not 1 <= number <= _MONTHS_MAX:
            raise ValueError(f"no cycle: {text}")
        return Cycle(months=number)
    days = number * (7 if unit.startswith("w") or "周" in unit or "星期" in unit else 1)
    if not 1 <= days <= _DAYS_MAX:
        raise ValueError(f"no cycle: {text}")
    return Cycle(days=days)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """From how many days on an account is amber, red, and still for too long (black)."""

    amber: int = 7
    red: int = 11
    stale: int = 14

    def of(self, cycle: Cycle, day: date) -> "Limits":
        """The same for a column of this cycle whose last post was on ``day``: in proportion, and of a long cycle a month and two weeks before."""
        span = (cycle.after(day) - day).days
        amber = min(_AMBER_MAX, int(span * Fraction(self.stale - self.amber, self.stale)))
        red = min(_RED_MAX, int(span * Fraction(self.stale - self.red, self.stale)))
        return Limits(amber=span - amber, red=span - red, stale=span)


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """What is watched, by which thresholds. ``channels`` are ids; none named: all. A column that has no cycle of its own has ``cycle``."""

    limits: Limits = field(default_factory=Limits)
    cycle: Cycle = field(default_factory=lambda: Cycle(days=14))
    cycles: Mapping[str, Cycle] = field(default_factory=dict)
    channels: tuple[str, ...] = ()

    def watches(self, kind: Kind, name: str) -> bool:
        """Whether it is looked at."""
        return kind == "column" or not self.channels or name in self.channels

    def cycle_of(self, kind: Kind, name: str) -> Cycle:
        """How long it may be still."""
        return Cycle(days=self.limits.stale) if kind == "channel" else self.cycles.get(name, self.cycle)

    def limits_of(self, kind: Kind, name: str, day: date) -> Limits:
        """Its thresholds, counted from ``day``."""
        return self.limits if kind == "channel" else self.limits.of(self.cycle_of(kind, name), day)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fresh:
    """How an account or a column stands; ``name`` is its id. ``last``: its last confirmed post; ``days`` since then, of which ``span`` are too
    many; ``next_at``: the first that is scheduled.

    ``stale_on``: the day on which it has been still for too long after everything that is scheduled; ``breaks_on``: the first such day, which is
    earlier where there is a gap in what is scheduled; ``warns_on``: when it is time to say so. ``None`` where it has, and will have, no post.
    """

    kind: Kind
    name: str
    title: str
    cycle: Cycle
    level: Level
    last: datetime | None = None
    days: int | None = None
    span: int | None = None
    next_at: datetime | None = None
    stale_on: date | None = None
    breaks_on: date | None = None
    warns_on: date | None = None

    def fades(self, today: date) -> bool:
        """Whether it is time to say that it will soon have been still for too long, and nothing that is scheduled comes before that."""
        return self.last is not None and self.warns_on is not None and self.warns_on <= today and not self.is_stale

    @property
    def is_stale(self) -> bool:
        """Whether it has been still for too long."""
        return self.level is Level.BLACK

    @property
    def is_channel(self) -> bool:
        """Whether it is an account."""
        return self.kind == "channel"


#: The worst first.
_ORDER: Final = (Level.BLACK, Level.EMPTY, Level.RED, Level.AMBER, Level.GREEN)


def standing(
    watched: Watched,
    kind: Kind,
    name: str,
    title: str,
    *,
    last: datetime | None,
    planned: Sequence[datetime],
    now: datetime,
    zone: tzinfo,
) -> Fresh:
    """How one stands now; ``planned`` are the times of what is scheduled, in their order. Days are those of ``zone``."""
    today = now.astimezone(zone).date()
    cycle = watched.cycle_of(kind, name)
    days = limits = last_day = breaks_on = warns_on = None
    if last is not None:
        last_day = last.astimezone(zone).date()
        days, limits = max(0, (today - last_day).days), watched.limits_of(kind, name, last_day)
    posts = sorted([each.astimezone(zone).date() for each in planned] + ([] if last_day is None else [last_day]))
    before = _before_break(posts, cycle)
    if before is not None:
        breaks_on, there = cycle.after(before), watched.limits_of(kind, name, before)
        warns_on = breaks_on - timedelta(days=there.stale - there.red)
    return Fresh(
        kind=kind,
        name=name,
        title=title,
        cycle=cycle,
        level=Level.EMPTY if limits is None or days is None else _level(limits, days),
        last=last,
        days=days,
        span=None if limits is None else limits.stale,
        next_at=planned[0] if planned else None,
        stale_on=cycle.after(posts[-1]) if posts else None,
        breaks_on=breaks_on,
        warns_on=warns_on,
    )


def _level(limits: Limits, days: int) -> Level:
    return (Level.GREEN, Level.AMBER, Level.RED, Level.BLACK)[
        bisect_right((limits.amber, limits.red, limits.stale), days)
    ]


def _before_break(posts: Sequence[date], cycle: Cycle) -> date | None:
    """The first post after which a whole cycle passes without another one."""
    for day, following in pairwise(posts):
        if cycle.after(day) < following:
            return day
    return posts[-1] if posts else None


def worst_first(found: Iterable[Fresh]) -> list[Fresh]:
    """In the order in which they press."""
    far = date.max
    return sorted(found, key=lambda each: (_ORDER.index(each.level), each.breaks_on or far, each.kind, each.name))


def in_words(day: date | None) -> str:
    """A day of these months, for people."""
    return "" if day is None else say("{d.month}月{d.day}日", "{d}", d=day)
