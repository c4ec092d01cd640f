"""The shelf (保底稿): a person releases in one step what was written, reviewed and laid there beforehand, for a day on which nothing else is there.

What stands in the way is said before anything moves. A channel that something holds stays where it is, and is told.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import NoReturn

import sqlalchemy as sa

from xuanfa.domain.act import ReleaseFromShelf
from xuanfa.domain.deciding import off_shelf
from xuanfa.domain.delivery import MAY_BE_OUT, OFF_SHELF, ON_SHELF, PLANNED, WAS_PUBLIC, Delivery, State
from xuanfa.domain.errors import StateError
from xuanfa.domain.language import say
from xuanfa.domain.person import Person
from xuanfa.domain.planning import WRITING
from xuanfa.domain.remedy import Remedy
from xuanfa.domain.shelf import OffShelf
from xuanfa.domain.times import in_words
from xuanfa.operations.desk import Desk
from xuanfa.operations.intake.due import crowded
from xuanfa.operations.intake.once import Judge
from xuanfa.operations.intake.slots import take_named
from xuanfa.operations.reviewing.reconcile import reconcile, right_at
from xuanfa.operations.solemnity import require_fit
from xuanfa.store import deliveries, likeness, planned, posts, withdrawals
from xuanfa.store.deliveries import Change


def release_from_shelf(desk: Desk, act: ReleaseFromShelf, person: Person) -> OffShelf:
    """Let go what lies on the shelf of a post. Raises StateError where it is out already, is past its review date, has not been approved where
    its column asks for a review, or where nothing lies there that could go."""
    now = desk.clock()
    at = max(act.at or now, now) if act.at is None or act.at >= now - WRITING else act.at
    with desk.store.write() as connection:
        posts.lock_inbox(connection)
        known = posts.by_slug(connection, act.post)
        if known is None:
            _no_such_post(connection, act.post)
        every = deliveries.of_post(connection, known.id)
        going = _require_on_shelf(desk, act.post, every)
        if at < now:
            _refuse(
                "时间 {at} 已经过去，请写将来的时间",
                "the time {at} is past; name one to come",
                at=in_words(at, desk.zone),
            )
        _require_in_time(desk, connection, known.id, at, going)
        if known.id in withdrawals.stops(connection):
            _refuse("已下令撤稿，不能放行", "it is being withdrawn, and cannot be released")
        changes = _off(desk, connection, known.id, going, at)
        by, why = person.signs(act.verb), person.why
        deliveries.write(connection, [replace(change, why=why) for change in changes], now, by)
        for change in changes:
            deliveries.record_event(
                connection,
                now=now,
                after=deliveries.RESCHEDULED,
                actor=by,
                why=_in_words(desk, at, why),
                delivery_id=change.after.id,
            )
        other = take_named(desk, connection, going[0].column, known.id, [at])
        more = reconcile(connection, known.id, now, by)
        after = deliveries.get(connection, [each.id for each in every])
    for each in (*changes, *more):
        desk.emit(each)
    gone = [after[each.after.id] for each in changes]
    left = [each for each in after.values() if each.shelf == ON_SHELF and each.state in PLANNED | {State.REJECTED}]
    return OffShelf(
        slug=act.post,
        at=at,
        gone=tuple(each for each in gone if each.state is not State.HELD),
        left=(*(each for each in gone if each.state is State.HELD), *left),
        remarks=(crowded(other),) if other else (),
    )


def _off(desk: Desk, connection: sa.Connection, post_id: int, going: Sequence[Delivery], at: datetime) -> list[Change]:
    """Each as it goes out then, by the approval that left its time to whoever releases it; or with the question whether it is a second one."""
    now, judge = desk.clock(), Judge(desk, connection)
    timed = [replace(each, due_at=at) for each in going]
    rights = right_at(connection, post_id, [each for each in timed if each.reviewed])
    if any(each.reviewed and each.channel not in rights for each in timed):
        _not_approved(going[0])
    siblings = likeness.of_posts(connection, {post_id})
    changes = []
    for each in going:
        off = off_shelf(replace(each, approval=rights.get(each.channel)), at, now)
        after = off if off.twin else judge.judged(off, siblings)
        siblings = [*siblings, likeness.Candidate(after, "", "")] if likeness.counts(after) else siblings
        changes.append(Change(each, after))
    return changes


def _require_on_shelf(desk: Desk, slug: str, every: Sequence[Delivery]) -> list[Delivery]:
    """What of the post lies there and may go. Raises StateError that says what else is the case."""
    lying = [each for each in every if each.shelf == ON_SHELF and each.state is not State.CANCELLED]
    going = [each for each in lying if each.state is State.SHELVED and each.channel in desk.channels]
    if not lying:
        _not_on_shelf(desk, slug, every)
    if any(each.state is State.AWAITING_REVIEW for each in lying):
        _not_approved(lying[0])
    if not going:
        held = next((each for each in lying if each.state is not State.SHELVED), lying[0])
        _refuse(
            "没有可以放行的：投递 {id}（{channel}）{state}{why}",
            "nothing of it can be released: delivery {id} ({channel}) is {state}{why}",
            id=held.id,
            channel=held.channel,
            state=held.state.label,
            why=say("，{why}", "; {why}", why=held.reason) if held.reason else "",
        )
    return going


def _not_on_shelf(desk: Desk, slug: str, every: Sequence[Delivery]) -> NoReturn:
    out = [each for each in every if each.state in MAY_BE_OUT | WAS_PUBLIC]
    waits = next((each for each in every if each.shelf == OFF_SHELF and each.state in PLANNED), None)
    if out:
        _refuse(
            "已经发出（{channels}），不能再放行一次；要再发请另写一篇",
            "it is out already ({channels}), and is not released a second time; to publish it again, write another post",
            channels=say("、", ", ").join(standing(each) for each in out),
        )
    if waits is not None:
        _refuse(
            "已经放行，{at} 发；要改时间用 {reschedule}",
            "it was released already and goes out at {at}; for another time: {reschedule}",
            at=in_words(waits.due_at, desk.zone),
            reschedule=Remedy("reschedule", waits.id, at=None),
        )
    off = next((each for each in every if each.shelf == ON_SHELF), None)
    if off is not None:
        _refuse(
            "已取消；要放回架上，先用 {retry}",
            "it was cancelled; to lay it on the shelf again: {retry}",
            retry=Remedy("retry", off.id),
        )
    _refuse(
        "稿件 {slug} 不是保底稿：稿头没有写 shelf: true",
        "the post {slug} does not lie on the shelf: its front matter does not say shelf: true",
        slug=slug,
    )


def _require_in_time(
    desk: Desk, connection: sa.Connection, post_id: int, at: datetime, going: Sequence[Delivery]
) -> None:
    """Raise StateError for a time at which it would be past its review date or its own end, or in a silent period, or a solemn one."""
    shown = in_words(at, desk.zone)
    review_on = withdrawals.named_ends(connection, post_id).review_on
    if review_on is not None and at >= review_on + timedelta(days=1):
        _refuse(
            "过了复核日期（review_on {day}）：请供稿部门确认内容仍然有效，把 review_on 改到以后并保存，再放行",
            "it is past its review date (review_on {day}): have its department say that it still holds, move review_on to a later day, save it, "
            "and release it then",
            day=review_on.astimezone(desk.zone).date().isoformat(),
        )
    for each in going:
        if each.is_expired(at):
            _refuse("到 {at} 已过失效时间（expires_at）", "at {at} it is past its expires_at", at=shown)
        for silence in desk.silences:
            if silence.holds(at) and silence.concerns(each.channel, each.column):
                _refuse(
                    "{at} 在静默期里（{when}），没有放行；请另选时间",
                    "{at} lies in a silent period ({when}); name another time",
                    at=shown,
                    when=silence.in_words(desk.zone),
                )
        require_fit(desk, connection, each, at)


def _not_approved(delivery: Delivery) -> NoReturn:
    _refuse(
        "专栏 {column} 的稿件要先审核，这一篇还没有通过：{show}",
        "posts of the column {column} need a review, and this one has not been approved: {show}",
        column=delivery.column,
        show=Remedy("list_reviews"),
    )


def _no_such_post(connection: sa.Connection, slug: str) -> NoReturn:
    from xuanfa.domain.refusals import no_such_post  # noqa: PLC0415 - only for a mistake

    raise no_such_post(slug, list(planned.slugs(connection)))


def _in_words(desk: Desk, at: datetime, why: str) -> str:
    return say(
        "从架上放行，{at} 发{why}",
        "released from the shelf, to go out at {at}{why}",
        at=in_words(at, desk.zone),
        why=say("：{why}", ": {why}", why=why) if why else "",
    )


def _refuse(zh: str, en: str, **values: object) -> NoReturn:
    raise StateError(say("没有放行：{what}。", "Nothing was released: {what}.", what=say(zh, en, **values)))


def standing(delivery: Delivery) -> str:
    """A channel with where its delivery stands, in words."""
    return say("{channel} {state}", "{channel} {state}", channel=delivery.channel, state=delivery.state.label)
