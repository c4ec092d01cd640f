"""Counting deliveries, for those who watch. Inside the caller's transaction."""

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa

from xuanfa.domain.delivery import State
from xuanfa.store.schema import deliveries

_D = deliveries.c


def by_state(connection: sa.Connection) -> dict[tuple[str, str], int]:
    """How many deliveries of each channel are in each state. It reads the whole table."""
    query = sa.select(_D.channel, _D.state, sa.func.count()).group_by(_D.channel, _D.state)
    return {(channel, state): number for channel, state, number in connection.execute(query)}


def due(connection: sa.Connection, channels: Collection[str], now: datetime) -> dict[str, tuple[int, datetime]]:
    """For each of these channels with something due: how many, and since when the first has been ready."""
    ready = sa.and_(_D.state == sa.literal_column(f"'{State.SCHEDULED}'"), _D.waiting == sa.false(), _D.ready_at <= now)
    query = sa.select(_D.channel, sa.func.count(), sa.func.min(_D.ready_at)).where(
        ready, _D.channel.in_(list(channels))
    )
    return {channel: (number, first) for channel, number, first in connection.execute(query.group_by(_D.channel))}
