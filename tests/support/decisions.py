"""What people decide, as tests say it: each goes through the one door."""

from datetime import datetime

from xuanfa.domain.act import (
    AllPostsAreHere,
    ApproveWithdrawal,
    Cancel,
    Correct,
    Pause,
    Release,
    Reschedule,
    ResolveAbsent,
    ResolveOnce,
    ResolvePublished,
    Resume,
    Retract,
    RetractDone,
    Retry,
    Withdraw,
)
from xuanfa.domain.channel import EVERYTHING
from xuanfa.domain.correction import Correction, Others
from xuanfa.domain.delivery import Delivery
from xuanfa.domain.person import Person
from xuanfa.domain.withdrawal_order import WithdrawalOrder
from xuanfa.operations.deciding.door import carry_out
from xuanfa.operations.desk import Desk
from xuanfa.operations.intake.queue import QueueReport

#: Who decides, where it does not matter who.
ANNA = Person(name="安娜", why="核对")


def cancel(desk: Desk, delivery: int, person: Person) -> Delivery:
    return carry_out(desk, Cancel(delivery=delivery), person)


def reschedule(desk: Desk, delivery: int, at: datetime, person: Person) -> Delivery:
    return carry_out(desk, Reschedule(delivery=delivery, at=at), person)


def release(desk: Desk, delivery: int, person: Person) -> Delivery:
    return carry_out(desk, Release(delivery=delivery), person)


def retry(desk: Desk, delivery: int, person: Person) -> Delivery:
    return carry_out(desk, Retry(delivery=delivery), person)


def resolve_published(desk: Desk, delivery: int, address: str, person: Person, at: datetime | None = None) -> Delivery:
    return carry_out(desk, ResolvePublished(delivery=delivery, address=address, at=at), person)


def resolve_absent(desk: Desk, delivery: int, person: Person, *, node_is_gone: bool = False) -> Delivery:
    return carry_out(desk, ResolveAbsent(delivery=delivery, node_is_gone=node_is_gone), person)


def resolve_once(desk: Desk, delivery: int, person: Person) -> Delivery:
    return carry_out(desk, ResolveOnce(delivery=delivery), person)


def retract(desk: Desk, delivery: int, person: Person) -> Delivery:
    return carry_out(desk, Retract(delivery=delivery), person)


def retracted_by_hand(desk: Desk, delivery: int, person: Person) -> Delivery:
    return carry_out(desk, RetractDone(delivery=delivery), person)


def withdraw(desk: Desk, post: str, person: Person) -> WithdrawalOrder:
    return carry_out(desk, Withdraw(post=post), person)


def approve_withdrawal(desk: Desk, post: str, person: Person) -> WithdrawalOrder:
    return carry_out(desk, ApproveWithdrawal(post=post), person)


def correct(desk: Desk, post: str, person: Person, others: Others = Others.LEAVE) -> list[Correction]:
    return carry_out(desk, Correct(post=post, others=others), person)


def pause(desk: Desk, channel: str, person: Person) -> str | None:
    return carry_out(desk, Pause(channel=None if channel == EVERYTHING else channel), person)


def resume(desk: Desk, channel: str, person: Person) -> None:
    carry_out(desk, Resume(channel=None if channel == EVERYTHING else channel), person)


def all_posts_are_here(desk: Desk, person: Person) -> QueueReport:
    return carry_out(desk, AllPostsAreHere(), person)
