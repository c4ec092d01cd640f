"""Whether a process is certainly gone, asked of real ones."""

import os
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from xuanfa.domain.process import Fate, Process, Sender, how_to_end
from xuanfa.domain.reader import Reader, read_by
from xuanfa.operations import processes
from xuanfa.operations.processes import fate_of, own_process


@pytest.fixture
def child() -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen(["cat"], stdin=subprocess.PIPE) as made:
        yield made
        if made.returncode is None:
            made.kill()


def own() -> Process:
    found = Process.parse(own_process())
    assert found is not None
    return found


def as_stored(child: subprocess.Popen[bytes]) -> str:
    """What the child would have stored of itself."""
    stat = Path(f"/proc/{child.pid}/stat").read_text(encoding="utf-8")
    return str(replace(own(), pid=child.pid, started=int(stat.rpartition(")")[2].split()[19])))


def ended(child: subprocess.Popen[bytes]) -> None:
    """Dead, and not yet waited for: a zombie."""
    child.kill()
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)


def test_this_process_is_running_and_its_text_says_which_it_is() -> None:
    assert fate_of(own_process()) is Fate.RUNNING
    assert own().pid == os.getpid()
    assert len(own_process()) <= 200


def test_a_stopped_process_is_not_gone_and_a_zombie_is(child: subprocess.Popen[bytes]) -> None:
    stored = as_stored(child)
    assert fate_of(stored) is Fate.RUNNING
    child.send_signal(signal.SIGSTOP)
    os.waitid(os.P_PID, child.pid, os.WSTOPPED)
    assert fate_of(stored) is Fate.STOPPED
    ended(child)
    assert fate_of(stored) is Fate.GONE
    child.wait()
    assert fate_of(stored) is Fate.GONE


def test_a_number_that_was_given_again_is_another_process() -> None:
    assert fate_of(str(replace(own(), started=own().started - 1))) is Fate.GONE


def test_a_process_that_may_not_be_signalled_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_pid: int, _number: int) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "kill", refuse)
    assert fate_of(own_process()) is Fate.RUNNING


def test_a_process_that_proc_hides_is_there(
    child: subprocess.Popen[bytes], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """As a mount of /proc with hidepid shows the processes of others: not at all."""
    stored = as_stored(child)
    for name in ("self", "sys"):
        (tmp_path / name).symlink_to(f"/proc/{name}")
    monkeypatch.setattr(processes, "_PROC", tmp_path)
    assert fate_of(stored) is Fate.RUNNING


def test_after_a_new_start_of_the_same_machine_every_earlier_process_is_gone() -> None:
    assert fate_of(str(replace(own(), boot="another"))) is (
        Fate.GONE if own().room.startswith("4026531836") else Fate.UNSEEN
    )


@pytest.mark.parametrize(
    "elsewhere",
    [
        {"boot": "another", "machine": "another"},
        {"boot": "another", "room": "4026532000/4026531834"},
        {"room": "4026532000/4026531834"},
        {"boot": "another", "machine": "-"},
    ],
    ids=["another machine", "a container before a new start", "a container", "a machine without a name"],
)
def test_what_cannot_be_seen_from_here_is_not_called_gone(elsewhere: dict[str, str]) -> None:
    assert fate_of(str(replace(own(), **elsewhere))) is Fate.UNSEEN  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["", "host:12:abc", "a b c 12", "a b c x 1", "a b c 1 -1", "a  c 1 2", "a b c 1 2 3"])
def test_an_attempt_without_a_process_is_not_called_gone(text: str) -> None:
    assert fate_of(text) is Fate.UNSEEN


def test_two_machines_without_a_name_are_not_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "_machine", lambda: "-")
    assert fate_of(str(replace(own(), boot="another"))) is Fate.UNSEEN


def test_who_must_end_it_is_told_its_number_and_where() -> None:
    sender = Sender(delivery=1, number=1, node="web-2:4711:abcdef", process="m b r 4711 99")
    assert "kill 4711" in how_to_end(sender, Fate.RUNNING, "web-2")
    assert "kill -CONT 4711" in how_to_end(sender, Fate.STOPPED, "web-2")
    unseen = how_to_end(sender, Fate.UNSEEN, "web-1")
    assert "web-2" in unseen
    assert "kill 4711" in unseen


@pytest.mark.parametrize("process", ["m b 4026532000/1 1 99", ""])
@pytest.mark.parametrize(("reader", "words"), [("zh", "另一容器里的进程"), ("en", "in another container")])
def test_a_number_of_another_container_is_nothing_to_be_killed_here(process: str, reader: str, words: str) -> None:
    """A container that calls itself as this machine does: its process 1 is another one than ours."""
    sender = Sender(delivery=1, number=1, node="web-2:1:abcdef", process=process)
    with read_by(Reader(reader)):
        told = how_to_end(sender, Fate.UNSEEN, "web-2")
    assert words in told
    assert "kill" not in told


def test_an_attempt_of_an_earlier_version_names_the_process_by_its_node() -> None:
    assert Sender(delivery=1, number=1, node="web-2:4711:abcdef", process="").pid == "4711"
