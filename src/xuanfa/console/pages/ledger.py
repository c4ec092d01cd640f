"""台账: the rows behind every figure, the newest first, and the same as files that offices circulate."""

import tempfile
from collections.abc import Iterator
from contextlib import closing
from typing import IO, Any, Final
from urllib.parse import urlencode

from starlette.responses import Response, StreamingResponse

from xuanfa.console.asked import Asked, asked_of
from xuanfa.console.guard import headers
from xuanfa.console.render import page
from xuanfa.console.visit import SENDERS, Visit, get
from xuanfa.domain.figures import ON_TIME
from xuanfa.domain.imported import origin_in_words
from xuanfa.domain.language import say
from xuanfa.reports.called import departments_counted
from xuanfa.reports.figures import figures
from xuanfa.reports.freshness import last_on
from xuanfa.reports.ledger import Publication, Which, newest
from xuanfa.reports.ledger_files import Wording, in_parts, notes_of, write_csv, write_workbook
from xuanfa.reports.mark import Mark
from xuanfa.reports.people import names_of

_MOST: Final = 50
#: So much of a file stays in memory; a larger one goes to the disk until it is sent.
_IN_MEMORY: Final = 4_000_000
_PIECE: Final = 64 * 1024

_PARTS: Final = {
    "counted": (Which.COUNTED, ("计入的", "Counted")),
    "imported": (Which.IMPORTED, ("导入的", "Imported")),
    "apart": (Which.APART, ("另列的", "Apart")),
}
_TYPES: Final = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def show(visit: Visit) -> Response:
    """A page of it."""
    asked, part = asked_of(visit), visit.query("which")
    part = part if part in _PARTS else "counted"
    rows: list[Publication] = []
    if not asked.fault:
        which, behind = _PARTS[part][0], Mark.of(visit.query("behind"))
        rows = newest(visit.desk.store, asked.period, visit.veil(), which, most=_MOST + 1, behind=behind)
    kept = asked.kept() | {"which": part}
    more = str(Mark(rows[_MOST - 1].published_at, rows[_MOST - 1].id)) if len(rows) > _MOST else ""
    return page(
        visit,
        "ledger",
        from_words=origin_in_words,
        asked=asked,
        known=departments_counted(visit.desk.store),
        rows=rows[:_MOST],
        last=max(last_on(visit.desk.store, visit.desk.channels).values(), default=None)
        if visit.sees_all and not rows
        else None,
        part=part,
        tabs=[(asked.ledger(which=name), say(*words), name == part) for name, (_, words) in _PARTS.items()],
        after=f"/ledger?{urlencode(kept | {'behind': more})}" if more else "",
        newest=asked.ledger(which=part) if visit.query("behind") else "",
        files=[(kind, f"/ledger/file/{kind}?{urlencode(asked.kept())}") for kind in _TYPES],
        people=names_of(visit.desk.store),
        grace=int(ON_TIME.total_seconds() // 60),
        may_import=visit.may(SENDERS),
    )


def download(visit: Visit) -> Response:
    """The whole of what is asked for as a file."""
    asked, kind = asked_of(visit), visit.names["kind"]
    if asked.fault or kind not in _TYPES:
        return page(visit, "ledger", status=422 if asked.fault else 404, **_nothing(asked))
    file: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - closed when it is sent
    try:
        _write(visit, asked, kind, file)
    except BaseException:
        file.close()
        raise
    name = f"ledger-{asked.period.since or 'begin'}-{asked.period.until or 'now'}.{kind}"
    told = {
        **headers.UPLOAD,
        "Content-Length": str(file.tell()),
        "Content-Disposition": f'attachment; filename="{name}"',
    }
    file.seek(0)
    return StreamingResponse(_pieces(file), media_type=_TYPES[kind], headers=told)


def _write(visit: Visit, asked: Asked, kind: str, file: IO[bytes]) -> None:
    desk = visit.desk
    wording = Wording(zone=desk.zone, kinds=desk.reviews.names, people=names_of(desk.store))
    with closing(in_parts(desk.store, asked.period, visit.veil())) as rows:
        if kind == "csv":
            write_csv(file, rows, wording)
            return
        notes = notes_of(desk.organisation.name, asked.period, figures(desk.store, asked.period), visit.now)
        write_workbook(file, rows, wording, notes=notes, made_at=visit.now)


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while piece := file.read(_PIECE):
            yield piece


def _nothing(asked: Asked) -> dict[str, Any]:
    return {
        "asked": asked,
        "known": [],
        "rows": [],
        "part": "counted",
        "tabs": [],
        "after": "",
        "newest": "",
        "files": [],
        "people": {},
        "grace": 0,
        "may_import": False,
    }


WAYS = (get("/ledger", show), get("/ledger/file/{kind}", download))
