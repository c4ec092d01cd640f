"""Spreadsheets that are handed out (.csv, .xlsx), row after row however many there are: nothing in them is carried out, and a number of a
platform stays what it is.

Formula injection: https://owasp.org/www-community/attacks/CSV_Injection. A sheet of .xlsx has 1,048,576 rows (ECMA-376).
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from tempfile import TemporaryDirectory
from typing import IO, Any, Final, Self

from xuanfa.domain.shown import printable

#: A cell: text, a number, or a time in the zone in which it is to be read.
Value = str | int | float | datetime | None
#: By what a spreadsheet takes a text for something to carry out, in half and full width, also behind blanks.
_CARRIED_OUT: Final = re.compile(r"[\t\r\n]|\s*[=+\-@＝＋－＠]")
#: What no cell may hold (ECMA-376), once controls have been written out.
_FORBIDDEN: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
#: The most of a cell. Characters.
_CELL_MAX: Final = 32_000
#: So many rows stand on a sheet before the next one begins.
ROWS_MAX: Final = 1_000_000
#: The first day that a spreadsheet knows.
_FIRST_YEAR: Final = 1900
_TIME: Final = "%Y-%m-%d %H:%M:%S"


@dataclass(frozen=True, slots=True)
class Head:
    """A column: its name and its width in characters; ``wide`` shows seconds in its times no more than minutes."""

    name: str
    width: float = 12.0


def guarded(text: str) -> str:
    """A text that no spreadsheet carries out: ``'`` stands before what begins like a formula."""
    return f"'{text}" if _CARRIED_OUT.match(text) else text


def csv_lines(heads: Sequence[Head], rows: Iterable[Sequence[Value]]) -> Iterator[bytes]:
    """A .csv as spreadsheets read it, row after row: UTF-8 with its mark, lines that end as Windows has them. Times are as they are given."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    buffer.write("\ufeff")
    writer.writerow([guarded(head.name) for head in heads])
    yield buffer.getvalue().encode()
    for row in rows:
        buffer.seek(0)
        buffer.truncate()
        writer.writerow([_as_text(value) for value in row])
        yield buffer.getvalue().encode()


def _as_text(value: Value) -> Value:
    if isinstance(value, datetime):
        return value.strftime(_TIME)
    return guarded(printable(value)) if isinstance(value, str) else value


def cell_text(text: str) -> str:
    """A text as a cell of .xlsx may hold it."""
    return _FORBIDDEN.sub("", printable(text))[:_CELL_MAX]


class Workbook:
    """A .xlsx that is written row after row with little memory: texts stay texts, times are times, the head stays and is printed on each page.

    Several sheets may grow at once. One that is full goes on in another, whose name has a number. Use as a context.
    """

    def __init__(self, file: IO[bytes], *, made_at: datetime) -> None:
        from xlsxwriter import Workbook as Writer  # noqa: PLC0415 - heavy, and only for this

        self._room = TemporaryDirectory(prefix="xuanfa-sheets-")
        options = {
            "constant_memory": True,
            "tmpdir": self._room.name,
            "strings_to_formulas": False,
            "strings_to_urls": False,
        }
        self._book: Any = Writer(file, options | {"strings_to_numbers": False})
        self._book.set_properties({"author": "xuanfa", "created": made_at.replace(tzinfo=None)})
        centred = {"align": "center", "valign": "vcenter"}
        self._head = self._book.add_format({"bold": True, "bg_color": "#F2F2F2", "border": 1, **centred})
        self._text = self._book.add_format({"num_format": "@"})
        self._time = self._book.add_format({"num_format": "yyyy-mm-dd hh:mm"})

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, _error: object, _trace: object) -> None:
        with self._room:
            if kind is None:
                self._book.close()
                return
            for sheet in self._book.worksheets():  # the library closes its own files only where the book is written
                sheet.row_data_fh.close()

    def sheet(self, title: str, heads: Sequence[Head], *, printed: int | None = None) -> "Sheet":
        """Another sheet, with its head; only the first ``printed`` columns are printed, so that a page can be read."""
        return Sheet(self, title, heads, printed or len(heads))

    def notes(self, title: str, lines: Iterable[Sequence[Value]], widths: Sequence[float]) -> None:
        """A sheet without a head: what is to be read beside the tables."""
        sheet = self._book.add_worksheet(title)
        for at, width in enumerate(widths):
            sheet.set_column(at, at, width)
        for number, line in enumerate(lines):
            for at, value in enumerate(line):
                self.put(sheet, number, at, value)

    def begin(self, title: str, heads: Sequence[Head]) -> Any:
        """The library's sheet, with the head that stays, its filter and how it is printed."""
        sheet = self._book.add_worksheet(title)
        for at, head in enumerate(heads):
            sheet.set_column(at, at, head.width)
            sheet.write_string(0, at, head.name, self._head)
        sheet.freeze_panes(1, 0)
        sheet.repeat_rows(0)
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)
        sheet.set_footer("&C&P / &N")
        return sheet

    def put(self, sheet: Any, row: int, at: int, value: Value) -> None:
        """One cell."""
        if isinstance(value, datetime) and value.year < _FIRST_YEAR:
            value = value.strftime(_TIME)
        if isinstance(value, str):
            sheet.write_string(row, at, cell_text(value), self._text)
        elif isinstance(value, datetime):
            sheet.write_datetime(row, at, value.replace(tzinfo=None), self._time)
        elif value is not None:
            sheet.write_number(row, at, value)


class Sheet:
    """A table that grows."""

    def __init__(self, book: Workbook, title: str, heads: Sequence[Head], printed: int) -> None:
        self._book, self._title, self._heads, self._printed = book, title, heads, printed
        self._parts, self._row = 1, 0
        self._sheet = book.begin(title, heads)

    def add(self, row: Sequence[Value]) -> None:
        """One row more."""
        if self._row == ROWS_MAX:
            self.finish()
            self._parts, self._row = self._parts + 1, 0
            self._sheet = self._book.begin(f"{self._title} {self._parts}", self._heads)
        self._row += 1
        for at, value in enumerate(row):
            self._book.put(self._sheet, self._row, at, value)

    def finish(self) -> None:
        """No more rows: what is there can be filtered and is what is printed."""
        last = len(self._heads) - 1
        self._sheet.autofilter(0, 0, self._row, last)
        self._sheet.print_area(0, 0, self._row, self._printed - 1)
