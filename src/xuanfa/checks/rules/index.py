"""Many terms sought in one pass: by their first two or three characters, then by length.

Pure Python on purpose (docs/development.md): the beginnings of terms are compared with those of the text as sets, so that a list of 50,000 costs
what the text is long; nothing of an encrypted list has to be kept compiled on the disk, and no machine lacks it.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from xuanfa.checks.rules.grams import PIECE, Grams, pieces_of

#: A term is no longer: a bound on what one place of a text can cost.
LONGEST: Final = 64
_KEY: Final = 3


class Index:
    """Finds terms. Every occurrence is found, overlapping ones too, in the order of the text, longer ones first."""

    def __init__(self, terms: Iterable[str]) -> None:
        self._terms = {term for term in terms if term}
        self._single = {term for term in self._terms if len(term) == 1}
        self._pairs = {term for term in self._terms if len(term) == _KEY - 1}
        lengths: dict[str, set[int]] = {}
        for term in self._terms:
            if len(term) >= _KEY:
                lengths.setdefault(term[:_KEY], set()).add(len(term))
        self._longer = {key: tuple(sorted(found, reverse=True)) for key, found in lengths.items()}
        self._longest = max(map(len, self._terms), default=0)

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
                for length in self._longer[key]
                if text[start : start + length] in terms and start + length <= len(text)
            ]
            found += [(start, -2) for start, key in enumerate(grams.pairs if pairs else ()) if key in pairs]
            found += [(start, -1) for start, letter in enumerate(text if single else "") if letter in single]
            yield from ((start, text[start : start - length]) for start, length in sorted(found))
