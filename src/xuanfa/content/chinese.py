"""Markdown as Chinese is written: emphasis beside full-width punctuation, and lines broken without a space.

CommonMark decides what ``**`` opens and closes by spaces and punctuation around it. Chinese has no spaces, so ``**通知：**各单位`` stays
as it is typed. Here a Chinese character beside a mark counts as a space would.
"""

import re

from markdown_it import MarkdownIt
from markdown_it.common.utils import isMdAsciiPunct, isPunctChar, isWhiteSpace
from markdown_it.renderer import RendererHTML
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.state_inline import Delimiter, Scanned
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

#: Han characters and full-width signs.
_WIDE = re.compile("[\u2e80-\u9fff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\U00020000-\U0003ffff“”‘’…—]")


def chinese_plugin(parser: MarkdownIt) -> None:
    """Both rules, for ``parser.use``."""
    parser.inline.ruler.at("emphasis", _emphasis)
    parser.add_render_rule("softbreak", _softbreak)


def _emphasis(state: StateInline, silent: bool) -> bool:
    """Put a run of ``*`` or ``_`` on the list of delimiters, for the library's own rules to pair."""
    marker = state.src[state.pos]
    if silent or marker not in "*_":
        return False
    run = state.scanDelims(state.pos, marker == "*")
    if marker == "*":
        run = _widened(state, run)
    for _ in range(run.length):
        token = state.push("text", "", 0)
        token.content = marker
        state.delimiters.append(
            Delimiter(
                marker=ord(marker),
                length=run.length,
                token=len(state.tokens) - 1,
                end=-1,
                open=run.can_open,
                close=run.can_close,
            )
        )
    state.pos += run.length
    return True


def _widened(state: StateInline, run: Scanned) -> Scanned:
    """A run that stands between a Chinese character and punctuation may open or close there too."""
    end = state.pos + run.length
    before = state.src[state.pos - 1] if state.pos else " "
    after = state.src[end] if end < state.posMax else " "
    opens = run.can_open or (_is_punctuation(after) and bool(_WIDE.match(before)))
    closes = run.can_close or (_is_punctuation(before) and bool(_WIDE.match(after)))
    return Scanned(opens and not isWhiteSpace(ord(after)), closes and not isWhiteSpace(ord(before)), run.length)


def _is_punctuation(letter: str) -> bool:
    return isMdAsciiPunct(ord(letter)) or isPunctChar(letter)


def _softbreak(renderer: RendererHTML, tokens: list[Token], index: int, options: OptionsDict, env: EnvType) -> str:
    """A line break in the source: nothing between two Chinese characters, where a browser would show a gap."""
    before = tokens[index - 1].content if index else ""
    after = tokens[index + 1].content if index + 1 < len(tokens) else ""
    return "" if _WIDE.match(before[-1:]) and _WIDE.match(after[:1]) else "\n"
