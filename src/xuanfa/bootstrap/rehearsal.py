"""A desk to rehearse at: the workspace's settings with every channel in rehearsal, and everything that is written kept in a scratch folder."""

import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from xuanfa.adapters.registry import adapter_class
from xuanfa.bootstrap import make_desk, utc_now
from xuanfa.engine.once import one_pass
from xuanfa.engine.workers import Workers
from xuanfa.events import configure_logging
from xuanfa.operations.practising.practice import Arrival, Practice
from xuanfa.rehearsal import Journal, journal_of
from xuanfa.rehearsal.witness import Witness, files_for
from xuanfa.settings import Settings, load
from xuanfa.store.database import Store

#: What adapters that write files add to the name of the folder of a rehearsed channel.
_REHEARSED = ".rehearsal"


class HandClock:
    """A clock that stands until it is set."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        """The time that it shows."""
        return self.now

    def set(self, moment: datetime) -> None:
        """Show another time; never an earlier one."""
        self.now = max(self.now, moment)


@contextmanager
def rehearsal_desk(
    folder: Path,
    scratch: Path,
    clock: HandClock | None = None,
    *,
    tells_all: bool = False,
    printed: Mapping[str, str] | None = None,
) -> Iterator[Practice]:
    """A workspace's desk for practice, with an empty database, closed at the end. What ``scratch`` held before is thrown away.
    ``printed`` is how people are, since nobody is a user there. ``tells_all``: whoever practises may know whatever is found, also of a restricted
    post. Who is on its list was asked before.

    Posts and templates are the workspace's own; nothing else of it is read, and nothing outside ``scratch`` is written. Raises
    ConfigError for settings.
    """
    clock = clock or HandClock(utc_now())
    settings = _rehearsed(load(folder, looking=True))  # nothing of it needs a secret
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(parents=True)
    store = Store(f"sqlite:///{scratch / 'xuanfa.db'}")
    received = _Received(settings, scratch)
    try:
        made, secrets = make_desk(settings, store, clock, scratch=scratch, witness=received.witness)
        configure_logging(secrets, verbose=False)
        # Every channel is a practice platform here, and a sample needs no twins of them.
        desk = replace(
            made,
            emit=lambda _change: None,
            tells_all=tells_all,
            printed=printed or {},
            # It shows what readers will see: nobody has to approve that first.
            reviews=replace(made.reviews, is_waived=True),
            knows_user=lambda _connection, _name: True,
            samples=frozenset(),
        )
        with Workers(desk.adapters, desk.in_flight, desk.clock) as workers:
            yield Practice(
                desk=desk,
                folder=scratch,
                run_pass=lambda: one_pass(desk, workers=workers, scan=False),
                set_clock=clock.set,
                received=received,
            )
    finally:
        store.close()


def _rehearsed(settings: Settings) -> Settings:
    """Every channel in rehearsal; those that write into a folder, into one of their own below the scratch folder."""
    channels = {id_: {**raw, "rehearsal": True} for id_, raw in settings.channels.items()}
    for id_, raw in channels.items():
        if "directory" in adapter_class(raw["adapter"]).Config.model_fields:
            raw["directory"] = id_
    return settings.model_copy(update={"channels": channels})


@dataclass(frozen=True)
class _Received:
    """What has come to the other side, as data; for the operation, which knows no platform."""

    settings: Settings
    scratch: Path

    def witness(self, channel: str, platform: Any) -> Witness:
        """Keeps what the platform of a channel is handed."""
        return Witness(platform, self._handed(channel))

    def arrivals(self, channel: str) -> Sequence[Arrival]:
        """The requests of a channel, in order, with the files that came with them."""
        return [
            Arrival(
                at=found.at,
                path=found.path,
                body=found.body,
                answer=found.answer,
                accepted=found.accepted,
                files=tuple(files_for(self._handed(channel), found.answer)),
            )
            for found in self._journal(channel).received()
        ]

    def records(self, channel: str) -> Mapping[str, Any]:
        """What the platform holds besides, by name: drafts, articles."""
        journal = self._journal(channel)
        if not journal.file.exists():
            return {}
        with journal.turn() as turn:
            return turn.things("")

    def written(self, channel: str) -> Path | None:
        """The folder that a channel without a platform writes into, if it has."""
        folder = self.scratch / f"{channel}{_REHEARSED}"
        return folder if folder.is_dir() else None

    def file_at(self, address: str) -> Path | None:
        """The file behind an address of a site that was written here."""
        for base, folder in self._sites.items():
            if address.startswith(base):
                path = folder / unquote(address.removeprefix(base).partition("#")[0].partition("?")[0]).lstrip("/")
                found = path / "index.html" if path.is_dir() else path
                return found if found.is_file() and folder in found.resolve().parents else None
        return None

    def is_of_site(self, address: str) -> bool:
        """Whether the address is one of a site that was written here, whatever is there."""
        return any(address.startswith(f"{base}/") for base in self._sites)

    @cached_property
    def _sites(self) -> dict[str, Path]:
        return {
            str(raw["base_url"]).rstrip("/"): (self.scratch / f"{id_}{_REHEARSED}").resolve()
            for id_, raw in self.settings.channels.items()
            if "directory" in raw and raw.get("base_url")
        }

    def _journal(self, channel: str) -> Journal:
        return journal_of(self.scratch / "rehearsal", channel)

    def _handed(self, channel: str) -> Path:
        return self.scratch / "handed" / channel
