"""Contestants: engines with the same work before them, each in processes of its own. Ours and the rivals are filled, started and judged alike."""

import json
import os
import shlex
import signal
import subprocess
import sys
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import sqlalchemy as sa

from benchmarks.corpus import make_workspace
from benchmarks.processor import processor_seconds
from benchmarks.servers import Servers
from benchmarks.sink import Sink
from benchmarks.task import jobs
from xuanfa.bootstrap import open_desk
from xuanfa.domain.delivery import State
from xuanfa.operations.intake.queue import queue
from xuanfa.store.schema import deliveries

CHANNELS = 4
_FAR = "2099-01-01 09:00"
#: A resident that sleeps looks up every five seconds: by then all of them know when to begin. Seconds.
_HEAD_START = 7.0


@dataclass(frozen=True, kw_only=True)
class Contestant(ABC):
    """One way to run an engine. ``in_flight`` is for each process."""

    name: str
    #: ``redis``, ``postgres`` or ``sqlite``: where its jobs and its record are.
    store: str
    processes: int = 1
    in_flight: int

    @abstractmethod
    def fill(self, run: "Run", posts: int) -> set[str]:
        """Put the jobs into its queue; the keys under which the sink will see them."""

    @abstractmethod
    def commands(self, run: "Run") -> list[list[str]]:
        """What an operator starts."""

    @abstractmethod
    def go(self, run: "Run") -> float:
        """Let everyone begin at one moment; which that is, in seconds since 1970."""

    @abstractmethod
    def victim(self, run: "Run") -> int:
        """The id of a process that has deliveries in hand."""

    @abstractmethod
    def recorded(self, run: "Run") -> tuple[set[str], set[str]]:
        """The keys that its own store says are done, and those that it says are in doubt."""


@dataclass
class Run:
    """One contestant at work: its folder, its sink, its processes."""

    contestant: Contestant
    folder: Path
    sink: Sink
    server: str
    #: After how many seconds a silent worker is taken for dead; 0 for the engine's own time.
    recovery: int = 0
    processes: list["subprocess.Popen[bytes]"] = field(default_factory=list)

    @property
    def environment(self) -> dict[str, str]:
        """What the processes of a rival are told."""
        its = self.contestant
        told: dict[str, object] = {
            "BENCH_FOLDER": self.folder,
            "BENCH_THREADS": its.in_flight,
            "BENCH_SERVER": self.server,
        }
        told["BENCH_RECOVERY"] = self.recovery
        return os.environ | {name: str(value) for name, value in told.items()}

    def start(self) -> None:
        """Start every process, or, later, those that are gone: as a supervisor does."""
        for at, command in enumerate(self.contestant.commands(self)):
            if at < len(self.processes) and self.processes[at].poll() is None:
                continue
            with (self.folder / "log").open("ab") as log:
                process = subprocess.Popen(
                    command, env=self.environment, stdout=log, stderr=log, start_new_session=True
                )
            self.processes[at : at + 1] = [process]

    def wait_for(self, count: int, seconds: float) -> None:
        """Until the sink has seen so many requests."""
        until = time.monotonic() + seconds
        while (seen := self.sink.count()) < count:
            if time.monotonic() > until:
                log = (self.folder / "log").read_text(encoding="utf-8", errors="replace")[-2000:]
                raise AssertionError(f"{self.contestant.name}: {seen} of {count} in {seconds} s\n{log}")
            time.sleep(0.05)

    def processor_seconds(self, servers: Servers) -> float:
        """What everything that was started, and the server, have used of the processors so far."""
        roots = [*(process.pid for process in self.processes), *servers.processes(self.contestant.store)]
        return processor_seconds(roots)

    def stop(self) -> None:
        """End everything that was started, children included."""
        for process in self.processes:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


@contextmanager
def opened(contestant: Contestant, servers: Servers, latency: float, recovery: int = 0) -> Iterator[Run]:
    """A contestant with a sink and a store of its own."""
    with Sink(latency) as sink, TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "signs").mkdir()
        run = Run(contestant, folder, sink, servers.address(contestant.store), recovery)
        try:
            yield run
        finally:
            run.stop()


class Pace(NamedTuple):
    """Deliveries a second; and the processor time of each, its server's included, in seconds: what a busy machine changes least."""

    rate: float
    work: float


def race(contestant: Contestant, servers: Servers, *, posts: int, latency: float = 0.0) -> Pace:
    """How fast, from the moment at which all may begin until the last request has arrived. Checks that all are recorded."""
    with opened(contestant, servers, latency) as run:
        keys = contestant.fill(run, posts)
        run.start()
        began = contestant.go(run)
        time.sleep(max(0.0, began - time.time()))
        before = run.processor_seconds(servers)
        run.wait_for(len(keys), 600)
        work = (run.processor_seconds(servers) - before) / len(keys)
        arrived = run.sink.stats()["arrived"]
        assert isinstance(arrived, list)
        assert set(run.sink.keys()) == keys, "something was never sent"
        for _ in range(100):
            if contestant.recorded(run)[0] == keys:
                return Pace(len(keys) / (float(max(arrived)) - began), work)
            time.sleep(0.2)
        raise AssertionError(f"{contestant.name}: not everything was recorded")


@dataclass(frozen=True, kw_only=True)
class Rival(Contestant):
    """A module of ``benchmarks.rivals``, started by ``command``; ``{n}`` stands for what is in flight, ``{p}`` for the processes."""

    module: str
    command: str
    #: Whether the process that is killed is the one that was started, or one of its children.
    kills_main: bool = True

    def fill(self, run: Run, posts: int) -> set[str]:
        """Through the rival's own interface."""
        make_workspace(run.folder, run.sink.url, posts=posts, channels=CHANNELS, in_flight=self.in_flight)
        work = jobs(run.folder, run.sink.url, posts=posts, channels=CHANNELS)
        (run.folder / "jobs.json").write_text(json.dumps(work), encoding="utf-8")
        keys = {key for _, _, key in work}
        (run.folder / "keys").write_text("\n".join(keys), encoding="utf-8")
        self._ask(run, "fill")
        return keys

    def commands(self, run: Run) -> list[list[str]]:
        """One: it starts its own children."""
        words = shlex.split(self.command.format(n=self.in_flight, p=self.processes))
        return [[sys.executable, "-m", *words]]

    def go(self, run: Run) -> float:
        """As soon as every process has a job in hand."""
        until = time.monotonic() + 60
        while len(self._ready(run)) < self.processes:
            assert time.monotonic() < until, (run.folder / "log").read_text(encoding="utf-8")[-2000:]
            time.sleep(0.01)
        (run.folder / "signs" / "go").touch()
        return time.time()

    def victim(self, run: Run) -> int:
        """The process that was started, or the first of its children that had a job in hand."""
        return run.processes[0].pid if self.kills_main else int(self._ready(run)[0])

    def recorded(self, run: Run) -> tuple[set[str], set[str]]:
        """No rival knows doubt."""
        return set(json.loads(self._ask(run, "recorded"))), set()

    def _ready(self, run: Run) -> list[str]:
        return sorted(sign.name for sign in (run.folder / "signs").iterdir() if sign.name.isdigit())

    def _ask(self, run: Run, verb: str) -> bytes:
        command = [sys.executable, "-m", "benchmarks.rivals", verb, self.module]
        asked = subprocess.run(command, env=run.environment, capture_output=True, check=False)
        assert asked.returncode == 0, asked.stderr.decode()[-2000:]
        return asked.stdout


@dataclass(frozen=True, kw_only=True)
class Ours(Contestant):
    """``xuanfa run``, or another command; ``{folder}`` stands for the workspace. Everything becomes due at one moment."""

    command: str = "xuanfa run --quiet -w {folder}"

    def fill(self, run: Run, posts: int) -> set[str]:
        """Read, render and plan them for a day that is far away. Read files may leave the inbox, as in a real office."""
        make_workspace(
            run.folder,
            run.sink.url,
            posts=posts,
            channels=CHANNELS,
            in_flight=self.in_flight,
            publish_at=_FAR,
            database_url=run.server,
            lease_seconds=run.recovery or 120,
        )
        with open_desk(run.folder) as desk:
            queue(desk)
            with desk.store.read() as connection:
                keys = set(connection.scalars(sa.select(deliveries.c.key)))
        assert len(keys) == posts * CHANNELS
        for path in (run.folder / "posts").iterdir():
            path.unlink()
        return keys

    def commands(self, run: Run) -> list[list[str]]:
        """One for each process."""
        return [[sys.executable, "-m", *shlex.split(self.command.format(folder=run.folder))]] * self.processes

    def go(self, run: Run) -> float:
        """Make everything due in a moment, when every process is up and has looked for its next appointment."""
        due = datetime.now(UTC) + timedelta(seconds=_HEAD_START)
        with open_desk(run.folder) as desk, desk.store.write() as connection:
            connection.execute(deliveries.update().values(due_at=due, ready_at=due, fresh_at=due))
        return due.timestamp()

    def victim(self, run: Run) -> int:
        """Each is one process."""
        return run.processes[0].pid

    def recorded(self, run: Run) -> tuple[set[str], set[str]]:
        """What is in the ledger, and what is called unknown."""
        with open_desk(run.folder) as desk, desk.store.read() as connection:
            rows = connection.execute(sa.select(deliveries.c.key, deliveries.c.state)).all()
        by = {state: {row.key for row in rows if row.state == state.value} for state in State}
        return by[State.PUBLISHED], by[State.UNKNOWN]
