"""Packs (发布包): what was made ready for people to bring to a platform by hand, for whoever has to fetch it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from xuanfa.adapters.protocol import KeepsFiles
from xuanfa.operations.desk import Desk


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """One pack as a single file."""

    name: str
    path: Path
    made_at: datetime
    size: int


def packs_of(desk: Desk, channel: str, hidden: Collection[str]) -> list[Pack]:
    """The packs of a channel, the newest first; none of posts that are ``hidden``, by slug."""
    adapter = desk.adapters.bound(channel)
    if not isinstance(adapter, KeepsFiles) or desk.channels[channel].kind == "site":
        return []
    found = [path for path in adapter.kept_in.glob("*.zip") if f"-{channel}-" in path.name and path.is_file()]
    shown = [path for path in found if not any(f"-{channel}-{slug}-" in path.name for slug in hidden)]
    return sorted((_pack(path) for path in shown), key=lambda pack: pack.made_at, reverse=True)


def _pack(path: Path) -> Pack:
    facts = path.stat()
    return Pack(name=path.name, path=path, made_at=datetime.fromtimestamp(facts.st_mtime, UTC), size=facts.st_size)
