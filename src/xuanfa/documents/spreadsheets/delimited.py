"""Tables as text (.csv, .txt from Excel): in whatever encoding and with whatever delimiter programs write them."""

import codecs
import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import IO, Final

from xuanfa.documents.spreadsheets.table import RawRow, Sheet
from xuanfa.documents.spreadsheets.values import EPOCH_1900, Cell
from xuanfa.domain.errors import ContentError, Place
from xuanfa.domain.language import say

#: The largest file that is read, row by row. Bytes.
FILE_MAX: Final = 500_000_000
DELIMITERS: Final = (",", "\t", ";", "，", "|")
#: What programs put before a text that a spreadsheet would take for a formula; it is none of the text.
_GUARDED: Final = tuple("'" + sign for sign in "=+-@\t\r")
_CHUNK, _AROUND = 1_000_000, 200_000


@dataclass(slots=True)
class Delimited:
    """A table as text, opened. ``file`` stays open for as long as it is read. ``delimiter`` may be chosen once its first lines were seen.

    Raises ContentError for what is no text.
    """

    file: IO[bytes]
    shown_as: str
    delimiter: str = ","
    epoch: datetime = EPOCH_1900
    encoding: str = field(init=False)

    def __post_init__(self) -> None:
        """See in which encoding it is."""
        self.encoding = _encoding_of(self.file, self.shown_as)

    def sheets(self) -> Iterator[Sheet]:
        """The one table that it is."""
        yield _Table(self)

    def first_rows(self, delimiter: str, most: int) -> list[list[str]]:
        """The first rows as this delimiter parts them, as far as it can."""
        found: list[list[str]] = []
        try:
            found.extend(islice(csv.reader(self._lines(), delimiter=delimiter), most))
        except csv.Error:
            return found
        return found

    def rows(self) -> Iterator[RawRow]:
        """The rows, numbered as a spreadsheet program does. Raises ContentError."""
        reader, number = csv.reader(self._lines(), delimiter=self.delimiter, strict=True), 0
        try:
            for number, cells in enumerate(reader, 1):
                yield RawRow(number, {at: text for at, text in enumerate(cells, 1) if text}, _cell)
        except csv.Error as error:
            raise ContentError(
                say(
                    "第 {row} 行读不出来：引号没有配对，或一格太长。请用表格程序打开，重新另存一份。",
                    "Row {row} cannot be read: a quotation mark has no partner, or a cell is too long. Save the file anew from a spreadsheet.",
                    row=number + 1,
                ),
                Place(self.shown_as),
            ) from error

    def _lines(self) -> io.TextIOWrapper:
        self.file.seek(0)
        return _Kept(self.file, encoding=self.encoding, newline="")


class _Kept(io.TextIOWrapper):
    """Text over a file that stays open when nobody needs the text any more."""

    def __del__(self) -> None:
        if not self.closed:
            self.detach()


@dataclass(slots=True)
class _Table:
    """The one sheet of a text."""

    of: Delimited
    name: str = ""
    shown: bool = True
    hidden_columns: frozenset[int] = frozenset()

    def rows(self) -> Iterator[RawRow]:
        yield from self.of.rows()


def _cell(text: str) -> Cell:
    return text[1:] if text.startswith(_GUARDED) else text


def _encoding_of(file: IO[bytes], shown_as: str) -> str:
    begin = file.read(2)
    if begin in {codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE}:
        encodings: Sequence[str] = ("utf-16",)
    else:
        encodings = ("utf-8-sig", "gb18030")
    for encoding in encodings:
        bad = _first_bad(file, encoding)
        if bad is None:
            return encoding
        if encoding == "utf-8-sig" and _mostly_utf8(file, bad):
            raise ContentError(
                say(
                    "第 {row} 行有一处不是 UTF-8 文字，文件像是坏了。请用表格程序打开，重新另存一份。",
                    "Line {row} has a place that is no UTF-8, as if the file were damaged. Save it anew from a spreadsheet.",
                    row=_lines_before(file, bad) + 1,
                ),
                Place(shown_as),
            )
    raise ContentError(
        say("不是文字文件，请另存为 UTF-8 再导入。", "This is no text: save it as UTF-8 and import it again."),
        Place(shown_as),
    )


def _first_bad(file: IO[bytes], encoding: str) -> int | None:
    """About where a file ceases to be text in this encoding; ``None`` where it is one to its end."""
    decoder = codecs.getincrementaldecoder(encoding)()
    file.seek(0)
    at = 0
    try:
        while chunk := file.read(_CHUNK):
            if "\0" in decoder.decode(chunk):
                return at
            at += len(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        return max(at + error.start, 0)
    return None


def _mostly_utf8(file: IO[bytes], bad: int) -> bool:
    """Whether more Chinese characters are whole in UTF-8 around this place than are broken: GB18030 text hardly ever forms any."""
    file.seek(max(bad - _AROUND, 0))
    text = file.read(2 * _AROUND).decode("utf-8", "replace")
    return sum("\u2e80" <= letter < "\ufffd" for letter in text) > text.count("\ufffd")


def _lines_before(file: IO[bytes], place: int) -> int:
    file.seek(0)
    count = 0
    while place > 0 and (chunk := file.read(min(_CHUNK, place))):
        count += chunk.count(b"\n")
        place -= len(chunk)
    return count
