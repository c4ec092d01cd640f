"""JSON as RFC 8259 has it, and nothing besides: what two programs would read in two ways proves nothing."""

import json
from math import isfinite
from typing import Any


def read_json(text: str | bytes) -> Any:
    """What a JSON text stands for. Raises ValueError for what is none, or is no one thing.

    Python's reader alone would take ``NaN`` and ``Infinity``, which are no JSON, make infinity of ``1e999``, take the last of two
    values with one name, and end with an error of its own where brackets are nested without end.
    """
    try:
        return json.loads(text, parse_constant=_refuse, parse_float=_finite, object_pairs_hook=_unambiguous)
    except RecursionError as error:
        raise ValueError("nested too deep") from error


def _refuse(name: str) -> None:
    raise ValueError(name)


def _finite(digits: str) -> float:
    """A number that a machine can hold."""
    number = float(digits)
    if not isfinite(number):
        raise ValueError(digits[:40])
    return number


def _unambiguous(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object; one that gives a name two different values says two things. The same twice is said once."""
    found = dict(pairs)
    if len(found) != len(pairs) and any(not _is_same(found[name], value) for name, value in pairs):
        raise ValueError("one name, two values")
    return found


def _is_same(one: Any, other: Any) -> bool:
    """True is not 1, and 1 is not 1.0, for whoever reads them as texts."""
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)
