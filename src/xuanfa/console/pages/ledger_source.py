"""台账 · 导入 · 网站、公众号: another site's past is read behind the scenes, shown as a list's dry run is, and then entered as a whole."""

from datetime import date
from typing import Final

from starlette.responses import Response

from xuanfa.console.fetching import Fetch, new_id
from xuanfa.console.once import is_answered, once
from xuanfa.console.pages import ledger_import
from xuanfa.console.render import page, see_other
from xuanfa.console.visit import SENDERS, Visit, get, post
from xuanfa.domain.act_lists import ImportLedger
from xuanfa.domain.errors import StateError
from xuanfa.domain.language import say
from xuanfa.domain.times import TimeProblem, parse_day
from xuanfa.operations.deciding.door import carry_out
from xuanfa.operations.desk import Desk
from xuanfa.operations.importing.found import Span
from xuanfa.operations.importing.lists import Choices
from xuanfa.operations.importing.sifting import Sifted
from xuanfa.operations.importing.sources import sift_source

#: So many rows are shown; the rest is counted.
_SHOWN: Final = 100
#: The page of a reading that goes on is asked for again so often. Seconds.
_AGAIN: Final = "15"
_KINDS: Final = ("wordpress", "feed", "wechat")


def show(visit: Visit, *, status: int = 200, fault: str = "") -> Response:
    """How far it is, or what it would bring."""
    found = visit.house.fetches.of(visit.me.user.name, visit.now)
    if found is None:
        return see_other("/ledger/import")
    sifted = found.sifted
    rows = sifted.rows[:_SHOWN] if sifted is not None else []
    answer = page(
        visit,
        "ledger_source",
        status=status,
        fault=fault,
        it=found,
        sifted=sifted,
        rows=rows,
        more=len(sifted.rows) - len(rows) if sifted is not None else 0,
    )
    if found.runs:
        answer.headers["refresh"] = _AGAIN
    return answer


def begin(visit: Visit) -> Response:
    """开始读."""
    try:
        return once(visit, "read_source", lambda: _begun(visit))
    except StateError as error:
        return ledger_import.show(visit, status=422, fault=str(error))


def _begun(visit: Visit) -> str:
    kind, channel = visit.field("kind"), visit.field("channel")
    source = channel if kind == "wechat" else visit.field("address")
    if kind not in _KINDS or not channel or not source:
        raise StateError(
            say(
                "请选从哪里读、都算哪个渠道的；网站还要填网址。没有读。",
                "Choose from where and of which channel; a site needs an address. Nothing was read.",
            )
        )
    if visit.desk.visitor is None:
        raise StateError(say("这里不能打开网址。", "No address can be opened from here."))
    span = Span(since=_day(visit, "since"), until=_day(visit, "until"))
    if span.since and span.until and span.until < span.since:
        raise StateError(say("“到哪天”早于“从哪天”，没有读。", "Until is before from; nothing was read."))
    desk, made = visit.desk, _fetch(visit, source, channel)
    choices = Choices(renamed=(), channel=channel, column=visit.field("column"), old_channels=(), old_columns=())
    visit.house.fetches.begin(made, lambda it: _read(desk, kind, it, choices, span), desk.clock)
    return "/ledger/import/source"


def _fetch(visit: Visit, source: str, channel: str) -> Fetch:
    return Fetch(id=new_id(), who=visit.me.user.name, source=source, channel=channel, begun_at=visit.now)


def _read(desk: Desk, kind: str, it: Fetch, choices: Choices, span: Span) -> Sifted:
    assert desk.visitor is not None  # noqa: S101 - it was asked for before this began
    return sift_source(desk, kind, it.source, patient=it.patient(desk.visitor()), choices=choices, span=span)


def _day(visit: Visit, name: str) -> date | None:
    try:
        return parse_day(visit.field(name)) if visit.field(name) else None
    except TimeProblem as problem:
        raise StateError(str(problem)) from problem


def enter(visit: Visit) -> Response:
    """All that was read and looked at; what has come into the ledger since is left out."""
    if is_answered(visit):
        return once(visit, ImportLedger.verb, str)
    found = visit.house.fetches.of(visit.me.user.name, visit.now)
    if found is None or found.sifted is None or found.id != visit.field("fetch"):
        return ledger_import.show(
            visit,
            status=409,
            fault=say(
                "读到的已经不在了，没有导入：请再读一次。",
                "What was read is gone, and nothing was imported: read it anew.",
            ),
        )
    sifted = found.sifted
    if sifted.bad.count or not sifted.rows:
        return show(visit, status=409)
    try:
        return once(visit, ImportLedger.verb, lambda: _entered(visit, sifted))
    except StateError as error:
        return show(visit, status=409, fault=str(error))


def _entered(visit: Visit, sifted: Sifted) -> str:
    act = ImportLedger(origin=sifted.origin, digest=sifted.digest, rows=sifted.rows)
    made = carry_out(visit.desk, act, visit.person(visit.field("why")))
    visit.house.fetches.give_up(visit.me.user.name)
    return f"/ledger/import?made={made.id}"


def stop(visit: Visit) -> Response:
    """停下, or what was read is not wanted."""
    visit.house.fetches.give_up(visit.me.user.name)
    return see_other("/ledger/import")


WAYS = (
    get("/ledger/import/source", show, SENDERS),
    post("/ledger/import/source", begin, SENDERS),
    post("/ledger/import/source/enter", enter, SENDERS),
    post("/ledger/import/source/stop", stop, SENDERS),
)
