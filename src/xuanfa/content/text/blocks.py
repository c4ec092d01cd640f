"""Sanitised HTML as a row of plain blocks, for cards and documents that set the text themselves."""

import re
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Literal

Kind = Literal["paragraph", "heading", "item", "quote", "picture", "caption"]

_HEADINGS = frozenset({"h2", "h3", "h4", "h5", "h6"})
_ENDS = frozenset(
    {"p", "li", "blockquote", "figure", "figcaption", "pre", "div", "section", "caption", "tr", "table", "hr"}
)
_CELLS = frozenset({"td", "th"})


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of the text. ``mark`` is a list item's (``•``, ``3.``), ``depth`` how far lists are nested in each other, from one.

    A picture's ``text`` is its description, and its ``source`` is as the post writes it; its caption is the block after it.
    """

    kind: Kind
    text: str
    mark: str = ""
    depth: int = 0
    source: str = ""


def blocks(html: str) -> list[Block]:
    """The blocks in order. A table's row is a paragraph with its cells parted by spaces; footnotes' marks are left out."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.finished()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._blocks: list[Block] = []
        self._text: list[str] = []
        #: The number of the next item of each open list; for one that counts nothing, the mark of all.
        self._lists: list[int | str] = []
        self._quotes = 0
        self._heading = False
        self._caption = False
        self._mark = ""
        self._silent = 0

    def finished(self) -> list[Block]:
        self._flush()
        return self._blocks

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in _ENDS or tag in _HEADINGS or tag in {"ul", "ol"}:
            self._flush()
        if tag in _CELLS and self._text:
            self._text.append("\u3000")
        if tag in {"ul", "ol"}:
            mark = "" if given.get("class") == "numbered" else "•"
            self._lists.append(int(given.get("start") or 1) if tag == "ol" else mark)
        elif tag == "li":
            self._mark = self._next_mark()
        elif tag == "img":
            self._picture(given)
        elif tag == "br":
            self._flush()
        self._silent += tag == "sup" and "footnote-ref" in (given.get("class") or "")
        self._quotes += tag == "blockquote"
        self._heading = self._heading or tag in _HEADINGS
        self._caption = self._caption or tag == "figcaption"

    def handle_endtag(self, tag: str) -> None:
        if tag in _ENDS or tag in _HEADINGS or tag in {"ul", "ol"}:
            self._flush()
        if tag in {"ul", "ol"} and self._lists:
            self._lists.pop()
        self._silent = max(self._silent - (tag == "sup"), 0)
        self._quotes -= tag == "blockquote"
        self._heading = self._heading and tag not in _HEADINGS
        self._caption = self._caption and tag != "figcaption"

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self._text.append(data)

    def _next_mark(self) -> str:
        number = self._lists[-1] if self._lists else "•"
        if isinstance(number, str):
            return number
        self._lists[-1] = number + 1
        return f"{number}."

    def _picture(self, given: dict[str, str | None]) -> None:
        self._flush()
        self._blocks.append(Block("picture", given.get("alt") or "", source=given.get("src") or ""))

    def _flush(self) -> None:
        text = re.sub(r"[ \t\n]+", " ", "".join(self._text)).strip(" \u3000")
        self._text = []
        if not text:
            return
        kind: Kind = "paragraph"
        if self._heading:
            kind = "heading"
        elif self._caption:
            kind = "caption"
        elif self._lists:
            kind = "item"
        elif self._quotes:
            kind = "quote"
        self._blocks.append(Block(kind, text, self._mark, len(self._lists)))
        self._mark = ""
