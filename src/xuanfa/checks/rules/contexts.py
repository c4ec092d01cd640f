"""Words that are wrong only by what their sentence tells: the rows of ``contexts.txt``."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

from xuanfa.checks.rules import regex as re
from xuanfa.checks.rules.model import Hit
from xuanfa.checks.rules.scan import Scan
from xuanfa.checks.rules.shield import WORDS
from xuanfa.checks.rules.table import rows_of

#: Two characters.
_PAIR: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """One row: what is sought where ``sign`` stands, what the sentence must hold and must not."""

    sign: str
    pattern: re.Pattern[str]
    right: str
    needs: re.Pattern[str] | None
    unless: re.Pattern[str] | None
    rule: str


@cache
def _by_sign() -> dict[str, tuple[Context, ...]]:
    found: dict[str, tuple[Context, ...]] = {}
    for head, cells in rows_of("contexts", parted_by="\t"):
        sign, pattern, right, needs, unless, *_ = (*cells, "", "", "", "")
        context = Context(
            sign=sign,
            pattern=re.compile(pattern),
            right=right,
            needs=re.compile(needs) if needs else None,
            unless=re.compile(unless) if unless else None,
            rule=head["rule"],
        )
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


def detect(scan: Scan) -> Iterator[Hit]:
    """Words that do not go with their sentence."""
    for sign in _there(scan):
        for context in _by_sign()[sign]:
            yield from _found(scan, context)


def _found(scan: Scan, context: Context) -> Iterator[Hit]:
    for match in context.pattern.finditer(scan.text):
        group = match.lastindex or 0
        start, end = match.span(group)
        if scan.shield.touches(start, end, WORDS):
            continue
        sentence = scan.around(*match.span())
        if context.needs is not None and not context.needs.search(sentence):
            continue
        if context.unless is not None and context.unless.search(sentence):
            continue
        yield Hit(rule=context.rule, start=start, end=end, suggestion=context.right)
