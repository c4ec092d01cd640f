"""Words that official copy has beside each other, one of them with a character that sounds or looks like its own: 加快进渡, 被告负但.

A word of two characters with a wrong one may be the end of one word and the beginning of another, so that it cannot be told by itself. Beside a
word with which it stands all the time it can (``data/together.txt``, made by ``tests/corpus/together.py``).
"""

from collections.abc import Iterator
from functools import cache
from typing import Final

from xuanfa.checks.rules.alike import alike
from xuanfa.checks.rules.grams import PIECE, pieces_of
from xuanfa.checks.rules.letters import is_pair, is_right
from xuanfa.checks.rules.model import Hit
from xuanfa.checks.rules.scan import Scan
from xuanfa.checks.rules.shield import NO_TEXT
from xuanfa.checks.rules.table import rows_of

#: Characters that stand by themselves between words, or that words end and begin with: none of them is a slip by itself.
_FREE: Final = frozenset("的地得和与及或向对在是了等为其把被将就由于而并也均以自人性化中新不未者之可数智公积")
_WORD: Final = 2
_BOTH: Final = 2 * _WORD


@cache
def _keys() -> tuple[dict[str, str], ...]:
    """Of two words that stand together three characters, by which of the four is left out, with all that it may be: 加快进 has 度."""
    keys: tuple[dict[str, str], ...] = ({}, {}, {}, {})
    for _, (first, seconds) in rows_of("together"):
        for begin in range(0, len(seconds), _WORD):
            both = first + seconds[begin : begin + _WORD]
            for at, of in enumerate(keys):
                key = both[:at] + both[at + 1 :]
                of[key] = of.get(key, "") + both[at]
    return keys


def detect(scan: Scan) -> Iterator[Hit]:
    """Such words in a text."""
    pieces = [(0, scan.grams)] if scan.grams is not None else pieces_of(scan.text, _BOTH)
    for begin, grams in pieces:
        triples, different = grams.triples, grams.triple_set
        # What is left out of a run of four stands before, in or behind the three that are sought.
        for at, there, those, moved in (
            (0, triples, different, -1),
            (1, grams.early, grams.early_set, 0),
            (2, grams.late, grams.late_set, 0),
            (3, triples, different, 0),
        ):
            meant = _keys()[at]
            keys = meant.keys() & those
            text, move = grams.text, moved + at
            for start, key in [each for each in enumerate(there) if each[1] in keys] if keys else ():
                written = text[start + move : start + move + 1] if start + move >= 0 else ""
                if written and written not in meant[key] and written not in _FREE and start < PIECE:
                    yield from _judged(scan, begin + start + move - at % _WORD, at % _WORD, meant[key])


def _judged(scan: Scan, start: int, at: int, meant: str) -> Iterator[Hit]:
    """What stands at a place, where a word is meant there that has one of these characters in place of its first or second."""
    text, end = scan.text, start + _WORD
    word = text[start:end]
    if is_pair(word) or is_pair(text[end - 1 : end + 1] if at else text[max(0, start - 1) : start + 1]):
        return
    right = next((letter for letter in meant if alike(letter, word[at])), "")
    if right and not is_right(text, start, end) and not scan.shield.touches(start, end, NO_TEXT | {"case", "document"}):
        yield Hit(rule="typo.beside", start=start, end=end, suggestion=word[:at] + right + word[at + 1 :])
