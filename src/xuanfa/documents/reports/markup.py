"""A report's parts as HTML: the web page has them, and the Word document is made of them."""

from collections.abc import Iterator, Sequence
from datetime import datetime, tzinfo
from html import escape
from typing import Final

from xuanfa.domain.report import Blank, Grid, Head, Part, Point, Share, Value

#: What is not known yet is not nought.
UNKNOWN: Final = "—"
#: A table of so many rows stands on one page.
_TOGETHER: Final = 16
#: What is longer takes several lines. Characters.
_SHORT: Final = 24


def shown(value: Value, zone: tzinfo) -> str:
    """A cell for people."""
    match value:
        case None:
            return UNKNOWN
        case datetime():
            return f"{value.astimezone(zone):%Y-%m-%d %H:%M}"
        case float():
            return f"{value:g}"
        case Share() | str() | int():
            return str(value)


def part_html(part: Part, zone: tzinfo) -> str:
    """One part, without its chart."""
    match part:
        case str():
            return f"<p>{escape(part)}</p>"
        case Point():
            return f"<p><b>{escape(part.lead)}</b>{escape(part.text)}</p>"
        case Blank():
            return f'<p class="blank">（{escape(part.hint)}）</p>'
        case Grid():
            return "".join(_table(part, zone))


def _table(grid: Grid, zone: tzinfo) -> Iterator[str]:
    is_short = len(grid.rows) <= _TOGETHER and all(len(str(value)) <= _SHORT for row in grid.rows for value in row)
    together = ' class="together"' if is_short else ""
    yield f"<table{together}>{f'<caption>{escape(grid.title)}</caption>' if grid.title else ''}{columns_html(grid.heads)}<thead><tr>"
    yield from (f"<th>{escape(head.name)}</th>" for head in grid.heads)
    yield "</tr></thead><tbody>"
    for row in grid.rows:
        yield row_html(row, grid.heads, zone)
    if grid.total is not None:
        yield row_html(grid.total, grid.heads, zone, strong=True)
    yield "</tbody></table>"
    if grid.note:
        yield f'<p class="note">注：{escape(grid.note)}</p>'


def columns_html(heads: Sequence[Head]) -> str:
    """How wide the columns are beside each other: for a page in percent, for a document by their shares."""
    whole = sum(head.width for head in heads)
    return "".join(f'<col data-share="{head.width:g}" style="width:{100 * head.width / whole:.1f}%">' for head in heads)


def row_html(row: Sequence[Value], heads: Sequence[Head], zone: tzinfo, *, strong: bool = False) -> str:
    """A row of a table."""
    cells = []
    for value, head in zip(row, heads, strict=True):
        text = escape(shown(value, zone))
        aligned = "" if head.side == "left" else f' class="align-{head.side}"'
        cells.append(f"<td{aligned}>{f'<b>{text}</b>' if strong else text}</td>")
    return f"<tr>{''.join(cells)}</tr>"
