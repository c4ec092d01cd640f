"""Decide: what a person may say about a delivery. Each decision is kept with who, when and why."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

import sqlalchemy as sa

from xuanfa.adapters.protocol import KnowsAddresses
from xuanfa.domain.accounts import is_drill
from xuanfa.domain.channel import EVERYTHING
from xuanfa.domain.delivery import Delivery, State
from xuanfa.domain.errors import StateError
from xuanfa.domain.language import say
from xuanfa.domain.life import move, stop_repeating
from xuanfa.domain.receipt import Receipt
from xuanfa.domain.times import in_words as moment_in_words
from xuanfa.operations import links
from xuanfa.operations.alive import require_gone
from xuanfa.operations.bound import require_same
from xuanfa.operations.desk import Desk
from xuanfa.operations.plan import WRITING
from xuanfa.operations.second_proof import weigh
from xuanfa.store import channels, deliveries, late_proofs, ledger, restores
from xuanfa.store.deliveries import Change


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Who decides, and why."""

    name: str
    why: str = ""


def cancel(desk: Desk, delivery_id: int, person: Person) -> Delivery:
    """It is not to be published. One that may be out already becomes ``unknown``: not sending it again does not take it back."""

    def decision(before: Delivery, now: datetime) -> Delivery:
        if before.may_be_public:
            return stop_repeating(before, desk.terms(before.channel, now))
        hint = say(
            "只有还没有发出的投递可以取消；已受理、已发布的请用 retract 撤稿",
            "only a delivery that has not left can be cancelled; retract one that is accepted or published",
        )
        _require(before, {State.SCHEDULED, State.HELD, State.REJECTED, State.FAILED}, hint)
        return move(before, State.CANCELLED, person.why)

    return _decide(desk, delivery_id, person, decision)


def reschedule(desk: Desk, delivery_id: int, at: datetime, person: Person) -> Delivery:
    """It is to be published at another time: in one transaction, so nothing fires at the old one."""

    def decision(before: Delivery, now: datetime) -> Delivery:
        if at < now - WRITING:
            raise StateError(
                say(
                    "时间 {at} 已经过去，没有改期。请写将来的时间；要现在发，暂缓的用 xuanfa release，待发布的写当前时间。",
                    "The time {at} is past, and nothing was moved. Name one to come; to publish now, release what is held, or name the present time.",
                    at=moment_in_words(at, desk.zone),
                )
            )
        hint = say("只有“待发布”或“暂缓”的投递可以改期", "only a scheduled or held delivery can be rescheduled")
        _require(before, {State.SCHEDULED, State.HELD}, hint)
        if before.may_be_public:
            doubt = say(
                "上一次发送的结果不明，正在重发，不能改期；先 cancel 停止重发，再用 resolve 说明结果",
                "the last request is in doubt and is being repeated; cancel the repetition, then resolve it",
            )
            _require(before, {State.HELD}, doubt)
        moved = before if before.state is State.SCHEDULED else move(before, State.SCHEDULED)
        judged = before.twin if before.state is State.SCHEDULED else None
        return replace(moved, reason="", due_at=at, ready_at=at, fresh_at=max(at, now), twin=judged)

    def note(connection: sa.Connection, before: Delivery, after: Delivery, now: datetime) -> None:
        deliveries.record_event(
            connection, now=now, after=deliveries.RESCHEDULED, actor=person.name, why=person.why, delivery_id=after.id
        )

    return _decide(desk, delivery_id, person, decision, on_write=note)


def release(desk: Desk, delivery_id: int, person: Person) -> Delivery:
    """A held one may go after all, at once or at its time if that is still to come."""

    def decision(before: Delivery, now: datetime) -> Delivery:
        _require(before, {State.HELD}, say("只有“暂缓”的投递可以放行", "only a held delivery can be released"))
        if _is_drill(desk, before):
            require_same(desk, before)
        ready = max(before.due_at, now)
        # Released from the question whether it may go although another one has: that is the answer. What else held it answers nothing.
        return move(before, State.SCHEDULED, ready_at=ready, fresh_at=ready, twin=before.twin or None)

    return _decide(desk, delivery_id, person, decision)


def retry(desk: Desk, delivery_id: int, person: Person) -> Delivery:
    """A failed or cancelled one is tried anew; what was only rehearsed is sent for real, once its channel is real.

    Raises StateError where a reader may see it already, and ContentError where it is to be rendered anew and its file stands in the way.
    """
    with desk.store.write() as connection:
        found = find(connection, delivery_id)
    if _is_drill(desk, found):
        from xuanfa.operations.for_real import send_for_real  # noqa: PLC0415 - renders, which is heavy

        return send_for_real(desk, delivery_id, person)

    def decision(before: Delivery, now: datetime) -> Delivery:
        hint = say(
            "只有“失败”或“已取消”的投递可以重试；“待核实”的请先核实，再用 resolve 说明结果",
            "only a failed or cancelled delivery can be retried; an unknown one has to be resolved first",
        )
        if before.state in {State.UNKNOWN, State.ACCEPTED, State.RETRACTING, State.PUBLISHED} or before.may_be_public:
            require_same(desk, before)
        _require(before, {State.FAILED, State.CANCELLED}, hint)
        return move(
            before,
            State.SCHEDULED,
            ready_at=now,
            fresh_at=now,
            tries=0,
            first_sent_at=None,
            expires_at=None,
            twin=None,
        )

    return _decide(desk, delivery_id, person, decision)


def resolve_published(
    desk: Desk, delivery_id: int, address: str, person: Person, at: datetime | None = None
) -> Delivery:
    """A person has seen it in public, at ``address``; ``at`` is when it was published, where they know it: counts go by that.

    Raises StateError where the channel knows that the address is not one of its own, where another delivery has it already, or for a time
    to come.
    """
    receipt = Receipt(address=address, published_at=at, evidence=say("{name} 核实", "seen by {name}", name=person.name))

    def decision(before: Delivery, now: datetime) -> Delivery:
        if at is not None and at > now:
            raise StateError(
                say(
                    "发布时间 {at} 还没有到：请写实际发布的时间。",
                    "The time {at} is still to come: give the one at which it was published.",
                    at=moment_in_words(at, desk.zone),
                )
            )
        hint = say("只有“待核实”或“已受理”的投递可以核实", "only an unknown or accepted delivery can be resolved")
        _require(before, {State.UNKNOWN, State.ACCEPTED, *({State.HELD} if before.restored else ())}, hint)
        require_same(desk, before)
        _require_own_address(desk, before.channel, address)
        return move(before, State.PUBLISHED, look_at=None)

    def enter(connection: sa.Connection, _before: Delivery, after: Delivery, now: datetime) -> None:
        _require_new_address(connection, after.id, address)
        weigh(desk, connection, [after.id], now)
        links.wake(desk, connection, [after.post_id])

    return _decide(desk, delivery_id, person, decision, on_write=enter, receipt=receipt)


def resolve_absent(desk: Desk, delivery_id: int, person: Person, *, node_is_gone: bool = False) -> Delivery:
    """A person has looked, and it is not there: it is sent again, under the same key.

    Raises StateError while whatever was sending it may still be there, unless the person answers for it that ``node_is_gone``.
    """

    def decision(before: Delivery, now: datetime) -> Delivery:
        hint = say("只有“待核实”或“已受理”的投递可以核实", "only an unknown or accepted delivery can be resolved")
        _require(before, {State.UNKNOWN, State.ACCEPTED}, hint)
        require_same(desk, before)
        ready = max(before.due_at, now)  # one that a restore has put in doubt may not be due yet
        return move(
            before,
            State.SCHEDULED,
            person.why,
            ready_at=ready,
            fresh_at=ready,
            tries=0,
            first_sent_at=None,
            look_at=None,
            absent_at=None,
            ticket="",
        )

    def require_end(connection: sa.Connection, before: Delivery, _after: Delivery, now: datetime) -> None:
        require_gone(desk, connection, before.id, now, said_by=person.name, why=person.why if node_is_gone else None)
        late_proofs.overrule(connection, before.id, now)

    return _decide(desk, delivery_id, person, decision, on_write=require_end)


def resolve_once(desk: Desk, delivery_id: int, person: Person) -> Delivery:
    """A person has looked where two proofs of publication have led, and says that one publication is there: the other one was taken down,
    or both are the same. Raises StateError where there is no second proof."""
    with desk.store.write() as connection:
        found = find(connection, delivery_id)
        if delivery_id not in late_proofs.second(connection):
            raise StateError(
                say(
                    "投递 {id} 没有第二份发布证据，不用核实。",
                    "There is no second proof of publication of delivery {id}; nothing is to be settled.",
                    id=delivery_id,
                )
            )
        deliveries.record_event(
            connection,
            now=desk.clock(),
            after=late_proofs.ONCE,
            actor=person.name,
            why=person.why,
            delivery_id=delivery_id,
        )
    return found


def pause(desk: Desk, channel: str, person: Person) -> None:
    """Send nothing to a channel until it is resumed."""
    now = desk.clock()
    with desk.store.write() as connection:
        channels.pause(connection, channel, now, person.why)
        deliveries.record_event(connection, now=now, after="paused", actor=person.name, why=person.why, channel=channel)


def resume(desk: Desk, channel: str, person: Person) -> None:
    """Send to a channel again. What has become too late meanwhile is held, not sent.

    To resume everything also says that whoever has to decide after a restore has done so; posts whose files are older are held all the same
    when they are first read, until ``operations/restored`` is told that all are in.
    """
    now = desk.clock()
    with desk.store.write() as connection:
        resume_within(connection, channel, person, now)


def resume_within(connection: sa.Connection, channel: str, person: Person, now: datetime) -> None:
    """The same inside the caller's transaction."""
    channels.resume(connection, channel)
    if channel == EVERYTHING:
        restores.end(connection, now)
    deliveries.record_event(connection, now=now, after="resumed", actor=person.name, why=person.why, channel=channel)


_OnWrite = Callable[[sa.Connection, Delivery, Delivery, datetime], None]


def _nothing_more(_connection: sa.Connection, _before: Delivery, _after: Delivery, _now: datetime) -> None:
    """Most decisions write the delivery and nothing else."""


def _decide(
    desk: Desk,
    delivery_id: int,
    person: Person,
    decision: Callable[[Delivery, datetime], Delivery],
    *,
    on_write: _OnWrite = _nothing_more,
    receipt: Receipt | None = None,
) -> Delivery:
    now = desk.clock()
    with desk.store.write() as connection:
        before = find(connection, delivery_id)
        after = replace(decision(before, now), restored=False)  # whatever a restore left open, a person has decided
        if after.state is State.SCHEDULED and after.rendition_id is None:
            raise StateError(
                say(
                    "投递 {id} 没有成稿，不能发布：请先按原因改好稿件；是字体、模板或设置的原因时，排除后下一遍发布会自动重新生成",
                    "delivery {id} has no rendition and cannot be sent: mend the post first; where a typeface, a template or a setting "
                    "stood in the way, mend that, and the next pass renders it by itself",
                    id=delivery_id,
                )
            )
        change = Change(before, after, person.why, receipt)
        deliveries.write(connection, [change], now, person.name)
        on_write(connection, before, after, now)
    desk.emit(change)
    return after


def find(connection: sa.Connection, delivery_id: int) -> Delivery:
    """The delivery with this number, locked. Raises StateError where there is none."""
    found = deliveries.get(connection, [delivery_id]).get(delivery_id)
    if found is None:
        raise StateError(
            say(
                "没有编号为 {id} 的投递：用 xuanfa deliveries 查看编号。",
                "There is no delivery {id}: see xuanfa deliveries for the numbers.",
                id=delivery_id,
            )
        )
    return found


def _require(delivery: Delivery, states: set[State], hint: str) -> None:
    if delivery.state not in states:
        raise StateError(
            say(
                "投递 {id} 现在是“{state}”：{hint}。",
                "Delivery {id} is {state}: {hint}.",
                id=delivery.id,
                state=delivery.state.label,
                hint=hint,
            )
        )


def _require_own_address(desk: Desk, channel: str, address: str) -> None:
    if channel not in desk.channels:
        return  # gone from the settings: nobody can tell any more
    adapter = desk.adapters.bound(channel)
    problem = adapter.address_problem(address) if isinstance(adapter, KnowsAddresses) else ""
    if problem:
        raise StateError(problem)


def _require_new_address(connection: sa.Connection, delivery_id: int, address: str) -> None:
    """One page proves one publication: a second delivery with the same address would be counted twice."""
    other = ledger.delivery_at(connection, address, but=delivery_id)
    if other is not None:
        raise StateError(
            say(
                "这个地址已经登记在投递 {other}（{channel}）名下：{address}。请核对后粘贴投递 {id} 自己的公开地址。",
                "This address belongs to delivery {other} ({channel}) already: {address}. Paste that of delivery {id}.",
                other=other[0],
                channel=other[1],
                address=address,
                id=delivery_id,
            )
        )


def _is_drill(desk: Desk, delivery: Delivery) -> bool:
    channel = desk.channels.get(delivery.channel)
    return channel is not None and is_drill(delivery, channel)
