"""Words that are wrong only by what their sentence tells: the rows of ``contexts.txt``."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

from xuanfa.checks.rules import regex as re
from xuanfa.checks.rules.model import Hit
from xuanfa.checks.rules.scan import Scan
from xuanfa.checks.rules.shield import NO_TEXT, WORDS
from xuanfa.checks.rules.table import rows_of

#: Two characters.
_PAIR: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """One row: what is sought, what the sentence must hold and must not."""

    pattern: re.Pattern[str]
    right: str
    needs: re.Pattern[str] | None
    unless: re.Pattern[str] | None
    rule: str
    #: Where it does not count. Fixed phrases are fixed in titles and quotations too.
    kept: frozenset[str]


@cache
def _by_sign() -> dict[str, tuple[Context, ...]]:
    found: dict[str, tuple[Context, ...]] = {}
    for head, cells in rows_of("contexts", parted_by="\t"):
        signs, pattern, right, needs, unless, *_ = (*cells, "", "", "", "")
        context = Context(
            pattern=re.compile(pattern),
            right=right,
            needs=re.compile(needs) if needs else None,
            unless=re.compile(unless) if unless else None,
            rule=head["rule"],
            kept=NO_TEXT if head.get("in") == "all" else WORDS,
        )
        for sign in signs.split("|"):
            found[sign] = (*found.get(sign, ()), context)
    return found


@cache
def _by_beginning() -> dict[str, tuple[str, ...]]:
    """The signs by their first two characters; those of one character by themselves."""
    found: dict[str, tuple[str, ...]] = {}
    for sign in _by_sign():
        found[sign[:_PAIR]] = (*found.get(sign[:_PAIR], ()), sign)
    return found


def _there(scan: Scan) -> Iterator[str]:
    """The signs that stand in a text; most do not, and of a short one the runs of two tell that at once."""
    if scan.grams is None:
        yield from (sign for sign in _by_sign() if sign in scan.text)
        return
    signs = _by_beginning()
    for beginning in sorted(signs.keys() & (scan.grams.pair_set | scan.signs)):
        yield from (sign for sign in signs[beginning] if sign in scan.text)


def _lines_with(text: str, sign: str) -> list[tuple[int, int]]:
    """The lines that a sign stands in; the whole text where most of them do."""
    found: list[tuple[int, int]] = []
    size, at = 0, text.find(sign)
    while at >= 0:
        start, end = text.rfind("\n", 0, at) + 1, text.find("\n", at)
        end = len(text) if end < 0 else end
        found.append((start, end))
        size += end - start
        at = text.find(sign, end)
    return found if 2 * size < len(text) else [(0, len(text))]


def detect(scan: Scan) -> Iterator[Hit]:
    """Words that do not go with their sentence."""
    tried: set[tuple[int, int]] = set()
    for sign in _there(scan):
        spans = _lines_with(scan.text, sign)
        for context in _by_sign()[sign]:
            for start, end in spans:
                if (id(context), start) not in tried:
                    tried.add((id(context), start))
                    yield from _found(scan, context, start, end)


def _found(scan: Scan, context: Context, begin: int, stop: int) -> Iterator[Hit]:
    for match in context.pattern.finditer(scan.text, begin, stop):
        group = match.lastindex or 0
        start, end = match.span(group)
        if scan.shield.touches(start, end, context.kept):
            continue
        sentence = scan.around(*match.span())
        if context.needs is not None and not context.needs.search(sentence):
            continue
        if context.unless is not None and context.unless.search(sentence):
            continue
        yield Hit(rule=context.rule, start=start, end=end, suggestion=context.right)
