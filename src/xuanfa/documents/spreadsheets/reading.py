"""A list that comes in: its columns by their headings, its rows one after another, and what has to be told about it."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from itertools import chain, islice
from pathlib import Path
from typing import IO, Final

from xuanfa.documents.spreadsheets import delimited, workbook
from xuanfa.documents.spreadsheets.delimited import DELIMITERS, Delimited
from xuanfa.documents.spreadsheets.headings import (
    LOOKED_AT,
    Column,
    Heading,
    columns_in,
    missing,
    no_such_heading,
    require_one_each,
)
from xuanfa.documents.spreadsheets.table import Book, RawRow, Sheet, letters
from xuanfa.documents.spreadsheets.troubles import BadRows
from xuanfa.documents.spreadsheets.values import Cell, CellProblem, Formula, text_in, when_in, whole_in
from xuanfa.documents.spreadsheets.workbook import Workbook
from xuanfa.domain.errors import ConfigError, ContentError, Place, machine_words
from xuanfa.domain.language import say

#: So many rows of one file are taken where its reader says nothing else.
ROWS_MAX: Final = 200_000
#: A sheet of fewer of the headings is about something else.
_TWO: Final = 2
_OF_ZIP: Final = b"PK\x03\x04"
_OF_WORKBOOKS: Final = frozenset({".xlsx", ".xlsm"})
_OF_TEXTS: Final = frozenset({".csv", ".tsv", ".txt"})


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a list. What its columns hold is asked by the keys of the headings; a column that the list does not have is empty in each row.

    The methods raise CellProblem, whose text is a sentence for ``BadRows.add``; ``take`` of ``Table`` does both.
    """

    number: int
    #: The row in words: 第 12 行, with the sheet where several were read.
    where: str
    #: The same as it may be kept: ``12``, or ``1月!12``.
    place: str
    columns: Mapping[str, Column]
    _cells: Mapping[str, Cell]
    _epoch: datetime

    def text(self, key: str) -> str:
        """The text on one line; a number or a date as a text. Empty for an empty cell. Raises CellProblem."""
        return text_in(self._cells.get(key))

    def when(self, key: str, zone: tzinfo) -> date | datetime | None:
        """The moment in UTC where a time of the day stands there, else the day; ``None`` for an empty cell. A day at midnight is a day. Dates,
        texts of many spellings, numbers of days (from 1900 or 1904, as the workbook counts), eight digits. Raises CellProblem."""
        return when_in(self._cells.get(key), zone, self._epoch)

    def whole(self, key: str) -> int | None:
        """A whole number; ``None`` for an empty cell, which is not 0. Raises CellProblem."""
        return whole_in(self._cells.get(key))

    def heading(self, key: str) -> str:
        """The heading as it is written in the list; empty where it has no such column."""
        return self.columns[key].name if key in self.columns else ""


@dataclass(slots=True)
class Table:
    """A list that was opened. All sheets that are shown and have the headings are read, one after another; hidden rows and columns too.

    ``notes`` says in sentences what a person would not expect (hidden rows, sheets that were left out, formulas); it is whole once ``rows`` has
    come to its end.
    """

    shown_as: str
    headings: Sequence[Heading]
    most: int
    book: Book
    notes: list[str] = field(default_factory=list)
    _taken: int = 0
    _hidden_rows: int = 0
    _formulas: int = 0

    def rows(self) -> Iterator[Row]:
        """The rows that hold anything. Raises ContentError for a file that is damaged, too long, or has no such headings."""
        self.notes.clear()
        self._taken = self._hidden_rows = self._formulas = 0
        sheets = list(self.book.sheets())
        shown = [sheet for sheet in sheets if sheet.shown]
        others: list[tuple[Sheet, ContentError]] = []
        read = 0
        for sheet in shown:
            rows = sheet.rows()
            first = list(islice(rows, LOOKED_AT))
            try:
                at, columns = self._located(sheet, first)
            except _OtherSheetError as error:
                others.append((sheet, error.why))
                continue
            read += 1
            self._note_hidden_columns(sheet, columns)
            yield from self._of_sheet(sheet, columns, chain(first[at + 1 :], rows), named=len(shown) > 1)
        if not read:
            raise others[0][1] if others else self._nothing_shown()
        self._note(sheets, [sheet for sheet, _ in others])

    def take(self, row: Row, key: str, bad: BadRows) -> str:
        """A text; what is wrong with the cell is noted."""
        try:
            return row.text(key)
        except CellProblem as problem:
            bad.add(row.where, row.heading(key), problem.args[0])
            return ""

    def _located(self, sheet: Sheet, first: Sequence[RawRow]) -> tuple[int, dict[str, Column]]:
        best: tuple[int, dict[str, list[Column]]] = (-1, {})
        for at, row in enumerate(first):
            texts = {number: _shown(row.cell(number)) for number in row.written}
            found = columns_in(texts, self.headings)
            if found and not missing(found, self.headings):
                return at, require_one_each(found, row.number, self.shown_as)
            if len(found) > len(best[1]):
                best = at, found
        lacking = missing(best[1], self.headings) or [each for each in self.headings if each.key not in best[1]][:1]
        row_of_best = first[max(best[0], 0)] if first else None
        seen = [_shown(row_of_best.cell(number)) for number in sorted(row_of_best.written)] if row_of_best else []
        why = no_such_heading(lacking, [each for each in seen if each], sheet.name, self.shown_as)
        if len(best[1]) >= _TWO:
            raise why
        raise _OtherSheetError(why)

    def _of_sheet(
        self, sheet: Sheet, columns: Mapping[str, Column], rows: Iterator[RawRow], *, named: bool
    ) -> Iterator[Row]:
        for raw in rows:
            cells = {key: raw.cell(column.number) for key, column in columns.items()}
            if all(cell is None or (isinstance(cell, str) and not cell.strip()) for cell in cells.values()):
                continue
            where = (
                say("“{sheet}”第 {row} 行", "{sheet!r}, row {row}", sheet=sheet.name, row=raw.number)
                if named
                else say("第 {row} 行", "row {row}", row=raw.number)
            )
            self._taken += 1
            if self._taken > self.most:
                raise too_many(self.shown_as, self.most)
            self._hidden_rows += raw.hidden
            self._formulas += sum(isinstance(cell, Formula) for cell in cells.values())
            place = f"{sheet.name}!{raw.number}" if named else str(raw.number)
            yield Row(raw.number, where, place, columns, cells, self.book.epoch)

    def _note_hidden_columns(self, sheet: Sheet, columns: Mapping[str, Column]) -> None:
        hidden = [column for column in columns.values() if column.number in sheet.hidden_columns]
        if hidden:
            names = say("、", ", ").join(f"“{each.name}”（{letters(each.number)}）" for each in hidden)
            self.notes.append(
                say("隐藏的列也读了：{names}。", "Columns that are hidden were read too: {names}.", names=names)
            )

    def _note(self, sheets: Sequence[Sheet], others: Sequence[Sheet]) -> None:
        if self._hidden_rows:
            self.notes.append(
                say(
                    "{count} 行在表格里是隐藏的，也读了。",
                    "{count} rows that the spreadsheet hides were read too.",
                    count=self._hidden_rows,
                )
            )
        if self._formulas:
            self.notes.append(
                say(
                    "{count} 格是公式：没有计算，用的是表格程序存下的结果。",
                    "{count} cells are formulas: none was carried out, what the spreadsheet stored as their results was taken.",
                    count=self._formulas,
                )
            )
        for names, what in (
            ([each.name for each in others], say("没有这些表头", "has no such headings")),
            ([each.name for each in sheets if not each.shown], say("是隐藏的", "is hidden")),
        ):
            self.notes.extend(
                say(
                    "工作表“{name}”{what}，没有读。",
                    "The sheet {name!r} {what} and was not read.",
                    name=name,
                    what=what,
                )
                for name in names
            )

    def _nothing_shown(self) -> ContentError:
        return ContentError(
            say("文件里没有可读的工作表。", "The file has no sheet that is shown."), Place(self.shown_as)
        )


class _OtherSheetError(Exception):
    """A sheet that is about something else; ``why`` is said where there is no other."""

    def __init__(self, why: ContentError) -> None:
        super().__init__(str(why))
        self.why = why


@contextmanager
def opened(path: Path, headings: Sequence[Heading], *, most: int = ROWS_MAX) -> Iterator[Table]:
    """The list in a file (.xlsx, .csv), by its headings; at most so many rows of it.

    Raises ContentError for a file that is none: no such file, another kind, encrypted, damaged, too large, a zip bomb. Nothing in it is carried
    out. Rows are read from the disk as they are asked for, and may be asked for again.
    """
    shown_as = str(path)
    with _file(path) as file:
        book = _book(path, file, shown_as)
        if isinstance(book, Delimited):
            book.delimiter = max(DELIMITERS, key=lambda each: _headings_by(book, each, headings))
        yield Table(shown_as, headings, most, book)


def plain_rows(path: Path, columns: int, most: int) -> tuple[list[tuple[str, ...]], int]:
    """The texts of the first columns of a list without headings, of every row whose first is not empty, from all sheets that are shown; and how
    many formulas were left out of it. Raises ContentError as ``opened`` does."""
    shown_as = str(path)
    found: list[tuple[str, ...]] = []
    formulas = 0
    with _file(path) as file:
        for sheet in _book(path, file, shown_as).sheets():
            for row in sheet.rows() if sheet.shown else ():
                cells = [row.cell(number) for number in range(1, columns + 1)]
                formulas += sum(isinstance(cell, Formula) for cell in cells)
                texts = tuple("" if isinstance(cell, Formula) else _shown(cell) for cell in cells)
                if texts[0]:
                    found.append(texts)
                if len(found) > most:
                    raise too_many(shown_as, most)
    return found, formulas


def likely_headings(path: Path) -> list[str]:
    """What may be the headings of a list, as they are written: of the rows at the beginning of the first sheet that is shown, the first one that
    holds the most texts. Raises ContentError as ``opened`` does."""
    with _file(path) as file:
        book = _book(path, file, str(path))
        if isinstance(book, Delimited):
            book.delimiter = max(
                DELIMITERS, key=lambda each: max(map(len, book.first_rows(each, LOOKED_AT)), default=0)
            )
        for sheet in book.sheets():
            if sheet.shown:
                rows = list(islice(sheet.rows(), LOOKED_AT))
                texts = [[_shown(row.cell(number)) for number in sorted(row.written)] for row in rows]
                return [each for each in max(texts, key=lambda row: sum(map(bool, row)), default=[]) if each]
    return []


def too_many(shown_as: str, most: int) -> ContentError:
    """That a list is longer than is taken."""
    return ContentError(
        say(
            "清单超过 {most} 行，没有导入。请拆分或删去不用的行。",
            "The list has more than {most} rows and was not imported. Part it, or take out what is not needed.",
            most=most,
        ),
        Place(shown_as),
    )


@contextmanager
def _file(path: Path) -> Iterator[IO[bytes]]:
    if not path.is_file():
        raise ContentError(say("没有这个文件。", "There is no such file."), Place(str(path)))
    most = workbook.FILE_MAX if path.suffix.lower() in _OF_WORKBOOKS else delimited.FILE_MAX
    if path.stat().st_size > most:
        raise ContentError(
            say(
                "文件有 {size} MB，上限 {most} MB，没有导入。请拆成几个文件。",
                "The file is {size} MB, {most} MB at most, and was not imported. Part it into several files.",
                size=round(path.stat().st_size / 1e6),
                most=most // 1_000_000,
            ),
            Place(str(path)),
        )
    try:
        file = path.open("rb")
    except OSError as error:
        raise ConfigError(
            say("读不了 {path}：{why}。", "Cannot read {path}: {why}.", path=path, why=machine_words(error))
        ) from error
    with file:
        yield file


def _book(path: Path, file: IO[bytes], shown_as: str) -> Workbook | Delimited:
    suffix = path.suffix.lower()
    if suffix in _OF_WORKBOOKS:
        return Workbook(file, shown_as)
    if suffix not in _OF_TEXTS:
        raise ContentError(
            say(
                "只导入 .xlsx 和 .csv。请在表格程序里另存为其中一种。",
                "Only .xlsx and .csv are imported. Save it as one of them from the spreadsheet.",
            ),
            Place(shown_as),
        )
    begin = file.read(len(_OF_ZIP))
    file.seek(0)
    if begin == _OF_ZIP:
        raise ContentError(
            say(
                "名字是 {suffix}，内容是 .xlsx 之类的文件。请把名字改成 .xlsx 再导入。",
                "Its name ends in {suffix}, and it holds an .xlsx or the like. Rename it and import it again.",
                suffix=suffix,
            ),
            Place(shown_as),
        )
    return Delimited(file, shown_as)


def _headings_by(book: Delimited, delimiter: str, headings: Sequence[Heading]) -> int:
    rows = book.first_rows(delimiter, LOOKED_AT)
    return max((len(columns_in(dict(enumerate(row, 1)), headings)) for row in rows), default=0)


def _shown(cell: Cell) -> str:
    try:
        return text_in(cell)
    except CellProblem:
        return ""
