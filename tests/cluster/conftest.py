"""A workspace on PostgreSQL, and nodes that share its work: on threads of this process, or as processes to be killed."""

import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any

import psycopg
import pytest

from xuanfa.engine.cluster.node import ClusterNode
from xuanfa.operations.intake.queue import queue


@dataclass
class Province:
    """One database, one workspace, several nodes."""

    workspace: Any
    url: str
    stack: ExitStack = field(default_factory=ExitStack)

    def settle_in(self, *channels: str, lease: int = 120, settings: str = "", **extra: str) -> None:
        """Write the settings: ``channels`` of one column on this database."""
        publish = f"[publish]\nin_flight = 8\nlease_seconds = {lease}\n{settings}"
        self.workspace.settle_in(*channels, settings=f'database_url = "{self.url}"\n{publish}', **extra)

    def queue(self, count: int, **matter: str) -> None:
        """Posts, read and due."""
        for number in range(count):
            self.workspace.post(f"post-{number:03}", **matter)
        report = queue(self.workspace.desk())
        assert len(report.new) == count, report.problems

    @contextmanager
    def node(self, **options: Any) -> Iterator[ClusterNode]:
        """A node on a thread of this process; leaving stops it, in good order."""
        made = ClusterNode(self.workspace.desk(), **{"inbox": False} | options)
        thread = threading.Thread(target=made.run, daemon=True)
        thread.start()
        try:
            yield made
        finally:
            made.stop()
            thread.join(20)
            assert not thread.is_alive(), "a node does not stop"

    def process(self, *options: str) -> "subprocess.Popen[str]":
        """A node as a process of its own; killed with the test."""
        command = [sys.executable, "-m", "xuanfa", "worker", "-q", "-w", str(self.workspace.folder), *options]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.stack.callback(_end, process)
        return process

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.url.replace("+psycopg", ""), autocommit=True) as session:
            return session.execute(query.encode()).fetchall()

    def states(self) -> Counter[str]:
        return Counter(state for (state,) in self.rows("SELECT state FROM deliveries"))

    def wait_until(self, holds: Callable[[], bool], seconds: float = 30) -> None:
        """Until something holds, asked over and over: what other processes write sends no signal to this one."""
        moment = threading.Event()
        for _ in range(int(seconds / 0.05)):
            if holds():
                return
            moment.wait(0.05)
        raise AssertionError(self.states())


def _end(process: "subprocess.Popen[str]") -> None:
    if process.poll() is None:
        process.send_signal(signal.SIGKILL)
        process.communicate()
    if process.stdout is not None:
        process.stdout.close()


@pytest.fixture
def province(workspace: Any, postgres: Any) -> Iterator[Province]:
    url = postgres.database()
    made = Province(workspace, url)
    made.settle_in()
    with made.stack:
        yield made
    workspace.stack.close()
    postgres.give_back(url)
