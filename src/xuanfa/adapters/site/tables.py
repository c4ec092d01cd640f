"""How a table is to stand on the page: measured before it is written, because no script runs and style sheets cannot count.

Lengths are in em: a Chinese character is one, a Latin letter or digit a little more than half.
"""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

#: What fits beside others on a phone of 390 pixels, into the text's measure, onto the page. From ``templates/site/site.css``.
_PHONE, _MEASURE, _PAGE = 21.0, 42.0, 60.0
#: What fits onto paper in its smallest letters, where words may be broken (after ``_WORD``) and numbers should not.
_PAPER, _WORD = 66.0, 3.0
#: A cell of this length stays in one line; a longer one gets a column of at least ``_COLUMN``, a very long one of ``_LONG_COLUMN``.
_SHORT, _LONG = 8.0, 30.0
_COLUMN, _LONG_COLUMN = 7.0, 12.0
_PADDING = 1.4
#: So many rows make a table that scrolls below its head.
_TALL = 20
#: Signs from here on are as wide as high: CJK, and punctuation set in full width.
_WIDE = 0x2E80

_UNITS = "年月日时分秒号件人场次万亿元个名户天起例岁条项份页米%％‰"
#: A number with its unit, a date, a span of time: what no line may part.
_FIGURE = re.compile(rf"(?:\d[\d,.:/~～\-–—−]*(?:\s?[{_UNITS}]+)?)+")


@dataclass(slots=True)
class Shape:
    """One table: ``classes`` for its box, and those of its cells in the order in which they begin."""

    caption: str = ""
    classes: tuple[str, ...] = ()


@dataclass(slots=True)
class Shapes:
    """The tables of a text in the order in which they begin, and the class of every cell, likewise; of cells that are heads, of what they are
    the head (``col``, ``row``)."""

    tables: list[Shape] = field(default_factory=list)
    cells: list[str] = field(default_factory=list)
    scopes: list[str] = field(default_factory=list)


def shapes(html: str) -> Shapes:
    """Measure all tables of well-formed HTML."""
    measure = _Measure()
    measure.feed(html)
    measure.close()
    return Shapes(
        tables=[_shape(table) for table in measure.tables],
        cells=[_cell(text) for text in measure.texts],
        scopes=[measure.scopes.get(cell, "") for cell in range(len(measure.texts))],
    )


def unbroken(text: str) -> str:
    """The text of a cell, already escaped, with its numbers and dates held together."""
    return _FIGURE.sub(lambda match: _held(match[0]), text)


def _held(figure: str) -> str:
    return f'<span class="whole">{figure}</span>' if len(figure) > 1 else figure


@dataclass(slots=True)
class _Table:
    caption: str = ""
    #: The numbers of its cells, row by row.
    rows: list[list[int]] = field(default_factory=list)
    #: All cells, row by row, each with whether it is a head; and whether the row stands in the table's head.
    cells: list[list[tuple[int, bool]]] = field(default_factory=list)
    in_head: list[bool] = field(default_factory=list)
    lengths: dict[int, float] = field(default_factory=dict)
    #: Those that hold a number or a date.
    figures: dict[int, float] = field(default_factory=dict)


class _Measure(HTMLParser):
    """Collects tables and the texts of their cells."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[_Table] = []
        self.texts: list[str] = []
        self._open: list[_Table] = []
        self._cells: list[int] = []
        self._in_caption = False
        self._in_head = False
        #: Of what each head is one.
        self.scopes: dict[int, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self._open.append(_Table())
            self.tables.append(self._open[-1])
        elif tag == "tr" and self._open:
            self._open[-1].rows.append([])
            self._open[-1].cells.append([])
            self._open[-1].in_head.append(self._in_head)
        elif tag == "thead":
            self._in_head = True
        elif tag in {"td", "th"}:
            self._cells.append(len(self.texts))
            self.texts.append("")
            if self._open and self._open[-1].cells:
                self._open[-1].cells[-1].append((self._cells[-1], tag == "th"))
            if self._open and self._open[-1].rows and int(dict(attrs).get("colspan") or 1) == 1:
                self._open[-1].rows[-1].append(self._cells[-1])
        elif tag == "caption":
            self._in_caption = True

    def handle_endtag(self, tag: str) -> None:
        if tag == "table" and self._open:
            table = self._open.pop()
            self.scopes |= _scopes(table)
            table.lengths = {cell: length(self.texts[cell]) for row in table.rows for cell in row}
            table.figures = {
                cell: width for cell, width in table.lengths.items() if _FIGURE.fullmatch(self.texts[cell].strip())
            }
        elif tag == "thead":
            self._in_head = False
        elif tag in {"td", "th"} and self._cells:
            self._cells.pop()
        elif tag == "caption":
            self._in_caption = False

    def handle_data(self, data: str) -> None:
        if self._cells:
            self.texts[self._cells[-1]] += data
        elif self._in_caption and self._open:
            self._open[-1].caption += data


def _scopes(table: _Table) -> dict[int, str]:
    """Rows of nothing but heads that a table begins with are the heads of columns, whatever they stand in; any other head is that of its row."""
    scopes: dict[int, str] = {}
    is_leading = True
    for cells, in_head in zip(table.cells, table.in_head, strict=True):
        is_leading = is_leading and all(is_head for _, is_head in cells)
        scopes |= {cell: "col" if in_head or is_leading else "row" for cell, is_head in cells if is_head}
    return scopes


def length(text: str) -> float:
    """The length of a line, in em."""
    return sum(1.0 if ord(sign) >= _WIDE else 0.56 for sign in " ".join(text.split()))


def _cell(text: str) -> str:
    if _FIGURE.fullmatch(text.strip()):
        return "whole"
    return "short" if length(text) <= _SHORT else "long" if length(text) > _LONG else ""


def _shape(table: _Table) -> Shape:
    """Wider than the text: it takes the page's width. Wider than the page or the phone: it says that it scrolls there."""
    columns = max((len(row) for row in table.rows), default=0)
    wanted = [
        max((_wanted(table.lengths[row[column]]) for row in table.rows if column < len(row)), default=0.0)
        for column in range(columns)
    ]
    width = sum(wanted) + columns * _PADDING
    figures = sum(
        max((table.figures.get(row[column], _WORD) for row in table.rows if column < len(row)), default=0.0)
        for column in range(columns)
    )
    told = {
        "pair": columns <= 2,  # noqa: PLR2004 - two columns share whatever width there is
        "swipes": width > _PHONE,
        "broad": width > _MEASURE,
        "beyond": width > _PAGE,
        "crowded": figures + columns > _PAPER,
        "tall": len(table.rows) > _TALL,
    }
    return Shape(" ".join(table.caption.split()), tuple(name for name, is_so in told.items() if is_so))


def _wanted(cell: float) -> float:
    """The width that a cell of this length should have at least."""
    if cell <= _SHORT:
        return cell
    return _LONG_COLUMN if cell > _LONG else max(_COLUMN, min(cell, _LONG_COLUMN) * 0.75)
