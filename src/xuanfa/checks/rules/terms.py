"""Words that should not stand there, from the tables; one pass for all of them."""

from collections.abc import Iterator
from functools import cache

from xuanfa.checks.rules.index import Index
from xuanfa.checks.rules.model import Hit
from xuanfa.checks.rules.scan import Scan
from xuanfa.checks.rules.shield import NO_TEXT, WORDS
from xuanfa.checks.rules.table import raw_terms, term_row


@cache
def _index() -> tuple[Index, dict[str, list[int]]]:
    """All terms, each with the rows that it stands in; few rows are ever looked at."""
    rows: dict[str, list[int]] = {}
    for number, (_, cells) in enumerate(raw_terms()):
        rows.setdefault(cells[0], []).append(number)
    return Index(rows), rows


def detect(scan: Scan) -> Iterator[Hit]:
    """The words of the tables that stand in the text."""
    index, rows = _index()
    for start, term in index.find(scan.text, scan.grams):
        end = start + len(term)
        for row in map(term_row, rows[term]):
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
