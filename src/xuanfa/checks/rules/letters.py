"""Words of official copy with a character that is none of theirs, which sounds or looks like it: 司法听, 布暑.

The table has only what stands nowhere in right copy (tests/corpus/letters.py); where what stands there is still the end of one word and
the beginning of another, nothing is told.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Final

from xuanfa.checks.rules.grams import PIECE, pieces_of
from xuanfa.checks.rules.model import Hit
from xuanfa.checks.rules.scan import Scan
from xuanfa.checks.rules.shield import NO_TEXT
from xuanfa.checks.rules.table import rows_of
from xuanfa.domain.checking import Level

#: No slip is longer.
_LONGEST: Final = 3


@cache
def _table() -> tuple[dict[str, str], frozenset[str]]:
    """What is sought with the word that was meant, and the words of two."""
    meant: dict[str, str] = {}
    pairs: set[str] = set()
    for head, (word, *places) in rows_of("letters"):
        if head["kind"] == "pairs":
            pairs.update([word + letter for letter in places[0]])
            continue
        for at, letters in enumerate(places):
            before, behind = word[:at], word[at + 1 :]
            meant.update(dict.fromkeys([before + letter + behind for letter in letters], word))
    return meant, frozenset(pairs)


def known_pairs() -> frozenset[str]:
    """Words of two characters."""
    return _table()[1]


@cache
def _grave() -> frozenset[str]:
    """Words in which a slip is no small one: they name bodies, offices and what no statement may get wrong."""
    return frozenset(word for _, cells in rows_of("grave") for word in cells)


def _found(scan: Scan, meant: Mapping[str, str]) -> Iterator[tuple[int, str]]:
    """Where a slip of the table stands, in pieces where the text is long."""
    pieces = [(0, scan.grams)] if scan.grams is not None else pieces_of(scan.text, _LONGEST)
    for at, grams in pieces:
        for runs, there in ((grams.pairs, grams.pair_set), (grams.triples, grams.triple_set)):
            keys = there & meant.keys()
            if keys:
                yield from ((at + start, run) for start, run in enumerate(runs) if run in keys and start < PIECE)


def detect(scan: Scan) -> Iterator[Hit]:
    """Such words in a text."""
    meant, pairs = _table()
    for start, slip in _found(scan, meant):
        end = start + len(slip)
        if scan.shield.touches(start, end, NO_TEXT | {"case", "document"}):
            continue
        if _is_joint(scan.text, start, end, pairs):
            continue
        word = meant[slip]
        yield Hit(
            rule="typo.letter",
            start=start,
            end=end,
            suggestion=word,
            level=Level.SEVERE if word in _grave() else None,
        )


def _is_joint(text: str, start: int, end: int, pairs: frozenset[str]) -> bool:
    """Whether its first character ends another word, or its last one begins one."""
    return (start > 0 and text[start - 1 : start + 1] in pairs) or text[end - 1 : end + 1] in pairs
