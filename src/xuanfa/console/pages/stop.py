"""紧急停发, 恢复发送: on every page, by everyone who may decide."""

from starlette.responses import Response

from xuanfa.console.once import once
from xuanfa.console.render import page
from xuanfa.console.visit import SENDERS, Visit, get, post
from xuanfa.domain.act import Pause, Resume
from xuanfa.domain.errors import StateError
from xuanfa.domain.language import say
from xuanfa.operations.deciding.door import carry_out


def show_stop(visit: Visit) -> Response:
    """全部停发？"""
    return page(visit, "stop", channels=list(visit.desk.channels.values()), then=visit.way_back())


def stop(visit: Visit) -> Response:
    """Nothing is sent any more, or nothing to one channel."""
    why, channel = visit.field("why"), visit.field("channel")
    if not why:
        raise StateError(say("请写明停发的原因。", "Say why it is stopped."))
    act = Pause(channel=visit.desk.known_channel(channel) if channel else None)
    return once(visit, "pause", lambda: _done(visit, act, why))


def show_resume(visit: Visit) -> Response:
    """What will happen, before it does."""
    return page(visit, "resume", then=visit.way_back())


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
