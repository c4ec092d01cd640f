"""Files are read in a process of their own: what ends it is named and set aside, and what is due on other posts goes out meanwhile."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from support.breaking import Breaking
from tests.support.decisions import reschedule
from xuanfa.bootstrap import open_desk, utc_now
from xuanfa.domain.person import Person
from xuanfa.operations.desk import Desk
from xuanfa.operations.intake.queue import queue


class Room:
    """A workspace whose one channel breaks as its posts ask it to, and the command line in processes of its own."""

    def __init__(self, workspace: Any, sink: Any, packages: Path) -> None:
        path = workspace.folder / "xuanfa.toml"
        text = path.read_text(encoding="utf-8").replace('adapter = "webhook"', 'adapter = "breaking"')
        path.write_text(text, encoding="utf-8")
        workspace.folder.joinpath("templates/webhook").rename(workspace.folder / "templates" / "breaking")
        self.breaking = Breaking(packages)
        self.gate = packages / "gate"
        self.gate.touch()
        self.folder: Path = workspace.folder
        self.post = workspace.post
        self.sink = sink
        self.tries = self.breaking.tries

    def start(self, *arguments: str) -> "subprocess.Popen[str]":
        command = [sys.executable, "-m", "xuanfa", *arguments, "-w", str(self.folder)]
        pipe = subprocess.PIPE
        return subprocess.Popen(command, env=self.breaking.environ, stdout=pipe, stderr=pipe, text=True)

    def __call__(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        with self.start(*arguments) as process:
            out, err = process.communicate(timeout=120)
        assert "Traceback" not in out + err, err
        return subprocess.CompletedProcess(arguments, process.returncode, out, err)

    def dies(self, *arguments: str) -> None:
        """Run a command that is killed."""
        with self.start(*arguments) as process:
            process.communicate(timeout=120)
        assert process.returncode == -signal.SIGKILL

    def bodies(self) -> list[str]:
        """What has arrived."""
        return [json.loads(seen.body)["text"] for seen in self.sink.seen]

    def is_read(self, slug: str) -> None:
        """Wait until a post is being rendered."""
        until = time.monotonic() + 60
        while not self.tries(slug):
            assert time.monotonic() < until
            os.sched_yield()


@pytest.fixture
def room(workspace: Any, sink: Any, tmp_path: Path) -> Room:
    return Room(workspace, sink, tmp_path / "packages")


@pytest.fixture
def here(room: Room, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """A desk of this process that reads aside."""
    from xuanfa.adapters import registry  # noqa: PLC0415 - its tables are made anew

    for name in ("PYTHONPATH", "RENDERED"):
        monkeypatch.setenv(name, room.breaking.environ[name])
    monkeypatch.syspath_prepend(str(room.breaking.log.parent))
    for cached in (registry._table, registry.adapter_class):
        cached.cache_clear()
    with open_desk(room.folder, aside=True) as opened:
        yield opened
    for cached in (registry._table, registry.adapter_class):
        cached.cache_clear()
    sys.modules.pop("breaking", None)


def quick(room: Room) -> str:
    """The program that reads, with a second of the processor for each file."""
    (room.breaking.log.parent / "quick_reading.py").write_text(
        "import sys\nfrom xuanfa.bootstrap import aside\naside.PROCESSOR_MAX = 1\n"
        "from xuanfa.bootstrap.reading import main\nmain(int(sys.argv[1]), int(sys.argv[2]))\n",
        encoding="utf-8",
    )
    return "quick_reading"


@pytest.mark.parametrize(("word", "how"), [("SEGV", "SIGSEGV"), ("EXIT", "代码 3")])
def test_a_file_that_ends_its_reader_is_named_and_set_aside_and_the_rest_goes_on(
    room: Room, word: str, how: str
) -> None:
    room.post("a-bad", f"{word} 甲")
    room.post("b-good", "乙")
    first = room("publish")
    assert room.bodies() == ["乙"]
    assert first.returncode == 1
    assert "posts/a-bad.md: 读这个文件时出了故障" in first.stderr
    assert how in first.stderr
    assert "已有 2 次出故障" in room("publish").stderr
    third = room("publish")
    assert "posts/a-bad.md: 读这个文件已有 2 次出故障" in third.stderr
    assert "已搁置" in third.stderr
    assert room.tries("a-bad") == 2
    assert not list((room.folder / "var" / "reading").iterdir())
    for command in ("queue", "posts", "deliveries", "doctor", "alarms"):
        said = room(command)
        assert "posts/a-bad.md" in said.stdout + said.stderr, command
        assert "已搁置" in said.stdout + said.stderr, command
    assert isinstance(json.loads(room("deliveries", "--json").stdout), list)
    room.post("a-bad", "改好了")
    assert room("publish").returncode == 0
    assert room.bodies() == ["乙", "改好了"]
    assert "已搁置" not in room("doctor").stdout


def test_a_file_whose_reading_ended_the_whole_program_twice_is_set_aside_too(room: Room) -> None:
    room.post("a-bad", "BOTH 甲")
    room.post("b-good", "乙")
    for _ in range(2):
        room.dies("publish")
    third = room("publish")
    assert third.returncode == 1
    assert "posts/a-bad.md: 读这个文件已有 2 次出故障（程序在读它时中断）" in third.stderr
    assert room.tries("a-bad") == 2
    assert room.bodies() == ["乙"]


def test_a_program_killed_while_it_reads_blames_no_file(room: Room) -> None:
    """What reads outlives it for a moment, and has nothing to complain of."""
    room.post("a-good", "PARENT 甲")
    for _ in range(3):
        room.dies("publish")
    assert room.tries("a-good") == 3
    room.post("a-good", "甲乙")
    assert room("publish").returncode == 0
    assert room.bodies() == ["甲乙"]


@pytest.mark.parametrize("command", ["publish", "run"])
def test_what_was_queued_before_leaves_in_time_while_another_post_renders(room: Room, here: Desk, command: str) -> None:
    room.post("queued", "早已排好", publish_at="2099-01-01 09:00")
    assert room("queue").returncode == 0
    room.post("slow", f"WAIT {room.gate} 慢")
    with room.start(command) as process:
        room.is_read("slow")
        due = utc_now() + timedelta(seconds=2)
        reschedule(here, 1, due, Person(name="安娜", why="提前"))
        room.sink.wait_for(1)
        late = room.sink.seen[0].at - due.timestamp()
        assert room.bodies() == ["早已排好"]
        assert 0 <= late < 1
        room.gate.unlink()
        room.sink.wait_for(2)
        if command == "run":
            process.send_signal(signal.SIGTERM)
        _, err = process.communicate(timeout=60)
        assert process.returncode == 0, err


def test_a_change_of_a_due_post_is_waited_for(room: Room) -> None:
    """It is due now, and its file says something else now: the old text must not leave while the new one is read."""
    room.post("one", "旧文")
    room("queue")
    room.post("one", f"WAIT {room.gate} 新文")
    room.post("two", "另一篇")
    with room.start("publish") as process:
        room.is_read("one")
        room.gate.unlink()
        process.communicate(timeout=60)
    assert sorted(body.split()[-1] for body in room.bodies()) == ["另一篇", "新文"]


def test_memory_without_end_is_a_problem_of_its_file(room: Room) -> None:
    room.post("a-bad", "EAT 甲")
    room.post("b-good", "乙")
    said = room("publish")
    assert said.returncode == 1
    assert "posts/a-bad.md: 读这个文件要用的内存超过上限" in said.stderr
    assert room.bodies() == ["乙"]
    for process in ("publish", "xuanfa.bootstrap.reading"):
        assert 30_000 < room.breaking.most(process) <= 300_000, process


def test_a_file_that_takes_the_processor_for_ever_is_ended(
    room: Room, here: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("xuanfa.bootstrap.aside._PROGRAM", quick(room))
    room.post("a-bad", "SPIN 甲")
    room.post("b-good", "乙")
    report = queue(here)
    assert report.new == ["b-good"]
    assert "处理时间超过上限" in report.problems[0]


def test_a_file_that_is_waited_for_in_vain_is_given_up(room: Room, here: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("xuanfa.bootstrap.aside.PROCESSOR_MAX", 1)
    room.post("a-bad", f"WAIT {room.gate} 甲")
    report = queue(here)
    assert "超过 3 秒没有读完" in report.problems[0]
    room.gate.unlink()
    assert queue(here).new == ["a-bad"]  # once is not twice


@pytest.mark.parametrize("program", ["no_such_module", "colorsys"])
def test_a_program_that_does_not_begin_is_no_fault_of_a_file(
    room: Room, here: Desk, monkeypatch: pytest.MonkeyPatch, program: str
) -> None:
    from xuanfa.engine.once import one_pass  # noqa: PLC0415 - as above

    room.post("a-good", "甲")
    with monkeypatch.context() as patch:
        patch.setattr("xuanfa.bootstrap.aside._PROGRAM", program)
        (problem,) = one_pass(here).queued.problems
    assert "没有起来" in problem
    with here.store.read() as connection:
        assert connection.scalar(sa.text("SELECT count(*) FROM files")) == 0
    assert queue(here).new == ["a-good"]


def test_an_empty_look_starts_no_process(room: Room, here: Desk) -> None:
    room.post("a-good", "甲")
    queue(here)
    started: list[Any] = []
    real: Callable[..., Any] = subprocess.Popen
    subprocess.Popen = lambda *a, **k: started.append(a) or real(*a, **k)  # type: ignore[misc, assignment]
    try:
        assert queue(here).unchanged == 1
    finally:
        subprocess.Popen = real  # type: ignore[misc, assignment]
    assert started == []
    assert room.tries("a-good") == 1
