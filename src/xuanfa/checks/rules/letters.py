"""Words of official copy with a character that is none of theirs, which sounds or looks like it: 司法听, 布暑.

The table has only what stands nowhere in right copy (tests/corpus/letters.py); where what stands there is still the end of one word and
the beginning of another, nothing is told.
"""

from collections.abc import Iterator
from functools import cache

from xuanfa.checks.rules.index import Index
from xuanfa.checks.rules.model import Hit
from xuanfa.checks.rules.scan import Scan
from xuanfa.checks.rules.shield import NO_TEXT
from xuanfa.checks.rules.table import rows_of
from xuanfa.domain.checking import Level


@cache
def _table() -> tuple[Index, dict[str, str], frozenset[str]]:
    """What is sought with the word that was meant, and the words of two."""
    meant: dict[str, str] = {}
    pairs: set[str] = set()
    for head, (word, *places) in rows_of("letters"):
        if head["kind"] == "pairs":
            pairs.update(word + letter for letter in places[0])
            continue
        for at, letters in enumerate(places):
            before, behind = word[:at], word[at + 1 :]
            meant.update((before + letter + behind, word) for letter in letters)
    return Index(meant), meant, frozenset(pairs)


def known_pairs() -> frozenset[str]:
    """Words of two characters."""
    return _table()[2]


@cache
def _grave() -> frozenset[str]:
    """Words in which a slip is no small one: they name bodies, offices and what no statement may get wrong."""
    return frozenset(word for _, cells in rows_of("grave") for word in cells)


def detect(scan: Scan) -> Iterator[Hit]:
    """Such words in a text."""
    index, meant, pairs = _table()
    for start, slip in index.find(scan.text, scan.grams):
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
