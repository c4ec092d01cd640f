"""Words of official copy with a character that is none of theirs, which sounds or looks like it: 司法听, 布暑.

The table has only what stands nowhere in right copy (tests/corpus/letters.py); where what stands there is still the end of one word and
the beginning of another, nothing is told.
"""

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Final

from xuanfa.checks.rules.grams import PIECE, pieces_of
from xuanfa.checks.rules.model import Hit
from xuanfa.checks.rules.scan import Scan
from xuanfa.checks.rules.shield import NO_TEXT
from xuanfa.checks.rules.table import rows_of
from xuanfa.domain.checking import Level

#: Characters that stand together.
_TWO: Final = 2

#: What a slip may belong to begins or ends so near. Characters.
_AROUND: Final = 6
#: The shortest slips, and the longest. Characters.
_PAIR, _LONGEST = 2, 3


class _Place:
    """Slips of one length with one character left out, the wrong one: by the rest, which letters are wrong there. The strings are those of
    the table: a hundred thousand slips written out would be thirty times as large."""

    def __init__(self, at: int, length: int) -> None:
        self.at = at
        self.length = length
        self._letters: dict[str, str] = {}

    def add(self, rest: str, letters: str) -> None:
        self._letters[rest] = self._letters.get(rest, "") + letters

    def among(self, runs: Iterable[str]) -> set[str]:
        """Those of these runs that are such a slip. Written out for each place: most of the time that this module takes is spent here."""
        get = self._letters.get
        if self.at == 0:
            return {run for run in runs if run[0] in get(run[1:], "")}
        if self.at == 1 and self.length == _PAIR:
            return {run for run in runs if run[1] in get(run[0], "")}
        if self.at == 1:
            return {run for run in runs if run[1] in get(run[0] + run[2], "")}
        return {run for run in runs if run[2] in get(run[:2], "")}


@cache
def _table() -> tuple[dict[int, list[_Place]], dict[str, str]]:
    """By the length of a slip, the places at which it may be; and by a character those that make a word of two behind it."""
    sought = {length: [_Place(at, length) for at in range(length)] for length in range(2, _LONGEST + 1)}
    pairs: dict[str, str] = {}
    for head, (word, *places) in rows_of("letters"):
        if head["kind"] == "pairs":
            pairs[word] = pairs.get(word, "") + places[0]
            continue
        for at, letters in enumerate(places):
            if letters:
                sought[len(word)][at].add(word[:at] + word[at + 1 :], letters)
    return sought, pairs


@cache
def _words() -> dict[tuple[int, str], list[tuple[str, str]]]:
    """By the place of a wrong character and what is left without it the words that may be meant. It is made where a slip was found, so that
    a text without any needs no memory for it."""
    found: dict[tuple[int, str], list[tuple[str, str]]] = {}
    for head, (word, *places) in rows_of("letters"):
        for at, letters in enumerate(places if head["kind"] == "words" else ()):
            if letters:
                found.setdefault((at, word[:at] + word[at + 1 :]), []).append((letters, word))
    return found


def is_pair(two: str) -> bool:
    """Whether two characters are a word."""
    return len(two) == _TWO and two[1] in _table()[1].get(two[0], "")


@cache
def right_words() -> frozenset[str]:
    """What is right although it looks like a slip: short names of offices, and what was seen in laws, reports and the news."""
    return frozenset(cell for _, cells in rows_of("right") for cell in cells)


def is_right(text: str, start: int, end: int) -> bool:
    """Whether a piece belongs to such a word."""
    around = text[max(0, start - _AROUND) : end + _AROUND]
    at = start - max(0, start - _AROUND)
    return any(
        word in around and around.find(word) < at + end - start and around.find(word) + len(word) > at
        for word in right_words()
    )


@cache
def _grave() -> frozenset[str]:
    """Words in which a slip is no small one: they name bodies, offices and what no statement may get wrong."""
    return frozenset(word for _, cells in rows_of("grave") for word in cells)


def _found(scan: Scan) -> Iterator[tuple[int, str]]:
    """Where a slip of the table stands, in pieces where the text is long; with the word that was meant."""
    sought, _ = _table()
    pieces = [(0, scan.grams)] if scan.grams is not None else pieces_of(scan.text, _LONGEST)
    for at, grams in pieces:
        for length, runs, there in ((2, grams.pairs, grams.pair_set), (3, grams.triples, grams.triple_set)):
            keys = {run for place in sought[length] for run in place.among(there)}
            if keys:
                yield from ((at + start, run) for start, run in enumerate(runs) if run in keys and start < PIECE)


def detect(scan: Scan) -> Iterator[Hit]:
    """Such words in a text."""
    for start, slip in _found(scan):
        end = start + len(slip)
        if scan.shield.touches(start, end, NO_TEXT | {"case", "document"}):
            continue
        if _is_joint(scan.text, start, end) or is_right(scan.text, start, end):
            continue
        word = _meant(slip)
        yield Hit(
            rule="typo.letter",
            start=start,
            end=end,
            suggestion=word,
            level=Level.SEVERE if word in _grave() else None,
        )


@cache
def _meant(slip: str) -> str:
    """The word that a slip stands for; the last one of the table where several are meant."""
    for at, letter in enumerate(slip):
        for letters, word in reversed(_words().get((at, slip[:at] + slip[at + 1 :]), ())):
            if letter in letters and len(word) == len(slip):
                return word
    raise KeyError(slip)


def _is_joint(text: str, start: int, end: int) -> bool:
    """Whether its first character ends another word, or its last one begins one."""
    return (start > 0 and is_pair(text[start - 1 : start + 1])) or is_pair(text[end - 1 : end + 1])
