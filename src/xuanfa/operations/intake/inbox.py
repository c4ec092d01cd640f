"""The inbox: what lies in ``posts/``, and which of its files have changed since they were last read.

Whatever a folder holds is the matter of that one entry, told in words; the others are listed all the same.
"""

import errno
import hashlib
import os
import stat
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from xuanfa.content.reading import beside
from xuanfa.content.reading.kinds import is_meant, is_of_attachments, not_read, suffix_of, suffixes
from xuanfa.content.reading.sources import OutOfReachError, read_source, unreadable
from xuanfa.domain.byline import byline
from xuanfa.domain.errors import ConfigError, ContentError, Place, machine_words
from xuanfa.domain.language import say
from xuanfa.domain.shown import file_name, has_stray_bytes
from xuanfa.store.posts import SeenFile

if TYPE_CHECKING:
    from xuanfa.domain.post import Post

#: As long a name as the database keeps. Characters.
PATH_MAX: Final = 500
#: What the database can count to.
_LATEST_NS: Final = 2**63 - 1
#: Size and time of change of a file that cannot be looked at.
UNKNOWN: Final = (-1, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxFile:
    """A file that may hold a post. ``shown_as`` is its name for people and for the database: ``posts/2026/a.md``.

    ``trouble`` says why it is none and is not opened; empty where it may be read.
    """

    path: Path
    shown_as: str
    size: int = 0
    changed_ns: int = 0
    trouble: str = ""
    #: Whether the trouble is the machine's, which says nothing about the file.
    is_out_of_reach: bool = False
    #: The slug by which it is known already, whatever its name is now; empty for a file that is new.
    slug: str = ""
    #: How people are printed whom it names by their login names.
    printed: tuple[tuple[str, str], ...] = ()

    def signed(self, post: "Post") -> "Post":
        """Its post, with its author as printed."""
        return replace(post, author=byline(post.author, dict(self.printed)))

    @property
    def changed_at(self) -> datetime:
        """When it was last changed."""
        return datetime.fromtimestamp(self.changed_ns / 1e9, UTC)

    def is_as(self, seen: SeenFile | None) -> bool:
        """Whether nothing points to a change since it was ``seen``."""
        return seen is not None and (seen.size, seen.changed_ns) == (self.size, self.changed_ns)

    def has_changed(self) -> bool:
        """Whether it is no longer as it was when the inbox was listed, or gone."""
        if self.trouble:
            return False
        try:
            facts = self.path.stat()
        except OSError:
            return True
        return _size_and_time(self.path, facts) != (self.size, self.changed_ns)

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
    """The files below ``folder``, in the order of their names. What begins with ``_`` or ``.`` is not finished and not read,
    and what lies in a folder of attachments is no post.

    Raises ConfigError where there is no such folder or it cannot be read.
    """
    require_folder(folder)
    return sorted((_named(file) for file in _Walk(folder).files()), key=lambda file: file.shown_as)


def require_folder(folder: Path) -> None:
    """Raise ConfigError where there is no such folder, or it cannot be looked into."""
    if not folder.is_dir():
        raise ConfigError(
            say(
                "没有稿件文件夹 {folder}：请建立它，把稿件（{endings}）放进去。",
                "There is no folder {folder}: make it and put posts ({endings}) into it.",
                folder=folder,
                endings=suffixes(),
            )
        )
    try:
        os.scandir(folder).close()
    except OSError as error:
        raise _unreadable_folder(folder, error) from error


def is_bare(folder: Path) -> bool:
    """Whether nothing at all lies in a folder but what systems hide there: one that was emptied leaves what is not read."""
    try:
        with os.scandir(folder) as listed:
            return all(entry.name.startswith(".") for entry in listed)
    except OSError:
        return True  # gone since it was looked through


def facts_of(folder: Path, shown_as: str) -> tuple[int, int] | None:
    """Size and time of change of the file of this name; ``None`` where there is none, ``UNKNOWN`` where it cannot be looked at."""
    path = folder / shown_as
    try:
        facts = path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError:
        return UNKNOWN
    return _size_and_time(path, facts)


class _Walk:
    """A walk through the folders below one, each once, however links lead."""

    def __init__(self, folder: Path) -> None:
        self._top = folder
        self._been: set[tuple[int, int]] = set()
        #: What is still to be walked, with its name for people.
        self._folders: list[tuple[Path, str]] = [(folder, folder.name)]
        #: Folders that a link leads to: walked after all others, so that a file has the name of the folder that it lies in.
        self._linked: list[tuple[Path, str]] = []

    def files(self) -> Iterator[InboxFile]:
        while self._folders or self._linked:
            yield from self._in(*(self._folders or self._linked).pop(0))

    def _in(self, folder: Path, shown: str) -> Iterator[InboxFile]:
        try:
            facts = folder.stat()
            if (facts.st_dev, facts.st_ino) in self._been:
                return
            self._been.add((facts.st_dev, facts.st_ino))
            with os.scandir(folder) as listed:
                entries = sorted(listed, key=lambda entry: entry.name)
        except OSError as error:
            if folder == self._top:
                raise _unreadable_folder(folder, error) from error
            trouble = say(
                "读不了这个文件夹：{why}。请检查属主和权限，不需要就移走。",
                "cannot read this folder: {why}. Check owner and mode, or move it away.",
                why=machine_words(error),
            )
            yield InboxFile(path=folder, shown_as=shown, trouble=trouble, is_out_of_reach=True)
            return
        for entry in entries:
            if not entry.name.startswith(("_", ".")):
                yield from self._entry(entry, f"{shown}/{entry.name}")

    def _entry(self, entry: os.DirEntry[str], shown: str) -> Iterator[InboxFile]:
        path, is_post = Path(entry.path), bool(suffix_of(entry.name))
        try:
            if entry.is_dir() and is_of_attachments(entry.name):
                return
            if entry.is_dir() and not is_post:
                if entry.is_symlink() and self._top.resolve().is_relative_to(path.resolve()):
                    yield InboxFile(path=path, shown_as=shown, trouble=_leads_back())
                    return
                (self._linked if entry.is_symlink() else self._folders).append((path, shown))
                return
            if not is_post:
                if is_meant(entry.name):
                    yield InboxFile(path=path, shown_as=shown, trouble=not_read())
                elif trouble := _of_no_document(path):
                    yield InboxFile(path=path, shown_as=shown, trouble=trouble)
                return
            facts = entry.stat()
        except FileNotFoundError:
            if entry.is_symlink():  # otherwise it was moved away while we looked
                trouble = say(
                    "这个链接指向的文件不存在，没有读。请删去它，放上稿件文件。",
                    "this link leads to no file, and nothing was read. Remove it and put the post's file there.",
                )
                yield InboxFile(path=path, shown_as=shown, trouble=trouble)
        except OSError as error:
            if is_post:
                trouble = say(
                    "读不了这个文件：{why}。请检查属主和权限，或换成稿件文件；不需要就删去。",
                    "cannot read this file: {why}. Check owner and mode, or put the post's file in its place.",
                    why=machine_words(error),
                )
                # A link that leads to itself was put there by somebody; of anything else the machine keeps the truth.
                out_of_reach = error.errno != errno.ELOOP
                yield InboxFile(path=path, shown_as=shown, trouble=trouble, is_out_of_reach=out_of_reach)
        else:
            size, changed_ns = _size_and_time(path, facts)
            yield InboxFile(
                path=path, shown_as=shown, size=size, changed_ns=changed_ns, trouble=unreadable(facts, entry.name)
            )


def _of_no_document(path: Path) -> str:
    """Why a file that looks like the front matter of a document is none; empty where it is, and for any other file."""
    document = beside.document_of(path)
    if document is None:
        return ""
    if not document.exists():
        return say(
            "旁边没有它的 Word 文件 {document}，没有读。请放上 {document}，或把两个文件改成同样的名字；不是稿头就移到“附件”文件夹。",
            "its document {document} is not beside it, and it was not read. Put {document} there, or give both one name; move what is no front "
            "matter into the folder of attachments.",
            document=document.name,
        )
    if path.suffix.lower() == beside.MEANT:
        return say(
            "稿头文件要以 {ending} 结尾，没有读。请把它改名为 {name}。",
            "front matter beside a document ends in {ending}, and this was not read. Rename it {name}.",
            ending=beside.ENDING,
            name=beside.name_of(document.name),
        )
    return ""


def _leads_back() -> str:
    return say(
        "这个链接指回稿件文件夹自己或它的上级，没有读。请删去它。",
        "this link leads back to the folder of posts or to one above it, and nothing in it was read. Remove it.",
    )


def _size_and_time(path: Path, facts: os.stat_result) -> tuple[int, int]:
    """Of a document that has its front matter in a file beside it, of both together."""
    sidecar = beside.path_of(path)
    try:
        other = sidecar.stat() if sidecar is not None else None
    except OSError:
        other = None  # there is none, or what is wrong with it is told when it is read
    if other is None or not stat.S_ISREG(other.st_mode):
        return facts.st_size, _changed_ns(facts)
    return facts.st_size + other.st_size, max(_changed_ns(facts), _changed_ns(other))


def _changed_ns(facts: os.stat_result) -> int:
    return max(-_LATEST_NS, min(facts.st_mtime_ns, _LATEST_NS))


def _unreadable_folder(folder: Path, error: OSError) -> ConfigError:
    return ConfigError(
        say(
            "读不了文件夹 {folder}：{error}。请检查权限。",
            "Cannot read the folder {folder}: {error}. Check its permissions.",
            folder=folder,
            error=machine_words(error),
        )
    )


def _named(file: InboxFile) -> InboxFile:
    """The entry under a name that can be shown and kept; where that is not its own, it is in trouble."""
    shown = file_name(file.shown_as)
    if shown != file.shown_as:
        trouble = say(
            "文件名里有控制字符，没有读。请改名。", "the name holds control characters, and it was not read. Rename it."
        )
        if has_stray_bytes(file.shown_as):
            trouble = say(
                "文件名不是 UTF-8（常见于压缩包、FTP 传来的文件），没有读。请改名。",
                "the name is not UTF-8, as names from archives and FTP may be, and it was not read. Rename it.",
            )
        file = replace(file, shown_as=shown, trouble=trouble)
    if len(shown) > PATH_MAX:
        trouble = say(
            "文件夹和文件的名字连起来有 {n} 个字，最多 {most} 个，没有读。请改短，或少套几层文件夹。",
            "The names of folders and file together have {n} characters, {most} at most, and it was not read. Shorten them.",
            n=len(shown),
            most=PATH_MAX,
        )
        ending = f"… {hashlib.sha256(shown.encode()).hexdigest()[:16]}{suffix_of(shown)}"
        file = replace(file, shown_as=shown[: PATH_MAX - len(ending)] + ending, trouble=trouble)
    return file


def source_of(file: InboxFile) -> bytes:
    """The bytes of a file that may hold a post. Raises ContentError where it is none, OutOfReachError where it cannot be read."""
    if file.trouble:
        raise (OutOfReachError if file.is_out_of_reach else ContentError)(file.trouble, Place(file.shown_as))
    source = read_source(file.path, file.shown_as)
    sidecar = beside.path_of(file.path)
    if sidecar is None or not os.path.lexists(sidecar):
        return source
    return beside.joined(source, read_source(sidecar, beside.name_of(file.shown_as)))


def changed(inbox: list[InboxFile], seen: Mapping[str, SeenFile]) -> list[InboxFile]:
    """The files that have to be read: new and changed ones, and those with problems, whose remedy may lie elsewhere (a picture that
    was missing, a column that was not set up, a slug that another file held)."""
    known = {path: file for path, file in seen.items() if not file.problems}
    return [file for file in inbox if not file.is_as(known.get(file.shown_as))]


def unchanged_of(inbox: list[InboxFile], seen: Mapping[str, SeenFile], posts: Container[int]) -> list[InboxFile]:
    """The files of these posts that are as they were read."""
    return [file for file in inbox if file.is_as(known := seen.get(file.shown_as)) and known and known.post_id in posts]


def digest_of(source: bytes) -> str:
    """SHA-256 of a file's bytes, in hexadecimal; a document and the file beside it are one."""
    return beside.digest(source)
