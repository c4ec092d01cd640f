"""Readers' figures for whoever looks: all of a delivery, and the newest of everything that is out."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from xuanfa.domain.access import Veil
from xuanfa.domain.public import Public
from xuanfa.domain.reader_marks import MarkRow
from xuanfa.domain.readers import NAMES, Snapshot
from xuanfa.store import reader_marks, readers
from xuanfa.store.database import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadersRow:
    """A delivery that is out, with its newest snapshot; ``None`` where there is none yet."""

    id: int
    post: str
    title: str
    channel: str
    published_at: datetime
    snapshot: Snapshot | None

    def as_json(self) -> dict[str, Any]:
        """The contract for programs: what is not known is ``null``."""
        facts: dict[str, Any] = dict.fromkeys(("at", *NAMES, "origin", "entered_at", "by"))
        if self.snapshot is not None:
            facts |= self.snapshot.as_json()
        own = {name: getattr(self, name) for name in ("id", "post", "title", "channel", "published_at")}
        return own | facts


def snapshots_of(store: Store, ids: Collection[int]) -> dict[int, list[Snapshot]]:
    """The snapshots of each of these deliveries, the newest last."""
    found: dict[int, list[Snapshot]] = {number: [] for number in ids}
    with store.read() as connection:
        for each in readers.of_deliveries(connection, found):
            found[each.figures.delivery].append(each)
    return found


def marks_of(store: Store, ids: Collection[int]) -> dict[int, list[MarkRow]]:
    """The marks of each of these deliveries, in the order of their times."""
    found: dict[int, list[MarkRow]] = {number: [] for number in ids}
    with store.read() as connection:
        for each in reader_marks.of_deliveries(connection, found):
            found[each.delivery].append(each)
    return found


def readers_of(store: Store, delivery: int) -> tuple[Public, list[Snapshot]] | None:
    """A delivery that is or was out for real, with its snapshots, the newest last; ``None`` for any other."""
    with store.read() as connection:
        it = readers.out(connection, [delivery]).get(delivery)
        return None if it is None else (it, readers.of_deliveries(connection, [delivery]))


def newest_of_all(store: Store, veil: Veil, most: int | None = None) -> list[ReadersRow]:
    """What is out for real, the newest first."""
    with store.read() as connection:
        return [
            ReadersRow(
                id=number,
                post=post,
                title=veil.title(post, title),
                channel=channel,
                published_at=published_at,
                snapshot=snapshot,
            )
            for number, post, title, channel, published_at, snapshot in readers.newest(connection, most)
        ]
