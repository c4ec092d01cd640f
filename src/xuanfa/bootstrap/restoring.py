"""A workspace that is yet to be: a backup is tried out, and settings are read, before anything of it is there."""

import tempfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo

from xuanfa.bootstrap import marks_of, utc_now
from xuanfa.operations.archive import Reader
from xuanfa.operations.decide import Person
from xuanfa.operations.manifest import SETTINGS
from xuanfa.operations.restore import Restored, Where, restore
from xuanfa.operations.trial import try_out
from xuanfa.operations.verify import as_kept
from xuanfa.settings import database_address, load
from xuanfa.store.database import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What is in a backup that is whole."""

    taken_at: datetime
    zone: tzinfo
    posts: int
    deliveries: int
    members: int
    fingerprint: str


def check_backup(archive: Path, seal: str | None = None, *, even_if_altered: bool = False) -> Checked:
    """Read a backup through and see whether it could be restored. Raises ConfigError where it could not, or where it does not agree with
    ``seal``: one that a person has kept, or the fingerprint of the whole."""
    with closing(_checked(archive, seal, even_if_altered=even_if_altered)) as reader:
        manifest = reader.manifest
        return Checked(
            taken_at=datetime.fromisoformat(manifest.taken_at),
            zone=ZoneInfo(manifest.timezone),
            posts=manifest.counts.get("posts", 0),
            deliveries=manifest.counts.get("deliveries", 0),
            members=len(manifest.members),
            fingerprint=reader.fingerprint,
        )


def _checked(archive: Path, seal: str | None, *, even_if_altered: bool) -> Reader:
    claim = None if seal is None else as_kept(seal)
    reader = Reader(archive)
    try:
        reader.check()
        try_out(reader, claim, even_if_altered=even_if_altered)
    except BaseException:
        reader.close()
        raise
    return reader


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What whoever restores a backup has asked for besides."""

    #: Whether the backup's settings become the workspace's, where it has none: they say whereto everything is sent.
    with_settings: bool = True
    #: A seal of the history, or the fingerprint of the archive, that was kept elsewhere.
    seal: str | None = None
    even_if_altered: bool = False


def restore_workspace(
    archive: Path,
    folder: Path,
    person: Person,
    clock: Callable[[], datetime] = utc_now,
    wishes: Wishes = Wishes(),
) -> tuple[Restored, str]:
    """Check a backup and put it into ``folder``, into the database that its settings name; that database's name for people too.

    An ``xuanfa.toml`` or ``.env`` that is there already goes before the backup's. Raises ConfigError and StoreError; what is not checked
    is not written.
    """
    with closing(_checked(archive, wishes.seal, even_if_altered=wishes.even_if_altered)) as reader:
        folder = folder.absolute()
        zone, database_url = _settings(reader, folder, with_settings=wishes.with_settings)
        folder.mkdir(parents=True, exist_ok=True)
        with closing(Store(database_url)) as store:
            where = Where(
                store=store,
                folder=folder,
                zone=zone,
                now=clock(),
                person=person,
                marks=marks_of(folder),
                with_settings=wishes.with_settings,
            )
            return restore(reader, where), store.url.render_as_string(hide_password=True)


def _settings(reader: Reader, folder: Path, *, with_settings: bool) -> tuple[tzinfo, str]:
    """The zone and the database of the workspace that is to be: from its own settings, or the backup's, if they are wanted; else only what
    ``.env`` and the environment say of the database."""
    if (folder / SETTINGS).exists():
        settings = load(folder)
        return settings.zone, settings.database_url
    zone: tzinfo = ZoneInfo(reader.manifest.timezone)
    if not with_settings or f"workspace/{SETTINGS}" not in reader.manifest.members:
        return zone, database_address(folder)
    with tempfile.TemporaryDirectory() as scratch:
        settings_file = Path(scratch) / SETTINGS
        reader.extract(f"workspace/{SETTINGS}", settings_file)
        settings = load(folder, settings_file=settings_file)
    return settings.zone, settings.database_url
