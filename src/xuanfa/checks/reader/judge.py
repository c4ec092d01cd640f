"""What a run of Chinese text is worth as it stands, and what it would be worth with another character: where much more, it is proposed."""

from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from math import inf
from typing import Final

from xuanfa.checks.reader.confusion import Confusions
from xuanfa.checks.reader.lexicon import Lexicon

#: So far behind a character it is weighed anew, and so long words are sought around it. Characters.
_BEHIND, _LONG = 4, 4
#: So many characters on each side say what a character is worth there.
_AROUND: Final = 6
#: Of so many pieces is remembered what they are worth.
_PIECES: Final = 2_000
#: What gains less is nothing.
_NEGLIGIBLE: Final = 2.0
#: A word of so many characters is none by chance.
_SURE: Final = 4
#: What the same text with one character less gains by being shorter.
_TWICE: Final = -1.0
#: A word that follows from those before it at least so much needs no second look.
_EXPECTED: Final = -2.0
#: Paths that end at a place: by the number of the last word, what the best is worth, the number before, and where the last word began.
Ends = dict[int, tuple[float, int, int]]
_BEGIN: Final[Ends] = {0: (0.0, 0, 0)}


@dataclass(frozen=True, slots=True)
class Proposal:
    """A character that would stand better at a place, and how much better. ``gain`` is a logarithm to the base of ten; ``length`` is that
    of the word that stands there now."""

    at: int
    letter: str
    gain: float
    length: int = 1
    worth: float = 0.0


class Judge:
    """Reads runs of Chinese characters."""

    def __init__(self, lexicon: Lexicon, confusions: Confusions) -> None:
        self._lexicon = lexicon
        self._confusions = confusions
        #: What a piece is worth by itself: the one that stands there is asked once for each character that could.
        self._piece: Callable[[str], float] = lru_cache(_PIECES)(self._worth_of)

    def proposals(self, run: str, among: Container[int]) -> Iterator[Proposal]:
        """At each doubtful place, of those named, the best that could stand there, or the place without what stands there twice."""
        paths = self._paths(run, _BEGIN, 0, len(run))
        words = _cut(paths, len(run))
        for number, (start, end, worth) in enumerate(words):
            if end - start >= _SURE or (worth >= _EXPECTED and end - start > 1):
                continue
            for at in range(start, end):
                if at not in among:
                    continue
                stop = next((each for _, each, _ in words[number:] if each > at + _BEHIND), len(run))
                found = self._best(run, at, stop, paths)
                if found is not None:
                    yield replace(found, length=end - start)

    def gain(self, run: str, at: int, written: str) -> float:
        """What a piece of a run is worth more, where ``written`` stands in place of one character."""
        begin, stop = max(0, at - _AROUND), min(len(run), at + _AROUND + 1)
        return self._piece(run[begin:at] + written + run[at + 1 : stop]) - self._piece(run[begin:stop])

    def _worth_of(self, piece: str) -> float:
        return _worth(self._paths(piece, _BEGIN, 0, len(piece))[-1])

    def _best(self, run: str, at: int, stop: int, paths: list[Ends]) -> Proposal | None:
        """What gains most at a place by taking part in a word there."""
        now = _worth(paths[stop])
        best = Proposal(at, "", _NEGLIGIBLE)
        behind: dict[tuple[int, int, int], float] = {}
        for begin, end, word, letter, slip in self._words_with(run, at, stop):
            for last, (worth, earlier, _) in paths[begin].items():
                more, number = self._lexicon.score(word, last, earlier)
                gain = worth + more + slip - now
                if gain <= best.gain:
                    continue  # what follows only takes off
                key = (end, number, last)
                if key not in behind:
                    begun = {number: (0.0, last, 0)}
                    behind[key] = _worth(self._paths(run, begun, end, stop)[stop - end])
                if gain + behind[key] > best.gain:
                    best = Proposal(at, letter, gain + behind[key], worth=more)
        twice = self._without(run, at, stop, paths) - now
        if twice > best.gain:
            return Proposal(at, "", twice)
        return best if best.letter else None

    def _words_with(self, run: str, at: int, stop: int) -> Iterator[tuple[int, int, str, str, float]]:
        """Words of two to four characters around a place with another character there: from, to, the word, the character, its slip."""
        lexicon, meant = self._lexicon, self._confusions.of(run[at])
        if at:
            for letter in lexicon.behind(run[at - 1]) & meant.keys():
                yield at - 1, at + 1, run[at - 1] + letter, letter, meant[letter]
        if at + 1 < stop:
            for letter in lexicon.before(run[at + 1]) & meant.keys():
                yield at, at + 2, letter + run[at + 1], letter, meant[letter]
        for begin in range(max(0, at - _LONG + 1), at + 1):
            for end in range(max(at + 1, begin + 3), min(stop, begin + _LONG) + 1):
                head, tail = run[begin:at], run[at + 1 : end]
                for letter, slip in self._confusions.likely(run[at]):
                    word = head + letter + tail
                    if word in lexicon:
                        yield begin, end, word, letter, slip

    def _without(self, run: str, at: int, stop: int, paths: list[Ends]) -> float:
        """What the text is worth without a character that stands there twice."""
        if not at or run[at] != run[at - 1] or not paths[at]:
            return -inf
        return _worth(self._paths(run[:at] + run[at + 1 :], paths[at], at, stop - 1)[stop - 1 - at]) + _TWICE

    def _paths(self, run: str, begun: Ends, begin: int, stop: int) -> list[Ends]:
        """The best ways to take a run apart, by where they end, counted from ``begin``."""
        paths: list[Ends] = [begun, *({} for _ in range(begin, stop))]
        score, words = self._lexicon.score, self._lexicon.words
        for at in range(begin, stop):
            here = paths[at - begin]
            if not here:
                continue
            for end, word in words(run, at, stop):
                there = paths[end - begin]
                for last, (worth, earlier, _) in here.items():
                    more, number = score(word, last, earlier)
                    known = there.get(number)
                    if known is None or worth + more > known[0]:
                        there[number] = (worth + more, last, at)
        return paths


def _worth(ends: Ends) -> float:
    return max(each[0] for each in ends.values())


def _cut(paths: list[Ends], length: int) -> list[tuple[int, int, float]]:
    """The words of the best path: where each begins and ends, and what it adds."""
    found: list[tuple[int, int, float]] = []
    at, last = length, max(paths[length], key=lambda number: paths[length][number][0])
    while at > 0:
        worth, before, start = paths[at][last]
        found.append((start, at, worth - paths[start][before][0]))
        at, last = start, before
    return found[::-1]
