"""Duties that a review leaves behind: what went out before it (先发后审), consents by telephone, and what was decided too late. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Any

from xuanfa.domain.review import Decision, Deed, Review, standing
from xuanfa.domain.review_policy import ReviewPolicy
from xuanfa.domain.review_turn import due_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Emergency:
    """What went out before its review: by whose word, why, by when its review was to follow, and when it did."""

    post: str
    title: str
    at: datetime
    by: str
    why: str
    until: datetime
    reviewed_at: datetime | None

    def is_late(self, now: datetime) -> bool:
        """Whether the review did not follow in time, or has not by now."""
        return (self.reviewed_at or now) > self.until

    def as_json(self, now: datetime) -> dict[str, Any]:
        """The contract for programs."""
        return {
            "post": self.post,
            "title": self.title,
            "at": self.at,
            "by": self.by,
            "why": self.why,
            "until": self.until,
            "reviewed_at": self.reviewed_at,
            "late": self.is_late(now),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneConsent:
    """A consent by telephone: whose, of which step, entered by whom, by when it was to be confirmed, and when it was. ``void_at`` is when it
    came to nothing, because what it was about had changed."""

    post: str
    title: str
    step: int
    step_name: str
    leader: str
    entered_by: str
    called_at: datetime
    number: str
    at: datetime
    until: datetime
    confirmed_at: datetime | None
    void_at: datetime | None

    def is_late(self, now: datetime) -> bool:
        """Whether the leader did not confirm it in time, or has not by now."""
        return (self.confirmed_at or self.void_at or now) > self.until

    def as_json(self, now: datetime) -> dict[str, Any]:
        """The contract for programs."""
        return {
            "post": self.post,
            "title": self.title,
            "step": self.step,
            "step_name": self.step_name,
            "leader": self.leader,
            "entered_by": self.entered_by,
            "called_at": self.called_at,
            "number": self.number,
            "at": self.at,
            "until": self.until,
            "confirmed_at": self.confirmed_at,
            "void_at": self.void_at,
            "late": self.is_late(now),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Timed:
    """A decision about a step, with when it was to be made; ``None`` where the step has no bound."""

    post: str
    step: int
    step_name: str
    by: str
    at: datetime
    due_at: datetime | None

    @property
    def is_late(self) -> bool:
        """Whether it was made too late."""
        return self.due_at is not None and self.at > self.due_at

    def as_json(self) -> dict[str, Any]:
        """The contract for programs."""
        return {
            "post": self.post,
            "step": self.step,
            "step_name": self.step_name,
            "by": self.by,
            "at": self.at,
            "due_at": self.due_at,
            "late": self.is_late,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewed:
    """A review with its decisions, and the post that it is of."""

    post: str
    title: str
    review: Review
    decisions: Sequence[Decision]


def emergencies(found: Reviewed, span: timedelta) -> Iterator[Emergency]:
    """Every time at which the post was let out before its review; ``span`` is within which that was to follow."""
    for index, each in enumerate(found.decisions, 1):
        if each.deed is not Deed.EMERGENCY:
            continue
        later = range(index + 1, len(found.decisions) + 1)
        settled = (n for n in later if not standing(found.review, found.decisions[:n]).is_owed)
        last = next(settled, None)
        yield Emergency(
            post=found.post,
            title=found.title,
            at=each.at,
            by=each.by,
            why=each.why,
            until=each.at + span,
            reviewed_at=None if last is None else found.decisions[last - 1].at,
        )


def phone_consents(found: Reviewed, span: timedelta) -> Iterator[PhoneConsent]:
    """Every consent by telephone; ``span`` is within which its leader was to confirm it."""
    for index, each in enumerate(found.decisions, 1):
        if each.consent is None:
            continue
        confirmed_at, void_at = _fate(found, index)
        yield PhoneConsent(
            post=found.post,
            title=found.title,
            step=each.step,
            step_name=found.review.template.steps[each.step - 1].name,
            leader=each.by,
            entered_by=each.consent.entered_by,
            called_at=each.consent.at,
            number=each.consent.number,
            at=each.at,
            until=each.at + span,
            confirmed_at=confirmed_at,
            void_at=void_at,
        )


def _fate(found: Reviewed, index: int) -> tuple[datetime | None, datetime | None]:
    """When the consent of that line was confirmed, and when it became void before that."""
    given = found.decisions[index - 1]
    for n in range(index + 1, len(found.decisions) + 1):
        step = standing(found.review, found.decisions[:n]).steps[given.step - 1]
        if step.decision != given:
            return None, found.decisions[n - 1].at
        if step.confirmed_at is not None:
            return step.confirmed_at, None
    return None, None


def timed(found: Reviewed, policy: ReviewPolicy, zone: tzinfo) -> Iterator[Timed]:
    """Every decision about a step, with when it was to be made."""
    for index, each in enumerate(found.decisions):
        if each.deed in {Deed.APPROVED, Deed.RETURNED}:
            due_at = due_of(standing(found.review, found.decisions[:index]), policy, zone)
            name = found.review.template.steps[each.step - 1].name
            yield Timed(post=found.post, step=each.step, step_name=name, by=each.by, at=each.at, due_at=due_at)
