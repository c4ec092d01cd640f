"""A week of the calendar by its hours: a row for each quarter, from seven in the morning to ten at night; what is earlier or later stands above
and below."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Final

from xuanfa.console.calendar_days import Chip, Day, chip_of
from xuanfa.domain.language import say

_FIRST, _LAST, _QUARTER = 7, 22, 15
_HOUR: Final = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Quarter:
    """A quarter of an hour of one day, with what goes out in it and the free slots that begin in it. ``time`` is empty above and below."""

    day: Day
    time: str
    chips: tuple[Chip, ...]
    slots: tuple[datetime, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A quarter on each day of the week. ``hour`` says which hour begins; empty within it."""

    hour: str
    cells: tuple[Quarter, ...]
    is_edge: bool = False


def rows_of(days: Sequence[Day], zone: tzinfo) -> list[Row]:
    """The rows of a week, from above to below."""
    first, last = _FIRST * _HOUR, _LAST * _HOUR
    found = [_row(days, zone, 0, first, say("{n} 点前", "before {n}", n=_FIRST))]
    for minute in range(first, last, _QUARTER):
        hour = f"{minute // _HOUR}:00" if minute % _HOUR == 0 else ""
        found.append(_row(days, zone, minute, minute + _QUARTER, hour))
    found.append(_row(days, zone, last, 24 * _HOUR, say("{n} 点后", "from {n} on", n=_LAST)))
    return found


def _row(days: Sequence[Day], zone: tzinfo, begin: int, end: int, hour: str) -> Row:
    is_edge = end - begin != _QUARTER
    time = "" if is_edge else f"{begin // _HOUR:02}:{begin % _HOUR:02}"

    def within(moment: datetime) -> bool:
        here = moment.astimezone(zone)
        return begin <= here.hour * _HOUR + here.minute < end

    cells = tuple(
        Quarter(
            day=day,
            time=time,
            chips=tuple(chip_of(one) for one in day.posts if within(one.at)),
            slots=tuple(slot for slot in day.slots if within(slot)),
        )
        for day in days
    )
    return Row(hour=hour, cells=cells, is_edge=is_edge)
