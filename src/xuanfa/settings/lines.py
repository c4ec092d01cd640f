"""On which line of the settings file a key stands: ``tomllib`` does not say, and a message without a line costs a search."""

import tomllib
from collections import Counter
from collections.abc import Mapping
from typing import Any

from xuanfa.domain.language import say

#: What a Chinese input method puts where TOML wants its half-width twin.
_FULL_WIDTH = "＝“”‘’【】［］，："


def nearest_line(places: Mapping[tuple[str, ...], int], key: tuple[str, ...]) -> int | None:
    """The line of ``key`` or of the nearest table that holds it; ``None`` where the file has neither."""
    return next((places[key[:end]] for end in range(len(key), 0, -1) if key[:end] in places), None)


def key_lines(text: str) -> dict[tuple[str, ...], int]:
    """Every key and table header with the first line, counted from one, it stands on. An inline table counts as one key.

    The entries of a list of tables (``[[silent]]``) are counted from nought, as in Pydantic's errors.
    """
    places: dict[tuple[str, ...], int] = {}
    table: tuple[str, ...] = ()
    entries: Counter[tuple[str, ...]] = Counter()
    for number, line in enumerate(text.splitlines(), 1):
        stripped = line.strip()
        if stripped.startswith("["):
            header = _path(stripped)
            if header:
                table = header
                if stripped.startswith("[["):
                    table = (*header, str(entries[header]))
                    entries[header] += 1
                places.setdefault(table, number)
        elif "=" in stripped and not stripped.startswith("#"):
            key = _path(stripped.partition("=")[0] + "= 0")
            if key:
                places.setdefault(table + key, number)
    return places


def _path(line: str) -> tuple[str, ...]:
    """The dotted key of one line, read by tomllib itself; empty where the line has none (the middle of a list or of a text)."""
    try:
        level: Any = tomllib.loads(line)
    except tomllib.TOMLDecodeError:
        return ()
    path: list[str] = []
    while isinstance(level, dict) and level:
        (name,) = level
        path.append(name)
        level = level[name]
    return tuple(path)


def punctuation_hint(line: str) -> str:
    """A word on full-width punctuation outside quotation marks, the commonest slip of a Chinese keyboard; else nothing."""
    outside = "".join(line.partition("#")[0].split('"')[::2])
    found = next((mark for mark in outside if mark in _FULL_WIDTH), "")
    if not found:
        return ""
    return say(
        "这一行有全角符号（{mark}），请换成英文半角符号。",
        "This line has the full-width mark “{mark}”; use its half-width form. ",
        mark=found,
    )
