"""A workspace that is yet to be: a backup is tried out, and settings are read, before anything of it is there."""

import tempfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo

from xuanfa.bootstrap import marks_of, utc_now
from xuanfa.domain.act import Restore
from xuanfa.domain.person import Person
from xuanfa.operations.deciding.door import carry_out
from xuanfa.operations.keeping.archive import Reader
from xuanfa.operations.keeping.manifest import SETTINGS
from xuanfa.operations.keeping.restore import Restored, Where
from xuanfa.operations.keeping.trial import try_out
from xuanfa.operations.keeping.verify import as_kept
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
    #: What should be known of its files, in sentences.
    notices: tuple[str, ...] = ()


def check_backup(
    archive: Path,
    seal: str | None = None,
    clock: Callable[[], datetime] = utc_now,
    *,
    even_if_altered: bool = False,
) -> Checked:
    """Read a backup through and see whether it could be restored. Raises ConfigError where it could not, or where it does not agree with
    ``seal``: one that a person has kept, or the fingerprint of the whole."""
    reader, notices = _checked(archive, clock(), seal, even_if_altered=even_if_altered)
    with closing(reader):
        manifest = reader.manifest
        return Checked(
            taken_at=datetime.fromisoformat(manifest.taken_at),
            zone=ZoneInfo(manifest.timezone),
            posts=manifest.counts.get("posts", 0),
            deliveries=manifest.counts.get("deliveries", 0),
            members=len(manifest.members),
            fingerprint=reader.fingerprint,
            notices=notices,
        )


def _checked(
    archive: Path, now: datetime, seal: str | None, *, even_if_altered: bool
) -> tuple[Reader, tuple[str, ...]]:
    claim = None if seal is None else as_kept(seal)
    reader = Reader(archive)
    try:
        reader.check()
        notices = try_out(reader, now, claim, even_if_altered=even_if_altered)
    except BaseException:
        reader.close()
        raise
    return reader, tuple(notices)


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
    reader, notices = _checked(archive, clock(), wishes.seal, even_if_altered=wishes.even_if_altered)
    with closing(reader):
        folder = folder.absolute()
        zone, database_url = _settings(reader, folder, with_settings=wishes.with_settings)
        folder.mkdir(parents=True, exist_ok=True)
        with closing(Store(database_url)) as store:
            where = Where(reader=reader, store=store, folder=folder, zone=zone, clock=clock, marks=marks_of(folder))
            done = carry_out(where, Restore(with_settings=wishes.with_settings), person)
            return replace(done, notices=notices), store.url.render_as_string(hide_password=True)


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
