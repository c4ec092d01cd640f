"""Retract: take a post back from a channel, published or only handed over, at once: waiting is what a wrong post cannot do."""

from dataclasses import replace
from datetime import datetime
from functools import partial

import sqlalchemy as sa

from xuanfa.domain.act import Retract, RetractDone
from xuanfa.domain.attempt import Action
from xuanfa.domain.deciding import being_withdrawn, withdrawn_by_hand
from xuanfa.domain.delivery import Delivery
from xuanfa.domain.errors import StateError
from xuanfa.domain.language import say
from xuanfa.domain.person import Person, Signature
from xuanfa.domain.receipt import Receipt
from xuanfa.domain.remedy import Remedy
from xuanfa.operations.deciding.bound import require_same
from xuanfa.operations.deciding.decide import find
from xuanfa.operations.desk import Desk
from xuanfa.operations.restricting.rule import is_restricted
from xuanfa.operations.sending.perform import Job, order_for, perform
from xuanfa.operations.sending.settle import lapse, settle
from xuanfa.store import attempts, deliveries, ledger, vouched, withdrawals
from xuanfa.store.deliveries import Change
from xuanfa.store.invariants import receipt_is_sound


def retract(desk: Desk, act: Retract, person: Person) -> Delivery:
    """Withdraw a delivery through the channel: a published one, or one that it took and that is not public yet (a draft);
    how that ended is where it stands then, and its reason.

    A crash in between leaves it ``retracting``, and it may be asked for again. Raises StateError; where the receipt is not the one that
    was entered, that is noted and is an alarm: what it names may be somebody else's.
    """
    lapse(desk)  # a withdrawal whose process died must not stand in the way of the next one
    job = _begin(desk, act, person)
    if job is None:
        raise StateError(_altered(act.delivery))
    done = perform(desk.adapters, job, desk.clock)
    with desk.store.write() as connection:
        settled = settle(desk, connection, [done], desk.clock())
        after = find(connection, act.delivery)
    for change in settled.changes:
        desk.emit(change)
    return after


def retracted_by_hand(desk: Desk, act: RetractDone, person: Person) -> Delivery:
    """A person has withdrawn it on the platform itself."""
    now = desk.clock()
    with desk.store.write() as connection:
        before = find(connection, act.delivery)
        begun = being_withdrawn(before, person.why)
        after = withdrawn_by_hand(begun, person.why)
        steps = [Change(before, begun, person.why), Change(begun, after, person.why)]
        deliveries.write(connection, steps, now, person.signs(act.verb))
        ledger.mark_retracted(connection, act.delivery, now)
        withdrawals.note_done_by_hand(connection, act.delivery)
        withdrawals.end_if_down(connection, before.post_id, now)
    desk.emit(Change(before, after, person.why))
    return after


def _begin(desk: Desk, act: Retract, person: Person) -> Job | None:
    """The withdrawal as it is recorded; ``None`` where it must not be, because of the receipt."""
    now, by = desk.clock(), person.signs(act.verb)
    with desk.store.write() as connection:
        before = find(connection, act.delivery)
        require_same(desk, before)
        after = being_withdrawn(replace(before, attempt=before.attempt + 1), person.why)
        channel = desk.channels.get(before.channel)
        if channel is None or not channel.retracts:
            raise StateError(
                say(
                    "渠道 {channel} 不能用接口撤稿：请在平台上人工删除，再用 {retract}。",
                    "The channel {channel} has no interface for withdrawing: delete it there by hand, then run {retract}.",
                    channel=before.channel,
                    retract=Remedy("retract", act.delivery, done=True, why=None),
                )
            )
        if attempts.count_open(connection, act.delivery):
            raise StateError(
                say(
                    "投递 {id} 正在处理中，请稍后再试。",
                    "Delivery {id} is being worked on; try again soon.",
                    id=act.delivery,
                )
            )
        if not receipt_is_sound(connection, act.delivery):
            _note_altered(connection, before, by, person.why, now)
            return None
        deliveries.write(connection, [Change(before, after, person.why)], now, by)
        attempts.begin(
            connection,
            [after],
            Action.RETRACT,
            node=desk.node,
            process=desk.process,
            now=now,
            lease_until=now + desk.lease,
        )
        loaded = deliveries.load(connection, act.delivery)
        receipt = ledger.receipt(connection, act.delivery)
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
        is_restricted=partial(is_restricted, desk, after.post_id),
    )


def _note_altered(connection: sa.Connection, delivery: Delivery, by: Signature, why: str, now: datetime) -> None:
    vouched.note_altered_receipt(connection, delivery.id)
    deliveries.record_event(
        connection,
        now=now,
        after=vouched.RECEIPT_ALTERED,
        actor=by,
        why=say("没有撤稿", "it was not withdrawn") + (say("：", ": ") + why if why else ""),
        delivery_id=delivery.id,
        channel=delivery.channel,
    )


def _altered(delivery_id: int) -> str:
    return say(
        "投递 {id} 的回执与发布时登记的不符，被改动过，没有撤稿：照它去撤，可能撤掉别的内容。请用 {verify} 查明；要先撤下，"
        "就到平台上人工删除，再用 {retract}。",
        "The receipt of delivery {id} was altered: it is not the one that was entered, and nothing was withdrawn, since it may name "
        "something else. Find out with {verify}; to take the post down first, delete it on the platform by hand, then run "
        '{retract_done_why} "…".',
        id=delivery_id,
        verify=Remedy("verify"),
        retract=Remedy("retract", delivery_id, done=True, why=None),
        retract_done_why=Remedy("retract", delivery_id, done=True, why=True),
    )
