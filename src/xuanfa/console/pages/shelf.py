"""保底稿: what lies on the shelf, whether each may be released, and the release in one step. The form is bound to what was approved: where that is
another text, channel or approval by now, nothing is released."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Final
from urllib.parse import quote

from starlette.responses import Response

from xuanfa.console.again import require_again
from xuanfa.console.once import is_answered, once
from xuanfa.console.open_to import require_open
from xuanfa.console.pages import errors
from xuanfa.console.pages.moving import chosen
from xuanfa.console.render import page
from xuanfa.console.stale import news_of
from xuanfa.console.standing import look_of
from xuanfa.console.trace import Line
from xuanfa.console.visit import SENDERS, Visit, get, post
from xuanfa.domain.act import ReleaseFromShelf
from xuanfa.domain.delivery import OFF_SHELF, ON_SHELF, State
from xuanfa.domain.errors import StateError
from xuanfa.operations.deciding.door import carry_out
from xuanfa.operations.deciding.moving import free_slots, said_of
from xuanfa.operations.restricting.own import own_among
from xuanfa.operations.restricting.rule import require_may_read
from xuanfa.reports.listing import DeliveryRow, list_deliveries
from xuanfa.reports.moved import deliveries_of, point_of
from xuanfa.reports.people import names_of
from xuanfa.reports.shelf import OnShelf, posts_on_shelf

#: Free slots that the form offers, and how far ahead they are looked for.
_SLOTS_MAX: Final = 6
_AHEAD: Final = timedelta(days=30)
#: What the form calls the time that has come.
_NOW: Final = "now"


def show(visit: Visit) -> Response:
    """The list; of what was released just now, where its channels stand."""
    lying = _lying(visit)
    return page(
        visit,
        "shelf",
        lying=lying,
        past=sum(each.is_past for each in lying),
        columns=visit.desk.columns,
        names=names_of(visit.desk.store),
        title_of=_title_of(visit),
        may=visit.may(SENDERS),
        released=_released(visit),
        look_of=look_of,
        on_shelf=ON_SHELF,
        pages=visit.house.open_to,
    )


def _lying(visit: Visit) -> list[OnShelf]:
    desk = visit.desk
    found = posts_on_shelf(desk.store, visit.veil(), visit.now, desk.zone)
    own = own_among(desk, visit.own(), [each.slug for each in found])
    return [each for each in found if each.slug in own]


def _title_of(visit: Visit) -> dict[str, str]:
    return {name: channel.title for name, channel in visit.desk.channels.items()}


def _released(visit: Visit) -> tuple[Sequence[DeliveryRow], list[str]] | None:
    """The deliveries of the post that was released, as they stand, and what is to be known of their time."""
    slug = visit.query("released")
    if not slug or visit.veil().hides(slug) or slug not in own_among(visit.desk, visit.own(), [slug]):
        return None
    rows = [row for row in list_deliveries(visit.desk.store, post=slug, veil=visit.veil()) if row.shelf]
    waits = [row.id for row in rows if row.shelf == OFF_SHELF and row.state is State.SCHEDULED]
    return (rows, said_of(visit.desk, waits[0]) if waits else []) if rows else None


def ask(
    visit: Visit, *, status: int = 200, fault: str = "", news: Sequence[Line] = (), changed: bool = False
) -> Response:
    """放行这一篇？ What exactly goes where and by whose approval, and when."""
    slug, desk = visit.names["slug"], visit.desk
    require_may_read(visit.veil(), slug)
    require_open(visit, slug)
    it = next((each for each in _lying(visit) if each.slug == slug), None)
    if it is None:
        return errors.nothing(visit, 404)
    begin = datetime.combine(visit.now.astimezone(desk.zone).date(), time(), desk.zone)
    return page(
        visit,
        "shelf_release",
        status=status,
        fault=fault,
        news=news,
        changed=changed,
        it=it,
        upto=point_of(desk.store, deliveries_of(desk.store, slug)),
        column=desk.columns.get(it.column),
        names=names_of(desk.store),
        title_of=_title_of(visit),
        slots=free_slots(desk, it.column, begin, begin + _AHEAD)[:_SLOTS_MAX],
        picked=visit.field("slot") or _NOW,
    )


def release(visit: Visit) -> Response:
    """It goes: at once, or at the time that was chosen."""
    slug = visit.names["slug"]
    require_may_read(visit.veil(), slug)
    require_open(visit, slug)
    if not is_answered(visit):
        news = news_of(visit, deliveries_of(visit.desk.store, slug), slug)
        it = next((each for each in _lying(visit) if each.slug == slug), None)
        if it is not None and (news or it.mark != visit.field("was")):
            return ask(visit, status=409, news=news, changed=it.mark != visit.field("was"))
    try:
        require_again(visit)
        at = None if visit.field("slot") == _NOW else chosen(visit)
        return once(visit, ReleaseFromShelf.verb, lambda: _done(visit, slug, at))
    except StateError as error:
        return ask(visit, status=409, fault=str(error))


def _done(visit: Visit, slug: str, at: datetime | None) -> str:
    carry_out(visit.desk, ReleaseFromShelf(post=slug, at=at), visit.person(visit.field("why")))
    return f"/shelf?released={quote(slug)}"


WAYS = (
    get("/shelf", show),
    get("/shelf/{slug}", ask, SENDERS),
    post("/shelf/{slug}/release", release, SENDERS),
)
