"""Files of the workspace that people keep: written whole or not at all."""

import hashlib
import os
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from xuanfa.domain.errors import MachineError, StoreError, machine_words
from xuanfa.domain.language import say
from xuanfa.domain.person import Person
from xuanfa.operations.desk import Desk
from xuanfa.store import deliveries


def replace_file(path: Path, data: bytes, mode: int) -> None:
    """Write a file whole or not at all; one that was there keeps its owner where this account may give it. Raises MachineError, with nothing
    changed, where it cannot be written."""
    try:
        target = path.resolve()
        handle, made = tempfile.mkstemp(prefix=".", suffix=".part", dir=target.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                os.fchmod(file.fileno(), mode)
                if target.exists():
                    with suppress(OSError):  # another account's: it becomes this account's, as an editor would have it
                        os.fchown(file.fileno(), target.stat().st_uid, target.stat().st_gid)
                file.flush()
                os.fsync(file.fileno())
            Path(made).replace(target)
        except BaseException:
            Path(made).unlink(missing_ok=True)
            raise
        _settle(target.parent)
    except OSError as error:
        raise cannot_write(path, error) from error


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that was changed, and how to have it as it was."""

    path: Path
    before: bytes | None

    def take_back(self) -> None:
        """As it was before. Raises MachineError where that cannot be written."""
        if self.before is None:
            self.path.unlink(missing_ok=True)
        else:
            replace_file(self.path, self.before, 0o640)


def keep_file(path: Path, aside: Path, data: bytes | None, now: datetime) -> Kept:
    """Write a file, or take it away where there are no ``data``; the one of before is kept as ``aside`` with the date at its end. Raises
    MachineError, with nothing changed, where that cannot be."""
    try:
        before = path.read_bytes() if path.exists() else None
        if before is not None:
            aside.parent.mkdir(parents=True, exist_ok=True)
            replace_file(aside.with_name(f"{aside.name}.{now.astimezone():%Y-%m-%d-%H%M%S}"), before, 0o640)
        if data is None:
            path.unlink(missing_ok=True)
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            replace_file(path, data, 0o640)
    except OSError as error:
        raise cannot_write(path, error) from error
    return Kept(path, before)


def record(desk: Desk, person: Person, *, verb: str, after: str, what: str, kept: Kept) -> None:
    """The line of history of a file that was changed, with the hash of what it holds now; where it cannot be written, the file is as it was."""
    why = what + say("（{why}）", " ({why})", why=person.why) if person.why else what
    data = kept.path.read_bytes() if kept.path.exists() else b""
    try:
        with desk.store.write() as connection:
            deliveries.record_event(
                connection,
                now=desk.clock(),
                after=after,
                actor=person.signs(verb),
                why=why,
                proof=hashlib.sha256(data).hexdigest(),
            )
    except StoreError:
        kept.take_back()
        raise


def cannot_write(path: Path, error: OSError) -> MachineError:
    """One sentence for a file that could not be written."""
    return MachineError(
        say(
            "写不了 {path}：{why}。没有改任何东西；请管理员看服务器的磁盘和权限，再按一次。",
            "Cannot write {path}: {why}. Nothing was changed; whoever keeps the server should see to disk and modes, then press once more.",
            path=path,
            why=machine_words(error),
        )
    )


def _settle(folder: Path) -> None:
    """Have the folder's own entry on the disk, where the file system can."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
