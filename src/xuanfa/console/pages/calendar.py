"""排期: a month, a week, or a list, drawn by the server; the browser never reckons with dates."""

import re
from datetime import date, timedelta
from typing import Any, Final
from urllib.parse import urlencode

from starlette.responses import Response

from xuanfa.console.calendar_days import Chip, Day, chip_of, days_between
from xuanfa.console.pages import errors
from xuanfa.console.pages.calendar_week import rows_of
from xuanfa.console.pages.moving import toast_of
from xuanfa.console.render import page, see_other
from xuanfa.console.visit import SENDERS, Visit, get
from xuanfa.domain.delivery import State
from xuanfa.domain.language import say
from xuanfa.operations.restricting.own import own_among
from xuanfa.reports.calendar import planned_between
from xuanfa.reports.moved import points_of

_MONTH, _WEEK = re.compile(r"(\d{4})-(\d{2})"), re.compile(r"(\d{4})-W(\d{2})")
_FIRST_YEAR, _LAST_YEAR, _DECEMBER = 2000, 2100, 12
_DAY, _A_WEEK = timedelta(days=1), timedelta(days=7)
_LISTED: Final = timedelta(days=31)
_POOL: Final = (State.HELD,)


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
    days = days_between(visit, begins, ends, month=first.month)
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
    days = days_between(visit, monday, monday + _A_WEEK, month=0)
    sunday = monday + _A_WEEK - _DAY
    return _page(
        visit,
        "week",
        days=days,
        weeks=[days],
        quarters=rows_of(days, visit.desk.zone),
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
    days = days_between(visit, here, here + _LISTED, month=0)
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
    planned = [one for day in days for one in day.posts if day.look != "out"]
    pool = _pool(visit)
    drawn = [*(one for day in days for one in day.posts), *(chip.it for chip in pool)]
    movable = {one.delivery for one in drawn if one.moves}
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
        open_=own_among(visit.desk, visit.own(), {one.slug for one in drawn}),
        points=points_of(visit.desk.store, movable) if movable else {},
        posts=len({one.slug for one in planned}),
        unsigned=len({one.slug for one in planned if one.state is State.AWAITING_REVIEW}),
        slots=sum(len(day.slots) for day in days),
        columns=visit.desk.columns,
        channels=visit.desk.channels,
        may_move=visit.may(SENDERS),
        week_link=_week_of,
        **values,
    )


def _pool(visit: Visit) -> list[Chip]:
    """还没排的: what is held, and waits for another time."""
    now = visit.now
    found = planned_between(
        visit.desk.store, now - timedelta(days=366), now + timedelta(days=366), visit.veil(), states=_POOL
    )
    return [chip_of(one) for one in found if one.moves][-8:]


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _week_of(day: date) -> str:
    year, week, _ = day.isocalendar()
    return f"/calendar/{year}-W{week:02}"


WAYS = (get("/calendar", begin), get("/calendar/{span}", show))
