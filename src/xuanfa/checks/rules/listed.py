"""A list of words that the office has from its superiors, beside the rules."""

from collections.abc import Iterator, Mapping
from functools import cached_property

from xuanfa.checks.rules.index import Index
from xuanfa.checks.rules.model import Hit, Rule
from xuanfa.checks.rules.scan import Scan
from xuanfa.checks.rules.shield import NO_TEXT
from xuanfa.domain.checking import Level


class Listed:
    """Its words, each with what should stand there instead, where the list says so."""

    def __init__(self, name: str, level: Level, words: Mapping[str, str]) -> None:
        self.rule = Rule(
            id=f"term.{name}",
            level=level,
            zh="“{text}”在导入的清单里，请核对。",
            en="“{text}” is on an imported list: look at it.",
            basis=name,
            title=name,
        )
        self._words = words

    @cached_property
    def _index(self) -> Index:
        return Index(self._words)

    def __len__(self) -> int:
        return len(self._words)

    def detect(self, scan: Scan) -> Iterator[Hit]:
        """Its words that stand in the text."""
        for start, term in self._index.find(scan.text, scan.grams):
            end = start + len(term)
            if not scan.shield.touches(start, end, NO_TEXT):
                yield Hit(rule=self.rule.id, start=start, end=end, suggestion=self._words[term])
