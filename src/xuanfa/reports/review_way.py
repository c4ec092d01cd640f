"""What whoever submits a post should know first: the way that its review goes, and what of the post does not wait for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from xuanfa.domain.access import readers_of
from xuanfa.domain.delivery import State
from xuanfa.domain.review import ReviewState, StepState, Template
from xuanfa.domain.review_people import authors_of
from xuanfa.domain.review_policy import ReviewPolicy
from xuanfa.domain.review_way import People, WayStep, is_one_each, way_of
from xuanfa.domain.reviewing import Members
from xuanfa.store import access, deliveries, posts, reviews, users
from xuanfa.store.database import Store
from xuanfa.store.review_records import told_of
from xuanfa.store.schema import posts as posts_table

_P = posts_table.c


@dataclass(frozen=True, slots=True, kw_only=True)
class Twin:
    """A delivery that is held because the same content goes to the same account by another one first, which is of the post ``slug``, called
    ``title``: this very one where another channel of it leads there."""

    delivery: int
    channel: str
    other: int
    other_channel: str
    other_state: State
    slug: str
    title: str
    same_post: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """``state`` is where its newest review stands. ``passed`` are the numbers of steps that stand as they are. ``one_each``: nobody holds two."""

    state: ReviewState
    name: str
    steps: Sequence[WayStep]
    passed: frozenset[int]
    one_each: bool
    twins: Sequence[Twin]
    #: Whether anything of it waits for the review at all.
    waits: bool


def way_to_go(store: Store, policy: ReviewPolicy, slug: str, who: str, now: datetime) -> Way | None:
    """The way that the post of this name goes when ``who`` (a login name) submits it; ``None`` where there is no such post, or its column asks
    for no review."""
    with store.read() as connection:
        known = posts.by_slug(connection, slug)
        if known is None:
            return None
        told = told_of(connection, known.id)
        members: Members = {user.name: user for user in users.all(connection)}
        named = authors_of(reviews.authors_named(connection, known.id), members)
        template = (
            _template(policy, reviews.template_of(connection, known.id)) if told is None else told.review.template
        )
        if template is None:
            return None
        authors = {who} | named | (told.review.authors if told is not None else frozenset())
        people = People(
            members=members,
            may_read=readers_of(access.of_post(connection, known.id), members),
            authors=authors | reviews.submitters(connection, known.id),
            delegations=reviews.all_delegations(connection),
            now=now,
        )
        level = policy.level if told is None else told.review.level
        twins = _twins(connection, known.id)
        waits = any(each.is_queued or each.hold for each in deliveries.of_post(connection, known.id) if each.reviewed)
    stands = None if told is None else told.stands
    return Way(
        state=ReviewState.NONE if stands is None else stands.state,
        name=template.name,
        steps=way_of(template.steps, level, people),
        passed=frozenset(each.number for each in stands.steps if each.state is StepState.APPROVED)
        if stands
        else frozenset(),
        one_each=is_one_each(template.steps, level),
        twins=twins,
        waits=waits,
    )


def _twins(connection: sa.Connection, post_id: int) -> list[Twin]:
    held = [each for each in deliveries.of_post(connection, post_id) if each.state is State.HELD and each.twin]
    others = deliveries.get(connection, [each.twin for each in held if each.twin])
    query = sa.select(_P.id, _P.slug, _P.title).where(_P.id.in_({each.post_id for each in others.values()}))
    names = {row.id: row for row in connection.execute(query)}
    return [
        Twin(
            delivery=each.id,
            channel=each.channel,
            other=other.id,
            other_channel=other.channel,
            other_state=other.state,
            slug=names[other.post_id].slug,
            title=names[other.post_id].title,
            same_post=other.post_id == post_id,
        )
        for each in held
        if (other := others.get(each.twin or 0)) is not None
    ]


def _template(policy: ReviewPolicy, name: str) -> Template | None:
    return policy.templates.get(name)
