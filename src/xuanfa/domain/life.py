"""The life of a delivery: what each outcome makes of it. Pure decisions; the store writes them, fenced by the attempt's number."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, assert_never

from xuanfa.domain.accounts import ELSEWHERE, is_same, is_told_apart, placed, told_apart, what_to_do
from xuanfa.domain.attempt import backoff
from xuanfa.domain.channel import Channel
from xuanfa.domain.delivery import Delivery, State, require_move
from xuanfa.domain.finding import in_words
from xuanfa.domain.language import say
from xuanfa.domain.outcome import (
    Absent,
    Accepted,
    Blame,
    Deferred,
    Evidence,
    Outcome,
    Published,
    Rejected,
    Retracted,
    Unknown,
    Unsent,
    Withdrawal,
)
from xuanfa.domain.remedy import Remedy
from xuanfa.domain.said import tells, under_code

#: An absence counts when it is seen twice, this far apart: listings lag behind (platforms.md, WeChat drafts and Weibo looking).
ABSENT_APART = timedelta(minutes=2)
#: The first look after a doubt; each next one waits twice as long, up to an hour.
FIRST_LOOK = timedelta(seconds=60)
LONGEST_LOOK = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """The settings that decide: tries before ``failed``, and how late a post may still be sent without asking."""

    max_tries: int = 5
    late_after: timedelta = timedelta(minutes=120)


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a decision depends on besides the delivery. ``chance`` spreads the waits."""

    channel: Channel
    now: datetime
    policy: Policy
    chance: random.Random


def move(delivery: Delivery, state: State, reason: str = "", **changes: object) -> Delivery:
    """The delivery in its next state, if the table allows it. ``changes`` are further fields.

    Whatever would put one into the queue whose review has not come to its end has it await that instead, and what lies on the shelf stays
    there: there is no way past either.
    """
    changed: dict[str, Any] = {"hold": ""} | changes
    after = replace(delivery, state=state, reason=reason, **changed)
    if state is State.SCHEDULED:
        after = replace(after, state=after.queued_as)
    require_move(delivery.state, after.state)
    return after


def taken(delivery: Delivery, channel: Channel, now: datetime) -> Delivery:
    """Claimed, under a new attempt to the account to which its channel leads. What was prepared for another account is worth nothing there;
    a channel that stages sends nothing yet."""
    before = delivery if is_same(delivery, channel) else replace(delivery, staged={}, ticket="")
    return move(
        before,
        State.PUBLISHING,
        attempt=before.attempt + 1,
        rehearsal=channel.rehearsal,
        account=channel.account,
        first_sent_at=before.first_sent_at or (None if channel.stages else now),
    )


def prepared(delivery: Delivery, memory: Mapping[str, str], now: datetime) -> Delivery:
    """Staged, and still ``publishing``: the irreversible request is an attempt of its own."""
    return replace(delivery, staged=memory, attempt=delivery.attempt + 1, first_sent_at=delivery.first_sent_at or now)


def after_publish(delivery: Delivery, outcome: Outcome, terms: Terms) -> Delivery:
    """What the outcome of a publish attempt makes of a delivery that is ``publishing``.

    For an outcome that proves that nothing happened, ``first_sent_at`` is that of an earlier request still in doubt, or ``None``.
    """
    if isinstance(outcome, Published):
        return move(delivery, State.PUBLISHED, look_at=None, tries=delivery.tries + 1)
    tried = replace(delivery, tries=delivery.tries + 1)
    match outcome:
        case Accepted(ticket=ticket, look_after=after, evidence=evidence):
            look_at = None if after is None else terms.now + after
            return move(tried, State.ACCEPTED, evidence, ticket=ticket, look_at=look_at, looks=0)
        case Deferred(after=wait, reason=reason):
            return defer(delivery, terms.now + wait, reason)
        case Unsent(evidence=evidence):
            return _again_or_failed(tried, evidence, terms)
        case Rejected(findings=findings, blame=blame):
            # A channel to blame is paused by the caller; the delivery waits for it, and this was not its try.
            if blame is Blame.CHANNEL:
                return move(delivery, State.SCHEDULED, in_words(findings))
            if delivery.first_sent_at is not None:
                # "Exists already" reads like a refusal: what an earlier request did is still open.
                return _doubted(tried, in_words(findings), terms)
            return move(tried, State.REJECTED, in_words(findings))
        case Unknown(evidence=evidence):
            return _in_doubt(tried, evidence, terms)
        case _:
            assert_never(outcome)


def altered(delivery: Delivery, text: str, terms: Terms) -> Delivery:
    """What the discovery that it is not what was frozen makes of a delivery that is ``publishing``: nothing of it has left, and nobody but a
    person lets it go. An earlier request that it was to repeat stays in doubt."""
    if delivery.first_sent_at is not None:
        return _doubted(delivery, text, terms)
    return move(delivery, State.HELD, text)


def defer(delivery: Delivery, until: datetime, reason: str) -> Delivery:
    """Back in the queue until the channel wants it: not a try, and the waiting does not make it late."""
    return move(delivery, State.SCHEDULED, reason, ready_at=until, fresh_at=max(delivery.fresh_at, until))


def after_lapse(delivery: Delivery, terms: Terms, *, staging: bool) -> Delivery:
    """What an ended lease makes of a delivery that is ``publishing``: its node died or lost touch.

    While it was staging nothing was public, so it may be tried again; after that nobody knows.
    """
    tried = replace(delivery, tries=delivery.tries + 1)
    if staging:
        text = say(
            "发布程序在准备阶段中断，什么也没有发出", "the program stopped while preparing; nothing was sent"
        ).coded("life.stopped_preparing")
        return _again_or_failed(tried, text, terms)
    text = say(
        "发布程序在发送途中停住或中断，过了租约没有回音，不知道对方是否收到",
        "the program was held up or ended while sending, and its lease is over; whether it arrived is not known",
    ).coded("life.stopped_sending")
    return _in_doubt(tried, text, terms)


def after_confirm(delivery: Delivery, evidence: Evidence, terms: Terms) -> Delivery:
    """What a look makes of a delivery that is ``accepted`` or ``unknown``."""
    looked = replace(delivery, looks=delivery.looks + 1)
    if delivery.restored and not isinstance(evidence, Published):
        return _unproved(looked, evidence, terms)
    match evidence:
        case Published():
            return move(placed(looked, terms.channel), State.PUBLISHED, look_at=None, restored=False, unplaced=False)
        case Accepted(ticket=ticket, look_after=after, evidence=text):
            look_at = None if after is None else terms.now + after
            found = replace(looked, ticket=ticket or looked.ticket, absent_at=None, look_at=look_at, reason=text)
            if looked.looks >= terms.channel.looks_max:
                return _give_up(found)
            return found if found.state is State.ACCEPTED else move(found, State.ACCEPTED, text)
        case Absent(evidence=text):
            return _absent(looked, text, terms)
        case Rejected(findings=findings, blame=Blame.CONTENT):
            return move(looked, State.REJECTED, in_words(findings), look_at=None)
        case Rejected(findings=findings):
            # The look itself was refused (an expired token): that says nothing about the post.
            return _still_in_doubt(looked, in_words(findings), terms)
        case Unknown(evidence=text):
            return _still_in_doubt(looked, text, terms)
        case _:
            assert_never(evidence)


def after_retract(delivery: Delivery, withdrawal: Withdrawal, *, was_public: bool) -> Delivery:
    """What the outcome of a withdrawal makes of a delivery that is ``retracting``; in doubt it stays there, for a person.

    ``was_public`` tells whether it goes back to ``published`` or to ``accepted`` where it was not withdrawn.
    """
    before = State.PUBLISHED if was_public else State.ACCEPTED
    match withdrawal:
        case Retracted():
            return move(delivery, State.RETRACTED, look_at=None)
        case Deferred(reason=reason):
            return move(delivery, before, reason)
        case Unsent(evidence=evidence):
            return move(delivery, before, evidence)
        case Rejected(findings=findings):
            return move(delivery, before, in_words(findings))
        case Unknown(evidence=evidence):
            return replace(delivery, reason=evidence)
        case _:
            assert_never(withdrawal)


def lapsed_withdrawal(delivery: Delivery) -> Delivery:
    """What an ended lease makes of a delivery that is ``retracting``: a person looks, and asks for it again."""
    doubt = say("撤稿途中中断，请核实后再次撤稿", "interrupted while withdrawing: check, then retract again").coded(
        "life.stopped_withdrawing"
    )
    return replace(delivery, reason=doubt)


def too_late(delivery: Delivery, policy: Policy) -> Delivery:
    """Held: its time has passed while nothing was running, and only a person knows whether it is still right."""
    minutes = int(policy.late_after.total_seconds() // 60)
    return move(
        delivery,
        State.HELD,
        say(
            "错过发布时间超过 {minutes} 分钟，没有自动补发：请核对内容是否过时，{steps}",
            "more than {minutes} minutes late, so it was not sent: check that it is still right; {steps}",
            minutes=minutes,
            steps=_steps_of_held(delivery),
        ).coded("life.too_late"),
    )


def _steps_of_held(delivery: Delivery) -> str:
    return say(
        "照发：{release}，改期：{reschedule}，不发：{cancel}",
        "to send it: {release}, at another time: {reschedule}, not at all: {cancel}",
        release=Remedy("release", delivery.id),
        reschedule=Remedy("reschedule", delivery.id, at=None),
        cancel=Remedy("cancel", delivery.id),
    ).coded("life.steps_of_held")


def silenced(delivery: Delivery, when: str) -> Delivery:
    """Held: it is due in a silent period, ``when`` says which. Putting it off instead would send yesterday's text unasked."""
    return move(
        delivery,
        State.HELD,
        say(
            "静默期（{when}），没有发出：期满后请核对内容是否过时，{steps}",
            "a silent period ({when}), so it was not sent: when it is over, check that it is still right; {steps}",
            when=when,
            steps=_steps_of_held(delivery),
        ).coded("life.silenced"),
    )


def kept_solemn(delivery: Delivery, when: str, why: str) -> Delivery:
    """Held: it is due in a solemn period, ``when`` says which and who has set it, and ``why`` it is not fit for that."""
    return move(
        delivery,
        State.HELD,
        say(
            "肃穆期（{when}），{why}，没有发出：请核对是否合时宜、内容是否过时，{steps}",
            "a solemn period ({when}), and {why}, so it was not sent: check that it is fit and still right; {steps}",
            when=when,
            why=why,
            steps=_steps_of_held(delivery),
        ).coded("life.solemn"),
    )


def stopped_before_sending(delivery: Delivery, memory: Mapping[str, str], why: str) -> Delivery:
    """Back in the queue with what was prepared: the channel was paused while it was being prepared, and nothing has left."""
    return move(delivery, State.SCHEDULED, why, staged=memory)


def expired(delivery: Delivery) -> Delivery:
    """Cancelled: the post's own ``expires_at`` has passed."""
    return move(
        delivery,
        State.CANCELLED,
        say("已过有效期（expires_at），不再发布", "past its expires_at; it is not published any more").coded(
            "life.expired"
        ),
    )


def elsewhere(delivery: Delivery, terms: Terms) -> Delivery:
    """What was sent and has come to no end, to another account than its channel leads to today: a person decides, told both names.

    A look is put off, not called off: where the settings go back, it settles what it can.
    """
    both = told_apart(delivery, terms.channel)
    if is_told_apart(delivery) and tells(delivery.reason, both):
        reason: str = delivery.reason
    else:
        reason = say("{both}：{todo}", "{both}: {todo}", both=both, todo=what_to_do(delivery, terms.channel))
        if delivery.reason and not is_told_apart(delivery):
            reason = say("{reason}（{before}）", "{reason} ({before})", reason=reason, before=delivery.reason)
        reason = under_code(reason, ELSEWHERE)
    look_at = None if delivery.look_at is None else terms.now + LONGEST_LOOK
    told = replace(delivery, reason=reason, look_at=look_at)
    return move(told, State.UNKNOWN, reason) if told.state is State.ACCEPTED else told


def back_again(delivery: Delivery, channel: Channel) -> Delivery:
    """The settings lead where it was sent again: what stood in the way is gone, and what became of it is as open as before."""
    if not is_told_apart(delivery):
        return delivery
    reason = say(
        "渠道 {channel} 已改回当时的账号，结果仍不明：请到渠道上看，再登记结果（{resolve}）",
        "the channel {channel} is set back to the account of then, and the outcome is as open as before: look there, then resolve it",
        channel=channel.id,
        resolve=Remedy("resolve"),
    ).coded("life.back_again")
    return replace(delivery, reason=reason)


def not_for_real(delivery: Delivery, terms: Terms) -> Delivery:
    """Held: it was tried in a rehearsal that did not come to its end, and its channel is real by now. No drill goes out by itself."""
    both, todo = told_apart(delivery, terms.channel), what_to_do(delivery, terms.channel)
    why = say("{both}：{todo}", "{both}: {todo}", both=both, todo=todo).coded("life.not_for_real")
    return move(delivery, State.HELD, why)


def stranded(delivery: Delivery, needs: Sequence[str]) -> Delivery:
    """Held: it has waited too long for the address of the same post on these channels, so that it is not forgotten in the queue."""
    waiting = say(
        "一直等不到本稿在 {channels} 的公开地址：请先处理那里的投递，再放行：{release}",
        "still waiting for the public address of this post on {channels}: see to its delivery there first, then: {release}",
        channels=say("、", ", ").join(needs),
        release=Remedy("release", delivery.id),
    ).coded("life.stranded")
    return move(delivery, State.HELD, delivery.reason or waiting)


def second(delivery: Delivery, twin: int, why: str) -> Delivery:
    """Held with a question: the delivery ``twin`` brings the same content to the same account."""
    return move(delivery, State.HELD, why, twin=twin)


def may_repeat(delivery: Delivery, terms: Terms) -> bool:
    """Whether a delivery that may be public may be sent again now: the channel still honours its key, and it is still its time."""
    sent_at, replay = delivery.first_sent_at or terms.now, terms.channel.replay
    return (
        replay is not None
        and terms.now - sent_at < replay
        and is_same(delivery, terms.channel)
        and not delivery.is_expired(terms.now)
        and not delivery.is_late(terms.now, terms.policy.late_after)
    )


def stop_repeating(delivery: Delivery, terms: Terms) -> Delivery:
    """A repetition is not made after all: what the earlier request did is looked for, by confirm or by a person."""
    text = say("不再自动重发，上一次发送的结果不明", "not sent again; what the last request did is not known").coded(
        "life.not_repeated"
    )
    doubted = _doubted(delivery, text, terms)
    return doubted if is_same(delivery, terms.channel) else elsewhere(doubted, terms)


def _again_or_failed(delivery: Delivery, text: str, terms: Terms) -> Delivery:
    if delivery.tries >= terms.policy.max_tries:
        text = say("{text}（已试 {n} 次）", "{text} (tried {n} times)", text=text, n=delivery.tries).coded(
            "life.tries_used_up"
        )
        if delivery.first_sent_at is not None:
            return _doubted(delivery, text, terms)
        return move(delivery, State.FAILED, text)
    return move(delivery, State.SCHEDULED, text, ready_at=terms.now + backoff(delivery.tries, terms.chance))


def _in_doubt(delivery: Delivery, text: str, terms: Terms) -> Delivery:
    """Unknown, unless the channel still honours our key: then, and only then, the same key may be sent again."""
    sent_at, replay = delivery.first_sent_at or terms.now, terms.channel.replay
    if replay is not None and terms.now - sent_at < replay and delivery.tries < terms.policy.max_tries:
        return move(delivery, State.SCHEDULED, text, ready_at=terms.now + backoff(delivery.tries, terms.chance))
    return _doubted(delivery, text, terms)


def _doubted(delivery: Delivery, text: str, terms: Terms) -> Delivery:
    look_at = terms.now + FIRST_LOOK if terms.channel.confirms else None
    return move(delivery, State.UNKNOWN, text, look_at=look_at, looks=0, absent_at=None)


def _still_in_doubt(looked: Delivery, text: str, terms: Terms) -> Delivery:
    """Look again later, less and less often, and in the end leave it to a person."""
    if looked.looks >= terms.channel.looks_max:
        return _give_up(looked)
    return replace(looked, look_at=_next_look(looked, terms), reason=text or looked.reason)


def _next_look(looked: Delivery, terms: Terms) -> datetime:
    wait: timedelta = min(FIRST_LOOK * 2 ** min(looked.looks, 10), LONGEST_LOOK)
    return terms.now + wait


def _unproved(looked: Delivery, evidence: Evidence, terms: Terms) -> Delivery:
    """A doubt that a restore has left: proof that it is out would settle it, and nothing else does but a person.

    A listing that no longer goes back so far, or a ticket of an older request, must not have it sent again.
    """
    again = (
        isinstance(evidence, Accepted | Unknown) and terms.channel.confirms and looked.looks < terms.channel.looks_max
    )
    return replace(looked, look_at=_next_look(looked, terms) if again else None)


def _absent(delivery: Delivery, text: str, terms: Terms) -> Delivery:
    """Believed when seen twice, some time apart; then it is sent again under the same key, as long as tries are left."""
    now = terms.now
    if delivery.absent_at is None:
        return replace(delivery, absent_at=now, look_at=now + ABSENT_APART, reason=text)
    if now - delivery.absent_at < ABSENT_APART:
        return replace(delivery, look_at=delivery.absent_at + ABSENT_APART, reason=text)
    proved = replace(delivery, first_sent_at=None, ticket="", look_at=None, looks=0, absent_at=None)
    if proved.tries >= terms.policy.max_tries:
        return _again_or_failed(proved, text, terms)
    return move(proved, State.SCHEDULED, text, ready_at=now, fresh_at=now)


def _give_up(delivery: Delivery) -> Delivery:
    """Looked often enough: unknown, and a person's."""
    text = say("多次查询仍无结果，请人工核实", "looked many times without an answer: a person must check").coded(
        "life.gave_up_looking"
    )
    if delivery.state is State.UNKNOWN:
        return replace(delivery, look_at=None, reason=text)
    return move(delivery, State.UNKNOWN, text, look_at=None)
