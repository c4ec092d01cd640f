"""A post's HTML as WeChat keeps it: elements that survive, classes to be turned into inline styles, outside links as numbered notes.

WeChat publishes no list of what it keeps; this is the conservative one of platforms.md, WeChat articles: sections, headings,
paragraphs, lists, quotes,
tables, pictures, ``strong``, ``em``, ``span`` and links to its own articles. Everything else becomes one of these, or only its text.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape, unescape

from xuanfa.adapters.wechat.code import COLOURED_MAX, coloured

_SAME = frozenset(
    {"blockquote", "em", "h2", "h3", "h4", "li", "ol", "p", "strong", "tbody", "td", "tfoot", "th", "thead", "tr", "ul"}
)
#: Elements that WeChat drops or shows differently from client to client, and what stands for them: element and class.
_INSTEAD: Mapping[str, tuple[str, str]] = {
    "b": ("strong", ""),
    "i": ("em", ""),
    "u": ("span", "underlined"),
    "s": ("span", "struck"),
    "del": ("span", "struck"),
    "sub": ("span", "sub"),
    "sup": ("span", "sup"),
    "code": ("span", "code"),
    "span": ("span", ""),
    "h5": ("h4", ""),
    "h6": ("h4", ""),
    "div": ("section", ""),
    "section": ("section", ""),
    "figure": ("section", "figure"),
    "figcaption": ("p", "caption"),
}
#: White space directly in these is nobody's text, and WeChat's editor makes empty list items and lines of it.
_NO_TEXT = frozenset({"", "section", "ul", "ol", "li", "table", "thead", "tbody", "tfoot", "tr", "blockquote"})
_KEPT_CLASSES = frozenset({"align-left", "align-center", "align-right", "wide", "note", "numbered"})
#: A table's cell with at most so many characters is not broken.
SHORT = 6
_OWN_ARTICLE = re.compile(r"https?://mp\.weixin\.qq\.com/")
_FOOTNOTE = re.compile(r"#fn\d+")
_TAGS = re.compile(r"<[^>]*>")
#: Sanitised HTML is as regular as this: lower-case names, quoted values, ``<`` in text written ``&lt;``. A general parser takes five times as long.
_TOKEN = re.compile(r'<(?P<end>/?)(?P<tag>[a-z][a-z0-9]*)(?P<values>(?: [a-z-]+="[^"]*")*) ?/?>|(?P<text>[^<]+)')
_VALUE = re.compile(r' ([a-z-]+)="([^"]*)"')


@dataclass(frozen=True, slots=True)
class Note:
    """An outside link: WeChat opens none, so that readers get the address in print."""

    number: int
    text: str
    address: str


@dataclass(slots=True)
class _Open:
    """An element of the source that is open: its name, what closes it, and where its content begins in the output."""

    tag: str
    close: str
    start: int
    address: str = ""


def converted(html: str, source: Callable[[str], str]) -> tuple[str, tuple[Note, ...]]:
    """``html`` (sanitised) with WeChat's elements and classes for the stylesheet, and the notes to print below it.

    ``source`` gives the address that stands for a picture of the post until it is uploaded.
    """
    converter = _Converter(source)
    converter.read(html)
    return "".join(converter.out), tuple(converter.notes)


class _Converter:
    def __init__(self, source: Callable[[str], str]) -> None:
        self.out: list[str] = []
        self.notes: list[Note] = []
        #: The number of each address's note.
        self._numbers: dict[str, int] = {}
        self._source = source
        self._open: list[_Open] = []
        self._silent = 0
        self._code: list[str] | None = None
        self._language = ""
        #: How many characters of code may still be coloured.
        self._colours_left = COLOURED_MAX
        #: The number before the next item of each open list; ``None`` for one with bullets, "" for one whose items bring their own.
        self._lists: list[int | str | None] = []
        self._in_footnotes = False
        self._footnote = 0
        self._table_at = 0

    def read(self, html: str) -> None:
        """Go through the whole text once."""
        for token in _TOKEN.finditer(html):
            tag = token["tag"]
            if tag is None:
                self._text(token["text"])
            elif token["end"]:
                self._end(tag)
            else:
                given = token["values"]
                self._start(tag, {name: unescape(value) for name, value in _VALUE.findall(given)} if given else {})

    def _start(self, tag: str, values: dict[str, str]) -> None:
        classes = values.get("class", "").split()
        if self._code is not None or tag in {"br", "hr", "img"}:
            self._single(tag, values, classes)
        elif tag == "pre":
            self._code, self._language = [], ""
        elif tag == "a":
            self._start_of_link(values, classes)
        elif tag in {"ul", "ol", "li"}:
            self._start_of_list_part(tag, values)
        elif tag == "table":
            self._table_at = len(self.out)
            self._begin(tag, '<section class="scroll"><table>', "</table></section>")
        elif tag == "caption":
            self._begin(tag, '<p class="caption">', "</p>")
        elif tag == "section" and "footnotes" in classes:
            self._in_footnotes = True
            self._begin(tag, '<section class="notes"><p class="notes-title">注释</p>', "</section>")
        elif tag == "p" and self._open and self._in_item():
            self._begin(tag, *self._paragraph_of_item())
        elif tag in _SAME or tag in _INSTEAD:
            name, class_ = _INSTEAD.get(tag, (tag, ""))
            kept = " ".join([*([class_] if class_ else []), *(name for name in classes if name in _KEPT_CLASSES)])
            self._begin(tag, f"<{name}{_attribute('class', kept)}{_cell(tag, values)}>", f"</{name}>")

    def _end(self, tag: str) -> None:
        if self._code is not None:
            if tag == "pre":
                code = "".join(self._code)
                self._colours_left -= len(code) if self._language else 0
                language = self._language if self._colours_left >= 0 else ""
                self.out.append(f'<section class="listing">{coloured(code, language)}</section>')
                self._code = None
            return
        if tag in {"ul", "ol"} and self._lists:
            self._lists.pop()
        index = next((i for i in range(len(self._open) - 1, -1, -1) if self._open[i].tag == tag), None)
        if index is None:
            return
        opened = self._open[index]
        del self._open[index:]
        if tag == "a":
            self._end_of_link(opened)
            return
        self.out.append(opened.close)
        if tag in {"td", "th"}:
            self._end_of_cell(opened)
        elif tag == "caption":  # WeChat keeps no captions inside tables: it stands before the table
            caption = self.out[opened.start :]
            del self.out[opened.start :]
            self.out[self._table_at : self._table_at] = caption
        elif tag == "section" and self._in_footnotes:
            self._in_footnotes = False

    def _text(self, data: str) -> None:
        if self._code is not None:
            self._code.append(unescape(data))
        elif not self._silent:
            if data.isspace() and (not self._open or self._open[-1].tag in _NO_TEXT):
                return
            self.out.append(data)

    def _end_of_cell(self, cell: _Open) -> None:
        """A name or a number stays on one line; the phone scrolls a table that becomes too wide."""
        if len(_TAGS.sub("", "".join(self.out[cell.start :]))) <= SHORT:
            opening = self.out[cell.start]
            has_class = ' class="' in opening
            self.out[cell.start] = (
                opening.replace(' class="', ' class="short ')
                if has_class
                else opening.replace(f"<{cell.tag}", f'<{cell.tag} class="short"')
            )

    def _single(self, tag: str, values: Mapping[str, str], classes: list[str]) -> None:
        if self._code is not None:
            self._language = next((name[9:] for name in classes if name.startswith("language-")), self._language)
        elif tag == "br":
            self.out.append("<br>")
        elif tag == "hr" and "footnotes-sep" not in classes:
            self.out.append("<hr>")
        elif tag == "img":
            width = values.get("width", "")
            style = f"width:{width if width.endswith('%') else width + 'px'}" if width else ""
            source = self._source(values.get("src", ""))
            self.out.append(
                f'<img src="{escape(source)}" alt="{escape(values.get("alt", ""))}"{_attribute("style", style)}>'
            )

    def _begin(self, tag: str, opening: str, close: str) -> None:
        self.out.append(opening)
        self._open.append(_Open(tag, close, len(self.out) - 1))

    def _in_item(self) -> bool:
        return self._open[-1].tag == "li"

    def _paragraph_of_item(self) -> tuple[str, str]:
        """Only the outermost items hold blocks; in nested ones and in footnotes a further paragraph is a new line."""
        if len(self._lists) == 1 and not self._in_footnotes:
            return "<section>", "</section>"
        is_first = len(self.out) - 1 == self._open[-1].start
        return ("" if is_first else "<br>"), ""

    def _start_of_list_part(self, tag: str, values: Mapping[str, str]) -> None:
        if tag == "li":
            self._start_of_item()
            return
        start = int(values.get("start") or 1)
        is_outermost = not self._lists and not self._in_footnotes
        number = f' start="{start}"' if tag == "ol" and start != 1 else ""
        has_own = tag == "ul" and values.get("class") == "numbered"
        number += ' class="numbered"' if has_own else ""
        self._lists.append("" if has_own else None if tag == "ul" else start - 1)
        self._begin(tag, f"<{tag}{number}>" if is_outermost else "", f"</{tag}>" if is_outermost else "")

    def _start_of_item(self) -> None:
        """Lists within lists fall apart in WeChat's editor: their items are lines with the mark as text."""
        if self._in_footnotes:
            self._footnote += 1
            self._begin("li", f'<p class="entry">[注{self._footnote}] ', "</p>")
            return
        if len(self._lists) < 2:  # noqa: PLR2004 - the outermost list
            self._begin("li", "<li>", "</li>")
            return
        mark = self._mark()
        self._begin("li", f'<section class="item">{mark}{" " if mark else ""}', "</section>")

    def _mark(self) -> str:
        """What stands before an item of a nested list."""
        number = self._lists[-1]
        if number is None:
            return "◦" if len(self._lists) == 2 else "▪"  # noqa: PLR2004 - the depth
        if isinstance(number, str):
            return number
        self._lists[-1] = number + 1
        return f"{number + 1}."

    def _start_of_link(self, values: Mapping[str, str], classes: list[str]) -> None:
        address = values.get("href", "")
        if "footnote-backref" in classes:
            self._silent += 1
            if self.out:
                self.out[-1] = self.out[-1].rstrip()
        elif _FOOTNOTE.fullmatch(address):
            self._silent += 1
            self.out.append(f"[注{address[3:]}]")
        opening = f'<a href="{escape(address)}">' if _OWN_ARTICLE.match(address) else ""
        self._begin("a", opening, "</a>" if opening else "")
        self._open[-1].address = address

    def _end_of_link(self, link: _Open) -> None:
        address = link.address
        self.out.append(link.close)
        if self._silent:
            self._silent -= 1
            return
        shown = _TAGS.sub("", "".join(self.out[link.start :])).strip()
        if link.close or not shown:
            return
        if _bare(shown) == _bare(escape(address, quote=False)):
            self.out[link.start] = '<span class="address">'
            self.out.append("</span>")
        elif address.startswith("mailto:"):
            self.out.append(f'（<span class="address">{escape(address.removeprefix("mailto:"), quote=False)}</span>）')
        elif address.startswith(("http://", "https://")):
            self.out[link.start] = '<span class="link">'
            self.out.append(f'<span class="sup">[{self._noted(shown, address)}]</span></span>')

    def _noted(self, shown: str, address: str) -> int:
        """The number of the note; one address has one note."""
        if address not in self._numbers:
            self._numbers[address] = len(self.notes) + 1
            self.notes.append(Note(len(self.notes) + 1, unescape(shown), address))
        return self._numbers[address]


def _cell(tag: str, values: Mapping[str, str]) -> str:
    if tag not in {"td", "th"}:
        return ""
    spans = "".join(_attribute(name, values.get(name, "")) for name in ("colspan", "rowspan"))
    width = values.get("width", "")
    return spans + (_attribute("style", f"width:{width if width.endswith('%') else width + 'px'}") if width else "")


def _attribute(name: str, value: str) -> str:
    return f' {name}="{escape(value)}"' if value else ""


def _bare(address: str) -> str:
    return re.sub(r"^(https?://|mailto:)", "", address).rstrip("/")
