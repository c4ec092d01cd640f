"""Tables as forms have them: a fixed grid, rows of a fixed height, boxes for pens. Measures are millimetres and points of type."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from xuanfa.documents.word import xml

#: Twentieths of a point in a millimetre.
_TWIPS: Final = 1440 / 25.4
#: Points in a millimetre.
_POINTS: Final = 72 / 25.4
#: A cell's own margin at its left and right.
_PADDING: Final = 1.2
#: A line is so many times as high as its type, and letters of the Latin alphabet take so much of a Chinese one.
_LEADING: Final = 1.25
_LATIN: Final = 0.55
#: Characters up to here are no Chinese ones.
_NARROW_TO: Final = "\u2e7f"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A box of ``span`` columns. ``lines`` are paragraphs; ``raw`` are ready paragraphs that stand before them.

    What is longer than the box is cut with an ellipsis, so that a row never grows: the page stays one page.
    """

    lines: Sequence[str] = ()
    span: int = 1
    size: float = 10.5
    label: bool = False
    centred: bool = False
    #: Where its content stands: ``center``, ``top`` or ``bottom``.
    stands: str = "center"
    bare: bool = False
    raw: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row that is exactly ``height`` millimetres high."""

    height: float
    cells: Sequence[Cell]


def table(columns: Sequence[float], rows: Iterable[Row]) -> str:
    """The table; ``columns`` are widths in millimetres."""
    total = round(sum(columns) * _TWIPS)
    edges = "".join(
        f'<w:{side} w:val="single" w:sz="{8 if side in _OUTER else 4}" w:space="0" w:color="000000"/>'
        for side in (*_OUTER, "insideH", "insideV")
    )
    margins = "".join(f'<w:{side} w:w="{round(_PADDING * _TWIPS)}" w:type="dxa"/>' for side in ("left", "right"))
    grid = "".join(f'<w:gridCol w:w="{round(width * _TWIPS)}"/>' for width in columns)
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{total}" w:type="dxa"/><w:jc w:val="center"/><w:tblBorders>{edges}</w:tblBorders>'
        f'<w:tblLayout w:type="fixed"/><w:tblCellMar>{margins}</w:tblCellMar></w:tblPr><w:tblGrid>{grid}</w:tblGrid>'
        f"{''.join(_row(row, columns) for row in rows)}</w:tbl>"
    )


_OUTER: Final = ("top", "left", "bottom", "right")


def fitted(lines: Sequence[str], *, width: float, height: float, size: float) -> list[str]:
    """The lines as they fit into a box; what does not is cut, with an ellipsis where it was."""
    most = max(1, int(height * _POINTS / (size * _LEADING)))
    room = width * _POINTS / size
    shown: list[str] = []
    for line in lines:
        left = most - sum(_rows_of(each, room) for each in shown)
        if left <= 0:
            shown[-1] = _cut(shown[-1] + "…", room * _rows_of(shown[-1], room))
            break
        shown.append(_cut(line, room * left))
    return shown


def _rows_of(line: str, room: float) -> int:
    return max(1, -int(-_length(line) // room))


def _length(text: str) -> float:
    return sum(_LATIN if letter <= _NARROW_TO else 1.0 for letter in text)


def _cut(text: str, most: float) -> str:
    if _length(text) <= most:
        return text
    kept = ""
    for letter in text.rstrip("…"):
        if _length(kept + letter) + 1 > most:
            break
        kept += letter
    return kept + "…"


def _row(row: Row, columns: Sequence[float]) -> str:
    cells, at = [], 0
    for cell in row.cells:
        width = sum(columns[at : at + cell.span])
        cells.append(_cell(cell, width, row.height))
        at += cell.span
    height = round(row.height * _TWIPS)
    return f'<w:tr><w:trPr><w:cantSplit/><w:trHeight w:val="{height}" w:hRule="exact"/></w:trPr>{"".join(cells)}</w:tr>'


def _cell(cell: Cell, width: float, height: float) -> str:
    span = f'<w:gridSpan w:val="{cell.span}"/>' if cell.span > 1 else ""
    sides = "".join(f'<w:{side} w:val="nil"/>' for side in _OUTER)
    borders = f"<w:tcBorders>{sides}</w:tcBorders>" if cell.bare else ""
    shade = '<w:shd w:val="clear" w:color="auto" w:fill="F2F2F2"/>' if cell.label else ""
    lines = fitted(cell.lines, width=width - 2 * _PADDING, height=height - 0.5, size=cell.size)
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{round(width * _TWIPS)}" w:type="dxa"/>{span}{borders}{shade}'
        f'<w:vAlign w:val="{cell.stands}"/></w:tcPr>{_paragraphs(cell, lines)}</w:tc>'
    )


def _paragraphs(cell: Cell, lines: Sequence[str]) -> str:
    """Lines are as high as ``fitted`` has counted them: a typeface that would have them higher would not fit."""
    style = "Label" if cell.label else "Value"
    high = f'<w:spacing w:before="0" w:after="0" w:line="{round(cell.size * _LEADING * 20)}" w:lineRule="exact"/>'
    middle = high + ('<w:jc w:val="center"/>' if cell.centred or cell.label else "")
    half = round(cell.size * 2)
    look = f'<w:sz w:val="{half}"/><w:szCs w:val="{half}"/>'
    each = [xml.paragraph(style, xml.run(line, look), middle) for line in lines]
    return cell.raw + "".join(each) or xml.paragraph(style, "", middle)
