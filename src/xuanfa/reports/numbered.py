"""Lists in pages, by keyset: what comes after a number, so many at a time, whatever is added meanwhile. The newest first."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Generic, TypeVar

import sqlalchemy as sa

from xuanfa.domain.access import Veil
from xuanfa.domain.channel import practice_of
from xuanfa.domain.delivery import State
from xuanfa.domain.own import Own
from xuanfa.reports.listing import DeliveryRow, PostRow, list_deliveries
from xuanfa.store import review_duties
from xuanfa.store.by_state import in_states
from xuanfa.store.database import Store
from xuanfa.store.own import written_by
from xuanfa.store.schema import deliveries, posts

_D, _P = deliveries.c, posts.c
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Paged(Generic[T]):
    """A page, and after which number the next one begins; ``None`` where this is the last."""

    items: list[T]
    next: int | None


def posts_after(
    store: Store,
    veil: Veil,
    *,
    limit: int,
    after: int | None = None,
    column: str = "",
    slug: str = "",
    own: Own | None = None,
) -> Paged[PostRow]:
    """Posts that this viewer may see; ``own``: only those of this contributor."""
    query = sa.select(posts).where(_P.id.not_in(list(veil.hidden)))
    if own is not None:
        query = query.where(_P.id.in_(written_by(own)))
    for value, column_ in ((column, _P.column_id), (slug, _P.slug)):
        query = query.where(column_ == value) if value else query
    if after is not None:
        query = query.where(_P.id < after)
    with store.read() as connection:
        rows = connection.execute(query.order_by(_P.id.desc()).limit(limit + 1)).all()
        shown = rows[:limit]
        ids = [row.id for row in shown]
        counted: dict[int, dict[State, int]] = {}
        states = (
            sa.select(_D.post_id, _D.state, sa.func.count()).where(_D.post_id.in_(ids)).group_by(_D.post_id, _D.state)
        )
        for post_id, state, number in connection.execute(states):
            counted.setdefault(post_id, {})[State(state)] = number
        early = review_duties.emergency_posts(connection)
    items = [
        PostRow(
            slug=row.slug,
            title=row.title,
            path=row.path,
            column=row.column_id,
            revision=row.revision,
            queued_at=row.queued_at,
            states=counted.get(row.id, {}),
            emergency=row.id in early,
        )
        for row in shown
    ]
    return Paged(items, ids[-1] if len(rows) > limit else None)


def deliveries_after(
    store: Store,
    veil: Veil,
    *,
    limit: int,
    after: int | None = None,
    states: Collection[State] = (),
    channel: str = "",
    post: str = "",
    own: Own | None = None,
) -> Paged[DeliveryRow]:
    """Deliveries of what this viewer may see; ``own``: only those of this contributor's posts."""
    query = sa.select(_D.id).where(_D.post_id.not_in(list(veil.hidden)))
    if own is not None:
        query = query.where(_D.post_id.in_(written_by(own)))
    if states:
        query = query.where(in_states(states))
    if channel:
        query = query.where(_D.channel.in_([channel, practice_of(channel)]))
    if post:
        query = query.join(posts, _P.id == _D.post_id).where(_P.slug == post)
    if after is not None:
        query = query.where(_D.id < after)
    with store.read() as connection:
        found = list(connection.scalars(query.order_by(_D.id.desc()).limit(limit + 1)))
    ids = found[:limit]
    rows = {row.id: row for row in list_deliveries(store, ids=ids, veil=veil)} if ids else {}
    return Paged([rows[id_] for id_ in ids if id_ in rows], ids[-1] if len(found) > limit else None)
