"""Recurring posts (重复稿件): by which rule the same text goes out again and again, and on which days. Pure.

A rule gives *turns* (期): the day that is meant, and the day on which it goes out, which a day off may move or take away. A turn belongs to a
period (a day, a week, a month), and a period has one turn, however the rule is changed: what is out is not sent again a day later.
"""

from calendar import monthrange
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from enum import StrEnum
from typing import Final

from xuanfa.domain.language import say
from xuanfa.domain.working_days import DayKind, WorkingDays

_SATURDAY: Final = 5
_WEEK: Final = 7
_DAYS: Final = tuple(zip("一二三四五六日", ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"), strict=True))
#: A day off moves a turn by less than this.
MOVES: Final = timedelta(days=60)
#: So far ahead the next turn is looked for where the window holds none: a month has a last working day, or the one after it.
FURTHEST: Final = timedelta(days=100)


class Every(StrEnum):
    """How often. The values stand in front matter and in the database."""

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    LAST_WORKDAY = "last-workday"


class OnHoliday(StrEnum):
    """What becomes of a turn whose day is off: it goes out all the same, not at all, or on the working day before or after."""

    KEEP = "keep"
    SKIP = "skip"
    BEFORE = "before"
    AFTER = "after"


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeat:
    """The rule of a post; ``until`` is the last day that may be meant, ``None``: without end."""

    every: Every
    until: date | None = None
    on_holiday: OnHoliday = OnHoliday.KEEP

    def in_words(self, first: datetime, zone: tzinfo) -> str:
        """The rule for people: 每周一 09:00，至 2026-12-31. ``first`` is when it begins."""
        at = first.astimezone(zone)
        often = {
            Every.DAILY: say("每天", "daily"),
            Every.WEEKLY: say("每周{day}", "weekly, {day}", day=say(*_DAYS[at.weekday()])),
            Every.MONTHLY: say("每月 {day} 日", "monthly (day {day})", day=at.day),
            Every.LAST_WORKDAY: say("每月最后一个工作日", "on the last working day of each month"),
        }[self.every]
        words = say("{often} {at:%H:%M}", "{often} {at:%H:%M}", often=often, at=at)
        if self.until is None:
            return words
        return say("{words}，至 {until}", "{words}, until {until}", words=words, until=self.until.isoformat())


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One time that a post is to go out. ``day`` is ``None`` where a day off takes it away, or another turn has its day already."""

    period: str
    meant: date
    day: date | None


def turns(first: date, repeat: Repeat, days: WorkingDays, begin: date, end: date) -> list[Turn]:
    """The turns whose day (of those that are taken away: the day that is meant) lies from ``begin`` to ``end``, in the order of their days."""
    found = [_placed(meant, first, repeat, days) for meant in _meant(first, repeat, days, begin - MOVES, end + MOVES)]
    # Whose own day it is goes before one that was moved there.
    own = {turn.day for turn in found if turn.day == turn.meant}
    seen: set[date] = set()
    kept = []
    for turn in found:
        if turn.day is not None and turn.day != turn.meant and turn.day in own | seen:
            kept.append(Turn(period=turn.period, meant=turn.meant, day=None))
            continue
        kept.append(turn)
        seen |= {turn.day} if turn.day else set()
    return sorted((turn for turn in kept if begin <= (turn.day or turn.meant) <= end), key=_day)


def _day(turn: Turn) -> date:
    return turn.day or turn.meant


def _meant(first: date, repeat: Repeat, days: WorkingDays, begin: date, end: date) -> Iterator[date]:
    last = end if repeat.until is None else min(end, repeat.until)
    if repeat.every is Every.DAILY:
        yield from _stepping(first, 1, begin, last)
    elif repeat.every is Every.WEEKLY:
        yield from _stepping(first, _WEEK, begin, last)
    else:
        for year, month in _months(max(first, begin), last):
            ends = monthrange(year, month)[1]
            day = (
                date(year, month, min(first.day, ends))
                if repeat.every is Every.MONTHLY
                else days.last_of_month(year, month)
            )
            if day is not None and first <= day <= last:
                yield day


def _stepping(first: date, step: int, begin: date, last: date) -> Iterator[date]:
    number = max(0, -(-(begin - first).days // step))
    while (day := first + timedelta(days=number * step)) <= last:
        yield day
        number += 1


def _months(begin: date, last: date) -> Iterator[tuple[int, int]]:
    year, month = begin.year, begin.month
    while (year, month) <= (last.year, last.month):
        yield year, month
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)  # noqa: PLR2004 - the months of a year


def _placed(meant: date, first: date, repeat: Repeat, days: WorkingDays) -> Turn:
    period, day = _period(meant, repeat.every), meant
    if repeat.every is Every.LAST_WORKDAY or not _is_off(meant, first, repeat, days):
        return Turn(period=period, meant=meant, day=day)
    if repeat.on_holiday is OnHoliday.SKIP:
        return Turn(period=period, meant=meant, day=None)
    if repeat.on_holiday is OnHoliday.BEFORE:
        day = days.last_worked(meant)
    elif repeat.on_holiday is OnHoliday.AFTER:
        day = days.next_worked(meant)
    return Turn(period=period, meant=meant, day=day)


def _is_off(day: date, first: date, repeat: Repeat, days: WorkingDays) -> bool:
    """Whether a day is off; what is meant for a Saturday or Sunday each week is not moved by the weekend, but by holidays alone."""
    if repeat.every is Every.WEEKLY and first.weekday() >= _SATURDAY:
        mark = days.marks.get(day)
        return mark is not None and mark.kind is DayKind.OFF and bool(mark.name)
    return not days.is_worked(day)


def is_on_day_off(turn: Turn, first: date, repeat: Repeat, days: WorkingDays) -> bool:
    """Whether it goes out on a day off, because nobody has said that it is to be moved."""
    return turn.day is not None and turn.day == turn.meant and _is_off(turn.day, first, repeat, days)


def _period(meant: date, every: Every) -> str:
    if every is Every.DAILY:
        return meant.isoformat()
    if every is Every.WEEKLY:
        year, week, _ = meant.isocalendar()
        return f"{year}-W{week:02}"
    return f"{meant:%Y-%m}"


def moment_of(day: date, first: datetime, zone: tzinfo) -> datetime:
    """When a turn of this day is due, in UTC: at the time of day of the ``first``; where the clocks go forward over that, when they have."""
    at = first.astimezone(zone)
    return datetime.combine(day, at.time(), zone).astimezone(UTC)


def slug_of(source: str, day: date) -> str:
    """The name of the occurrence (期) of a source on a day."""
    return f"{source}-{day:%Y%m%d}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """An occurrence that was made. ``is_open``: nothing of it is out or on its way, and nobody has called it off or made it their own."""

    slug: str
    period: str
    day: date
    is_open: bool


@dataclass(frozen=True, slots=True)
class Due:
    """What has to be done: turns to be made, and occurrences, by slug, that the rule does not have any more."""

    make: tuple[Turn, ...] = ()
    drop: tuple[str, ...] = ()


def reconciled(wanted: Iterable[Turn], still: Collection[date], known: Iterable[Known]) -> Due:
    """What has to be done for the ``wanted`` turns, given what is known; ``still`` are the days that the rule has, wanted now or not.

    A period of which something is out or called off has had its turn, on whatever day the rule would have it now.
    """
    listed = list(known)
    drop = tuple(each.slug for each in listed if each.is_open and each.day not in still)
    days = {each.day for each in listed if each.slug not in drop}
    periods = {each.period for each in listed if not each.is_open}
    make = tuple(turn for turn in wanted if turn.day and turn.day not in days and turn.period not in periods)
    return Due(make, drop)
