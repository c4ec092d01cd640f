"""Waiting for the disk: no test takes the power from the machine, so nothing that a test's own process writes has to be on the disk.

Processes that a test starts wait for it as they always do, and so does whatever asks for it with ``as_ever``.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from xuanfa.store import database

#: How a connection to an SQLite database is prepared by the program.
as_ever = database._prepare_sqlite


@contextmanager
def without_waiting() -> Iterator[None]:
    """SQLite and ``os.fsync`` do not wait for the disk. What they refuse, a closed file for one, they refuse as before."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(database, "_prepare_sqlite", _prepare)
        patch.setattr(os, "fsync", os.fstat)
        yield


def _prepare(connection: sqlite3.Connection, busy: float) -> None:
    connection.execute("PRAGMA synchronous = OFF")  # before the journal is turned on, which waits for the disk as well
    as_ever(connection, busy)
    connection.execute("PRAGMA synchronous = OFF")
