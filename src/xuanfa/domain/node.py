"""A node: one running process that publishes, with a sign of life."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

#: The role of the nodes that share the work of several machines, and the command that runs one.
WORKER: Final = "worker"
#: How often a node gives its sign of life.
BEAT = timedelta(seconds=10)
#: Without a sign for so long, a node counts as gone.
GONE = timedelta(seconds=40)
#: For so long a node that is gone is still shown.
REMEMBERED = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """One process. ``role`` is the command that it runs; ``channels`` are those it sees to, none named meaning all."""

    name: str
    role: str
    version: str
    process: str = ""
    channels: tuple[str, ...] = ()
    started_at: datetime
    seen_at: datetime

    def is_alive(self, now: datetime) -> bool:
        """Whether it has given a sign of life lately."""
        return now - self.seen_at <= GONE

    def sees_to(self, channel: str) -> bool:
        """Whether it publishes on a channel."""
        return not self.channels or channel in self.channels
