"""统计 · 报表和封存: reports of a month, a quarter, a year or any days to take away, by column and as any kind of file; and months that are over,
sealed once, with what was corrected since."""

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from starlette.responses import Response

from xuanfa.console.again import require_again
from xuanfa.console.guard import headers
from xuanfa.console.once import once
from xuanfa.console.render import page
from xuanfa.console.visit import EDITORS, SENDERS, Visit, get, post
from xuanfa.domain.errors import ConfigError, StateError
from xuanfa.domain.language import say
from xuanfa.domain.sealed_month import SealMonth
from xuanfa.domain.term import Term, month_of, quarter_of, range_of, require_begun, year_of
from xuanfa.domain.times import TimeProblem
from xuanfa.operations.deciding.door import carry_out
from xuanfa.reports import paper
from xuanfa.reports.counts import count
from xuanfa.reports.house import House
from xuanfa.reports.people import names_of
from xuanfa.reports.period import Period
from xuanfa.reports.sealed import Sealed, sealed_within
from xuanfa.reports.writing import write_report, write_selfcheck

#: By the ending of the file.
KINDS: Final[Mapping[str, str]] = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "csv": "text/csv; charset=utf-8",
    "html": "text/html; charset=utf-8",
}
_WORDS: Final = {
    "xlsx": ("表格 .xlsx", "workbook .xlsx"),
    "docx": ("通报 .docx", "document .docx"),
    "pdf": ("打印件 .pdf", "print .pdf"),
    "csv": ("数据 .csv", "data .csv"),
    "html": ("网页 .html", "page .html"),
}
#: So many months, quarters and years can be chosen from; what is older is asked for by its days.
_MONTHS, _QUARTERS, _YEARS = 24, 8, 6
_JANUARY, _TOGETHER = 1, 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """A month that is over: what it counts now, and its seal, where it has one."""

    key: str
    items: int
    sealed: Sealed | None


def show(visit: Visit, *, status: int = 200, fault: str = "", seal_fault: str = "") -> Response:
    """The page."""
    today = visit.now.astimezone(visit.desk.zone).date()
    months = _months(today, _MONTHS)
    return page(
        visit,
        "reports",
        status=status,
        fault=fault,
        seal_fault=seal_fault,
        months=months,
        quarters=list(dict.fromkeys(f"{each[:4]}-Q{(int(each[5:]) + 2) // 3}" for each in months))[:_QUARTERS],
        years=[str(today.year - back) for back in range(_YEARS)],
        kinds=[(kind, say(*_WORDS[kind])) for kind in KINDS],
        columns={name: column.title for name, column in visit.desk.columns.items()},
        asked={
            name: visit.query(name) for name in ("kind", "month", "quarter", "year", "since", "until", "column", "as")
        },
        over=_over(visit, today),
        names=names_of(visit.desk.store),
        veil=visit.veil(),
        may_seal=visit.may(SENDERS),
        sealed=visit.query("sealed"),
    )


def _months(today: date, number: int) -> list[str]:
    found, first = [], today.replace(day=1)
    for _ in range(number):
        found.append(f"{first:%Y-%m}")
        first = (first - timedelta(days=1)).replace(day=1)
    return found


def _over(visit: Visit, today: date) -> Sequence[Month]:
    """The months of the last two years that are over and hold anything, or are sealed."""
    desk = visit.desk
    keys = _months(today, _MONTHS + 1)[1:]
    since = month_of(keys[-1]).since
    items = count(desk.store, Period(zone=desk.zone, since=since, until=today), "month").by
    seals = {each.month.month: each for each in sealed_within(desk.store, desk.zone, None, None)}
    every = sorted({*seals, *(key for key in keys if items.get(key))}, reverse=True)
    return [Month(key=key, items=items.get(key, 0), sealed=seals.get(key)) for key in every]


def take(visit: Visit) -> Response:
    """A report as a file."""
    kind = visit.query("as")
    try:
        term = _term(visit)
        require_begun(term, visit.now.astimezone(visit.desk.zone).date())
        column = visit.query("column")
        if kind not in KINDS or (column and column not in visit.desk.columns):
            return show(visit, status=422, fault=say("请选专栏和文件的样子。", "Choose a column and a kind of file."))
        return _written(visit, term, column, kind)
    except TimeProblem as error:
        return show(visit, status=422, fault=str(error))
    except ConfigError as error:
        return show(visit, status=503, fault=str(error))


def _written(visit: Visit, term: Term, column: str, kind: str) -> Response:
    house = House(desk=visit.desk, now=visit.now, veil=visit.veil())
    title = visit.desk.columns[column].title if column else ""
    with tempfile.TemporaryDirectory(prefix="xuanfa-report-") as folder:
        path = Path(folder) / f"report.{kind}"
        write_report(house, paper.Asked(term=term, column=column or None, column_title=title), path)
        content = path.read_bytes()
    return _file(content, f"report-{term.key.replace('..', '-')}{f'-{column}' if column else ''}.{kind}", KINDS[kind])


def _file(content: bytes, name: str, media_type: str) -> Response:
    told = {**headers.UPLOAD, "Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=media_type, headers=told)


def _term(visit: Visit) -> Term:
    """Raises TimeProblem."""
    match visit.query("kind"):
        case "quarter":
            return quarter_of(visit.query("quarter"))
        case "year":
            return year_of(visit.query("year"))
        case "range":
            return range_of(_day(visit.query("since")), _day(visit.query("until")))
        case _:
            return month_of(visit.query("month"))


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise TimeProblem(
            say("起止日期要都填，写成 2026-11-30 这样。", "Give both days, such as 2026-11-30.")
        ) from error


def selfcheck(visit: Visit) -> Response:
    """自查表 of a quarter."""
    try:
        term = quarter_of(visit.query("quarter"))
        require_begun(term, visit.now.astimezone(visit.desk.zone).date())
    except TimeProblem as error:
        return show(visit, status=422, fault=str(error))
    house = House(desk=visit.desk, now=visit.now, veil=visit.veil())
    with tempfile.TemporaryDirectory(prefix="xuanfa-report-") as folder:
        path = Path(folder) / "selfcheck.docx"
        write_selfcheck(house, term, path)
        content = path.read_bytes()
    return _file(content, f"selfcheck-{term.key}.docx", KINDS["docx"])


def seal(visit: Visit) -> Response:
    """封存: what the month counts now is kept for ever. The form holds what it counted when the page was looked at."""
    month, _, was = visit.field("month").partition(" ")
    try:
        require_again(visit)
        term = month_of(month)
        now = count(visit.desk.store, Period(zone=visit.desk.zone, since=term.since, until=term.until)).items
    except (StateError, TimeProblem) as error:
        return show(visit, status=422, seal_fault=str(error))
    if was != str(now):
        words = say(
            "您打开这页之后，{m} 的条数变成了 {n} 条，没有封存。请看清再封。",
            "{m} has come to {n} items since you opened this page, and was not sealed. Look at it, then seal it.",
            m=term.key,
            n=now,
        )
        return show(visit, status=409, seal_fault=words)
    try:
        return once(visit, SealMonth.verb, lambda: _sealed(visit, term.key))
    except StateError as error:
        return show(visit, status=409, seal_fault=str(error))


def _sealed(visit: Visit, month: str) -> str:
    carry_out(visit.desk, SealMonth(month=month), visit.person(visit.field("why")))
    return f"/counts/reports?sealed={month}#seals"


WAYS = (
    get("/counts/reports", show, SENDERS | EDITORS),
    get("/counts/reports/file", take, SENDERS | EDITORS),
    get("/counts/reports/selfcheck", selfcheck, SENDERS | EDITORS),
    post("/counts/reports/seal", seal, SENDERS),
)
