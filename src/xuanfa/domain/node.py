"""A node: one running process that publishes, with a sign of life."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

#: The role of the nodes that share the work of several machines, and the command that runs one.
WORKER: Final = "worker"
#: The role of a console that sends nothing itself.
CONSOLE: Final = "serve --no-engine"
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
    #: A digest of the settings that it goes by, and when their files had last been written; empty where it has not said.
    settings: str = ""
    settings_of: datetime | None = None
    #: Why it does not go by what its files say now, and since when.
    trouble: str = ""
    trouble_at: datetime | None = None

    @property
    def sends(self) -> bool:
        """Whether anything leaves by it."""
        return self.role != CONSOLE

    def is_alive(self, now: datetime) -> bool:
        """Whether it has given a sign of life lately."""
        return now - self.seen_at <= GONE

    def sees_to(self, channel: str) -> bool:
        """Whether it publishes on a channel."""
        return not self.channels or channel in self.channels


@dataclass(frozen=True, slots=True, kw_only=True)
class Behind:
    """A process that goes by other settings than the newest that any process knows, which were written at ``newest_of``."""

    node: Node
    newest_of: datetime


def behind(nodes: Iterable[Node], now: datetime, version: str, own: tuple[str, datetime | None]) -> list[Behind]:
    """Those of the processes alive that go by settings of before; ``own`` are those of whoever asks. What two versions of the program make of
    the same files cannot be compared, so that another version's processes are left out; and what differs though the files are of one time, by
    a variable of one process for instance, is nothing of before."""
    said = [
        (each.settings_of, each)
        for each in nodes
        if each.is_alive(now) and each.settings_of is not None and each.version == version
    ]
    known = [(of, node.settings) for of, node in said]
    if own[0] and own[1] is not None:
        known.append((own[1], own[0]))
    newest_of, newest = max(known, default=(now, ""))
    return [Behind(node=node, newest_of=newest_of) for of, node in said if node.settings != newest and of < newest_of]
