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
from stat import S_ISDIR, S_ISREG
from uuid import uuid4

from xuanfa import __version__
from xuanfa.adapters.protocol import KeepsFiles
from xuanfa.domain.errors import ConfigError, machine_words
from xuanfa.domain.language import say
from xuanfa.domain.shown import file_name
from xuanfa.operations.desk import Desk
from xuanfa.operations.keeping.archive import PARTIAL, Manifest, Writer
from xuanfa.operations.keeping.manifest import FOLDERS, SETTINGS, fault_of, hash_of, is_name
from xuanfa.operations.keeping.members import Known, compare, known
from xuanfa.operations.keeping.seal import seal
from xuanfa.store import chain, channels, rows
from xuanfa.store.database import SCHEMA

#: The name of a backup in a folder of backups; sorted by name they are sorted by age.
_NAME = "xuanfa-{:%Y%m%d-%H%M%S}.zip"
#: Under which the folder of the newest backup is remembered, so that ``doctor`` sees who can read it: scope and name.
BACKUPS = ("backup", "folder")
_SQLITE = b"SQLite format 3\0"
#: In this folder people put things, so that whatever is odd there is told.
_POSTS = "posts"
#: What lies beside an SQLite file that is open; a copy made by SQLite itself needs none of it.
_BESIDE = ("-wal", "-shm", "-journal")


@dataclass(frozen=True, slots=True, kw_only=True)
class BackedUp:
    """A backup that was made. ``missing`` are pictures, and what readers could see of what was withdrawn, that the database names and that
    are not there as they were, by their hashes;
    ``left_out`` are files whose names do not fit, ``odd`` what is no file that could be read, each with the reason."""

    path: Path
    size: int
    taken_at: datetime
    counts: dict[str, int]
    files: int
    seal: chain.Seal | None
    #: The fingerprint of the whole archive: whoever keeps it can prove later that not a byte of it was changed.
    fingerprint: str
    missing: tuple[str, ...]
    left_out: tuple[tuple[str, str], ...]
    odd: tuple[tuple[str, str], ...]
    #: Files of ``posts/`` that are not as the database knows them.
    unread: tuple[str, ...]
    removed: tuple[Path, ...]


def backup(desk: Desk, target: Path, keep: int | None = None) -> BackedUp:
    """Write a backup to ``target``, or under a name of its own into it where it is a folder; older ones beyond ``keep`` are removed then.

    Nobody who publishes waits for it. It holds no secrets of ``.env`` and no tokens. Raises ConfigError; nothing half-made is left, and what
    a kill leaves does not open as a backup.
    """
    _require_target(target, keep)
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
        knows, last = _write_rows(desk, writer)
        left_out, odd = [], _Odd(desk.folder)
        for name, file in _files(desk, manifest, writer.partial, odd):
            fault = fault_of(name)
            if fault:
                left_out.append((file_name(name), fault))
            elif odd.can_read(file) and not _is_altered(name, file):
                _write_file(writer, name, file)
        manifest.unread = compare(knows, manifest).not_as_read
        size = writer.finish()
    with desk.store.write() as connection:
        channels.keep(connection, *BACKUPS, str(path.parent.absolute()), None)
    kept = {hash_of(name) for name in manifest.members}
    return BackedUp(
        path=path,
        size=size,
        taken_at=taken_at,
        counts=manifest.counts,
        files=sum(not name.startswith("database/") for name in manifest.members),
        seal=last,
        fingerprint=writer.fingerprint,
        left_out=tuple(left_out),
        odd=tuple(odd.found.items()),
        unread=tuple(manifest.unread),
        missing=tuple(sorted((knows.pictures | knows.snapshots) - kept)),
        removed=_remove_older(folder, keep) if folder and keep else (),
    )


def _require_target(target: Path, keep: int | None) -> None:
    """Raise ConfigError where what was named could be a folder that is not there: it would become a file of that name."""
    if target.is_dir():
        return
    if not target.exists() and target.suffix.lower() != ".zip":
        raise ConfigError(
            say(
                "没有文件夹 {path}，没有备份。要备份到文件夹，请先建立它：mkdir -p {path}；要备份成一个文件，文件名请以 .zip 结尾。",
                "There is no folder {path}, and no backup was made. Make it first: mkdir -p {path}; or name a file that ends in .zip.",
                path=target,
            )
        )
    if keep is not None:
        raise ConfigError(
            say(
                "--keep 只能和文件夹一起用，它删除文件夹里更早的备份；{path} 不是文件夹。请写文件夹，如 {folder}，或去掉 --keep。",
                "--keep goes with a folder, whose older backups it removes; {path} is none. Name a folder such as {folder}, or leave --keep out.",
                path=target,
                folder=target.parent,
            )
        )


def _write_rows(desk: Desk, writer: Writer) -> tuple[Known, chain.Seal | None]:
    """Every table at one moment; what the database knew of files then, and its newest seal."""
    manifest = writer.manifest
    with desk.store.read() as connection:
        for table in rows.TABLES:
            manifest.counts[table] = writer.rows(f"database/{table}.jsonl", rows.dump(connection, table))
        last = chain.latest(connection)
        knows = known(connection)
    if last is not None:
        manifest.seal = {"number": last.number, "hash": last.hash}
    return knows, last


def _files(desk: Desk, manifest: Manifest, partial: Path, odd: "_Odd") -> Iterator[tuple[str, Path]]:
    """What to take, by the name it gets. Files that are still being written, ours among them, are not taken."""
    yield f"workspace/{SETTINGS}", desk.folder / SETTINGS
    for folder in FOLDERS:
        for path in _below(desk.folder / folder, odd, hidden=False):
            if folder == _POSTS:
                odd.note_kind(path)
            if os.path.isfile(path) and path != partial:  # noqa: PTH113 - what cannot be looked at is none, and raises nothing
                yield f"workspace/{path.relative_to(desk.folder).as_posix()}", path
    for channel, root in _channel_folders(desk):
        manifest.folders[channel] = (
            root.relative_to(desk.folder).as_posix() if root.is_relative_to(desk.folder) else str(root)
        )
        for path in _below(root, odd, hidden=True):
            name = f"folders/{channel}/{path.relative_to(root).as_posix()}"
            if os.path.isdir(path):  # noqa: PTH112
                if is_name(name):
                    manifest.places[name] = path.stat().st_mode & 0o777
            elif os.path.isfile(path) and path != partial and not path.name.endswith(_BESIDE):  # noqa: PTH113
                yield name, path


def _channel_folders(desk: Desk) -> Iterator[tuple[str, Path]]:
    seen = set[Path]()
    for channel in desk.channels:
        adapter = desk.adapters.bound(channel)
        if isinstance(adapter, KeepsFiles) and adapter.kept_in.is_dir() and adapter.kept_in not in seen:
            seen.add(adapter.kept_in)
            yield channel, adapter.kept_in


class _Odd:
    """Entries that no backup can hold: each is left out and named, and the others are taken all the same."""

    def __init__(self, workspace: Path) -> None:
        self._workspace = workspace
        #: Why, by the name of people.
        self.found: dict[str, str] = {}

    def note(self, path: Path, why: str) -> None:
        """Leave it out."""
        within = path.relative_to(self._workspace) if path.is_relative_to(self._workspace) else path
        self.found[file_name(within.as_posix())] = why

    def note_kind(self, path: Path) -> None:
        """Leave out what is neither a file nor a folder: a link into nothing, a pipe, a device."""
        try:
            mode = path.stat().st_mode
        except FileNotFoundError:
            if path.is_symlink():
                self.note(path, say("链接指向的文件不存在", "a link to a file that is not there"))
        except OSError as error:
            self.note(path, machine_words(error))
        else:
            if not S_ISREG(mode) and not S_ISDIR(mode):
                self.note(path, say("不是普通文件", "no plain file"))

    def leads_back(self, path: Path, folder: Path) -> bool:
        """Whether a link below ``folder`` leads to it, above it or into the workspace's own data, which would be packed once more, secrets
        included; it is left out."""
        try:
            target = path.resolve() if path.is_symlink() else None
        except (OSError, RuntimeError):
            return False  # a link to itself, which is told as such
        own = (self._workspace / "var").resolve()
        if target is None or not (folder.resolve().is_relative_to(target) or target.is_relative_to(own)):
            return False
        self.note(path, say("链接指回工作区自己", "a link that leads back into the workspace"))
        return True

    def can_read(self, path: Path) -> bool:
        """Whether it can be read; what cannot is left out, but not what has gone since."""
        try:
            path.open("rb").close()
        except FileNotFoundError:
            return False
        except OSError as error:
            self.note(path, machine_words(error))
            return False
        return True


def _below(folder: Path, odd: _Odd, *, hidden: bool) -> Iterator[Path]:
    """Everything below a folder, links followed, but never in a circle; what is hidden only where it belongs to it."""
    seen, todo = set[tuple[int, int]](), [folder]
    while todo:
        here = todo.pop()
        try:
            stat = here.stat()
            entries = sorted(os.scandir(here), key=lambda entry: entry.name)
        except FileNotFoundError:
            continue  # not there, or gone since
        except OSError as error:
            odd.note(here, machine_words(error))
            continue
        if (stat.st_dev, stat.st_ino) in seen:
            continue
        seen.add((stat.st_dev, stat.st_ino))
        for entry in entries:
            if (entry.name.startswith(".") and not hidden) or entry.name.endswith(PARTIAL):
                continue
            if odd.leads_back(Path(entry.path), folder):
                continue
            yield Path(entry.path)
            # Not the entry's own question, which raises for a link that leads to itself.
            if os.path.isdir(entry.path):  # noqa: PTH112
                todo.append(Path(entry.path))


def _is_altered(name: str, path: Path) -> bool:
    """Whether a kept picture, or what readers could see, is not what its name says: it is as good as missing, and a backup with it would be
    refused."""
    expected = hash_of(name)
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
