"""Characters and words that stand twice."""

from collections.abc import Iterator
from functools import cache
from typing import Final

from xuanfa.checks.rules import regex as re
from xuanfa.checks.rules.letters import is_pair
from xuanfa.checks.rules.model import Hit
from xuanfa.checks.rules.near import fixed_phrases
from xuanfa.checks.rules.scan import Scan
from xuanfa.checks.rules.shield import NO_TEXT
from xuanfa.checks.rules.table import rows_of
from xuanfa.checks.rules.unfit import is_doubled, is_seen_twice
from xuanfa.domain.checking import Level

#: A word of two characters that is said twice.
_PAIR: Final = 2

_WORD = re.compile(r"([\u4e00-\u9fff]{2,8})\1")
#: A name, then the same name for the next: 被告甲公司甲公司 is rare, 中国中国 is not.
_MARKED = re.compile("[某甲乙丙丁一二三四五六七八九十]")


@cache
def _joints() -> tuple[re.Pattern[str], dict[str, tuple[str, str]], frozenset[str]]:
    joints: dict[str, tuple[str, str]] = {}
    words: list[str] = []
    for head, cells in rows_of("doubled"):
        if head["kind"] == "words":
            words += cells
        elif head["kind"] == "joint" and len(cells[0]) == 1:
            ends, begins, *_ = (*cells[1:], "", "")
            joints[cells[0]] = (ends, begins or "".join(cells[2:]))
    return re.compile(rf"([{''.join(joints)}])\1"), joints, frozenset(words)


def detect(scan: Scan) -> Iterator[Hit]:
    """What stands twice."""
    pattern, joints, words = _joints()
    for match in _WORD.finditer(scan.text):
        if match[0] in words or len(set(match[1])) == 1 or match[1].endswith("着") or _MARKED.search(match[1]):
            continue
        if not scan.shield.touches(*match.span(), NO_TEXT):
            level = _weight(scan.text, match.end(), match[1])
            yield Hit(rule="typo.doubled", start=match.start(), end=match.end(), suggestion=match[1], level=level)
    yield from _others(scan)
    for match in pattern.finditer(scan.text):
        ends, begins = joints[match[1]]
        before, after = scan.text[match.start() - 1 : match.start()], scan.text[match.end() : match.end() + 1]
        ends_word, begins_word = before and before in ends, after and after in begins
        if (
            match[0] in words
            or (ends_word and (begins_word or begins == "*"))
            or (begins_word and not ends)
            or _is_doublet(scan.text, match)
            or _is_twofold(scan.text, *match.span())
            or is_seen_twice(scan.text, match.start())
        ):
            continue
        if not scan.shield.touches(*match.span(), NO_TEXT):
            yield Hit(rule="typo.doubled", start=match.start(), end=match.end(), suggestion=match[1])


#: What stands behind a word of three whose last is said twice: 冷冰冰的.
_OF_MANNER: Final = ("的", "地")
#: Characters that no joint is known of.
_ANY = re.compile(r"([\u4e00-\u9fff])\1")
#: Words of two that take a verb which may be said twice: 座谈谈会 is wrong, 谈谈 is not; and 学习习惯 is right, where the next word begins so.
_TWICE_NEVER = re.compile(
    r"(?:(?:座|约|访|会)谈谈(?!话|判|心)|(?:观|查)看看(?!守|病|护|台|板|点|法|望|见)|(?:旁|倾)听听(?!证|取|众|力|障)|思想想(?!象|法|到)|学习习(?!近平|惯|俗|题|作|性|得)"
    r"|(?:进一|逐)步步(?!入|伐|行|骤)|诉累累(?!计|积)|考试试(?!题|卷|行|点|用|验)|(?:询|慰)问问(?!题|卷|责|话|候|政|询)|(?:说|表|证)明明(?!确|显|年|天|白|知|细|令|文)|公公开|谢谢谢)"
)


def _others(scan: Scan) -> Iterator[Hit]:
    """Any other character that stands twice, is not said twice, and does not end one word and begin another."""
    _, joints, words = _joints()
    for match in _ANY.finditer(scan.text):
        letter, start, end = match[1], match.start(), match.end()
        if letter in joints or match[0] in words or letter in _twice() or _MARKED.search(letter):
            continue
        before, after = scan.text[max(0, start - 1) : start + 1], scan.text[end - 1 : end + 1]
        if is_pair(after) and (
            is_pair(before) or ("\u4e00" <= before[0] <= "\u9fff" and not is_doubled(scan.text, start))
        ):
            continue  # 共和国国籍
        if scan.text[end : end + 1] in _OF_MANNER and "\u4e00" <= before[0] <= "\u9fff":
            continue  # 冷冰冰的
        if (
            _is_doublet(scan.text, match)
            or _is_twofold(scan.text, start, end)
            or is_seen_twice(scan.text, start)
            or scan.shield.touches(start, end, NO_TEXT)
        ):
            continue
        yield Hit(rule="typo.doubled", start=start, end=end, suggestion=letter)
    for match in _TWICE_NEVER.finditer(scan.text):
        if not scan.shield.touches(*match.span(), NO_TEXT):
            yield Hit(rule="typo.doubled", start=match.start() + 1, end=match.end(), suggestion=match[0][1])


def _is_twofold(text: str, start: int, end: int) -> bool:
    """Whether two others stand twice beside it: 歪歪扭扭."""
    return (start >= _PAIR and text[start - _PAIR] == text[start - 1]) or text[end : end + 1] == text[
        end + 1 : end + 2
    ] != ""


def _weight(text: str, end: int, word: str) -> Level | None:
    """A word that stands twice at the end of what is fixed is as grave as a slip in it: 习近平法治思想思想."""
    grave = any(text.endswith(tail, 0, end - len(word)) for tail in _fixed_ends().get(word, ()))
    return Level.SEVERE if grave else None


@cache
def _fixed_ends() -> dict[str, tuple[str, ...]]:
    """Fixed phrases and names by the two, three or four characters that they end with."""
    found: dict[str, tuple[str, ...]] = {}
    for phrase in fixed_phrases():
        for size in (2, 3, 4):
            if len(phrase) > size + 1:
                found[phrase[-size:]] = (*found.get(phrase[-size:], ()), phrase)
    return found


@cache
def _twice() -> frozenset[str]:
    """Characters that are rightly said twice."""
    return frozenset(letter for head, cells in rows_of("doubled") if head["kind"] == "twice" for letter in cells[0])


_DOUBLETS = re.compile(
    r"实实在在|干干净净|纷纷|扎扎实实|切切实实|老老实实|踏踏实实|结结实实|堂堂正正|方方面面|公公正正|清清楚楚|原原本本|规规矩矩|开开心心|高高兴兴|高高地|兢兢业业|是是非非|上上下下|"
    r"进进出出|官官相护|落落大方|子子孙孙|年年|日日|月月|人人|件件|村村|家家|户户|事事|层层|处处|条条|大大|好好|各各|统统|区区|女女|生生|动动|约约|活活|心心|物物|行行出|步步|"
    r"话话|声声|句句|字字|点点|天天|时时|刻刻|常常|频频"
)


def _is_doublet(text: str, match: re.Match[str]) -> bool:
    """Whether it is one of the words that are made by doubling."""
    around = text[max(0, match.start() - 3) : match.end() + 3]
    at = match.start() - max(0, match.start() - 3)
    return any(found.start() <= at and at + 2 <= found.end() for found in _DOUBLETS.finditer(around))
