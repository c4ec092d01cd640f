"""What is planned: posts by the moments, channels and columns that they wait for. Inside the caller's transaction."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from xuanfa.domain.delivery import PLANNED
from xuanfa.store.schema import deliveries, posts, slots

_D, _P, _S = deliveries.c, posts.c, slots.c
#: What may still be sent for the first time.
_TO_COME = _D.state.in_(sorted(PLANNED))


@dataclass(frozen=True, slots=True)
class Slot:
    """A slot of a column, and the post for which it is reserved."""

    column: str
    at: datetime
    slug: str


def slots_to_come(connection: sa.Connection, now: datetime) -> list[Slot]:
    """The slots to come of posts that wait for them, in order."""
    query = (
        sa.select(_S.column_id, _S.at, _P.slug)
        .join_from(slots, posts, _P.id == _S.post_id)
        .join(deliveries, sa.and_(_D.post_id == _P.id, _D.due_at == _S.at, _TO_COME))
        .where(_S.at > now)
        .distinct()
        .order_by(_S.at, _P.slug)
    )
    return [Slot(row.column_id, row.at, row.slug) for row in connection.execute(query)]


def in_slot(connection: sa.Connection, column: str, at: datetime) -> str:
    """The slug of the post that has this slot and still waits for it; empty where none does."""
    query = (
        sa.select(_P.slug)
        .join_from(slots, posts, _P.id == _S.post_id)
        .join(deliveries, sa.and_(_D.post_id == _P.id, _TO_COME))
        .where(_S.column_id == column, _S.at == at)
        .limit(1)
    )
    return connection.scalar(query) or ""


@dataclass(frozen=True, slots=True)
class Vanished:
    """A channel or column that something waits for: how many deliveries, and the first of them."""

    name: str
    count: int
    first: int


def waiting_channels(connection: sa.Connection) -> list[Vanished]:
    """Every channel for which anything waits, whatever the settings say now."""
    return _grouped(connection, _D.channel)


def waiting_columns(connection: sa.Connection) -> list[Vanished]:
    """Every column of which anything waits, whatever the settings say now."""
    return _grouped(connection, _D.column_id)


def _grouped(connection: sa.Connection, by: "sa.ColumnElement[str]") -> list[Vanished]:
    query = sa.select(by, sa.func.count(), sa.func.min(_D.id)).where(_TO_COME).group_by(by).order_by(by)
    return [Vanished(*row) for row in connection.execute(query)]


def far_ahead(connection: sa.Connection, after: datetime) -> list[tuple[str, datetime]]:
    """Posts that are planned for later than ``after``, with the moment."""
    query = (
        sa.select(_P.slug, sa.func.max(_D.due_at, type_=_D.due_at.type))
        .join_from(deliveries, posts, _P.id == _D.post_id)
        .where(_TO_COME, _D.due_at > after)
        .group_by(_P.slug)
        .order_by(_P.slug)
    )
    return [(row[0], row[1]) for row in connection.execute(query)]


def slugs(connection: sa.Connection) -> set[str]:
    """The names of all posts."""
    return set(connection.scalars(sa.select(_P.slug)))
