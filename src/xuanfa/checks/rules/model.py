"""What a rule is, and what a detector has seen. Everything here is a value: no clock, no network, no file."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from xuanfa.domain.checking import Level


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule as its data say it. ``confidence`` is ``law``, ``src`` or ``own``: how well its basis is known to whoever wrote it."""

    id: str
    level: Level
    zh: str
    en: str
    basis: str = ""
    confidence: str = "own"
    title: str = ""
    example: str = ""
    advice: str = ""
    valid_from: date | None = None
    valid_until: date | None = None
    #: Its class, where that is not what its id begins with.
    of: str = ""

    @property
    def kind(self) -> str:
        """Its class."""
        return self.of or self.id.partition(".")[0]

    def holds(self, when: date) -> bool:
        """Whether it holds on that day."""
        return (self.valid_from is None or self.valid_from <= when) and (
            self.valid_until is None or when <= self.valid_until
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """What a detector has seen, before the rule's words are added. ``fix`` is what may be put in its place without asking anybody."""

    rule: str
    start: int
    end: int
    suggestion: str = ""
    fix: str | None = None
    level: Level | None = None
    basis: str = ""
    values: Mapping[str, object] = field(default_factory=dict)
