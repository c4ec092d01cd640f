"""What has happened to a delivery, or to all of a post, since somebody opened a page that shows it: by the numbers of the history, so that a form
that is pressed later can tell.

A point is two numbers. Lines of one delivery are written one after the other, so that the newest of them says how far a page looked; for what
people have decided about the post itself, the newest line there was at all does.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from xuanfa.domain.delivery import State
from xuanfa.reports.listing import HistoryRow, line_of
from xuanfa.store import posts
from xuanfa.store.database import Store
from xuanfa.store.schema import deliveries, events, is_signed

_E, _D = events.c, deliveries.c
#: Signed lines that change nothing about a post: a no, a look, papers.
_NOTHING: Final = frozenset({"refused", "restricted_opened", "scanned", "archived"})
#: So many of the newest are told.
_MOST: Final = 8
_STATES: Final = tuple(state.value for state in State)


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """How far a page has looked: the newest line of its deliveries, and the newest of all."""

    own: int = 0
    latest: int = 0

    def __str__(self) -> str:
        """As a form holds it."""
        return f"{self.own}.{self.latest}"


def point_from(text: str) -> Point | None:
    """What a form held; ``None`` where that is none."""
    own, _, latest = text.partition(".")
    if not (own.isascii() and own.isdigit() and latest.isascii() and latest.isdigit() and len(text) < 40):  # noqa: PLR2004 - as long as two keys
        return None
    return Point(own=int(own), latest=int(latest))


def point_of(store: Store, ids: Collection[int]) -> Point:
    """How far a page looks that reads these deliveries from now on."""
    with store.read() as connection:
        latest = connection.scalar(_LATEST) or 0
        own = connection.scalar(_NEWEST_OF, {"b_ids": list(ids)}) or 0 if ids else 0
    return Point(own=own, latest=latest)


_LATEST: Final = sa.select(sa.func.max(_E.id))
_NEWEST_OF: Final = _LATEST.where(_E.delivery_id.in_(sa.bindparam("b_ids", expanding=True)))


def points_of(store: Store, ids: Collection[int]) -> dict[int, Point]:
    """The same for each of several deliveries that are shown beside each other."""
    query = sa.select(_E.delivery_id, sa.func.max(_E.id)).where(_E.delivery_id.in_(ids)).group_by(_E.delivery_id)
    with store.read() as connection:
        latest = connection.scalar(sa.select(sa.func.max(_E.id))) or 0
        newest = {row[0]: row[1] for row in connection.execute(query)}
    return {number: Point(own=newest.get(number, 0), latest=latest) for number in ids}


def deliveries_of(store: Store, slug: str) -> list[int]:
    """The numbers of a post's deliveries."""
    with store.read() as connection:
        known = posts.by_slug(connection, slug)
        return [] if known is None else list(connection.scalars(sa.select(_D.id).where(_D.post_id == known.id)))


def moved_after(store: Store, point: Point, ids: Collection[int], slug: str) -> Sequence[HistoryRow]:
    """What has happened since to these deliveries, and what people have decided about their post; the oldest first, of many the newest."""
    moves = (_E.delivery_id.in_(ids), _E.id > point.own, sa.or_(_E.after.in_(_STATES), is_signed))
    with store.read() as connection:
        known = posts.by_slug(connection, slug)
        queries = [sa.select(events).where(*moves)]
        if known is not None:
            about = (is_signed, _E.id > point.latest, _E.post_id == known.id, _E.delivery_id.is_(None))
            queries.append(sa.select(events).where(*about))
        rows = [row for query in queries for row in connection.execute(query) if row.after not in _NOTHING]
    return [line_of(row) for row in sorted(rows, key=lambda row: row.id)[-_MOST:]]
