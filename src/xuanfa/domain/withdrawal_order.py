"""A withdrawal order (撤稿单): a post is to be taken down everywhere. Pure; what is out is known by its deliveries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from xuanfa.domain.channel import Channel
from xuanfa.domain.delivery import MAY_BE_OUT, UNSENT, Delivery, State
from xuanfa.domain.language import say
from xuanfa.domain.life import Terms, move, stop_repeating
from xuanfa.domain.person import Person
from xuanfa.domain.remedy import Remedy

#: So often an interface is asked before only a person can take it down, and how long each time after the time before.
TRIES: Final = 3
AGAIN: Final = timedelta(minutes=2)
#: After it is down: when readers' address is looked at again, counted from one look to the next. Caches forget within a day.
LOOKS: Final = (
    timedelta(minutes=1),
    timedelta(minutes=10),
    timedelta(hours=1),
    timedelta(hours=6),
    timedelta(days=1),
    timedelta(days=7),
)
#: Within this time another person approves it.
APPROVAL: Final = timedelta(hours=24)
#: Nothing of the post is out on the channel, and nothing will be.
DOWN: Final = frozenset({State.RETRACTED, State.CANCELLED})
INTERFACE, HAND = "interface", "hand"


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawalOrder:
    """Who ordered it, how they were known and from where, and why; ``snapshot`` is empty until it is kept."""

    id: int
    post_id: int
    post: str
    title: str
    actor: str
    how: str
    place: str
    why: str
    ordered_at: datetime
    snapshot: str = ""
    ended_at: datetime | None = None
    approve_by: datetime | None = None
    approved_at: datetime | None = None
    approved_by: str = ""

    @property
    def person(self) -> Person:
        """In whose name it is carried out, by whichever process."""
        return Person(name=self.actor, why=self.why, how=self.how, place=self.place)

    @property
    def lacks_approval(self) -> bool:
        """Whether another person still has to approve it."""
        return self.approve_by is not None and self.approved_at is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Takedown:
    """What an order has to do about one delivery."""

    withdrawal: int
    delivery: Delivery
    address: str = ""
    tries: int = 0
    try_at: datetime | None = None
    by_hand: bool = False
    looks: int = 0
    seen: str = ""

    def how(self, channel: Channel | None) -> str:
        """``interface`` or ``hand``."""
        if self.delivery.state is State.CANCELLED:
            return INTERFACE
        can = channel is not None and channel.retracts and self.delivery.state is not State.UNKNOWN
        return INTERFACE if can and not self.by_hand else HAND


def stopped(delivery: Delivery, terms: Terms) -> Delivery:
    """What an order makes at once of a delivery that is not out: called off; of one that may be out already: in doubt."""
    if delivery.may_be_public:
        return stop_repeating(delivery, terms)
    if delivery.state not in UNSENT:
        return delivery
    why = say("全文撤稿，不再发布", "the post is withdrawn: it is not published any more").coded("withdrawal.stopped")
    return move(delivery, State.CANCELLED, why)


def minutes(begin: datetime, end: datetime | None) -> float | None:
    """From the order to ``end``, in minutes, to a tenth; never less than nothing (a clock may be set back)."""
    return None if end is None else round(max(0.0, (end - begin).total_seconds()) / 60, 1)


def steps_by_hand(takedown: Takedown, channel: Channel | None, own: Sequence[str]) -> list[str]:
    """What a person does about a delivery that is not down, numbered; ``own`` are the kind's own steps in place of ours."""
    delivery = takedown.delivery
    if delivery.state in DOWN:
        return []
    if delivery.state is State.PUBLISHING:
        waits = say(
            "正在发送，发完后自动接着撤；先不用动",
            "it is being sent; when that has ended it is taken down, nothing is to be done now",
        )
        return _numbered([waits])
    if delivery.state not in MAY_BE_OUT:
        return []
    steps = look_and_delete(takedown, channel, own)
    if delivery.state is State.UNKNOWN:
        steps.append(
            say(
                "找不到就登记没有发出：{absent}；找到并删除后先登记发出：{there}",
                "where it is not there, enter that: {absent}; where it was and you have deleted it, enter first that it was out: {there}",
                absent=Remedy("resolve", delivery.id, absent=True),
                there=Remedy("resolve", delivery.id, published=None),
            )
        )
    steps.append(
        say(
            "登记已撤：{done}",
            "enter that it is down: {done}",
            done=Remedy("retract", delivery.id, done=True, why=None),
        )
    )
    return _numbered(steps)


def look_and_delete(takedown: Takedown, channel: Channel | None, own: Sequence[str]) -> list[str]:
    """The steps there, without what is entered here when they are done."""
    return [_open(takedown, channel), *(own or [_delete()])]


def _open(takedown: Takedown, channel: Channel | None) -> str:
    console = channel.console if channel else ""
    title = (channel.title if channel else "") or takedown.delivery.channel
    if takedown.address and console:
        return say(
            "打开后台 {console}，找到这篇：{address}",
            "open {console} and find it there: {address}",
            console=console,
            address=takedown.address,
        )
    if takedown.address or console:
        return say("打开 {address}", "open {address}", address=takedown.address or console)
    return say("打开“{title}”的后台或群，找到这篇", "open {title} where it is managed, and find it", title=title)


def _delete() -> str:
    return say("删除或撤回这篇，再刷新确认已看不到", "delete it or take it back, and see that it is gone")


def _numbered(steps: Sequence[str]) -> list[str]:
    return [f"{number}. {step}" for number, step in enumerate(steps, start=1)]
