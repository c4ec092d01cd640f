"""Titles that a body does not have: 政协主任, 村委会书记. Each body of the table has its own; any other one directly behind its name is wrong."""

from collections.abc import Iterator
from functools import cache
from typing import Final

from xuanfa.checks.rules import regex as re
from xuanfa.checks.rules.model import Hit
from xuanfa.checks.rules.scan import Scan, Sought
from xuanfa.checks.rules.shield import WORDS
from xuanfa.checks.rules.table import forms, rows_of

#: What may be said of a title before it.
_RANK = re.compile("(?:常务)?副?")
_TITLE: Final = Sought(
    re.compile(
        rf"{_RANK.pattern}(?:检察长|委员长|秘书长|理事长|院长|庭长|局长|厅长|部长|所长|省长|市长|县长|区长|镇长|乡长|"
        r"会长|总理|总书记|主任(?!科员|法医|医师|编辑|记者|会议|检察官|护师|技师)|主席(?!团|台|令)|书记(?!员|官|处|长))"
    ),
    "长理记任席",
)


@cache
def _bodies() -> dict[str, tuple[str, ...]]:
    """What a body's name ends with, and the titles that it has; the longest is asked first."""
    return {body: tuple(cells[1].split("、")) for _, cells in rows_of("titles") for body in forms(cells[0])}


@cache
def _lengths() -> tuple[int, ...]:
    return tuple(sorted({len(body) for body in _bodies()}, reverse=True))


def detect(scan: Scan) -> Iterator[Hit]:
    """Such titles in a line."""
    for match in _TITLE.over(scan, scan.text):
        start = match.start()
        body = next((name for size in _lengths() if (name := scan.before(start, size)) in _bodies()), "")
        title = match[0].removeprefix("常务")
        if not body or title in _bodies()[body] or scan.shield.touches(start, match.end(), WORDS):
            continue
        right = _bodies()[body][0]
        yield Hit(
            rule="office.title",
            start=start - len(body),
            end=match.end(),
            suggestion=body + (f"副{right}" if "副" in match[0] else right),
        )
