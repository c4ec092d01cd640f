"""Which posts a template concerns: the newest of its channels, and those that are signed and have not left. Inside the caller's transaction."""

from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa

from xuanfa.domain.delivery import State
from xuanfa.store.schema import deliveries, posts

_D, _P = deliveries.c, posts.c


@dataclass(frozen=True, slots=True, kw_only=True)
class Concerned:
    """A post, the file that it comes from, and the channels on which it is concerned."""

    slug: str
    title: str
    path: str
    channels: tuple[str, ...]


def newest(connection: sa.Connection, channels: Collection[str], most: int) -> list[Concerned]:
    """The newest posts of these channels."""
    of_channels = (
        sa.select(_D.post_id).where(_D.channel.in_(channels)).order_by(_D.post_id.desc()).distinct().limit(most)
    )
    numbers = list(connection.scalars(of_channels))
    return _concerned(connection, sa.and_(_D.post_id.in_(numbers), _D.channel.in_(channels)))


def signed(connection: sa.Connection, channels: Collection[str]) -> list[Concerned]:
    """Posts whose last step is approved on one of these channels, and which are still to leave there."""
    waits = sa.and_(_D.state == State.SCHEDULED.value, sa.literal_column("reviewed"), _D.approval.is_not(None))
    return _concerned(connection, sa.and_(waits, _D.channel.in_(channels)))


def _concerned(connection: sa.Connection, which: sa.ColumnElement[bool]) -> list[Concerned]:
    query = (
        sa.select(_P.slug, _P.title, _P.path, _D.channel)
        .join(deliveries, _D.post_id == _P.id)
        .where(which)
        .order_by(_P.id.desc(), _D.id)
    )
    found: dict[str, Concerned] = {}
    for row in connection.execute(query):
        known = found.get(row.slug)
        channels = (*known.channels, row.channel) if known else (row.channel,)
        found[row.slug] = Concerned(slug=row.slug, title=row.title, path=row.path, channels=channels)
    return list(found.values())
