"""How much a post may hold, and what is said of one that holds more.

What is rendered costs time and memory by its characters, its elements and their nesting, and some libraries follow the nesting on the
machine's stack, where too much of it ends the process. So all three are measured before anything is rendered.
"""

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from xuanfa.domain.language import say

#: What editors and Word leave behind and neither XML nor JSON readers like. A vertical tab or a line separator becomes a space, so that
#: lines are counted as editors count them; other control characters show nothing and go.
CONTROLS: dict[int, int | None] = {
    code: None for code in (*range(0x20), *range(0x7F, 0xA0), 0xFEFF, 0xFFFE, 0xFFFF) if code not in (9, 10)
}
CONTROLS |= dict.fromkeys((0x0B, 0x0C, 0x85, 0x2028, 0x2029), 0x20)

if TYPE_CHECKING:
    from markdown_it.token import Token

#: The most that one text may hold: the body, or one that a channel gets instead. Characters.
TEXT_MAX: Final = 200_000
#: Paragraphs, list items, cells, links, emphasised words, pictures … of one text together.
ELEMENTS_MAX: Final = 20_000
#: How deep they may lie within each other.
DEPTH_MAX: Final = 40
#: How many square brackets of one paragraph may be open at a time.
BRACKETS_MAX: Final = 60
#: The most that one post may hold.
PICTURES_MAX: Final = 300
TITLE_MAX: Final = 200
WRITTEN_SUMMARY_MAX: Final = 1_000
#: Names of people, departments and sources, as wide as the database's columns. Characters.
NAME_MAX: Final = 200
ADDRESS_MAX: Final = 2_000
KEYWORDS_MAX: Final = 50

#: Tokens within which the parser reads blocks again.
_HOLDS_BLOCKS: Final = frozenset({"blockquote_open", "list_item_open", "footnote_reference_open"})
_BRACKET = re.compile(r"[\[\]]|(?<=\])\(|\)")
#: Raw HTML's tags, without comments and declarations.
_TAG = re.compile(r"<(?P<end>/?)(?P<name>[a-zA-Z][a-zA-Z0-9]*)")
#: They hold nothing, or are ended by the next of their kind, so that one that is never closed nests nothing (HTML, 13.1.2.4).
_SHALLOW: Final = frozenset(
    {
        *("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"),
        *(
            "p",
            "li",
            "dd",
            "dt",
            "td",
            "th",
            "tr",
            "thead",
            "tbody",
            "tfoot",
            "colgroup",
            "option",
            "optgroup",
            "rp",
            "rt",
        ),
    }
)
#: Those that a browser opens again in each block that follows while they are not closed (HTML, 13.2.4.3).
_FORMATTING: Final = frozenset(
    {"a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"}
)


class TooMuchError(Exception):
    """A text that must not be rendered: the line, counted from one, and what to say."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line
        self.message = message


def require_shallow_blocks(tokens: "Iterable[Token]", nesting: int) -> None:
    """Raise TooMuchError for blocks whose text the parser, at its own limit of ``nesting``, has left out in silence, and for brackets
    whose ends it would seek all through what follows. To be asked when the blocks are known, and before their text is parsed."""
    line = 1
    for token in tokens:
        line = token.map[0] + 1 if token.map else line
        if token.type in _HOLDS_BLOCKS and token.level >= nesting - 1:
            raise _too_deep(line, nesting // 2)
        if token.type == "inline" and (inner := _unclosed(token.content)) is not None:
            raise TooMuchError(
                line + inner,
                say(
                    "方括号或链接的括号没有成对：这一段里有 {most} 个以上的 [ 没有对应的 ]，或 ]( 没有对应的 )。请补上或删去。",
                    "More than {most} square brackets, or brackets of links, of this paragraph are not closed. Close or remove them.",
                    most=BRACKETS_MAX,
                ),
            )


def require_bounded(tokens: "Iterable[tuple[Token, int]]") -> None:
    """Raise TooMuchError where parsed Markdown, with its lines, has too many elements or nests them too deeply."""
    measure = _Measure()
    for token, line in tokens:
        measure.add(token)
        if measure.deepest > DEPTH_MAX:
            raise _too_deep(line, DEPTH_MAX)
        if measure.elements > ELEMENTS_MAX:
            raise TooMuchError(
                line,
                say(
                    "内容太碎：到这一行已有 {most} 个以上的段落、单元格、链接等。请分成几篇，或把长表做成附件。",
                    "Too many parts: up to this line there are more than {most} paragraphs, cells, links and the like. "
                    "Make it several posts, or put a long table into a file of its own.",
                    most=ELEMENTS_MAX,
                ),
            )


def _too_deep(line: int, most: int) -> TooMuchError:
    message = say(
        "嵌套太深：这里的标签、列表或引用已套到 {most} 层以上。请去掉多余的层次；从网页复制的内容请先粘贴成纯文字。",
        "Nested too deeply: tags, lists or quotations lie more than {most} deep here. "
        "Remove some; paste what comes from a web page as plain text first.",
        most=most,
    )
    return TooMuchError(line, message)


def _unclosed(text: str) -> int | None:
    """The line within ``text`` in which too many square brackets, or addresses of links, are open, counted from nought."""
    depth = links = 0
    for bracket in _BRACKET.finditer(text):
        if bracket[0] in "[]":
            depth = max(depth + (1 if bracket[0] == "[" else -1), 0)
        else:
            links = max(links + (1 if bracket[0] == "(" else -1), 0)
        if max(depth, links) > BRACKETS_MAX:
            return text.count("\n", 0, bracket.start())
    return None


def require_short(text: str) -> None:
    """Raise TooMuchError for a text of too many characters. To be asked before all else."""
    if len(text) > TEXT_MAX:
        message = say(
            "文字太长，有 {n} 个字，最多 {most} 个。请分成几篇，或把长表做成附件。",
            "The text has {n} characters, {most} at most. Make it several posts, or put a long table into a file of its own.",
            n=len(text),
            most=TEXT_MAX,
        )
        raise TooMuchError(text.count("\n", 0, TEXT_MAX) + 1, message)


class _Measure:
    """Counts elements and their depth, token by token. Tags of raw HTML count by their name, so that closing one never opened is nothing."""

    def __init__(self) -> None:
        self.elements = 0
        #: The greatest depth so far.
        self.deepest = 0
        self._depth = 0
        self._open: dict[str, int] = {}
        self._formatting = 0

    def add(self, token: "Token") -> None:
        """Count a token."""
        if token.type in {"html_block", "html_inline"}:
            for tag in _TAG.finditer(token.content):
                self._tag(tag["name"].lower(), ends=bool(tag["end"]))
            return
        self._step(token.nesting)
        if token.nesting >= 0 and token.type not in {"text", "softbreak"}:
            self._count()

    def _tag(self, name: str, *, ends: bool) -> None:
        if not ends:
            self._count()
        step = -1 if ends else 1
        if name in _SHALLOW or self._open.get(name, 0) + step < 0:
            return
        self._open[name] = self._open.get(name, 0) + step
        self._formatting += step if name in _FORMATTING else 0
        self._step(step)

    def _step(self, step: int) -> None:
        self._depth += step
        self.deepest = max(self.deepest, self._depth)

    def _count(self) -> None:
        self.elements += 1 + self._formatting
