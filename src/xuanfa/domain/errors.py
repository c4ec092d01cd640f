"""The errors a person must act on. Trouble at a channel is an outcome, not an error.

XuanfaError
├── ConfigError    the operator changes settings or the machine
│   ├── MachineError
│   └── TemplateError
├── ContentError   the author changes a post
│   └── PictureGoneError
├── AlteredError   somebody has changed what was frozen, and a person finds out who
├── StateError     the move is not allowed from where the delivery stands
└── StoreError     the database cannot be used as it is
    └── TakenError
"""

import errno
from dataclasses import dataclass

from xuanfa.domain.language import say
from xuanfa.domain.shown import clipped, printable


class XuanfaError(Exception):
    """The root. The message says what is wrong and what to do next, in the reader's language."""


class ConfigError(XuanfaError):
    """A setting is wrong or missing, or the machine refuses: the operator acts."""


class MachineError(ConfigError):
    """The machine or a setting stands in the way before anything can leave: no post is to blame, and every other one would fare the same.

    ``passes``: it may be over soon by itself (a database that is busy), so that trying again is enough.
    """

    def __init__(self, message: str, *, passes: bool = False) -> None:
        super().__init__(message)
        self.passes = passes


class StateError(XuanfaError):
    """A delivery was asked to make a move that its state does not allow."""


class StoreError(XuanfaError):
    """The database is locked, full, too old, too new or not a database."""


class TakenError(StoreError):
    """A database was asked to take what another one holds, and holds something itself. Nothing of it was changed."""


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
        return f"{self.place}: " + self.message if self.place else self.message


class HeadingError(ContentError):
    """A list lacks a heading. Its message asks for other headings; how else a heading may be explained, whoever asked knows."""


class TemplateError(ConfigError):
    """A template cannot be used as it is written: whoever keeps the templates acts, and no post is to blame."""

    def __init__(self, message: str, place: Place | None = None) -> None:
        super().__init__(message)
        self.message = clipped(printable(message))
        self.place = place

    def __str__(self) -> str:
        return f"{self.place}: " + self.message if self.place else self.message


class PictureGoneError(ContentError):
    """The kept copy of a picture is not there any more."""


class AlteredError(XuanfaError):
    """What is about to leave is not what was frozen. Nothing of it has left."""


def machine_words(error: OSError) -> str:
    """Why the machine refused, in the reader's language; what is rare goes by its name in the system's manuals."""
    words = _REFUSALS.get(error.errno or 0)
    if words:
        return say(*words)
    name = errno.errorcode.get(error.errno or 0, "")
    return say(f"系统错误 {name}", error.strerror or name) if name else type(error).__name__


def broken_off(error: OSError) -> str:
    """That the machine has refused something in the middle of the work, where, why, and what to do."""
    return say(
        "{what}。请检查磁盘空间和权限；会自动再试。",
        "{what}. Check disk space and permissions; it is tried again by itself.",
        what=f"{error.filename} " + machine_words(error) if error.filename else machine_words(error),
    )


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
    errno.ENFILE: ("整台机器打开的文件太多", "too many open files on this machine"),
    errno.ENOMEM: ("内存不够", "out of memory"),
    errno.EAGAIN: ("系统暂时腾不出资源", "resource temporarily unavailable"),
    errno.EBUSY: ("正被占用", "it is in use"),
    errno.ENOTEMPTY: ("文件夹不是空的", "the folder is not empty"),
    errno.EXDEV: ("不在同一块磁盘上", "on another file system"),
    errno.EINVAL: ("系统不接受", "invalid argument"),
    errno.ENXIO: ("设备不存在", "no such device"),
    errno.ENODEV: ("设备不存在", "no such device"),
    errno.ESTALE: ("网络盘上的文件已经变了", "a stale file of a network share"),
    errno.EADDRINUSE: ("端口被占用", "the address is in use"),
    errno.EADDRNOTAVAIL: ("本机没有这个地址", "this machine does not have the address"),
    errno.ECONNREFUSED: ("对方没有在这个端口上服务", "connection refused"),
    errno.ECONNRESET: ("对方断开了连接", "connection reset"),
    errno.ECONNABORTED: ("连接中断", "connection aborted"),
    errno.EPIPE: ("对方断开了连接", "connection closed"),
    errno.ENETUNREACH: ("网络不通", "network unreachable"),
    errno.EHOSTUNREACH: ("找不到通往对方的路", "no route to the host"),
    errno.ETIMEDOUT: ("很久没有回应", "timed out"),
}


def where_it_broke(error: BaseException) -> str:
    """The kind of a failure and the line of this program, or of a library, in which it came about: nothing of what was worked on."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = "" if trace is None else f" ({trace.tb_frame.f_globals.get('__name__', '?')}:{trace.tb_lineno})"
    return f"{type(error).__name__}{place}"
