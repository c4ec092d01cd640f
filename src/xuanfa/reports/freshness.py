"""How long nothing was published in each column and on each channel, and when that is too long: by the ledger and by what is scheduled."""

from collections.abc import Iterable, Mapping
from datetime import datetime, tzinfo
from typing import Any

from xuanfa.domain.freshness import Fresh, Watched, worst_first
from xuanfa.store.database import Store
from xuanfa.store.freshness import last_published, standings


def freshness(
    store: Store,
    now: datetime,
    zone: tzinfo,
    columns: Iterable[str],
    channels: Iterable[str],
    *,
    watched: Watched | None = None,
    titles: Mapping[str, str] | None = None,
) -> list[Fresh]:
    """Of these columns and channels, the worst first. ``titles`` by id, those of channels behind a ``#``."""
    shown = titles or {}
    with store.read() as connection:
        found = standings(
            connection,
            watched or Watched(),
            {("column", name): shown.get(name, name) for name in columns}
            | {("channel", name): shown.get(f"#{name}", name) for name in channels},
            now=now,
            zone=zone,
        )
    return worst_first(found)


def last_on(store: Store, channels: Iterable[str]) -> dict[str, datetime]:
    """By channel, when the last post came that is public now; of rehearsals nothing."""
    with store.read() as connection:
        return last_published(connection, (), tuple(channels))[1]


def as_json(each: Fresh) -> dict[str, Any]:
    """The contract for programs."""
    return {
        "kind": each.kind,
        "id": each.name,
        "title": each.title,
        "last": each.last,
        "days": each.days,
        "level": each.level.value,
        "stale_on": None if each.stale_on is None else each.stale_on.isoformat(),
    }
