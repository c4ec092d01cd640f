"""Which posts somebody has written, by indexes of their own: bylines are few, however many posts there are. Inside the caller's transaction."""

from typing import Any

import sqlalchemy as sa

from xuanfa.domain.own import Own
from xuanfa.store.schema import events, is_edited, revisions

_V, _E = revisions.c, events.c


def bylines(connection: sa.Connection) -> list[str]:
    """Every byline that a revision has ever had: from one to the next by the index, not row by row."""
    step = sa.select(sa.func.min(_V.author).label("author")).cte("bylines", recursive=True)
    following = sa.select(sa.func.min(_V.author)).where(_V.author > step.c.author).scalar_subquery()
    step = step.union_all(sa.select(following).where(step.c.author.is_not(None)))
    return [each for each in connection.scalars(sa.select(step.c.author)) if each]


def written_by_asked() -> sa.Select[Any]:
    """The same of whom ``asked_with`` names when it is asked."""
    signed = sa.select(_V.post_id).where(_V.author.in_(sa.bindparam("own_bylines", expanding=True)))
    edited = sa.select(_E.post_id).where(is_edited, _E.actor == sa.bindparam("own_name"))
    return sa.select(signed.union(edited).subquery().c.post_id)


def asked_with(own: Own) -> dict[str, Any]:
    """The values of that question."""
    return {"own_bylines": sorted(own.bylines), "own_name": own.name}


def written_by(own: Own) -> sa.Select[Any]:
    """The numbers of the posts that are theirs, as a question."""
    signed = sa.select(_V.post_id).where(_V.author.in_(sorted(own.bylines)))
    edited = sa.select(_E.post_id).where(is_edited, _E.actor == own.name)
    return sa.select(signed.union(edited).subquery().c.post_id)
