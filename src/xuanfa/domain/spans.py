"""Spans of time by the calendar of the workspace's zone: days, weeks, months, quarters and years, each from its first moment to the next's."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import groupby

from xuanfa.domain.counting import By

_LAST_MONTH, _QUARTER = 12, 3


@dataclass(frozen=True, slots=True)
class Span:
    """``name`` is that of the figures: 2026-11-23, 2026-W48, 2026-11, 2026-Q4, 2026. ``ends`` belongs to the next one."""

    name: str
    begins: datetime
    ends: datetime


def spans(by: By, first: datetime, last: datetime, zone: tzinfo) -> Iterator[Span]:
    """Those from the one that has ``first`` to the one that has ``last``, in order."""
    day = _first_day(by, first.astimezone(zone).date())
    end = last.astimezone(zone).date()
    while day <= end:
        after = _next(by, day)
        yield Span(name_of(by, day), datetime.combine(day, time(), zone), datetime.combine(after, time(), zone))
        day = after


@dataclass(frozen=True, slots=True)
class Run:
    """Spans of one length that follow each other."""

    spans: list[Span]

    @property
    def begins(self) -> datetime:
        """The first moment of the first."""
        return self.spans[0].begins

    @property
    def microseconds(self) -> int:
        """How long each of them is. By the clock of the world: a day on which clocks are changed has 23 hours or 25."""
        return _length(self.spans[0])


def _length(span: Span) -> int:
    return (span.ends.astimezone(UTC) - span.begins.astimezone(UTC)) // timedelta(microseconds=1)


def runs(every: Iterable[Span], begins: datetime | None, ends: datetime | None) -> Iterator[Run]:
    """The spans as they lie between two moments, those of one length together: ten years of days are few runs in any zone."""
    for _, some in groupby(clipped(every, begins, ends), key=_length):
        yield Run(list(some))


def clipped(every: Iterable[Span], begins: datetime | None, ends: datetime | None) -> Iterator[Span]:
    """The spans as they lie between two moments."""
    return (
        Span(
            span.name,
            span.begins if begins is None else max(span.begins, begins),
            span.ends if ends is None else min(span.ends, ends),
        )
        for span in every
    )


def name_of(by: By, day: date) -> str:
    """What the span of a day is called."""
    if by == "day":
        return day.isoformat()
    if by == "week":
        year, week, _ = day.isocalendar()
        return f"{year:04}-W{week:02}"
    if by == "month":
        return f"{day.year:04}-{day.month:02}"
    if by == "quarter":
        return f"{day.year:04}-Q{(day.month - 1) // _QUARTER + 1}"
    return f"{day.year:04}"


def _first_day(by: By, day: date) -> date:
    if by == "day":
        return day
    if by == "week":
        return day - timedelta(days=day.weekday())
    if by == "month":
        return day.replace(day=1)
    if by == "quarter":
        return day.replace(month=(day.month - 1) // _QUARTER * _QUARTER + 1, day=1)
    return day.replace(month=1, day=1)


def _next(by: By, day: date) -> date:
    """The first day of the span after the one that begins with ``day``."""
    if by in {"day", "week"}:
        return day + timedelta(days=1 if by == "day" else 7)
    months = {"month": 1, "quarter": _QUARTER}.get(by, _LAST_MONTH)
    month = day.month - 1 + months
    return date(day.year + month // _LAST_MONTH, month % _LAST_MONTH + 1, 1)
