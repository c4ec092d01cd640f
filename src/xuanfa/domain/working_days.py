"""Working days (工作日): which days are worked, by what the State Council publishes for each year and by what the office knows besides.

The holidays and the weekends that are worked for them (调休) are fixed anew each year, in a notice of the autumn before (全国年节及纪念日放假办法,
rev. 2024); of a year for which nobody has brought them in, Monday to Friday is all that can be said.
"""

from calendar import monthrange
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from xuanfa.domain.language import say
from xuanfa.domain.remedy import Remedy

_SATURDAY: Final = 5
#: No run of days off is longer, in any plan. Days.
_LONGEST: Final = 60
#: The month from which an unknown next year is told: the notice is out by then, or about to be.
WARNS_FROM: Final = 11
#: So many days off make a plan of a year: there are thirteen by law, and weekends beside them.
PLAN: Final = 10


class DayKind(StrEnum):
    """What is said of a day. The values stand in JSON and in the database."""

    OFF = "off"
    WORKED = "worked"

    @property
    def label(self) -> str:
        """For people, in one character as calendars print it."""
        return say(*_LABELS[self])


_LABELS: Final = {DayKind.OFF: ("休", "off"), DayKind.WORKED: ("班", "worked")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """A day of which something is said: 休 or 班, by which name (春节), and where that comes from."""

    day: date
    kind: DayKind
    name: str = ""
    origin: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkingDays:
    """The days of which something is said, and the ``years`` whose plan is known (``None``: nobody goes by plans). Every other day is worked
    from Monday to Friday."""

    marks: Mapping[date, Marked] = field(default_factory=dict)
    years: frozenset[int] | None = None

    def is_worked(self, day: date) -> bool:
        """Whether it is a working day."""
        mark = self.marks.get(day)
        return day.weekday() < _SATURDAY if mark is None else mark.kind is DayKind.WORKED

    def is_known(self, year: int) -> bool:
        """Whether the plan of this year is known."""
        return self.years is None or year in self.years

    def in_year(self, year: int) -> list[Marked]:
        """What is said of the days of a year, in order."""
        return [self.marks[day] for day in sorted(self.marks) if day.year == year]

    def next_worked(self, day: date) -> date:
        """The first working day from ``day`` on."""
        return next((each for each in _days(day, 1) if self.is_worked(each)), day)

    def last_worked(self, day: date) -> date:
        """The last working day up to ``day``."""
        return next((each for each in _days(day, -1) if self.is_worked(each)), day)

    def last_of_month(self, year: int, month: int) -> date | None:
        """The last working day of a month; ``None`` where it has none at all."""
        found = self.last_worked(date(year, month, monthrange(year, month)[1]))
        return found if (found.year, found.month) == (year, month) and self.is_worked(found) else None

    def missing(self, today: date) -> int | None:
        """The year whose plan has to be brought in: this one, or the next from November on; ``None`` where both are known."""
        if not self.is_known(today.year):
            return today.year
        return today.year + 1 if today.month >= WARNS_FROM and not self.is_known(today.year + 1) else None


#: Where the working days are asked for: they change while a process runs.
Calendar = Callable[[], WorkingDays]


def _days(first: date, step: int) -> Iterator[date]:
    for number in range(_LONGEST):
        try:
            yield first + timedelta(days=number * step)
        except OverflowError:
            return


def known_years(marks: Mapping[date, Marked]) -> frozenset[int]:
    """The years of which so many days off are said that it is their plan: one day of the office's own makes none."""
    counts: dict[int, int] = {}
    for mark in marks.values():
        if mark.kind is DayKind.OFF:
            counts[mark.day.year] = counts.get(mark.day.year, 0) + 1
    return frozenset(year for year, count in counts.items() if count >= PLAN)


def missing_in_words(year: int) -> str:
    """That the plan of a year is not known, and what is done instead."""
    return say(
        "{year} 年的放假调休安排还没有导入，暂按周一至周五算工作日",
        "the days off of {year} are not known yet, and Monday to Friday is taken instead",
        year=year,
    )


def bring_in() -> str:
    """How they are brought in."""
    return say(
        "国务院办公厅的通知公布后，把日期和休、班列成表格导入（{bring}）",
        "when the State Council's notice is out, list its days in a table and bring that in ({bring})",
        bring=Remedy("import_workdays"),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a list that was brought in says: days that are off or worked, days of which nothing is to be said any more, and what a person should
    know."""

    origin: str
    days: tuple[Marked, ...]
    cleared: tuple[date, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def years(self) -> tuple[int, ...]:
        """The years that it speaks of."""
        return tuple(sorted({day.year for day in (*(each.day for each in self.days), *self.cleared)}))

    def count(self, year: int, kind: DayKind) -> int:
        """How many days of a year are of this kind."""
        return sum(each.kind is kind and each.day.year == year for each in self.days)

    def in_words(self) -> str:
        """Where it comes from, and how many days of which years it speaks of."""
        cleared = Counter(day.year for day in self.cleared)
        years = [
            say(
                "{year} 年休 {off} 天、班 {worked} 天{cleared}",
                "{year}: {off} off, {worked} worked{cleared}",
                year=year,
                off=self.count(year, DayKind.OFF),
                worked=self.count(year, DayKind.WORKED),
                cleared=say("、恢复照常 {n} 天", ", {n} as any other", n=cleared[year]) if cleared[year] else "",
            )
            for year in self.years
        ]
        return say("{origin}：{years}", "{origin}: {years}", origin=self.origin, years=say("；", "; ").join(years))
