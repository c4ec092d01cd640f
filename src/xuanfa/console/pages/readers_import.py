"""阅读数据 from a spreadsheet, or pasted from one: first what would come and what is wrong, row by row; then all of it or nothing."""

from collections.abc import Sequence
from typing import Final

from starlette.responses import Response

from xuanfa.console.given_lists import Given, give_up, given_list, without_path
from xuanfa.console.once import is_answered, once
from xuanfa.console.render import page
from xuanfa.console.visit import EDITORS, SENDERS, UPLOAD_MAX, Visit, get, post
from xuanfa.domain.act_public import ImportReaders
from xuanfa.domain.errors import ContentError, StateError
from xuanfa.domain.language import say
from xuanfa.domain.readers import LABELS, NAMES, shown
from xuanfa.operations.deciding.door import carry_out
from xuanfa.operations.readers.lists import HEADINGS, ReadersList, read_list

_SHOWN: Final = 100


def show(
    visit: Visit, *, status: int = 200, fault: str = "", given: Given | None = None, read: ReadersList | None = None
) -> Response:
    """The form; with what a list would bring, where one was looked at."""
    rows = read.rows[:_SHOWN] if read is not None else ()
    return page(
        visit,
        "readers_import",
        status=status,
        fault=fault,
        given=given,
        read=read,
        rows=rows,
        more=len(read.rows) - len(rows) if read is not None else 0,
        figure_names=[(name, say(*LABELS[name])) for name in NAMES],
        figure=shown,
        headings=[each.name for each in HEADINGS],
        renamed=visit.field("renamed"),
        pasted=visit.raw("pasted"),
        new=visit.query("new"),
    )


def look(visit: Visit) -> Response:
    """试导入: nothing is entered."""
    try:
        with given_list(visit) as given:
            try:
                read = read_list(visit.desk, given.path, _renamed(visit))
            except ContentError as error:
                return show(visit, status=422, fault=without_path(str(error), given))
            return show(visit, given=given, read=read, status=422 if read.bad.count else 200)
    except (ContentError, StateError) as error:
        return show(visit, status=422, fault=str(error))


def enter(visit: Visit) -> Response:
    """All of it."""
    if is_answered(visit):
        return once(visit, ImportReaders.verb, str)
    try:
        with given_list(visit) as given:
            read = read_list(visit.desk, given.path, _renamed(visit))
            if read.bad.count or not read.rows:
                return show(visit, given=given, read=read, status=409)
            return once(visit, ImportReaders.verb, lambda: _entered(visit, read))
    except (ContentError, StateError) as error:
        return show(visit, status=409, fault=str(error))


def _entered(visit: Visit, read: ReadersList) -> str:
    added = carry_out(visit.desk, ImportReaders(origin=read.origin, rows=read.rows), visit.person())
    give_up(visit)
    return f"/readers/import?new={added}"


def _renamed(visit: Visit) -> Sequence[str]:
    return [line for line in visit.raw("renamed").splitlines() if line.strip()]


WAYS = (
    get("/readers/import", show, SENDERS | EDITORS),
    post("/readers/import", look, SENDERS | EDITORS, most=UPLOAD_MAX),
    post("/readers/import/enter", enter, SENDERS | EDITORS),
)
