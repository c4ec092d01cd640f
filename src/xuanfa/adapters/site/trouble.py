"""What a failing disk, folder, catalogue or template means for a delivery that has not become public."""

import errno
import sqlite3
from pathlib import Path

from xuanfa.domain.errors import ContentError, StoreError, TemplateError, machine_words
from xuanfa.domain.finding import Finding
from xuanfa.domain.language import say
from xuanfa.domain.outcome import Blame, Rejected, Unsent

#: What may go wrong on this machine; anything else is a defect and stays an exception.
TROUBLES = (OSError, sqlite3.Error, ContentError, StoreError, TemplateError)

_FORBIDDEN = {errno.EACCES, errno.EPERM, errno.EROFS}
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_MISPLACED = {errno.EEXIST, errno.ENOTDIR, errno.EISDIR, errno.ELOOP, errno.EXDEV, errno.ENAMETOOLONG}

#: No file system says this of a file; here it stands for an SQLite file that is none or is damaged.
_DAMAGED = {errno.EBADMSG}

_SQLITE = {
    sqlite3.SQLITE_READONLY: errno.EROFS,
    sqlite3.SQLITE_CANTOPEN: errno.EACCES,
    sqlite3.SQLITE_FULL: errno.ENOSPC,
    sqlite3.SQLITE_CORRUPT: errno.EBADMSG,
    sqlite3.SQLITE_NOTADB: errno.EBADMSG,
}


def judged(error: Exception, folder: Path) -> Rejected | Unsent:
    """Rejected with the channel to blame where every other post would fail too; else Unsent, to be tried again."""
    message = in_words(error, folder)
    if _code(error) in _FORBIDDEN | _FULL | _MISPLACED | _DAMAGED or isinstance(
        error, ContentError | StoreError | TemplateError
    ):
        finding = Finding(code="site.folder", message=message, place="directory")
        return Rejected(findings=(finding,), blame=Blame.CHANNEL)
    return Unsent(evidence=message)


def in_words(error: Exception, folder: Path) -> str:
    """What is wrong, and what the operator does next."""
    code, detail = _code(error), _detail(error)
    if isinstance(error, StoreError):
        return str(error)
    if isinstance(error, ContentError | TemplateError):
        return say(
            "网站的模板用不了：{detail}。请改正工作区 templates/site/ 下的模板。",
            "A template of the website cannot be used: {detail}. Mend it in templates/site/ of the workspace.",
            detail=detail,
        )
    if code in _FORBIDDEN:
        return say(
            "网站目录 {folder} 不能写入（{detail}）。请让运行本程序的用户拥有该目录，或改正设置里的 directory。",
            "The website's folder {folder} cannot be written ({detail}). Give it to the user that runs this program, "
            "or correct directory in the settings.",
            folder=folder,
            detail=detail,
        )
    if code in _FULL:
        return say(
            "网站目录 {folder} 所在的磁盘已满或超出配额（{detail}）。请腾出空间后重试。",
            "The disk of the website's folder {folder} is full or over quota ({detail}). Free some space and try again.",
            folder=folder,
            detail=detail,
        )
    if code in _MISPLACED:
        return say(
            "网站目录 {folder} 用不了（{detail}）：它和其下的栏目应是同一磁盘上的普通目录。请改正设置里的 directory。",
            "The website's folder {folder} cannot be used ({detail}): it and the columns in it must be plain folders on one disk. "
            "Correct directory in the settings.",
            folder=folder,
            detail=detail,
        )
    if code in _DAMAGED:
        return say(
            "网站 {folder} 的目录文件 .xuanfa/catalogue.db 已损坏（{detail}）。请从备份恢复该文件。",
            "The catalogue .xuanfa/catalogue.db of the website {folder} is damaged ({detail}). Restore the file from a backup.",
            folder=folder,
            detail=detail,
        )
    return say(
        "写网站目录 {folder} 时出错（{detail}）。请检查磁盘；程序会稍后重试。",
        "Writing the website's folder {folder} failed ({detail}). Check the disk; it will be tried again.",
        folder=folder,
        detail=detail,
    )


def _code(error: Exception) -> int | None:
    if isinstance(error, OSError):
        return error.errno
    primary = getattr(error, "sqlite_errorcode", 0) & 0xFF  # the low byte is the class of an extended result code
    return _SQLITE.get(primary)


def _detail(error: Exception) -> str:
    return machine_words(error) if isinstance(error, OSError) else str(error)
