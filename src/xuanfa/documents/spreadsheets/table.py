"""A spreadsheet as its file gives it: sheets and their rows, whatever kind of file it is."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from xuanfa.documents.spreadsheets.values import Cell
from xuanfa.domain.errors import ContentError, Place
from xuanfa.domain.language import say


@dataclass(frozen=True, slots=True)
class RawRow:
    """A row as a spreadsheet program counts them, from 1, with what is written in its columns, from 1. ``hidden``: a program does not show it."""

    number: int
    written: Mapping[int, Any]
    read: Callable[[Any], Cell]
    hidden: bool = False

    def cell(self, column: int) -> Cell:
        """What a cell says; ``None`` where there is none."""
        written = self.written.get(column)
        return None if written is None else self.read(written)


class Sheet(Protocol):
    """One sheet. ``hidden_columns`` is known once ``rows`` has given the first one."""

    name: str
    shown: bool
    hidden_columns: frozenset[int]

    def rows(self) -> Iterator[RawRow]:
        """Its rows, one after another. Raises ContentError where the file is damaged."""


class Book(Protocol):
    """All sheets of a file, in their order; ``epoch`` is the day from which its numbers count days."""

    epoch: datetime

    def sheets(self) -> Iterator[Sheet]:
        """The sheets."""


def letters(column: int) -> str:
    """The letters of a column (1 is A, 28 AB)."""
    text = ""
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(ord("A") + rest) + text
    return text


def unreadable(shown_as: str) -> ContentError:
    """The refusal of what is no workbook."""
    return ContentError(
        say("不是可用的 .xlsx 文件。请重新另存一份。", "This is no .xlsx that can be read. Save it anew."),
        Place(shown_as),
    )
