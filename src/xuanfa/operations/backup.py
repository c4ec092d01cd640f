"""Backup: the database as it is at one moment, then every file that belongs to it, in one file, while everything goes on."""

import hashlib
import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import uuid4

from xuanfa import __version__
from xuanfa.adapters.protocol import KeepsFiles
from xuanfa.domain.errors import ConfigError
from xuanfa.domain.language import say
from xuanfa.operations.archive import PARTIAL, Manifest, Writer
from xuanfa.operations.desk import Desk
from xuanfa.operations.manifest import FOLDERS, SETTINGS, is_name, picture_of
from xuanfa.operations.seal import seal
from xuanfa.store import chain, posts, rows
from xuanfa.store.database import SCHEMA

#: The name of a backup in a folder of backups; sorted by name they are sorted by age.
_NAME = "xuanfa-{:%Y%m%d-%H%M%S}.zip"
_SQLITE = b"SQLite format 3\0"
#: What lies beside an SQLite file that is open; a copy made by SQLite itself needs none of it.
_BESIDE = ("-wal", "-shm", "-journal")


@dataclass(frozen=True, slots=True, kw_only=True)
class BackedUp:
    """A backup that was made. ``missing`` are pictures that the database names and that are not there as they were, by their hashes;
    ``left_out`` are files whose names no other machine would understand."""

    path: Path
    size: int
    taken_at: datetime
    counts: dict[str, int]
    files: int
    seal: chain.Seal | None
    #: Of the whole archive: whoever keeps it can prove later that not a byte of it was changed.
    fingerprint: str
    missing: tuple[str, ...]
    left_out: tuple[str, ...]
    removed: tuple[Path, ...]


def backup(desk: Desk, target: Path, keep: int | None = None) -> BackedUp:
    """Write a backup to ``target``, or under a name of its own into it where it is a folder; older ones beyond ``keep`` are removed then.

    Nobody who publishes waits for it. It holds no secrets of ``.env`` and no tokens. Raises ConfigError; nothing half-made is left, and what
    a kill leaves does not open as a backup.
    """
    if keep is not None and not target.is_dir():
        raise ConfigError(
            say(
                "--keep 要与文件夹一起用，{path} 不是文件夹。",
                "--keep goes with a folder; {path} is none.",
                path=target,
            )
        )
    seal(desk)
    taken_at = desk.clock()
    folder = target if target.is_dir() else None
    path = folder / _NAME.format(taken_at.astimezone(desk.zone)) if folder else target
    manifest = Manifest(
        id=uuid4().hex,
        xuanfa=__version__,
        schema=SCHEMA,
        database=desk.store.engine.dialect.name,
        taken_at=taken_at.isoformat(),
        timezone=str(desk.zone),
    )
    with Writer(path, manifest) as writer:
        named, last = _write_rows(desk, writer)
        left_out = []
        for name, file in _files(desk, manifest, writer.partial):
            if not is_name(name):
                left_out.append(ascii(name))
            elif not _is_altered_picture(name, file):
                _write_file(writer, name, file)
        size = writer.finish()
    kept = {Path(name).stem for name in manifest.members if name.startswith("workspace/var/media/")}
    return BackedUp(
        path=path,
        size=size,
        taken_at=taken_at,
        counts=manifest.counts,
        files=sum(not name.startswith("database/") for name in manifest.members),
        seal=last,
        fingerprint=writer.fingerprint,
        left_out=tuple(left_out),
        missing=tuple(sorted(named - kept)),
        removed=_remove_older(folder, keep) if folder and keep else (),
    )


def _write_rows(desk: Desk, writer: Writer) -> tuple[set[str], chain.Seal | None]:
    """Every table at one moment; the hashes of pictures it names, and its newest seal."""
    manifest = writer.manifest
    with desk.store.read() as connection:
        for table in rows.TABLES:
            manifest.counts[table] = writer.rows(f"database/{table}.jsonl", rows.dump(connection, table))
        last = chain.latest(connection)
        named = posts.pictures(connection)
    if last is not None:
        manifest.seal = {"number": last.number, "hash": last.hash}
    return named, last


def _files(desk: Desk, manifest: Manifest, partial: Path) -> Iterator[tuple[str, Path]]:
    """What to take, by the name it gets. Files that are still being written, ours among them, are not taken."""
    yield f"workspace/{SETTINGS}", desk.folder / SETTINGS
    for folder in FOLDERS:
        for path in _below(desk.folder / folder, hidden=False):
            if path.is_file() and path != partial:
                yield f"workspace/{path.relative_to(desk.folder).as_posix()}", path
    for channel, root in _channel_folders(desk):
        manifest.folders[channel] = (
            root.relative_to(desk.folder).as_posix() if root.is_relative_to(desk.folder) else str(root)
        )
        for path in _below(root, hidden=True):
            name = f"folders/{channel}/{path.relative_to(root).as_posix()}"
            if path.is_dir():
                if is_name(name):
                    manifest.places[name] = path.stat().st_mode & 0o777
            elif path.is_file() and path != partial and not path.name.endswith(_BESIDE):
                yield name, path


def _channel_folders(desk: Desk) -> Iterator[tuple[str, Path]]:
    seen = set[Path]()
    for channel in desk.channels:
        adapter = desk.adapters.bound(channel)
        if isinstance(adapter, KeepsFiles) and adapter.kept_in.is_dir() and adapter.kept_in not in seen:
            seen.add(adapter.kept_in)
            yield channel, adapter.kept_in


def _below(folder: Path, *, hidden: bool) -> Iterator[Path]:
    """Everything below a folder, links followed, but never in a circle; what is hidden only where it belongs to it."""
    seen, todo = set[tuple[int, int]](), [folder]
    while todo:
        here = todo.pop()
        try:
            stat = here.stat()
            entries = sorted(os.scandir(here), key=lambda entry: entry.name)
        except FileNotFoundError:
            continue  # not there, or gone since
        if (stat.st_dev, stat.st_ino) in seen:
            continue
        seen.add((stat.st_dev, stat.st_ino))
        for entry in entries:
            if (entry.name.startswith(".") and not hidden) or entry.name.endswith(PARTIAL):
                continue
            yield Path(entry.path)
            if entry.is_dir():
                todo.append(Path(entry.path))


def _is_altered_picture(name: str, path: Path) -> bool:
    """Whether a kept picture is not what its name says: it is as good as missing, and a backup with it would be refused."""
    expected = picture_of(name)
    if expected is None:
        return False
    with suppress(FileNotFoundError), path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() != expected
    return False


def _write_file(writer: Writer, name: str, path: Path) -> None:
    """A file; a channel's own SQLite database (the website's catalogue) as SQLite copies it, since it may be written to just now."""
    try:
        with path.open("rb") as file:
            is_database = file.read(len(_SQLITE)) == _SQLITE
    except FileNotFoundError:
        return  # gone since
    if not is_database:
        writer.file(name, path)
        return
    with tempfile.TemporaryDirectory(dir=writer.partial.parent, prefix=f"{writer.partial.name}.") as scratch:
        copy = Path(scratch) / path.name
        with closing(sqlite3.connect(path, timeout=20)) as source, closing(sqlite3.connect(copy)) as target:
            source.backup(target)
        copy.chmod(path.stat().st_mode & 0o777)
        writer.file(name, copy)


def _remove_older(folder: Path, keep: int) -> tuple[Path, ...]:
    older = sorted(folder.glob("xuanfa-????????-??????.zip"))[:-keep]
    for path in older:
        path.unlink(missing_ok=True)
    return tuple(older)
