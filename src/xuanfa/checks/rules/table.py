"""The rules that come with the program, from the data beside this module: ``rules.toml`` has what a rule says and why, ``*.txt`` its rows."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, Final

from xuanfa.checks.rules.model import Rule
from xuanfa.domain.checking import Level

_DATA: Final = files("xuanfa.checks.rules") / "data"
#: Tables of terms; the others have readers of their own.
_TERMS: Final = ("hmt", "office", "outdated", "politics", "term", "typo")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A term that should not stand there. ``unless`` are longer words of which it may be a part; ``everywhere`` says that titles and
    quotations are no excuse."""

    rule: str
    wrong: str
    right: str = ""
    level: Level | None = None
    unless: tuple[str, ...] = ()
    valid_from: date | None = None
    basis: str = ""
    everywhere: bool = False


def text_of(name: str) -> str:
    """A data file."""
    return (_DATA / name).read_text(encoding="utf-8")


def rows_of(name: str, *, parted_by: str = "|") -> Iterator[tuple[dict[str, str], list[str]]]:
    """The rows of a table, each with what stands above it after ``@``; a row holds for what its heads say until another head does."""
    head: dict[str, str] = {}
    for line in text_of(f"{name}.txt").splitlines():
        if line.startswith("@"):
            key, _, value = line[1:].partition(" ")
            head = {"rule": value} if key == "rule" else {**head, key: value}
        elif line and not line.startswith("#"):
            yield head, line.split(parted_by)


@cache
def shipped() -> Mapping[str, Rule]:
    """The rules by id."""
    return {each["id"]: _rule(each) for each in tomllib.loads(text_of("rules.toml"))["rule"]}


def _rule(raw: Mapping[str, Any]) -> Rule:
    return Rule(**{**raw, "level": Level(raw["level"])})


@cache
def raw_terms() -> tuple[tuple[Mapping[str, str], list[str]], ...]:
    """The rows of all tables of terms as they are written, one for each form of 公诉{员,官}."""
    return tuple(
        (head, [term, *cells[1:]]) for name in _TERMS for head, cells in rows_of(name) for term in forms(cells[0])
    )


def forms(written: str) -> Iterator[str]:
    """What braces in a row stand for: each of the pieces in them, of all braces together."""
    before, brace, rest = written.partition("{")
    if not brace:
        yield written
        return
    pieces, _, behind = rest.partition("}")
    for piece in pieces.split(","):
        for tail in forms(behind):
            yield before + piece + tail


@cache
def term_row(number: int) -> Row:
    """One of them."""
    return _row(*raw_terms()[number])


def term_days() -> set[date]:
    """The days from which on terms are wrong that were right before."""
    return {date.fromisoformat(cells[_SINCE]) for _, cells in raw_terms() if len(cells) > _SINCE and cells[_SINCE]}


#: In which cell of a row it stands.
_SINCE: Final = 4


def _row(head: Mapping[str, str], cells: list[str]) -> Row:
    wrong, right, level, unless, since, *_ = (*cells, "", "", "", "", "")
    return Row(
        rule=head["rule"],
        wrong=wrong,
        right=right,
        level=Level(level) if level else None,
        unless=tuple(filter(None, unless.split(","))),
        valid_from=date.fromisoformat(since) if since else None,
        basis=head.get("basis", ""),
        everywhere=head.get("in") == "all",
    )
