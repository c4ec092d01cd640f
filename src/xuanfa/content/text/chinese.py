"""Markdown as Chinese is written: emphasis beside full-width punctuation, masks kept, lines broken without a space.

CommonMark decides what ``**`` opens and closes by spaces and punctuation around it. Chinese has no spaces, so ``**通知：**各单位`` would stay
as it is typed. Here full-width punctuation counts as a letter does, and a Chinese character beside a mark as a space would.
"""

import re
from collections.abc import Iterable
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
#: Asterisks of one mark of bold text.
_BOLD = 2
#: Surnames that hardly ever end a word. After one of them asterisks stand for a given name: 王**、赵*.
_SURNAMES = frozenset("王李刘陈赵吴徐孙胡郭郑谢韩冯董曹袁邓傅沈彭吕卢蒋蔡贾魏薛阎潘戴姚谭廖邹崔邱侯邵尹黎")
#: Surnames that end words as well (主张, 立马), and 某, which stands for a part of a name: there both ends of what would be emphasised have to
#: stand after such a one.
_LIKELY_SURNAMES = _SURNAMES | frozenset(
    "某张杨黄周朱林马罗梁宋唐曾苏丁叶杜汪姜熊郝孔毛秦孟汤乔贺赖龚庞樊殷陶翟颜倪芦俞鲁葛伍韦尤聂焦邢岳辛涂祁耿牟卜詹靳甄裴屈鲍霍隋柯阮闵柴冉"
)
#: Surnames that end too many words (提高, 如何, 规范) to say anything of asterisks that could be paired.
_POSSIBLE_SURNAMES = _LIKELY_SURNAMES | frozenset(
    "何高程许余夏钟范任金施江史顾龙万段雷钱易武文安常白康石田方洪万祝童房"
)
#: Surnames of two characters: their second ones end words.
_DOUBLE_SURNAMES = frozenset(
    (
        "欧阳",
        "司马",
        "上官",
        "诸葛",
        "司徒",
        "夏侯",
        "皇甫",
        "尉迟",
        "公孙",
        "慕容",
        "令狐",
        "长孙",
        "宇文",
        "独孤",
        "南宫",
        "端木",
        "拓跋",
        "呼延",
    )
)
#: What follows the asterisks in 张*某.
_SOMEBODY = "某"
#: What follows them in 古丽**诉马**: nothing that one would emphasise begins with such a 诉.
_SUES = re.compile("诉(?![讼求前源状调裁权责说苦请])")
#: The dot between the parts of a name, and a part behind one that is hidden already.
_DOT, _HIDDEN_PART = re.compile("[·•・‧][\u4e00-\u9fff]"), re.compile("\\*[·•・‧][\u4e00-\u9fff]{1,3}$")
#: What stands before a name without parting it from the sentence.
_HAN, _LEADING = re.compile("[\u4e00-\u9fff]"), frozenset("诉与和及对由向被将为给是有告案人")
#: Signs that end or part something, and signs that begin it: nothing emphasised begins with the ones or ends with the others.
ENDING, BEGINNING = frozenset("、，。；：！？）》〉」』】〕”’"), frozenset("（《〈「『【〔“‘")
#: Digits between asterisks that are alone, as in 尾号**5678、**1234.
_DIGITS = re.compile(r"\d{3,}(?:[、，,；;。和与及\s（(]|$)")
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
    if marker == "*" and state.pos in masks(state.src):
        state.push("text_special", "", 0).content = marker * length
    elif marker == "*" and state.pos in _joints(state.src):
        for ends in (True, False):
            for _ in range(_BOLD):
                _delimit(state, marker, _BOLD, not ends, ends)
    else:
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
    return opens and after not in ENDING, closes and before not in BEGINNING


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


def masks(text: str) -> frozenset[int]:
    """Where asterisks stand for what is not to be read, digits of a number or letters of a name: the places at which such runs begin."""
    return _judged(text)[0]


def _joints(text: str) -> frozenset[int]:
    """Where four asterisks end one bold text and begin the next: ``**甲。****乙**``."""
    return _judged(text)[1]


@lru_cache(maxsize=16)
def _judged(text: str) -> tuple[frozenset[int], frozenset[int]]:
    runs = [(match.start(), match.end() - match.start()) for match in re.finditer(r"(?<!\\)\*+", text)]
    following = _following(runs)
    found: set[int] = set()
    joints: set[int] = set()
    is_open: dict[int, bool] = {}
    for (start, length), next_length in zip(runs, [*(length for _, length in runs[1:]), 0], strict=False):
        before, end, partner = text[max(0, start - 2) : start], start + length, following.get(start)
        goes_on = length == 2 * _BOLD and is_open.get(_BOLD) and next_length in {_BOLD, 2 * _BOLD}
        if goes_on and not _is_of_a_number(before[-1:]):
            joints.add(start)
            continue
        hides = (
            (length >= _HIDING and not _wraps(text, start, end, partner, is_open=is_open.get(length, False)))
            or text.startswith(_SOMEBODY, end)
            or _is_within(before[-1:], text[end : end + 1], length)
        )
        if hides or (not is_open.get(length) and _is_masked(text, before, end, partner)):
            found.add(start)
        else:
            is_open[length] = not is_open.get(length)
    return frozenset(found), frozenset(joints)


def _wraps(text: str, start: int, end: int, partner: int | None, *, is_open: bool) -> bool:
    """Whether so many asterisks begin or end what some editors write for bold, ``****重要****``: a mask stands beside a digit or within words."""
    if is_open:
        return True
    outside = text[start - 1 : start] if start else ""
    if partner is None or _HAN.match(outside) or _is_of_a_number(outside) or not _HAN.match(text[end : end + 1]):
        return False
    past = partner + (end - start)
    return bool(_HAN.match(text[partner - 1])) and not (text[past : past + 1] and _HAN.match(text[past]))


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
    """Between digits and Latin letters: 京A***12, 0935-***12, a***@court.cn, 2*3. Two are marks there, as everybody writes them."""
    return length != 2 and _is_of_a_number(before) and (_is_plain(after) or after == "@")  # noqa: PLR2004


def _is_plain(letter: str) -> bool:
    return letter.isdigit() or "a" <= letter.lower() <= "z" or "ａ" <= letter.lower() <= "ｚ"


def _is_of_a_number(letter: str) -> bool:
    return _is_plain(letter) or (bool(letter) and letter in "-－·")


def _is_masked(text: str, before: str, end: int, partner: int | None) -> bool:
    """Whether a run that closes nothing hides a digit or a given name. It ends at ``end``; ``before`` are the two characters before it, and
    its ``partner`` is the run with which it would be paired."""
    last = before[-1:]
    if _is_of_a_number(last) and text[end : end + 1].isdigit():
        return True
    if before in _DOUBLE_SURNAMES or _SUES.match(text, end) or _is_parted(text, end):
        return True
    if partner is None:
        return last in _POSSIBLE_SURNAMES
    if _is_of_a_number(last) and _is_of_a_number(text[partner - 1]) and "、" in text[end:partner]:
        return True  # 微信号abc**、def**
    past = partner + len(re.match(r"\*+", text[partner : partner + _HIDING])[0])  # type: ignore[index]
    if _DIGITS.match(text, end) and _DIGITS.match(text, past):
        return True
    beside = text[max(0, partner - 2) : partner]
    both = {last, beside[-1:]}
    if last in _SURNAMES or beside in _DOUBLE_SURNAMES or both <= _LIKELY_SURNAMES:
        return True
    # 正文**第一段**: what may be a surname ends a word here, since a word goes before it.
    begins = not _HAN.match(before[:-1]) or before[0] in _LEADING
    return both <= _POSSIBLE_SURNAMES and begins


def _is_parted(text: str, end: int) -> bool:
    """Whether a run that ends there hides a part of a name whose parts are set apart by a dot: 阿卜**·买**."""
    begin = end - len(re.search(r"\*+$", text[max(0, end - _HIDING) : end])[0])  # type: ignore[index]
    return bool(_DOT.match(text, end)) or bool(_HIDDEN_PART.search(text[max(0, begin - _HIDING - 1) : begin]))


def _softbreak(renderer: RendererHTML, tokens: list[Token], index: int, options: OptionsDict, env: EnvType) -> str:
    """A line break in the source: nothing between two Chinese characters, where a browser would show a gap."""
    before = _shown_beside(tokens[at] for at in range(index - 1, -1, -1))
    after = _shown_beside(tokens[at] for at in range(index + 1, len(tokens)))
    return "" if _WIDE.match(before[-1:]) and _WIDE.match(after[:1]) else "\n"


def _shown_beside(tokens: Iterable[Token]) -> str:
    """What is shown first of these, past what begins or ends bold text and links; a picture is no character."""
    for token in tokens:
        if token.content:
            return "" if token.type == "image" else token.content
    return ""
