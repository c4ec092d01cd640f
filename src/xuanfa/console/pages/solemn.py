"""肃穆期: which were set and by whom; a leader sets one at once, and ends it."""

from datetime import datetime, timedelta

from starlette.responses import Response

from xuanfa.console.again import require_again
from xuanfa.console.once import once
from xuanfa.console.render import page
from xuanfa.console.visit import SENDERS, Visit, get, post
from xuanfa.domain.errors import StateError
from xuanfa.domain.language import say
from xuanfa.domain.solemn import EndSolemn, SetSolemn
from xuanfa.operations.deciding.door import carry_out
from xuanfa.reports.solemn import every_period


def show(visit: Visit, fault: str = "", status: int = 200) -> Response:
    """All that were set, the latest first, with the form for another one."""
    today = visit.now.astimezone(visit.desk.zone)
    names = ("begins_day", "begins_time", "ends_day", "ends_time", "why")
    typed = {name: visit.field(name) for name in names}
    return page(
        visit,
        "solemn",
        status=status,
        fault=fault,
        rows=every_period(visit.desk.store)[:100],
        typed=typed,
        begins_day=typed["begins_day"] or f"{today:%Y-%m-%d}",
        begins_time=typed["begins_time"] or f"{today:%H:%M}",
        ends_day=typed["ends_day"] or f"{today:%Y-%m-%d}",
        done=visit.query("done"),
    )


def set_one(visit: Visit) -> Response:
    """From one moment until another, with a reason."""
    try:
        require_again(visit)
        begins, ends = _moment(visit, "begins"), _moment(visit, "ends") + timedelta(minutes=1)
        act = SetSolemn(begins=begins, ends=ends, reason=visit.field("why"))
        return once(visit, "set_solemn", lambda: _done(visit, act, "set"))
    except StateError as error:
        return show(visit, str(error), 422)


def end_one(visit: Visit) -> Response:
    """One is over before its time."""
    try:
        number = visit.field("number")
        act = EndSolemn(number=int(number) if number.isdecimal() else 0)
        return once(visit, "end_solemn", lambda: _done(visit, act, "ended"))
    except StateError as error:
        return show(visit, str(error), 422)


def _done(visit: Visit, act: SetSolemn | EndSolemn, what: str) -> str:
    carry_out(visit.desk, act, visit.person(visit.field("why")))
    return f"/solemn?done={what}"


def _moment(visit: Visit, name: str) -> datetime:
    """A day and a time, as a browser's fields send them, by the clock of the workspace. Raises StateError."""
    try:
        day, clock = visit.field(f"{name}_day"), visit.field(f"{name}_time")
        return datetime.fromisoformat(f"{day}T{clock or '23:59'}").replace(tzinfo=visit.desk.zone)
    except ValueError as error:
        raise StateError(say("请填从何时到何时，必须有结束时间。", "Say from when until when.")) from error


WAYS = (
    get("/solemn", show, SENDERS),
    post("/solemn/new", set_one, SENDERS),
    post("/solemn/end", end_one, SENDERS),
)
