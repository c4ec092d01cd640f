"""Carry on: what was ordered and is not at its end yet goes on, whichever process ordered it; what its front matter takes down is ordered."""

from xuanfa.domain.language import say
from xuanfa.domain.person import Person
from xuanfa.domain.times import in_words
from xuanfa.domain.withdrawal_order import DOWN
from xuanfa.operations.desk import Desk
from xuanfa.operations.withdrawing.correcting import carry_on_corrections
from xuanfa.operations.withdrawing.down import take_down
from xuanfa.operations.withdrawing.looking import look_again
from xuanfa.operations.withdrawing.order import order_within, stop_queued
from xuanfa.store import deliveries, posts, withdrawals


def carry_on(desk: Desk) -> None:
    """Give the orders that are due by time, and go on with those that are open. Costs a few questions by index where there are none."""
    _order_by_time(desk)
    with desk.store.read() as connection:
        orders = withdrawals.standing(connection)
    for order in orders:
        with desk.store.write() as connection:
            changes = stop_queued(desk, connection, order, desk.clock())
        for change in changes:
            desk.emit(change)
        take_down(desk, order)
    carry_on_corrections(desk)
    look_again(desk)


def _order_by_time(desk: Desk) -> None:
    """``retract_at`` was approved with the post, so that nobody approves it once more."""
    now = desk.clock()
    with desk.store.read() as connection:
        due = withdrawals.due_by_time(connection, now)
    for post_id, slug, at in due:
        why = say("稿头写明到 {at} 撤下", "the front matter has it taken down at {at}", at=in_words(at, desk.zone))
        person = Person(name=desk.node, why=why, how="retract_at")
        with desk.store.write() as connection:
            posts.lock_inbox(connection)
            known = posts.by_slug(connection, slug)
            if known is None or not withdrawals.note_taken(connection, post_id, now):
                continue
            standing = withdrawals.newest(connection, post_id)
            there = [each for each in deliveries.of_post(connection, post_id) if each.state not in DOWN]
            if not there or (standing is not None and standing.ended_at is None):
                continue
            _, changes = order_within(desk, connection, known, person, now, asks=False)
        for change in changes:
            desk.emit(change)
