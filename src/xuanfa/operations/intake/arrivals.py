"""Arrivals: files that somebody hands over by name, put into ``posts/`` as staff would."""

import os
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from xuanfa.content.reading import beside
from xuanfa.content.reading.kinds import not_read, suffix_of
from xuanfa.content.reading.sources import read_source
from xuanfa.domain.errors import ConfigError, ContentError, Place, machine_words
from xuanfa.domain.language import say
from xuanfa.operations.desk import Desk


def bring(desk: Desk, files: Sequence[Path]) -> list[str]:
    """Put files into ``posts/``, each with the file beside it, and say so; what lies there already is left as it is. Nothing is put there
    unless all can be. Raises ContentError for what holds no post or has the name of another one, and ConfigError."""
    arriving: list[tuple[Path, bytes]] = []
    for file in files:
        if _is_inside(file, desk.posts_folder):
            continue
        if not suffix_of(file.name):
            raise ContentError(not_read(), Place(str(file)))
        sidecar = beside.path_of(file)
        for each in (file, *([sidecar] if sidecar is not None and os.path.lexists(sidecar) else [])):
            target, data = desk.posts_folder / each.name, read_source(each, str(each))
            if not os.path.lexists(target):
                arriving.append((target, data))
            elif not target.is_file() or target.read_bytes() != data:
                raise ContentError(_taken(target), Place(str(each)))
    # The file beside a document first: it must not be read without.
    for target, data in sorted(arriving, key=lambda each: each[0].suffix != beside.ENDING):
        _put(target, data, desk.clock() - desk.still)
    return [
        say("{name}：已放进 {folder}。", "{name}: put into {folder}.", name=target.name, folder=target.parent)
        for target, _ in arriving
    ]


def _is_inside(file: Path, folder: Path) -> bool:
    return file.resolve().is_relative_to(folder.resolve())


def _put(target: Path, data: bytes, since: datetime) -> None:
    """Whole or not at all: what begins with ``_`` is not read. It is dated as what has lain still ``since`` then, so that it is read at once and
    not taken for half copied."""
    half = target.with_name(f"_{target.name}.{os.getpid()}")
    try:
        with half.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.utime(half, (since.timestamp(), since.timestamp()))
        os.link(half, target)
    except FileExistsError as error:
        raise ContentError(_taken(target), Place(target.name)) from error
    except OSError as error:
        raise ConfigError(
            say(
                "写不进 {folder}（{why}）：请检查磁盘空间和权限。",
                "Cannot write into {folder} ({why}): see disk space and permissions.",
                folder=target.parent,
                why=machine_words(error),
            )
        ) from error
    finally:
        half.unlink(missing_ok=True)


def _taken(target: Path) -> str:
    return say(
        "{folder} 里已有另一个 {name}，没有放进去。要换掉它，请直接替换那里的文件；是另一篇就改名。",
        "There is another {name} in {folder}, and nothing was put there. Replace that file yourself, or rename this one.",
        folder=target.parent,
        name=target.name,
    )
