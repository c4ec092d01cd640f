"""A delivery (投递): one post to one channel; the only table of its moves, and the states that belong together.

``docs/states.md`` draws the table and says of each state who puts a delivery there and who takes it out.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from xuanfa.domain.errors import StateError
from xuanfa.domain.language import say


class State(StrEnum):
    """Where a delivery stands. Each comment says who puts it there and who takes it out, a crash included."""

    #: Queued, and the review that its column asks for is not at its end. The last decision of that takes it out; ``publish`` never does.
    AWAITING_REVIEW = "awaiting_review"
    #: It lies on the shelf (保底稿): no time was named, and no pass ever takes it. A person's release does, and a changed file or a hold.
    SHELVED = "shelved"
    #: Queued or put back; the next pass after ``due_at`` claims it.
    SCHEDULED = "scheduled"
    #: Claimed by a node under a lease. If the lease ends without an outcome: ``unknown`` (or ``scheduled``, if only staging had begun).
    PUBLISHING = "publishing"
    #: The channel took it and is not done, or a person must take the last step. Confirm or a person takes it out, by a withdrawal too.
    ACCEPTED = "accepted"
    #: Public, with a receipt. Only a person's retract takes it out.
    PUBLISHED = "published"
    #: It may be public. Confirm's evidence or a person takes it out, never a timer.
    UNKNOWN = "unknown"
    #: A check or the channel refused the content, or none could be rendered. A new revision takes it out; so does the next reading of the
    #: file where there is no rendition yet and one comes about (a typeface was missing, a template or a setting was wrong).
    REJECTED = "rejected"
    #: Provably never sent, and all tries are used up. A person's retry takes it out.
    FAILED = "failed"
    #: Too late, due in a silent period, in conflict, restored from a backup, or not what was frozen. A person releases, reschedules or cancels.
    HELD = "held"
    #: A person called it off, or it expired before it was sent. A person's retry takes it out.
    CANCELLED = "cancelled"
    #: A person asked for withdrawal; the request is under way or in doubt.
    RETRACTING = "retracting"
    #: No longer public, or withdrawn before it was (a draft that was handed over). Final.
    RETRACTED = "retracted"

    @property
    def label(self) -> str:
        """The state in the reader's language."""
        return say(*self.labels)

    @property
    def labels(self) -> tuple[str, str]:
        """The state in Chinese and in English."""
        return _LABELS[self]


_LABELS: dict[State, tuple[str, str]] = {
    State.AWAITING_REVIEW: ("待审核", "awaiting review"),
    State.SHELVED: ("在架", "on the shelf"),
    State.SCHEDULED: ("待发布", "scheduled"),
    State.PUBLISHING: ("发布中", "publishing"),
    State.ACCEPTED: ("已受理", "accepted"),
    State.PUBLISHED: ("已发布", "published"),
    State.UNKNOWN: ("待核实", "unknown"),
    State.REJECTED: ("被退回", "rejected"),
    State.FAILED: ("失败", "failed"),
    State.HELD: ("暂缓", "held"),
    State.CANCELLED: ("已取消", "cancelled"),
    State.RETRACTING: ("撤稿中", "retracting"),
    State.RETRACTED: ("已撤回", "retracted"),
}

MOVES: dict[State, frozenset[State]] = {
    State.AWAITING_REVIEW: frozenset(
        {State.SHELVED, State.SCHEDULED, State.HELD, State.CANCELLED, State.REJECTED, State.UNKNOWN}
    ),
    State.SHELVED: frozenset(
        {State.AWAITING_REVIEW, State.SCHEDULED, State.HELD, State.CANCELLED, State.REJECTED, State.UNKNOWN}
    ),
    State.SCHEDULED: frozenset(
        {
            *(State.AWAITING_REVIEW, State.SHELVED, State.PUBLISHING),
            *(State.HELD, State.CANCELLED, State.REJECTED, State.UNKNOWN),
        }
    ),
    State.PUBLISHING: frozenset(
        {State.PUBLISHED, State.ACCEPTED, State.UNKNOWN, State.SCHEDULED, State.REJECTED, State.FAILED, State.HELD}
    ),
    State.ACCEPTED: frozenset(
        {State.PUBLISHED, State.REJECTED, State.UNKNOWN, State.SCHEDULED, State.FAILED, State.RETRACTING}
    ),
    State.UNKNOWN: frozenset(
        {State.AWAITING_REVIEW, State.PUBLISHED, State.ACCEPTED, State.SCHEDULED, State.REJECTED, State.FAILED}
    ),
    State.PUBLISHED: frozenset({State.RETRACTING, State.SCHEDULED, State.AWAITING_REVIEW}),
    State.RETRACTING: frozenset({State.RETRACTED, State.PUBLISHED, State.ACCEPTED}),
    State.REJECTED: frozenset({State.AWAITING_REVIEW, State.SHELVED, State.SCHEDULED, State.CANCELLED, State.UNKNOWN}),
    State.FAILED: frozenset(
        {State.AWAITING_REVIEW, State.SHELVED, State.SCHEDULED, State.CANCELLED, State.REJECTED, State.UNKNOWN}
    ),
    State.HELD: frozenset(
        {
            *(State.AWAITING_REVIEW, State.SHELVED, State.SCHEDULED),
            *(State.CANCELLED, State.REJECTED, State.PUBLISHED, State.UNKNOWN),
        }
    ),
    State.CANCELLED: frozenset({State.AWAITING_REVIEW, State.SHELVED, State.SCHEDULED, State.UNKNOWN}),
    State.RETRACTED: frozenset(),
}

# States that belong together. Each code that asks for one of these groups names it; each group but the last three is a part of a partition.
#: Nothing has left us, so that a changed post may still change the delivery and a person may call it off.
UNSENT = frozenset({State.AWAITING_REVIEW, State.SHELVED, State.SCHEDULED, State.HELD, State.REJECTED, State.FAILED})
#: Nothing but its time, its turn, its review and its release from the shelf stand before it.
QUEUED = frozenset({State.AWAITING_REVIEW, State.SHELVED, State.SCHEDULED})
#: A person may give it another time, or has to decide about it first.
PLANNED = QUEUED | {State.HELD}
#: It is not out, and nothing of it is under way.
NOT_OUT = UNSENT | {State.CANCELLED}
#: A process is at it, under a lease. Out of these nothing but the end of an attempt leads.
UNDER_WAY = frozenset({State.PUBLISHING, State.RETRACTING})
#: It has left us and is not settled: confirm looks for it, or a person says what became of it.
UNSETTLED = frozenset({State.ACCEPTED, State.UNKNOWN})
#: It is public or has been. Nothing sends it again but a person's word, after a rehearsal.
WAS_PUBLIC = frozenset({State.PUBLISHED, State.RETRACTING, State.RETRACTED})
#: A reader may see it now.
MAY_BE_OUT = UNDER_WAY | UNSETTLED | {State.PUBLISHED}
#: Nobody knows whether it is out: only evidence or a person can tell.
IN_DOUBT = frozenset({State.UNKNOWN, State.RETRACTING})
#: A person must act. A pass that leaves any of them exits with 1; a withdrawal is among them only while its outcome is in doubt.
WAITS_FOR_PERSON = frozenset({State.UNKNOWN, State.REJECTED, State.FAILED, State.HELD, State.RETRACTING})

#: Held, because the time that its file names was past already when the file was written, or has been for too long.
BY_TIME: Final = "time"
#: Held, because its file is gone or cannot be read as a post any more.
BY_FILE: Final = "file"
#: Held, because the machine, a template or a setting lets nothing be rendered of it; it goes on by itself when that is mended.
BY_MACHINE: Final = "machine"
#: Held, because its review had not come to its end when it was due.
BY_REVIEW: Final = "review"
#: Held, because the rules found something in it for which nobody answers; it goes on by itself when that is mended or answered.
BY_CHECK: Final = "check"

#: It lies on the shelf: it has no time, and only a person's release lets it go.
ON_SHELF: Final = "lies"
#: It lay on the shelf, and a person has released it: who approved it left its time to them.
OFF_SHELF: Final = "released"


def require_move(before: State, after: State) -> None:
    """Raise StateError unless the table allows the move; the message says what is allowed from here."""
    if after in MOVES[before]:
        return
    allowed = say("、", ", ").join(state.label for state in State if state in MOVES[before])
    if not allowed:
        raise StateError(
            say(
                "现在是“{before}”，不能变为“{after}”：不会再变了。",
                "It is {before}, which is final, and cannot become {after}.",
                before=before.label,
                after=after.label,
            )
        )
    raise StateError(
        say(
            "现在是“{before}”，不能变为“{after}”；可以变为：{allowed}。",
            "It is {before} and cannot become {after}; possible: {allowed}.",
            before=before.label,
            after=after.label,
            allowed=allowed,
        )
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One row of the truth. All times are aware; a changed delivery is a new one made with ``dataclasses.replace``."""

    id: int
    post_id: int
    revision: int
    column: str
    channel: str
    kind: str
    state: State
    #: Why it stands where it stands, for a person; empty where nothing is to be said.
    reason: str = ""
    #: In which mode and to which account it goes, or was last sent (``Channel.account``): all that follows a sending counts for these only.
    rehearsal: bool = False
    account: str = ""
    rendition_id: int | None = None
    digest: str = ""
    key: str = ""
    #: When staff want it published.
    due_at: datetime
    #: When the next try may be made: never before ``due_at``; later after a deferral or a failed try.
    ready_at: datetime
    #: The moment from which lateness counts: the later of due and queued, moved by a deferral, a reschedule or a release.
    fresh_at: datetime
    expires_at: datetime | None = None
    #: Tries that count towards the limit; ``attempt`` is the number of the latest recorded attempt, and fences late writers.
    tries: int = 0
    attempt: int = 0
    #: Since when a reader might see it: when the first request left of which it is not proved that nothing came of it.
    first_sent_at: datetime | None = None
    #: Whether it waits for the address of the same post on another channel.
    waiting: bool = False
    ticket: str = ""
    staged: Mapping[str, str] = field(default_factory=dict)
    #: When confirm looks next; ``None`` where only a person can tell. ``looks`` counts how often it has looked.
    look_at: datetime | None = None
    looks: int = 0
    #: When the channel first showed that it is not there.
    absent_at: datetime | None = None
    #: Whether a backup brought it back, so that it may have been sent since: only a person's decision about it lets it be sent.
    restored: bool = False
    #: Whether nothing of it had left up to when the database knows, so that, if it is out, nobody here knows where: its account and mode are
    #: only those to which it waited to go, or was tried. Counts as long as it is ``restored``.
    unplaced: bool = False
    #: Which other delivery brings the same content to ``account``, so that this one is held with a question, or a person has said that it
    #: may go all the same. 0 where there is none; ``None`` as long as that has to be found out.
    twin: int | None = None
    #: What holds it, where it goes on by itself when that is put right: ``BY_TIME``, ``BY_FILE``, ``BY_MACHINE``, ``BY_REVIEW``,
    #: ``BY_CHECK``; empty where only a person can decide.
    hold: str = ""
    #: Whether it needs a review, and which approval lets it leave as it is; nothing while there is none.
    reviewed: bool = False
    approval: int | None = None
    #: Whether it is due as soon as it may leave: nobody has named a time.
    at_once: bool = False
    #: Whether it lies on the shelf or was released from it: ``ON_SHELF``, ``OFF_SHELF``; empty for all others.
    shelf: str = ""

    @property
    def is_unapproved(self) -> bool:
        """Whether its review has not come to its end."""
        return self.reviewed and self.approval is None

    @property
    def is_queued(self) -> bool:
        """Whether nothing but its time, its turn, its review and its release from the shelf stand before it."""
        return self.state in QUEUED

    @property
    def queued_as(self) -> State:
        """The state in which it waits for its turn."""
        if self.is_unapproved:
            return State.AWAITING_REVIEW
        return State.SHELVED if self.shelf == ON_SHELF else State.SCHEDULED

    @property
    def may_be_public(self) -> bool:
        """Whether it waits in the queue only to repeat a request that may have arrived (a channel that honours our key).

        Nothing but the same request under the same key may follow, and whoever stops that leaves a doubt behind.
        """
        return self.state is State.SCHEDULED and self.first_sent_at is not None

    def is_late(self, now: datetime, allowed: timedelta) -> bool:
        """Whether too much time has passed to send it without asking."""
        return now - self.fresh_at > allowed

    def is_expired(self, now: datetime) -> bool:
        """Whether its time is over."""
        return self.expires_at is not None and now >= self.expires_at
