"""Marks (时点): when readers' figures of a publication are taken by themselves, once each, and what a channel's platform is asked and says. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta, tzinfo
from enum import StrEnum
from typing import Any, Final, Protocol, runtime_checkable

from xuanfa.domain.language import say
from xuanfa.domain.outcome import Deferred, Rejected, Unknown, Unsent
from xuanfa.domain.readers import Figures

#: A snapshot that stands so much after its mark is said to be late.
LATE: Final = timedelta(hours=1)


class Mark(StrEnum):
    """When a snapshot is taken, counted from the publication."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"

    @property
    def label(self) -> str:
        """For people."""
        return say(*_LABELS[self])

    def due(self, published_at: datetime, zone: tzinfo) -> datetime:
        """A day later, seven days later, or the end of the month in which it came out, by the office's clock."""
        if self is Mark.DAY:
            return published_at + timedelta(days=1)
        if self is Mark.WEEK:
            return published_at + timedelta(days=7)
        month = published_at.astimezone(zone).date().replace(day=1)
        following = (month + timedelta(days=32)).replace(day=1)
        return datetime.combine(following, time(0), zone)


_LABELS: Final = {
    Mark.DAY: ("24 小时", "24 hours"),
    Mark.WEEK: ("7 天", "7 days"),
    Mark.MONTH: ("月末", "end of month"),
}
#: Figures that stand later than that after the mark are not those of the mark any more: it stays without any.
_ALLOWED: Final = {Mark.DAY: timedelta(days=1), Mark.WEEK: timedelta(days=3), Mark.MONTH: timedelta(days=5)}
#: No mark of what came out longer ago than that can still be met.
LONGEST: Final = timedelta(days=31) + max(_ALLOWED.values())


def is_met(mark: Mark, due: datetime, at: datetime) -> bool:
    """Whether figures that stood so at ``at`` may stand for the mark."""
    return due <= at <= due + _ALLOWED[mark]


def is_over(mark: Mark, due: datetime, now: datetime) -> bool:
    """Whether nothing that stands so from now on can be the mark's."""
    return now > due + _ALLOWED[mark]


def late_by(due: datetime, at: datetime) -> timedelta | None:
    """How much later than the mark figures stood so, where that is worth saying."""
    late = at - due
    return late if late > LATE else None


def late_in_words(due: datetime, at: datetime) -> str:
    """The same in words; empty where it is not."""
    late = late_by(due, at)
    if late is None:
        return ""
    hours = round(late / timedelta(hours=1))
    if hours < 48:  # noqa: PLR2004 - whole days read better from there on
        return say("晚 {n} 小时", "{n} h late", n=hours)
    return say("晚 {n} 天", "{n} days late", n=round(late / timedelta(days=1)))


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadersAsked:
    """Of which publication figures are wanted: those that stood so at ``since`` or as soon after it as the platform can tell."""

    delivery: int
    remote_id: str
    address: str
    title: str
    published_at: datetime
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadersTold:
    """What a platform has told: figures with the time at which they stood so, and why there are none (yet) of the others. What is in neither
    was not asked for, and is in the next question."""

    figures: tuple[Figures, ...] = ()
    missing: Mapping[int, str] = field(default_factory=dict)


@runtime_checkable
class TellsReaders(Protocol):
    """A kind whose platform tells an account how often what it has published was read. Reads only; what may be asked again is Deferred, Unsent or
    Unknown. What is not known is ``None``, and never 0."""

    @property
    def readers_at_once(self) -> int:
        """Of how many publications one question may be; 0 where this channel, as it is set, tells of none."""

    def readers(
        self, asked: Sequence[ReadersAsked], channel: str, now: datetime
    ) -> ReadersTold | Deferred | Rejected | Unknown | Unsent:
        """One question about ``readers_at_once`` of these at most, at ``now``, in the workspace's zone. ``channel`` is this channel's id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkRow:
    """A mark of a publication as it stands: the snapshot that was taken for it, or why there is none; ``next_at`` is when it is tried next,
    ``None`` where it is settled."""

    delivery: int
    mark: Mark
    due_at: datetime
    next_at: datetime | None
    figure: int | None
    at: datetime | None
    why: str

    @property
    def is_missed(self) -> bool:
        """Whether nothing was taken for it, nor ever will be."""
        return self.next_at is None and self.figure is None

    def as_json(self) -> dict[str, Any]:
        """The contract for programs; ``late`` is in minutes, ``null`` where the figures stood so within an hour."""
        late = None if self.at is None else late_by(self.due_at, self.at)
        return {
            "mark": self.mark.value,
            "due_at": self.due_at,
            "at": self.at,
            "late": None if late is None else round(late / timedelta(minutes=1)),
            "missed": self.is_missed,
            "why": self.why,
        }

    def in_words(self) -> str:
        """What it is called, and how late its figures are."""
        late = late_in_words(self.due_at, self.at) if self.at is not None else ""
        return say("{mark}（{late}）", "{mark} ({late})", mark=self.mark.label, late=late) if late else self.mark.label


@dataclass(frozen=True, slots=True, kw_only=True)
class DueMark:
    """A mark whose time has come, with what its platform is asked by; ``account`` is whose publication it is, and ``is_out`` whether that is still
    public."""

    mark: Mark
    due_at: datetime
    channel: str
    account: str
    is_out: bool
    asked: ReadersAsked
