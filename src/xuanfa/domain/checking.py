"""What reading a text by the rules finds: how much it weighs, where it stands, and why."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from xuanfa.domain.language import say

#: The classes of rules; a rule's id is ``class.name``. Programs rely on these words.
CLASSES: Final = (
    "privacy",
    "secrecy",
    "politics",
    "office",
    "hmt",
    "outdated",
    "term",
    "law",
    "typo",
    "punct",
    "number",
    "docno",
    "date",
    "figure",
    "width",
    "channel",
)


class Level(StrEnum):
    """How much a finding weighs: 否决 blocks, 严重 needs a signed reason, 一般 and 提示 are shown."""

    VETO = "veto"
    SEVERE = "severe"
    MINOR = "minor"
    HINT = "hint"

    @property
    def weight(self) -> int:
        """The heavier, the more."""
        return _WEIGHTS[self]

    @property
    def label(self) -> str:
        """Its name for people."""
        return say(*self.words)

    @property
    def words(self) -> tuple[str, str]:
        """The same in both languages."""
        return _LABELS[self]


_WEIGHTS: Final = {Level.VETO: 3, Level.SEVERE: 2, Level.MINOR: 1, Level.HINT: 0}
_LABELS: Final = {
    Level.VETO: ("否决", "veto"),
    Level.SEVERE: ("严重", "severe"),
    Level.MINOR: ("一般", "minor"),
    Level.HINT: ("提示", "hint"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One finding in a checked text; ``start`` and ``end`` count its characters, ``line`` and ``column`` from one."""

    rule: str
    kind: str
    level: Level
    start: int
    end: int
    line: int
    column: int
    text: str
    message: str
    suggestion: str
    basis: str
    fix: str | None = None
    file: str = ""
    post: str = ""
    channel: str | None = None
    #: Whether somebody has said that it is none.
    ignored: bool = False

    def data(self) -> dict[str, Any]:
        """For programs; the keys are a contract."""
        return {
            "file": self.file,
            "post": self.post,
            "channel": self.channel,
            "rule": self.rule,
            "class": self.kind,
            "level": self.level.value,
            "line": self.line,
            "column": self.column,
            "start": self.start,
            "end": self.end,
            "text": self.text,
            "message": str(self.message),
            "suggestion": self.suggestion,
            "basis": self.basis,
        } | ({"ignored": True} if self.ignored else {})
