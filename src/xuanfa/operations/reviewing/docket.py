"""The docket (案卷) of a post: its review with everything by which a decision is measured, read inside the caller's transaction."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from xuanfa.domain.delivery import Delivery
from xuanfa.domain.errors import StateError
from xuanfa.domain.language import say
from xuanfa.domain.person import Person
from xuanfa.domain.refusals import no_such_post
from xuanfa.domain.remedy import Remedy
from xuanfa.domain.review import Decision, Review, Snapshot
from xuanfa.domain.review_leaving import snapshot_of
from xuanfa.domain.review_people import authors_of
from xuanfa.domain.review_turn import table_of
from xuanfa.domain.reviewing import Member, Members, Table
from xuanfa.operations.desk import Desk
from xuanfa.operations.reviewing.reconcile import under_review
from xuanfa.store import likeness, posts, reviews, users, withdrawals
from xuanfa.store.deliveries import Change
from xuanfa.store.posts import KnownPost


@dataclass(frozen=True, slots=True, kw_only=True)
class Docket:
    """A post, its deliveries that need a review, and the table at which it is decided about."""

    post: KnownPost
    sending: Sequence[Delivery]
    decisions: Sequence[Decision]
    table: Table
    #: What would leave now.
    current: Snapshot
    #: Whether something that is out waits to be changed.
    is_correcting: bool = False

    @property
    def review(self) -> Review:
        """The review itself."""
        return self.table.review


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """What a decision has done: the line, the moves that came of it, and what its person should know."""

    slug: str
    decision: Decision
    changes: Sequence[Change] = ()
    remarks: Sequence[str] = ()


def known_post(connection: sa.Connection, slug: str) -> KnownPost:
    """The post of this name. Raises StateError."""
    found = posts.by_slug(connection, slug)
    if found is None:
        raise no_such_post(slug, likeness.slugs(connection))
    return found


def members_of(connection: sa.Connection) -> Members:
    """Everybody, by login name."""
    return {user.name: user for user in users.all(connection)}


def member(members: Members, person: Person) -> Member:
    """The user that a person is. Raises StateError: the machine's account decides nothing in a review."""
    if not members:
        raise StateError(
            say(
                "还没有用户，不能审稿：请先建立用户（{users}），再用 --as 写明是谁。",
                "There are no users yet, so that nobody can decide: make them first ({users}), then say who you are with --as.",
                users=Remedy("users"),
            )
        )
    found = members.get(person.name)
    if found is None:
        raise StateError(
            say(
                "没有用户“{name}”：审稿要用 --as 写明是哪位用户。",
                "There is no user {name!r}: say with --as which user decides.",
                name=person.name,
            )
        )
    return found


def lock_post(connection: sa.Connection, post_id: int) -> list[Delivery]:
    """The deliveries of a post that need a review, locked: of two people who decide about it at once, one waits."""
    return list(under_review(connection, post_id)[0])


def docket(desk: Desk, connection: sa.Connection, slug: str, review: Review | None = None) -> Docket | None:
    """The docket of a post, for ``review`` or its newest one; ``None`` where it has none."""
    post = known_post(connection, slug)
    sending, changing, corrected = under_review(connection, post.id)
    review = review or reviews.latest(connection, post.id)
    if review is None:
        return None
    decisions = reviews.decided(connection, [review.id])[review.id]
    members = members_of(connection)
    named = authors_of(reviews.authors_named(connection, post.id), members)
    table = table_of(review, decisions, members, reviews.all_delegations(connection), desk.clock(), named=named)
    current = snapshot_of(sending, table.stands.snapshot, withdrawals.named_ends(connection, post.id), corrected)
    return Docket(
        post=post, sending=sending, decisions=decisions, table=table, current=current, is_correcting=bool(changing)
    )
