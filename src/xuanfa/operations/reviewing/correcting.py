"""Correcting: the review of its own that a correction gets, of exactly what is to be changed."""

from collections.abc import Mapping

import sqlalchemy as sa

from xuanfa.domain.act import Correct
from xuanfa.domain.correction import Correction, Others, Progress
from xuanfa.domain.errors import StateError
from xuanfa.domain.language import say
from xuanfa.domain.remedy import Remedy
from xuanfa.domain.review import ReviewState, change_between
from xuanfa.domain.review_leaving import right_to_leave
from xuanfa.operations.desk import Desk
from xuanfa.operations.reviewing.acts import nobodys, opened, submission
from xuanfa.operations.reviewing.docket import docket, member, members_of
from xuanfa.operations.reviewing.reconcile import reconcile
from xuanfa.store import corrections, reviews
from xuanfa.store.corrections import Ordered
from xuanfa.store.deliveries import Change
from xuanfa.store.posts import KnownPost


def require_no_other(desk: Desk, connection: sa.Connection, known: KnownPost, others: Others) -> None:
    """Raises StateError where a correction of exactly what the file says is under review already, with that choice for other channels."""
    slug = known.slug
    found = docket(desk, connection, slug)
    if found is None or not (found.review.correction and found.is_correcting):
        return
    if any(each.wish not in {"", others.value} for each in corrections.live(connection, known.id)):
        return
    stands = found.table.stands
    if stands.state is ReviewState.OPEN and change_between(stands.snapshot, found.current) is None:
        raise StateError(
            say(
                "稿件 {slug} 的更正已经送审，正在审核，不用再送：看进度用 {show}。",
                "The correction of {slug} has been submitted and is under review: see {show}.",
                slug=slug,
                show=Remedy("show_review", slug),
            )
        )


def is_as_decided(earlier: Mapping[int, Correction], now: Mapping[int, Correction]) -> bool:
    """Whether a correction is the one before, ordered once more: the same choices for channels that cannot change, and nothing has taken its
    place meanwhile, for what is decided about one that is off is about nothing."""
    if any(it.state is Progress.REPLACED for it in earlier.values()):
        return False
    return {number: it.wish for number, it in earlier.items()} == {number: it.wish for number, it in now.items()}


def submit_correction(desk: Desk, connection: sa.Connection, order: Ordered, *, is_as_before: bool) -> list[Change]:
    """Submit what is to be changed, with whatever else of the post waits to be sent; the moves that come of it.

    What was approved and did not come about (a channel that was away for long) need not be approved again, as long as it ``is_as_before``.
    """
    slug, person = order.known.slug, order.person
    who, by = member(members_of(connection), person), person.signs(Correct.verb)
    if who.disabled:
        raise StateError(say("{who}的账号已停用。", "The account of {who} is disabled.", who=who.display))
    earlier = docket(desk, connection, slug)
    is_approved = (
        earlier is not None and earlier.review.correction and earlier.table.stands.state is ReviewState.APPROVED
    )
    if earlier is not None and is_approved and is_as_before:
        is_same = change_between(earlier.table.stands.snapshot, earlier.current) is None
        if is_same:
            return reconcile(connection, earlier.post.id, desk.clock(), by)
    review = opened(desk, connection, slug, order.at)
    found = docket(desk, connection, slug, review)
    assert found is not None  # noqa: S101 - it has just been opened
    reviews.add(connection, review, submission(found, who, person), by)
    return reconcile(connection, found.post.id, desk.clock(), by)


def has_right(desk: Desk, connection: sa.Connection, slug: str) -> bool:
    """Whether people have let the correction of this post be made, or an emergency has, and it is still what they decided about."""
    found = docket(desk, connection, slug)
    if found is None or not found.review.correction or right_to_leave(found.table.stands) is None:
        return False
    return change_between(found.table.stands.snapshot, found.current) is None


def remarks_of(desk: Desk, slug: str, name: str) -> list[str]:
    """What whoever has submitted a correction should know: steps that nobody can hold."""
    with desk.store.read() as connection:
        found, who = docket(desk, connection, slug), members_of(connection).get(name)
        if found is None or who is None or not (found.review.correction and found.is_correcting):
            return []
        return nobodys(connection, found, who)
