"""What somebody pastes as Markdown: headings, bold, lists, tables, links and notes of Word, WPS, Excel, WeChat's editors and web pages; letters,
colours and layout go. It is written as a Word file's text is (``reading/word``), so that both come out alike.
"""

import re
from dataclasses import dataclass
from typing import Final

from xuanfa.content.reading.pasted.cleaning import cleaned, outlines_of, program_of
from xuanfa.content.reading.pasted.grids import as_markdown
from xuanfa.content.reading.pasted.reader import Read, read
from xuanfa.content.reading.word import spans as written
from xuanfa.content.reading.word.blocks import Block, Blocks
from xuanfa.content.reading.word.paragraphs import Paragraph
from xuanfa.content.reading.word.tables import Table

_ITEM: Final = re.compile(r"(?:\{\.\w+\}\n)?(?:[-+]|\d{1,9}[.)]) ")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pasted:
    """The Markdown, and how much of what it kept. ``pictures`` did not come along; ``left_out`` names what was not taken on purpose: ``change``
    (what a tracked change has deleted), ``comment``, ``hidden``, ``note`` (one whose text was not copied). ``program``: who wrote it, if known."""

    text: str
    headings: int = 0
    tables: int = 0
    lists: int = 0
    pictures: int = 0
    left_out: frozenset[str] = frozenset()
    program: str = ""


def pasted(html: str) -> Pasted:
    """What the clipboard holds as HTML."""
    found = read(cleaned(html), outlines_of(html))
    _rank(found)
    blocks = Blocks()
    blocks.write(found.tops, lambda table: as_markdown(table, found.notes))
    blocks.found += [Block(f"[^{name}]: {written.as_markdown(spans)}", 0) for name, spans in found.used()]
    return Pasted(
        text=_joined(blocks.found),
        headings=sum(each.text.startswith("##") for each in blocks.found),
        tables=sum(isinstance(each, Table) for each in found.tops),
        lists=sum(bool(_ITEM.match(each.text)) and not each.is_item for each in blocks.found),
        pictures=found.pictures,
        left_out=frozenset(found.left_out),
        program=program_of(html),
    )


def _rank(found: Read) -> None:
    """Levels of headings without gaps between them: the highest of a post is that of a section."""
    headings = [each for each in found.tops if isinstance(each, Paragraph) and each.heading]
    levels = sorted({each.heading for each in headings})
    for each in headings:
        each.heading = levels.index(each.heading) + 1


def _joined(blocks: list[Block]) -> str:
    return "".join(("\n" if each.is_item else "\n\n") + each.text for each in blocks).strip("\n")
