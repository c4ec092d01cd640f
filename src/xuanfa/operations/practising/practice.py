"""What a rehearsal works with, and what it has to show: data between the practice platforms and the pages."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from xuanfa.domain.delivery import State
from xuanfa.domain.finding import Finding, blocking
from xuanfa.operations.desk import Desk

#: Where a post goes well: public, or with the platform or a person who takes the last step.
WELL = frozenset({State.PUBLISHED, State.ACCEPTED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A request that came to a practice platform, and its answer. ``files`` are what was uploaded with it."""

    at: datetime
    path: str
    body: str
    answer: str
    accepted: bool
    files: tuple[Path, ...] = ()


class Received(Protocol):
    """What the other side has: of platforms, and of folders that are written."""

    def arrivals(self, channel: str) -> Sequence[Arrival]:
        """The requests of a channel, in order."""

    def records(self, channel: str) -> Mapping[str, Any]:
        """What its platform holds besides, by name."""

    def written(self, channel: str) -> Path | None:
        """The folder that it writes into, where it has one."""

    def file_at(self, address: str) -> Path | None:
        """The file behind a public address of a site that was written."""

    def is_of_site(self, address: str) -> bool:
        """Whether the address is one of a site that was written, whatever is there."""


@dataclass(frozen=True, kw_only=True)
class Practice:
    """A desk whose channels are all in rehearsal. ``run_pass`` publishes what is due; ``set_clock`` moves the time forward."""

    desk: Desk
    folder: Path
    run_pass: Callable[[], object]
    set_clock: Callable[[datetime], None]
    received: Received


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """How the post fared on one channel. ``page`` is the phone to open."""

    channel: str
    title: str
    kind: str
    state: State
    reason: str
    due_at: datetime
    address: str
    findings: tuple[Finding, ...]
    arrivals: Sequence[Arrival]
    page: Path

    @property
    def is_well(self) -> bool:
        """Whether nobody has to do anything before it can be public."""
        return self.state in WELL and not blocking(self.findings)
