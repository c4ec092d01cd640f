"""Files below ``posts/``: written whole or not at all, and the group's to change."""

from pathlib import Path

from xuanfa.domain.errors import ConfigError, machine_words
from xuanfa.domain.language import say
from xuanfa.operations.keeping.whole import write_whole


def write_bytes(path: Path, data: bytes) -> None:
    """Write a file of a post whole or not at all; one that was there keeps its mode. Raises ConfigError where it cannot be written."""
    try:
        write_whole(path, data)
    except OSError as error:
        raise ConfigError(
            say(
                "写不了 {path}：{why}。字都在草稿里，没有丢；请管理员看磁盘和权限。",
                "Cannot write {path}: {why}. All is in the draft; whoever keeps the server should look at disk and modes.",
                path=path,
                why=machine_words(error),
            )
        ) from error
