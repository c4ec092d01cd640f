"""What platforms really hold, what processes have in hand, and the ways in which a request may end."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Literal, NamedTuple

from xuanfa.domain.attempt import Action
from xuanfa.domain.delivery import WAITS_FOR_PERSON, State
from xuanfa.domain.finding import Finding
from xuanfa.domain.outcome import (
    Blame,
    Deferred,
    Rejected,
    Unknown,
    Unsent,
)
from xuanfa.operations.desk import Desk
from xuanfa.operations.sending.perform import Done, Job
from xuanfa.operations.sending.publish import Pass

#: A channel that can do nothing but take, one that honours our key, one that stages, shows and takes back, one that publishes later, and a
#: second one of the first one's account.
CHANNELS: dict[str, dict[str, Any]] = {
    "plain": {},
    "keyed": {"replay": timedelta(hours=1)},
    "whole": {"confirms": True, "stages": True, "retracts": True},
    "slow": {"confirms": True, "looks_max": 4},
    "again": {},
}
ENDS = {State.PUBLISHED, State.CANCELLED, State.RETRACTED, *WAITS_FOR_PERSON} - {State.RETRACTING}
#: What was sent and has come to no end, or may be withdrawn: it hangs on where it was sent to.
SENT = {State.UNKNOWN, State.ACCEPTED, State.PUBLISHED, State.RETRACTING}
REFUSAL = (Finding(code="no", message="no"),)
#: Ways in which nothing is done; and how it is said.
NOTHING = {
    "unsent": Unsent(evidence="refused"),
    "deferred": Deferred(after=timedelta(minutes=5), reason="429"),
    "content": Rejected(findings=REFUSAL, blame=Blame.CONTENT),
    "blamed": Rejected(findings=REFUSAL, blame=Blame.CHANNEL),
    "silent": Unknown(evidence="timeout"),
    "raised": RuntimeError("surprise"),
}
Fate = Literal[
    "taken", "taken silently", "taken, raised", "pending", "unsent", "deferred", "content", "blamed", "silent", "raised"
]
#: What becomes of a job besides: its answer comes back; or its process dies before it leaves, or before the answer is written.
FATES: tuple[Fate, ...] = (
    "taken", "taken", "taken silently", "taken, raised", "pending", *NOTHING,  # type: ignore[assignment]
)  # fmt: skip
STEPS = [timedelta(seconds=20), timedelta(minutes=1), timedelta(minutes=3), timedelta(minutes=40), timedelta(hours=3)]


class Place(NamedTuple):
    """An account and whether it is the practice platform."""

    account: str
    rehearsal: bool


class Shown(NamedTuple):
    """What a reader sees: which delivery brought it where, and of what it is."""

    place: Place
    delivery: int
    post: str
    title: str
    body: str


@dataclass
class Platforms:
    """The truth: what is public, and what a platform holds back; whatever ever became public is counted by place and delivery."""

    shown: Counter[tuple[Place, int]] = field(default_factory=Counter)
    live: set[Shown] = field(default_factory=set)
    pending: set[Shown] = field(default_factory=set)
    keys: set[tuple[Place, str]] = field(default_factory=set)
    #: Deliveries of which a person has said that they may go although the same content has gone to the same account.
    allowed: set[int] = field(default_factory=set)
    #: What a reader saw twice on a real account, with nobody asked.
    twice: list[Shown] = field(default_factory=list)

    def show(self, what: Shown, key: str, *, honours: bool = False) -> None:
        """A reader sees it; a channel that honours keys shows a key once."""
        if honours and (what.place, key) in self.keys:
            return
        self.keys.add((what.place, key))
        same = [
            each
            for each in self.live
            if each.place == what.place
            and (each.post == what.post or (each.title, each.body) == (what.title, what.body))
            and (each.delivery == what.delivery or what.delivery not in self.allowed)
        ]
        if not what.place.rehearsal and same:
            self.twice.append(what)
        self.shown[what.place, what.delivery] += 1
        self.live.add(what)

    def is_live(self, place: Place, delivery: int) -> bool:
        return any((each.place, each.delivery) == (place, delivery) for each in self.live)

    def is_pending(self, place: Place, delivery: int) -> bool:
        return any((each.place, each.delivery) == (place, delivery) for each in self.pending)

    def withdraw(self, place: Place, delivery: int) -> None:
        self.live = {each for each in self.live if (each.place, each.delivery) != (place, delivery)}


@dataclass
class Process:
    """One of two processes: its desk, its pass, the jobs that it performs, and the answers that it has not written yet."""

    desk: Desk
    run: Pass
    jobs: list[Job] = field(default_factory=list)
    back: list[Done] = field(default_factory=list)
    written: list[Done] = field(default_factory=list)
    #: Of one that is stopped: the job of which it has looked at the clock for the last time, so that it leaves when it goes on.
    on_its_lips: Job | None = None

    def may_send(self, delivery: int) -> bool:
        """Whether it still has a request in hand that would make a delivery public."""
        return any(job.action is Action.PUBLISH and job.order.delivery == delivery for job in self.jobs)


def address_of(place: Place, delivery: int) -> str:
    return f"https://{place.account.replace(' ', '.').lower()}.example.gov.cn/{delivery}"
