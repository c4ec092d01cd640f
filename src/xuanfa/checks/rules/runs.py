"""Numbered phrases with their members: in another order, one missing, one foreign."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from xuanfa.checks.rules import regex as re
from xuanfa.checks.rules.model import Hit
from xuanfa.checks.rules.scan import Scan
from xuanfa.checks.rules.shield import NO_TEXT
from xuanfa.checks.rules.table import rows_of

#: A row of fewer members is short; so many of one in order tell that the row is meant, of a longer one more.
_SHORT_ROW, _ENOUGH, _ENOUGH_OF_LONG = 5, 3, 4
#: Two in order tell of a row of three; one that lacks one has at least so many.
_TWO, _THREE, _ROW_LEAST = 2, 3, 4

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


_ITEMS = re.compile(r"[\u4e00-\u9fff“”《》]{2,24}(?:、[\u4e00-\u9fff“”《》]{2,24}){2,12}")


def _foreign(scan: Scan) -> Iterator[Hit]:
    """A row in which all members stand in their places but one, in whose place something else stands: 自由、平等、公平、法治."""
    for match in _ITEMS.finditer(scan.text):
        items = match[0].split("、")
        there = set(items)
        for run in _runs():
            size = len(run.members)
            if not _FEW <= size <= len(items) or len(there.intersection(run.members)) < size - _FEW + 1:
                continue
            for first in range(len(items) - size + 1):
                row = items[first : first + size]
                wrong = [
                    at
                    for at, (item, member) in enumerate(zip(row, run.members, strict=True))
                    if not _is(item, member, at, size)
                ]
                if len(wrong) != 1 or any(member in row[wrong[0]] or row[wrong[0]] in member for member in run.members):
                    continue
                begin = match.start() + sum(len(item) + 1 for item in items[: first + wrong[0]])
                item, most = row[wrong[0]], len(run.members[wrong[0]]) + 2
                start = begin if wrong[0] else begin + max(0, len(item) - most)
                end = begin + (len(item) if wrong[0] < size - 1 else min(len(item), most))
                if not scan.shield.touches(start, end, NO_TEXT):
                    yield Hit(
                        rule="politics.member",
                        start=start,
                        end=end,
                        suggestion=run.members[wrong[0]],
                        values={"name": run.name},
                    )


#: Shorter rows share too much with others.
_FEW = 4


def _is(there: str, member: str, at: int, size: int) -> bool:
    """Whether a piece of a row is a member; before the first and behind the last something else may stand."""
    return there == member or (at == 0 and there.endswith(member)) or (at == size - 1 and there.startswith(member))


def detect(scan: Scan) -> Iterator[Hit]:
    """Rows of members that are not as they should be."""
    if _starts().search(scan.text) is None:
        return
    if "、" in scan.text:
        yield from _foreign(scan)
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
    enough = (
        _ENOUGH if len(run.members) < _SHORT_ROW else _ENOUGH_OF_LONG
    )  # of a longer row three may stand in a row of something else
    if len(there) >= enough or (len(there) == _TWO and len(run.members) <= _THREE):
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
    if len(missing) == 1 and len(run.members) >= _ROW_LEAST and missing[0] not in (0, len(run.members) - 1):
        gap = next(index for index, place in enumerate(order) if place > missing[0])
        start, end = there[gap - 1][2] - 2, there[gap][1] + 2
        yield Hit(
            rule="politics.member", start=start, end=end, suggestion=run.members[missing[0]], values={"name": run.name}
        )
    elif (
        len(missing) == 1
        and len(run.members) >= _ROW_LEAST
        and run.name in scan.text[max(0, match.start() - 24) : match.end() + 12]
    ):
        at = there[0][1] if missing[0] == 0 else there[-1][2]
        start, end = max(0, at - 2), min(len(scan.text), at + 2)
        yield Hit(
            rule="politics.member", start=start, end=end, suggestion=run.members[missing[0]], values={"name": run.name}
        )
