"""How the authors of revisions were printed. Inside the caller's transaction."""

import sqlalchemy as sa

from xuanfa.store.schema import posts, revisions

_P, _V = posts.c, revisions.c


def byline_of(connection: sa.Connection, path: str, digest: str) -> tuple[str, str] | None:
    """Author and byline of the newest revision of the post in this file, where it was read from these bytes. An empty byline is the author as
    typed."""
    query = sa.select(_V.author, _V.byline).join(posts, sa.and_(_V.post_id == _P.id, _V.number == _P.revision))
    row = connection.execute(query.where(_P.path == path, _V.digest == digest).limit(1)).first()
    return None if row is None else (row.author, row.byline)
