"""Correcting: the review of its own that a correction gets, of exactly what is to be changed."""

from datetime import datetime

import sqlalchemy as sa

from xuanfa.domain.act import Correct
from xuanfa.domain.errors import StateError
from xuanfa.domain.language import say
from xuanfa.domain.person import Person
from xuanfa.domain.remedy import Remedy
from xuanfa.domain.review import ReviewState, change_between
from xuanfa.operations.desk import Desk
from xuanfa.operations.reviewing.acts import nobodys, opened, submission
from xuanfa.operations.reviewing.docket import docket, member, members_of
from xuanfa.operations.reviewing.reconcile import reconcile
from xuanfa.store import reviews
from xuanfa.store.deliveries import Change


def require_no_other(desk: Desk, connection: sa.Connection, slug: str) -> None:
    """Raises StateError where a correction of exactly what the file says is under review already."""
    found = docket(desk, connection, slug)
    if found is None or not (found.review.correction and found.is_correcting):
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


def submit_correction(
    desk: Desk, connection: sa.Connection, slug: str, person: Person, ordered_at: datetime
) -> list[Change]:
    """Submit what is to be changed, with whatever else of the post waits to be sent; the moves that come of it.

    What was approved and did not come about (a channel that was away for long) need not be approved again.
    """
    who, by = member(members_of(connection), person), person.signs(Correct.verb)
    if who.disabled:
        raise StateError(say("{who}的账号已停用。", "The account of {who} is disabled.", who=who.display))
    earlier = docket(desk, connection, slug)
    if earlier is not None and earlier.review.correction and earlier.table.stands.state is ReviewState.APPROVED:
        is_same = change_between(earlier.table.stands.snapshot, earlier.current) is None
        if is_same:
            return reconcile(connection, earlier.post.id, desk.clock(), by)
    review = opened(desk, connection, slug, ordered_at)
    found = docket(desk, connection, slug, review)
    assert found is not None  # noqa: S101 - it has just been opened
    reviews.add(connection, review, submission(found, who, person), by)
    return reconcile(connection, found.post.id, desk.clock(), by)


def remarks_of(desk: Desk, slug: str, name: str) -> list[str]:
    """What whoever has submitted a correction should know: steps that nobody can hold."""
    with desk.store.read() as connection:
        found, who = docket(desk, connection, slug), members_of(connection).get(name)
        if found is None or who is None or not (found.review.correction and found.is_correcting):
            return []
        return nobodys(connection, found, who)
