"""排期: a month, a week, or a list, drawn by the server; the browser never reckons with dates."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from urllib.parse import urlencode

from starlette.responses import Response

from xuanfa.console.dates import weekday
from xuanfa.console.pages import errors
from xuanfa.console.pages.moving import toast_of
from xuanfa.console.render import page, see_other
from xuanfa.console.visit import SENDERS, Visit, get
from xuanfa.console.words import state_class
from xuanfa.domain.delivery import State
from xuanfa.domain.language import say
from xuanfa.domain.working_days import Marked
from xuanfa.operations.deciding.moving import free_slots
from xuanfa.reports.calendar import Planned, planned_between
from xuanfa.reports.moved import points_of

_MONTH, _WEEK = re.compile(r"(\d{4})-(\d{2})"), re.compile(r"(\d{4})-W(\d{2})")
_FIRST_YEAR, _LAST_YEAR, _DECEMBER = 2000, 2100, 12
#: So many chips stand in a day; the rest is a number that opens the week.
_CHIPS: Final = 4
_DAY, _A_WEEK = timedelta(days=1), timedelta(days=7)
_LISTED: Final = timedelta(days=31)
_POOL: Final = (State.HELD,)
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
    chips: tuple[Chip, ...]
    slots: tuple[datetime, ...]
    silence: str
    weekday: str
    #: What is said of it: 休 or 班; nothing for most.
    mark: Marked | None = None

    @property
    def first(self) -> tuple[Chip, ...]:
        """What a month shows of it."""
        return self.chips if len(self.chips) <= _CHIPS + 1 else self.chips[:_CHIPS]

    @property
    def rest(self) -> int:
        """How many more there are."""
        return len(self.chips) - len(self.first)


def begin(visit: Visit) -> Response:
    """This month."""
    here = visit.now.astimezone(visit.desk.zone)
    return see_other(f"/calendar/{here:%Y-%m}")


def show(visit: Visit) -> Response:
    """What the address names."""
    text = visit.names["span"]
    if text == "list":
        return _list(visit)
    month, week = _MONTH.fullmatch(text), _WEEK.fullmatch(text)
    if month and _FIRST_YEAR <= int(month[1]) <= _LAST_YEAR and 1 <= int(month[2]) <= _DECEMBER:
        return _month(visit, date(int(month[1]), int(month[2]), 1))
    if week and _FIRST_YEAR <= int(week[1]) <= _LAST_YEAR:
        try:
            return _week(visit, date.fromisocalendar(int(week[1]), int(week[2]), 1))
        except ValueError:
            pass
    return errors.nothing(visit, 404)


def _month(visit: Visit, first: date) -> Response:
    begins = first - timedelta(days=first.weekday())
    following = (first + timedelta(days=32)).replace(day=1)
    ends = following + timedelta(days=-following.weekday() % 7)
    days = _days(visit, begins, ends, month=first.month)
    here = visit.now.astimezone(visit.desk.zone).date()
    agenda = here if here.replace(day=1) == first else first
    return _page(
        visit,
        "month",
        days=days,
        weeks=[days[n : n + 7] for n in range(0, len(days), 7)],
        title=say("{y}年{m}月", "{y}-{m}", y=first.year, m=first.month),
        before=f"/calendar/{first - _DAY:%Y-%m}",
        after=f"/calendar/{following:%Y-%m}",
        week=_week_of(agenda),
        month=f"/calendar/{first:%Y-%m}",
        agenda=[day for day in days if _monday(agenda) <= day.day < _monday(agenda) + _A_WEEK],
    )


def _week(visit: Visit, monday: date) -> Response:
    days = _days(visit, monday, monday + _A_WEEK, month=0)
    sunday = monday + _A_WEEK - _DAY
    return _page(
        visit,
        "week",
        days=days,
        weeks=[days],
        title=say(
            "{a}月{b}日—{c}月{d}日", "{a}/{b} – {c}/{d}", a=monday.month, b=monday.day, c=sunday.month, d=sunday.day
        ),
        before=_week_of(monday - _DAY),
        after=_week_of(monday + _A_WEEK),
        week=_week_of(monday),
        month=f"/calendar/{monday:%Y-%m}",
        agenda=days,
    )


def _list(visit: Visit) -> Response:
    try:
        first = date.fromisoformat(visit.query("since")) if visit.query("since") else None
    except ValueError:
        first = None
    here = first or visit.now.astimezone(visit.desk.zone).date()
    here = min(max(here, date(_FIRST_YEAR, 1, 1)), date(_LAST_YEAR, 1, 1))
    days = _days(visit, here, here + _LISTED, month=0)
    return _page(
        visit,
        "list",
        days=days,
        weeks=[],
        title=say("{a}月{b}日起", "from {a}/{b}", a=here.month, b=here.day),
        before=f"/calendar/list?since={here - _LISTED}",
        after=f"/calendar/list?since={here + _LISTED}",
        week=_week_of(here),
        month=f"/calendar/{here:%Y-%m}",
        agenda=days,
    )


def _page(visit: Visit, how: str, *, days: list[Day], **values: Any) -> Response:
    kept = {name: visit.query(name) for name in ("column", "channel") if visit.query(name)}
    chips = [chip for day in days for chip in day.chips if day.look != "out"]
    pool = _pool(visit)
    movable = {chip.it.delivery for chip in (*(one for day in days for one in day.chips), *pool) if chip.it.moves}
    return page(
        visit,
        "calendar",
        how=how,
        days=days,
        kept=f"?{urlencode(kept)}" if kept else "",
        column=kept.get("column", ""),
        channel=kept.get("channel", ""),
        here=visit.request.url.path,
        toast=toast_of(visit),
        pool=pool,
        points=points_of(visit.desk.store, movable) if movable else {},
        posts=len({chip.it.slug for chip in chips}),
        unsigned=len({chip.it.slug for chip in chips if chip.it.state is State.AWAITING_REVIEW}),
        slots=sum(len(day.slots) for day in days),
        columns=visit.desk.columns,
        channels=visit.desk.channels,
        may_move=visit.may(SENDERS),
        week_link=_week_of,
        **values,
    )


def _days(visit: Visit, first: date, last: date, *, month: int) -> list[Day]:
    """Each day from ``first`` up to ``last``, by one question."""
    zone, desk = visit.desk.zone, visit.desk
    begins, ends = datetime.combine(first, time(), zone), datetime.combine(last, time(), zone)
    column, channel = visit.query("column"), visit.query("channel")
    found = planned_between(desk.store, begins, ends, visit.veil(), column=column, channel=channel)
    by_day: dict[date, list[Planned]] = {}
    for one in found:
        by_day.setdefault(one.at.astimezone(zone).date(), []).append(one)
    free: dict[date, list[datetime]] = {}
    taken, marks = {one.at for one in found}, desk.days().marks
    for name in desk.columns:
        if not column or name == column:
            for slot in free_slots(desk, name, begins, ends):
                if slot not in taken:
                    free.setdefault(slot.astimezone(zone).date(), []).append(slot)
    return [
        Day(
            day=day,
            look=_look_of_day(visit, day, month),
            chips=tuple(_chip(one) for one in by_day.get(day, ())),
            slots=tuple(sorted(free.get(day, ()))),
            silence=_silence(visit, day),
            weekday=weekday(datetime.combine(day, time())),
            mark=marks.get(day),
        )
        for day in _each(first, last)
    ]


def _each(first: date, last: date) -> Iterator[date]:
    while first < last:
        yield first
        first += _DAY


def _chip(one: Planned) -> Chip:
    doubts = sum(each.state is State.UNKNOWN for each in one.channels)
    if doubts:
        return Chip(it=one, look="unsure", icon="unknown", said=say("待核实 {n}", "{n} in doubt", n=doubts))
    look = "past" if one.state in _OVER else "plan" if one.state in _OPEN else ""
    quiet = one.state in {State.SCHEDULED, State.PUBLISHED, State.PUBLISHING}
    said = say("{n} 渠道", "{n} channels", n=len(one.channels)) if quiet else one.state.label
    return Chip(it=one, look=look, icon=state_class(one.state), said=said)


def _look_of_day(visit: Visit, day: date, month: int) -> str:
    if month and day.month != month:
        return "out"
    if day == visit.now.astimezone(visit.desk.zone).date():
        return "now"
    if _silence(visit, day):
        return "silent"
    return "" if visit.desk.days().is_worked(day) else "off"


def _silence(visit: Visit, day: date) -> str:
    """Why nothing goes out by itself on this day, in which some of it lies."""
    begins = datetime.combine(day, time(), visit.desk.zone)
    found = (each for each in visit.desk.silences if each.begins < begins + _DAY and each.ends > begins)
    return next((each.reason for each in found), "")


def _pool(visit: Visit) -> list[Chip]:
    """还没排的: what is held, and waits for another time."""
    now = visit.now
    found = planned_between(
        visit.desk.store, now - timedelta(days=366), now + timedelta(days=366), visit.veil(), states=_POOL
    )
    return [_chip(one) for one in found if one.moves][-8:]


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _week_of(day: date) -> str:
    year, week, _ = day.isocalendar()
    return f"/calendar/{year}-W{week:02}"


WAYS = (get("/calendar", begin), get("/calendar/{span}", show))
