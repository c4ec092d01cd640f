"""The second reader at work: what it proposes becomes findings, where it is sure enough of them.

It knows no rules and is often wrong about names, coinages and places. What is doubtful for such a reason has to gain more before it is told, and
nothing it tells weighs more than 一般. Where what stands there was seen in laws or the news (``familiar``), it is believed, and what was not has to
gain the less, the better known is what is proposed. The bounds were chosen on one half of a corpus of our own and tried on the other
(docs/checks.md).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from xuanfa.checks.reader.confusion import Confusions
from xuanfa.checks.reader.familiar import ALL, Line
from xuanfa.checks.reader.judge import Judge, Proposal
from xuanfa.checks.reader.lexicon import Lexicon
from xuanfa.checks.reader.trie import Trie
from xuanfa.checks.rules.model import Hit, Rule
from xuanfa.checks.rules.people import name_at
from xuanfa.checks.rules.scan import Scan
from xuanfa.checks.rules.shield import NO_TEXT
from xuanfa.domain.checking import Level

#: What a character that stands better has to gain to be told. Logarithms to the base of ten, as all that follow.
#: By in how many of its runs what stands there was seen, and then by in how many what is proposed was.
_ENOUGH: Final = ((5.2, 4.4, 2.2, 1.0), (3.9, 3.6, 2.4, 2.4))
#: What it has to gain where it was never seen, and the other in all its runs; without what stands there twice; with a character more.
_BY_SIGHT, _TWICE_GAINS, _MISSING_GAINS = 1.0, 0.0, 2.0
#: Characters that stand by themselves between words; none of them is told by sight alone.
_FREE: Final = frozenset("的地得和与及或向对在是了等为其把被将就由于而并也均以自不未者之可")
#: Words of grammar that stand anywhere in a story: 还, 该. Whoever slips seldom writes them for something else.
_WORDS: Final = frozenset("由于还必该")
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
        Rule(
            id="reader.missing",
            of="typo",
            level=Level.MINOR,
            zh="“{text}”中间像是漏了字，是不是“{right}”？（第二读者的推断）",
            en="Something seems to be missing in “{text}”: is “{right}” meant? (The second reader's guess.)",
            basis=_BASIS,
            title="漏写的字",
        ),
    )
}


@dataclass(frozen=True, slots=True)
class _Run:
    """Chinese characters that stand together, with where each stands; a number among them is 一, and stands nowhere."""

    letters: str
    places: list[int]


#: A place of a run, how sure it is that something is wrong there, and what is told.
Told = tuple[int, float, Hit]


class SecondReader:
    """Reads texts by a language model. Raises ModelError and OSError for a file that is none."""

    rules = RULES

    def __init__(self, model: Path) -> None:
        trie = Trie(model)
        letters = (word for word in trie.words if len(word) == 1 and "\u4e00" <= word <= "\u9fff")
        self._lexicon = Lexicon(trie)
        self._confusions = Confusions(letters)
        self._judge = Judge(self._lexicon, self._confusions)
        #: So many characters were not read, because a text is longer than it can read in a moment.
        self.left_out = 0

    def detect(self, scan: Scan) -> Iterator[Hit]:
        """What does not belong into a text."""
        line = Line(scan.text)
        for run in _runs(scan.text):
            doubts = _doubts(run, line)
            told = [
                *self._proposed(scan, run, line, doubts),
                *self._unseen(scan, run, line, doubts),
                *self._missing(scan, run, line, doubts),
            ]
            yield from _surest(told)

    def _proposed(self, scan: Scan, run: _Run, line: Line, doubts: Mapping[int, int]) -> Iterator[Told]:
        """What the model proposes, where what stands there was seldom seen; the more so the less, and the more what it proposes was."""
        for proposal in self._judge.proposals(run.letters, doubts):
            gain = _weighed(scan, run, proposal)
            seen = doubts[proposal.at]
            better = line.seen_with(line.index[run.places[proposal.at]], proposal.letter)
            if gain >= _ENOUGH[seen][better]:
                yield proposal.at, gain + better - seen, _hit(run, proposal)

    def _unseen(self, scan: Scan, run: _Run, line: Line, doubts: Mapping[int, int]) -> Iterator[Told]:
        """What was never seen where another character, or one less, was in all its runs: there the model need not be as sure."""
        for at, seen in doubts.items():
            if _is_kept(scan, run, at):
                continue
            letter, place = run.letters[at], line.index[run.places[at]]
            if line.is_twice(place):
                gain = self._judge.gain(run.letters, at, "") - _taken_off(scan, run, at, "")
                if gain >= _TWICE_GAINS:
                    yield at, gain, _hit(run, Proposal(at, "", gain))
            elif not seen and letter not in _FREE:
                for other, _ in self._confusions.likely(letter):
                    if line.seen_with(place, other) == ALL:
                        gain = self._judge.gain(run.letters, at, other) - _taken_off(scan, run, at, other)
                        if gain >= _BY_SIGHT:
                            yield at, gain, _hit(run, Proposal(at, other, gain))

    def _missing(self, scan: Scan, run: _Run, line: Line, doubts: Mapping[int, int]) -> Iterator[Told]:
        """Where a character more would make of what was never seen what was."""
        for at in doubts:
            if not at or run.places[at - 1] < 0 or _is_kept(scan, run, at) or _is_kept(scan, run, at - 1):
                continue
            place = line.index[run.places[at]]
            if not line.is_torn(place):
                continue
            before, behind = run.letters[at - 1], run.letters[at]
            for letter in self._lexicon.behind(before) | self._lexicon.before(behind):
                if line.would_join(place, letter):
                    gain = self._judge.gain(run.letters, at, letter + behind) - _taken_off(scan, run, at, letter)
                    if gain >= _MISSING_GAINS:
                        start = run.places[at - 1]
                        yield (
                            at,
                            gain,
                            Hit(rule="reader.missing", start=start, end=start + 2, suggestion=before + letter + behind),
                        )


def _surest(told: list[Told]) -> list[Hit]:
    """Of findings on neighbours the surest one, by where they stand."""
    kept: dict[int, Hit] = {}
    for at, _, hit in sorted(told, key=lambda one: -one[1]):
        if not kept.keys() & {at - 1, at, at + 1}:
            kept[at] = hit
    return [kept[at] for at in sorted(kept)]


def _is_kept(scan: Scan, run: _Run, at: int) -> bool:
    """Whether nothing may be proposed for a place: a number, what is counted, a name that a piece begins with, what stands under a shield."""
    place = run.places[at]
    return (
        place < 0
        or run.letters[at] in _COUNTING
        or run.letters[at] in _WORDS
        or _is_measure(run.letters, run.places, at)
        or scan.shield.touches(place, place + 1, _LEFT_ALONE)
        or (run.places[0] >= 0 and name_at(scan.text, run.places[0], strict=True) > place)
    )


def _doubts(run: _Run, line: Line) -> dict[int, int]:
    """The places whose character was seen in one of its three runs at most, with in how many."""
    found = {at: line.seen(line.index[place]) for at, place in enumerate(run.places) if place >= 0}
    return {at: seen for at, seen in found.items() if seen < ALL - 1}


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
    if proposal.letter in _COUNTING or _is_kept(scan, run, proposal.at):
        return 0.0
    gain = proposal.gain - _RARE_TAKES * max(0.0, _COMMON - proposal.worth)
    if proposal.length > 1:
        gain -= _OF_WORD
    return gain - _taken_off(scan, run, proposal.at, proposal.letter)


def _taken_off(scan: Scan, run: _Run, at: int, letter: str) -> float:
    """What a place takes off."""
    letters, off = run.letters, 0.0
    if len(letters) <= _SHORT:
        off += _ALONE
    if letters.startswith(_ENDS_PLACE, at + 1):
        off += _OF_PLACE
    if letter and _is_said_twice(scan.text, letters, at):
        off += _TWICE_SAID
    if letter and letters[at] in letters[max(0, at - _AT_ONCE) : at] + letters[at + 1 : at + 1 + _AT_ONCE]:
        off += _PARALLEL
    return off


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
