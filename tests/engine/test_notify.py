"""What systemd is told: ready, alive while the work gets on, stopping; over a real socket, by a real process."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from xuanfa.engine import pulse
from xuanfa.engine.notify import notify, watchdog_seconds
from xuanfa.engine.pulse import Pulse


@pytest.fixture(params=["path", "abstract"])
def manager(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[socket.socket, str]]:
    """The socket of a service manager, and its name for the environment."""
    name = str(tmp_path / "notify") if request.param == "path" else f"@xuanfa-test-{os.getpid()}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind("\0" + name[1:] if name.startswith("@") else name)
        listening.settimeout(20)
        yield listening, name


def test_a_state_arrives_as_one_datagram(manager: tuple[socket.socket, str]) -> None:
    listening, name = manager
    assert notify("READY=1", "STATUS=x", environ={"NOTIFY_SOCKET": name})
    assert listening.recv(100) == b"READY=1\nSTATUS=x"


@pytest.mark.parametrize("environ", [{}, {"NOTIFY_SOCKET": ""}, {"NOTIFY_SOCKET": "/nowhere/at/all"}])
def test_without_a_manager_nothing_happens(environ: dict[str, str]) -> None:
    assert not notify("READY=1", environ=environ)


@pytest.mark.parametrize(
    ("environ", "seconds"),
    [
        ({}, None),
        ({"WATCHDOG_USEC": "180000000"}, 180.0),
        ({"WATCHDOG_USEC": "180000000", "WATCHDOG_PID": str(os.getpid())}, 180.0),
        ({"WATCHDOG_USEC": "180000000", "WATCHDOG_PID": "1"}, None),
        ({"WATCHDOG_USEC": "0"}, None),
        ({"WATCHDOG_USEC": "-1"}, None),
        ({"WATCHDOG_USEC": "soon"}, None),
    ],
)
def test_the_watchdog_is_fed_where_the_manager_asks_this_process(environ: dict[str, str], seconds: Any) -> None:
    assert watchdog_seconds(environ) == seconds


def test_a_sign_of_life_is_given_only_while_the_work_gets_on(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[float] = []
    even = [0.0]
    monkeypatch.setattr(pulse, "notify", lambda *_: told.append(even[0]))
    beating = Pulse(lambda: even[0], lambda: 60.0)
    for second in range(100):
        even[0] = float(second)
        if second <= 40:
            beating.beat()
        beating.feed()
    assert told == [0, 20, 40, 60]
    beating.beat()
    beating.feed()
    assert told[-1] == 99


def test_nothing_is_said_where_no_watchdog_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pulse, "notify", lambda *_: pytest.fail("said"))
    Pulse(watchdog=lambda: None).feed()


def test_a_resident_says_ready_alive_and_stopping(
    workspace: Any, sink: Any, manager: tuple[socket.socket, str]
) -> None:
    listening, name = manager
    workspace.post("one")
    environ = os.environ | {"NOTIFY_SOCKET": name, "WATCHDOG_USEC": "3000000"}
    child = subprocess.Popen(
        [sys.executable, "-m", "xuanfa", "run", "-w", str(workspace.folder)],
        env=environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    said = [listening.recv(100) for _ in range(3)]
    sink.wait_for(1)
    child.send_signal(signal.SIGTERM)
    while said[-1] != b"STOPPING=1":
        said.append(listening.recv(100))
    _, err = child.communicate(timeout=30)
    assert child.returncode == 0, err
    assert said[0] == b"READY=1"
    assert said[1:3] == [b"WATCHDOG=1"] * 2
    assert len(sink.seen) == 1


def test_work_that_stands_still_is_told_once_and_so_is_its_going_on(caplog: pytest.LogCaptureFixture) -> None:
    even = [0.0]
    beating = Pulse(lambda: even[0], lambda: None)
    for second in range(1, 30):
        even[0] = float(second)
        beating.feed()
        if second == 7:
            assert not caplog.records
        if second == 8:
            assert "8 秒没有进展" in caplog.text
    assert len(caplog.records) == 1
    beating.beat()
    beating.feed()
    beating.feed()
    assert [record.getMessage() for record in caplog.records][1:] == ["又有进展了。"]
