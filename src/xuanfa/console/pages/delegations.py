"""设置 · 委托: somebody else decides in one's name for a time."""

from datetime import datetime

from starlette.responses import Response

from xuanfa.console.again import require_again
from xuanfa.console.once import once
from xuanfa.console.render import page
from xuanfa.console.visit import ADMINISTRATORS, EDITORS, Visit, get, post
from xuanfa.domain.act import DelegateReview
from xuanfa.domain.errors import StateError
from xuanfa.domain.language import say
from xuanfa.operations.deciding.door import carry_out
from xuanfa.reports.people import list_users
from xuanfa.reports.review_queue import list_delegations


def show(visit: Visit, fault: str = "", status: int = 200) -> Response:
    """Whoever stands in for whom: an administrator sees all, everybody else what concerns them."""
    me = visit.me.user.name
    every = list_delegations(visit.desk.store)
    mine = [each for each in every if visit.may(ADMINISTRATORS) or me in {each.principal, each.deputy}]
    people = list_users(visit.desk.store)
    return page(
        visit,
        "delegations",
        status=status,
        fault=fault,
        rows=mine[:200],
        shown={user.name: user.display for user in people},
        able=[user for user in people if user.may_decide and user.name != me],
        typed={name: visit.field(name) for name in ("to", "begins_day", "begins_time", "ends_day", "ends_time", "why")},
        done=visit.query("done"),
    )


def delegate(visit: Visit) -> Response:
    """From one moment until another, with a reason."""
    try:
        require_again(visit)
        act = DelegateReview(
            to=visit.field("to"), begins=_moment(visit, "begins", "00:00"), ends=_moment(visit, "ends", "23:59")
        )
        _require_why(visit)
        return once(visit, "delegate_review", lambda: _delegated(visit, act))
    except StateError as error:
        return show(visit, str(error), 422)


def _delegated(visit: Visit, act: DelegateReview) -> str:
    carry_out(visit.desk, act, visit.person(visit.field("why")))
    return "/settings/delegations?done=1"


def _require_why(visit: Visit) -> None:
    if not visit.field("why"):
        raise StateError(say("请写明委托的原因。", "Say why you ask for it."))


def _moment(visit: Visit, name: str, default: str) -> datetime:
    """A day and a time, as a browser's fields send them, by the clock of the workspace. Raises StateError."""
    try:
        day, clock = visit.field(f"{name}_day"), visit.field(f"{name}_time") or default
        return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=visit.desk.zone)
    except ValueError as error:
        raise StateError(say("请填从哪天到哪天。", "Say from which day until which.")) from error


WAYS = (
    get("/settings/delegations", show, EDITORS | ADMINISTRATORS),
    post("/settings/delegations/new", delegate, EDITORS),
)
