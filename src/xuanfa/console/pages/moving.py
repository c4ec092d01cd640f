"""改时间: one form for one delivery or its whole post: a day, the free slots, a time of one's own; and the way back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from urllib.parse import urlencode

from starlette.responses import Response

from xuanfa.console.named import named, number_of
from xuanfa.console.once import once
from xuanfa.console.pages import errors
from xuanfa.console.render import page, see_other
from xuanfa.console.stale import news_of
from xuanfa.console.trace import Line
from xuanfa.console.visit import SENDERS, Visit, get, post
from xuanfa.domain.delivery import Delivery
from xuanfa.domain.errors import StateError
from xuanfa.domain.language import say
from xuanfa.domain.times import TimeProblem, parse_time
from xuanfa.operations.deciding.moving import free_slots, move_post, said_of
from xuanfa.operations.deciding.possible import standing_of
from xuanfa.reports.listing import list_deliveries
from xuanfa.reports.moved import Point, point_of

#: Slots of the day, and of the time after it, that the form offers.
_AHEAD: Final = timedelta(days=60)
_SLOTS_MAX: Final = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Slots:
    """What the form shows: the day that was named, and free slots from it on."""

    day: date
    free: tuple[datetime, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Toast:
    """What was moved just now, and the way back; ``back`` is ``None`` where its old time is past."""

    delivery: int
    title: str
    at: datetime
    back: datetime | None
    alone: bool
    said: tuple[str, ...]
    #: How far the page looks.
    point: Point


def slots_for(visit: Visit, delivery: Delivery) -> Slots:
    """The free slots of the delivery's column."""
    zone = visit.desk.zone
    named_day = _day(visit.query("date") or visit.field("date"))
    day = named_day or max(delivery.due_at, visit.now).astimezone(zone).date()
    begin = datetime.combine(day, time(), zone)
    found = free_slots(visit.desk, delivery.column, begin, begin + _AHEAD)
    return Slots(day=day, free=tuple(slot for slot in found[:_SLOTS_MAX] if slot != delivery.due_at))


def toast_of(visit: Visit) -> Toast | None:
    """What the address says was moved, if it was."""
    number, before = number_of(visit.query("moved")), visit.query("from")
    if number is None:
        return None
    point, standing = point_of(visit.desk.store, [number]), standing_of(visit.desk, number, visit.person())
    if standing is None or "reschedule" not in standing.may or visit.veil().hides(standing.slug):
        return None
    try:
        back = datetime.fromisoformat(before)
    except ValueError:
        return None
    if back.tzinfo is None:
        return None
    row = list_deliveries(visit.desk.store, ids=[standing.delivery.id], veil=visit.veil())[0]
    return Toast(
        delivery=row.id,
        title=row.title,
        at=row.due_at,
        back=back if back > visit.now else None,
        alone=visit.query("alone") == "1",
        said=tuple(said_of(visit.desk, row.id)),
        point=point,
    )


def show(visit: Visit, fault: str = "", status: int = 200, news: Sequence[Line] = ()) -> Response:
    """The form on a page of its own."""
    it = named(visit)
    if it is None:
        return errors.nothing(visit, 404)
    if "reschedule" not in it.may and not news:
        return see_other(f"/deliveries/{it.row.id}")
    channel = visit.desk.channels.get(it.standing.delivery.channel)
    return page(
        visit,
        "moving",
        status=status,
        fault=fault,
        news=news,
        upto=it.point,
        may=it.may,
        row=it.row,
        channel_title=channel.title if channel is not None else it.row.channel,
        slots=slots_for(visit, it.standing.delivery),
        then=_then(visit, visit.query("then") or visit.field("then"), it.row.id),
    )


def move(visit: Visit) -> Response:
    """It goes to another time; the answer shows where, and leads back."""
    it = named(visit)
    if it is None:
        return errors.nothing(visit, 404)
    news = news_of(visit, [it.row.id], it.row.post, it.row.channel)
    if news:
        return show(visit, status=409, news=news)
    if not visit.field("slot") and not visit.field("time"):
        return show(
            visit,
            say("请选一个空档，或者填日期和时间。没有改。", "Choose a slot, or give day and time. Nothing was moved."),
            422,
        )
    at, alone = chosen(visit), visit.field("alone") == "1"
    return once(visit, "reschedule", lambda: _moved(visit, it.row.id, at, alone=alone))


def chosen(visit: Visit) -> datetime:
    """The moment that the form names: a free slot, or a day and a time of one's own. Raises StateError."""
    slot, day, clock = visit.field("slot"), visit.field("date"), visit.field("time")
    if slot:
        try:
            at = datetime.fromisoformat(slot)
        except ValueError:
            at = None
        if at is None or at.tzinfo is None:
            raise StateError(say("这个空档看不懂，请重新选。", "This slot cannot be read; choose anew."))
        if clock and f"{at.astimezone(visit.desk.zone):%H:%M}" != clock:
            raise StateError(
                say("选了空档，又填了时间：请只留一个。", "A slot was chosen and a time typed: leave one of them.")
            )
        return at
    if not day or not clock:
        raise StateError(
            say("请选一个空档，或者填日期和时间。没有改。", "Choose a slot, or give day and time. Nothing was moved.")
        )
    try:
        return parse_time(f"{day} {clock}", visit.desk.zone)
    except (TimeProblem, ValueError) as error:
        raise StateError(
            say(
                "时间“{text}”看不懂，没有改。",
                "The time {text!r} cannot be read; nothing was moved.",
                text=f"{day} {clock}",
            )
        ) from error


def _moved(visit: Visit, number: int, at: datetime, *, alone: bool) -> str:
    done = move_post(visit.desk, number, at, visit.person(visit.field("why")), alone=alone)
    before = done.before.isoformat()
    more = {"moved": str(number), "from": before} | ({"alone": "1"} if alone else {})
    then = _then(visit, visit.field("then"), number)
    return f"{then}?{urlencode(more)}"


def _then(visit: Visit, path: str, number: int) -> str:
    """Back to the calendar or the delivery; nowhere else."""
    plain = path.startswith("/calendar/") and path.isprintable() and not set(path) & set("?#\\ ")
    return path if plain and "//" not in path else f"/deliveries/{number}"


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


WAYS = (
    get("/deliveries/{id}/time", show, SENDERS),
    post("/deliveries/{id}/reschedule", move, SENDERS),
)
