"""Order: a person has a post taken down everywhere. The order and the end of everything queued are one transaction; the rest is gone on
with by whichever process comes next, however often one dies in between."""

from datetime import datetime

import sqlalchemy as sa

from xuanfa.domain.act import ApproveWithdrawal, Withdraw
from xuanfa.domain.errors import StateError
from xuanfa.domain.language import say
from xuanfa.domain.person import Person
from xuanfa.domain.refusals import no_such_post
from xuanfa.domain.remedy import Remedy
from xuanfa.domain.times import in_words
from xuanfa.domain.withdrawal_order import DOWN, WithdrawalOrder, stopped
from xuanfa.operations.desk import Desk
from xuanfa.operations.withdrawing.approval import approval_due
from xuanfa.operations.withdrawing.down import take_down
from xuanfa.store import corrections, deliveries, likeness, posts, withdrawals
from xuanfa.store.deliveries import Change
from xuanfa.store.posts import KnownPost

#: The lines of history of an order and of its approval.
ORDERED, APPROVED = "withdrawn", "withdrawal_approved"


def withdraw(desk: Desk, act: Withdraw, person: Person) -> WithdrawalOrder:
    """Take a post down: stop what is queued, keep what readers could see, and ask each channel that has an interface.

    Raises StateError for an unknown post, one of which nothing is left to be done, and one that is being taken down already.
    """
    now = desk.clock()
    with desk.store.write() as connection:
        posts.lock_inbox(connection)
        order, changes = order_within(desk, connection, _known(connection, act.post), person, now)
    for change in changes:
        desk.emit(change)
    take_down(desk, order)
    with desk.store.read() as connection:
        return withdrawals.get(connection, order.id)


def order_within(
    desk: Desk, connection: sa.Connection, known: KnownPost, person: Person, now: datetime, *, asks: bool = True
) -> tuple[WithdrawalOrder, list[Change]]:
    """The order inside the caller's transaction, and what it has called off. ``asks``: another person has to approve it afterwards."""
    found = deliveries.of_post(connection, known.id)
    earlier = withdrawals.newest(connection, known.id)
    if earlier is not None and earlier.ended_at is None:
        raise StateError(_being_taken_down(desk, earlier))
    if all(each.state in DOWN for each in found):
        raise StateError(
            say(
                "稿件 {post} 在各渠道都已不在，不用撤。",
                "Nothing of the post {post} is out or queued.",
                post=known.slug,
            )
        )
    approve_by = approval_due(connection, now) if asks else None
    number = withdrawals.add(connection, known.id, person, now, approve_by)
    changes = stop_queued(desk, connection, withdrawals.get(connection, number), now)
    corrections.replace_open(connection, known.id, say("已全文撤稿", "the post is withdrawn"))
    deliveries.record_event(
        connection, now=now, after=ORDERED, actor=person.signs(Withdraw.verb), why=person.why, post_id=known.id
    )
    withdrawals.end_if_down(connection, known.id, now)
    return withdrawals.get(connection, number), changes


def stop_queued(desk: Desk, connection: sa.Connection, order: WithdrawalOrder, now: datetime) -> list[Change]:
    """Call off what of the post is queued, and let the order be about all that there is of it."""
    found = deliveries.of_post(connection, order.post_id)
    withdrawals.concern(connection, order.id, [each.id for each in found])
    moved = ((each, stopped(each, desk.terms(each.channel, now))) for each in found)
    changes = [Change(before, after, order.why) for before, after in moved if before != after]
    deliveries.write(connection, changes, now, order.person.signs(Withdraw.verb))
    return changes


def approve_withdrawal(desk: Desk, act: ApproveWithdrawal, person: Person) -> WithdrawalOrder:
    """Another person approves an order after the fact. Raises StateError where nobody has to, it is done, or it is one's own."""
    now = desk.clock()
    with desk.store.write() as connection:
        known = _known(connection, act.post)
        order = withdrawals.newest(connection, known.id)
        if order is None or not order.lacks_approval:
            raise StateError(
                say(
                    "稿件 {post} 没有等待追认的撤稿。",
                    "No withdrawal of the post {post} waits for approval.",
                    post=act.post,
                )
            )
        if order.actor == person.name:
            raise StateError(
                say(
                    "撤稿是 {who} 自己下的，要由别人追认。",
                    "{who} has ordered this withdrawal, so that another person approves it.",
                    who=person.name,
                )
            )
        withdrawals.approve(connection, order.id, person.name, now)
        deliveries.record_event(
            connection, now=now, after=APPROVED, actor=person.signs(act.verb), why=person.why, post_id=known.id
        )
        return withdrawals.get(connection, order.id)


def _known(connection: sa.Connection, slug: str) -> KnownPost:
    known = posts.by_slug(connection, slug)
    if known is None:
        raise no_such_post(slug, likeness.slugs(connection))
    return known


def _being_taken_down(desk: Desk, order: WithdrawalOrder) -> str:
    return say(
        "稿件 {post} 已由 {who} 于 {at} 下令撤稿，还没有撤完：看进度和要人工做的步骤，用 {show}。",
        "{who} has ordered the withdrawal of {post} at {at}, and it goes on: see how far it is, and what is left to people, with {show}.",
        post=order.post,
        who=order.actor,
        at=in_words(order.ordered_at, desk.zone),
        show=Remedy("withdraw", order.post, show=True),
    )
