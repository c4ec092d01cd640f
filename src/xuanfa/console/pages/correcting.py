"""更正: what is out is changed to what the post's file says now."""

from collections.abc import Sequence
from typing import Final

from starlette.responses import Response

from xuanfa.console.once import once
from xuanfa.console.open_to import require_open
from xuanfa.console.pages import errors
from xuanfa.console.render import page
from xuanfa.console.stale import news_of
from xuanfa.console.trace import Line
from xuanfa.console.visit import ANY_ROLE, Visit, get, post
from xuanfa.domain.act import Correct
from xuanfa.domain.correction import Others, Progress
from xuanfa.domain.delivery import State
from xuanfa.domain.errors import StateError
from xuanfa.domain.language import say
from xuanfa.operations.deciding.door import carry_out
from xuanfa.operations.restricting.rule import require_may_read
from xuanfa.reports.corrections import corrections_of
from xuanfa.reports.listing import list_deliveries
from xuanfa.reports.moved import deliveries_of, point_of

_WORDS: Final = {
    Progress.REVIEW: ("等审核，公开的页面先不变", "waits for its review; what is out stays"),
    Progress.OPEN: ("正在改", "is being changed"),
    Progress.DONE: ("改好了", "changed"),
    Progress.FAILED: ("没有改成", "not changed"),
    Progress.REPLACED: ("有了新的更正，不用这次的", "replaced by a newer one"),
    Progress.LEAVE: ("这里改不了，留着原样", "cannot be changed here, and stays"),
    Progress.AGAIN: ("这里改不了：撤下，另发一篇", "cannot be changed here: taken down, and posted anew"),
    Progress.POST: ("这里改不了：另发一篇更正", "cannot be changed here: a correction follows"),
}


def show(visit: Visit, news: Sequence[Line] = (), status: int = 200) -> Response:
    """What is out, and how far earlier corrections are; with ``news`` where something was pressed too late."""
    slug, desk, veil = visit.names["slug"], visit.desk, visit.veil()
    require_may_read(veil, slug)
    require_open(visit, slug)
    upto = point_of(desk.store, deliveries_of(desk.store, slug))
    rows = list_deliveries(desk.store, post=slug, veil=veil)
    if not rows:
        return errors.nothing(visit, 404)
    return page(
        visit,
        "correcting",
        status=status,
        news=news,
        upto=upto,
        slug=slug,
        title=rows[0].title_now,
        out=[row for row in rows if row.state is State.PUBLISHED],
        changes={row.channel for row in rows if (known := desk.channels.get(row.channel)) and known.corrects},
        made=[(each, say(*_WORDS[each.state])) for each in corrections_of(desk.store, slug)],
        channels=desk.channels,
    )


def correct(visit: Visit) -> Response:
    """It is changed, once that is approved where the post is reviewed."""
    slug, why = visit.names["slug"], visit.field("why")
    require_may_read(visit.veil(), slug)
    require_open(visit, slug)
    news = news_of(visit, deliveries_of(visit.desk.store, slug), slug)
    if news:
        return show(visit, news, 409)
    if not why:
        raise StateError(say("请写明为什么更正。", "Say why it is corrected."))
    others = next((each for each in Others if each.value == visit.field("others")), Others.LEAVE)

    def corrected() -> str:
        carry_out(visit.desk, Correct(post=slug, others=others), visit.person(why))
        return f"/posts/{slug}/correct"

    return once(visit, "correct", corrected)


WAYS = (
    get("/posts/{slug}/correct", show, ANY_ROLE),
    post("/posts/{slug}/correct", correct, ANY_ROLE),
)
