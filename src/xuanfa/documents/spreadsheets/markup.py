"""The XML of a workbook, read as it is unpacked: rows and shared texts, without a tree, a document type or an entity.

Facts: ECMA-376 part 1, 18.3 (worksheets) and 18.4 (shared strings). Names are compared without their namespace, because strict and transitional
workbooks differ in nothing else that matters here.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO, Any, Final
from xml.parsers import expat

from xuanfa.documents.office.markup import MarkupError

#: So much is given to the parser at a time. Bytes.
_CHUNK: Final = 262_144
#: Excel's own bounds are 32,767 characters, 16,384 columns and 1,048,576 rows.
_TEXT_MAX, _COLUMNS_MAX, _ROWS_MAX = 200_000, 16_384, 10_000_000
#: How Excel writes a control in a text.
_CONTROL: Final = re.compile("_x([0-9A-Fa-f]{4})_")
_REFERENCE: Final = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})")


@dataclass(slots=True)
class RawCell:
    """A cell as it is written: its type, the number of its style, its value or text, and whether it has a formula."""

    kind: str
    style: str
    text: str
    formula: bool


@dataclass(slots=True)
class RawRowOfSheet:
    """A row as it is written."""

    number: int
    hidden: bool
    cells: dict[int, RawCell] = field(default_factory=dict)


def texts_of(stream: IO[bytes]) -> Iterator[str]:
    """The shared texts. Raises MarkupError."""
    yield from _parsed(stream, _Texts())


def rows_of(stream: IO[bytes], hidden_columns: set[int]) -> Iterator[RawRowOfSheet]:
    """The rows of a worksheet; the columns that it hides are added to ``hidden_columns`` before the first. Raises MarkupError."""
    yield from _parsed(stream, _Rows(hidden_columns))


@dataclass(slots=True)
class Styles:
    """The workbook's own formats of numbers, and the number of the format of each style of cells."""

    formats: dict[str, str] = field(default_factory=dict)
    of_cells: list[str] = field(default_factory=list)


def styles_of(stream: IO[bytes]) -> Styles:
    """What a workbook says of the formats of its numbers. Raises MarkupError."""
    handler = _Styles()
    for _ in _parsed(stream, handler):
        raise MarkupError
    return handler.found


def place_of(reference: str) -> tuple[int, int]:
    """Row and column of ``B7``, from 1. Raises MarkupError."""
    match = _REFERENCE.fullmatch(reference)
    if match is None:
        raise MarkupError
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    if column > _COLUMNS_MAX:
        raise MarkupError
    return int(match[2]), column


def _parsed(stream: IO[bytes], handler: Any) -> Iterator[Any]:
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = handler.start, handler.end
    parser.CharacterDataHandler = handler.data
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = _refuse
    try:
        while chunk := stream.read(_CHUNK):
            parser.Parse(chunk, False)
            yield from handler.taken()
        parser.Parse(b"", True)
    except (expat.ExpatError, ValueError) as error:
        raise MarkupError from error
    yield from handler.taken()


class _Handler:
    """What is common to both: the texts of ``t`` and ``v`` are gathered, those of pinyin above characters (``rPh``) are not."""

    def __init__(self) -> None:
        self._done: list[Any] = []
        self._parts: list[str] = []
        self._length = 0
        self._takes = self._above = False

    def taken(self) -> list[Any]:
        done, self._done = self._done, []
        return done

    def data(self, text: str) -> None:
        if self._takes:
            self._length += len(text)
            if self._length > _TEXT_MAX:
                raise MarkupError
            self._parts.append(text)

    def _begin(self) -> None:
        self._parts, self._length = [], 0

    def _text(self) -> str:
        text = "".join(self._parts)
        return _CONTROL.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


class _Texts(_Handler):
    """``sst/si/t`` and ``sst/si/r/t``."""

    def start(self, name: str, _attributes: dict[str, str]) -> None:
        match name.rpartition(":")[2]:
            case "si":
                self._begin()
            case "rPh":
                self._above = True
            case "t":
                self._takes = not self._above
            case _:
                pass

    def end(self, name: str) -> None:
        match name.rpartition(":")[2]:
            case "si":
                self._done.append(self._text())
            case "rPh":
                self._above = False
            case "t":
                self._takes = False
            case _:
                pass


class _Rows(_Handler):
    """``worksheet/cols/col``, and ``worksheet/sheetData/row/c`` with its ``v``, ``f`` and ``is``."""

    def __init__(self, hidden_columns: set[int]) -> None:
        super().__init__()
        self._hidden_columns = hidden_columns
        self._row = RawRowOfSheet(0, hidden=False)
        self._cell = RawCell("", "", "", formula=False)
        self._column = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        match name.rpartition(":")[2]:
            case "c":
                self._column = place_of(attributes["r"])[1] if "r" in attributes else self._column + 1
                self._cell = RawCell(attributes.get("t", "n"), attributes.get("s", ""), "", formula=False)
                self._begin()
            case "v":
                self._begin()
                self._takes = True
            case "t":
                self._takes = not self._above
            case "f":
                self._cell.formula = True
            case "row":
                number = int(attributes["r"]) if "r" in attributes else self._row.number + 1
                if number > _ROWS_MAX:
                    raise MarkupError
                self._row, self._column = RawRowOfSheet(number, hidden=_true(attributes.get("hidden", ""))), 0
            case "rPh":
                self._above = True
            case "col" if _true(attributes.get("hidden", "")):
                first, last = int(attributes["min"]), min(int(attributes["max"]), _COLUMNS_MAX)
                self._hidden_columns.update(range(first, last + 1))
            case _:
                pass

    def end(self, name: str) -> None:
        match name.rpartition(":")[2]:
            case "c":
                self._cell.text = self._text()
                if self._cell.text or self._cell.formula:
                    self._row.cells[self._column] = self._cell
            case "v" | "t":
                self._takes = False
            case "row":
                self._done.append(self._row)
            case "rPh":
                self._above = False
            case _:
                pass


class _Styles(_Handler):
    """``styleSheet/numFmts/numFmt`` and ``styleSheet/cellXfs/xf``."""

    def __init__(self) -> None:
        super().__init__()
        self.found = Styles()
        self._of_cells = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        match name.rpartition(":")[2]:
            case "numFmt":
                self.found.formats.setdefault(attributes.get("numFmtId", ""), attributes.get("formatCode", ""))
            case "cellXfs":
                self._of_cells = True
            case "xf" if self._of_cells:
                self.found.of_cells.append(attributes.get("numFmtId", "0"))
            case _:
                pass

    def end(self, name: str) -> None:
        if name.rpartition(":")[2] == "cellXfs":
            self._of_cells = False


def _true(text: str) -> bool:
    return text in {"1", "true"}


def _refuse(*_: Any) -> None:
    raise MarkupError
