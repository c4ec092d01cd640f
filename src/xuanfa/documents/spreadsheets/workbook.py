"""Workbooks (.xlsx) from outside, opened from the disk and unpacked as they are read.

Why not openpyxl's reader: it gives a formula or what was stored as its result, never both; it believes a sheet's own word about its size, knows
neither the formats of dates by which Excel in Chinese numbers them (27 to 36, 50 to 58) nor, in its mode for large files, merged or hidden
cells, and gives up on styles that it does not know. The formats of numbers are told apart by its functions.
"""

import re
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import IO, Final

from xuanfa.documents.office.markup import MarkupError
from xuanfa.documents.office.package import DAMAGED, OLE, Package, is_bomb
from xuanfa.documents.spreadsheets.markup import RawCell, RawRowOfSheet, Styles, place_of, rows_of, styles_of, texts_of
from xuanfa.documents.spreadsheets.table import RawRow, Sheet, unreadable
from xuanfa.documents.spreadsheets.values import EPOCH_1900, EPOCH_1904, Cell, Formula, Unread, Value, serial
from xuanfa.domain.errors import ContentError, Place
from xuanfa.domain.language import say
from xuanfa.domain.moments import from_iso

#: The largest file that is opened; what all of it, and its shared texts, which are in memory together, may become. Bytes.
FILE_MAX, _ALL_MAX, _TEXTS_MAX = 100_000_000, 2_000_000_000, 250_000_000
#: So many merged ranges are looked at: nobody merges more by hand.
_MERGED_MAX: Final = 200_000
#: Formats of dates that have only a number (ECMA-376 18.8.30): everywhere, and in Excel in Chinese.
_DATES: Final = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
_MERGED: Final = re.compile(
    rb"<(?:\w+:)?mergeCell\b[^>]*?\bref\s*=\s*[\"']([A-Z]{1,3}\d{1,7}):([A-Z]{1,3}\d{1,7})[\"']"
)
_END: Final = re.compile(rb"</(?:\w+:)?sheetData\s*>|<(?:\w+:)?sheetData\s*/>")
_CHUNK: Final = 1_000_000


class Workbook:
    """An .xlsx that was opened. ``file`` stays open for as long as it is read. Raises ContentError."""

    def __init__(self, file: IO[bytes], shown_as: str) -> None:
        self._shown_as = shown_as
        self._zip = _opened(file, shown_as)
        with self._damage_told():
            package = Package(self._zip)
            root = package.tree(package.main())
            relations = package.relations(package.main())
            if root is None:
                raise unreadable(shown_as)
            is_1904 = any(each.get("date1904") in {"1", "true"} for each in root.iter("workbookPr"))
            self.epoch = EPOCH_1904 if is_1904 else EPOCH_1900
            self._sheets = [
                (each.get("name", ""), each.get("state", "visible") == "visible", relations[each.get("r:id", "")])
                for each in root.iter("sheet")
            ]
            by_kind = {each.kind: each.target for each in relations.values() if not each.is_outside}
            self._dates = self._date_styles(by_kind.get("styles", ""))
            self._texts = self._shared(by_kind.get("sharedStrings", ""))

    def sheets(self) -> Iterator[Sheet]:
        """The worksheets; charts that are sheets have no rows."""
        for name, shown, relation in self._sheets:
            if relation.kind == "worksheet":
                yield _Worksheet(self, name, shown, relation.target)

    def rows(self, part: str, hidden_columns: set[int]) -> Iterator[RawRowOfSheet]:
        """The rows of a part as they are written. Raises ContentError."""
        with self._damage_told(), self._zip.open(part) as stream:
            yield from rows_of(stream, hidden_columns)

    def merged(self, part: str) -> Sequence[tuple[int, int, int]]:
        """The ranges of merged cells of several rows: the first column, the first row and the last. Raises ContentError.

        They stand behind all rows, so that they are looked for before these are read."""
        found: list[tuple[int, int, int]] = []
        with self._damage_told():
            for first, last in _MERGED.findall(self._behind_rows(part)):
                (top, left), (bottom, _) = place_of(first.decode()), place_of(last.decode())
                if bottom > top:
                    found.append((left, top, bottom))
                if len(found) > _MERGED_MAX:
                    raise ContentError(
                        say(
                            "合并单元格超过 {most} 处，没有读。请取消合并再导入。",
                            "More than {most} ranges of cells are merged, and nothing was read. Unmerge them first.",
                            most=_MERGED_MAX,
                        ),
                        Place(self._shown_as),
                    )
        return found

    def cell(self, raw: RawCell) -> Cell:
        """What a cell says."""
        value = self._value(raw) if raw.text else None
        return Formula(value) if raw.formula else value

    def _value(self, raw: RawCell) -> Value | Unread | None:
        try:
            match raw.kind:
                case "s":
                    return self._texts[int(raw.text)]
                case "str" | "inlineStr":
                    return raw.text
                case "b":
                    return raw.text in {"1", "true"}
                case "e":
                    return Unread(
                        say(
                            "是错误值 {value}。请在表格里改好。",
                            "the error {value}. Mend it in the spreadsheet.",
                            value=raw.text,
                        )
                    )
                case "d":
                    moment = from_iso(raw.text, None) or datetime.fromisoformat(raw.text.rstrip("Z"))
                    return moment.replace(tzinfo=None)
                case _:
                    return self._number(raw)
        except (ValueError, IndexError, OverflowError):
            return Unread(
                say(
                    "“{value}”读不出来。请重新输入这一格。",
                    "{value!r} cannot be read. Type the cell anew.",
                    value=raw.text,
                )
            )

    def _number(self, raw: RawCell) -> Value:
        if raw.style not in self._dates:
            return int(raw.text) if raw.text.isdigit() else float(raw.text)
        number = float(raw.text)
        return serial(number, self.epoch) if number >= 1 else serial(number, self.epoch).time()

    def _behind_rows(self, part: str) -> bytes:
        with self._zip.open(part) as stream:
            last = b""
            while chunk := stream.read(_CHUNK):
                last = last[-40:] + chunk
                end = _END.search(last)
                if end is not None:
                    return last[end.end() :] + stream.read(_MERGED_MAX * 100)
        return b""

    def _date_styles(self, part: str) -> frozenset[str]:
        if not part:
            return frozenset()
        with self._zip.open(part) as stream:
            return _date_styles(styles_of(stream))

    def _shared(self, part: str) -> list[str]:
        if not part:
            return []
        with self._zip.open(part) as stream:
            if self._zip.getinfo(part).file_size > _TEXTS_MAX:
                raise too_large(self._shown_as)
            return list(texts_of(stream))

    @contextmanager
    def _damage_told(self) -> Iterator[None]:
        try:
            yield
        except ContentError as error:
            raise error if error.place else unreadable(self._shown_as) from error
        except (KeyError, MarkupError, *DAMAGED) as error:
            raise unreadable(self._shown_as) from error


@dataclass(slots=True)
class _Worksheet:
    """A sheet of a workbook. What is merged over several rows is said in each of them."""

    book: Workbook
    name: str
    shown: bool
    part: str
    hidden_columns: frozenset[int] = field(default=frozenset())

    def rows(self) -> Iterator[RawRow]:
        begins: dict[int, list[tuple[int, int]]] = {}
        for column, top, bottom in self.book.merged(self.part):
            begins.setdefault(top, []).append((column, bottom))
        held: dict[int, tuple[int, RawCell]] = {}
        hidden: set[int] = set()
        for row in self.book.rows(self.part, hidden):
            self.hidden_columns = frozenset(hidden) if len(hidden) != len(self.hidden_columns) else self.hidden_columns
            for column, (bottom, cell) in list(held.items()):
                if row.number > bottom:
                    del held[column]
                else:
                    row.cells.setdefault(column, cell)
            for column, bottom in begins.get(row.number, ()):
                if column in row.cells:
                    held[column] = (bottom, row.cells[column])
            yield RawRow(row.number, row.cells, self.book.cell, row.hidden)


def _opened(file: IO[bytes], shown_as: str) -> zipfile.ZipFile:
    begin = file.read(len(OLE))
    if begin == OLE or begin.startswith(OLE[:4]):
        raise ContentError(
            say(
                "文件加了密码，或是旧版 .xls。请去掉密码，另存为 .xlsx。",
                "The file has a password, or is an old .xls. Take the password off and save it as .xlsx.",
            ),
            Place(shown_as),
        )
    file.seek(0)
    try:
        opened = zipfile.ZipFile(file)
    except DAMAGED as error:
        raise unreadable(shown_as) from error
    listed = opened.infolist()
    if any(each.flag_bits & 1 for each in listed):
        raise ContentError(
            say("文件加了密码。请去掉密码再导入。", "The file has a password. Take it off."), Place(shown_as)
        )
    if is_bomb(listed, _ALL_MAX):
        raise too_large(shown_as)
    if len({each.filename for each in listed}) != len(listed):
        raise unreadable(shown_as)
    return opened


def too_large(shown_as: str) -> ContentError:
    """The refusal of a workbook that unpacks to more than any list is."""
    return ContentError(
        say("解开之后太大，不像一份清单，没有导入。", "It unpacks to far too much for a list, and was not imported."),
        Place(shown_as),
    )


def _date_styles(styles: Styles) -> frozenset[str]:
    """The numbers of the styles, as cells have them, by which a number is shown as a date or a time."""
    from openpyxl.styles.numbers import is_date_format  # noqa: PLC0415 - heavy

    own = {number: is_date_format(code) for number, code in styles.formats.items()}
    builtin = {str(number): True for number in _DATES}
    return frozenset(str(at) for at, number in enumerate(styles.of_cells) if (builtin | own).get(number, False))
