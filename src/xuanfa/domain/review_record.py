"""What a review has come to, as it is shown, printed and archived: who decided what, when and how, on exactly which digests.

``reports`` gathers it; the form, the archive package and the pages only read it, so that none of them can tell another story.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

#: How much of a digest people read, compare and type. Characters.
SHORT_DIGEST: Final = 12
_EPOCH, _MICROSECOND = datetime(1970, 1, 1, tzinfo=UTC), timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentRecord:
    """How a leader agreed by telephone: who entered it, when the call was, by which number, and when he said so himself."""

    entered_by: str
    entered_by_shown: str
    called_at: datetime
    number: str
    confirmed_at: datetime | None = None

    def as_json(self) -> dict[str, Any]:
        """The contract for programs."""
        return {
            "entered_by": self.entered_by,
            "entered_by_shown": self.entered_by_shown,
            "called_at": self.called_at,
            "number": self.number,
            "confirmed_at": self.confirmed_at,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class EmergencyRecord:
    """By whose word a post went out before its review (先发后审), why, and whether the review is still to follow."""

    at: datetime
    by: str
    by_shown: str
    why: str
    is_owed: bool

    def as_json(self) -> dict[str, Any]:
        """The contract for programs."""
        return {"at": self.at, "by": self.by, "by_shown": self.by_shown, "why": self.why, "owed": self.is_owed}


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRecord:
    """One step of a review as it stands. ``number`` begins at 1; ``by`` and ``on_behalf_of`` are login names, ``…_shown`` the names as printed.

    ``checks`` are the gates of the step, ``ticked`` those that were ticked; ``corrections`` counts what was corrected, by its class.
    """

    number: int
    name: str
    kind: str
    role: str
    #: ``waiting``, ``open``, ``approved``, ``returned`` or ``void``.
    state: str
    by: str = ""
    by_shown: str = ""
    at: datetime | None = None
    on_behalf_of: str = ""
    on_behalf_of_shown: str = ""
    #: ``password``, ``token``, ``phone``, ``paper`` or ``machine``.
    how: str = ""
    note: str = ""
    checks: tuple[str, ...] = ()
    ticked: tuple[str, ...] = ()
    corrections: Mapping[str, int] = field(default_factory=dict)
    consent: ConsentRecord | None = None

    def as_json(self) -> dict[str, Any]:
        """The contract for programs; what is not known is ``null``."""
        return {
            "number": self.number,
            "name": self.name,
            "kind": self.kind,
            "role": self.role,
            "state": self.state,
            "by": self.by or None,
            "by_shown": self.by_shown or None,
            "at": self.at,
            "for": self.on_behalf_of or None,
            "for_shown": self.on_behalf_of_shown or None,
            "how": self.how or None,
            "note": self.note or None,
            "checks": list(self.checks),
            "ticked": list(self.ticked),
            "corrections": dict(self.corrections),
            "consent": self.consent.as_json() if self.consent else None,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class VoidRecord:
    """When decisions became void, and why. ``recalled_by`` has taken back what was approved (the name as printed),
    as they ``said`` why; empty where the program found it to have changed."""

    at: datetime
    why: str
    recalled_by: str = ""
    said: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionRecord:
    """A correction that is reviewed: why, by whom and when it was asked for, and by channel what becomes of what is out."""

    why: str
    by: str
    at: datetime
    channels: Mapping[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The contract for programs."""
        return {"why": self.why, "by": self.by, "at": self.at, "channels": dict(self.channels)}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewRecord:
    """The review of a post. ``digest`` is over all renditions, channels and times (``review_digest``); ``author`` are those who may not
    review it, by login name, and ``author_shown`` as printed."""

    post: str
    revision: int
    template: str
    digest: str
    #: ``none``, ``open``, ``approved`` or ``returned``.
    state: str
    author: tuple[str, ...] = ()
    author_shown: tuple[str, ...] = ()
    steps: tuple[StepRecord, ...] = ()
    #: The digest of each channel's rendition.
    renditions: Mapping[str, str] = field(default_factory=dict)
    voided: tuple[VoidRecord, ...] = ()
    opened_at: datetime | None = None
    emergency: EmergencyRecord | None = None
    #: Of the review of a correction: what becomes of each channel, and why it is asked for.
    correction: CorrectionRecord | None = None
    #: The times that are approved with the rest, by channel: ``due_at``, ``expires_at``, ``retract_at``, ``review_on``.
    times: Mapping[str, Mapping[str, datetime | None]] = field(default_factory=dict)

    @property
    def short(self) -> str:
        """What people read of the digest."""
        return self.digest[:SHORT_DIGEST]

    def as_json(self) -> dict[str, Any]:
        """The contract for programs."""
        return {
            "post": self.post,
            "revision": self.revision,
            "template": self.template,
            "digest": self.digest,
            "state": self.state,
            "author": ", ".join(self.author),
            "authors": list(self.author),
            "author_shown": list(self.author_shown),
            "opened_at": self.opened_at,
            "steps": [step.as_json() for step in self.steps],
            "renditions": dict(self.renditions),
            "times": {channel: dict(times) for channel, times in self.times.items()},
            "correction": self.correction and self.correction.as_json(),
            "voided": [{"at": each.at, "why": each.why} for each in self.voided],
            "emergency": self.emergency.as_json() if self.emergency else None,
        }


def review_digest(leaving: Iterable[tuple[str, str, *tuple[datetime | None, ...]]]) -> str:
    """SHA-256 over what leaves of a post: (channel, digest of its rendition, time due), in whichever order they come. Behind them stand the
    other times that are approved with it: when it expires, is taken down, and is asked about; where it has none of them, nothing does. What
    lies on the shelf has no time due. Times must be aware."""
    rows: list[list[Any]] = []
    for channel, digest, *moments in leaving:
        times = moments if any(moments[1:]) else moments[:1]
        rows.append([channel, digest, *(at and (at - _EPOCH) // _MICROSECOND for at in times)])
    rows.sort(key=lambda row: row[:3])
    return hashlib.sha256(json.dumps(rows, separators=(",", ":"), ensure_ascii=False).encode()).hexdigest()
