"""Markdown as Chinese is written: emphasis beside full-width punctuation, masks kept, lines broken without a space.

CommonMark decides what ``**`` opens and closes by spaces and punctuation around it. Chinese has no spaces, so ``**通知：**各单位`` would stay
as it is typed. Here full-width punctuation counts as a letter does, and a Chinese character beside a mark as a space would.
"""

import re
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.common.utils import isMdAsciiPunct, isPunctChar, isWhiteSpace
from markdown_it.renderer import RendererHTML
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.state_inline import Delimiter
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

#: Han characters and full-width signs.
_WIDE = re.compile("[\u2e80-\u9fff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\U00020000-\U0003ffff“”‘’…—]")
#: From so many asterisks on, a run hides something and emphasises nothing: ``138****1234``.
_HIDING = 4
#: Surnames that hardly ever end a word. After one of them asterisks stand for a given name: 王**、赵*.
_SURNAMES = frozenset("王李刘陈赵吴徐孙胡郭郑谢韩冯董曹袁邓傅沈彭吕卢蒋蔡贾魏薛阎潘戴姚谭廖邹崔邱侯邵尹黎")
#: Surnames that end words as well (主张, 立马): there both ends of what would be emphasised have to stand after a surname.
_LIKELY_SURNAMES = _SURNAMES | frozenset(
    "张杨黄周朱林马罗梁宋唐曾苏丁叶杜汪姜熊郝孔毛秦孟汤乔贺赖龚庞樊殷陶翟颜倪芦俞鲁葛伍韦尤聂焦邢岳辛涂祁耿牟卜詹靳甄裴屈鲍霍隋柯阮闵柴冉"
)
#: Surnames that end too many words (提高, 如何, 规范) to say anything of asterisks that could be paired.
_POSSIBLE_SURNAMES = _LIKELY_SURNAMES | frozenset(
    "何高程许余夏钟范任金施江史顾龙万段雷钱易武文安常白康石田方洪万祝童房"
)
#: What follows the asterisks in 张*某.
_SOMEBODY = "某"
#: How many marks back a beginning is looked for, so that a text of nothing but marks costs no more than its length.
_NEAR = 32


def chinese_plugin(parser: MarkdownIt) -> None:
    """All rules, for ``parser.use``."""
    parser.inline.ruler.at("emphasis", _emphasis)
    parser.inline.ruler.at("strikethrough", _strikethrough)
    parser.add_render_rule("softbreak", _softbreak)


def _emphasis(state: StateInline, silent: bool) -> bool:
    """Put a run of ``*`` or ``_`` on the list of delimiters, for the library's own rules to pair; a mask stays text."""
    marker = state.src[state.pos]
    if silent or marker not in "*_":
        return False
    length = state.scanDelims(state.pos, marker == "*").length
    if marker == "*" and state.pos in _masks(state.src):
        state.push("text_special", "", 0).content = marker * length
        state.pos += length
        return True
    opens, closes = _flanking(state, length)
    for _ in range(length):
        _delimit(state, marker, length, opens, closes)
    state.pos += length
    return True


def _strikethrough(state: StateInline, silent: bool) -> bool:
    """The same for ``~~``; an odd one is text."""
    marker = state.src[state.pos]
    if silent or marker != "~":
        return False
    length = state.scanDelims(state.pos, True).length
    if length < 2:  # noqa: PLR2004 - one is how people write "from … to"
        return False
    opens, closes = _flanking(state, length)
    if length % 2:
        state.push("text", "", 0).content = marker
    for _ in range(length // 2):
        _delimit(state, marker * 2, 0, opens, closes)
    state.pos += length
    return True


def _delimit(state: StateInline, text: str, length: int, opens: bool, closes: bool) -> None:
    state.push("text", "", 0).content = text
    state.delimiters.append(
        Delimiter(marker=ord(text[0]), length=length, token=len(state.tokens) - 1, end=-1, open=opens, close=closes)
    )


def _flanking(state: StateInline, length: int) -> tuple[bool, bool]:
    """Whether the run at the state's place may open and close: CommonMark's rules, in which only punctuation that is not Chinese is any."""
    marker, end = state.src[state.pos], state.pos + length
    before = state.src[state.pos - 1] if state.pos else " "
    after = state.src[end] if end < state.posMax else " "
    if marker == "_":
        run = state.scanDelims(state.pos, False)
        return run.can_open, run.can_close
    opens = not isWhiteSpace(ord(after)) and (not _is_ascii_like(after) or _is_edge(before))
    closes = not isWhiteSpace(ord(before)) and (
        not _is_ascii_like(before) or _is_edge(after) or _is_bold(state, length)
    )
    return opens, closes


def _is_bold(state: StateInline, length: int) -> bool:
    """Whether a run ends what an earlier one has begun: after ``**时间:`` it closes, whatever follows."""
    marker = ord(state.src[state.pos])
    return length > 1 and any(each.marker == marker and each.open for each in state.delimiters[-_NEAR:])


def _is_ascii_like(letter: str) -> bool:
    """Punctuation other than Chinese, which is written as close to words as letters are."""
    return (isMdAsciiPunct(ord(letter)) or isPunctChar(letter)) and not _WIDE.match(letter)


def _is_edge(letter: str) -> bool:
    """What may stand outside a mark whose inside is punctuation."""
    return isWhiteSpace(ord(letter)) or _is_ascii_like(letter) or bool(_WIDE.match(letter))


@lru_cache(maxsize=16)
def _masks(text: str) -> frozenset[int]:
    """Where asterisks stand for what is not to be read, digits of a number or letters of a name: the places at which such runs begin."""
    runs = [(match.start(), match.end() - match.start()) for match in re.finditer(r"(?<!\\)\*+", text)]
    following = _following(runs)
    found: set[int] = set()
    is_open: dict[int, bool] = {}
    for start, length in runs:
        before, after = text[start - 1 : start] if start else "", text[start + length : start + length + 1]
        hides = length >= _HIDING or after == _SOMEBODY or _is_within(before, after, length)
        if hides or (not is_open.get(length) and _is_masked(text, before, after, following.get(start))):
            found.add(start)
        else:
            is_open[length] = not is_open.get(length)
    return frozenset(found)


def _following(runs: list[tuple[int, int]]) -> dict[int, int]:
    """For each run the next one that is as long, with which it would be paired."""
    last: dict[int, int] = {}
    found: dict[int, int] = {}
    for start, length in runs:
        if length in last:
            found[last[length]] = start
        last[length] = start
    return found


def _is_within(before: str, after: str, length: int) -> bool:
    """From three asterisks on, between any digits and Latin letters: 京A***12, a***@court.cn. One and two are marks."""
    return length > 2 and _is_plain(before) and (_is_plain(after) or after == "@")  # noqa: PLR2004


def _is_plain(letter: str) -> bool:
    return letter.isdigit() or "a" <= letter.lower() <= "z" or "ａ" <= letter.lower() <= "ｚ"


def _is_masked(text: str, before: str, after: str, partner: int | None) -> bool:
    """Whether a run that closes nothing hides a digit or a given name; its ``partner`` is the run with which it would be paired."""
    if _is_plain(before) and after.isdigit():
        return True
    if not before or partner is None:
        return bool(before) and before in _POSSIBLE_SURNAMES
    return before in _SURNAMES or (before in _LIKELY_SURNAMES and text[partner - 1] in _LIKELY_SURNAMES)


def _softbreak(renderer: RendererHTML, tokens: list[Token], index: int, options: OptionsDict, env: EnvType) -> str:
    """A line break in the source: nothing between two Chinese characters, where a browser would show a gap."""
    before = tokens[index - 1].content if index else ""
    after = tokens[index + 1].content if index + 1 < len(tokens) else ""
    return "" if _WIDE.match(before[-1:]) and _WIDE.match(after[:1]) else "\n"
