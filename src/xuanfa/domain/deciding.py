"""What a person's decision makes of a delivery. Pure, like ``life``; each raises StateError where the decision is not one of its state."""

from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import datetime
from typing import NoReturn

from xuanfa.domain.channel import Channel
from xuanfa.domain.delivery import BY_REVIEW, MOVES, OFF_SHELF, ON_SHELF, UNSENT, UNSETTLED, Delivery, State
from xuanfa.domain.errors import StateError
from xuanfa.domain.language import say
from xuanfa.domain.life import Terms, move, stop_repeating
from xuanfa.domain.remedy import Remedy
from xuanfa.domain.said import code_of


def called_off(delivery: Delivery, terms: Terms, why: str) -> Delivery:
    """It is not to be published. One that may be out already is in doubt: not sending it again does not take it back."""
    if delivery.may_be_public:
        return stop_repeating(delivery, terms)
    hint = say(
        "只有还没有发出的投递可以取消；已受理、已发布的要撤下，请用 {retract}",
        "only a delivery that has not left can be cancelled; take one that is accepted or published back with {retract}",
        retract=Remedy("retract", delivery.id, why=None),
    ).coded("deciding.left_already")
    _require(delivery, UNSENT, hint)
    return move(delivery, State.CANCELLED, why)


def put_off(delivery: Delivery, at: datetime, now: datetime) -> Delivery:
    """It is to be published at another time."""
    hint = say(
        "只有“待审核”“待发布”或“暂缓”的投递可以改期",
        "only a delivery that awaits its review, is scheduled or is held can be rescheduled",
    ).coded("deciding.not_waiting")
    if delivery.shelf == ON_SHELF:
        hint = say(
            "保底稿没有发布时间，不能改期；要发就放行：{release}",
            "what lies on the shelf has no time that could be another one; to publish it: {release}",
            release=Remedy("release_shelf"),
        ).coded("deciding.on_shelf")
        _refuse(delivery, hint)
    _require(delivery, {State.AWAITING_REVIEW, State.SCHEDULED, State.HELD}, hint)
    if delivery.may_be_public:
        doubt = say(
            "上一次发送的结果不明，正在重发，不能改期；先停止重发：{cancel}，再到渠道上看，登记结果：{resolve}",
            "the last request is in doubt and is being repeated; end that with {cancel}, look at the channel, and settle it with {resolve}",
            cancel=Remedy("cancel", delivery.id),
            resolve=Remedy("resolve", delivery.id),
        ).coded("deciding.being_repeated")
        _require(delivery, {State.HELD}, doubt)
    waits = delivery.is_queued
    timed = replace(delivery, at_once=False, approval=delivery.approval if at == delivery.due_at else None)
    moved = timed if timed.state is timed.queued_as else move(timed, State.SCHEDULED)
    # Released by that from a question of likeness, it has to be judged anew.
    twin = delivery.twin if waits else None
    return replace(moved, reason="", due_at=at, ready_at=at, fresh_at=max(at, now), twin=twin)


def off_shelf(delivery: Delivery, at: datetime, now: datetime) -> Delivery:
    """Released from the shelf, to be published then. Whether it is the first of its content has to be found out now: while it lay there,
    another one may have gone out."""
    hint = say("只有“在架”的投递可以这样放行", "only what lies on the shelf can be released so").coded(
        "deciding.not_on_shelf"
    )
    _require(delivery, {State.SHELVED}, hint)
    off = replace(
        delivery, shelf=OFF_SHELF, at_once=False, approval=delivery.approval if at == delivery.due_at else None
    )
    return move(
        off, State.SCHEDULED, due_at=at, ready_at=max(at, now), fresh_at=max(at, now), twin=delivery.twin or None
    )


def let_go(delivery: Delivery, now: datetime) -> Delivery:
    """A held one may go after all, at once or at its time if that is still to come."""
    hint = say("只有“暂缓”的投递可以放行", "only a held delivery can be released").coded("deciding.not_held")
    _require(delivery, {State.HELD}, hint)
    if delivery.hold == BY_REVIEW and delivery.is_unapproved:
        _refuse(
            delivery,
            say(
                "审核还没有通过，不能放行；各步通过后会自动恢复",
                "its review has not come to its end, and no release passes that; it goes on by itself when it has",
            ).coded("deciding.not_approved"),
        )
    ready = max(delivery.due_at, now)
    # Released from the question whether it may go although another one has: that is the answer. What else held it answers nothing.
    return move(delivery, State.SCHEDULED, ready_at=ready, fresh_at=ready, twin=delivery.twin or None)


def tried_anew(delivery: Delivery, now: datetime) -> Delivery:
    """A failed or cancelled one is sent after all, with all its tries: at once, or at its time where that is still to come."""
    hint = say(
        "只有“失败”或“已取消”的投递可以重试；“待核实”的请先到渠道上看，用 {resolve} 登记结果",
        "only a failed or cancelled delivery can be retried; look at the channel for an unknown one, and settle it with {resolve}",
        resolve=Remedy("resolve", delivery.id),
    ).coded("deciding.not_over")
    _require(delivery, {State.FAILED, State.CANCELLED}, hint)
    ready = max(delivery.due_at, now)
    return move(
        delivery,
        State.SCHEDULED,
        ready_at=ready,
        fresh_at=ready,
        tries=0,
        first_sent_at=None,
        expires_at=None,
        twin=None,
    )


def for_real(
    delivery: Delivery, channel: Channel, now: datetime, *, due_at: datetime, revision: int, column: str, reviewed: bool
) -> Delivery:
    """What was only rehearsed, as it begins anew, in place of all that the rehearsal has left."""
    ready = max(due_at, now)
    return move(
        delivery,
        State.SCHEDULED,
        revision=revision,
        column=column,
        kind=channel.kind,
        rehearsal=channel.rehearsal,
        account=channel.account,
        due_at=due_at,
        ready_at=ready,
        fresh_at=ready,
        expires_at=None,
        tries=0,
        first_sent_at=None,
        ticket="",
        staged={},
        look_at=None,
        looks=0,
        absent_at=None,
        restored=False,
        unplaced=False,
        twin=None,
        reviewed=reviewed,
        approval=None,
    )


def seen_in_public(delivery: Delivery) -> Delivery:
    """A person has seen it; what a restore has held may be out as well."""
    _require(delivery, UNSETTLED | ({State.HELD} if delivery.restored else set()), _hint_of_resolving())
    return move(delivery, State.PUBLISHED, look_at=None)


def seen_absent(delivery: Delivery, now: datetime, why: str) -> Delivery:
    """A person has looked, and it is not there: it is sent again, under the same key, at its time if a restore has put it in doubt early."""
    _require(delivery, UNSETTLED, _hint_of_resolving())
    ready = max(delivery.due_at, now)
    return move(
        delivery,
        State.SCHEDULED,
        why,
        ready_at=ready,
        fresh_at=ready,
        tries=0,
        first_sent_at=None,
        look_at=None,
        absent_at=None,
        ticket="",
    )


def being_withdrawn(delivery: Delivery, why: str) -> Delivery:
    """A person wants it back, for the first time or once more."""
    if delivery.state is State.RETRACTING:
        return delivery
    if State.RETRACTING not in MOVES[delivery.state]:
        _refuse(delivery, _hint_of_withdrawing(delivery))
    return move(delivery, State.RETRACTING, why)


def withdrawn_by_hand(being: Delivery, why: str) -> Delivery:
    """A person has withdrawn it on the platform itself."""
    return move(being, State.RETRACTED, why)


def _hint_of_withdrawing(delivery: Delivery) -> str:
    match delivery.state:
        case State.RETRACTED:
            return say("不用再撤", "nothing is left to be done").coded("deciding.withdrawn_already")
        case State.UNKNOWN:
            return say(
                "不知道发出了没有；先到渠道上看，用 {resolve} 登记结果，再撤",
                "nobody knows whether it is out; look at the channel, say so with {resolve}, then withdraw it",
                resolve=Remedy("resolve", delivery.id),
            ).coded("deciding.in_doubt")
        case State.PUBLISHING:
            return say("等它有了结果再撤", "wait for how that ends, then withdraw it").coded("deciding.under_way")
        case _:
            return say(
                "没有发出过，没有可撤的；不发了请用 {cancel}",
                "it is not out, so that nothing can be withdrawn; to call it off: {cancel}",
                cancel=Remedy("cancel", delivery.id),
            ).coded("deciding.not_out")


def _hint_of_resolving() -> str:
    return say("只有“待核实”或“已受理”的投递可以核实", "only an unknown or accepted delivery can be resolved").coded(
        "deciding.settled_already"
    )


def _require(delivery: Delivery, states: AbstractSet[State], hint: str) -> None:
    if delivery.state not in states:
        _refuse(delivery, hint)


def _refuse(delivery: Delivery, hint: str) -> NoReturn:
    raise StateError(
        say(
            "投递 {id} 现在是“{state}”：{hint}。",
            "Delivery {id} is {state}: {hint}.",
            id=delivery.id,
            state=delivery.state.label,
            hint=hint,
        ).coded(code_of(hint))
    )
