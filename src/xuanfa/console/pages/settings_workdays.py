"""设置 · 工作日: which days of a year are off or worked, and a plan that is brought in: first what it would change, then all of it."""

from datetime import date
from typing import Any, Final

from starlette.responses import Response

from xuanfa.console.given_lists import Given, give_up, given_list, without_path
from xuanfa.console.once import is_answered, once
from xuanfa.console.render import page
from xuanfa.console.visit import ADMINISTRATORS, SENDERS, UPLOAD_MAX, Visit, get, post
from xuanfa.domain.act_lists import ImportWorkdays
from xuanfa.domain.errors import ContentError, StateError
from xuanfa.domain.working_days import Plan
from xuanfa.operations.deciding.door import carry_out
from xuanfa.operations.working_days.bringing import read_plan
from xuanfa.operations.working_days.known import origin_in_words

_FIRST, _LAST = 2000, 2100
_DIGITS: Final = 4
_WHO: Final = SENDERS | ADMINISTRATORS


def show(visit: Visit, *, status: int = 200, fault: str = "", **more: Any) -> Response:
    """A year; and what a plan would change, where one was looked at."""
    today = visit.now.astimezone(visit.desk.zone).date()
    typed, days = visit.query("year"), visit.desk.days()
    year = int(typed) if len(typed) == _DIGITS and typed.isascii() and typed.isdecimal() else today.year
    year = min(max(year, _FIRST), _LAST)
    defaults: dict[str, Any] = {"given": None, "plan": None, "changed": ()}
    return page(
        visit,
        "settings_workdays",
        status=status,
        fault=fault,
        year=year,
        marks=days.in_year(year),
        is_known=days.is_known(year),
        missing=days.missing(today),
        from_words=origin_in_words,
        weekday=date.weekday,
        pasted=visit.raw("pasted"),
        done=visit.query("done"),
        **(defaults | more),
    )


def look(visit: Visit) -> Response:
    """试导入: nothing is written."""
    try:
        with given_list(visit) as given:
            try:
                return _looked(visit, given, read_plan(given.path, visit.desk.zone))
            except ContentError as error:
                return show(visit, status=422, fault=without_path(str(error), given))
    except (ContentError, StateError) as error:
        return show(visit, status=422, fault=str(error))


def _looked(visit: Visit, given: Given, plan: Plan) -> Response:
    before = visit.desk.days()
    changed = [each for each in plan.days if before.is_worked(each.day) is not (each.kind == "worked")]
    return show(visit, given=given, plan=plan, changed=changed)


def bring_in(visit: Visit) -> Response:
    """All of it."""
    if is_answered(visit):
        return once(visit, ImportWorkdays.verb, str)
    try:
        with given_list(visit) as given:
            plan = read_plan(given.path, visit.desk.zone)
            return once(visit, ImportWorkdays.verb, lambda: _brought(visit, plan))
    except (ContentError, StateError) as error:
        return show(visit, status=409, fault=str(error))


def _brought(visit: Visit, plan: Plan) -> str:
    act = ImportWorkdays(origin=plan.origin, days=plan.days, cleared=plan.cleared)
    carry_out(visit.desk, act, visit.person(visit.field("why")))
    give_up(visit)
    years = [each.day.year for each in plan.days] or [day.year for day in plan.cleared]
    return f"/settings/workdays?year={years[0]}&done=1"


WAYS = (
    get("/settings/workdays", show, _WHO),
    post("/settings/workdays", look, _WHO, most=UPLOAD_MAX),
    post("/settings/workdays/enter", bring_in, _WHO),
)
