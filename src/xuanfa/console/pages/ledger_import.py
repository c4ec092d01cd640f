"""台账 · 导入: publications of before this program from a spreadsheet: a dry run that says row by row what is wrong and what would come, then all of
it or nothing; and an import taken back as a whole."""

from collections.abc import Sequence
from typing import Any, Final

from starlette.responses import Response

from xuanfa.console.given_lists import Given, give_up, given_list, without_path
from xuanfa.console.once import is_answered, once
from xuanfa.console.render import page
from xuanfa.console.visit import SENDERS, UPLOAD_MAX, Visit, get, post
from xuanfa.domain.act_lists import ImportLedger, UndoImport
from xuanfa.domain.errors import ContentError, StateError
from xuanfa.domain.imported import origin_in_words
from xuanfa.domain.language import say
from xuanfa.operations.deciding.door import carry_out
from xuanfa.operations.importing.lists import HEADINGS, Choices, headings_in, sift_list
from xuanfa.operations.importing.names import channels_of, columns_of
from xuanfa.operations.importing.sifting import Sifted
from xuanfa.reports.imported import imports_made
from xuanfa.reports.people import names_of

#: So many rows of a dry run are shown; the rest is counted.
_SHOWN: Final = 100
_KEY_MAX: Final = 9
#: What stands in the form of a site or an account.
_OF_SOURCE: Final = ("kind", "address", "channel", "column", "since", "until")
_CHOSEN: Final = ("channel", "column", "old-channels", "old-columns")


def show(visit: Visit, *, status: int = 200, fault: str = "", **more: Any) -> Response:
    """The form, what a list would bring where one was looked at, and what was imported before."""
    desk, sifted = visit.desk, more.get("sifted")
    rows = sifted.rows[:_SHOWN] if sifted is not None else ()
    defaults: dict[str, Any] = {"given": None, "sifted": None, "found": ()}
    return page(
        visit,
        "ledger_import",
        status=status,
        from_words=origin_in_words,
        fault=fault,
        rows=rows,
        more=len(sifted.rows) - len(rows) if sifted is not None else 0,
        headings=[(each.key, each.name, each.required) for each in HEADINGS],
        picked={each.key: visit.field(f"map.{each.key}") for each in HEADINGS},
        chosen={name: visit.raw(name) for name in _CHOSEN},
        channels=channels_of(desk).titles,
        columns=columns_of(desk).titles,
        asked={name: visit.field(name) for name in _OF_SOURCE},
        wechats=any(each.kind == "wechat" for each in desk.channels.values()),
        reading=visit.house.fetches.of(visit.me.user.name, visit.now),
        pasted=visit.raw("pasted"),
        imports=imports_made(desk.store),
        names=names_of(desk.store),
        made=visit.query("made"),
        undone=visit.query("undone"),
        **(defaults | more),
    )


def look(visit: Visit) -> Response:
    """试导入: nothing is entered."""
    try:
        with given_list(visit) as given:
            return _looked(visit, given)
    except (ContentError, StateError) as error:
        return show(visit, status=422, fault=str(error))


def _looked(visit: Visit, given: Given, status: int = 200) -> Response:
    found: Sequence[str] = ()
    try:
        found = headings_in(given.path)
        sifted = sift_list(visit.desk, given.path, _choices(visit))
    except ContentError as error:
        return show(visit, status=422, fault=without_path(str(error), given), given=given, found=found)
    wrong = 422 if sifted.bad.count else status
    return show(visit, status=wrong, given=given, found=found, sifted=sifted)


def enter(visit: Visit) -> Response:
    """All of it, as the dry run has shown it: what has come into the ledger since is left out, and told."""
    if is_answered(visit):
        return once(visit, ImportLedger.verb, str)
    try:
        with given_list(visit) as given:
            sifted = sift_list(visit.desk, given.path, _choices(visit))
            if sifted.bad.count or not sifted.rows:
                return _looked(visit, given, 409)
            return once(visit, ImportLedger.verb, lambda: _entered(visit, sifted))
    except (ContentError, StateError) as error:
        return show(visit, status=409, fault=str(error))


def _entered(visit: Visit, sifted: Sifted) -> str:
    act = ImportLedger(origin=sifted.origin, digest=sifted.digest, rows=sifted.rows)
    made = carry_out(visit.desk, act, visit.person(visit.field("why")))
    give_up(visit)
    return f"/ledger/import?made={made.id}"


def undo(visit: Visit) -> Response:
    """An import is taken back: its rows count no more, and stay on record."""
    typed = visit.names["number"]
    if not (typed.isascii() and typed.isdecimal() and len(typed) <= _KEY_MAX):
        return show(visit, status=404, fault=say("没有这次导入。", "There is no such import."))
    act = UndoImport(number=int(typed))
    try:
        return once(visit, UndoImport.verb, lambda: _undone(visit, act))
    except StateError as error:
        return show(visit, status=409, fault=str(error))


def _undone(visit: Visit, act: UndoImport) -> str:
    carry_out(visit.desk, act, visit.person(visit.field("why")))
    return f"/ledger/import?undone={act.number}"


def _choices(visit: Visit) -> Choices:
    renamed = [f"{typed}={each.key}" for each in HEADINGS if (typed := visit.field(f"map.{each.key}"))]
    return Choices(
        renamed=renamed,
        channel=visit.field("channel"),
        column=visit.field("column"),
        old_channels=_lines(visit, "old-channels"),
        old_columns=_lines(visit, "old-columns"),
    )


def _lines(visit: Visit, name: str) -> Sequence[str]:
    return [line.strip() for line in visit.raw(name).splitlines() if line.strip()]


WAYS = (
    get("/ledger/import", show, SENDERS),
    post("/ledger/import", look, SENDERS, most=UPLOAD_MAX),
    post("/ledger/import/enter", enter, SENDERS),
    post("/ledger/import/{number}/undo", undo, SENDERS),
)
