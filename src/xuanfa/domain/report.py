"""A report (报表) as data: paragraphs, tables and charts, whatever kind of file they become. It is an office's own paper, hence Chinese for every
reader; its outline (一、总体情况 二、存在问题 三、下一步工作) is that of notices in use."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Side = Literal["left", "center", "right"]


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a whole, shown in percent with one digit; of nothing it is a dash."""

    part: int
    whole: int

    def __str__(self) -> str:
        return f"{100 * self.part / self.whole:.1f}%" if self.whole else "—"


#: What a cell holds. A moment is shown in the workspace's zone; ``None`` is what nobody knows yet, which is not nought.
Value = str | int | float | datetime | Share | None


@dataclass(frozen=True, slots=True)
class Head:
    """A column of a table: its name, its width in Chinese characters, and to which side its cells stand."""

    name: str
    width: float = 8.0
    side: Side = "left"


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """Values by name, each a column that stands, or a bar that lies; ``unit`` is what is counted."""

    title: str
    names: Sequence[str]
    values: Sequence[int]
    kind: Literal["columns", "bars"] = "columns"
    unit: str = "条"


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """A table with its title; ``note`` (口径 and the like) stands below it, ``total`` is its last row. Its chart shows the same figures."""

    title: str
    heads: Sequence[Head]
    rows: Sequence[Sequence[Value]]
    total: Sequence[Value] | None = None
    note: str = ""
    chart: Chart | None = None

    @property
    def lines(self) -> Iterator[Sequence[Value]]:
        """The rows, and the total."""
        yield from self.rows
        if self.total is not None:
            yield self.total


@dataclass(frozen=True, slots=True)
class Blank:
    """What only a person can write: a hint in brackets, to be replaced."""

    hint: str


@dataclass(frozen=True, slots=True)
class Point:
    """A paragraph that begins with its own number and words: （一）内容更新。 …"""

    lead: str
    text: str


Part = str | Point | Blank | Grid
"""A paragraph, one of a list of points, what is left to write, or a table."""


@dataclass(frozen=True, slots=True)
class Section:
    """What stands under one heading; an empty heading has none."""

    heading: str
    parts: Sequence[Part]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A whole report. ``title_lines`` break where its words allow; ``term_title`` is what it is about, ``beside`` what has to be known of all
    of it (not over yet, sealed on …), ``definitions`` what its figures mean."""

    title_lines: Sequence[str]
    office: str
    term_title: str
    made_at: datetime
    beside: Sequence[str] = ()
    sections: Sequence[Section] = ()
    definitions: Sequence[str] = ()
    #: Tables behind the text, each a sheet or a page of its own.
    annexes: Sequence[Grid] = ()
    #: How many rows the list of publications has; a document shows the first ones and says so.
    rows: int = 0

    @property
    def title(self) -> str:
        """In one line."""
        return "".join(self.title_lines)

    @property
    def grids(self) -> Iterator[Grid]:
        """All its tables, in their order."""
        for section in self.sections:
            yield from (part for part in section.parts if isinstance(part, Grid))
        yield from self.annexes
