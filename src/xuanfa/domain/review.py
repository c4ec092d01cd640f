"""A review (审校): the ordered steps of one post, and what people have decided about exactly what is to be sent.

Nothing of a review is stored but its frozen template and its decisions, in order; where it stands is computed from them here. Pure.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final, NamedTuple

from xuanfa.domain.language import say
from xuanfa.domain.review_record import review_digest


class StepKind(StrEnum):
    """What a step is for. The values stand in settings and in JSON."""

    REVIEW = "审"
    PROOF = "校"
    SECRECY = "保密"


class Level(StrEnum):
    """How strictly duties are parted. Nobody ever decides about a post of their own, at any level."""

    #: One person, one step; a deputy's step counts as the principal's too.
    STRICT = "strict"
    #: One person, one step.
    STANDARD = "standard"
    #: One person may hold several steps of a post where all but one of them are proofreading.
    SMALL = "small"


class Deed(StrEnum):
    """What a line of a review tells. The last three are the program's: what people have decided about is not
    what would be sent any more, or nobody has decided for too long."""

    SUBMITTED = "submitted"
    APPROVED = "approved"
    RETURNED = "returned"
    CONFIRMED = "confirmed"
    EMERGENCY = "emergency"
    #: Whoever let it leave has thought better of it, or an administrator has (收回签发): the last step is asked again.
    RECALLED = "recalled"
    #: The content, or a channel more: decisions are void from the first step that may edit on.
    CHANGED = "changed"
    #: It has waited too long: nothing that was decided counts any more, and its author submits it again.
    EXPIRED = "expired"
    #: Only the time, or a channel less: the last step is asked again.
    MOVED = "moved"


class StepState(StrEnum):
    """Where a step stands."""

    WAITING = "waiting"
    OPEN = "open"
    APPROVED = "approved"
    RETURNED = "returned"
    VOID = "void"


class ReviewState(StrEnum):
    """Where a review stands; ``NONE`` where nobody has submitted the post."""

    NONE = "none"
    OPEN = "open"
    APPROVED = "approved"
    RETURNED = "returned"

    @property
    def label(self) -> str:
        """For people."""
        return say(*_REVIEW_STATES[self])


_REVIEW_STATES: Final = {
    ReviewState.NONE: ("未送审", "not submitted"),
    ReviewState.OPEN: ("审核中", "under review"),
    ReviewState.APPROVED: ("已通过", "approved"),
    ReviewState.RETURNED: ("已退回", "returned"),
}

#: How a leader was known who has agreed by telephone.
PHONE: Final = "phone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of a template. ``role`` may decide it, ``checks`` are the gates to tick one by one, ``hours`` are working hours (0: no limit)."""

    name: str
    kind: StepKind
    role: str
    checks: tuple[str, ...] = ()
    hours: int = 0
    may_edit: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """Ordered steps under an id. ``basis`` says where the shape comes from; empty for an office's own."""

    id: str
    name: str
    steps: tuple[Step, ...]
    basis: str = ""


class Ends(NamedTuple):
    """What a post's front matter says of its end once it is out: when it is taken down, and from when its department is asked about it."""

    retract_at: datetime | None = None
    review_on: datetime | None = None


NO_ENDS: Final = Ends()


class Sending(NamedTuple):
    """What is to be sent to one channel: the digest of its rendition, when it is due (``None``: whoever releases it from the shelf says
    when), until when it may leave, and what its end is."""

    digest: str
    due_at: datetime | None
    expires_at: datetime | None = None
    ends: Ends = NO_ENDS

    @property
    def times(self) -> tuple[datetime | None, datetime | None, Ends]:
        """All that is no content."""
        return (self.due_at, self.expires_at, self.ends)


#: Everything that a decision is about, by channel.
Snapshot = Mapping[str, Sending]


def digest_of(snapshot: Snapshot) -> str:
    """One hash over all renditions, channels and times."""
    return review_digest(
        (channel, each.digest, each.due_at, each.expires_at, *each.ends) for channel, each in snapshot.items()
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """How a leader agreed by telephone: who entered it, when the call was, by which number."""

    entered_by: str
    at: datetime
    number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A line of a review, never changed. ``number`` counts from one in its review; ``by`` and ``principal`` (for whom) are login names;
    ``snapshot`` is what it is about, kept where that is new."""

    number: int
    deed: Deed
    at: datetime
    by: str
    how: str = ""
    step: int = 0
    principal: str = ""
    note: str = ""
    why: str = ""
    checks: tuple[str, ...] = ()
    digest: str = ""
    snapshot: Snapshot | None = None
    consent: Consent | None = None
    #: Of a return: words of the text, and what is to be done there.
    places: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """A review as it was opened: the template and the level of that day, whatever the settings say since. ``authors`` are login names."""

    id: int
    post_id: int
    revision: int
    template: Template
    level: Level
    authors: frozenset[str]
    opened_at: datetime
    #: Whether a returned post goes on at the proofreading before the step that returned it, or at the first step.
    resumes_at_proof: bool = True
    #: Whether it is about changing what is out already (更正).
    correction: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class StepStanding:
    """A step with where it stands; ``decision`` is the one that stands, or that returned it."""

    number: int
    step: Step
    state: StepState
    decision: Decision | None = None
    confirmed_at: datetime | None = None

    @property
    def waits_for_confirmation(self) -> bool:
        """Whether a leader has agreed by telephone and has not said so himself yet."""
        return self.state is StepState.APPROVED and _is_by_phone(self.decision) and self.confirmed_at is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where a review stands."""

    state: ReviewState
    steps: tuple[StepStanding, ...]
    snapshot: Snapshot
    digest: str
    #: Since when the open step waits.
    waiting_since: datetime | None = None
    #: When the text last changed, as far as the review knows.
    changed_at: datetime | None = None
    #: The step from which a change of the content makes decisions void now: after a return, until somebody decides, where it went on.
    void_from: int = 1
    #: Whether anybody has decided since the last submission.
    is_fresh: bool = True
    #: What was let go before its review (先发后审), and whether the review still has to follow.
    emergency: Decision | None = None
    is_owed: bool = False
    #: Whether that still lets it leave: a change or a return ends it.
    is_let_go: bool = False
    voided: tuple[Decision, ...] = ()

    @property
    def is_returned(self) -> bool:
        """Whether it is its author's turn."""
        return self.state is ReviewState.RETURNED

    @property
    def expired(self) -> Decision | None:
        """By which line it has expired, as long as nobody has submitted it again."""
        found = next((each.decision for each in self.steps if each.state is StepState.RETURNED), None)
        return found if found is not None and found.deed is Deed.EXPIRED else None

    @property
    def open_step(self) -> StepStanding | None:
        """The one that is asked now."""
        return next((each for each in self.steps if each.state is StepState.OPEN), None)

    @property
    def holders(self) -> dict[int, Decision]:
        """The decisions that stand, by step."""
        return {
            each.number: each.decision
            for each in self.steps
            if each.state is StepState.APPROVED and each.decision is not None
        }


def standing(review: Review, decisions: Sequence[Decision]) -> Standing:
    """Where the review stands after these decisions, which are in order."""
    told = _Telling(review)
    for decision in decisions:
        told.take(decision)
    return told.standing()


def proof_before(template: Template, step: int) -> int:
    """The proofreading nearest before a step, by number; the first step where there is none."""
    proofs = [n for n, each in enumerate(template.steps, 1) if each.kind is StepKind.PROOF and n < step]
    return max(proofs, default=1)


def first_editing(template: Template) -> int:
    """The first step that may edit, by number; the first one where none may."""
    return next((n for n, each in enumerate(template.steps, 1) if each.may_edit), 1)


#: What ends the right to leave of whatever may.
TAKES_BACK: Final = frozenset({Deed.CHANGED, Deed.MOVED, Deed.RETURNED, Deed.EXPIRED, Deed.RECALLED})


@dataclass(slots=True)
class _Telling:
    """A review being told, decision by decision."""

    review: Review
    stands: dict[int, Decision] = field(default_factory=dict)
    confirmed: dict[int, datetime] = field(default_factory=dict)
    void: set[int] = field(default_factory=set)
    returned: Decision | None = None
    #: Where a returned post goes on, until somebody decides again.
    resumed: int | None = None
    snapshot: Snapshot = field(default_factory=dict)
    is_submitted: bool = False
    is_fresh: bool = False
    waiting_since: datetime | None = None
    changed_at: datetime | None = None
    emergency: Decision | None = None
    is_owed: bool = False
    is_let_go: bool = False
    voided: list[Decision] = field(default_factory=list)

    def take(self, decision: Decision) -> None:
        """The next line."""
        if decision.snapshot is not None:
            self.snapshot = decision.snapshot
        self.is_let_go &= decision.deed not in TAKES_BACK
        match decision.deed:
            case Deed.SUBMITTED:
                self.is_submitted, self.is_fresh, self.returned = True, True, None
                self.waiting_since, self.changed_at = decision.at, self.changed_at or decision.at
            case Deed.APPROVED:
                self.stands[decision.step] = decision
                self.confirmed.pop(decision.step, None)
                self.void.discard(decision.step)
                self.resumed, self.is_fresh, self.waiting_since = None, False, decision.at
                self.is_owed &= len(self.stands) < len(self.review.template.steps)
            case Deed.CONFIRMED:
                self.confirmed[decision.step] = decision.at
            case Deed.RETURNED | Deed.EXPIRED:
                self.returned, self.is_fresh = decision, False
                resumes = self.review.resumes_at_proof and decision.deed is Deed.RETURNED
                self.resumed = proof_before(self.review.template, decision.step) if resumes else 1
                self._make_void(self.resumed)
            case Deed.EMERGENCY:
                self.emergency, self.is_owed, self.is_submitted, self.is_let_go = decision, True, True, True
                self.waiting_since = self.waiting_since or decision.at
            case Deed.CHANGED | Deed.MOVED | Deed.RECALLED:
                self._changed(decision)

    def _changed(self, decision: Decision) -> None:
        had = bool(self.stands)
        self._make_void(decision.step)
        if had or self.emergency is not None or self.returned is not None:
            self.voided.append(decision)
        self.waiting_since = decision.at
        if decision.deed is Deed.CHANGED:
            self.returned, self.changed_at, self.is_fresh = None, decision.at, False

    def _make_void(self, first: int) -> None:
        for number in [number for number in self.stands if number >= first]:
            del self.stands[number]
            self.confirmed.pop(number, None)
            self.void.add(number)

    def standing(self) -> Standing:
        """Where it has come to."""
        steps = self.review.template.steps
        asked = next((n for n in range(1, len(steps) + 1) if n not in self.stands), None)
        state = ReviewState.OPEN
        if not self.is_submitted:
            state = ReviewState.NONE
        elif self.returned is not None:
            state = ReviewState.RETURNED
        elif asked is None:
            state = ReviewState.APPROVED
        return Standing(
            state=state,
            steps=tuple(self._step(n, step, asked, state) for n, step in enumerate(steps, 1)),
            snapshot=self.snapshot,
            digest=digest_of(self.snapshot),
            waiting_since=self.waiting_since if state is ReviewState.OPEN else None,
            changed_at=self.changed_at,
            void_from=self.resumed or first_editing(self.review.template),
            is_fresh=self.is_fresh,
            emergency=self.emergency,
            is_owed=self.is_owed,
            is_let_go=self.is_let_go,
            voided=tuple(self.voided),
        )

    def _step(self, number: int, step: Step, asked: int | None, state: ReviewState) -> StepStanding:
        decision = self.stands.get(number)
        if decision is not None:
            its = StepState.APPROVED
        elif self.returned is not None and self.returned.step == number:
            its, decision = StepState.RETURNED, self.returned
        elif number == asked and state is ReviewState.OPEN:
            its = StepState.OPEN
        else:
            its = StepState.VOID if number in self.void else StepState.WAITING
        return StepStanding(
            number=number, step=step, state=its, decision=decision, confirmed_at=self.confirmed.get(number)
        )


def _is_by_phone(decision: Decision | None) -> bool:
    return decision is not None and decision.consent is not None


def unconfirmed(steps: Iterable[StepStanding]) -> list[StepStanding]:
    """Steps whose leader has still to say himself that he has agreed by telephone."""
    return [each for each in steps if each.waits_for_confirmation]


def change_between(before: Snapshot, now: Snapshot) -> Deed | None:
    """What has happened to what is to be sent since people decided about it; ``None`` where it is the same."""
    if dict(before) == dict(now):
        return None
    if any(channel not in before or before[channel].digest != each.digest for channel, each in now.items()):
        return Deed.CHANGED
    return Deed.MOVED


def step_of_change(review: Review, stands: Standing, change: Deed) -> int:
    """The first step whose decision such a change makes void."""
    return stands.void_from if change is Deed.CHANGED else len(review.template.steps)
