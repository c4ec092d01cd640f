"""Rules that read a receiver's JSON answer: where a value stands, and what it must be.

A **path** is names and list positions with dots: ``data.id``, ``items.0.url``. A **condition** is a path (what stands there must be
true, not empty and not zero) or ``path == value``, where the value is JSON or a bare word: ``code == 0``, ``status == ok``.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Any

from xuanfa.domain.language import say
from xuanfa.domain.strict_json import read_json

_PATH = re.compile(r"[^\s.=]+(\.[^\s.=]+)*")


class Verdict(Enum):
    """What an answer says by a condition. ``UNCLEAR`` is doubt: the value is not there at all."""

    MET = "met"
    REFUSED = "refused"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition; without ``value`` what stands at the path only has to be true."""

    path: str
    value: Any = None
    compares: bool = False

    def judge(self, data: Any) -> Verdict:
        """What the answer ``data`` says; a ``null`` is no answer."""
        found = pick(data, self.path)
        if found is None:
            return Verdict.UNCLEAR
        met = _same(found, self.value) if self.compares else bool(found)
        return Verdict.MET if met else Verdict.REFUSED


@dataclass(frozen=True, slots=True)
class Reading:
    """How one receiver's answers are read; an empty path reads nothing."""

    success: tuple[Condition, ...] = ()
    remote_id: str = ""
    address: str = ""


def parse_path(text: str) -> str:
    """The path, checked. Raises ValueError."""
    if not _PATH.fullmatch(text.strip()):
        raise ValueError(
            say(
                "不是取值路径；请写成 data.id 或 items.0.url 的样子",
                "is no path; write it like data.id or items.0.url",
            )
        )
    return text.strip()


def parse_condition(text: str) -> Condition:
    """A condition from text. Raises ValueError."""
    path, compares, value = text.partition("==")
    return (
        Condition(parse_path(path), _value(value.strip()), compares=True) if compares else Condition(parse_path(path))
    )


def _value(text: str) -> Any:
    try:
        return read_json(text)
    except ValueError:
        return text


def pick(data: Any, path: str) -> Any:
    """What stands at ``path``; ``None`` where nothing does."""
    for name in path.split("."):
        if isinstance(data, dict):
            data = data.get(name)
        elif isinstance(data, list) and name.isascii() and name.isdigit() and int(name) < len(data):
            data = data[int(name)]
        else:
            return None
    return data


def pick_text(data: Any, path: str) -> str | None:
    """The text or number at ``path`` as text; ``None`` for anything else, and where no path is given."""
    found = pick(data, path) if path else None
    return str(found) if isinstance(found, str | int | float) and not isinstance(found, bool) and found != "" else None


def judge(conditions: Iterable[Condition], data: Any) -> Verdict:
    """All must be met; one refusal is a refusal; doubt about one is doubt."""
    verdicts = [condition.judge(data) for condition in conditions]
    for verdict in (Verdict.REFUSED, Verdict.UNCLEAR):
        if verdict in verdicts:
            return verdict
    return Verdict.MET


def _same(found: Any, expected: Any) -> bool:
    """Equality as staff mean it: systems write a code as 0 or as "0", but true is never 1."""
    if isinstance(found, bool) or isinstance(expected, bool):
        return found is expected
    scalar = isinstance(found, str | int | float) and isinstance(expected, str | int | float)
    return bool(found == expected) or (scalar and str(found) == str(expected))
