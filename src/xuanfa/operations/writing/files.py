"""Files below ``posts/``: written whole or not at all, and the group's to change."""

import os
import tempfile
from pathlib import Path

from xuanfa.domain.errors import ConfigError, machine_words
from xuanfa.domain.language import say
from xuanfa.operations.keeping.access import share_with_group


def write_bytes(path: Path, data: bytes) -> None:
    """Write a file of a post whole or not at all; one that was there keeps its mode. Raises ConfigError where it cannot be written."""
    try:
        if not path.parent.is_dir():
            path.parent.mkdir(parents=True)
            share_with_group(path.parent)
        handle, made = tempfile.mkstemp(prefix=".", suffix=".part", dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            share_with_group(Path(made))
            if path.exists():
                Path(made).chmod(path.stat().st_mode & 0o7777)
            Path(made).replace(path)
        except BaseException:
            Path(made).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise ConfigError(
            say(
                "写不了 {path}：{why}。字都在草稿里，没有丢；请管理员看磁盘和权限。",
                "Cannot write {path}: {why}. All is in the draft; whoever keeps the server should look at disk and modes.",
                path=path,
                why=machine_words(error),
            )
        ) from error
