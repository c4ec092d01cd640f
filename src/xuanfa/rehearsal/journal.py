"""What a practice platform received: one SQLite file per channel, shared by all processes, so that they share its rate too."""

import json
import sqlite3
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import Any

from xuanfa.domain.errors import ConfigError
from xuanfa.domain.language import say

_SCHEMA = """
CREATE TABLE IF NOT EXISTS received (
    id INTEGER PRIMARY KEY,
    at TEXT NOT NULL,        -- UTC, ISO 8601, so that text order is time order
    method TEXT NOT NULL,
    path TEXT NOT NULL,      -- with secrets masked
    body TEXT NOT NULL,
    answer TEXT NOT NULL,
    account TEXT NOT NULL,   -- a hash: whose rate this spends
    message TEXT NOT NULL,   -- the sender's own id for it; empty where it has none
    accepted INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS paced ON received (account, at);
CREATE INDEX IF NOT EXISTS known ON received (message);
-- What a platform holds besides its requests, each thing as JSON under a name such as draft:7.
CREATE TABLE IF NOT EXISTS things (name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""

_SELECT = "SELECT at, method, path, body, answer, account, message, accepted FROM received "


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """One request and what was answered. ``path`` is free of secrets; ``at`` is aware."""

    at: datetime
    method: str
    path: str
    body: str
    answer: str
    account: str = ""
    message: str = ""
    accepted: bool = False


class Turn:
    """The journal while one request is decided; every other one, in any process, waits."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database

    def accepted_since(self, account: str, moment: datetime) -> int:
        """How many messages of the account were accepted after ``moment``."""
        row = self._database.execute(
            "SELECT count(*) FROM received WHERE account = ? AND accepted AND at > ?", (account, _stored(moment))
        ).fetchone()
        return int(row[0])

    def answered(self, message: str) -> str | None:
        """What the message was answered when it was accepted; ``None`` for a new one."""
        row = self._database.execute(
            "SELECT answer FROM received WHERE message = ? AND accepted ORDER BY id LIMIT 1", (message,)
        ).fetchone()
        return str(row[0]) if row else None

    def since(self, account: str, moment: datetime) -> list[Received]:
        """The account's requests after ``moment``, refused ones too, in order of arrival."""
        rows = self._database.execute(_SELECT + "WHERE account = ? AND at > ? ORDER BY id", (account, _stored(moment)))
        return [_received(row) for row in rows]

    def thing(self, name: str) -> Any:
        """What the platform holds under ``name``; ``None`` for nothing."""
        row = self._database.execute("SELECT value FROM things WHERE name = ?", (name,)).fetchone()
        return json.loads(row[0]) if row else None

    def things(self, beginning: str, holding: str = "") -> dict[str, Any]:
        """All that it holds under names that begin so, in the order in which they came; with ``holding`` those that have this key."""
        rows = self._database.execute(
            "SELECT name, value FROM things WHERE name >= ? AND name < ? AND instr(value, ?) > 0 ORDER BY rowid",
            (*_range(beginning), f'"{holding}"' if holding else ""),
        )
        return {str(name): json.loads(value) for name, value in rows}

    def count(self, beginning: str) -> int:
        """How many things it holds under names that begin so."""
        row = self._database.execute(
            "SELECT count(*) FROM things WHERE name >= ? AND name < ?", _range(beginning)
        ).fetchone()
        return int(row[0])

    def put(self, name: str, value: Any) -> None:
        """Hold a thing, in place of what was there."""
        self._database.execute(
            "INSERT INTO things (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            (name, json.dumps(value, ensure_ascii=False)),
        )

    def drop(self, name: str) -> None:
        """Hold it no longer."""
        self._database.execute("DELETE FROM things WHERE name = ?", (name,))

    def keep(self, received: Received) -> None:
        """Write it down."""
        self._database.execute(
            "INSERT INTO received (at, method, path, body, answer, account, message, accepted) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                _stored(received.at),
                received.method,
                received.path,
                received.body,
                received.answer,
                received.account,
                received.message,
                received.accepted,
            ),
        )


def _range(beginning: str) -> tuple[str, str]:
    """From the first name that begins so to one that none reaches, which the index answers."""
    return beginning, f"{beginning}\U0010ffff"


class Journal:
    """The file of one channel. It is made with the first request, and stays open until the journal is thrown away."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self._lock = Lock()
        self._opened: tuple[sqlite3.Connection, tuple[int, int]] | None = None

    @contextmanager
    def turn(self) -> Iterator[Turn]:
        """One request at a time. Raises ConfigError where the file cannot be written."""
        with self._lock:
            database = self._database()
            database.execute("BEGIN IMMEDIATE")
            try:
                yield Turn(database)
            except BaseException:
                database.execute("ROLLBACK")
                raise
            database.execute("COMMIT")

    def received(self) -> list[Received]:
        """Everything, in order of arrival; nothing where no request has come yet."""
        if not self.file.exists():
            return []
        with self._lock:
            return [_received(row) for row in self._database().execute(_SELECT + "ORDER BY id")]

    def _database(self) -> sqlite3.Connection:
        """The connection, opened where there is none yet or where somebody has put another file in the place of ours."""
        if self._opened is not None and self._opened[1] == self._identity():
            return self._opened[0]
        try:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            database = sqlite3.connect(self.file, timeout=30, isolation_level=None, check_same_thread=False)
            weakref.finalize(self, database.close)
            database.execute("PRAGMA synchronous = OFF")  # practice only: nothing here is worth a disk flush
            database.executescript(_SCHEMA)
        except (OSError, sqlite3.Error) as error:
            raise ConfigError(
                say(
                    "演练记录 {file} 不能写入：{error}。请检查文件夹权限和磁盘空间。",
                    "The rehearsal journal {file} cannot be written: {error}. Check the folder's permissions and the disk space.",
                    file=self.file,
                    error=error,
                )
            ) from error
        self._opened = (database, self._identity())
        return database

    def _identity(self) -> tuple[int, int]:
        try:
            stat = self.file.stat()
        except OSError:
            return 0, 0
        return stat.st_dev, stat.st_ino


def _received(row: tuple[str, str, str, str, str, str, str, int]) -> Received:
    at, method, path, body, answer, account, message, accepted = row
    return Received(
        at=datetime.fromisoformat(at),
        method=method,
        path=path,
        body=body,
        answer=answer,
        account=account,
        message=message,
        accepted=bool(accepted),
    )


def _stored(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")
