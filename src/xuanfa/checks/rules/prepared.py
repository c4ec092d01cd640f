"""What the rules need besides their tables, prepared once: patterns as the machine of ``re`` runs them, and tables of what near misses leave.

Making all of it takes longer than reading a post. So it may be kept from one process to the next: ``kept`` gives everything as bytes, ``take`` takes
them back. Nothing here reads or writes a file (``bootstrap/prepared`` does), and nothing that is taken runs: they are numbers and words, and the
machine of ``re`` looks through the numbers of a pattern before it runs them.
"""

import _sre  # type: ignore[import-not-found]  # the machine of ``re``
import json
import re
import sys
from array import array
from base64 import b64decode, b64encode
from collections.abc import Callable
from re import _compiler, _parser  # type: ignore[attr-defined]  # the standard library's own steps of compiling
from typing import Any, Final

#: Numbers of a pattern are those of one version of the machine, on one kind of computer.
MACHINE: Final = (
    f"{sys.implementation.cache_tag} {sys.hexversion:x} {_sre.MAGIC} {_sre.CODESIZE} {sys.byteorder} {sys.maxunicode}"
)
_UNIT: Final = {2: "H", 4: "I"}[_sre.CODESIZE]
#: A pattern is known by its flags and its words.
_Code = tuple[int, str, int, dict[str, int]]


class _Store:
    """Everything that was prepared in this process, or taken from another one; ``more`` says that something is new."""

    def __init__(self) -> None:
        self.patterns: dict[str, Any] = {}
        self.tables: dict[str, Any] = {}
        self.more = False


_STORE: Final = _Store()


def compiled(source: str, flags: int) -> re.Pattern[str]:
    """A pattern, ready: ``re.compile`` without its work where that was done before."""
    name = f"{flags} {source}"
    if name in _STORE.patterns:
        try:
            return _ready(source, _STORE.patterns[name])
        except (
            RuntimeError,
            ValueError,
            TypeError,
            LookupError,
            AttributeError,
        ):  # what was taken is no pattern to the machine: made anew
            pass
    _STORE.patterns[name] = _coded(source, flags)
    _STORE.more = True
    return _ready(source, _STORE.patterns[name])


def _ready(source: str, code: _Code) -> re.Pattern[str]:
    flags, numbers, groups, named = code
    names: list[str | None] = [None] * (groups + 1)
    for group, number in named.items():
        names[number] = group
    units = array(_UNIT, b64decode(numbers)).tolist()
    pattern: re.Pattern[str] = _sre.compile(source, flags, units, groups, dict(named), tuple(names))
    return pattern


def _coded(source: str, flags: int) -> _Code:
    parsed = _parser.parse(source, flags)
    numbers = b64encode(array(_UNIT, _compiler._code(parsed, flags)).tobytes()).decode("ascii")  # noqa: SLF001
    return int(flags | parsed.state.flags), numbers, parsed.state.groups - 1, dict(parsed.state.groupdict)


def table(name: str, make: Callable[[], Any]) -> Any:
    """A table of words and numbers that is made from the rules' own, or was made before."""
    if name not in _STORE.tables:
        _STORE.tables[name] = make()
        _STORE.more = True
    return _STORE.tables[name]


def has_more() -> bool:
    """Whether something was prepared that was not taken."""
    return _STORE.more


def kept() -> bytes:
    """Everything, to be taken by another process of the same program and machine."""
    return json.dumps({"patterns": _STORE.patterns, "tables": _STORE.tables}, ensure_ascii=False).encode()


def take(data: bytes) -> None:
    """Take what another process has prepared. Raises ValueError for what is nothing of the kind."""
    found = json.loads(data)
    if not isinstance(found, dict) or not all(isinstance(found.get(name), dict) for name in ("patterns", "tables")):
        raise ValueError("not what was kept")
    _STORE.patterns = {**found["patterns"], **_STORE.patterns}
    _STORE.tables = {**found["tables"], **_STORE.tables}
