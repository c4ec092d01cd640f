"""Where the pictures of a post lie, and what is said where they do not."""

import difflib
import os
import re
import stat
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import Final

from xuanfa.content.reading.kinds import is_of_attachments, suffix_of
from xuanfa.content.reading.sources import Inner
from xuanfa.domain.errors import ContentError
from xuanfa.domain.language import say

_REMOTE = re.compile(r"(?:https?:)?//", re.IGNORECASE)
_ABSOLUTE = re.compile(r"/|~|[a-zA-Z][a-zA-Z0-9+.-]*:")
_ENDINGS = frozenset({".jpg", ".jpeg", ".png", ".gif", ".webp", ".bmp", ".tif", ".tiff", ".heic"})
_SHOWN_MOST = 3
#: So many missing pictures of a post are compared with what is there, each with so many files of a folder; who misses more, has no folder.
_COMPARED, _LISTED_MOST = 20, 1_000
#: No file's name is longer. Bytes, and so at most as many characters.
_NAME_MOST = 255


#: Instead of size and time of change: of a file that is not there.
ABSENT: Final = (-1, -1)


class InFluxError(ContentError):
    """A picture that is being replaced: a moment later it is another one."""


class Files:
    """The files that one post may refer to: those in the tree of its posts folder."""

    def __init__(self, path: Path, shown_as: str, inner: Inner | None = None, *, is_picture: bool = True) -> None:
        #: Pictures that the post's own file holds.
        self.inner: Inner = inner if inner is not None else dict[str, bytes]()
        self._what = say("图片", "picture") if is_picture else say("附件", "attachment")
        self._folder = path.parent
        self._shown_folder = PurePosixPath(shown_as).parent
        self._tree = _posts_folder(path, PurePosixPath(shown_as))
        self._compared = 0

    def is_read_as_post(self, source: str) -> bool:
        """Whether the inbox takes the file of this name for a post."""
        file = Path(os.path.normpath(self._folder / source.replace("\\", "/")))
        parts = file.relative_to(self._tree).parts if file.is_relative_to(self._tree) else ()
        hidden = any(part.startswith(("_", ".")) or is_of_attachments(part) for part in parts)
        return bool(suffix_of(file.name)) and bool(parts) and not hidden

    def picture(self, source: str) -> Path:
        """The file that ``source`` names. Raises ContentError where it must not or does not exist."""
        if _REMOTE.match(source):
            raise ContentError(
                say(
                    "{what}“{source}”在别的网站上。请下载到稿件旁的文件夹（如 images/），再改成文件名。",
                    "The {what} {source!r} is on another site. Download it beside the post (images/) and name the file.",
                    source=source,
                    what=self._what,
                )
            )
        name = source.replace("\\", "/")
        if not name or _ABSOLUTE.match(name):
            raise ContentError(
                say(
                    "{what}“{source}”要写成相对于稿件的文件名，如 images/照片.jpg。请把它放到稿件旁再引用。",
                    "Name the {what} {source!r} relative to the post, such as images/photo.jpg, and put it there.",
                    source=source[:100],
                    what=self._what,
                )
            )
        return self._existing(source, name)

    def read(self, source: str, most: int) -> tuple[Path, bytes, os.stat_result]:
        """The picture's file, its bytes, at most ``most`` and one more, and what was known of it as it was opened.

        It is opened once: what is checked is what is read, whatever stands under its name by then. Raises ContentError as ``picture`` does,
        for what is no plain file any more, and where it changes while it is read; and OSError.
        """
        file = self.picture(source)
        handle = os.open(file, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
        with open(handle, "rb") as opened:  # noqa: PTH123 - a handle, not a path
            facts = os.fstat(handle)
            self._require_inside(file, facts, source)
            data = opened.read(most + 1) if facts.st_size <= most else b""
            after = os.fstat(handle)
        if (facts.st_size, facts.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
            raise _changing(source, self._what)
        return file, data, facts

    def _require_inside(self, file: Path, facts: os.stat_result, source: str) -> None:
        """What was opened is a plain file of the tree of posts, and not what a link led to in the meantime."""
        real = file.resolve(strict=True)
        if not real.is_relative_to(self._tree.resolve()):
            raise _outside(source, self._what)
        now = real.lstat()
        if not stat.S_ISREG(facts.st_mode) or (now.st_dev, now.st_ino) != (facts.st_dev, facts.st_ino):
            raise _changing(source, self._what)

    def _existing(self, source: str, name: str) -> Path:
        file = self._folder / name
        try:
            if not file.resolve().is_relative_to(self._tree.resolve()):
                raise _outside(source, self._what)
            if file.is_file():
                return file
            kind = _no_file(file)
        except (OSError, ValueError, RuntimeError) as error:  # a name too long, with a NUL, or links in a ring
            raise self._missing(source, name) from error
        raise _not_a_file(source, kind, self._what) if kind else self._missing(source, name)

    def _missing(self, source: str, name: str) -> ContentError:
        self._compared += 1
        near = self._near(name[:_NAME_MOST]) if self._compared <= _COMPARED else []
        message = say(
            "找不到{what}“{source}”，找过：{looked}。",
            "There is no {what} {source!r}; looked for {looked}.",
            source=source,
            what=self._what,
            looked=self._shown_folder / name,
        )
        if near:
            hint = say(
                "文件夹里有相近的：{near}；请改正文件名。",
                " Near it: {near}. Mend the name.",
                near=say("、", ", ").join(near),
            )
        else:
            hint = say("请把它放到那里，或改正文件名。", " Put it there, or mend the name.")
        return ContentError(message + hint)

    def _near(self, name: str) -> list[str]:
        """Pictures in the folder meant, in the post's own and in its subfolders, whose names are like it."""
        wanted = PurePosixPath(name)
        candidates: dict[str, str] = {}
        for folder in (self._folder / wanted.parent, self._folder, *_subfolders(self._folder)):
            for file in _pictures(folder):
                shown = file.relative_to(self._folder).as_posix() if file.is_relative_to(self._folder) else file.name
                candidates.setdefault(shown, file.name.lower())
        same = [shown for shown, own in candidates.items() if PurePosixPath(own).stem == wanted.stem.lower()]
        likely = difflib.get_close_matches(wanted.name.lower(), candidates.values(), n=_SHOWN_MOST, cutoff=0.6)
        return list(
            dict.fromkeys([*same, *(shown for own in likely for shown in candidates if candidates[shown] == own)])
        )[:_SHOWN_MOST]


def _posts_folder(path: Path, shown_as: PurePosixPath) -> Path:
    """The folder that ``shown_as`` begins with (``posts``), where ``path`` ends as it does; else the post's own folder."""
    depth = len(shown_as.parts)
    return path.parents[depth - 2] if depth > 1 and path.parts[-depth:] == shown_as.parts else path.parent


def _outside(source: str, what: str) -> ContentError:
    return ContentError(
        say(
            "{what}“{source}”不在稿件文件夹里。请复制到稿件旁（如 images/）再引用。",
            "The {what} {source!r} lies outside the folder of posts. Copy it beside the post.",
            source=source,
            what=what,
        )
    )


def _no_file(path: Path) -> str:
    """What stands there that is no plain file, for people; empty where nothing does. Nothing of it is opened: a pipe would never answer."""
    try:
        mode = path.lstat().st_mode if path.is_symlink() and not path.exists() else path.stat().st_mode
    except FileNotFoundError:
        return ""
    return next((say(*words) for is_that, words in _KINDS if is_that(mode)), say("特殊文件", "a special file"))


_KINDS = (
    (stat.S_ISDIR, ("文件夹", "a folder")),
    (stat.S_ISLNK, ("失效的链接", "a link that leads nowhere")),
    (stat.S_ISFIFO, ("管道", "a pipe")),
    (stat.S_ISSOCK, ("套接字", "a socket")),
    (lambda mode: stat.S_ISCHR(mode) or stat.S_ISBLK(mode), ("设备", "a device")),
)


def _not_a_file(source: str, kind: str, what: str) -> ContentError:
    return ContentError(
        say(
            "{what}“{source}”不是文件，而是{kind}，没有读。请换成真正的{what}文件，或改正文件名。",
            "The {what} {source!r} is {kind} and no file, and was not read. Put a {what} there, or mend the name.",
            source=source,
            kind=kind,
            what=what,
        )
    )


def _changing(source: str, what: str) -> InFluxError:
    return InFluxError(
        say(
            "{what}“{source}”正在被替换或还没有拷完，没有读；拷完后会自动再读。",
            "The {what} {source!r} is being replaced or copied, and was not read; it is read again by itself.",
            source=source,
            what=what,
        )
    )


def _subfolders(folder: Path) -> list[Path]:
    try:
        listed = islice(folder.iterdir(), _LISTED_MOST)
        return sorted(entry for entry in listed if entry.is_dir() and not entry.name.startswith("."))[:20]
    except OSError:
        return []  # only suggestions are looked for


def _pictures(folder: Path) -> list[Path]:
    try:
        listed = islice((file for file in folder.iterdir() if file.suffix.lower() in _ENDINGS), _LISTED_MOST)
        return sorted(listed)
    except (OSError, ValueError):
        return []  # only suggestions are looked for
