"""The office's own list of leaders: who is named with which office, how the name is written, and in which order they stand.

Nothing comes with the program: such a list is out of date the day after (``rules/leaders.toml``, docs/zh/检查.md).
"""

import itertools
from collections.abc import Iterator, Sequence

from xuanfa.checks.rules.model import Hit
from xuanfa.checks.rules.scan import Leader, Scan
from xuanfa.checks.rules.shield import NO_TEXT

#: What says that somebody held an office before.
_FORMER = ("原", "时任", "前", "曾任", "历任")
#: Between names of one list stand so few characters besides their offices.
_APART = 24
_SHORTEST = 2
_JOINTS = ("、", "，", ",", "和", "与", "及", " ", "\u3000")


def detect(scan: Scan) -> Iterator[Hit]:
    """What does not go with the list, in one line."""
    leaders = scan.office.leaders
    if not leaders:
        return
    for hit in (*_offices(scan, leaders), *_names(scan, leaders), *_order(scan, leaders)):
        if not scan.shield.touches(hit.start, hit.end, NO_TEXT):
            yield hit


def _offices(scan: Scan, leaders: Sequence[Leader]) -> Iterator[Hit]:
    """An office of the list in front of a name of the list, who does not hold it on that day."""
    offices = sorted({leader.office for leader in leaders}, key=len, reverse=True)
    for name in dict.fromkeys(leader.name for leader in leaders):
        for start in _places(scan.text, name):
            before = scan.before(start, 40).rstrip(" 　")
            office = next((one for one in offices if before.endswith(one)), None)
            if office is None:
                continue
            held = [one for one in leaders if one.name == name and one.holds(scan.when)]
            past = before[: -len(office)].endswith(_FORMER)
            if past or any(one.office == office or office.endswith(one.office) for one in held):
                continue
            right = "、".join(one.office for one in held)
            at = start - (len(scan.before(start, 40)) - len(before)) - len(office)
            yield Hit(
                rule="office.leader_title",
                start=at,
                end=start + len(name),
                suggestion=f"{right}{name}" if right else f"原{office}{name}",
                values={"name": name, "office": office},
            )


def _names(scan: Scan, leaders: Sequence[Leader]) -> Iterator[Hit]:
    """Behind an office of the list something that is nearly its holder's name."""
    names = {leader.name for leader in leaders}
    for leader in leaders:
        if not leader.holds(scan.when) or len(leader.name) < _SHORTEST:
            continue
        for start in _places(scan.text, leader.office):
            at = start + len(leader.office)
            there = scan.after(at, len(leader.name))
            if there in names or len(there) < len(leader.name):
                continue
            wrong = [index for index, (one, two) in enumerate(zip(there, leader.name, strict=True)) if one != two]
            turned = sorted(there) == sorted(leader.name)
            if turned or (len(wrong) == 1 and len(leader.name) > _SHORTEST):
                yield Hit(
                    rule="office.leader_name",
                    start=at,
                    end=at + len(there),
                    suggestion=leader.name,
                    values={"name": leader.name, "office": leader.office},
                )


def _order(scan: Scan, leaders: Sequence[Leader]) -> Iterator[Hit]:
    """Names in a row that stand in another order than in the list."""
    ranks = {leader.name: index for index, leader in reversed(list(enumerate(leaders))) if leader.holds(scan.when)}
    there = sorted((start, name) for name in ranks for start in _places(scan.text, name))
    for (one, first), (two, second) in itertools.pairwise(there):
        between = scan.text[one + len(first) : two]
        if ranks[second] < ranks[first] and _joins(between):
            yield Hit(
                rule="office.leader_order",
                start=one,
                end=two + len(second),
                suggestion=f"{second}、{first}",
                values={"name": second, "office": first},
            )


def _joins(between: str) -> bool:
    """Whether two names stand in one list: joined by a sign or a blank, perhaps with an office between."""
    return 0 < len(between) <= _APART and between[0] in _JOINTS and not any(sign in between for sign in "。；！？")


def _places(text: str, piece: str) -> Iterator[int]:
    at = text.find(piece)
    while at >= 0:
        yield at
        at = text.find(piece, at + len(piece))
