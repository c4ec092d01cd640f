"""Real processes and a database that is lost, cut or put back, also under a process that stays: nothing arrives a second time."""

import shutil
import signal
import sqlite3
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from tests.support import warm
from tests.support.databases import postgres_only, sqlite_only


@pytest.fixture
def workspace(workspace: Any, database: str, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Its processes find their database by the environment."""
    monkeypatch.setenv("XUANFA_DATABASE_URL", database)
    return workspace


def start(workspace: Any, *command: str) -> "subprocess.Popen[str]":
    return warm.xuanfa(*command, "-w", str(workspace.folder))


def xuanfa(workspace: Any, *command: str) -> tuple[int, str]:
    """A command that comes to its end: its exit code, and all that it said."""
    process = start(workspace, *command)
    out, err = process.communicate(timeout=60)
    assert "Traceback" not in out + err, err
    return process.returncode, out + err


@pytest.fixture
def resident(workspace: Any) -> Iterator[Callable[[], "subprocess.Popen[str]"]]:
    """Starts ``xuanfa run``; killed with the test."""
    started: list[subprocess.Popen[str]] = []

    def begin() -> "subprocess.Popen[str]":
        started.append(start(workspace, "run", "-q"))
        return started[-1]

    yield begin
    for process in started:
        process.send_signal(signal.SIGKILL)
        process.communicate()


def file_of(database: str) -> Path:
    return Path(sa.make_url(database).database or "")


def wait_until(holds: Callable[[], bool], seconds: float = 60) -> None:
    """Asked over and over: what other processes write sends no signal to this one."""
    moment = threading.Event()
    for _ in range(int(seconds / 0.1)):
        if holds():
            return
        moment.wait(0.1)
    raise AssertionError("it never came")


def is_paused(database: str) -> bool:
    engine = sa.create_engine(database)
    try:
        with engine.connect() as connection:
            return bool(connection.scalar(sa.text("SELECT count(*) FROM channel_states WHERE channel = '*'")))
    finally:
        engine.dispose()


def put_back(request: pytest.FixtureRequest, database: str, older: str) -> None:
    """The older copy is the database now, under the same address; whoever is connected is cut off."""
    server = request.getfixturevalue("postgres")
    name = sa.make_url(database).database
    server.sql(f"DROP DATABASE {name} WITH (FORCE)")
    server.sql(f"ALTER DATABASE {older} RENAME TO {name}")


def refused(workspace: Any, sink: Any, arrived: int) -> None:
    """A pass that a person must see to: it says how to go on, and sends nothing."""
    code, said = xuanfa(workspace, "publish")
    assert code == 1
    assert "xuanfa restore" in said
    assert "xuanfa recover" in said
    assert len(sink.seen) == arrived
    code, said = xuanfa(workspace, "recover")
    assert code == 1
    assert "one" in said
    assert "hook" in said
    assert len(sink.seen) == arrived


@sqlite_only
def test_a_deleted_database(workspace: Any, sink: Any, database: str) -> None:
    workspace.post("one")
    assert xuanfa(workspace, "publish")[0] == 0
    shutil.rmtree(file_of(database).parent)
    assert xuanfa(workspace, "recover")[0] == 1
    assert not file_of(database).exists(), "to look makes nothing"
    refused(workspace, sink, 1)
    refused(workspace, sink, 1)


@sqlite_only
@pytest.mark.parametrize("published_before", [True, False])
def test_a_log_that_is_deleted_after_a_kill(
    workspace: Any, sink: Any, database: str, *, published_before: bool
) -> None:
    """With nothing published before, the tables themselves are only in the log."""
    if published_before:
        workspace.post("before")
        assert xuanfa(workspace, "publish")[0] == 0
    arrived = len(sink.seen)
    workspace.post("one")
    sink.script.append("silent")
    process = start(workspace, "publish")
    sink.wait_for(arrived + 1)
    process.kill()
    process.communicate()
    for name in ("-wal", "-shm"):
        file_of(database).with_name(f"{file_of(database).name}{name}").unlink()
    refused(workspace, sink, arrived + 1)


@sqlite_only
def test_an_old_copy_of_the_file(workspace: Any, sink: Any, database: str) -> None:
    workspace.post("zero")
    assert xuanfa(workspace, "publish")[0] == 0
    shutil.copy(file_of(database), workspace.folder / "old.db")
    workspace.post("one")
    assert xuanfa(workspace, "publish")[0] == 0
    (workspace.folder / "old.db").replace(file_of(database))
    refused(workspace, sink, 2)


@sqlite_only
@pytest.mark.parametrize("what", ["replaced", "deleted"])
def test_a_file_that_is_taken_from_under_a_process_that_stays(
    workspace: Any, sink: Any, database: str, resident: Callable[[], Any], what: str
) -> None:
    workspace.post("zero")
    assert xuanfa(workspace, "publish")[0] == 0
    shutil.copy(file_of(database), workspace.folder / "old.db")
    resident()
    workspace.post("one")
    sink.wait_for(2, 60)
    for name in ("-wal", "-shm"):
        file_of(database).with_name(f"{file_of(database).name}{name}").unlink(missing_ok=True)
    if what == "replaced":
        (workspace.folder / "old.db").replace(file_of(database))
    else:
        file_of(database).unlink()
    workspace.post("two")
    wait_until(lambda: file_of(database).exists() and "channel_states" in tables(database) and is_paused(database))
    refused(workspace, sink, 2)


def tables(database: str) -> set[str]:
    with closing(sqlite3.connect(file_of(database))) as plain:
        return {name for (name,) in plain.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}


@postgres_only
def test_a_database_of_another_address(
    workspace: Any, sink: Any, postgres: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace.post("one")
    assert xuanfa(workspace, "publish")[0] == 0
    other = postgres.database()
    monkeypatch.setenv("XUANFA_DATABASE_URL", other)
    refused(workspace, sink, 1)
    postgres.drop(other)


@postgres_only
@pytest.mark.parametrize("stays", [False, True])
def test_a_server_that_was_set_back_to_an_earlier_point(
    workspace: Any,
    sink: Any,
    database: str,
    request: pytest.FixtureRequest,
    resident: Callable[[], Any],
    *,
    stays: bool,
) -> None:
    workspace.post("zero")
    assert xuanfa(workspace, "publish")[0] == 0
    name = sa.make_url(database).database
    request.getfixturevalue("postgres").sql(f"CREATE DATABASE older_{name} TEMPLATE {name}")
    if stays:
        resident()
    workspace.post("one")
    if not stays:
        assert xuanfa(workspace, "publish")[0] == 0
    sink.wait_for(2, 60)
    put_back(request, database, f"older_{name}")
    if stays:
        workspace.post("two")
        wait_until(lambda: is_paused(database))
    refused(workspace, sink, 2)
