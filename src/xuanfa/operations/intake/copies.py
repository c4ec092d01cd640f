"""Copies: names that systems and sync programs give to a second file of the same: such a file has its original beside it, and is no renamed one."""

import re
from collections.abc import Collection
from pathlib import PurePosixPath
from typing import Final

from xuanfa.content.reading.kinds import suffix_of

#: "Conflict" and "copy", as systems that speak Chinese write them.
_CONFLICT, _COPY, _DUPLICATE = "冲突", "副本", "复件"
_OPEN, _CLOSE = r"[(\uff08\[\u3010]", r"[)\uff09\]\u3011]"
#: What stands behind the name of the original, or before it.
_MARKS: Final = tuple(
    re.compile(rf"(?:{pattern})", re.IGNORECASE)
    for pattern in (
        rf"(?P<of>.+?)\s*{_OPEN}\d{{1,3}}{_CLOSE}",
        rf"(?P<of>.+?)\s*{_OPEN}[^()\uff08\uff09]*(?:{_CONFLICT}|{_COPY}|conflict|copy)[^()\uff08\uff09]*{_CLOSE}",
        rf"(?P<of>.+?)[-_. ]+(?:{_CONFLICT}|conflict).*",
        r"(?P<of>.+?)\.sync-conflict-.*",
        rf"(?P<of>.+?)(?:\s*[-_]\s*|\s+|\u7684)?(?:{_COPY}|{_DUPLICATE})\s*(?:\d{{1,3}}|{_OPEN}\d{{1,3}}{_CLOSE})?",
        rf"(?P<of>.+?)(?:\s*[-_]\s*|\s+)copy\s*(?:\d{{1,3}}|{_OPEN}\d{{1,3}}{_CLOSE})?",
        rf"(?:copy of|{_COPY}|{_DUPLICATE})(?:\s*[-_]\s*|\s+)(?P<of>.+)",
        r"(?P<of>.+?)-(?:DESKTOP|LAPTOP|WIN|PC|MACBOOK)-?[A-Z0-9]{2,}(?:-\d{1,3})?",
    )
)


def originals_of(name: str) -> list[str]:
    """What the original of a file of this name would be called, in the same folder, if the name is that of a copy; none if it is not."""
    path = PurePosixPath(name)
    stem = path.name[: len(path.name) - len(suffix_of(path.name))]
    ending = path.name[len(stem) :]
    found = (pattern.fullmatch(stem) for pattern in _MARKS)
    return [str(path.with_name(match["of"] + ending)) for match in found if match is not None]


def is_copy(name: str, there: Collection[str]) -> bool:
    """Whether a file of this name is a copy of one that lies beside it."""
    return any(original in there for original in originals_of(name))
