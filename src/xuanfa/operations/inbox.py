"""The inbox: which files of ``posts/`` have changed since they were last read."""

import hashlib
import os
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from xuanfa.domain.errors import ConfigError, machine_words
from xuanfa.domain.language import say
from xuanfa.store.posts import SeenFile


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxFile:
    """A file that may hold a post. ``shown_as`` is its name for people: ``posts/2026/a.md``."""

    path: Path
    shown_as: str
    size: int
    changed_ns: int

    @property
    def changed_at(self) -> datetime:
        """When it was last changed."""
        return datetime.fromtimestamp(self.changed_ns / 1e9, UTC)

    def is_as(self, seen: SeenFile | None) -> bool:
        """Whether nothing points to a change since it was ``seen``."""
        return seen is not None and (seen.size, seen.changed_ns) == (self.size, self.changed_ns)

    def has_changed(self) -> bool:
        """Whether it is no longer as it was when the inbox was listed, or gone."""
        try:
            stat = self.path.stat()
        except OSError:
            return True
        return (stat.st_size, stat.st_mtime_ns) != (self.size, self.changed_ns)

    def seen(self, digest: str, post_id: int | None = None, problems: tuple[str, ...] = ()) -> SeenFile:
        """The note that it has been read."""
        return SeenFile(
            path=self.shown_as,
            size=self.size,
            changed_ns=self.changed_ns,
            digest=digest,
            post_id=post_id,
            problems=problems,
        )


def list_inbox(folder: Path) -> list[InboxFile]:
    """The Markdown files below ``folder``, in the order of their names. What begins with ``_`` or ``.`` is not finished and not read.

    Raises ConfigError where there is no such folder or it cannot be read.
    """
    if not folder.is_dir():
        raise ConfigError(
            say(
                "没有稿件文件夹 {folder}：请建立它，把稿件（.md）放进去。",
                "There is no folder {folder}: make it and put posts (.md) into it.",
                folder=folder,
            )
        )
    return sorted(_walk(folder, folder.parent), key=lambda file: file.shown_as)


def _walk(folder: Path, root: Path) -> Iterator[InboxFile]:
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.name.startswith(("_", ".")):
                    continue
                if entry.is_dir():
                    yield from _walk(Path(entry.path), root)
                elif entry.name.lower().endswith(".md"):
                    try:
                        stat = entry.stat()
                    except FileNotFoundError:
                        continue  # moved away while we looked, or a link that leads nowhere: there is nothing to read
                    path = Path(entry.path)
                    shown = path.relative_to(root).as_posix()
                    yield InboxFile(path=path, shown_as=shown, size=stat.st_size, changed_ns=stat.st_mtime_ns)
    except OSError as error:
        raise ConfigError(
            say(
                "读不了文件夹 {folder}：{error}。请检查权限。",
                "Cannot read the folder {folder}: {error}. Check its permissions.",
                folder=folder,
                error=machine_words(error),
            )
        ) from error


def changed(inbox: list[InboxFile], seen: Mapping[str, SeenFile]) -> list[InboxFile]:
    """The files that have to be read: new and changed ones, and those with problems, whose remedy may lie elsewhere (a picture that
    was missing, a column that was not set up, a slug that another file held)."""
    known = {path: file for path, file in seen.items() if not file.problems}
    return [file for file in inbox if not file.is_as(known.get(file.shown_as))]


def unchanged_of(inbox: list[InboxFile], seen: Mapping[str, SeenFile], posts: Container[int]) -> list[InboxFile]:
    """The files of these posts that are as they were read."""
    return [file for file in inbox if file.is_as(known := seen.get(file.shown_as)) and known and known.post_id in posts]


def digest_of(source: bytes) -> str:
    """SHA-256 of a file's bytes, in hexadecimal."""
    return hashlib.sha256(source).hexdigest()
