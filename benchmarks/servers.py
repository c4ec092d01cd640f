"""Servers that engines need: each started by the benchmark on a loopback port of its own, with its data in a temporary folder."""

import socket
import subprocess
import tempfile
import time
from functools import cached_property
from pathlib import Path
from shutil import rmtree
from threading import Lock

from tests.postgres import PostgresServer


class RedisServer:
    """Redis that appends to a file and flushes it once a second, as production does: a power cut may cost it the last second, a kill nothing."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="xuanfa-redis-"))
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        options = {"port": self.port, "bind": "127.0.0.1", "dir": self.folder, "appendonly": "yes", "save": ""}
        command = ["setpriv", "--pdeathsig", "KILL", "redis-server"]
        command += [part for name, value in options.items() for part in (f"--{name}", str(value))]
        self._process = subprocess.Popen([*command, "--appendfsync", "everysec"], stdout=subprocess.DEVNULL)
        for _ in range(500):
            with socket.socket() as probe:
                if not probe.connect_ex(("127.0.0.1", self.port)):
                    return
            time.sleep(0.01)
        raise AssertionError("redis-server does not answer")

    @property
    def pid(self) -> int:
        """Its process."""
        return self._process.pid

    def close(self) -> None:
        """Stop it and remove its data."""
        self._process.kill()
        self._process.wait()
        rmtree(self.folder)


class Servers:
    """Started when first asked for, closed together; for a ``with`` statement."""

    def __init__(self) -> None:
        self._databases = 0
        self._lock = Lock()

    @cached_property
    def _redis(self) -> RedisServer:
        return RedisServer()

    @cached_property
    def _postgres(self) -> PostgresServer:
        return PostgresServer(durable=True)

    def address(self, kind: str) -> str:
        """An empty database of this kind, as SQLAlchemy or Redis writes it; nothing for SQLite."""
        with self._lock:
            return self._address(kind)

    def _address(self, kind: str) -> str:
        if kind == "redis":
            port = self._redis.port
            subprocess.run(["redis-cli", "-p", str(port), "FLUSHALL"], check=True, stdout=subprocess.DEVNULL)
            return f"redis://127.0.0.1:{port}/0"
        if kind == "postgres":
            self._databases += 1
            self._postgres.sql(f"CREATE DATABASE bench_{self._databases}")
            return self._postgres.url(f"bench_{self._databases}")
        return ""

    def processes(self, kind: str) -> list[int]:
        """The server of this kind, as a process id."""
        server = self.__dict__.get(f"_{kind}")
        return [server.pid] if server else []

    def __enter__(self) -> "Servers":
        return self

    def __exit__(self, *_: object) -> None:
        for name in ("_redis", "_postgres"):
            if name in self.__dict__:
                self.__dict__[name].close()
