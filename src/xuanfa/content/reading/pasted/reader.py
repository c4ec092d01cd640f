"""Walking through what was pasted: its paragraphs, tables and notes, as a Word file's are read."""

import hashlib
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Final

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString

from xuanfa.content.reading.pasted.cleaning import BLOCKS
from xuanfa.content.reading.pasted.looks import (
    Look,
    label_of,
    leads_back,
    notes,
    refers_to,
    style_of,
    typed_label,
    unseen,
)
from xuanfa.content.reading.word import spans as written
from xuanfa.content.reading.word.blocks import Blocks, Top
from xuanfa.content.reading.word.paragraphs import Paragraph
from xuanfa.content.reading.word.spans import BREAK, Span
from xuanfa.content.reading.word.styles import Label
from xuanfa.content.reading.word.tables import SPAN_MAX, Cell, Table

#: Nobody writes deeper; below, only the words are taken.
_DEEPEST: Final = 150
#: Stands for a line that ends in the source, until it is known between which letters.
_SOFT: Final = "\x1f"
_LINE_END: Final = re.compile(r"[ \t]*[\r\n\f][ \t\r\n\f]*")
_SPACES: Final = re.compile(f"[ \xa0\u2000-\u200a\u202f\t{_SOFT}]+")
#: Of uncertain width, and wide in Chinese.
_WIDE: Final = frozenset("“”‘’—…·")


@dataclass(slots=True)
class Read:
    """What was read, in order. ``notes`` are told by the names that the text has for them."""

    tops: list[Top] = field(default_factory=list)
    notes: dict[str, list[Span]] = field(default_factory=dict)
    pictures: int = 0
    left_out: set[str] = field(default_factory=set)

    def used(self) -> Iterator[tuple[str, list[Span]]]:
        """The notes that the text refers to outside of what holds them in full."""
        asked = {span.note for each in self.tops if isinstance(each, Paragraph) for span in each.spans if span.note}
        yield from ((name, spans) for name, spans in self.notes.items() if name in asked)


def read(html: str, outlines: Mapping[str, int]) -> Read:
    """Read HTML that ``cleaned`` has made."""
    soup = BeautifulSoup(html, "html.parser")
    found = Read()
    names = {
        id_: f"n{hashlib.sha256(_words(each).encode()).hexdigest()[:4]}"
        for each in soup.find_all(id=True)
        if (id_ := notes(each, style_of(each)))
    }
    walk = _Walk(found, dict(outlines), names, count(1))
    walk.inside(soup, Look(), 0)
    walk.end()
    found.tops = walk.tops
    return found


def _words(tag: Tag) -> str:
    return " ".join(tag.get_text().split())


@dataclass(slots=True)
class _Walk:
    """One run of paragraphs: the whole text, a cell, a quotation."""

    found: Read
    outlines: dict[str, int]
    #: The names of notes in the text, by their ids.
    names: Mapping[str, str]
    lists: "count[int]"
    tops: list[Top] = field(default_factory=list)
    _spans: list[Span] = field(default_factory=list)
    _fonts: set[str] = field(default_factory=set)
    _label: Label | None = None
    _heading: int = 0
    #: The list in which the walk is: its name and its level.
    _listed: tuple[str, int] | None = None

    def inside(self, tag: Tag, look: Look, depth: int) -> None:
        """All that an element holds."""
        if depth > _DEEPEST:
            self._say(tag.get_text(), look)
            return
        for each in list(tag.children):
            if isinstance(each, Tag):
                self._tag(each, look, depth + 1)
            elif isinstance(each, NavigableString):
                self._say(str(each), look)

    def end(self) -> None:
        """The paragraph ends here."""
        spans = written.merged(_settled(self._spans))
        if self._label is None and not self._heading:
            self._label, spans = typed_label(spans)
        said = [each for each in spans if each.text.strip() or each.note]
        if said:
            is_bold = all(each.bold for each in said if each.text.strip())
            self.tops.append(
                Paragraph(
                    spans,
                    0,
                    heading=self._heading,
                    fonts=frozenset(self._fonts),
                    is_bold=is_bold,
                    label=self._label,
                )
            )
            self._label = None
        self._spans, self._fonts = [], set()

    def _tag(self, tag: Tag, look: Look, depth: int) -> None:
        style = style_of(tag)
        why = unseen(tag, style)
        if why:
            if tag.get_text(strip=True):
                self.found.left_out.add(why)
            return
        if id_ := notes(tag, style):
            self._note(tag, id_, depth)
            return
        match tag.name:
            case "br":
                self._line(look)
            case "img":
                self.found.pictures += 1
            case "hr":
                self._whole("---")
            case "pre":
                self._code(tag)
            case "ul" | "ol":
                self._list(tag, look, depth)
            case "blockquote":
                self._quote(tag, look, depth)
            case "table":
                self._table(tag, look, depth)
            case name if name in BLOCKS:
                self._block(tag, style, look, depth)
            case _:
                self._inline(tag, style, look, depth)

    def _inline(self, tag: Tag, style: dict[str, str], look: Look, depth: int) -> None:
        if leads_back(tag):
            return
        id_ = refers_to(tag)
        if not id_:
            self.inside(tag, look.within(tag, style, {}), depth)
        elif id_ in self.names:
            self._spans.append(Span(note=self.names[id_]))
        else:
            self.found.left_out.add("note")

    def _block(self, tag: Tag, style: dict[str, str], look: Look, depth: int) -> None:
        if style.get("mso-element", "") in {"footnote-list", "endnote-list"}:
            for each in tag.find_all("hr"):
                each.decompose()
        inner = look.within(tag, style, self.outlines)
        self._part(look)
        label = label_of(tag, style)
        if label is not None:
            self._label = label
        before, self._heading = self._heading, inner.heading
        self.inside(tag, inner, depth)
        self._part(look)
        self._heading = before
        if label is not None:
            self._label = None

    def _part(self, look: Look) -> None:
        """A paragraph ends; within an item, only its line."""
        if look.in_item:
            if self._spans:
                self._spans.append(Span(text=BREAK))
        else:
            self.end()

    def _line(self, look: Look) -> None:
        """A line that somebody has ended: a paragraph, where that does not tear anything apart."""
        if look.in_item or self._heading:
            self._spans.append(Span(text=BREAK))
        else:
            self.end()

    def _say(self, text: str, look: Look) -> None:
        text = _LINE_END.sub(_SOFT, text)
        if not text:
            return
        if text.strip(_SOFT).strip() and look.font:
            self._fonts.add(look.font)
        script = {"super": "sup"}.get(look.script, look.script)
        self._spans.append(Span(text=text, bold=look.bold, strike=look.strike, script=script, link=look.link))

    def _whole(self, text: str) -> None:
        self.end()
        self.tops.append(text)

    def _code(self, tag: Tag) -> None:
        text = tag.get_text().strip("\n")
        fence = "`" * max(3, *(len(each) + 1 for each in re.findall("`+", text)), 3)
        if text.strip():
            self._whole(f"{fence}\n{text}\n{fence}")

    def _quote(self, tag: Tag, look: Look, depth: int) -> None:
        self.end()
        inner = self._apart(tag, replace(look, in_item=False), depth)
        blocks = Blocks()
        blocks.write([each for each in inner if isinstance(each, Paragraph)], lambda _: "")
        if blocks.found:
            lines = "".join(("\n" if each.is_item else "\n\n") + each.text for each in blocks.found).strip("\n")
            self.tops.append("\n".join(f"> {line}".rstrip() for line in lines.split("\n")))
        self.tops += [each for each in inner if not isinstance(each, Paragraph)]

    def _apart(self, tag: Tag, look: Look, depth: int) -> list[Top]:
        """What an element holds, as a run of its own."""
        walk = _Walk(self.found, self.outlines, self.names, self.lists)
        walk.inside(tag, look, depth)
        walk.end()
        return walk.tops

    def _note(self, tag: Tag, id_: str, depth: int) -> None:
        paragraphs = [each for each in self._apart(tag, Look(), depth) if isinstance(each, Paragraph)]
        spans: list[Span] = []
        for each in paragraphs:
            spans += ([Span(text=" ")] if spans else []) + each.spans
        self.found.notes[self.names[id_]] = spans

    def _list(self, tag: Tag, look: Look, depth: int) -> None:
        self.end()
        above = self._listed
        name = above[0] if above else f"html{next(self.lists)}"
        level = above[1] + 1 if above else 0
        self._listed = (name, level)
        start = str(tag.get("start") or "1")
        number = int(start) if start.isdecimal() and len(start) < 7 else 1  # noqa: PLR2004 - no list is as long
        for each in tag.children:
            if not isinstance(each, Tag):  # as what follows: what programs put there all the same
                self._say(str(each), look)
                continue
            if each.name != "li" or unseen(each, style_of(each)):
                self._tag(each, look, depth)
                continue
            self.end()
            is_counted = tag.name == "ol"
            self._label = Label(
                level,
                f"{number}." if is_counted else "",
                is_bullet=not is_counted,
                number=number if is_counted else None,
                list=name,
            )
            self.inside(each, replace(look.within(each, style_of(each), {}), in_item=True), depth)
            self.end()
            self._label = None
            number += 1
        self._listed = above

    def _table(self, tag: Tag, look: Look, depth: int) -> None:
        self.end()
        look = replace(look, in_item=False, heading=0)
        rows = [] if tag.find("table") is not None else self._rows(tag, look, depth)
        if len(rows) > 1 or (rows and len(rows[0]) > 1):
            caption = tag.find("caption")
            if caption is not None:
                self.inside(caption, look, depth)
                self.end()
            if len(rows) > 2 and len(rows[0]) == 1 and rows[0][0].across > 1:  # noqa: PLR2004 - a title above a table of its own
                self.tops += rows.pop(0)[0].paragraphs
            self.tops.append(Table(rows, 0, heads=1))
        elif rows:
            self.tops += rows[0][0].paragraphs
        else:  # a table that only places what lies in it
            for each in (cell for line in _lines(tag) for cell in _cells(line)):
                self._block(each, style_of(each), look, depth)

    def _rows(self, tag: Tag, look: Look, depth: int) -> list[list[Cell]]:
        """The rows that are seen; a cell reaches over those of them that it reaches over."""
        hidden = _hidden_columns(tag)
        lines = [(each, not unseen(each, style_of(each))) for each in _lines(tag)]
        if any(_words(each) for each, is_seen in lines if not is_seen):
            self.found.left_out.add("hidden")
        rows: list[list[Cell]] = []
        held: dict[int, int] = {}
        for at, (line, is_seen) in enumerate(lines):
            cells, column = [], 0
            for each in _cells(line):
                while held.get(column, -1) >= at:
                    column += 1
                across, down = _reach(each, "colspan"), _reach(each, "rowspan")
                if down > 1:
                    held |= dict.fromkeys(range(column, column + across), at + down - 1)
                shown = sum(place not in hidden for place in range(column, column + across))
                column += across
                if not shown or not is_seen or unseen(each, style_of(each)):
                    if is_seen and _words(each):
                        self.found.left_out.add("hidden")
                    continue
                down = sum(seen for _, seen in lines[at : at + down])
                inner = [
                    each
                    for each in self._apart(each, look.within(each, style_of(each), {}), depth)
                    if isinstance(each, Paragraph)
                ]
                cells.append(Cell(inner, across=shown, down=max(down, 1), column=column))
            if is_seen and (any(each.paragraphs for each in cells) or any(each.down > 1 for each in cells)):
                rows.append(cells)
        return rows


def _lines(table: Tag) -> Iterator[Tag]:
    """The rows of a table, and not those of one within it."""
    for each in table.children:
        if isinstance(each, Tag) and each.name in {"thead", "tbody", "tfoot"}:
            yield from _lines(each)
        elif isinstance(each, Tag) and each.name == "tr":
            yield each


def _cells(line: Tag) -> Iterator[Tag]:
    yield from (each for each in line.children if isinstance(each, Tag) and each.name in {"td", "th"})


def _hidden_columns(tag: Tag) -> set[int]:
    hidden, at = set[int](), 0
    for each in tag.find_all("col"):
        reach = _reach(each, "span")
        if unseen(each, style_of(each)):
            hidden |= set(range(at, at + reach))
        at += reach
    return hidden


def _reach(tag: Tag, name: str) -> int:
    given = str(tag.get(name) or "1")
    return min(max(int(given[:5]), 1), SPAN_MAX) if given.isdecimal() and given.isascii() else 1


def _settled(spans: list[Span]) -> list[Span]:
    """The spans with one space where there were several, and none where a line of Chinese was only broken in the source."""
    text = "".join(each.text for each in spans)
    letters = list(text)
    for match in _SPACES.finditer(text):
        beside = text[match.start() - 1 : match.start()] + text[match.end() : match.end() + 1]
        is_broken = _SOFT in match[0] and (len(beside) < 2 or any(map(_is_wide, beside)))  # noqa: PLR2004 - both neighbours
        letters[match.start() : match.end()] = ["" if is_broken else " ", *([""] * (len(match[0]) - 1))]
    settled, at = [], 0
    for each in spans:
        settled.append(replace(each, text="".join(letters[at : at + len(each.text)])))
        at += len(each.text)
    return settled


def _is_wide(letter: str) -> bool:
    return letter in _WIDE or unicodedata.east_asian_width(letter) in "WF"
