"""Sanitised HTML into paragraphs and tables."""

from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import Final
from urllib.parse import unquote

from xuanfa.documents.word import xml
from xuanfa.documents.word.pictures import NAMESPACES, drawn, readable
from xuanfa.documents.word.tables import Blocks, Cell, Row, Table
from xuanfa.documents.word.tracked import DELETED, INSERTED, Changes

_W: Final = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_R: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

#: Elements that change how their text looks, in the order in which the schema wants the properties.
_FORMS: Final = (
    (frozenset({"strong", "b", "th"}), "<w:b/>"),
    (frozenset({"em", "i"}), "<w:i/>"),
    (frozenset({"s", "del"}), "<w:strike/>"),
    (frozenset({"a"}), '<w:color w:val="1F3B6D"/>'),
    (frozenset({"u"}), '<w:u w:val="single"/>'),
    (frozenset({"sup"}), '<w:vertAlign w:val="superscript"/>'),
    (frozenset({"sub"}), '<w:vertAlign w:val="subscript"/>'),
)
_HEADINGS: Final = frozenset({"h2", "h3", "h4", "h5", "h6"})
_BLOCKS: Final = (
    frozenset({"p", "li", "ul", "ol", "blockquote", "figure", "figcaption", "pre", "div", "section", "caption", "hr"})
    | frozenset({"table", "thead", "tbody", "tfoot", "tr", "td", "th"})
    | _HEADINGS
)
_EMPTY: Final = frozenset({"br", "col", "img", "hr"})
#: By the depth of the list.
_MARKS: Final = "•◦▪"
#: Twentieths of a point: two characters of the text for each depth, and room for the mark.
_STEP, _ROOM = 640, 480


@dataclass(frozen=True, slots=True)
class _Open:
    """An element that is open: its name, its classes, where its link leads."""

    tag: str
    classes: frozenset[str] = frozenset()
    address: str = ""


class Writer(HTMLParser):
    """Feed it HTML, then ask for the ``document``; ``media`` and ``links`` are what it refers to, by name and by address."""

    def __init__(self, folder: Path, changes: Changes | None = None) -> None:
        super().__init__(convert_charrefs=True)
        self._changes = changes
        #: Whether all of the paragraph that is being written is new, or is gone.
        self._marks_of_runs: set[str] = set()
        self.media: dict[str, tuple[str, bytes]] = {}
        self.links: dict[str, str] = {}
        self._folder = folder
        self._body = Blocks()
        self._runs: list[str] = []
        self._length = 0
        self._open: list[_Open] = []
        #: The number of the next item of each open list; for one that counts nothing, the mark of all.
        self._lists: list[int | str] = []
        self._mark = ""
        self._tables: list[Table] = []
        self._cells: list[Cell] = []
        self._captions: list[str] = []

    def document(self, section: str = "") -> str:
        """The whole document; ``section`` are properties of its pages that come first, such as their footers."""
        self._flush()
        return (
            f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:document xmlns:w="{_W}" xmlns:r="{_R}" {NAMESPACES}><w:body>'
            f'{self._body.inside_cell}<w:sectPr>{section}<w:pgSz w:w="11906" w:h="16838"/>'
            '<w:pgMar w:top="2098" w:right="1474" w:bottom="1985" w:left="1588" w:header="851" w:footer="992" w:gutter="0"/>'
            "</w:sectPr></w:body></w:document>"
        )

    def line(self, style: str, text: str) -> None:
        """A paragraph of plain text."""
        self._here.paragraph(xml.paragraph(style, xml.run(text)))

    def paragraph(self, style: str, runs: str, more: str = "") -> None:
        """A paragraph of ready runs, with properties of its own."""
        self._here.paragraph(xml.paragraph(style, runs, more))

    @property
    def _here(self) -> Blocks:
        """Where paragraphs go: the innermost cell, or the page."""
        return self._cells[-1].blocks if self._cells else self._body

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in _BLOCKS:
            self._flush()
        match tag:
            case "ul" | "ol":
                mark = "" if "numbered" in given.get("class", "").split() else _MARKS[len(self._lists) % len(_MARKS)]
                self._lists.append(int(given.get("start") or 1) if tag == "ol" else mark)
            case "li":
                self._mark = self._next_mark()
            case "br":
                self._runs.append("<w:r><w:br/></w:r>")
            case "hr":
                self._here.paragraph(xml.paragraph("Rule", xml.run("——————")))
            case "img":
                self._picture(unquote(given.get("src", "")), given)
            case "table":
                self._tables.append(Table(together="together" in given.get("class", "").split()))
            case "col" if self._tables:
                self._tables[-1].shares.append(float(given.get("data-share") or 1))
            case "tr" if self._tables:
                self._tables[-1].rows.append(Row(is_head=self._is_within("thead")))
            case "td" | "th" if self._tables and self._tables[-1].rows:
                self._cells.append(Cell(across=max(1, _span(given, "colspan")), down=_span(given, "rowspan")))
                self._tables[-1].rows[-1].cells.append(self._cells[-1])
            case _:
                pass
        if tag not in _EMPTY:
            self._open.append(_Open(tag, frozenset(given.get("class", "").split()), given.get("href", "")))

    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCKS:
            self._flush()
        if tag in {"td", "th"} and self._cells:
            self._cells.pop()
        elif tag in {"ul", "ol"} and self._lists:
            self._lists.pop()
        elif tag == "table" and self._tables:
            self._end_table()
        names = [one.tag for one in self._open]
        if tag in names:
            del self._open[len(names) - 1 - names[::-1].index(tag)]

    def handle_data(self, data: str) -> None:
        signs: dict[str, str | int | None] = {"\t": "    "} if self._is_within("pre") else {"\t": " ", "\n": " "}
        data = data.translate(str.maketrans(signs))
        if any("footnote-backref" in one.classes for one in self._open) or not (data.strip() or self._runs):
            return  # an arrow back to the text leads nowhere on paper
        self._length += len(data)
        self._runs.append(self._tracked(self._linked(xml.run(data, self._form()))))

    def _tracked(self, run: str) -> str:
        """The run as a change, where it is one."""
        mark = next((one.tag for one in reversed(self._open) if one.tag in {INSERTED, DELETED}), "")
        self._marks_of_runs.add(mark)
        return run if self._changes is None or not mark else self._changes.run(run, mark)

    def _form(self) -> str:
        inside = {one.tag for one in self._open}
        return "".join(form for tags, form in _FORMS if tags & inside)

    def _linked(self, run: str) -> str:
        """The run as a link, where it is one that leads out of the text."""
        address = next((one.address for one in reversed(self._open) if one.address), "")
        if not address.startswith(("http://", "https://", "mailto:")):
            return run
        name = self.links.setdefault(address, f"rIdL{len(self.links) + 1}")
        return f'<w:hyperlink r:id="{name}">{run}</w:hyperlink>'

    def _next_mark(self) -> str:
        number = self._lists[-1] if self._lists else _MARKS[0]
        if isinstance(number, str):
            return number
        self._lists[-1] = number + 1
        return f"{number}."

    def _flush(self) -> None:
        """End the paragraph that is being written."""
        if not self._runs:
            return
        runs, mark = "".join(self._runs), self._mark
        if self._cells:
            self._cells[-1].length = max(self._cells[-1].length, self._length)
        changed = self._marks_of_runs
        self._runs, self._mark, self._length, self._marks_of_runs = [], "", 0, set()
        style = self._style()
        if style == "TableCaption":
            self._captions.append(xml.paragraph(style, runs))
            return
        listed = xml.run(f"{mark}\t") if mark else ""
        more = self._more(style, is_marked=bool(mark))
        if self._changes is not None and len(changed) == 1 and "" not in changed:
            listed = self._changes.run(listed, *changed) if listed else ""
            more += self._changes.paragraph(*changed)
        self._here.paragraph(xml.paragraph(style, listed + runs, more))

    def _style(self) -> str:
        inside = [one.tag for one in self._open]
        if "caption" in inside:
            return "TableCaption"
        if self._cells:
            return "Cell"
        if any("title" in one.classes for one in self._open):
            return "Title"
        if _HEADINGS & set(inside):
            return "Heading1" if "h2" in inside else "Heading2"
        if "figcaption" in inside:
            return "Caption"
        if "pre" in inside:
            return "Code"
        return "Quote" if "blockquote" in inside else "Item" if "li" in inside else "Normal"

    def _more(self, style: str, *, is_marked: bool) -> str:
        """What this paragraph has besides its style: how deep it stands in lists, and how it is aligned."""
        depth = len(self._lists) if self._is_within("li") else 0
        indent = ""
        if depth and style != "Cell":
            left = _STEP * depth + _ROOM
            hanging = f'w:hanging="{_ROOM}"' if is_marked else 'w:firstLineChars="0" w:firstLine="0"'
            indent = f'<w:tabs><w:tab w:val="left" w:pos="{left}"/></w:tabs><w:ind w:leftChars="0" w:left="{left}" {hanging}/>'
        elif depth:
            left = _ROOM * depth
            indent = f'<w:tabs><w:tab w:val="left" w:pos="{left}"/></w:tabs><w:ind w:left="{left}" w:hanging="{_ROOM if is_marked else 0}"/>'
        aligned = self._alignment()
        if aligned and not depth and style == "Normal":
            indent = '<w:ind w:firstLineChars="0" w:firstLine="0"/>'
        return indent + aligned

    def _alignment(self) -> str:
        for one in reversed(self._open):
            for name in ("left", "center", "right"):
                if f"align-{name}" in one.classes:
                    return f'<w:jc w:val="{name}"/>'
            if one.tag == "th":
                return '<w:jc w:val="center"/>'
        return ""

    def _end_table(self) -> None:
        table = self._tables.pop()
        for caption in self._captions:
            self._here.paragraph(caption)
        self._captions = []
        if table.xml():
            self._here.table(table.xml())
            return
        # Wider than Word's tables can be: row by row, so that no word is lost.
        for cell in (cell for row in table.rows for cell in row.cells):
            for part in cell.blocks.parts:
                self._here.paragraph(part)

    def _picture(self, source: str, given: dict[str, str]) -> None:
        found = readable(self._folder / source)
        if found is None:
            return
        self._flush()
        data, size = found
        number = len(self.media) + 1
        name = f"rId{number}"
        self.media[name] = (Path(source).suffix.lower(), data)
        run = drawn(
            size,
            given.get("width", ""),
            number=number,
            name=name,
            alt=given.get("alt", ""),
            in_cell=bool(self._cells),
        )
        self._here.paragraph(xml.paragraph("Picture", self._tracked(run)))
        self._marks_of_runs = set()

    def _is_within(self, tag: str) -> bool:
        return any(one.tag == tag for one in self._open)


def _span(given: dict[str, str], name: str) -> int:
    value = given.get(name, "1")
    return int(value) if value.isdecimal() else 1
