"""Files of the workspace that people keep: written whole or not at all."""

import os
import tempfile
from contextlib import suppress
from pathlib import Path

from xuanfa.domain.errors import MachineError, machine_words
from xuanfa.domain.language import say


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
