"""Known: the published plans of the years that the program knows, and over them what the office has brought in, day by day."""

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Final

from xuanfa.domain.language import say
from xuanfa.domain.working_days import DayKind, Marked, WorkingDays, known_years
from xuanfa.store import working_days
from xuanfa.store.database import Store

#: As the notices of the State Council call them; the library has them in English.
_NAMES: Final[Mapping[str, str]] = {
    "New Year's Day": "元旦",
    "Spring Festival": "春节",
    "Tomb-sweeping Day": "清明节",
    "Labour Day": "劳动节",
    "Dragon Boat Festival": "端午节",
    "National Day": "国庆节",
    "Mid-autumn Festival": "中秋节",
    "Anti-Fascist 70th Day": "抗战胜利70周年纪念日",
}
#: So long what was read of the database is taken for what is there: lists ask once for each of their rows. Seconds.
_KEPT: Final = 5.0
#: Where the shipped plans come from, and where what the settings say does.
PUBLISHED, SETTINGS = "chinesecalendar", "xuanfa.toml"


@cache
def published() -> Mapping[date, Marked]:
    """The days off and the weekends that are worked, of the years whose plans the program knows (the package chinesecalendar)."""
    from chinese_calendar import constants  # noqa: PLC0415 - takes longer than most commands need

    found = {day: _published(day, DayKind.OFF, name) for day, name in constants.holidays.items()}
    return found | {day: _published(day, DayKind.WORKED, name) for day, name in constants.workdays.items()}


def _published(day: date, kind: DayKind, name: object) -> Marked:
    return Marked(day=day, kind=kind, name=_NAMES.get(str(name), str(name)), origin=PUBLISHED)


def of_settings(off: Iterable[date], worked: Iterable[date]) -> tuple[Marked, ...]:
    """The days that ``[review]`` names."""
    of_kind = [(DayKind.OFF, day) for day in off] + [(DayKind.WORKED, day) for day in worked]
    return tuple(Marked(day=day, kind=kind, origin=SETTINGS) for kind, day in of_kind)


@dataclass(slots=True)
class KnownDays:
    """The working days of a workspace as they are now: published, over them what was brought in, over that what the settings name."""

    store: Store
    own: tuple[Marked, ...] = ()
    _read_at: float | None = None
    _known: WorkingDays = field(default_factory=WorkingDays)

    def __call__(self) -> WorkingDays:
        """As they are, or were some seconds ago."""
        now = time.monotonic()
        if self._read_at is None or now - self._read_at > _KEPT:
            with self.store.read() as connection:
                self._known = merged(working_days.all_marks(connection), self.own)
            self._read_at = now
        return self._known

    def renew(self) -> None:
        """Ask the database anew: something was brought in."""
        self._read_at = None


def merged(brought: Iterable[Marked], own: Iterable[Marked] = ()) -> WorkingDays:
    """All that is known. A year is known by its published plan, or by as many days as make one."""
    shipped, office = published(), {each.day: each for each in brought}
    marks = {**shipped, **office, **{each.day: each for each in own}}
    years = {day.year for day in shipped} | known_years(office)
    return WorkingDays(marks=marks, years=frozenset(years))


def origin_in_words(mark: Marked) -> str:
    """Where what is said of a day comes from, for people."""
    if mark.origin == PUBLISHED:
        return say("国务院办公厅通知（程序自带）", "the State Council's plan (shipped)")
    return mark.origin
