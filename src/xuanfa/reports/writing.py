"""Writing a report: read the ledger once, fill the outline, and make the file whose ending was asked for."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from xuanfa.documents.faces import Faces, faces_here
from xuanfa.documents.pdf import as_pdf, require_office
from xuanfa.documents.placing import placed, refuse_existing
from xuanfa.documents.reports import page as pages
from xuanfa.documents.reports.book import ReportBook
from xuanfa.documents.reports.word import LISTED_MAX as IN_DOCUMENT
from xuanfa.documents.reports.word import report_document
from xuanfa.documents.spreadsheets.writing import Value
from xuanfa.domain.counting import Count
from xuanfa.domain.errors import ConfigError
from xuanfa.domain.language import say
from xuanfa.domain.report import Report
from xuanfa.domain.term import Term
from xuanfa.reports.counts import count
from xuanfa.reports.figures import figures
from xuanfa.reports.house import House
from xuanfa.reports.ledger import Publication
from xuanfa.reports.ledger_files import HEADS, PRINTED, SHEETS, Written, in_parts, lines, notes_of, write_csv
from xuanfa.reports.paper import Asked, Found, paper
from xuanfa.reports.period import Period
from xuanfa.reports.report_rows import few_heads, few_of
from xuanfa.reports.selfcheck import selfcheck
from xuanfa.reports.tally import Tally

#: While something is published, the list and the figures may be of two moments: both are read again.
_TRIES: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What was written: the figures of the report, how many rows its list has, and how many of them the file shows."""

    count: Count
    rows: int
    listed: int


def write_report(house: House, asked: Asked, target: Path) -> Done:
    """Write the report to ``target``, which is not there yet. Raises ConfigError for another ending, a file that is there or cannot be
    written, or a machine that cannot make it."""
    ending = target.suffix.lower()
    if ending not in WRITERS:
        raise ConfigError(
            say(
                "文件名 {path} 要以 {endings} 之一结尾。",
                "The name {path} has to end in one of {endings}.",
                path=target,
                endings=say("、", ", ").join(WRITERS),
            )
        )
    refuse_existing(target)
    if ending == ".pdf":
        require_office()
    return WRITERS[ending](house, asked, target)


def _period(house: House, asked: Asked) -> Period:
    return Period(zone=house.desk.zone, since=asked.term.since, until=asked.term.until, column=asked.column)


def _rows(house: House, asked: Asked, tally: Tally, written: Written) -> Iterator[tuple[Publication, list[Value]]]:
    """What counts first, then what was imported, then what was withdrawn; each row is added up as it passes."""
    found = in_parts(house.desk.store, _period(house, asked), house.veil)
    for row, values in lines(found, house.wording, written):
        tally.add(row)
        yield row, values


def _found(house: House, asked: Asked, tally: Tally) -> Found:
    period = _period(house, asked)
    return Found(tally=tally, count=count(house.desk.store, period), figures=figures(house.desk.store, period))


def _read(house: House, asked: Asked, most: int) -> tuple[Report, Count, list[list[Value]]]:
    """The report, its figures and its first rows."""
    for _ in range(_TRIES):
        tally, written, first = Tally(zone=house.desk.zone), Written(), list[list[Value]]()
        for _, values in _rows(house, asked, tally, written):
            if len(first) < most:
                first.append(values)
        found = _found(house, asked, tally)
        if found.count.items == tally.whole.items:
            break
    return paper(house, asked, found, rows=written.rows.total()), found.count, first


def _write_book(house: House, asked: Asked, target: Path) -> Done:
    zone, office = house.desk.zone, house.desk.organisation.name
    tally, written = Tally(zone=zone), Written()
    title = f"{office}{asked.term.title}信息发布情况"
    with (
        placed(target) as file,
        ReportBook(file, zone, made_at=house.now, office=office, title=title) as book,
    ):
        sheets = {which: book.sheet(name, HEADS, printed=PRINTED) for which, name in SHEETS.items()}
        for row, values in _rows(house, asked, tally, written):
            sheets[row.which].add(values)
        for sheet in sheets.values():
            sheet.finish()
        found = _found(house, asked, tally)
        report = paper(house, asked, found, rows=written.rows.total())
        book.fill(report)
        book.notes("说明", notes_of(office, _period(house, asked), found.figures, house.now), (24, 100))
    return Done(count=found.count, rows=report.rows, listed=report.rows)


def _write_csv(house: House, asked: Asked, target: Path) -> Done:
    period = _period(house, asked)
    with placed(target) as file:
        written = write_csv(file, in_parts(house.desk.store, period, house.veil), house.wording)
    rows = written.rows.total()
    return Done(count=count(house.desk.store, period), rows=rows, listed=rows)


def _document(house: House, asked: Asked, faces: Faces) -> tuple[bytes, Done]:
    report, counted, first = _read(house, asked, IN_DOCUMENT)
    data = report_document(report, house.desk.zone, faces, few_heads(), map(few_of, first))
    return data, Done(count=counted, rows=report.rows, listed=len(first))


def _write_word(house: House, asked: Asked, target: Path) -> Done:
    data, done = _document(house, asked, Faces())
    with placed(target) as file:
        file.write(data)
    return done


def _write_pdf(house: House, asked: Asked, target: Path) -> Done:
    data, done = _document(house, asked, faces_here())
    made = as_pdf(data)
    with placed(target) as file:
        file.write(made)
    return done


def _write_page(house: House, asked: Asked, target: Path) -> Done:
    report, counted, first = _read(house, asked, pages.LISTED_MAX)
    with placed(target) as file:
        file.writelines(pages.report_page(report, house.desk.zone, few_heads(), map(few_of, first)))
    return Done(count=counted, rows=report.rows, listed=len(first))


#: What a report may become, by the ending of its file's name.
WRITERS: Final[dict[str, Callable[[House, Asked, Path], Done]]] = {
    ".xlsx": _write_book,
    ".docx": _write_word,
    ".csv": _write_csv,
    ".html": _write_page,
    ".pdf": _write_pdf,
}


def write_selfcheck(house: House, term: Term, target: Path) -> int:
    """Write the self-check of a quarter to ``target``, a .docx or a .pdf that is not there yet; how many rows the table has. Raises ConfigError."""
    ending = target.suffix.lower()
    if ending not in {".docx", ".pdf"}:
        raise ConfigError(
            say(
                "文件名 {path} 要以 .docx 或 .pdf 结尾。",
                "The name {path} has to end in .docx or .pdf.",
                path=target,
            )
        )
    refuse_existing(target)
    if ending == ".pdf":
        require_office()
    tally, asked = Tally(zone=house.desk.zone), Asked(term=term)
    for _ in _rows(house, asked, tally, Written()):
        pass
    report = selfcheck(house, term, _found(house, asked, tally))
    data = report_document(report, house.desk.zone, faces_here() if ending == ".pdf" else Faces())
    made = as_pdf(data) if ending == ".pdf" else data
    with placed(target) as file:
        file.write(made)
    return sum(len(grid.rows) for grid in report.grids)
