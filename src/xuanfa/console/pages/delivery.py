"""One delivery: what left, where it stands, its trace, and the buttons that it allows."""

from collections.abc import Callable, Mapping, Sequence

from starlette.responses import HTMLResponse, Response

from xuanfa.console.again import require_again
from xuanfa.console.evidence import evidence_of
from xuanfa.console.guard import headers
from xuanfa.console.named import named
from xuanfa.console.once import once
from xuanfa.console.pages import errors
from xuanfa.console.pages.moving import slots_for, toast_of
from xuanfa.console.render import page
from xuanfa.console.stale import news_of
from xuanfa.console.standing import look_of
from xuanfa.console.trace import Line, lines_of
from xuanfa.console.visit import EDITORS, SENDERS, Visit, get, post
from xuanfa.domain.act import Cancel, OfDelivery, Release, Retract, RetractDone, Retry
from xuanfa.domain.errors import StateError
from xuanfa.domain.language import say
from xuanfa.domain.readers import LABELS, NAMES, origin_in_words, shown
from xuanfa.operations.deciding.bound import has_addresses
from xuanfa.operations.deciding.door import carry_out
from xuanfa.operations.practising.frozen import frozen_page
from xuanfa.operations.practising.left import page_of
from xuanfa.reports.people import names_of
from xuanfa.reports.trace import trace_of


def show(
    visit: Visit, news: Sequence[Line] = (), status: int = 200, faults: Mapping[str, str] | None = None
) -> Response:
    """The page; with ``news`` of what has happened since it was opened, where something was pressed too late, and ``faults`` by the names of
    the fields or the forms that they are about."""
    it = named(visit)
    if it is None:
        return errors.nothing(visit, 404)
    channel = visit.desk.channels.get(it.standing.delivery.channel)
    title = channel.title if channel is not None else it.row.channel
    trace = trace_of(visit.desk.store, it.row.id, it.row.post, visit.veil())
    return page(
        visit,
        "delivery",
        status=status,
        news=news,
        upto=it.point,
        row=it.row,
        it=it.standing.delivery,
        may=it.may,
        look=look_of(it.row),
        channel=channel,
        channel_title=title,
        lines=lines_of(trace.rows, title, names_of(visit.desk.store)),
        trace=trace,
        asks_address=has_addresses(visit.desk, it.standing.delivery.channel),
        slots=slots_for(visit, it.standing.delivery),
        toast=toast_of(visit),
        pages=visit.house.open_to,
        evidence=evidence_of(visit, it.row.id),
        faults=faults or {},
        names=names_of(visit.desk.store),
        figure_names=[(name, say(*LABELS[name])) for name in NAMES],
        figure=shown,
        from_words=origin_in_words,
        may_look=visit.may(SENDERS | EDITORS),
        may_accept=visit.may(SENDERS),
        here=visit.now.astimezone(visit.desk.zone),
    )


def left(visit: Visit) -> Response:
    """What leaves, for a frame."""
    it = named(visit)
    text = None if it is None else _left(visit, it.row.post, it.row.channel, it.row.id)
    if text is None:
        return errors.nothing(visit, 404)
    return HTMLResponse(text, headers=headers.FRAME)


def _left(visit: Visit, slug: str, channel: str, number: int) -> str | None:
    """As its reader sees it; of what was called off or taken down, the words."""
    pictures = f"/reviews/{slug}/pictures/"
    return frozen_page(visit.desk, slug, channel, pictures, as_corrected=False) or page_of(visit.desk, number)


def _decide(
    verb: str, act: Callable[[int], OfDelivery], *, needs_why: bool = False, grave: bool = False
) -> Callable[[Visit], Response]:
    def decide(visit: Visit) -> Response:
        it = named(visit)
        if it is None:
            return errors.nothing(visit, 404)
        why, number = visit.field("why"), it.row.id
        news = news_of(visit, [number], it.row.post, it.row.channel)
        if news:
            return show(visit, news, 409)
        if needs_why and not why:
            raise StateError(say("请写明原因。", "Say why."))
        if grave:
            require_again(visit)
        return once(visit, verb, lambda: _done(visit, act(number), why))

    return decide


def _done(visit: Visit, act: OfDelivery, why: str) -> str:
    carry_out(visit.desk, act, visit.person(why))
    return f"/deliveries/{act.delivery}"


WAYS = (
    get("/deliveries/{id}", show),
    get("/deliveries/{id}/left", left),
    post("/deliveries/{id}/cancel", _decide("cancel", lambda n: Cancel(delivery=n)), SENDERS),
    post("/deliveries/{id}/release", _decide("release", lambda n: Release(delivery=n)), SENDERS),
    post("/deliveries/{id}/retry", _decide("retry", lambda n: Retry(delivery=n)), SENDERS),
    post(
        "/deliveries/{id}/retract",
        _decide("retract", lambda n: Retract(delivery=n), needs_why=True, grave=True),
        SENDERS,
    ),
    post(
        "/deliveries/{id}/retract-done",
        _decide("retract_done", lambda n: RetractDone(delivery=n), needs_why=True),
        SENDERS,
    ),
)
