"""One text as detectors see it: itself, with half-width signs, its protected pieces and its sentences, each made once."""

import itertools
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import reduce
from operator import or_
from typing import Final

from xuanfa.checks.rules import regex as re
from xuanfa.checks.rules.grams import PIECE, Grams
from xuanfa.checks.rules.once import once
from xuanfa.checks.rules.shield import Shield

#: Full-width signs as half-width ones, character by character, so that offsets stay.
HALF: Final = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
#: Digits and letters only: punctuation is the business of rules of form.
_HALF_LETTERS: Final = {
    code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))
}
_DIGIT = re.compile(r"[0-9０-９]")
_WIDE_LETTER = re.compile(r"[０-９Ａ-Ｚａ-ｚ]")
_END = re.compile(r"[。！？；\n]")
#: A sentence is looked at so far from where something was found, so that text without an end costs no more.
_REACH: Final = 160

_CRIMINAL = re.compile(
    r"公诉|检察院|检察机关|有期徒刑|无期徒刑|死刑|拘役|缓刑|罚金|被告人|犯罪|刑事|盗窃|诈骗|故意伤害|抢劫|贩毒|贩卖毒品|危险驾驶"
)
_CIVIL = re.compile(r"民事|离婚|纠纷|原告|合同|借款|赔偿责任|侵权|抚养|赡养|继承|劳动争议|物业费|货款|租金|违约金|彩礼")
_FAMILY = re.compile(
    r"离婚|感情破裂|夫妻感情|感情不和|抚养|探望|婚姻|监护权|变更抚养|收养|继承纠纷|赡养|未成年|未满十[八六四]|少年犯|少年被告|少年法庭|家事纠纷|家暴|人身安全保护令"
)
_MINOR = re.compile(
    r"未成年|未满十[八六四]|女童|男童|幼女|幼童|女孩|男孩|少年|被害人|受害人|受害|被告人|犯罪嫌疑人|抚养|猥亵|强奸|性侵|侵害|欺凌|虐待|遗弃|盗窃|抢劫|故意伤害|监护|涉案|受伤|死亡"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Leader:
    """Who holds an office, and in which time; the order of a list is the order in which they are named."""

    name: str
    office: str
    since: date | None = None
    until: date | None = None

    def holds(self, when: date) -> bool:
        """Whether it is so on that day."""
        return (self.since is None or self.since <= when) and (self.until is None or when <= self.until)


#: By character the groups of all patterns that it opens, each group a bit.
_OPENS: Final[dict[str, int]] = {}
_BITS: Final[dict[str, int]] = {}


def _bit(group: str) -> int:
    """The bit of a group of characters, which patterns share that ask for the same."""
    if group not in _BITS:
        _BITS[group] = 1 << len(_BITS)
        for sign in group:
            _OPENS[sign] = _OPENS.get(sign, 0) | _BITS[group]
    return _BITS[group]


class Sought:
    """A pattern with what it cannot do without: of each group one character has to be there, or it is not tried. Most are not."""

    def __init__(self, pattern: re.Pattern[str], *groups: str) -> None:
        self.pattern = pattern
        #: The groups, as bits; where one of them is closed in a text, the pattern finds nothing there.
        self.needs = reduce(or_, map(_bit, groups), 0)

    def over(self, scan: "Scan", text: str, *bounds: int) -> Iterable[re.Match[str]]:
        """Its matches in a text, which is the scan's own or has its characters in another width."""
        if self.needs & scan.closed:
            return ()
        return self.pattern.finditer(text, *bounds)


@dataclass(frozen=True, kw_only=True)
class Office:
    """What a workspace says of itself: its own lines, which stay quiet, its name, hosts that it links to no more, and who holds which office."""

    lines: frozenset[str] = frozenset()
    hosts: frozenset[str] = frozenset()
    leaders: tuple[Leader, ...] = ()
    name: str = ""


@dataclass(frozen=True, kw_only=True)
class Scan:
    """What is checked. ``part`` is the part of a post that it is; ``is_post`` says that it is a source with front matter and Markdown."""

    text: str
    when: date
    part: str = "body"
    is_post: bool = False
    office: Office = field(default_factory=Office)
    #: What the whole text tells of, where this is only a line of it; ``None``: it is the whole.
    told: tuple[bool, bool] | None = None

    @once
    def signs(self) -> frozenset[str]:
        """The characters that stand in it."""
        return frozenset(self.text)

    @once
    def closed(self) -> int:
        """The groups of which no character stands in it. One that a pattern brings later is none of them: the pattern is tried."""
        return ((1 << len(_BITS)) - 1) & ~reduce(or_, map(_OPENS.get, self.signs, itertools.repeat(0)), 0)

    @once
    def half(self) -> str:
        """The text with half-width letters, digits and signs."""
        return self.text.translate(HALF)

    @once
    def letters(self) -> str:
        """The text with half-width letters and digits, its punctuation as it stands."""
        return self.text.translate(_HALF_LETTERS) if _WIDE_LETTER.search(self.text) else self.text

    @once
    def grams(self) -> Grams | None:
        """Its runs of two and three characters, for those who seek many words; none are kept of a long text."""
        return Grams(self.text) if len(self.text) <= PIECE else None

    @once
    def has_digits(self) -> bool:
        """Whether there is any digit in it, of whichever width: most rules about numbers need one."""
        return self.digits > 0

    @once
    def digits(self) -> int:
        """How many of them there are."""
        return len(_DIGIT.findall(self.text))

    @once
    def shield(self) -> Shield:
        """What is protected."""
        return Shield(self.text, is_post=self.is_post)

    @once
    def _ends(self) -> list[int]:
        return [match.end() for match in _END.finditer(self.text)]

    def sentence(self, start: int, end: int | None = None) -> tuple[int, int]:
        """Where the sentence around a piece begins and ends, at most ``_REACH`` away on either side."""
        end = start if end is None else end
        index = bisect_right(self._ends, start)
        begin = self._ends[index - 1] if index else 0
        last = bisect_right(self._ends, max(end - 1, start))
        stop = self._ends[last] if last < len(self._ends) else len(self.text)
        return max(begin, start - _REACH), min(stop, end + _REACH)

    def around(self, start: int, end: int | None = None) -> str:
        """The sentence around a piece."""
        begin, stop = self.sentence(start, end)
        return self.text[begin:stop]

    def before(self, start: int, length: int) -> str:
        """What stands before a place, in its line."""
        return self.text[max(0, start - length) : start].rpartition("\n")[2]

    def after(self, end: int, length: int) -> str:
        """What stands behind a place, in its line."""
        return self.text[end : end + length].partition("\n")[0]

    @once
    def sentences(self) -> list[tuple[int, int]]:
        """All sentences, in order; long ones in pieces."""
        return list(_pieces([0, *self._ends, len(self.text)]))

    @once
    def is_family(self) -> bool:
        """Whether it tells of a divorce, of custody or of somebody under age: the first screens of a text decide."""
        return self.told[0] if self.told else _FAMILY.search(self.text, 0, 50_000) is not None

    @once
    def of_minors(self) -> bool:
        """Whether it tells of a case in which somebody is to be protected."""
        return self.told[1] if self.told else _MINOR.search(self.text, 0, 50_000) is not None


def _pieces(ends: list[int]) -> Iterator[tuple[int, int]]:
    for begin, end in itertools.pairwise(ends):
        for start in range(begin, end, 1000):
            yield start, min(end, start + 1000)


def is_criminal(sentence: str) -> bool:
    """Whether a sentence tells of a criminal case."""
    return _CRIMINAL.search(sentence) is not None


def is_civil(sentence: str) -> bool:
    """Whether a sentence tells of a civil case."""
    return _CIVIL.search(sentence) is not None
