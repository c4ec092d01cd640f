"""The errors a person must act on. Trouble at a channel is an outcome, not an error.

XuanfaError
├── ConfigError    the operator changes settings or the machine
├── ContentError   the author changes a post
│   └── PictureGoneError
├── AlteredError   somebody has changed what was frozen, and a person finds out who
├── StateError     the move is not allowed from where the delivery stands
└── StoreError     the database cannot be used as it is
"""

import errno
from dataclasses import dataclass

from xuanfa.domain.language import say
from xuanfa.domain.shown import clipped, printable


class XuanfaError(Exception):
    """The root. The message says what is wrong and what to do next, in the reader's language."""


class ConfigError(XuanfaError):
    """A setting is wrong or missing, or the machine refuses: the operator acts."""


class StateError(XuanfaError):
    """A delivery was asked to make a move that its state does not allow."""


class StoreError(XuanfaError):
    """The database is locked, full, too old, too new or not a database."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a source something is wrong: the file as the author knows it, and the line counted from one."""

    path: str
    line: int | None = None

    def __str__(self) -> str:
        return f"{self.path}:{self.line}" if self.line else self.path


class ContentError(XuanfaError):
    """A post cannot be used as it is written: the author acts. What the message repeats of the post is made safe to show, and short."""

    def __init__(self, message: str, place: Place | None = None) -> None:
        super().__init__(message)
        self.message = clipped(printable(message))
        self.place = place

    def __str__(self) -> str:
        return f"{self.place}: {self.message}" if self.place else self.message


class PictureGoneError(ContentError):
    """The kept copy of a picture is not there any more."""


class AlteredError(XuanfaError):
    """What is about to leave is not what was frozen. Nothing of it has left."""


def machine_words(error: OSError) -> str:
    """Why the machine refused, in the reader's language; what is rare stays in the system's own words."""
    words = _REFUSALS.get(error.errno or 0)
    return say(*words) if words else error.strerror or type(error).__name__


_REFUSALS = {
    errno.EACCES: ("没有权限", "permission denied"),
    errno.EPERM: ("没有权限", "not permitted"),
    errno.ENOSPC: ("磁盘已满", "the disk is full"),
    errno.EDQUOT: ("磁盘配额已满", "the disk quota is used up"),
    errno.EFBIG: ("文件太大", "the file is too large"),
    errno.EROFS: ("文件系统是只读的", "the file system is read-only"),
    errno.EIO: ("磁盘读写出错", "the disk failed"),
    errno.ENOENT: ("文件或文件夹不存在", "no such file or folder"),
    errno.EEXIST: ("已经存在", "it exists already"),
    errno.ENOTDIR: ("不是文件夹", "not a folder"),
    errno.EISDIR: ("是文件夹，不是文件", "a folder, not a file"),
    errno.ENAMETOOLONG: ("文件名太长", "the name is too long"),
    errno.ELOOP: ("链接绕成了圈", "links in a circle"),
    errno.EMFILE: ("打开的文件太多", "too many open files"),
}
