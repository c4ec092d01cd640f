"""Placing a file: whole or not at all, and never over another one."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from xuanfa.domain.errors import ConfigError, machine_words
from xuanfa.domain.language import say
from xuanfa.domain.refusals import is_there_already


def refuse_existing(target: Path) -> None:
    """Raise ConfigError where something is there already."""
    if target.exists() or target.is_symlink():
        raise is_there_already(target)


@contextmanager
def placed(target: Path, *, private: bool = False) -> Iterator[IO[bytes]]:
    """A file to write into, which is at ``target`` once all has been written; where that breaks off, nothing is left.

    ``private``: for this account alone. Raises ConfigError where it cannot be written, or something is there.
    """
    refuse_existing(target)
    try:
        number, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
        try:
            with os.fdopen(number, "w+b") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
                os.fchmod(file.fileno(), 0o600 if private else 0o640)
            os.link(name, target)
        finally:
            Path(name).unlink(missing_ok=True)
    except FileExistsError:
        refuse_existing(target)
        raise
    except OSError as error:
        raise ConfigError(
            say(
                "写不了 {path}：{why}。没有留下半个文件；请检查文件夹、权限和磁盘空间。",
                "Cannot write {path}: {why}. Nothing half-made is left; check the folder, its permissions and the space.",
                path=target,
                why=machine_words(error),
            )
        ) from error
