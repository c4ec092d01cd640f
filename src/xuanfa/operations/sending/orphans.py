"""Orphans: what waits for a channel or belongs to a column that the settings no longer have. It is held, and named wherever people look."""

from xuanfa.domain.planning import orphaned
from xuanfa.operations.desk import Desk
from xuanfa.store import deliveries, planned, waiting
from xuanfa.store.deliveries import Change
from xuanfa.store.planned import Vanished


def hold_orphans(desk: Desk) -> list[Change]:
    """Hold what is scheduled for channels that the settings no longer have: nobody would ever send it, and nobody be told."""
    now = desk.clock()
    with desk.store.read() as connection:
        gone = [name for name in waiting.scheduled_channels(connection) if name not in desk.channels]
    if not gone:
        return []
    with desk.store.write() as connection:
        changes = [
            Change(delivery, orphaned(delivery, desk.terms(delivery.channel, now)))
            for channel in gone
            for delivery in waiting.scheduled_for(connection, channel)
        ]
        deliveries.write(connection, changes, now, desk.node)
    for change in changes:
        desk.emit(change)
    return changes


def vanished_channels(desk: Desk) -> list[Vanished]:
    """Channels that something waits for, and that the settings do not have."""
    with desk.store.read() as connection:
        return [each for each in planned.waiting_channels(connection) if each.name not in desk.channels]


def vanished_columns(desk: Desk) -> list[Vanished]:
    """The same of columns."""
    with desk.store.read() as connection:
        return [each for each in planned.waiting_columns(connection) if each.name not in desk.columns]
