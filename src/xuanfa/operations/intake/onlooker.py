"""Whoever looks on while the inbox is read."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Onlooker:
    """Who is told how reading the inbox gets on. Whoever sends meanwhile waits for ``looked``."""

    #: So many of so many files are read.
    progress: Callable[[int, int], None] = lambda _done, _all: None
    #: The folder has been looked through, and what its changed files belong to waits for them.
    looked: Callable[[], None] = lambda: None
    #: Something has been committed, which may be due.
    taken: Callable[[], None] = lambda: None
    #: Whether to end soon.
    is_stopping: Callable[[], bool] = lambda: False
