"""撤稿: one page over all channels of a post: what the program takes down, and step by step what a person does."""

from collections.abc import Sequence

from starlette.responses import Response

from xuanfa.console.again import require_again
from xuanfa.console.once import once
from xuanfa.console.open_to import require_open
from xuanfa.console.pages import errors
from xuanfa.console.render import page
from xuanfa.console.stale import news_of
from xuanfa.console.standing import look_of
from xuanfa.console.trace import Line
from xuanfa.console.visit import SENDERS, Visit, get, post
from xuanfa.domain.act import ApproveWithdrawal, RetractDone, Withdraw
from xuanfa.domain.delivery import MAY_BE_OUT
from xuanfa.domain.errors import StateError
from xuanfa.domain.language import say
from xuanfa.operations.deciding.door import carry_out
from xuanfa.operations.restricting.rule import require_may_read
from xuanfa.reports.listing import list_deliveries
from xuanfa.reports.moved import deliveries_of, point_of
from xuanfa.reports.people import names_of
from xuanfa.reports.withdrawals import steps_of, withdrawal_of


def show(visit: Visit, news: Sequence[Line] = (), status: int = 200) -> Response:
    """What will be taken down, or how far that is; with ``news`` where something was pressed too late."""
    slug, desk, veil = visit.names["slug"], visit.desk, visit.veil()
    require_may_read(veil, slug)
    require_open(visit, slug)
    upto = point_of(desk.store, deliveries_of(desk.store, slug))
    rows = list_deliveries(desk.store, post=slug, veil=veil)
    if not rows:
        return errors.nothing(visit, 404)
    report = withdrawal_of(desk.store, slug, desk.channels, steps_of(desk.adapters, desk.channels), veil)
    names = names_of(desk.store)
    approve = ApproveWithdrawal(post=slug)
    return page(
        visit,
        "withdrawing",
        status=status,
        news=news,
        upto=upto,
        slug=slug,
        title=rows[0].title_now,
        rows=rows,
        out=[row for row in rows if row.state in MAY_BE_OUT],
        by_hand=[row for row in rows if row.state in MAY_BE_OUT and not _takes_back(visit, row.channel)],
        report=report,
        is_open=report is not None and report.minutes is None,
        by=names.get(report.order.actor, report.order.actor) if report is not None else "",
        may_approve=report is not None
        and report.order.approve_by is not None
        and report.order.approved_at is None
        and report.order.actor != visit.me.user.name
        and not desk.may(visit.person(), approve),
        channels=desk.channels,
        look_of=look_of,
    )


def withdraw(visit: Visit) -> Response:
    """It is taken down everywhere, and nothing of it is sent any more."""
    slug, why = visit.names["slug"], visit.field("why")
    require_may_read(visit.veil(), slug)
    require_open(visit, slug)
    news = _news(visit)
    if news:
        return show(visit, news, 409)
    if not why:
        raise StateError(say("请写明撤稿的原因。", "Say why it is taken down."))
    require_again(visit)
    return once(visit, "withdraw", lambda: _done(visit, Withdraw(post=slug), why, slug))


def tick(visit: Visit) -> Response:
    """撤好了，登记: a person has taken it down on the platform."""
    slug, number = visit.names["slug"], visit.field("delivery")
    require_may_read(visit.veil(), slug)
    require_open(visit, slug)
    of_post = {str(row.id): row.id for row in list_deliveries(visit.desk.store, post=slug, veil=visit.veil())}
    if number not in of_post:
        return errors.nothing(visit, 404)
    news = news_of(visit, [of_post[number]], slug)
    if news:
        return show(visit, news, 409)
    why = visit.field("why") or say("照步骤撤好", "taken down step by step")
    return once(visit, "retract_done", lambda: _done(visit, RetractDone(delivery=of_post[number]), why, slug))


def approve(visit: Visit) -> Response:
    """Another person approves it afterwards."""
    slug = visit.names["slug"]
    require_may_read(visit.veil(), slug)
    require_open(visit, slug)
    news = _news(visit)
    if news:
        return show(visit, news, 409)
    act = ApproveWithdrawal(post=slug)
    return once(visit, "approve_withdrawal", lambda: _done(visit, act, visit.field("why"), slug))


def _news(visit: Visit) -> Sequence[Line]:
    slug = visit.names["slug"]
    return news_of(visit, deliveries_of(visit.desk.store, slug), slug)


def _takes_back(visit: Visit, channel: str) -> bool:
    known = visit.desk.channels.get(channel)
    return known is not None and known.retracts


def _done(visit: Visit, act: Withdraw | ApproveWithdrawal | RetractDone, why: str, slug: str) -> str:
    if isinstance(act, RetractDone):
        carry_out(visit.desk, act, visit.person(why))
    else:
        carry_out(visit.desk, act, visit.person(why))
    return f"/posts/{slug}/withdraw"


WAYS = (
    get("/posts/{slug}/withdraw", show, SENDERS),
    post("/posts/{slug}/withdraw", withdraw, SENDERS),
    post("/posts/{slug}/withdraw/tick", tick, SENDERS),
    post("/posts/{slug}/withdraw/approve", approve, SENDERS),
)
