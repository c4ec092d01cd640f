"""Tracked changes (修订): what differs between two texts in HTML, and how Word writes it, so that it can be accepted or rejected there."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from difflib import SequenceMatcher
from html import escape, unescape
from html.parser import HTMLParser
from typing import Final

from xuanfa.documents.word import xml

#: Elements that mark a change in merged HTML; neither is an element that a post can have.
INSERTED, DELETED = "tracked-ins", "tracked-del"
_PIECES: Final = re.compile(r"<[^>]*>|[^<]+")
#: Two paragraphs of which less is the same are another paragraph each.
_ALIKE: Final = 0.4
#: More of a text is not compared sign by sign: paragraphs of such a length are exchanged as a whole. Characters.
_COMPARED_MAX: Final = 6_000
_VOID: Final = frozenset({"br", "img", "hr"})


@dataclass(slots=True)
class Changes:
    """Whose changes they are, and when they were made. Numbers each of them."""

    author: str
    at: datetime
    _count: int = 0

    def run(self, runs: str, mark: str) -> str:
        """Ready runs as inserted or deleted ones."""
        if mark == INSERTED:
            return f"<w:ins {self._facts()}>{runs}</w:ins>"
        deleted = runs.replace("<w:t ", "<w:delText ").replace("<w:t>", "<w:delText>").replace("</w:t>", "</w:delText>")
        return f"<w:del {self._facts()}>{deleted}</w:del>"

    def paragraph(self, mark: str) -> str:
        """The properties of a paragraph that was inserted or deleted as a whole, its end included."""
        return f"<w:rPr><w:{'ins' if mark == INSERTED else 'del'} {self._facts()}/></w:rPr>"

    def _facts(self) -> str:
        self._count += 1
        moment = f"{self.at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
        return f'w:id="{self._count}" w:author={xml.attribute(self.author)} w:date="{moment}"'


def merged(before: str, after: str) -> str:
    """Sanitised HTML of which the parts between the marks were deleted from ``before`` or inserted by ``after``."""
    old, new = _blocks(before), _blocks(after)
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    parts: list[str] = []
    for kind, i, j, k, end in matcher.get_opcodes():
        if kind == "equal":
            parts += new[k:end]
        else:
            parts += _paired(old[i:j], new[k:end])
    return "\n".join(parts)


def merged_text(before: str, after: str) -> str:
    """The same of two lines of plain text, as HTML."""
    return _within(escape(before, quote=False), escape(after, quote=False))


def _paired(old: Sequence[str], new: Sequence[str]) -> Iterator[str]:
    """Paragraphs that were exchanged: each with the one that it has become, in order, where they are alike."""
    waiting = list(old)
    for block in new:
        found = next((at for at, each in enumerate(waiting) if _is_alike(each, block)), None)
        if found is None:
            yield _whole(block, INSERTED)
            continue
        yield from (_whole(each, DELETED) for each in waiting[:found])
        yield _changed(waiting[found], block)
        del waiting[: found + 1]
    yield from (_whole(each, DELETED) for each in waiting)


def _is_alike(old: str, new: str) -> bool:
    pieces = [_PIECES.findall(each) for each in (old, new)]
    shapes = [[piece for piece in each if piece.startswith("<")] for each in pieces]
    texts = [len([piece for piece in each if not piece.startswith("<")]) for each in pieces]
    if shapes[0] != shapes[1] or texts[0] != texts[1] or max(len(old), len(new)) > _COMPARED_MAX:
        return False
    return SequenceMatcher(None, old, new, autojunk=False).ratio() >= _ALIKE


def _changed(old: str, new: str) -> str:
    pairs = zip(_PIECES.findall(old), _PIECES.findall(new), strict=True)
    return "".join(after if after.startswith("<") else _within(before, after) for before, after in pairs)


def _within(old: str, new: str) -> str:
    """The changes of one piece of text, sign by sign; a Latin word or a number is one sign."""
    before, after = (re.findall(r"[A-Za-z0-9.]+|.", unescape(each), re.DOTALL) for each in (old, new))
    parts = []
    for kind, i, j, k, end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        gone, came = escape("".join(before[i:j]), quote=False), escape("".join(after[k:end]), quote=False)
        if kind == "equal":
            parts.append(came)
            continue
        parts.append(f"<{DELETED}>{gone}</{DELETED}>" if gone else "")
        parts.append(f"<{INSERTED}>{came}</{INSERTED}>" if came else "")
    return "".join(parts)


def _whole(block: str, mark: str) -> str:
    """A block of which all text, and each picture, is a change."""

    def put(piece: str) -> str:
        is_shown = not piece.startswith("<") or piece.startswith("<img")
        return f"<{mark}>{piece}</{mark}>" if is_shown and piece.strip() else piece

    return "".join(map(put, _PIECES.findall(block)))


class _Splitter(HTMLParser):
    """Finds where the outermost elements begin."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self._starts = [0]
        for line in html.split("\n"):
            self._starts.append(self._starts[-1] + len(line) + 1)
        self._depth = 0
        self.begins: list[int] = []
        self.feed(html)
        self.close()

    def _place(self) -> int:
        line, column = self.getpos()
        return self._starts[line - 1] + column

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._depth == 0:
            self.begins.append(self._place())
        self._depth += tag not in _VOID

    def handle_endtag(self, tag: str) -> None:
        self._depth -= tag not in _VOID


def _blocks(html: str) -> list[str]:
    """The outermost elements."""
    begins = _Splitter(html).begins
    ends = [*begins[1:], len(html)]
    lead = [html[: begins[0]]] if begins else [html]
    return [
        block.strip() for block in [*lead, *(html[a:b] for a, b in zip(begins, ends, strict=True))] if block.strip()
    ]
