"""Decide: how what people decide about deliveries and channels is carried out. Each decision is kept with who, when and why."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo

import sqlalchemy as sa

from xuanfa.adapters.protocol import KnowsAddresses
from xuanfa.domain.accounts import is_drill, is_same, placed, told_apart
from xuanfa.domain.act import (
    Cancel,
    OfDelivery,
    Pause,
    Release,
    Reschedule,
    ResolveAbsent,
    ResolveOnce,
    ResolvePublished,
    Resume,
    Retry,
)
from xuanfa.domain.channel import EVERYTHING
from xuanfa.domain.deciding import called_off, let_go, put_off, seen_absent, seen_in_public, tried_anew
from xuanfa.domain.delivery import MAY_BE_OUT, Delivery, State
from xuanfa.domain.errors import StateError
from xuanfa.domain.language import say
from xuanfa.domain.person import Person, Signature
from xuanfa.domain.planning import WRITING
from xuanfa.domain.receipt import Receipt
from xuanfa.domain.remedy import Remedy
from xuanfa.domain.times import in_words as moment_in_words
from xuanfa.operations import links
from xuanfa.operations.deciding.answering import answered
from xuanfa.operations.deciding.bound import has_addresses, require_same
from xuanfa.operations.desk import Desk
from xuanfa.operations.intake.slots import take_named
from xuanfa.operations.reviewing.reconcile import reconcile
from xuanfa.operations.sending.alive import require_gone
from xuanfa.operations.sending.second_proof import weigh
from xuanfa.operations.solemnity import require_fit
from xuanfa.store import channels, deliveries, late_proofs, ledger, restores
from xuanfa.store.deliveries import Change


def cancel(desk: Desk, act: Cancel, person: Person) -> Delivery:
    """It is not to be published. One that may be out already becomes ``unknown``: not sending it again does not take it back."""

    def decision(before: Delivery, now: datetime) -> Delivery:
        return called_off(before, desk.terms(before.channel, now), person.why)

    return _decide(desk, act, person, decision)


def reschedule(desk: Desk, act: Reschedule, person: Person) -> Delivery:
    """It is to be published at another time: in one transaction, so nothing fires at the old one."""

    def note(connection: sa.Connection, before: Delivery, after: Delivery, now: datetime) -> None:
        require_fit(desk, connection, before, act.at)
        _note_moved(desk, connection, before, after, act=act, person=person, now=now)
        due = waits_for(connection, after.post_id)
        if before.due_at not in due:  # nothing of the post waits for its old slot any more
            take_named(desk, connection, after.column, after.post_id, due)

    return _decide(desk, act, person, _put_off(desk, act), on_write=note)


def reschedule_within(desk: Desk, connection: sa.Connection, act: Reschedule, person: Person) -> "Settled":
    """The same inside the caller's transaction, who sees to the slots, and tells of what has moved once that is committed."""

    def note(connection: sa.Connection, before: Delivery, after: Delivery, now: datetime) -> None:
        require_fit(desk, connection, before, act.at)
        _note_moved(desk, connection, before, after, act=act, person=person, now=now)

    return _decide_within(desk, connection, act, person, _put_off(desk, act), on_write=note)


def waits_for(connection: sa.Connection, post_id: int) -> set[datetime]:
    """The times for which what is queued or held of a post waits."""
    return {
        each.due_at for each in deliveries.of_post(connection, post_id) if each.is_queued or each.state is State.HELD
    }


def _put_off(desk: Desk, act: Reschedule) -> Callable[[Delivery, datetime], Delivery]:
    def decision(before: Delivery, now: datetime) -> Delivery:
        if act.at < now - WRITING:
            raise StateError(
                say(
                    "时间 {at} 已经过去，没有改期。请写将来的时间；要现在发，暂缓的用 {release}，待发布的写当前时间。",
                    "The time {at} is past, and nothing was moved. Name one to come; to publish now, release what is held, or name the present time.",
                    at=moment_in_words(act.at, desk.zone),
                    release=Remedy("release"),
                )
            )
        return put_off(before, act.at, now)

    return decision


def _note_moved(
    desk: Desk,
    connection: sa.Connection,
    before: Delivery,
    after: Delivery,
    *,
    act: Reschedule,
    person: Person,
    now: datetime,
) -> None:
    deliveries.record_event(
        connection,
        now=now,
        after=deliveries.RESCHEDULED,
        actor=person.signs(act.verb),
        why=_moved_in_words(before, after, person.why, desk.zone),
        delivery_id=after.id,
    )


def _moved_in_words(before: Delivery, after: Delivery, why: str, zone: tzinfo) -> str:
    return say(
        "由 {before} 改到 {at}{why}",
        "from {before} to {at}{why}",
        before=moment_in_words(before.due_at, zone),
        at=moment_in_words(after.due_at, zone),
        why=say("：{why}", ": {why}", why=why) if why else "",
    )


def release(desk: Desk, act: Release, person: Person) -> Delivery:
    """A held one may go after all, at once or at its time if that is still to come."""

    def decision(before: Delivery, now: datetime) -> Delivery:
        after = let_go(before, now)
        if _is_drill(desk, before):
            require_same(desk, before)
        return after

    return _decide(desk, act, person, decision)


def retry(desk: Desk, act: Retry, person: Person) -> Delivery:
    """A failed or cancelled one is tried anew; what was only rehearsed is sent for real, once its channel is real.

    Raises StateError where a reader may see it already, and ContentError where it is to be rendered anew and its file stands in the way.
    """
    with desk.store.write() as connection:
        found = find(connection, act.delivery)
    if _is_drill(desk, found):
        from xuanfa.operations.deciding.for_real import send_for_real  # noqa: PLC0415 - renders, which is heavy

        return send_for_real(desk, act, person)

    def decision(before: Delivery, now: datetime) -> Delivery:
        _require_not_published(desk, before)
        if before.state in MAY_BE_OUT or before.may_be_public:
            require_same(desk, before)
        return tried_anew(before, now)

    return _decide(desk, act, person, decision)


def _require_not_published(desk: Desk, before: Delivery) -> None:
    """Raise StateError, with both names, where it is out at an account to which its channel does not lead any more: nothing is to be
    withdrawn for that, and nothing to be tried again."""
    channel = desk.channels.get(before.channel)
    if before.state is State.PUBLISHED and channel is not None and not is_same(before, channel):
        raise StateError(
            say(
                "投递 {id} 已发布，没有什么要重试：{both}。要在现在的账号上也发一遍，请另写一篇稿件。",
                "Delivery {id} is published, and there is nothing to retry: it was {both}. To publish it at the account of now as well, write "
                "another post.",
                id=before.id,
                both=told_apart(before, channel),
            )
        )


def resolve_published(desk: Desk, act: ResolvePublished, person: Person) -> Delivery:
    """A person has seen it in public; counts go by the time of publication, where they know it. Without an address, as in a group where there is
    none, they say who has seen it where.

    Raises StateError where the channel knows that the address is not one of its own, where another delivery has it already, for a time to
    come, or for no address where the channel has such.
    """
    seen = say("{name} 核实", "seen by {name}", name=person.name)
    if not act.address:
        seen = say("{name} 核实：{why}", "seen by {name}: {why}", name=person.name, why=person.why)
    receipt = Receipt(address=act.address or None, published_at=act.at, evidence=seen)

    def decision(before: Delivery, now: datetime) -> Delivery:
        if act.at is not None and act.at > now:
            raise StateError(
                say(
                    "发布时间 {at} 还没有到：请写实际发布的时间。",
                    "The time {at} is still to come: give the one at which it was published.",
                    at=moment_in_words(act.at, desk.zone),
                )
            )
        after = seen_in_public(before)
        require_same(desk, before)
        _require_own_address(desk, before.channel, act.address, person.why)
        return after

    def enter(connection: sa.Connection, _before: Delivery, after: Delivery, now: datetime) -> None:
        if act.address:
            _require_new_address(connection, after.id, act.address)
        weigh(desk, connection, [after.id], now)
        links.wake(desk, connection, [after.post_id])

    return _decide(desk, act, person, decision, on_write=enter, receipt=receipt)


def resolve_absent(desk: Desk, act: ResolveAbsent, person: Person) -> Delivery:
    """A person has looked, and it is not there: it is sent again, under the same key.

    Raises StateError while whatever was sending it may still be there.
    """

    def decision(before: Delivery, now: datetime) -> Delivery:
        after = seen_absent(before, now, person.why)
        require_same(desk, before)
        return after

    with desk.store.write() as connection:
        if find(connection, act.delivery).state is State.PUBLISHING:  # who sends it is what the person wants to know
            require_gone(desk, connection, act.delivery, desk.clock(), said_by=person.signs(act.verb), why=None)

    def require_end(connection: sa.Connection, before: Delivery, _after: Delivery, now: datetime) -> None:
        why = person.why if act.node_is_gone else None
        require_gone(desk, connection, before.id, now, said_by=person.signs(act.verb), why=why)
        late_proofs.overrule(connection, before.id, now)

    return _decide(desk, act, person, decision, on_write=require_end)


def resolve_once(desk: Desk, act: ResolveOnce, person: Person) -> Delivery:
    """A person has looked where two proofs of publication have led, and says that one publication is there: the other one was taken down,
    or both are the same. Raises StateError where there is no second proof."""
    with desk.store.write() as connection:
        found = find(connection, act.delivery)
        if act.delivery not in late_proofs.second(connection):
            raise StateError(
                say(
                    "投递 {id} 没有第二份发布证据，不用核实。",
                    "There is no second proof of publication of delivery {id}; nothing is to be settled.",
                    id=act.delivery,
                )
            )
        deliveries.record_event(
            connection,
            now=desk.clock(),
            after=late_proofs.ONCE,
            actor=person.signs(act.verb),
            why=person.why,
            delivery_id=act.delivery,
        )
    return found


def pause(desk: Desk, act: Pause, person: Person) -> str | None:
    """Send nothing to a channel until it is resumed. The reason of a pause that was there already, which stays; ``None`` where there was
    none."""
    channel, now, by = _meant(desk, act), desk.clock(), person.signs(act.verb)
    with desk.store.write() as connection:
        standing = channels.standings(connection).get(channel)
        channels.pause(connection, channel, now, person.why)
        deliveries.record_event(connection, now=now, after="paused", actor=by, why=person.why, channel=channel)
    return standing.reason if standing is not None and standing.paused_at is not None else None


def resume(desk: Desk, act: Resume, person: Person) -> None:
    """Send to a channel again. What has become too late meanwhile is held, not sent.

    To resume everything also says that whoever has to decide after a restore has done so; posts whose files are older are held all the same
    when they are first read, until ``operations/deciding/restored`` is told that all are in.
    """
    channel, now = _meant(desk, act), desk.clock()
    with desk.store.write() as connection:
        resume_within(connection, channel, person.signs(act.verb), person.why, now)


def _meant(desk: Desk, act: Pause | Resume) -> str:
    return EVERYTHING if act.channel is None else desk.known_channel(act.channel)


def resume_within(connection: sa.Connection, channel: str, by: Signature, why: str, now: datetime) -> None:
    """The same inside the caller's transaction."""
    channels.resume(connection, channel)
    if channel == EVERYTHING:
        restores.end(connection, now)
    deliveries.record_event(connection, now=now, after="resumed", actor=by, why=why, channel=channel)


_OnWrite = Callable[[sa.Connection, Delivery, Delivery, datetime], None]


def _nothing_more(_connection: sa.Connection, _before: Delivery, _after: Delivery, _now: datetime) -> None:
    """Most decisions write the delivery and nothing else."""


def _decide(
    desk: Desk,
    act: OfDelivery,
    person: Person,
    decision: Callable[[Delivery, datetime], Delivery],
    *,
    on_write: _OnWrite = _nothing_more,
    receipt: Receipt | None = None,
) -> Delivery:
    with desk.store.write() as connection:
        settled = _decide_within(desk, connection, act, person, decision, on_write=on_write, receipt=receipt)
    for each in settled.changes:
        desk.emit(each)
    return settled.after


@dataclass(frozen=True, slots=True)
class Settled:
    """What came of a decision: where the delivery stands, and every change, to be told once it is committed."""

    before: Delivery
    after: Delivery
    changes: tuple[Change, ...]


def _decide_within(
    desk: Desk,
    connection: sa.Connection,
    act: OfDelivery,
    person: Person,
    decision: Callable[[Delivery, datetime], Delivery],
    *,
    on_write: _OnWrite,
    receipt: Receipt | None = None,
) -> Settled:
    now = desk.clock()
    deliveries.lock_reviewed(connection, act.delivery)
    before = find(connection, act.delivery)
    decided = placed(decision(before, now), desk.channels.get(before.channel))
    after = replace(decided, restored=False, unplaced=False)  # whatever a restore left open, a person has decided
    after = answered(desk, connection, after, act=act, person=person)
    if after.is_queued and after.rendition_id is None:
        raise StateError(
            say(
                "投递 {id} 没有成稿，不能发布：请先按原因改好稿件；是字体、模板或设置的原因时，排除后下一遍发布会自动重新生成",
                "delivery {id} has no rendition and cannot be sent: mend the post first; where a typeface, a template or a setting "
                "stood in the way, mend that, and the next pass renders it by itself",
                id=act.delivery,
            )
        )
    change = Change(before, after, person.why, receipt)
    deliveries.write(connection, [change], now, person.signs(act.verb))
    on_write(connection, before, after, now)
    more = reconcile(connection, after.post_id, now, person.signs(act.verb)) if after.reviewed else []
    stands = next((each.after for each in reversed(more) if each.after.id == after.id), after)
    return Settled(before, stands, (change, *more))


def find(connection: sa.Connection, delivery_id: int) -> Delivery:
    """The delivery with this number, locked. Raises StateError where there is none."""
    found = deliveries.get(connection, [delivery_id]).get(delivery_id)
    if found is None:
        raise StateError(
            say(
                "没有编号为 {id} 的投递：用 {deliveries} 查看编号。",
                "There is no delivery {id}: see {deliveries} for the numbers.",
                id=delivery_id,
                deliveries=Remedy("deliveries"),
            )
        )
    return found


def _require_own_address(desk: Desk, channel: str, address: str, why: str) -> None:
    if not address:
        if has_addresses(desk, channel):
            raise StateError(say("请填它的公开网址。", "Give its public address."))
        if not why:
            raise StateError(
                say(
                    "没有网址的，请写明在哪里看到、谁看到的。",
                    "Without an address, say where it was seen, and by whom.",
                )
            )
        return
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
