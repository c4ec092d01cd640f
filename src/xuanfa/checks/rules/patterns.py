"""Whether a pattern that somebody wrote could take very long: judged by its parts, before it sees a text."""

from re import _parser  # type: ignore[attr-defined]  # the standard library's own reading of a pattern
from typing import Any, Final

#: So often a part may be repeated and its spread still be counted.
_REPEATED_MOST: Final = 8

#: As how many places a repetition without an end counts, and how many ways of matching from one place are too many.
_UNBOUNDED, _TOO_MANY = 300, 1500
_REPEATS: Final = ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT")


def too_costly(pattern: str) -> bool:
    """Whether it has more ways to match from one place than are tried in no time."""
    return _ways(_parser.parse(pattern), inside=False) > _TOO_MANY


def _ways(parsed: Any, *, inside: bool) -> int:
    ways = 1
    for operation, argument in parsed:
        name = str(operation)
        if name in _REPEATS:
            least, most, inner = argument
            spread = min(_UNBOUNDED, int(most)) - min(_UNBOUNDED, int(least)) + 1
            within = _ways(inner, inside=True)
            if spread > 1 and (inside or within > 1):
                spread = (
                    within ** min(int(most), _REPEATED_MOST) * spread if int(most) <= _REPEATED_MOST else _TOO_MANY + 1
                )
            else:
                spread *= within
            ways *= spread
        elif name == "BRANCH":
            ways *= sum(_ways(branch, inside=inside) for branch in argument[1])
        elif name == "SUBPATTERN":
            ways *= _ways(argument[-1], inside=inside)
        elif name in ("ASSERT", "ASSERT_NOT"):
            ways *= _ways(argument[1], inside=inside)
        elif name == "ATOMIC_GROUP":
            ways *= _ways(argument, inside=inside)
        elif name in ("GROUPREF", "GROUPREF_EXISTS"):
            ways *= 2
        if ways > _TOO_MANY:
            return ways
    return ways
