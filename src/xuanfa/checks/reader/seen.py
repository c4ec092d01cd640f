"""Text in pictures and posters (``rapidocr``, its models are in its package): what is read there goes through the rules like any text.

Whoever reads pictures is often wrong about punctuation, width and single characters, so that only rules of words and persons are asked, and
nothing weighs more than 一般 but the numbers of identity cards and telephones, whose digits stand for themselves.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from xuanfa.checks.rules.engine import Engine
from xuanfa.domain.checking import Found, Level

#: Lines of text in a picture with how sure each is, from 0 to 1. Raises ValueError for a picture that it cannot read.
Eyes = Callable[[bytes], Iterable[tuple[str, float]]]

#: Lines that are less sure are not read. Of photographs without any text a few strokes come back with 0.5 to 0.8.
_SURE: Final = 0.85
#: What is asked of text in a picture, by the class of a rule.
_ASKED: Final = frozenset(
    {"privacy", "secrecy", "politics", "office", "hmt", "outdated", "term", "law", "typo", "date"}
)
#: Near misses may be mistakes of whoever reads the picture.
_GUESSED: Final = frozenset({"typo", "politics", "office", "hmt", "term"})
#: Digits that no misreading makes.
_CERTAIN: Final = frozenset({"privacy.id18", "privacy.id15", "privacy.mobile", "privacy.landline"})


@dataclass(frozen=True, slots=True)
class Seen:
    """A finding in a picture, and the line of text that it stands in."""

    found: Found
    line: str


def seen_in(engine: Engine, eyes: Eyes, picture: bytes, *, when: date) -> Iterator[Seen]:
    """What the rules find in the text of a picture. Raises ValueError."""
    lines = [line.strip() for line, sure in eyes(picture) if sure >= _SURE and line.strip()]
    for one in engine.check("\n".join(lines), when=when):
        if one.kind in _ASKED:
            yield Seen(replace(one, level=_level(one), fix=None), lines[one.line - 1])


def _level(one: Found) -> Level:
    if one.rule in _CERTAIN:
        return one.level
    most = Level.HINT if one.kind in _GUESSED else Level.MINOR
    return min(one.level, most, key=lambda level: level.weight)
