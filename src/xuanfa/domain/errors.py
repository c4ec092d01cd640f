"""The errors a person must act on. Trouble at a channel is an outcome, not an error.

XuanfaError
├── ConfigError    the operator changes settings or the machine
├── ContentError   the author changes a post
├── StateError     the move is not allowed from where the delivery stands
└── StoreError     the database cannot be used as it is
"""

from dataclasses import dataclass


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
    """A post cannot be used as it is written: the author acts."""

    def __init__(self, message: str, place: Place | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.place = place

    def __str__(self) -> str:
        return f"{self.place}: {self.message}" if self.place else self.message
