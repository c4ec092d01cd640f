"""Tables: from rows of HTML cells, which may span others, to a grid in which Word wants every place named."""

from dataclasses import dataclass, field
from typing import Final

#: The width of the text on the page, in twentieths of a point; Word takes no more columns than this.
_WIDTH: Final = 8844
_COLUMNS_MAX: Final = 63
#: From here on a table is set in smaller letters.
_MANY: Final = 7
#: How wide columns may be beside each other, by the longest line that they hold. Characters.
_NARROWEST, _WIDEST = 3, 18
#: How a paragraph of a cell begins.
_IN_CELL: Final = '<w:pStyle w:val="Cell"/>'
_SEPARATOR: Final = '<w:p><w:pPr><w:spacing w:before="0" w:after="0" w:line="120" w:lineRule="exact"/></w:pPr></w:p>'
_LOOK: Final = (
    '<w:tblPr><w:tblW w:w="5000" w:type="pct"/><w:jc w:val="center"/><w:tblBorders>'
    + "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="auto"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    + "</w:tblBorders></w:tblPr>"
)


@dataclass(slots=True)
class Blocks:
    """Paragraphs and tables, one below the other."""

    parts: list[str] = field(default_factory=list)
    _after_table: bool = False

    def paragraph(self, xml: str) -> None:
        self.parts.append(xml)
        self._after_table = False

    def table(self, xml: str) -> None:
        """A table; Word would join it to one that stands directly above."""
        if self._after_table:
            self.parts.append(_SEPARATOR)
        self.parts.append(xml)
        self._after_table = True

    @property
    def inside_cell(self) -> str:
        """The blocks of a cell, which must end with a paragraph."""
        ending = "<w:p/>" if self._after_table or not self.parts else ""
        return "".join(self.parts) + ending


@dataclass(slots=True, kw_only=True)
class Cell:
    """A cell of HTML. ``across`` and ``down`` are its spans; ``down`` of 0 reaches to the end."""

    across: int = 1
    down: int = 1
    blocks: Blocks = field(default_factory=Blocks)
    #: The longest line that it holds. Characters.
    length: int = 0


@dataclass(slots=True)
class Row:
    """A row; one of the head is repeated on every page."""

    is_head: bool
    cells: list[Cell] = field(default_factory=list)


@dataclass(slots=True)
class Table:
    """A table while it is read. ``shares`` are how wide its columns are to be beside each other, where that is said; with ``together`` its
    rows stand on one page where they can."""

    rows: list[Row] = field(default_factory=list)
    shares: list[float] = field(default_factory=list)
    together: bool = False

    def xml(self) -> str:
        """The table with its grid; empty where it has no cell, or more columns than Word can show."""
        places = _placed(self.rows)
        columns = max((len(row) for row in places), default=0)
        if not 0 < columns <= _COLUMNS_MAX:
            return ""
        widths = _widths(places, columns)
        if len(self.shares) == columns:
            widths = [int(_WIDTH * share / sum(self.shares)) for share in self.shares]
        grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
        drawn = [_row(row, place, widths) for row, place in zip(self.rows, places, strict=True)]
        if self.together:
            drawn[:-1] = [each.replace(_IN_CELL, f"{_IN_CELL}<w:keepNext/>") for each in drawn[:-1]]
        rows = "".join(drawn)
        if columns >= _MANY:
            rows = rows.replace(_IN_CELL, '<w:pStyle w:val="SmallCell"/>')
        return f"<w:tbl>{_LOOK}<w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl>"


@dataclass(frozen=True, slots=True)
class _Place:
    """One place of the grid: the cell that covers it, and whether the cell begins in this row and in this column."""

    cell: Cell
    begins_here: bool
    is_first: bool


def _placed(rows: list[Row]) -> list[list[_Place | None]]:
    """The grid, row by row; ``None`` where no cell is."""
    grid: list[list[_Place | None]] = [[] for _ in rows]
    for at, row in enumerate(rows):
        column = 0
        for cell in row.cells:
            while column < len(grid[at]) and grid[at][column] is not None:
                column += 1
            for below in range(at, min(len(rows), at + cell.down) if cell.down else len(rows)):
                line = grid[below]
                line.extend([None] * (column + cell.across - len(line)))
                for offset in range(cell.across):
                    line[column + offset] = line[column + offset] or _Place(cell, below == at, offset == 0)
            column += cell.across
    return grid


def _widths(places: list[list[_Place | None]], columns: int) -> list[int]:
    lengths = [_NARROWEST] * columns
    for row in places:
        for column, place in enumerate(row):
            if place is not None and place.cell.across == 1:
                lengths[column] = max(lengths[column], min(place.cell.length, _WIDEST))
    return [_WIDTH * length // sum(lengths) for length in lengths]


def _row(row: Row, places: list[_Place | None], widths: list[int]) -> str:
    head = "<w:tblHeader/>" if row.is_head else ""
    cells, column = [], 0
    while column < len(widths):
        place = places[column] if column < len(places) else None
        span = 1
        while place is not None and column + span < len(places) and _goes_on(places[column + span], place):
            span += 1
        cells.append(_cell(place, span, sum(widths[column : column + span])))
        column += span
    return f"<w:tr><w:trPr><w:cantSplit/>{head}</w:trPr>{''.join(cells)}</w:tr>"


def _goes_on(after: _Place | None, place: _Place) -> bool:
    return after is not None and after.cell is place.cell and not after.is_first


def _cell(place: _Place | None, span: int, width: int) -> str:
    across = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    down, inside = "", "<w:p/>"
    if place is not None and place.begins_here:
        down = '<w:vMerge w:val="restart"/>' if place.cell.down != 1 else ""
        inside = place.cell.blocks.inside_cell
    elif place is not None:
        down = "<w:vMerge/>"
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{across}{down}<w:vAlign w:val="center"/></w:tcPr>{inside}</w:tc>'
