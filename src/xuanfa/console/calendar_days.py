"""The days of the calendar: what goes out in each, its free slots, what is not to be sent in it, and how it looks. Read by one question."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from xuanfa.console.dates import weekday
from xuanfa.console.visit import Visit
from xuanfa.console.words import state_class
from xuanfa.domain.delivery import State
from xuanfa.domain.language import say
from xuanfa.domain.silence import Silence
from xuanfa.domain.working_days import Marked
from xuanfa.operations.deciding.moving import free_slots
from xuanfa.reports.calendar import Planned, planned_between
from xuanfa.reports.solemn import quiet_periods

#: So many chips stand in a day of a month; the rest is a number that opens the week. So many dots stand in one on a phone.
_CHIPS, _DOTS = 4, 3
#: So many lines stand in a day of a phone; the rest is a number that opens the list.
_LINES: Final = 30
_DAY: Final = timedelta(days=1)
_OPEN: Final = frozenset({State.AWAITING_REVIEW, State.HELD, State.REJECTED, State.FAILED})
_OVER: Final = frozenset({State.PUBLISHED, State.RETRACTED, State.CANCELLED, State.ACCEPTED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Chip:
    """A post in a day: ``look`` is a class of the styles, ``said`` the channels or what is wrong."""

    it: Planned
    look: str
    icon: str
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """A day with what goes out, its free slots, and what is not to be sent in it."""

    day: date
    look: str
    posts: tuple[Planned, ...]
    slots: tuple[datetime, ...]
    silence: str
    weekday: str
    #: What is said of it: 休 or 班; nothing for most.
    mark: Marked | None = None

    def chips(self, most: int | None = None) -> tuple[Chip, ...]:
        """Its posts as they are drawn, or the first of them: whoever shows few draws few."""
        return tuple(chip_of(one) for one in self.posts[:most])

    @property
    def first(self) -> tuple[Chip, ...]:
        """What a month shows of it."""
        return self.chips(None if len(self.posts) <= _CHIPS + 1 else _CHIPS)

    @property
    def rest(self) -> int:
        """How many more there are than a month shows."""
        return 0 if len(self.posts) <= _CHIPS + 1 else len(self.posts) - _CHIPS

    @property
    def dots(self) -> tuple[Chip, ...]:
        """What a month on a phone shows of it."""
        return self.chips(_DOTS)

    @property
    def more_dots(self) -> int:
        """How many more there are than it shows there."""
        return max(0, len(self.posts) - _DOTS)

    @property
    def lines(self) -> tuple[Chip, ...]:
        """What a phone shows of it, a line each."""
        return self.chips(_LINES)

    @property
    def more_lines(self) -> int:
        """How many more there are than a phone shows."""
        return max(0, len(self.posts) - _LINES)


def days_between(visit: Visit, first: date, last: date, *, month: int) -> list[Day]:
    """Each day from ``first`` up to ``last``, by one question."""
    zone, desk = visit.desk.zone, visit.desk
    begins, ends = datetime.combine(first, time(), zone), datetime.combine(last, time(), zone)
    column, channel = visit.query("column"), visit.query("channel")
    found = planned_between(desk.store, begins, ends, visit.veil(), column=column, channel=channel)
    by_day: dict[date, list[Planned]] = {}
    for one in found:
        by_day.setdefault(one.at.astimezone(zone).date(), []).append(one)
    free: dict[date, list[datetime]] = {}
    taken, worked = {one.at for one in found}, desk.days()
    for name in desk.columns:
        if not column or name == column:
            for slot in free_slots(desk, name, begins, ends):
                if slot not in taken:
                    free.setdefault(slot.astimezone(zone).date(), []).append(slot)
    quiet, today = quiet_periods(desk.store, desk.silences, begins), visit.now.astimezone(zone).date()
    days = []
    for day in _each(first, last):
        silence = _silence(quiet, datetime.combine(day, time(), zone))
        is_out, is_free = bool(month) and day.month != month, not worked.is_worked(day)
        days.append(
            Day(
                day=day,
                look=_look_of_day(is_out=is_out, is_now=day == today, is_silent=bool(silence), is_free=is_free),
                posts=tuple(by_day.get(day, ())),
                slots=tuple(sorted(free.get(day, ()))),
                silence=silence,
                weekday=weekday(datetime.combine(day, time())),
                mark=worked.marks.get(day),
            )
        )
    return days


def _each(first: date, last: date) -> Iterator[date]:
    while first < last:
        yield first
        first += _DAY


def chip_of(one: Planned) -> Chip:
    doubts = sum(each.state is State.UNKNOWN for each in one.channels)
    if doubts:
        return Chip(it=one, look="unsure", icon="unknown", said=say("待核实 {n}", "{n} in doubt", n=doubts))
    look = "past" if one.state in _OVER else "plan" if one.state in _OPEN else ""
    quiet = one.state in {State.SCHEDULED, State.PUBLISHED, State.PUBLISHING}
    said = say("{n} 渠道", "{n} channels", n=len(one.channels)) if quiet else one.state.label
    return Chip(it=one, look=look, icon=state_class(one.state), said=said)


def _look_of_day(*, is_out: bool, is_now: bool, is_silent: bool, is_free: bool) -> str:
    if is_out:
        return "out"
    if is_now:
        return "now"
    return "silent" if is_silent else "off" if is_free else ""


def _silence(quiet: Sequence[Silence], begins: datetime) -> str:
    """Why nothing goes out by itself on the day that begins then, in which some of it lies."""
    found = (each for each in quiet if each.begins < begins + _DAY and each.ends > begins)
    return next((each.reason for each in found), "")
