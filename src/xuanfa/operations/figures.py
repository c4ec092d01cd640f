"""Figures: how many deliveries stand where, what is due, and since when."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa

from xuanfa.domain.channel import EVERYTHING
from xuanfa.operations.desk import Desk
from xuanfa.store import channels, figures


@dataclass(frozen=True, slots=True, kw_only=True)
class Stock:
    """One look at the database. ``paused`` holds ``*`` for everything; ``oldest`` is how long the first of what is due has waited."""

    states: Mapping[tuple[str, str], int]
    due: Mapping[str, int]
    oldest: Mapping[str, timedelta]
    paused: Mapping[str, bool]


def stock(desk: Desk) -> Stock:
    """The figures of all channels there are or have been."""
    now = desk.clock()
    with desk.store.read() as connection:
        states = figures.by_state(connection)
        due = figures.due(connection, tuple(desk.channels), now)
        standings = channels.standings(connection)
    return Stock(
        states=states,
        due={channel: due[channel][0] if channel in due else 0 for channel in desk.channels},
        oldest={channel: now - first for channel, (_, first) in due.items()},
        paused={
            channel: channel in standings and standings[channel].paused_at is not None
            for channel in (EVERYTHING, *desk.channels)
        },
    )


def is_reachable(desk: Desk) -> bool:
    """Whether the database answers. Raises StoreError in words where it does not."""
    with desk.store.read() as connection:
        return connection.scalar(sa.select(1)) == 1
