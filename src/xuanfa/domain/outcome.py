"""How publish, confirm and retract end: three closed unions, told apart with ``match`` and ``assert_never``.

Durations instead of dates, because an adapter has no clock: the core adds its own.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from xuanfa.domain.finding import Finding
from xuanfa.domain.receipt import Receipt
from xuanfa.domain.shown import printable


class Blame(StrEnum):
    """Who must act on a rejection: the author (this content), or the operator (every other post would fail too)."""

    CONTENT = "content"
    CHANNEL = "channel"


class _HasWords:
    """What has words that a channel may have said: they are kept and shown without anything that a terminal or a page would obey."""

    __slots__ = ()

    def __post_init__(self) -> None:
        for name in ("evidence", "reason"):
            if hasattr(self, name):
                object.__setattr__(self, name, printable(getattr(self, name)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """It is public, on the channel's own evidence."""

    receipt: Receipt


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted(_HasWords):
    """The channel took it and is not done, or a person must take the last step.

    ``ticket`` is what to ask with later; ``look_after`` is when to ask, ``None`` where only a person can tell.
    """

    ticket: str = ""
    look_after: timedelta | None = None
    evidence: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deferred(_HasWords):
    """Refused for now and nothing happened (429, quota): not a try."""

    after: timedelta
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsent(_HasWords):
    """Proved: nothing happened. It may be tried again.

    ``left`` is how many bytes of the request left nonetheless: too few for the other side to have it whole.
    """

    evidence: str
    left: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    """The channel refused for good; ``findings`` say why in words for whoever is to blame."""

    findings: tuple[Finding, ...]
    blame: Blame


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown(_HasWords):
    """It may or may not have happened. Never sent again on this alone."""

    evidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Absent(_HasWords):
    """The channel's own listing or look-up shows that it is not there."""

    evidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Retracted(_HasWords):
    """It is no longer public, on the channel's own evidence."""

    evidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Altered(_HasWords):
    """Ours, and no channel's: what was about to leave is not what was frozen, and nothing has left. A person finds out why."""

    evidence: str


Outcome = Published | Accepted | Deferred | Unsent | Rejected | Unknown
Evidence = Published | Accepted | Absent | Rejected | Unknown
Withdrawal = Retracted | Deferred | Unsent | Rejected | Unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class Staged:
    """Preparation done (uploads, drafts): ``memory`` is stored with the delivery, so that a restart does not repeat it."""

    memory: dict[str, str]


#: Whatever an action may end with; which of them is possible depends on the action.
Ending = Published | Accepted | Deferred | Unsent | Rejected | Unknown | Absent | Retracted | Staged | Altered
#: How the optional stage ends: ready, or one of the outcomes that say that nothing is public yet.
Staging = Staged | Deferred | Unsent | Rejected
