"""A user (用户): a person with an account in this workspace: a login name, the name as it is printed, roles, and how they are employed."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from xuanfa.domain.errors import StateError
from xuanfa.domain.language import say
from xuanfa.domain.shown import printable


class Role(StrEnum):
    """What a person is there for; one may have several."""

    AUTHOR = "author"
    EDITOR = "editor"
    PROOFREADER = "proofreader"
    SECRECY = "secrecy"
    REVIEWER = "reviewer"
    APPROVER = "approver"
    PUBLISHER = "publisher"
    ADMIN = "admin"

    @property
    def label(self) -> str:
        """For people."""
        return say(*_ROLES[self])


_ROLES: Final = {
    Role.AUTHOR: ("作者", "author"),
    Role.EDITOR: ("编辑", "editor"),
    Role.PROOFREADER: ("校对", "proofreader"),
    Role.SECRECY: ("保密审查", "secrecy reviewer"),
    Role.REVIEWER: ("审核", "reviewer"),
    Role.APPROVER: ("签发", "approver"),
    Role.PUBLISHER: ("发布", "publisher"),
    Role.ADMIN: ("管理员", "administrator"),
}


class Staff(StrEnum):
    """How a person is employed; who is outsourced may draft, and never decides."""

    ESTABLISHED = "established"
    CONTRACT = "contract"
    OUTSOURCED = "outsourced"

    @property
    def label(self) -> str:
        """For people."""
        return say(*_STAFF[self])


_STAFF: Final = {
    Staff.ESTABLISHED: ("在编", "established"),
    Staff.CONTRACT: ("聘用", "on contract"),
    Staff.OUTSOURCED: ("外包", "outsourced"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """``name`` is the login name, which never changes; ``display`` is the name that is printed. ``locked``: too many wrong passwords."""

    name: str
    display: str
    roles: frozenset[Role]
    staff: Staff = Staff.ESTABLISHED
    department: str = ""
    disabled: bool = False
    locked: bool = False

    @property
    def may_decide(self) -> bool:
        """Whether this person may decide anything at all."""
        return not self.disabled and self.staff is not Staff.OUTSOURCED

    @property
    def administers(self) -> bool:
        """Whether this person can keep the accounts of others."""
        return self.may_decide and Role.ADMIN in self.roles


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A token as far as it may be shown. ``scopes`` is ``None`` where it allows all that the roles do."""

    id: int
    user: str
    scopes: frozenset[str] | None
    made_at: datetime
    expires_at: datetime
    revoked_at: datetime | None

    def is_good(self, now: datetime) -> bool:
        """Whether it is worth anything at that moment."""
        return self.revoked_at is None and self.made_at <= now < self.expires_at


#: The longest login name, and the longest name as it is printed, of a person or a department. Characters.
NAME_MAX: Final = 50
DISPLAY_MAX: Final = 100
_LOGIN = re.compile(r"\w[\w.@-]*")


def login_name(text: str) -> str:
    """A login name as it is kept, so that one that is typed otherwise (capitals, composed letters) is the same."""
    return unicodedata.normalize("NFKC", text).strip().casefold()


def checked_name(text: str) -> str:
    """A login name that a new account may have. Raises StateError."""
    name = login_name(text)
    if len(name) > NAME_MAX or not _LOGIN.fullmatch(name):
        raise StateError(
            say(
                "“{name}”不能做登录名：只用字母、汉字、数字和 . _ - @，以字母、汉字或数字开头，最多 {most} 个字。",
                "{name!r} cannot be a login name: use letters, digits and . _ - @, begin with a letter or a digit, {most} characters at most.",
                name=printable(text)[:NAME_MAX],
                most=NAME_MAX,
            )
        )
    return name


def checked_display(text: str) -> str:
    """The name of a person or a department as it is printed: one line that can be read. Raises StateError."""
    display = unicodedata.normalize("NFC", text).strip()
    if len(display) > DISPLAY_MAX or printable(display) != display or "\n" in display:
        raise StateError(
            say(
                "“{text}”不能做显示的名称：一行，最多 {most} 个字，不能有控制字符。",
                "{text!r} cannot be a name to show: one line of {most} characters at most, without control characters.",
                text=printable(text)[:DISPLAY_MAX],
                most=DISPLAY_MAX,
            )
        )
    return display
