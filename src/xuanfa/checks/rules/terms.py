"""Words that should not stand there, from the tables; one pass for all of them."""

from collections.abc import Iterator
from functools import cache

from xuanfa.checks.rules.index import Index
from xuanfa.checks.rules.model import Hit
from xuanfa.checks.rules.scan import Scan
from xuanfa.checks.rules.shield import NO_TEXT, WORDS
from xuanfa.checks.rules.table import Row, shipped_terms


@cache
def _index() -> tuple[Index, dict[str, tuple[Row, ...]]]:
    rows: dict[str, tuple[Row, ...]] = {}
    for row in shipped_terms():
        rows[row.wrong] = (*rows.get(row.wrong, ()), row)
    return Index(rows), rows


def detect(scan: Scan) -> Iterator[Hit]:
    """The words of the tables that stand in the text."""
    index, rows = _index()
    for start, term in index.find(scan.text, scan.grams):
        end = start + len(term)
        for row in rows[term]:
            if scan.shield.touches(start, end, NO_TEXT if row.everywhere else WORDS):
                continue
            if row.valid_from is not None and scan.when < row.valid_from:
                continue
            if row.rule == "office.former" and "原" in scan.text[max(0, start - 4) : start]:
                continue
            if any(_is_part(scan.text, start, row.wrong, word) for word in row.unless):
                continue
            yield Hit(rule=row.rule, start=start, end=end, suggestion=row.right, level=row.level, basis=row.basis)


def _is_part(text: str, start: int, wrong: str, word: str) -> bool:
    """Whether what was found is only a part of a longer word, wherever in it."""
    at = word.find(wrong)
    while at >= 0:
        if start >= at and text.startswith(word, start - at):
            return True
        at = word.find(wrong, at + 1)
    return False
