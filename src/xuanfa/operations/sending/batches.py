"""Batches: what is due, cut into pieces that several nodes can take."""

from collections.abc import Collection
from dataclasses import dataclass

from xuanfa.operations.desk import Desk
from xuanfa.operations.sending.gates import open_channels
from xuanfa.store import deliveries, nodes

#: Deliveries of one channel that a node takes at a time: enough that the taking costs little, few enough that the others get some.
BATCH = 250


@dataclass(frozen=True, slots=True)
class Due:
    """So many batches of a channel are worth taking at once."""

    channel: str
    batches: int


def due_batches(desk: Desk, role: str, channels: Collection[str] | None = None) -> list[Due]:
    """What is due now (on ``channels`` only, if given): of a channel at most as many batches as nodes of ``role`` see to it.

    A channel with a pace of its own is one node's at a time, so that it is spent in the order in which the posts are due.
    """
    now = desk.clock()
    with desk.store.read() as connection:
        alive = [node for node in nodes.all_nodes(connection) if node.role == role and node.is_alive(now)]
        opened = [name for name in open_channels(desk, connection, now) if channels is None or name in channels]
        firsts = deliveries.first_ready(connection, opened)
        found = []
        for channel in (channel for channel, at in firsts.items() if at <= now):
            most = 1 if is_ordered(desk, channel) else max(1, sum(node.sees_to(channel) for node in alive))
            count = deliveries.count_due(connection, channel, now, most * BATCH) if most > 1 else BATCH
            found.append(Due(channel, -(-count // BATCH)))
    return [due for due in found if due.batches]


def is_ordered(desk: Desk, channel: str) -> bool:
    """Whether one node at a time sends to a channel."""
    return any(budget.limits for budget in desk.channels[channel].budgets)
