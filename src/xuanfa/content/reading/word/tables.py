"""Tables of a Word document: a grid of cells with what is merged, as Markdown where that can say it, else as HTML."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final
from xml.etree.ElementTree import Element

from xuanfa.content.reading.word import spans as written
from xuanfa.content.reading.word.objects import called
from xuanfa.content.reading.word.paragraphs import Paragraph, Walk
from xuanfa.content.reading.word.regions import Regions, regions_of
from xuanfa.content.reading.word.spans import BREAK, Span
from xuanfa.content.reading.word.styles import is_on, value
from xuanfa.content.reading.word.styles import is_shaded as _is_shaded

#: No browser and no channel shows more of them side by side.
SPAN_MAX: Final = 200


@dataclass(slots=True)
class Cell:
    """A cell: its paragraphs, and over how many columns and rows it reaches."""

    paragraphs: list[Paragraph]
    across: int = 1
    down: int = 1
    goes_on: bool = False
    column: int = 0

    @property
    def sides(self) -> set[str]:
        """The sides on which its paragraphs stand; empty is where text stands anyway."""
        return {each.align for each in self.paragraphs if each.spans}

    @property
    def side(self) -> str:
        """The side of all that it says; empty where its paragraphs stand on several."""
        return next(iter(self.sides)) if len(self.sides) == 1 else ""

    @property
    def spans(self) -> list[Span]:
        """All that it says; its paragraphs are parted by line breaks."""
        found: list[Span] = []
        for each in self.paragraphs:
            own = labelled(each)
            if found and own:
                found.append(Span(text=BREAK))
            found += own
        return found

    @property
    def words(self) -> str:
        """The same without how it looks."""
        return written.plain(self.spans)


def labelled(paragraph: Paragraph) -> list[Span]:
    """What a paragraph of a cell says, with what stands before it."""
    label = f"{paragraph.label.text or '•'} " if paragraph.label else ""
    return [Span(text=label), *paragraph.spans] if label and paragraph.spans else paragraph.spans


@dataclass(slots=True)
class Table:
    """The rows of a table. ``number`` is that of the paragraph before its first one."""

    rows: list[list[Cell]]
    number: int
    heads: int = 0
    notes: set[str] = field(default_factory=set)

    @property
    def is_merged(self) -> bool:
        """Whether any cell reaches further than its own place."""
        return any(cell.across > 1 or cell.down > 1 or cell.goes_on for row in self.rows for cell in row)


def read_table(element: Element, walk: Walk) -> Table:
    """Read a table with all that lies in it. One within a cell becomes lines of that cell."""
    table = Table([], walk.where.paragraph)
    is_shaded_by_style = walk.styles.shades(value(element.find("tblPr"), "tblStyle"))
    rows = list(_within(element, "tr"))
    regions = regions_of(element.find("tblPr"), walk.styles, len(rows))
    for number, row in enumerate(rows):
        properties = row.find("trPr")
        for each in properties if properties is not None else ():
            if each.tag in {"ins", "del", "trPrChange"}:
                walk.questions.ask("change", "".join(text.text or "" for text in row.iter("t")))
        cells, column = [], 0
        sides = list(_sides(row, number, regions))
        for each, around in zip(_within(row, "tc"), sides, strict=True):
            cell = _cell(each, walk, column, around, is_shaded=is_shaded_by_style)
            column += cell.across
            cells.append(cell)
        if properties is not None and is_on(properties.find("tblHeader")) and table.heads == len(table.rows):
            table.heads += 1
        if cells:
            table.rows.append(cells)
    _join(table.rows)
    return table


def _within(element: Element, tag: str) -> Iterator[Element]:
    """The parts of a table, also where controls or changes hold them."""
    for each in element:
        if each.tag == tag:
            yield each
        elif each.tag in {"sdt", "sdtContent", "customXml", "ins", "moveTo"}:
            yield from _within(each, tag)


def _sides(row: Element, number: int, regions: Regions) -> Iterator[list[Element | None]]:
    """For each cell of a row, what the table's style says of its paragraphs."""
    reaches = [_across(each) for each in _within(row, "tc")]
    column = 0
    for across in reaches:
        yield regions.properties(number, column, across, sum(reaches))
        column += across


def _across(cell: Element) -> int:
    given = value(cell.find("tcPr"), "gridSpan")
    return min(max(int(given[:4]), 1), SPAN_MAX) if given.isdecimal() else 1


def _cell(element: Element, walk: Walk, column: int, by_style: list[Element | None], *, is_shaded: bool) -> Cell:
    properties = element.find("tcPr")
    for each in properties if properties is not None else ():
        if each.tag in {"cellIns", "cellDel", "cellMerge", "tcPrChange"}:
            walk.questions.ask("change", "".join(text.text or "" for text in element.iter("t")))
    merge = properties.find("vMerge") if properties is not None else None
    around, above = walk.is_shaded, walk.by_table
    walk.by_table = by_style
    walk.is_shaded = around or is_shaded or (properties is not None and _is_shaded(properties.find("shd")))
    paragraphs = list(_paragraphs(element, walk))
    walk.is_shaded, walk.by_table = around, above
    return Cell(
        paragraphs,
        across=_across(element),
        goes_on=merge is not None and merge.get("val", "continue") != "restart",
        column=column,
    )


def _paragraphs(element: Element, walk: Walk) -> Iterator[Paragraph]:
    for each in element:
        if each.tag == "p":
            yield walk.paragraph(each)
        elif each.tag == "tbl":
            walk.left_out["nested"] = walk.left_out.get("nested", 0) + 1
            for row in read_table(each, walk).rows:
                joined = Paragraph([], walk.where.paragraph)
                for cell in row:
                    joined.spans += ([Span(text="  ")] if joined.spans else []) + cell.spans
                yield joined
        elif each.tag in {"sdt", "sdtContent", "customXml", "ins", "moveTo"}:
            yield from _paragraphs(each, walk)
        elif each.tag == "altChunk":
            walk.questions.ask("object", name=called(each, walk.relations))


def _join(rows: list[list[Cell]]) -> None:
    """Let each cell that begins a column of merged ones reach down over those that go on; one without a beginning stands for itself."""
    open_: dict[int, Cell] = {}
    for row in rows:
        now: dict[int, Cell] = {}
        for cell in row:
            above = open_.get(cell.column)
            if cell.goes_on and above is not None and above.across == cell.across and not cell.words:
                above.down += 1
                now[cell.column] = above
            else:
                cell.goes_on = False
                now[cell.column] = cell
        open_ = now


def as_markdown(table: Table, notes: dict[str, str]) -> str:
    """The table: with pipes where every cell is one line and none is merged, else as HTML."""
    is_simple = not table.is_merged and len({len(row) for row in table.rows}) == 1
    used = any(span.note for row in table.rows for cell in row for span in cell.spans)
    lines = any(BREAK in span.text for row in table.rows for cell in row for span in cell.spans)
    if not is_simple or used or lines or len(table.rows) < 2 or len(table.rows[0]) < 2:  # noqa: PLR2004 - a grid
        return _html(table, notes)
    columns = [_side_of_column(column) for column in zip(*table.rows, strict=True)]
    if None in columns:
        return _html(table, notes)
    rows = [[_piped(cell.spans) for cell in row] for row in table.rows]
    rows.insert(1, [_RULES[side or ""] for side in columns])
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


#: What says below a table's head on which side its columns stand.
_RULES: Final = {"": "---", "left": ":--", "center": ":-:", "right": "--:"}


def _side_of_column(column: Sequence[Cell]) -> str | None:
    """The side on which all cells of a column stand; ``None`` where they differ. Empty cells stand where the others do."""
    sides = set[str]().union(*(cell.sides for cell in column))
    return next(iter(sides), "") if len(sides) < 2 else None  # noqa: PLR2004 - one for all


def _piped(spans: Sequence[Span]) -> str:
    return written.as_markdown(spans).replace("|", "\\|")


def _html(table: Table, notes: dict[str, str]) -> str:
    lines = ["<table>"]
    for number, row in enumerate(table.rows):
        tag = "th" if number < max(table.heads, 1 if len(table.rows) > 1 else 0) else "td"
        cells = []
        for cell in row:
            if cell.goes_on:
                continue
            reach = f' colspan="{cell.across}"' if cell.across > 1 else ""
            reach += f' rowspan="{cell.down}"' if cell.down > 1 else ""
            reach += f' align="{cell.side}"' if cell.side else ""
            cells.append(f"<{tag}{reach}>{_inside(cell, notes)}</{tag}>")
        lines.append(f"<tr>{''.join(cells)}</tr>")
    return "\n".join([*lines, "</table>"])


def _inside(cell: Cell, notes: dict[str, str]) -> str:
    """What a cell says; where its paragraphs stand on several sides, each by itself."""
    if len(cell.sides) < 2:  # noqa: PLR2004 - one for all
        return written.as_html(cell.spans, notes)
    return "".join(
        f"<p{f' align={chr(34)}{each.align}{chr(34)}' if each.align else ''}>{written.as_html(labelled(each), notes)}</p>"
        for each in cell.paragraphs
        if each.spans
    )
