"""One moment: what a thread reads of a database while it answers one question, by one transaction and asked once.

A page asks dozens of functions, each of which reads by itself, and many of which ask for the same: who the users are, what is restricted. Within
a moment they share a connection, so that the page is of one piece, and what one of them has found is there for the next. Whatever the thread
itself writes meanwhile is seen: reading begins anew behind it.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final, TypeVar

import sqlalchemy as sa

#: Under this option a connection holds what was found within its moment.
FOUND: Final = "xuanfa_found"

T = TypeVar("T")


def once(connection: sa.Connection, key: object, ask: Callable[[], T]) -> T:
    """What ``ask`` finds, which is asked once in a moment; anywhere else, each time. What it finds must not be changed by anybody."""
    found: dict[object, Any] | None = connection.get_execution_options().get(FOUND)
    if found is None:
        return ask()
    if key not in found:
        found[key] = ask()
    answer: T = found[key]
    return answer


class Moment:
    """The reading of one thread. ``begin`` opens a connection inside a transaction that only reads."""

    def __init__(self, begin: Callable[[], sa.Connection]) -> None:
        self._begin = begin
        self._connection: sa.Connection | None = None
        #: How many readers are in it; whether the next one begins anew; whether it has ended.
        self._inside = 0
        self._is_past = False
        self._is_over = False

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """The connection, for one reader."""
        if self._connection is None:
            self._connection = self._begin()
        self._inside += 1
        try:
            yield self._connection
        except BaseException:
            self._is_past = True  # PostgreSQL answers nothing more in a transaction in which anything has failed
            raise
        finally:
            self._inside -= 1
            self._let_go()

    def pass_by(self) -> None:
        """Something was written: what is read from now on is read anew."""
        self._is_past = True
        self._let_go()

    def end(self) -> None:
        """It is over; whoever still reads goes on to the end."""
        self._is_over = True
        self._let_go()

    def _let_go(self) -> None:
        if self._inside or self._connection is None or not (self._is_past or self._is_over):
            return
        connection, self._connection, self._is_past = self._connection, None, False
        connection.close()
