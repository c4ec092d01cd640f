"""Contributors (通讯员) and the posts of others: whoever shows posts to people asks here whether they see all of them or their own."""

from collections.abc import Collection

import sqlalchemy as sa

from xuanfa.domain.errors import StateError
from xuanfa.domain.language import say
from xuanfa.domain.own import Own, contributes_only, own_of
from xuanfa.domain.person import MACHINE, Person
from xuanfa.operations.desk import Desk
from xuanfa.store import drafts, own, posts, users
from xuanfa.store.schema import posts as posts_table

_P = posts_table.c


def only_own(desk: Desk, person: Person) -> Own | None:
    """What this person is bounded to; ``None`` for whoever sees everybody's posts: any other role than an author's unless
    outsourced, the machine's account, and everybody while there are no users."""
    if person.how == MACHINE:
        return None
    with desk.store.read() as connection:
        return only_own_in(connection, person)


def only_own_in(connection: sa.Connection, person: Person) -> Own | None:
    """The same inside a transaction."""
    user = users.get(connection, person.name)
    if user is None or not contributes_only(user):
        return None
    return own_of(user, own.bylines(connection))


def is_own(desk: Desk, mine: Own | None, slug: str) -> bool:
    """Whether this post is open to whoever is bounded so; a draft that is no post yet is its writer's."""
    if mine is None:
        return True
    with desk.store.read() as connection:
        known = posts.by_slug(connection, slug)
        if known is None:
            return drafts.draft_of(connection, slug, mine.name) is not None
        query = sa.select(sa.literal(1)).where(sa.literal(known.id).in_(own.written_by(mine)))
        return connection.scalar(query) is not None


def require_own(desk: Desk, person: Person, slug: str) -> None:
    """Raise StateError for a contributor who asks for somebody else's post: it says no more than that."""
    if not is_own(desk, only_own(desk, person), slug):
        raise StateError(not_yours())


def not_yours() -> str:
    """What is said to a contributor of somebody else's post."""
    return say(
        "通讯员和外包人员只能看自己写的稿件，这一篇不是您的。要看请找编辑。",
        "Contributors and outsourced people see their own posts, and this one is not yours. Ask an editor.",
    )


def own_among(desk: Desk, mine: Own | None, slugs: Collection[str]) -> frozenset[str]:
    """Those of these posts that are open to whoever is bounded so."""
    if mine is None or not slugs:
        return frozenset(slugs)
    with desk.store.read() as connection:
        query = sa.select(_P.slug).where(_P.slug.in_(slugs), _P.id.in_(own.written_by(mine)))
        return frozenset(connection.scalars(query))
