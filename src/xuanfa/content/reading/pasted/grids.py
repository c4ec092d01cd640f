"""Tables that were pasted, as Markdown: with pipes wherever no cell reaches over others, so that they can be written in; else as HTML."""

from xuanfa.content.reading.word import spans as written
from xuanfa.content.reading.word.spans import Span
from xuanfa.content.reading.word.tables import Cell, Table, labelled
from xuanfa.content.reading.word.tables import as_markdown as as_words_are


def as_markdown(table: Table, notes: dict[str, list[Span]]) -> str:
    """The table. Rows that are shorter than others are filled up."""
    if table.is_merged:
        return as_words_are(table, {name: written.as_html(spans, {}) for name, spans in notes.items()})
    width = max(len(row) for row in table.rows)
    rows = [[_cell(cell, is_head=not number) for cell in row] for number, row in enumerate(table.rows)]
    rows = [row + [""] * (width - len(row)) for row in rows]
    rows.insert(1, ["---"] * width)
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _cell(cell: Cell, *, is_head: bool) -> str:
    """One cell in one line. A head is bold by itself."""
    lines = [written.as_markdown(each, is_bold=is_head).replace("\\\n", " ") for each in map(labelled, cell.paragraphs)]
    return "<br>".join(lines).replace("|", "\\|")
