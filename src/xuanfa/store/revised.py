"""The revisions of a post: what each says, and who made it. Inside the caller's transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from xuanfa.store.schema import events, is_of_revision, posts, revisions

_V = revisions.c
#: So many of the newest are listed.
_MOST = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class RevisionRow:
    """A revision in a list. ``by`` is a login name, or the process that read its file."""

    number: int
    title: str
    author: str
    at: datetime
    by: str
    #: What whoever made it has signed; empty where nobody has said so.
    act: str


def revisions_of(connection: sa.Connection, post_id: int) -> list[RevisionRow]:
    """The revisions of a post, the newest first."""
    line = events.c
    query = (
        sa.select(_V.number, _V.title, _V.author, _V.created_at, line.actor, line.act)
        .select_from(revisions)
        .outerjoin(
            events,
            sa.and_(is_of_revision, line.post_id == _V.post_id, line.revision == _V.number),
        )
        .where(_V.post_id == post_id)
        .order_by(_V.number.desc(), line.id)
        .limit(_MOST)
    )
    found: dict[int, RevisionRow] = {}
    for row in connection.execute(query):
        found[row.number] = RevisionRow(
            number=row.number,
            title=row.title,
            author=row.author,
            at=row.created_at,
            by=row.actor or "",
            act=row.act or "",
        )
    return list(found.values())


def source_of(connection: sa.Connection, post_id: int, number: int) -> str | None:
    """The text of a revision; ``None`` where there is none of that number."""
    found: str | None = connection.scalar(sa.select(_V.source).where(_V.post_id == post_id, _V.number == number))
    return found


def sources_of(connection: sa.Connection, post_id: int) -> list[str]:
    """The texts of a post's newest revisions, the newest first."""
    query = sa.select(_V.source).where(_V.post_id == post_id).order_by(_V.number.desc()).limit(_MOST)
    return list(connection.scalars(query))


def known_slugs(connection: sa.Connection, slugs: Sequence[str]) -> set[str]:
    """Those of these names that are posts."""
    return set(connection.scalars(sa.select(posts.c.slug).where(posts.c.slug.in_(slugs))))
