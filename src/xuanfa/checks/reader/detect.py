"""The second reader at work: what it proposes becomes findings, where it is sure enough of them.

It knows no rules and is often wrong about names, coinages and places. What is doubtful for such a reason has to gain more before it is told, and
nothing it tells weighs more than 一般. The bounds were chosen on one half of a corpus of our own and tried on the other (docs/checks.md).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from xuanfa.checks.reader.confusion import Confusions
from xuanfa.checks.reader.judge import Judge, Proposal
from xuanfa.checks.reader.lexicon import Lexicon
from xuanfa.checks.reader.trie import Trie
from xuanfa.checks.rules.model import Hit, Rule
from xuanfa.checks.rules.scan import Scan
from xuanfa.checks.rules.shield import NO_TEXT
from xuanfa.domain.checking import Level

#: What a character that stands better has to gain to be told. Logarithms to the base of ten, as all that follow.
_ENOUGH: Final = 3.5
#: What is taken off: where what stands there is a word; where so short a piece stands between two marks, as names and lists do; where the same
#: two characters stand twice in the line, which no slip does; where the character comes again at once, as in 快立快审; before what ends the name
#: of a place.
_OF_WORD, _ALONE, _TWICE_SAID, _PARALLEL, _OF_PLACE = 1.0, 2.5, 2.0, 1.5, 3.0
_AT_ONCE: Final = 3
_SHORT: Final = 4
_ENDS_PLACE: Final = ("镇", "乡", "村", "县", "区", "街", "路", "巷", "沟", "湾", "人民法庭", "人民法院", "派出所")
#: A word that is proposed and rarer than this speaks against itself.
_COMMON, _RARE_TAKES = -5.2, 1.5
_RUN = re.compile(r"[\u4e00-\u9fff0-9０-９.%]+")
_NUMBER = re.compile(r"[0-9０-９.%]+")
_COUNTING: Final = frozenset("零〇一二三四五六七八九十百千万亿第两")
_ABOUT: Final = frozenset("余多来几")
_LEFT_ALONE: Final = NO_TEXT | {"case", "document"}
_BASIS: Final = "语言模型的推断，没有规定可依，请人工判断"
RULES: Final[Mapping[str, Rule]] = {
    rule.id: rule
    for rule in (
        Rule(
            id="reader.letter",
            of="typo",
            level=Level.MINOR,
            zh="“{text}”在这里不通，是不是“{right}”？（第二读者的推断）",
            en="“{text}” does not belong here: is “{right}” meant? (The second reader's guess.)",
            basis=_BASIS,
            title="不通的字",
        ),
        Rule(
            id="reader.twice",
            of="typo",
            level=Level.MINOR,
            zh="“{text}”像是多写了一个字。（第二读者的推断）",
            en="“{text}” seems to have a character too many. (The second reader's guess.)",
            basis=_BASIS,
            title="多写的字",
        ),
    )
}


@dataclass(frozen=True, slots=True)
class _Run:
    """Chinese characters that stand together, with where each stands; a number among them is 一, and stands nowhere."""

    letters: str
    places: list[int]


class SecondReader:
    """Reads texts by a language model. Raises ModelError and OSError for a file that is none."""

    rules = RULES

    def __init__(self, model: Path) -> None:
        trie = Trie(model)
        letters = (word for word in trie.words if len(word) == 1 and "\u4e00" <= word <= "\u9fff")
        self._judge = Judge(Lexicon(trie), Confusions(letters))
        #: So many characters were not read, because a text is longer than it can read in a moment.
        self.left_out = 0

    def detect(self, scan: Scan) -> Iterator[Hit]:
        """What does not belong into a text."""
        for run in _runs(scan.text):
            before: tuple[Proposal, float] | None = None
            for proposal in self._judge.proposals(run.letters):
                gain = _weighed(scan, run, proposal)
                if gain < _ENOUGH:
                    continue
                if before is not None and before[0].at < proposal.at - 1:
                    yield _hit(run, before[0])
                    before = None
                if before is None or gain > before[1]:  # of two neighbours the surer one
                    before = proposal, gain
            if before is not None:
                yield _hit(run, before[0])


def _runs(text: str) -> Iterator[_Run]:
    for match in _RUN.finditer(text):
        letters: list[str] = []
        places: list[int] = []
        at = match.start()
        while at < match.end():
            number = _NUMBER.match(text, at, match.end())
            letters.append("一" if number else text[at])
            places.append(-1 if number else at)
            at = number.end() if number else at + 1
        if len(letters) > 1:
            yield _Run("".join(letters), places)


def _weighed(scan: Scan, run: _Run, proposal: Proposal) -> float:
    """What is gained, less what its place takes off; nothing where nothing may be proposed."""
    at, letters = proposal.at, run.letters
    place = run.places[at]
    if place < 0 or proposal.letter in _COUNTING or letters[at] in _COUNTING or _is_measure(letters, run.places, at):
        return 0.0
    if scan.shield.touches(place, place + 1, _LEFT_ALONE):
        return 0.0
    gain = proposal.gain - _RARE_TAKES * max(0.0, _COMMON - proposal.worth)
    if proposal.length > 1:
        gain -= _OF_WORD
    if len(letters) <= _SHORT:
        gain -= _ALONE
    if letters.startswith(_ENDS_PLACE, at + 1):
        gain -= _OF_PLACE
    if proposal.letter and _is_said_twice(scan.text, letters, at):
        gain -= _TWICE_SAID
    if proposal.letter and letters[at] in letters[max(0, at - _AT_ONCE) : at] + letters[at + 1 : at + 1 + _AT_ONCE]:
        gain -= _PARALLEL
    return gain


def _is_measure(letters: str, places: list[int], at: int) -> bool:
    """Whether what stands there counts something: 11月, 600余株."""
    before = at - 2 if at > 1 and letters[at - 1] in _ABOUT else at - 1
    return before >= 0 and (places[before] < 0 or (before < at - 1 and letters[before] in _COUNTING))


def _is_said_twice(text: str, letters: str, at: int) -> bool:
    """Whether the character stands with one of its neighbours somewhere else, too."""
    pairs = (letters[at - 1 : at + 1] if at else "", letters[at : at + 2] if at + 1 < len(letters) else "")
    return any(pair and text.count(pair) > 1 for pair in pairs)


def _hit(run: _Run, proposal: Proposal) -> Hit:
    place = run.places[proposal.at]
    if proposal.letter:
        return Hit(rule="reader.letter", start=place, end=place + 1, suggestion=proposal.letter)
    return Hit(rule="reader.twice", start=place - 1, end=place + 1, suggestion=run.letters[proposal.at])
