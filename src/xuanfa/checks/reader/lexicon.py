"""The words that a text is taken apart into: those of the model, and those of official copy that it does not know."""

import re
from collections.abc import Iterator, Set
from functools import cache
from importlib.resources import files
from typing import Final

from xuanfa.checks.reader.trie import Trie
from xuanfa.checks.rules.table import rows_of

#: No word is longer. Characters.
LONGEST: Final = 8
#: What a word of official copy counts for wherever it stands, and a character that no word has. Logarithms to the base of ten.
_OFFICIAL, _UNKNOWN = -4.6, -7.5
_PARTED = re.compile("[、，“”]")


@cache
def official() -> frozenset[str]:
    """Words of official copy."""
    text = (files("xuanfa.checks.reader") / "official.txt").read_text(encoding="utf-8")
    own = (word for line in text.splitlines() if not line.startswith("#") for word in line.split())
    return frozenset((*own, *(part for part in _fixed() if 1 < len(part) <= LONGEST)))


def _fixed() -> Iterator[str]:
    """What rules know as fixed phrases, part by part: the reader is to know as much."""
    for name in ("phrases", "court_terms", "wording"):
        for _, cells in rows_of(name):
            yield from _PARTED.split(cells[0].rstrip("!"))


class Lexicon:
    """Words with what each counts for behind the two before it."""

    def __init__(self, trie: Trie) -> None:
        self._trie = trie
        self._numbers = trie.words
        self._official = official()
        self._tails: dict[str, int] = {}
        self._behind: dict[str, set[str]] = {}
        self._before: dict[str, set[str]] = {}
        for word in (*self._numbers, *self._official):
            if len(word) == 2:  # noqa: PLR2004 - a pair
                self._behind.setdefault(word[0], set()).add(word[1])
                self._before.setdefault(word[1], set()).add(word[0])

    def behind(self, letter: str) -> Set[str]:
        """The characters that make a word of two with one before them."""
        return self._behind.get(letter, frozenset())

    def before(self, letter: str) -> Set[str]:
        """The characters that make a word of two with one behind them."""
        return self._before.get(letter, frozenset())

    def __contains__(self, word: str) -> bool:
        return word in self._numbers or word in self._official

    def words(self, text: str, start: int, end: int) -> Iterator[tuple[int, str]]:
        """The words that begin at a place, with where they end; one character is always one."""
        yield start + 1, text[start]
        for stop in range(start + 2, min(start + LONGEST, end) + 1):
            word = text[start:stop]
            if word in self._numbers or word in self._official:
                yield stop, word

    def score(self, word: str, before: int, earlier: int) -> tuple[float, int]:
        """The logarithm of its probability, and the number by which it stands before the next one."""
        number = self._numbers.get(word, 0)
        if number:
            score = self._trie.score(number, before, earlier)
            return (max(score, _OFFICIAL) if word in self._official else score), number
        if word in self._official:
            return _OFFICIAL, self._tail(word)
        return _UNKNOWN, 0

    def _tail(self, word: str) -> int:
        """The longest word of the model with which an official one ends."""
        if word not in self._tails:
            ends = (self._numbers.get(word[at:], 0) for at in range(1, len(word)))
            self._tails[word] = next((number for number in ends if number), 0)
        return self._tails[word]
