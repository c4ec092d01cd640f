"""紧急停发, 恢复发送: on every page, by everyone who may decide."""

from starlette.responses import Response

from xuanfa.console.once import once
from xuanfa.console.render import page
from xuanfa.console.visit import SENDERS, Visit, get, post
from xuanfa.domain.act import Pause, Resume
from xuanfa.domain.language import say
from xuanfa.operations.deciding.door import carry_out
from xuanfa.reports.listing import counted_due


def show_stop(visit: Visit, *, fault: str = "", status: int = 200) -> Response:
    """全部停发？ With what was wrong with the form, where it was pressed and nothing was done."""
    return page(
        visit,
        "stop",
        status=status,
        channels=list(visit.desk.channels.values()),
        channel=visit.field("channel"),
        then=visit.way_back(),
        fault=fault,
    )


def stop(visit: Visit) -> Response:
    """Nothing is sent any more, or nothing to one channel."""
    why, channel = visit.field("why"), visit.field("channel")
    if not why:
        return show_stop(visit, fault=say("请写明停发的原因。", "Say why it is stopped."), status=409)
    act = Pause(channel=visit.desk.known_channel(channel) if channel else None)
    return once(visit, "pause", lambda: _done(visit, act, why))


def show_resume(visit: Visit) -> Response:
    """What will happen, before it does."""
    return page(
        visit, "resume", then=visit.way_back(), waits=counted_due(visit.desk.store, visit.desk.channels, visit.now)
    )


def resume(visit: Visit) -> Response:
    """It is sent again."""
    channel = visit.field("channel")
    act = Resume(channel=visit.desk.known_channel(channel) if channel else None)
    return once(visit, "resume", lambda: _done(visit, act, visit.field("why")))


def _done(visit: Visit, act: Pause | Resume, why: str) -> str:
    carry_out(visit.desk, act, visit.person(why))
    return visit.way_back()


WAYS = (
    get("/stop", show_stop, SENDERS),
    post("/stop", stop, SENDERS),
    get("/resume", show_resume, SENDERS),
    post("/resume", resume, SENDERS),
)
