"""The two databases under torture: what can happen to each, how long it lasts, and how it is asked what it holds."""

import errno
import os
import random
import resource
import shutil
import signal
import sqlite3
import subprocess
import time
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import psycopg

from tests.conftest import Postgres
from tests.torture.office import Worker
from tests.torture.wire import Loop, Wire
from xuanfa.store import schema

#: The size of the small disk.
DISK = 64 << 20
#: Troubles that last longer than a lease.
LONG = {"locked for long", "server suspended"}
Rows = list[tuple[Any, ...]]


@dataclass(slots=True)
class Fault:
    """Something that happened to the database, and to which of the workers. Times are seconds since 1970."""

    kind: str
    workers: tuple[str, ...]
    began: float
    ended: float = 0.0


class Database(Protocol):
    """One that can be tortured."""

    name: str
    note: str
    faults: list[Fault]

    def equip(self, worker: Worker) -> None: ...
    def hurt(self, chance: random.Random, workers: list[Worker]) -> Callable[[], None]: ...
    def is_there(self) -> bool: ...
    def rows(self, query: str) -> Rows: ...
    def sound(self) -> bool: ...
    def copy(self) -> None: ...
    def put_back(self) -> None: ...
    def environ(self) -> dict[str, str]: ...
    def close(self) -> None: ...


def drawn(chance: random.Random, left: list[str], kinds: Sequence[str]) -> str:
    """The next of these: each comes before any comes again, and the first of them first."""
    if not left:
        left += chance.sample(kinds[1:], len(kinds) - 1)
        left.insert(0, kinds[0])
    return left.pop(0)


@dataclass
class Sqlite:
    """A file on a disk that fills up, and that another program locks."""

    folder: Path
    #: Whether a disk may be mounted; it takes root.
    mount: bool = True
    name: str = "SQLite"
    note: str = ""
    faults: list[Fault] = field(default_factory=list)
    _left: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._disk = self.folder / "var"
        options = ["-t", "tmpfs", "-o", f"size={DISK}", "torture", str(self._disk)]
        self._mounted = self.mount and os.geteuid() == 0 and self._mount(options)
        self.note = (
            f"full disk: a tmpfs of {DISK >> 20} MiB that is filled up"
            if self._mounted
            else "full disk: RLIMIT_FSIZE of the processes, because no tmpfs may be mounted"
        )

    def _mount(self, options: list[str]) -> bool:
        return subprocess.run(["mount", *options], check=False, capture_output=True).returncode == 0

    def equip(self, worker: Worker) -> None:
        """The default is its database."""

    def hurt(self, chance: random.Random, workers: list[Worker]) -> Callable[[], None]:
        """Something happens; what is returned ends it."""
        kind = drawn(chance, self._left, ["locked for long", "full disk", "full disk", "locked"])
        fault = Fault(kind, tuple(worker.name for worker in workers), time.time())
        self.faults.append(fault)
        undo = self._lock() if kind.startswith("locked") else self._fill() if self._mounted else self._limit(workers)

        def over() -> None:
            undo()
            fault.ended = time.time()

        return over

    def _lock(self) -> Callable[[], None]:
        """As a viewer that somebody left open."""
        viewer = sqlite3.connect(self._disk / "xuanfa.db", timeout=5, isolation_level=None)
        with suppress(sqlite3.OperationalError):
            viewer.execute("BEGIN IMMEDIATE")
        return viewer.close

    def _fill(self) -> Callable[[], None]:
        filler = self._disk / "filler"
        with filler.open("wb", buffering=0) as file:
            for size in (1 << 20, 1 << 12, 1):
                try:
                    while True:
                        file.write(b"\0" * size)
                except OSError as error:
                    if error.errno != errno.ENOSPC:
                        raise
        return filler.unlink

    def _limit(self, workers: list[Worker]) -> Callable[[], None]:
        """No file may grow beyond the largest one of the database."""
        largest = max((path.stat().st_size for path in self._disk.glob("xuanfa.db*")), default=4096)
        limited = [worker.life.pid for worker in workers if worker.life is not None]

        def limit(most: int) -> None:
            for pid in limited:
                with suppress(ProcessLookupError):
                    resource.prlimit(pid, resource.RLIMIT_FSIZE, (most, resource.RLIM_INFINITY))

        limit(largest)
        return lambda: limit(resource.RLIM_INFINITY)

    def rows(self, query: str) -> Rows:
        """Ask it, past the program."""
        with closing(sqlite3.connect(self._disk / "xuanfa.db", timeout=20)) as connection:
            return connection.execute(query).fetchall()

    def is_there(self) -> bool:
        """Whether a program has made it."""
        if not (self._disk / "xuanfa.db").exists():
            return False
        return bool(self.rows("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'"))

    def sound(self) -> bool:
        """Whether the file is whole."""
        return self.rows("PRAGMA integrity_check") == [("ok",)]

    def copy(self) -> None:
        """Keep what it holds now, as somebody does who copies the file."""
        with (
            closing(sqlite3.connect(self._disk / "xuanfa.db", timeout=20)) as source,
            closing(sqlite3.connect(self._copy)) as target,
        ):
            source.backup(target)

    def put_back(self) -> None:
        """The copy is the database again. No program is running."""
        for ending in ("", "-wal", "-shm"):
            (self._disk / f"xuanfa.db{ending}").unlink(missing_ok=True)
        shutil.copy(self._copy, self._disk / "xuanfa.db")

    @property
    def _copy(self) -> Path:
        return self.folder.parent / "older.db"

    def environ(self) -> dict[str, str]:
        """Of a program that works on it undisturbed."""
        return {}

    def close(self) -> None:
        """Away with the disk."""
        if self._mounted:
            subprocess.run(["umount", "--lazy", str(self._disk)], check=True)


@dataclass
class Postgresql:
    """A server that crashes and restarts, with a wire of its own to each worker."""

    loop: Loop
    name: str = "PostgreSQL"
    note: str = "network: a proxy between each process and the server"
    faults: list[Fault] = field(default_factory=list)
    _wires: dict[str, Wire] = field(default_factory=dict)
    _left: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._server = Postgres()
        self._url = self._server.database()

    def equip(self, worker: Worker) -> None:
        """A wire of its own."""
        wire = self._wires[worker.name] = Wire(self._server.port)
        self.loop.do(wire.listen())
        address = self._url.replace(f":{self._server.port}/", f":{wire.port}/")
        worker.environ["XUANFA_DATABASE_URL"] = address

    def hurt(self, chance: random.Random, workers: list[Worker]) -> Callable[[], None]:
        """Something happens; what is returned ends it."""
        kinds = ["server suspended", "server crash", "server restart", "cut", "cut", "stall", "torn", "deaf", "deaf"]
        kind = drawn(chance, self._left, kinds)
        several = workers if kind.startswith("server") or chance.random() < 0.25 else [chance.choice(workers)]
        fault = Fault(kind, tuple(worker.name for worker in several), time.time())
        self.faults.append(fault)
        wires = [self._wires[name] for name in fault.workers]
        undo = self._stop(kind) if kind.startswith("server") else self._disturb(kind, wires)

        def over() -> None:
            undo()
            fault.ended = time.time()

        return over

    def _stop(self, kind: str) -> Callable[[], None]:
        if kind == "server suspended":
            self._server.suspend()
            return self._server.go_on
        self._server.stop(signal.SIGQUIT if kind == "server crash" else signal.SIGINT)
        return self._server.start

    def _disturb(self, kind: str, wires: list[Wire]) -> Callable[[], None]:
        for wire in wires:
            begun = {"cut": wire.cut, "stall": wire.stall, "torn": wire.tear, "deaf": wire.deafen}[kind]
            self.loop.do(begun())

        def mend() -> None:
            for wire in wires:
                self.loop.do(wire.mend())

        return mend

    def is_there(self) -> bool:
        """It is made with its tables."""
        return True

    def rows(self, query: str) -> Rows:
        """Ask it, past the program and its wires."""
        with psycopg.connect(self._url.replace("+psycopg", "")) as session:
            return session.execute(query.encode()).fetchall()

    def sound(self) -> bool:
        """Whether no page of any table is spoilt: reading everything would say so."""
        return all(self.rows(f"SELECT count({table}.*) FROM {table}") for table in schema.metadata.tables)  # noqa: S608 - our own names

    def copy(self) -> None:
        """Keep what it holds now. No program is running; what is left of their sessions is ended."""
        self._end_sessions()
        self._server.sql(f"CREATE DATABASE older TEMPLATE {self._name}")

    def put_back(self) -> None:
        """The copy is the database again."""
        self._end_sessions()
        self._server.sql(f"DROP DATABASE {self._name} WITH (FORCE)")
        self._server.sql(f"ALTER DATABASE older RENAME TO {self._name}")

    def _end_sessions(self) -> None:
        self._server.sql(f"SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = '{self._name}'")  # noqa: S608 - our own name

    @property
    def _name(self) -> str:
        return self._url.rpartition("/")[2]

    def environ(self) -> dict[str, str]:
        """Of a program that works on it undisturbed."""
        return {"XUANFA_DATABASE_URL": self._url}

    def close(self) -> None:
        """Stop it."""
        for wire in self._wires.values():
            self.loop.do(wire.close())
        self._server.close()
        shutil.rmtree(self._server.folder, ignore_errors=True)
