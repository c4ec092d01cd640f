"""What keeps a resident from its work is told within seconds: by ``/readyz``, in the log, and where people look."""

import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
import pytest

from xuanfa.domain.errors import ConfigError
from xuanfa.engine.pulse import Pulse
from xuanfa.engine.readiness import Readiness
from xuanfa.operations.intake.folder import folder_problems
from xuanfa.operations.intake.queue import queue
from xuanfa.operations.watching.alarms import standing
from xuanfa.operations.watching.examine import examine
from xuanfa.operations.watching.figures import unreadiness


def test_a_database_that_never_answers_is_said_in_time_and_asked_by_one_thread() -> None:
    let_go, asked = threading.Event(), []

    def ask() -> str:
        asked.append(1)
        let_go.wait(30)
        return ""

    readiness = Readiness(ask, Pulse(), patience=0.02)
    assert "没有回应" in readiness.trouble()
    assert "没有回应" in readiness.trouble()
    assert len(asked) == 1
    let_go.set()
    assert Readiness(ask, Pulse()).trouble() == ""


BREAKING: dict[str, tuple[Callable[[Path], object], str]] = {
    "missing": (lambda posts: posts.rename(posts.with_name("elsewhere")), "没有稿件文件夹"),
    "a file": (lambda posts: (posts.rename(posts.with_name("elsewhere")), posts.write_text("")), "没有稿件文件夹"),
    "a circle": (lambda posts: (posts.rename(posts.with_name("elsewhere")), posts.symlink_to(posts)), "没有稿件文件夹"),
}


@pytest.mark.parametrize("how", BREAKING)
def test_a_folder_that_cannot_be_read_is_told_wherever_people_look_until_it_can(workspace: Any, how: str) -> None:
    desk = workspace.desk()
    workspace.post("one")
    queue(desk)
    assert unreadiness(desk) == ""
    posts = workspace.folder / "posts"
    break_it, words = BREAKING[how]
    break_it(posts)
    with pytest.raises(ConfigError, match=words):
        queue(desk)
    with pytest.raises(ConfigError, match=words):
        unreadiness(desk)
    assert unreadiness(desk, reads_inbox=False) == ""
    (cause,) = [each.cause for each in standing(desk) if each.cause.name == "folder"]
    assert words in cause.words
    assert words in folder_problems(desk)[0]
    assert any(item.trouble and "稿件文件夹" in item.what for item in examine(desk))
    if posts.is_symlink() or posts.is_file():
        posts.unlink()
    posts.with_name("elsewhere").rename(posts)
    queue(desk)
    assert (unreadiness(desk), folder_problems(desk)) == ("", [])
    assert not [each for each in standing(desk) if each.cause.name == "folder"]


def test_a_folder_that_is_suddenly_empty_is_told_as_trouble_of_the_folder(workspace: Any) -> None:
    desk = workspace.desk()
    files = [workspace.post("a"), workspace.post("b")]
    queue(desk)
    for file in files:
        file.rename(workspace.folder / file.name)
    queue(desk)
    assert "突然空了" in unreadiness(desk)
    for file in files:
        (workspace.folder / file.name).rename(file)
    queue(desk)
    assert unreadiness(desk) == ""


@contextmanager
def running(folder: Path) -> Iterator[tuple[str, Callable[[], str]]]:
    """``xuanfa run``, where it can be watched, and what it has logged so far."""
    with (folder / "log").open("w") as log:
        child = subprocess.Popen(
            [sys.executable, "-m", "xuanfa", "run", "-q", "--listen", "127.0.0.1:0", "-w", str(folder)],
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            env=os.environ | {"PYTHONUNBUFFERED": "1"},
        )
    assert child.stdout is not None
    found = re.search(r"http://127\.0\.0\.1:\d+", child.stdout.readline())
    assert found is not None
    try:
        yield found[0], (folder / "log").read_text
    finally:
        child.send_signal(signal.SIGTERM)
        child.communicate(timeout=60)


def until(what: Callable[[], Any], seconds: float = 8.0) -> Any:
    """What comes true within so many seconds."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = what()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError("nothing within the time")


@pytest.mark.parametrize("how", ["deleted", "its folder moved", "a file in place of its folder"])
def test_a_database_that_is_gone_under_a_resident_is_told_within_eight_seconds(
    workspace: Any, sink: Any, how: str
) -> None:
    workspace.post("sent")
    var = workspace.folder / "var"
    with running(workspace.folder) as (address, log):
        sink.wait_for(1)
        until(lambda: httpx.get(f"{address}/readyz").status_code == 200, 20)
        until(lambda: "out" in (workspace.folder / "xuanfa.marks").read_text(), 20)
        if how == "deleted":
            for file in var.glob("xuanfa.db*"):
                file.unlink()
        else:
            var.rename(workspace.folder / "var-away")
        if how.startswith("a file"):
            var.touch()
        until(lambda: "数据库" in log())
        until(lambda: httpx.get(f"{address}/readyz").status_code == 503)
        assert httpx.get(f"{address}/healthz").status_code == 200
        assert "Traceback" not in log()
        assert len(log().splitlines()) < 12
        assert len(sink.seen) == 1
    assert len(log().splitlines()) < 20
    shutil.rmtree(workspace.folder / "var-away", ignore_errors=True)


@pytest.fixture
def small_var(workspace: Any) -> Iterator[Path]:
    """The workspace's ``var`` on a disk of its own that holds little."""
    var: Path = workspace.folder / "var"
    var.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(var)], check=False, capture_output=True
    )
    if mounted.returncode:
        pytest.skip(f"no disk can be mounted here: {mounted.stderr.decode().strip()}")
    yield var
    subprocess.run(["umount", "-l", str(var)], check=True)


def fill(var: Path) -> Path:
    filler = var / "filler"
    with filler.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(bytes(4096))
    return filler


def test_a_full_disk_is_one_sentence_and_work_goes_on_when_there_is_room(
    workspace: Any, sink: Any, small_var: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XUANFA_PUBLISH__SCAN_SECONDS", "1")
    workspace.post("first")
    with running(workspace.folder) as (_, log):
        sink.wait_for(1)
        filler = fill(small_var)
        workspace.post("second", "另一件事：法官上门调解。")
        until(lambda: "ERROR" in log(), 30)
        time.sleep(3)  # several passes
        said = log()
        filler.unlink()
        sink.wait_for(2, 60)
    assert "Traceback" not in said
    assert len(said.splitlines()) < 12
    command = [sys.executable, "-m", "xuanfa", "publish", "-w", str(workspace.folder)]
    filler = fill(small_var)
    workspace.post("third", "第三件事：普法讲座。")
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=120)
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert "磁盘" in line
    filler.unlink()
    assert subprocess.run(command, check=False, capture_output=True, timeout=120).returncode == 0
    assert len(sink.seen) == 3
