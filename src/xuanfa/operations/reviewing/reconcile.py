"""Reconcile: what would be sent beside what people have decided about. Part of every transaction that changes a rendition, a time or a channel.

Where the two differ, decisions become void from the step that it concerns on, and what they let leave awaits its review again. Where all
steps are approved, what they were about is in the queue.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from xuanfa.domain.correction import Correction
from xuanfa.domain.delivery import UNSENT, Delivery
from xuanfa.domain.language import say
from xuanfa.domain.person import Actor, name_of
from xuanfa.domain.planning import let_leave, taken_back
from xuanfa.domain.review import (
    Decision,
    Deed,
    Review,
    ReviewState,
    Sending,
    Snapshot,
    Standing,
    change_between,
    digest_of,
    standing,
    step_of_change,
)
from xuanfa.domain.review_leaving import is_any_left, is_as_decided, right_to_leave, snapshot_of
from xuanfa.store import corrections, deliveries, reviews, rights, withdrawals
from xuanfa.store.deliveries import Change


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    """A review with what would be sent now."""

    connection: sa.Connection
    review: Review
    decisions: Sequence[Decision]
    stands: Standing
    sending: Sequence[Delivery]
    #: What is out and is to be changed.
    changing: Sequence[Correction]
    now: datetime


def under_review(
    connection: sa.Connection, post_id: int
) -> tuple[Sequence[Delivery], Sequence[Correction], dict[int, str]]:
    """The deliveries of a post that need a review, what is to be changed of those that are out, and to which digest."""
    changing = corrections.live(connection, post_id)
    concerned = {each.delivery_id for each in changing}
    sending = [each for each in deliveries.of_post(connection, post_id) if each.reviewed or each.id in concerned]
    return sending, changing, corrected_digests(changing)


def corrected_digests(changing: Sequence[Correction]) -> dict[int, str]:
    """To which digest each delivery is to be changed. Where no channel of a post can change it, the post is reviewed as it would be."""
    in_place = [each for each in changing if each.is_in_place]
    return {each.delivery_id: each.digest for each in in_place or changing if each.digest}


def reconcile(connection: sa.Connection, post_id: int, now: datetime, actor: Actor) -> list[Change]:
    """Write what a change means for the review of a post; the moves that it makes, for whoever tells of them."""
    sending, changing, corrected = under_review(connection, post_id)
    review = reviews.latest(connection, post_id) if sending else None
    if review is None:
        return []
    decisions = reviews.decided(connection, [review.id])[review.id]
    case = _Case(
        connection=connection,
        review=review,
        decisions=decisions,
        stands=standing(review, decisions),
        sending=sending,
        changing=changing,
        now=now,
    )
    before = case.stands.snapshot
    current = snapshot_of(sending, before, withdrawals.named_ends(connection, post_id), corrected)
    if case.stands.state is ReviewState.NONE:
        return []
    change = change_between(before, current)
    if not is_any_left(sending, before, current, corrected):
        if change is None:  # all of it is out, and its end may just have been approved
            withdrawals.let_end(connection, post_id, approved=right_to_leave(case.stands) is not None)
        return []
    if change is None:
        moves = _let_leave(case)
    else:
        void = _void(case, change, current, actor)
        reviews.add(connection, review, void, actor)
        moves = [Change(each, taken_back(each, void.why)) for each in sending]
        corrections.take_back(connection, post_id)
        withdrawals.let_end(connection, post_id, approved=False)
    moves = [move for move in moves if move.after != move.before]
    deliveries.write(connection, moves, now, actor)
    return moves


def _void(case: _Case, change: Deed, current: Snapshot, actor: Actor) -> Decision:
    return Decision(
        number=len(case.decisions) + 1,
        deed=change,
        at=max(case.now, case.decisions[-1].at),
        by=name_of(actor),
        step=step_of_change(case.review, case.stands, change),
        why=_in_words(case.stands.snapshot, current),
        digest=digest_of(current),
        snapshot=current,
    )


def _in_words(before: Snapshot, current: Snapshot) -> str:
    """What has changed."""
    added, gone = sorted(current.keys() - before.keys()), sorted(before.keys() - current.keys())
    both = before.keys() & current.keys()
    content = sorted(channel for channel in both if before[channel].digest != current[channel].digest)
    times = sorted(channel for channel in both if before[channel].due_at != current[channel].due_at)
    ends = sorted(channel for channel in both if before[channel].times[1:] != current[channel].times[1:])
    parts = [
        say(zh, en, channels=say("、", ", ").join(channels))
        for zh, en, channels in (
            ("{channels} 的成稿有改动", "what goes to {channels} has changed", content),
            ("增加了渠道 {channels}", "{channels} was added", added),
            ("不再发往 {channels}", "it no longer goes to {channels}", gone),
            ("{channels} 的发布时间有改动", "the time for {channels} has changed", times),
            (
                "{channels} 的失效、下线或复核时间有改动",
                "when it expires, is taken down or asked about on {channels} has changed",
                ends,
            ),
        )
        if channels
    ]
    return say(
        "审核后有变：{what}，要重新审", "since the review {what}: it is asked again", what=say("，", ", ").join(parts)
    )


def _let_leave(case: _Case) -> list[Change]:
    right, snapshot = right_to_leave(case.stands), case.stands.snapshot
    withdrawals.let_end(case.connection, case.review.post_id, approved=right is not None)
    if right is None:
        return []
    changing = [each for each in case.changing if each.is_in_place]
    before = [each.approval for each in case.sending] + [each.approval for each in changing]
    granted = rights.still_granted(case.connection, {each for each in before if each is not None})
    given = _grant(case, right, [each for each in changing if each.approval not in granted])
    allowed = {each.id: given.get(each.channel) for each in case.changing if each.approval not in granted}
    corrections.approve(case.connection, allowed)
    waiting = {
        each.channel: each
        for each in case.sending
        if each.approval not in granted
        and each.state in UNSENT
        and each.rendition_id is not None
        and each.channel in snapshot
        and is_as_decided(each, snapshot[each.channel])
    }
    given = _grant(case, right, list(waiting.values()))
    return [Change(waiting[channel], let_leave(waiting[channel], id_, case.now)) for channel, id_ in given.items()]


def right_at(connection: sa.Connection, post_id: int, to: Sequence[Delivery]) -> dict[str, int]:
    """The right of what was approved without a time to leave at the one that it has now, by channel; none where that is not approved."""
    sending, changing, _ = under_review(connection, post_id)
    review = reviews.latest(connection, post_id) if sending else None
    if review is None:
        return {}
    decisions = reviews.decided(connection, [review.id])[review.id]
    case = _Case(
        connection=connection,
        review=review,
        decisions=decisions,
        stands=standing(review, decisions),
        sending=sending,
        changing=changing,
        now=decisions[-1].at if decisions else review.opened_at,
    )
    right, snapshot = right_to_leave(case.stands), case.stands.snapshot
    open_ = [each for each in to if each.channel in snapshot and is_as_decided(each, snapshot[each.channel])]
    return {} if right is None else _grant(case, right, open_)


def ask_again(connection: sa.Connection, post_id: int, why: str, now: datetime, actor: Actor) -> list[Change]:
    """What may leave of a post awaits its last step once more, although it is the same: this database may have forgotten what people have
    decided since."""
    sending = under_review(connection, post_id)[0]
    review = reviews.latest(connection, post_id) if sending else None
    if review is None:
        return []
    decisions = reviews.decided(connection, [review.id])[review.id]
    stands = standing(review, decisions)
    if right_to_leave(stands) is None:
        return []
    line = Decision(
        number=len(decisions) + 1,
        deed=Deed.MOVED,
        at=max(now, decisions[-1].at),
        by=name_of(actor),
        step=len(review.template.steps),
        why=why,
        digest=stands.digest,
    )
    reviews.add(connection, review, line, actor)
    moves = [Change(each, taken_back(each, why)) for each in sending]
    moves = [move for move in moves if move.after != move.before]
    deliveries.write(connection, moves, now, actor)
    corrections.take_back(connection, post_id)
    return moves


def _grant(case: _Case, right: Decision, to: Sequence[Delivery | Correction]) -> dict[str, int]:
    """The right of each of these to leave as it stands in the snapshot, by channel."""
    exact = {each.channel: _timed(case.stands.snapshot[each.channel], each) for each in to}
    return reviews.grant(case.connection, case.review, right.number, exact, emergency=right.deed is Deed.EMERGENCY)


def _timed(decided: Sending, of: Delivery | Correction) -> Sending:
    """What was decided, with the time that it has now where none was decided: the right is one of exactly that time."""
    return decided._replace(due_at=of.due_at) if decided.due_at is None and isinstance(of, Delivery) else decided
