"""A workspace that is yet to be: its settings are read out of the backup before anything of it is there."""

import tempfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo

from xuanfa.bootstrap import marks_of, utc_now
from xuanfa.operations.archive import Reader
from xuanfa.operations.backup import SETTINGS
from xuanfa.operations.decide import Person
from xuanfa.operations.restore import Restored, Where, restore
from xuanfa.settings import load
from xuanfa.store.database import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What is in a backup that is whole."""

    taken_at: datetime
    zone: tzinfo
    posts: int
    deliveries: int
    members: int


def check_backup(archive: Path) -> Checked:
    """Read a backup through and compare it with its manifest. Raises ConfigError where it is not whole."""
    with closing(Reader(archive)) as reader:
        reader.check()
        manifest = reader.manifest
        return Checked(
            taken_at=datetime.fromisoformat(manifest.taken_at),
            zone=ZoneInfo(manifest.timezone),
            posts=manifest.counts["posts"],
            deliveries=manifest.counts["deliveries"],
            members=len(manifest.members),
        )


def restore_workspace(
    archive: Path, folder: Path, person: Person, clock: Callable[[], datetime] = utc_now
) -> tuple[Restored, str]:
    """Check a backup and put it into ``folder``, into the database that its settings name; that database's name for people too.

    An ``xuanfa.toml`` or ``.env`` that is there already goes before the backup's. Raises ConfigError and StoreError; what is not checked
    is not written.
    """
    with closing(Reader(archive)) as reader:
        reader.check()
        folder = folder.absolute()
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory() as scratch:
            settings_file = folder / SETTINGS
            if not settings_file.exists():
                settings_file = Path(scratch) / SETTINGS
                reader.extract(f"workspace/{SETTINGS}", settings_file)
            settings = load(folder, settings_file=settings_file)
        with closing(Store(settings.database_url)) as store:
            marks = marks_of(folder)
            where = Where(store=store, folder=folder, zone=settings.zone, now=clock(), person=person, marks=marks)
            return restore(reader, where), store.url.render_as_string(hide_password=True)
