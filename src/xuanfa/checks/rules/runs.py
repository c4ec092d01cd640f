"""Numbered phrases with their members: in another order, one missing, one foreign."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from xuanfa.checks.rules import regex as re
from xuanfa.checks.rules.model import Hit
from xuanfa.checks.rules.scan import Scan
from xuanfa.checks.rules.shield import NO_TEXT
from xuanfa.checks.rules.table import rows_of

_JOINT = r"(?:、|，|和|及|与|以及|\s){0,2}[“”]?"


@dataclass(frozen=True, slots=True)
class _Run:
    """Its name, its members, how many make a group, and a pattern that finds members in a row."""

    name: str
    members: tuple[str, ...]
    pattern: re.Pattern[str]


@cache
def _runs() -> tuple[_Run, ...]:
    found = []
    for _, cells in rows_of("runs"):
        members = tuple(cells[1].split("、"))
        one = "|".join(sorted(map(re.escape, members), key=len, reverse=True))
        found.append(_Run(cells[0], members, re.compile(rf"[“]?(?:{one})(?:{_JOINT}(?:{one})){{1,{len(members)}}}")))
    return tuple(found)


@cache
def _starts() -> re.Pattern[str]:
    """One look tells whether any member stands in a text at all."""
    members = sorted({re.escape(member) for run in _runs() for member in run.members})
    return re.compile("|".join(sorted(members, key=len, reverse=True)))  # in one order, so that it is known again


def detect(scan: Scan) -> Iterator[Hit]:
    """Rows of members that are not as they should be."""
    if _starts().search(scan.text) is None:
        return
    for run in _runs():
        if run.members[0] not in scan.text and run.members[1] not in scan.text:
            continue
        for match in run.pattern.finditer(scan.text):
            yield from _judged(scan, run, match)


def _judged(scan: Scan, run: _Run, match: re.Match[str]) -> Iterator[Hit]:
    if scan.shield.touches(*match.span(), NO_TEXT):
        return
    one = re.compile("|".join(sorted(map(re.escape, run.members), key=len, reverse=True)))
    there = [(piece[0], match.start() + piece.start(), match.start() + piece.end()) for piece in one.finditer(match[0])]
    order = [run.members.index(word) for word, *_ in there]
    if len(there) >= 3 or (len(there) == 2 and len(run.members) <= 3):
        for (_, start, _), (_, _, end), before, after in zip(there, there[1:], order, order[1:], strict=False):
            if after < before:
                yield Hit(
                    rule="politics.order",
                    start=start,
                    end=end,
                    suggestion="、".join(run.members),
                    values={"name": run.name},
                )
                return
    missing = sorted(set(range(len(run.members))) - set(order))
    if len(missing) == 1 and len(run.members) >= 4 and missing[0] not in (0, len(run.members) - 1):
        gap = next(index for index, place in enumerate(order) if place > missing[0])
        start, end = there[gap - 1][2] - 2, there[gap][1] + 2
        yield Hit(
            rule="politics.member", start=start, end=end, suggestion=run.members[missing[0]], values={"name": run.name}
        )
    elif (
        len(missing) == 1
        and len(run.members) >= 4
        and run.name in scan.text[max(0, match.start() - 24) : match.end() + 12]
    ):
        at = there[0][1] if missing[0] == 0 else there[-1][2]
        start, end = max(0, at - 2), min(len(scan.text), at + 2)
        yield Hit(
            rule="politics.member", start=start, end=end, suggestion=run.members[missing[0]], values={"name": run.name}
        )
