"""Many terms sought in one pass: by their first two or three characters, then by length.

Pure Python on purpose (docs/development.md): the beginnings of terms are compared with those of the text as sets, so that a list of 50,000 costs
what the text is long; nothing of an encrypted list has to be kept compiled on the disk, and no machine lacks it.
"""

from collections.abc import Collection, Iterator
from functools import cache
from typing import Final

from xuanfa.checks.rules.grams import PIECE, Grams, pieces_of

#: A term is no longer: a bound on what one place of a text can cost.
LONGEST: Final = 64
_KEY: Final = 3


@cache
def _lengths(bits: int) -> tuple[int, ...]:
    """The lengths that are set, the longest first."""
    return tuple(size for size in range(bits.bit_length() - 1, 0, -1) if bits >> size & 1)


class Index:
    """Finds terms. Every occurrence is found, overlapping ones too, in the order of the text, longer ones first."""

    def __init__(self, terms: Collection[str]) -> None:
        """Of these ``terms``, which are not copied: a set or a mapping of them is asked whether it has a piece of a text."""
        self._terms = terms
        self._single = {term for term in terms if len(term) == 1}
        self._pairs = {term for term in terms if len(term) == _KEY - 1}
        self._longest = max(map(len, terms), default=0)
        # By its first characters how long what begins so may be, a bit for each length.
        self._longer = longer = dict[str, int]()
        for term in terms:
            key = term[:_KEY]
            longer[key] = longer.get(key, 0) | 1 << len(term)
        for short in self._single | self._pairs | {""}:
            longer.pop(short, None)

    def __len__(self) -> int:
        return len(self._terms)

    def find(self, text: str, grams: Grams | None = None) -> Iterator[tuple[int, str]]:
        """Where each term begins. ``grams``: those of the text, where it is short and they are known."""
        if grams is not None and len(text) <= PIECE:
            yield from self._find(grams)
            return
        for at, piece in pieces_of(text, self._longest):
            yield from ((at + start, term) for start, term in self._find(piece) if start < PIECE)

    def _find(self, grams: Grams) -> Iterator[tuple[int, str]]:
        text, terms = grams.text, self._terms
        longer, pairs = grams.triple_set & self._longer.keys(), grams.pair_set & self._pairs
        single = self._single
        if longer or pairs or single:
            found = [
                (start, -length)
                for start, key in enumerate(grams.triples if longer else ())
                if key in longer
                for length in _lengths(self._longer[key])
                if text[start : start + length] in terms and start + length <= len(text)
            ]
            found += [(start, -2) for start, key in enumerate(grams.pairs if pairs else ()) if key in pairs]
            found += [(start, -1) for start, letter in enumerate(text if single else "") if letter in single]
            yield from ((start, text[start : start - length]) for start, length in sorted(found))
