"""Marks of secrecy and of what is only for the office. Talking about secrets is no mark: 保守国家秘密 stays quiet."""

from collections.abc import Iterator
from functools import cache
from typing import Final

from xuanfa.checks.rules import regex as re
from xuanfa.checks.rules.model import Hit
from xuanfa.checks.rules.scan import Scan, Sought
from xuanfa.checks.rules.shield import NO_TEXT
from xuanfa.checks.rules.table import rows_of
from xuanfa.domain.checking import Level


@cache
def _patterns() -> tuple[tuple[str, Level, Sought], ...]:
    return tuple(
        (
            head["rule"],
            Level(head["level"]),
            Sought(re.compile("|".join(cells), re.MULTILINE), *head.get("signs", "").split()),
        )
        for head, cells in rows_of("marks")
    )


#: Where it is spoken of and not marked.
_ABOUT = re.compile(
    r"保守|保护|泄露|窃取|刺探|防范|严防|确保|制度|规定|培训|学习|《|宣传|保密法|教育|讲解|违反|不得|禁止|属于.{0,6}的，"
)
_FREE: Final = frozenset({"secrecy.police", "secrecy.work"})


def detect(scan: Scan) -> Iterator[Hit]:
    """Marks of secrecy in a text."""
    closed = scan.closed
    for rule, level, pattern in [each for each in _patterns() if not each[2].needs & closed]:
        for match in pattern.over(scan, scan.text):
            start, end = match.span()
            if scan.shield.touches(start, end, NO_TEXT | {"title"}) and not re.search("[★☆]|^《", match[0]):
                continue
            if rule in _FREE and _ABOUT.search(scan.around(start, end)) and not re.search("[★☆：:]", match[0]):
                continue
            yield Hit(rule=rule, start=start, end=end, level=level)
