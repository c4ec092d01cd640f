"""Restore: put a backup into an empty workspace so that nothing that was published after it is sent again unasked.

First the database, in one transaction that also pauses everything and marks what is in doubt; then the files; ``xuanfa.toml``, which makes
a folder a workspace, last. Killed before the transaction ends, it leaves an empty database; after it, one that sends nothing, and the
same restore may be run again to fetch the files.
"""

import hashlib
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from pathlib import Path

import sqlalchemy as sa

from xuanfa.domain.act import Restore, Rule, may
from xuanfa.domain.delivery import State
from xuanfa.domain.errors import MachineError, StoreError, TakenError, machine_words
from xuanfa.domain.language import say
from xuanfa.domain.person import Person, Signature
from xuanfa.domain.remedy import Remedy
from xuanfa.domain.restoring import since_backup
from xuanfa.domain.times import in_words
from xuanfa.operations.keeping.archive import Manifest, Reader
from xuanfa.operations.keeping.holding import Hold, hold_everything
from xuanfa.operations.keeping.lost import begin_anew, note_held
from xuanfa.operations.keeping.manifest import SETTINGS
from xuanfa.operations.keeping.trial import fill
from xuanfa.store import deliveries, history, identity, locks, restores, rows
from xuanfa.store.database import SCHEMA, Store, version_of
from xuanfa.store.marks import Marks

_PREFIX = "workspace/"
#: Where a channel's folder goes that lay outside the old workspace.
_ELSEWHERE = "restored"


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """A workspace that is yet to be: whereto the backup that ``reader`` has checked is put."""

    reader: Reader
    store: Store
    folder: Path
    zone: tzinfo
    clock: Callable[[], datetime]
    #: What is noted outside the database about this workspace.
    marks: Marks
    #: Who may do what.
    may: Rule = may


@dataclass(slots=True, kw_only=True)
class Restored:
    """What was put back. ``doubted`` deliveries may have been sent since the backup; ``kept`` files were there already and stay."""

    taken_at: datetime
    #: The kinds of the database that was backed up and of the one that it is in now.
    databases: tuple[str, str]
    doubted: int = 0
    held: int = 0
    files: int = 0
    kept: list[str] = field(default_factory=list)
    #: Channels whose folder lay outside the workspace: where it lies now, and where it was.
    elsewhere: dict[str, tuple[Path, str]] = field(default_factory=dict)
    #: Where the backup's settings lie beside the workspace's own, for a person to look at; ``None`` where they are in use, or the same.
    settings_aside: Path | None = None
    #: What should be known of the files, in sentences.
    notices: tuple[str, ...] = ()


def restore(where: Where, act: Restore, person: Person) -> Restored:
    """Put back a backup that has been checked. Raises StoreError for a database that holds anything, MachineError for files."""
    reader, now, by = where.reader, where.clock(), person.signs(act.verb)
    manifest = reader.manifest
    kinds = (manifest.database, where.store.engine.dialect.name)
    done = Restored(taken_at=datetime.fromisoformat(manifest.taken_at), databases=kinds)
    if where.store.file is not None:
        where.store.file.parent.mkdir(parents=True, exist_ok=True)
    with where.store.write() as connection:
        locks.hold(connection, "upgrade")
        if not _is_begun(connection, manifest, where.store):
            fill(connection, reader)
            _mark(connection, where, by, now)
        for before in deliveries.unfinished(connection):
            done.doubted += before.restored and before.state is State.UNKNOWN
            done.held += before.restored and before.state is State.HELD
    try:
        for name in ("var", "posts"):
            (where.folder / name).mkdir(parents=True, exist_ok=True)
        _put_folders(reader, where.folder, done)
        for name in reader.below(_PREFIX):
            if name != _PREFIX + SETTINGS:
                _put(reader, name, where.folder, done)
        os.sync()
        _put_settings(where, act, done)
    except OSError as error:
        raise MachineError(
            say(
                "写不了 {path}：{why}。数据库已恢复并暂停发送；解决后再运行一次同样的 {restore}，会接着写文件。",
                "Cannot write {path}: {why}. The database is restored and sends nothing; mend it and run the same restore again for the files.",
                path=error.filename or where.folder,
                why=machine_words(error),
                restore=Remedy("restore"),
            )
        ) from error
    with where.store.write() as connection:
        restores.finish(connection, now)
        me, far = identity.get(connection), history.far(connection)
    note_held(where.marks, me, far, now)
    return done


def _is_begun(connection: sa.Connection, manifest: Manifest, store: Store) -> bool:
    """Whether an earlier run has put the rows of this backup there and then not come to its end."""
    found = version_of(connection)
    if found is not None:
        store.require_known(found)
    if rows.is_empty(connection) or (found == SCHEMA and restores.is_provisional(connection)):
        return False
    last = restores.latest(connection) if found == SCHEMA else None
    if last is not None and last.backup == manifest.id and last.finished_at is None:
        return True
    raise (TakenError if found == SCHEMA else StoreError)(
        say(
            "这里的数据库已有内容，没有覆盖：请换一个空文件夹（-w），或在 database_url 里换一个空数据库。",
            "The database here holds something and was not overwritten: take an empty folder (-w), or name an empty database in database_url.",
        )
    )


def _mark(connection: sa.Connection, where: Where, by: Signature, now: datetime) -> None:
    """Pause everything, put in doubt or hold whatever may have been sent since the backup, and keep what the marks say of that time."""
    manifest = where.reader.manifest
    taken_at = datetime.fromisoformat(manifest.taken_at)
    shown = in_words(taken_at, where.zone)
    why = say(
        "从 {at} 的备份恢复，其后发布过什么这里不知道：请确认旧机器已停、稿件文件夹已放好，核对待核实和暂缓的投递，再用 {resume}",
        "restored from the backup of {at}; what was published since is not known here: see that the old machine is off and the posts are "
        "in place, settle what is unknown or held, then run {resume}",
        at=shown,
        resume=Remedy("resume"),
    )
    hold = Hold(
        backup=manifest.id,
        taken_at=taken_at,
        now=now,
        actor=by,
        since=since_backup(shown),
        why=why,
    )
    hold_everything(connection, hold)
    begin_anew(connection, where.marks, now, by)


def _put_folders(reader: Reader, folder: Path, done: Restored) -> None:
    """The channels' folders, each whole or not at all. One that holds something already is newer than the backup, and stays."""
    for channel, written in reader.manifest.folders.items():
        prefix, target = f"folders/{channel}/", folder / written
        if Path(written).is_absolute():
            target = folder / _ELSEWHERE / channel
            done.elsewhere[channel] = (target, written)
        if target.is_dir() and any(target.iterdir()):
            done.kept.append(f"{target}{os.sep}")
            continue
        scratch = target.with_name(f"{target.name}.restoring")
        shutil.rmtree(scratch, ignore_errors=True)
        scratch.mkdir(parents=True)
        places = [(name, mode) for name, mode in sorted(reader.manifest.places.items()) if name.startswith(prefix)]
        for name, _ in places:
            (scratch / name.removeprefix(prefix)).mkdir(parents=True, exist_ok=True)
        for name in reader.below(prefix):
            reader.extract(name, scratch / name.removeprefix(prefix))
            done.files += 1
        for name, mode in reversed(places):
            (scratch / name.removeprefix(prefix)).chmod(mode)  # afterwards: one may be closed to writing
        scratch.rename(target)


def _put(reader: Reader, name: str, folder: Path, done: Restored) -> None:
    target = folder / name.removeprefix(_PREFIX)
    if target.exists():
        if target.stat().st_mtime_ns != reader.manifest.members[name].changed_ns:
            done.kept.append(str(target))
        return
    reader.extract(name, target)
    done.files += 1


def _put_settings(where: Where, act: Restore, done: Restored) -> None:
    """The settings, which say whereto everything is sent: in their place only where they are wanted and there are none; else beside it."""
    reader, name, target = where.reader, _PREFIX + SETTINGS, where.folder / SETTINGS
    if name not in reader.manifest.members:
        return  # a workspace may be set up by its environment alone
    if target.exists() and hashlib.sha256(target.read_bytes()).hexdigest() == reader.manifest.members[name].sha256:
        return
    if target.exists() or not act.with_settings:
        target = target.with_name(ASIDE)
        done.settings_aside = target
    reader.extract(name, target)
    done.files += 1


#: The settings of a backup as they lie beside a workspace's own.
ASIDE = f"{SETTINGS}.restored"
