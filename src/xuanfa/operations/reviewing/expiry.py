"""Expiry: a review about which nobody has decided for too long is at its end. What it stood before is held, and its author submits it again."""

from datetime import timedelta

import sqlalchemy as sa

from xuanfa.domain.language import say
from xuanfa.domain.person import name_of
from xuanfa.domain.planning import waited_too_long
from xuanfa.domain.review import Decision, Deed, standing
from xuanfa.operations.desk import Desk
from xuanfa.operations.reviewing.docket import lock_post
from xuanfa.store import channels, corrections, deliveries, reviews
from xuanfa.store.deliveries import Change

#: How often it is looked for, by one process for all: nothing falls due within the hour.
_EVERY = timedelta(hours=1)


def expire_reviews(desk: Desk) -> list[Change]:
    """Let the reviews expire that have waited longer than the settings allow."""
    span, now = desk.reviews.expire, desk.clock()
    if not span:
        return []
    with desk.store.read() as connection:
        if channels.recall(connection, "reviews", "expired", now) is not None:
            return []
    changes: list[Change] = []
    with desk.store.write() as connection:
        if channels.take(connection, "reviews", "expired", "1", now=now, expires_at=now + _EVERY):
            for _, _, review in reviews.idle_since(connection, now - span):
                changes += _expire(desk, connection, review.post_id)
    for change in changes:
        desk.emit(change)
    return changes


def _expire(desk: Desk, connection: sa.Connection, post_id: int) -> list[Change]:
    """Looked at once more, now that nobody else decides about the post."""
    sending, now = lock_post(connection, post_id), desk.clock()
    review = reviews.latest(connection, post_id)
    assert review is not None  # noqa: S101 - it has just been found
    decisions = reviews.decided(connection, [review.id])[review.id]
    stands = standing(review, decisions)
    if stands.open_step is None or decisions[-1].at > now - desk.reviews.expire:
        return []
    days = desk.reviews.expire.days
    why = say(
        "{n} 天没有人审，审核过期：作者看过没有变化后重新送审",
        "nobody has decided for {n} days, and the review has expired: its author looks at it once more and submits it again",
        n=days,
    )
    line = Decision(
        number=len(decisions) + 1,
        deed=Deed.EXPIRED,
        at=now,
        by=name_of(desk.node),
        step=stands.open_step.number,
        why=why,
        digest=stands.digest,
    )
    reviews.add(connection, review, line, desk.node)
    held = [Change(each, waited_too_long(each, days)) for each in sending]
    held = [change for change in held if change.after != change.before]
    deliveries.write(connection, held, now, desk.node)
    corrections.take_back(connection, post_id)
    return held
