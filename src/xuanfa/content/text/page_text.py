"""What a page of somebody else's shows to whoever reads it: its title and its words, block by block, whatever it does besides.

The page is parsed once by html5ever (``nh3``), as browsers do it; what comes of that is well formed, and is walked through tag by tag. Both take
time that grows with the page's length, whatever it holds.
"""

import re
from dataclasses import dataclass, field
from html import unescape
from typing import Final

#: So much of a page's words is looked at. Characters.
WORDS_MAX: Final = 300_000
_BLOCKS: Final = frozenset(
    {
        *("address", "article", "aside", "blockquote", "br", "caption", "dd", "div", "dl", "dt", "fieldset", "figcaption"),
        *("figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p"),
        *("pre", "section", "table", "tbody", "td", "tfoot", "th", "thead", "title", "tr", "ul"),
    }
)  # fmt: skip
_KEPT: Final = {*_BLOCKS, *("a", "input", "meta", "span", "b", "strong", "i", "em", "u", "s", "font", "label", "small")}
#: What nobody sees of a page whose scripts run.
_UNSEEN: Final = {"script", "style", "noscript", "template", "svg", "math", "iframe", "object", "select", "textarea"}
_NOT_SHOWN: Final = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_SCRIPT: Final = re.compile(r"<script\b", re.IGNORECASE)
_VOID: Final = frozenset({"br", "hr", "input", "meta"})
#: Elements whose end nothing but an end tag is, and how many may be open at once: the parser's work grows with that. No real page has a tenth.
_NESTS: Final = re.compile(
    r"<(/?)(?:a|abbr|article|aside|b|big|blockquote|button|center|code|dl|div|em|fieldset|figure|font|footer|form|header|i|ins|kbd|label|main"
    r"|nav|ol|s|section|small|span|strike|strong|sub|sup|table|tt|u|ul)\b",
    re.IGNORECASE,
)
_OPEN_MAX: Final = 400
#: The pieces of well-formed markup.
_PIECE: Final = re.compile(
    r"<(?P<end>/?)(?P<tag>[a-z][a-z0-9]*)(?P<rest>(?:[^<>\"]|\"[^\"]*\")*)>|(?P<words>[^<]+|<)", re.IGNORECASE
)
_VALUE: Final = re.compile(r"([a-z][a-z-]*)=\"([^\"]*)\"", re.IGNORECASE)


@dataclass(slots=True)
class PageText:
    """``titles`` are what the page calls itself, ``lines`` its blocks in order. ``asks`` says that it asks for a password; ``scripts``, how
    many it runs."""

    titles: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    asks: bool = False
    scripts: int = 0

    @property
    def text(self) -> str:
        """All of its blocks, one a line."""
        return "\n".join(self.lines)


def page_text(markup: str) -> PageText:
    """What is read of a page. What is no markup is read as it is."""
    if "<" not in markup:
        return PageText(lines=_lines(markup[:WORDS_MAX]))
    walk = _Walk()
    for piece in _PIECE.finditer(_well_formed(_as_deep_as_can_be(markup))):
        if piece["words"] is not None:
            walk.read(piece["words"])
        elif piece["end"]:
            walk.close(piece["tag"])
        else:
            walk.open(piece["tag"], piece["rest"])
    walk.flush()
    walk.found.scripts = len(_SCRIPT.findall(markup))
    return walk.found


def _as_deep_as_can_be(markup: str) -> str:
    """The page up to where too much is open at once: what lies behind that is not looked at."""
    depth = 0
    for tag in _NESTS.finditer(markup):
        depth = max(0, depth - 1) if tag[1] else depth + 1
        if depth > _OPEN_MAX:
            return markup[: tag.start()]
    return markup


def _well_formed(markup: str) -> str:
    import nh3  # noqa: PLC0415 - not loaded by a pass that looks at no page

    return nh3.clean(
        markup,
        tags=_KEPT,
        clean_content_tags=_UNSEEN,
        attributes={"*": {"hidden", "style"}, "input": {"type"}, "meta": {"property", "content"}},
        strip_comments=True,
        link_rel=None,
    )


class _Walk:
    """Collects the blocks of what is shown."""

    def __init__(self) -> None:
        self.found = PageText()
        self._parts: list[str] = []
        self._left = WORDS_MAX
        self._in_title = False
        #: Which element hides what it holds, and how many of its name are open.
        self._hidden, self._depth = "", 0

    def open(self, tag: str, rest: str) -> None:
        """A start tag."""
        if tag in {"meta", "input"}:
            self._note(tag, dict(_VALUE.findall(rest)))
        elif self._hidden:
            self._depth += tag == self._hidden
        elif rest and tag not in _VOID and _hides(dict(_VALUE.findall(rest))):
            self.flush()
            self._hidden, self._depth = tag, 1
        else:
            if tag in _BLOCKS:
                self.flush()
            self._in_title = tag == "title"

    def close(self, tag: str) -> None:
        """An end tag."""
        if self._hidden:
            self._depth -= tag == self._hidden
            if not self._depth:
                self._hidden = ""
            return
        if tag in _BLOCKS:
            self.flush()
        self._in_title = False

    def read(self, words: str) -> None:
        """What stands between tags."""
        if not self._hidden and self._left > 0:
            self._parts.append(words[: self._left])
            self._left -= len(words)

    def flush(self) -> None:
        """A block is at its end."""
        words = " ".join(unescape("".join(self._parts)).split())
        self._parts.clear()
        if words:
            (self.found.titles if self._in_title else self.found.lines).append(words)

    def _note(self, tag: str, values: dict[str, str]) -> None:
        if tag == "input":
            self.found.asks = self.found.asks or values.get("type", "").lower() == "password"
        elif values.get("property") == "og:title" and values.get("content"):
            self.found.titles.append(" ".join(unescape(values["content"]).split()))


def _hides(values: dict[str, str]) -> bool:
    return "hidden" in values or _NOT_SHOWN.search(values.get("style", "")) is not None


def _lines(text: str) -> list[str]:
    return [words for line in text.splitlines() if (words := " ".join(line.split()))]
