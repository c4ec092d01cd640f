"""A finding (问题): one result of a check, and whether it stops publication."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from xuanfa.domain.language import say, together
from xuanfa.domain.said import under_code
from xuanfa.domain.shown import clipped, printable

#: So many findings are told in one line.
TOLD_MAX: Final = 20


class Severity(StrEnum):
    """How much a finding weighs. ``BLOCK`` stops the rendition; ``WARN`` is shown and passes; ``NOTE`` is a fact for ``xuanfa doctor``,
    with nothing to mend."""

    BLOCK = "block"
    WARN = "warn"
    NOTE = "note"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing a check has to say, in words for the person who can mend it.

    ``code`` is stable and dotted (``wecom.text_too_long``); ``place`` names the part (``title``, ``body``, a file). ``about`` is the piece
    of the text that it speaks of, by which its line is found.
    """

    code: str
    message: str
    place: str = ""
    severity: Severity = Severity.BLOCK
    about: str = ""

    def __post_init__(self) -> None:
        """What a channel said may be part of the message."""
        object.__setattr__(self, "message", printable(self.message))


def blocking(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Those findings that stop publication."""
    return tuple(finding for finding in findings if finding.severity is Severity.BLOCK)


def in_words(findings: Iterable[Finding]) -> str:
    """The findings as one line for a report or a delivery's reason: the first of them, where they are many, and how many more there are.

    The line goes by the code of the first.
    """
    all_of = list(findings)
    told = [clipped(finding.message) for finding in all_of[:TOLD_MAX]]
    if len(all_of) > len(told):
        told.append(say("另有 {n} 处", "{n} more", n=len(all_of) - len(told)))
    return under_code(together(told), all_of[0].code) if all_of else ""
