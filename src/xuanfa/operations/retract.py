"""Retract: take a post back from a channel, published or only handed over, at once: waiting is what a wrong post cannot do."""

from dataclasses import dataclass, replace

from xuanfa.domain.attempt import Action
from xuanfa.domain.delivery import Delivery, State
from xuanfa.domain.errors import StateError
from xuanfa.domain.language import say
from xuanfa.domain.life import move
from xuanfa.domain.receipt import Receipt
from xuanfa.operations.bound import require_same
from xuanfa.operations.decide import Person, find
from xuanfa.operations.desk import Desk
from xuanfa.operations.perform import Job, order_for, perform
from xuanfa.operations.settle import lapse, settle
from xuanfa.store import attempts, deliveries, ledger
from xuanfa.store.deliveries import Change


@dataclass(frozen=True, slots=True, kw_only=True)
class Retraction:
    """How it ended: the delivery as it is now, and what the channel said."""

    delivery: Delivery
    reason: str


def retract(desk: Desk, delivery_id: int, person: Person) -> Retraction:
    """Withdraw a delivery through the channel: a published one, or one that it took and that is not public yet (a draft).

    A crash in between leaves it ``retracting``, and it may be asked for again.
    """
    lapse(desk)  # a withdrawal whose process died must not stand in the way of the next one
    job = _begin(desk, delivery_id, person)
    done = perform(desk.adapters, job, desk.clock)
    with desk.store.write() as connection:
        settled = settle(desk, connection, [done], desk.clock())
        after = find(connection, delivery_id)
    for change in settled.changes:
        desk.emit(change)
    return Retraction(delivery=after, reason=after.reason)


def retracted_by_hand(desk: Desk, delivery_id: int, person: Person) -> Delivery:
    """A person has withdrawn it on the platform itself."""
    now = desk.clock()
    with desk.store.write() as connection:
        before = find(connection, delivery_id)
        begun = before if before.state is State.RETRACTING else move(before, State.RETRACTING, person.why)
        after = move(begun, State.RETRACTED, person.why)
        steps = [Change(before, begun, person.why), Change(begun, after, person.why)]
        deliveries.write(connection, steps, now, person.name)
        ledger.mark_retracted(connection, delivery_id, now)
    desk.emit(Change(before, after, person.why))
    return after


def _begin(desk: Desk, delivery_id: int, person: Person) -> Job:
    now = desk.clock()
    with desk.store.write() as connection:
        before = find(connection, delivery_id)
        require_same(desk, before)
        channel = desk.channels.get(before.channel)
        if channel is None or not channel.retracts:
            raise StateError(
                say(
                    "渠道 {channel} 不能用接口撤稿：请在平台上人工删除，再运行 xuanfa retract {id} --done --why “…”。",
                    "The channel {channel} has no interface for withdrawing: delete it there by hand, then run "
                    'xuanfa retract {id} --done --why "…".',
                    channel=before.channel,
                    id=delivery_id,
                )
            )
        if attempts.count_open(connection, delivery_id):
            raise StateError(
                say(
                    "投递 {id} 正在处理中，请稍后再试。",
                    "Delivery {id} is being worked on; try again soon.",
                    id=delivery_id,
                )
            )
        numbered = replace(before, attempt=before.attempt + 1)
        after = numbered if before.state is State.RETRACTING else move(numbered, State.RETRACTING, person.why)
        deliveries.write(connection, [Change(before, after, person.why)], now, person.name)
        attempts.begin(
            connection,
            [after],
            Action.RETRACT,
            node=desk.node,
            process=desk.process,
            now=now,
            lease_until=now + desk.lease,
        )
        loaded = deliveries.load(connection, delivery_id)
        receipt = ledger.receipt(connection, delivery_id)
    assert loaded is not None  # noqa: S101 - a published delivery has a rendition, by the schema's check
    order = order_for(after, loaded.post, loaded.rendition, now.astimezone(desk.zone))
    handed_over = Receipt(remote_id=after.ticket or None)
    return Job(
        action=Action.RETRACT,
        delivery=after,
        order=order,
        receipt=receipt or handed_over,
        was_public=receipt is not None,
        lease=desk.lease_from(now),
    )
