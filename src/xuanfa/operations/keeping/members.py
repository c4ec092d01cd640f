"""Members: the files of a backup compared with what its own database knows of them.

The database knows every post's file as it was last read: its hash, its time of change, the pictures beside it. A file that differs and is
no newer was exchanged, unless the backup itself says that it had not been read yet; one that is newer was edited after the last reading, which
is told.
"""

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain

import sqlalchemy as sa

from xuanfa.content.reading import beside
from xuanfa.content.reading.kinds import suffix_of
from xuanfa.domain.language import say
from xuanfa.domain.shown import file_name
from xuanfa.operations.keeping.manifest import Manifest, Member, picture_of, snapshot_of
from xuanfa.store import kept_files, posts, proofs, withdrawals
from xuanfa.store.posts import SeenFile

_PLACE = "workspace/"
#: How many names are told of each sort.
_NAMED = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What a database knows of files at one moment."""

    #: As they were last read, by path.
    files: dict[str, SeenFile]
    #: Where each post's file is, with the hash of its newest revision's source.
    posts: dict[str, str]
    #: Hashes of the pictures that renditions name, and of what page proofs keep.
    pictures: set[str]
    #: Hashes of what readers could see of what was withdrawn.
    snapshots: set[str] = field(default_factory=set)


def known(connection: sa.Connection) -> Known:
    """What the database knows now."""
    return Known(
        files=posts.seen_files(connection),
        posts=posts.sources(connection),
        pictures=kept_files.pictures(connection) | proofs.files(connection),
        snapshots=withdrawals.snapshots(connection),
    )


@dataclass(slots=True)
class Compared:
    """Files that are not as they were last read, by the names of people (``posts/a.md``)."""

    #: They differ, and are no newer than what was read.
    altered: list[str] = field(default_factory=list)
    newer: list[str] = field(default_factory=list)
    #: Posts that were never read.
    unread: list[str] = field(default_factory=list)
    #: They are as they were read, but for their time.
    redated: list[str] = field(default_factory=list)
    #: They were read, and are not there.
    missing: list[str] = field(default_factory=list)

    @property
    def not_as_read(self) -> list[str]:
        """All that a pass would read now."""
        return sorted({*self.altered, *self.newer, *self.unread})

    def notices(self) -> list[str]:
        """What is told of them, where none of it is wrong."""
        told = (
            (
                self.altered,
                "与上次读到的不同，备份时还没有读入",
                "not as last read, and not read yet when the backup was made",
            ),
            (
                self.newer,
                "上次读入之后改过，备份时还没有读入",
                "edited after the last reading, and not read yet when the backup was made",
            ),
            (self.unread, "备份时还没有读入过", "never read when the backup was made"),
            (
                self.redated,
                "内容与读到的相同，修改时间不同",
                "as they were read, but for the time of their last change",
            ),
            (self.missing, "读到过，备份里没有", "read before, and not in the backup"),
        )
        return [
            say("{what}：{names}", "{what}: {names}", what=say(zh, en), names=listed(names))
            for names, zh, en in told
            if names
        ]


def listed(names: list[str]) -> str:
    """Names for people; of many the first ones, and how many there are."""
    each = sorted(set(names))
    shown = say("、", ", ").join(file_name(name) for name in each[:_NAMED])
    if len(each) <= _NAMED:
        return shown
    return say("{shown} 等 {n} 个", "{shown} and others ({n} in all)", shown=shown, n=len(each))


def compare(knows: Known, manifest: Manifest) -> Compared:
    """Compare the members of a backup that the database knows."""
    found = Compared()
    for path, seen in knows.files.items():
        member = manifest.members.get(_PLACE + path)
        if member is None:
            found.missing.append(path)
        elif seen.digest and _digest(path, manifest) != seen.digest:
            (found.newer if _changed_ns(path, manifest) > seen.changed_ns else found.altered).append(path)
        elif seen.digest and _changed_ns(path, manifest) != seen.changed_ns:
            found.redated.append(path)
    for path, size, changed_ns in chain.from_iterable(_parts(path, seen) for path, seen in knows.files.items()):
        member = manifest.members.get(_PLACE + path)
        if member is None:
            found.missing.append(path)
        elif member.changed_ns > changed_ns:
            found.newer.append(path)
        elif member.size != size:
            found.altered.append(path)
    for name in manifest.members:
        path = name.removeprefix(_PLACE)
        if (
            path != name
            and path not in knows.files
            and _is_post(path)
            and _digest(path, manifest) != knows.posts.get(path)
        ):
            found.unread.append(path)
    there = {picture_of(name) for name in manifest.members}
    found.missing += [f"var/media/{sha[:2]}/{sha}" for sha in knows.pictures if sha not in there]
    there = {snapshot_of(name) for name in manifest.members}
    found.missing += [f"var/withdrawn/{sha}.json" for sha in knows.snapshots if sha not in there]
    return found


def _beside(path: str, manifest: Manifest) -> Member | None:
    """The file beside a document, where the backup has one."""
    name = beside.name_of(path)
    return manifest.members.get(_PLACE + name) if name else None


def _digest(path: str, manifest: Manifest) -> str:
    """The hash of a post's file as it is known by, that of a document with the one beside it."""
    own, other = manifest.members[_PLACE + path], _beside(path, manifest)
    return own.sha256 if other is None else beside.digest_of(own.sha256, other.sha256)


def _changed_ns(path: str, manifest: Manifest) -> int:
    own, other = manifest.members[_PLACE + path], _beside(path, manifest)
    return own.changed_ns if other is None else max(own.changed_ns, other.changed_ns)


def _parts(path: str, seen: SeenFile) -> Iterator[tuple[str, int, int]]:
    """The pictures beside a post's file, by the names of people, with size and time of change."""
    for name, size, changed_ns in seen.parts:
        beside = posixpath.normpath(posixpath.join(posixpath.dirname(path), name))
        if beside.startswith("posts/"):
            yield beside, size, changed_ns


def _is_post(path: str) -> bool:
    parts = path.split("/")
    return parts[0] == "posts" and bool(suffix_of(path)) and not any(part.startswith(("_", ".")) for part in parts[1:])
