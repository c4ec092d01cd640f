"""Words that are wrong only by what their sentence tells: the rows of ``contexts.txt``."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from xuanfa.checks.rules import regex as re
from xuanfa.checks.rules.model import Hit
from xuanfa.checks.rules.scan import Scan
from xuanfa.checks.rules.shield import WORDS
from xuanfa.checks.rules.table import rows_of


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


def detect(scan: Scan) -> Iterator[Hit]:
    """Words that do not go with their sentence."""
    for sign, contexts in _by_sign().items():
        if sign in scan.text:
            for context in contexts:
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
