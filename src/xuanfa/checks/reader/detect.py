"""The second reader at work: what it proposes becomes findings, where it is sure enough of them.

It knows no rules and is often wrong about names, coinages and places. Two models are asked what a place would be worth with another character:
one of words (``judge``), which knows everyday language, and one of characters (``habit``), which knows laws, judgments and the news; what they say
together decides. What is doubtful for another reason has to gain more, and nothing that is told weighs more than 一般. What stands twice, and what is
missing, is told by what was seen in official copy at all (``familiar``). The bounds were chosen on some of our own sentences and tried on others
(docs/checks.md).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from heapq import nlargest
from pathlib import Path
from typing import Final

from xuanfa.checks.reader.confusion import Confusions
from xuanfa.checks.reader.familiar import ALL, Line
from xuanfa.checks.reader.habit import LONGEST, habit
from xuanfa.checks.reader.judge import Judge, Proposal
from xuanfa.checks.reader.lexicon import Lexicon
from xuanfa.checks.reader.trie import Trie
from xuanfa.checks.rules.model import Hit, Rule
from xuanfa.checks.rules.people import name_at
from xuanfa.checks.rules.scan import Scan
from xuanfa.checks.rules.shield import NO_TEXT
from xuanfa.domain.checking import Level

#: What a character that stands better has to gain to be told, by both models together. Logarithms to the base of ten, as all that follow.
_ENOUGH: Final = 7.0
#: Where a character is likelier than this with the three behind it, nothing is asked: no other could gain enough. By in how many of its runs what
#: stands there was seen; what was seen in all is never asked about.
_LIKELY: Final = (-6.0, -7.5, -10.0)
#: So many characters are tried, of those that stand best between their neighbours.
_TRIED: Final = 12
#: So many characters are proposed by the one model, of those that gain so much by it; one more by the other.
_PROPOSED, _GAINS_ABIT = 2, 1.0
#: What each run that was seen says for what stands there, and for what is proposed.
_SEEN, _SEEN_WITH = 1.0, 0.5
#: Without what stands there twice, by words and by sight; with a character more.
_TWICE_WORDS, _TWICE_GAINS, _MISSING_GAINS = 3.9, 0.0, 2.0
#: Characters that stand by themselves between words; what they take off where they stand, and where they are proposed.
_FREE: Final = frozenset("的地得和与及或向对在是了等为其把被将就由于而并也均以自不未者之可")
_OF_FREE, _FREE_PROPOSED = 0.5, 1.5
#: Words of grammar that stand anywhere in a story: 还, 该. Whoever slips seldom writes them for something else; nor numerals.
_WORDS: Final = frozenset("由于还必该")
_OF_GRAMMAR, _OF_COUNTING = 2.0, 3.0
#: What is taken off: where so short a piece stands between two marks, as names and lists do; where the same
#: two characters stand twice in the line, which no slip does; where the character comes again at once, as in 快立快审; before what ends the name
#: of a place.
_ALONE, _TWICE_SAID, _PARALLEL, _OF_PLACE = 2.5, 2.0, 1.5, 3.0
#: Two models are asked for another character, so that it is taken off twice.
_MODELS: Final = 2
_AT_ONCE: Final = 3
_SHORT: Final = 4
_ENDS_PLACE: Final = ("镇", "乡", "村", "县", "区", "街", "路", "巷", "沟", "湾", "人民法庭", "人民法院", "派出所")
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
        odd = _odd(line)
        for run in _runs(scan.text):
            doubts = _doubts(run, line)
            told = [
                *self._other(scan, run, line, odd),
                *self._twice(scan, run, line, doubts),
                *self._missing(scan, run, line, doubts),
            ]
            yield from _surest(told)

    def _other(self, scan: Scan, run: _Run, line: Line, odd: Mapping[int, float]) -> Iterator[Told]:
        """Where another character would stand much better, by what both models say of it."""
        places = {at: line.index[place] for at, place in enumerate(run.places) if place >= 0}
        asked = {at for at, place in places.items() if place in odd and not _is_fixed(scan, run, at)}
        by_words = {each.at: each.letter for each in self._judge.proposals(run.letters, asked)}
        for at in sorted(asked):
            place = places[at]
            seen = line.seen(place)
            for other, slip, gain in self._likeliest(line, place, odd[place], by_words.get(at, "")):
                total = gain + slip + self._judge.gain(run.letters, at, other)
                total += _SEEN_WITH * line.seen_with(place, other) - _SEEN * seen
                total -= _taken_off_other(scan, run, at, other)
                if total >= _ENOUGH:
                    yield at, total, _hit(run, Proposal(at, other, total))

    def _likeliest(self, line: Line, place: int, now: float, by_words: str) -> Iterator[tuple[str, float, float]]:
        """What gains most by official copy among what a hand writes for it, and what a model of words proposes: each with its slip and its gain."""
        letters, slips = line.letters, self._confusions.of(line.letters[place])
        before, behind, pair = letters[place - 1], letters[place + 1], habit().pair
        ranked = (
            (pair(before + one) + pair(one + behind) + slip, one, slip)
            for one, slip in self._confusions.alike(letters[place])
        )
        tried = ((_stretch(letters, place, one) - now + slip, one, slip) for _, one, slip in nlargest(_TRIED, ranked))
        chosen = nlargest(_PROPOSED, (one for one in tried if one[0] > _GAINS_ABIT))
        yield from ((other, slip, weighed - slip) for weighed, other, slip in chosen)
        if by_words and all(other != by_words for _, other, _ in chosen):
            yield by_words, slips[by_words], _stretch(letters, place, by_words) - now

    def _twice(self, scan: Scan, run: _Run, line: Line, doubts: Mapping[int, int]) -> Iterator[Told]:
        """What stands there twice: where it was never seen, and all was without it; or where words gain much by it."""
        for at in doubts:
            if not at or run.letters[at] != run.letters[at - 1] or _is_kept(scan, run, at):
                continue
            gain = self._judge.gain(run.letters, at, "") - _taken_off(scan, run, at, "")
            if gain >= (_TWICE_GAINS if line.is_twice(line.index[run.places[at]]) else _TWICE_WORDS):
                yield at, gain, _hit(run, Proposal(at, "", gain))

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
    """Whether nothing may be added to or taken from a place: numerals and words of grammar, and what is fixed."""
    return run.letters[at] in _COUNTING or run.letters[at] in _WORDS or _is_fixed(scan, run, at)


def _is_fixed(scan: Scan, run: _Run, at: int) -> bool:
    """Whether nothing may be proposed for a place: a number, what is counted, a name that a piece begins with, what stands under a shield."""
    place = run.places[at]
    return (
        place < 0
        or _is_measure(run.letters, run.places, at)
        or scan.shield.touches(place, place + 1, _LEFT_ALONE)
        or (run.places[0] >= 0 and name_at(scan.text, run.places[0], strict=True) > place)
    )


def _odd(line: Line) -> dict[int, float]:
    """The places of a line that are unlikely as they stand, with how unlikely."""
    letters, worth = line.letters, habit().worth
    each = [worth(letters[max(0, at - LONGEST + 1) : at + 1]) for at in range(len(letters))]
    found = {}
    for at in range(1, len(letters) - 1):
        total = sum(each[at : at + LONGEST])
        if total <= _LIKELY[0]:
            seen = line.seen(at)
            if seen < ALL and total <= _LIKELY[seen]:
                found[at] = total
    return found


def _stretch(letters: str, at: int, other: str) -> float:
    """What another character at a place and those behind it are worth."""
    worth = habit().worth
    begin = max(0, at - LONGEST + 1)
    around = letters[begin:at] + other + letters[at + 1 : at + LONGEST]
    return sum(worth(around[max(0, each - LONGEST + 1) : each + 1]) for each in range(at - begin, len(around)))


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


def _taken_off_other(scan: Scan, run: _Run, at: int, other: str) -> float:
    """What a place takes off what another character gains there."""
    letter, off = run.letters[at], _MODELS * _taken_off(scan, run, at, other)
    if letter in _COUNTING or other in _COUNTING:
        off += _OF_COUNTING
    if letter in _WORDS:
        off += _OF_GRAMMAR
    if letter in _FREE:
        off += _OF_FREE
    if other in _FREE:
        off += _FREE_PROPOSED
    # A rare word is unlikely wherever it stands, and no slip for that: only what its place says counts.
    worth = habit().worth
    return off + max(0.0, worth(other) - worth(letter))


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
