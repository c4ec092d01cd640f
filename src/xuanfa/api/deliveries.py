"""``/deliveries``: where every post stands on every channel, and what may be decided about one of them."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any, Final

from fastapi import APIRouter, Path, Query
from fastapi.responses import JSONResponse
from pydantic import AwareDatetime, Field

from xuanfa.api.callers import Caller, Publishes, Reads
from xuanfa.api.marks import marked, require_same
from xuanfa.api.moments import Moments
from xuanfa.api.once import once
from xuanfa.api.problems import nothing_there
from xuanfa.api.shapes import After, Delivery, DeliveryList, Key, Limit, Line, Mark, Shape, cursor
from xuanfa.domain.act import Cancel, OfDelivery, Release, Reschedule, Retry
from xuanfa.domain.delivery import UNSENT, State
from xuanfa.domain.rights import suffices
from xuanfa.operations.deciding.door import carry_out
from xuanfa.operations.restricting.own import is_own
from xuanfa.reports.listing import history, list_deliveries
from xuanfa.reports.numbered import deliveries_after

router = APIRouter(prefix="/deliveries", tags=["deliveries"], route_class=Moments)
Number = Annotated[int, Path(ge=1, le=2**31 - 1)]
#: In which states a verb may be tried at all; whether it may be done, its own function says.
_VERBS: Final = {
    "cancel": UNSENT,
    "reschedule": frozenset({State.AWAITING_REVIEW, State.SCHEDULED, State.HELD}),
    "release": frozenset({State.HELD}),
    "retry": frozenset({State.FAILED, State.CANCELLED}),
}


class Why(Shape):
    """What is decided, and why."""

    reason: Line = ""


class Moved(Why):
    """Another time."""

    at: AwareDatetime = Field(description="With its offset: 2026-12-07T09:00:00+08:00")


@router.get("", response_model=DeliveryList)
def list_(  # noqa: PLR0917 - each is a word of the address
    caller: Reads,
    limit: Limit = 50,
    after: After = None,
    state: Annotated[list[State], Query()] = [],  # noqa: B006 - FastAPI makes each request its own
    channel: str = "",
    post: str = "",
) -> Any:
    """Deliveries, the newest first."""
    page = deliveries_after(
        caller.desk.store,
        caller.veil,
        limit=limit,
        after=cursor(after),
        states=state,
        channel=caller.desk.known_channel(channel) if channel else "",
        post=post,
        own=caller.own,
    )
    return {"items": [row.as_json() for row in page.items], "next": page.next and str(page.next)}


@router.get("/{number}", response_model=Delivery)
def one(caller: Reads, number: Number) -> JSONResponse:
    """One delivery, with its history and what this token may do with it now."""
    return marked(_facts(caller, number))


@router.post("/{number}/cancel", response_model=Delivery)
def cancel(caller: Publishes, number: Number, body: Why, _key: Key = "", _mark: Mark = "") -> JSONResponse:
    """不发了: it is not to be published."""
    return _do(caller, number, Cancel(delivery=number), body)


@router.post("/{number}/reschedule", response_model=Delivery)
def reschedule(caller: Publishes, number: Number, body: Moved, _key: Key = "", _mark: Mark = "") -> JSONResponse:
    """改时间: it is to be published at another time."""
    return _do(caller, number, Reschedule(delivery=number, at=body.at), body)


@router.post("/{number}/release", response_model=Delivery)
def release(caller: Publishes, number: Number, body: Why, _key: Key = "", _mark: Mark = "") -> JSONResponse:
    """放行: a held one may go after all."""
    return _do(caller, number, Release(delivery=number), body)


@router.post("/{number}/retry", response_model=Delivery)
def retry(caller: Publishes, number: Number, body: Why, _key: Key = "", _mark: Mark = "") -> JSONResponse:
    """重试: a failed or cancelled one is tried anew."""
    return _do(caller, number, Retry(delivery=number), body)


def _do(caller: Caller, number: int, act: OfDelivery, body: Why) -> JSONResponse:
    def do() -> JSONResponse:
        require_same(caller, _facts(caller, number))
        carry_out(caller.desk, act, caller.signing(body.reason))
        return marked(_facts(caller, number))

    _facts(caller, number)
    return once(caller, body.model_dump(), do)


def _facts(caller: Caller, number: int) -> dict[str, Any]:
    found = list_deliveries(caller.desk.store, ids=[number], veil=caller.veil)
    if not found or found[0].restricted or not is_own(caller.desk, caller.own, found[0].post):
        raise nothing_there()
    row = found[0]
    return row.as_json() | {
        "history": [line.as_json() for line in history(caller.desk.store, number)],
        "acts": [verb for verb, states in _VERBS.items() if row.state in states and _allowed(caller, verb, number)],
    }


def _allowed(caller: Caller, verb: str, number: int) -> bool:
    act: OfDelivery = _ACTS[verb](number, caller.desk.clock())
    return suffices(caller.person.scopes, "publish") and not caller.desk.may(caller.person, act)


_ACTS: Final[dict[str, Callable[[int, datetime], OfDelivery]]] = {
    "cancel": lambda number, _: Cancel(delivery=number),
    "reschedule": lambda number, now: Reschedule(delivery=number, at=now),
    "release": lambda number, _: Release(delivery=number),
    "retry": lambda number, _: Retry(delivery=number),
}
