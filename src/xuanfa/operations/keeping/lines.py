"""Lines: which line of the history is not the one that was sealed. A seal proves that something was changed; the short hashes beside it name
the line, as long as nobody has changed those too."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

import sqlalchemy as sa

from xuanfa.domain.language import say
from xuanfa.store import chain


class Wrong(StrEnum):
    """What is wrong with a line."""

    CHANGED = "changed"
    MISSING = "missing"
    MOVED = "moved"
    ADDED = "added"
    CUT = "cut"

    @property
    def label(self) -> str:
        """For people."""
        return say(*_WORDS[self])


_WORDS = {
    Wrong.CHANGED: ("被改动", "was changed"),
    Wrong.MISSING: ("不见了", "is missing"),
    Wrong.MOVED: ("被调换了位置", "was put elsewhere"),
    Wrong.ADDED: ("是后来塞进去的", "was put there later"),
    Wrong.CUT: ("之后的行不见了", "is not the last one: those behind it are missing"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A line by its number; of a seal whose lines cannot be told apart any more the first and the last."""

    number: int
    wrong: Wrong
    last: int | None = None
    seal: int | None = None

    @property
    def words(self) -> str:
        """For people."""
        if self.last is not None:
            return say(
                "第 {first} 到 {last} 行之间被改动",
                "something between the lines {first} and {last} was changed",
                first=self.number,
                last=self.last,
            )
        return say("第 {n} 行{wrong}", "line {n} {wrong}", n=self.number, wrong=self.wrong.label)


def sealed_faults(connection: sa.Connection) -> Iterator[Fault]:
    """The lines that are not as they were sealed, in the order of the seals."""
    previous: chain.Seal | None = None
    for seal in chain.all_seals(connection):
        there = list(chain.lines(connection, previous.last if previous else None, seal.last))
        if chain.link(previous, there, seal.sealed_at) != seal:
            yield from _within(seal, there)
        previous = seal


def _within(seal: chain.Seal, there: Iterable[chain.Line]) -> Iterator[Fault]:
    told = _told(seal.lines)
    found = {line[0]: chain.short_hash(line) for line in there}
    faults = list(compared(told, found, seal.number)) if told else []
    yield from faults or [Fault(number=seal.first, last=seal.last, wrong=Wrong.CHANGED, seal=seal.number)]


def _told(lines: str | None) -> dict[int, str]:
    """By number, the short hashes that stand beside a seal; none where they are not of our shape."""
    told: dict[int, str] = {}
    for each in (lines or "").split():
        number, _, hash_ = each.partition(":")
        if not number.isdecimal() or not hash_:
            return {}
        told[int(number)] = hash_
    return told


def compared(told: Mapping[int, str], found: Mapping[int, str], seal: int | None = None) -> Iterator[Fault]:
    """Lines by what they should say and do say, both by number. One that says what another one should was moved."""
    elsewhere = {hash_: number for number, hash_ in told.items() if found.get(number) != hash_}
    for number in sorted(told.keys() | found.keys()):
        if told.get(number) == found.get(number):
            continue
        if number not in found:
            wrong = Wrong.MISSING
        elif found[number] in elsewhere:
            wrong = Wrong.MOVED
        else:
            wrong = Wrong.CHANGED if number in told else Wrong.ADDED
        yield Fault(number=number, wrong=wrong, seal=seal)
