"""Regular expressions as the rules use them: like the standard library's ``re``, and compiled when they are first tried.

Most patterns are tried by few texts (``scan.Sought``), and a process that checks one post needs half of them.
"""

import re as _re
from collections.abc import Iterator
from functools import cache
from re import ASCII, DOTALL, IGNORECASE, MULTILINE, Match, Pattern, escape
from typing import Any, Final, cast

from xuanfa.checks.rules.prepared import compiled

__all__ = [
    "ASCII",
    "DOTALL",
    "IGNORECASE",
    "MULTILINE",
    "Match",
    "Pattern",
    "compile",
    "escape",
    "findall",
    "finditer",
    "fullmatch",
    "match",
    "search",
    "sub",
]

_METHODS: Final = ("finditer", "search", "match", "fullmatch", "findall", "sub", "groupindex", "groups")


class _Lazy:
    """A pattern that is compiled when something is asked of it but its own words."""

    def __init__(self, source: str, flags: int) -> None:
        self.pattern = source
        self.flags = flags

    def __getattr__(self, name: str) -> Any:
        """What a compiled one has; from then on it stands in the object itself."""
        if name not in _METHODS:
            raise AttributeError(name)
        ready = compiled(self.pattern, self.flags)
        for method in _METHODS:
            self.__dict__[method] = getattr(ready, method)
        return self.__dict__[name]


def compile(source: str, flags: int | _re.RegexFlag = 0) -> Pattern[str]:  # noqa: A001 - its name in ``re``
    """The pattern, compiled later."""
    return cast("Pattern[str]", _Lazy(source, int(flags)))


@cache
def _known(source: str) -> Pattern[str]:
    """A pattern that stands where it is used."""
    return compile(source)


def search(source: str, text: str) -> Match[str] | None:
    """As in ``re``."""
    return _known(source).search(text)


def match(source: str, text: str) -> Match[str] | None:
    """As in ``re``."""
    return _known(source).match(text)


def fullmatch(source: str, text: str) -> Match[str] | None:
    """As in ``re``."""
    return _known(source).fullmatch(text)


def findall(source: str, text: str) -> list[Any]:
    """As in ``re``."""
    return _known(source).findall(text)


def finditer(source: str, text: str) -> Iterator[Match[str]]:
    """As in ``re``."""
    return _known(source).finditer(text)


def sub(source: str, right: str, text: str) -> str:
    """As in ``re``."""
    return _known(source).sub(right, text)
