"""``xuanfa run --listen``: the truth about a resident process, for those who watch it."""

import re
import signal
import socket
import struct
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from prometheus_client.openmetrics.parser import text_string_to_metric_families as openmetrics_families
from prometheus_client.parser import text_string_to_metric_families as text_families

from tests.support.decisions import pause
from xuanfa.cli import main
from xuanfa.domain.channel import EVERYTHING
from xuanfa.domain.errors import ConfigError, StoreError
from xuanfa.domain.person import Person
from xuanfa.engine import figures as figures_module
from xuanfa.engine.figures import Figures
from xuanfa.engine.listen import Listener, pages
from xuanfa.engine.once import one_pass
from xuanfa.engine.pulse import Pulse
from xuanfa.engine.workers import Workers
from xuanfa.operations.desk import Desk


@contextmanager
def listening(desk: Desk, figures: Figures | None = None, pulse: Pulse | None = None) -> Iterator[httpx.Client]:
    with (
        Listener(("127.0.0.1", 0), pages(desk, pulse or Pulse(), figures)) as listener,
        httpx.Client(base_url=f"http://127.0.0.1:{listener.port}") as client,
    ):
        yield client


@pytest.mark.parametrize("when", ["before the request has ended", "before the answer", "within the answer"])
def test_a_client_that_hangs_up_leaves_no_trace_and_harms_nobody(
    when: str, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    asked, gone = threading.Event(), threading.Event()

    def page(_accept: str) -> tuple[int, bytes, str]:
        asked.set()
        assert gone.wait(10)
        return 200, b"x" * 50_000_000, "text/plain"

    def drop(connection: socket.socket) -> None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.close()
        gone.set()

    with Listener(
        ("127.0.0.1", 0), {"/metrics": page, "/healthz": lambda _accept: (200, b"ok", "text/plain")}
    ) as listener:
        client = socket.create_connection(("127.0.0.1", listener.port))
        if when == "before the request has ended":
            client.sendall(b"GET /metr")
        else:
            client.sendall(b"GET /metrics HTTP/1.0\r\n\r\n")
            assert asked.wait(10)
        if when == "within the answer":
            gone.set()
            client.recv(1000)
        drop(client)
        with httpx.Client(base_url=f"http://127.0.0.1:{listener.port}") as well:
            assert well.get("/healthz").text == "ok"
        for thread in threading.enumerate():
            if "process_request_thread" in thread.name:
                thread.join(10)
    assert capfd.readouterr() == ("", "")
    assert caplog.text == ""


def values(page: str) -> dict[str, float]:
    """The samples of a page by name and labels."""
    return {
        name: float(value)
        for name, value in re.findall(r"^([^#\s][^\s]*(?:\{[^}]*\})?) (\S+)$", page, re.MULTILINE)
        if "_bucket" not in name and "_created" not in name
    }


def test_the_figures_are_those_of_the_database_and_of_what_was_done(workspace: Any, sink: Any, clock: Any) -> None:
    desk = workspace.desk(clock)
    for number in range(3):
        workspace.post(f"post-{number}")
    sink.script.append("reset")
    figures = Figures(desk)
    with Workers(desk.adapters, 1, desk.clock) as workers:
        workers.observe = figures.attempt
        one_pass(desk, workers=workers)
    figures.passed(0.5)
    workspace.post("late", publish_at="2026-03-02 09:30")
    one_pass(desk)
    clock.advance(hours=1)
    pause(desk, EVERYTHING, Person(name="安娜", why="舆情"))
    with listening(desk, figures) as client:
        answer = client.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain")
    found = values(answer.text)
    assert found['xuanfa_deliveries{channel="hook",state="published"}'] == 2
    assert found['xuanfa_deliveries{channel="hook",state="unknown"}'] == 1
    assert found['xuanfa_due{channel="hook"}'] == 1
    assert found['xuanfa_due_oldest_seconds{channel="hook"}'] == 1800
    assert found['xuanfa_channel_paused{channel="*"}'] == 1
    assert found['xuanfa_channel_paused{channel="hook"}'] == 0
    assert found['xuanfa_attempts_total{action="publish",channel="hook",outcome="published"}'] == 2
    assert found['xuanfa_attempts_total{action="publish",channel="hook",outcome="unknown"}'] == 1
    assert found['xuanfa_attempt_seconds_count{action="publish",channel="hook"}'] == 3
    assert found["xuanfa_pass_seconds_sum"] == 0.5
    assert found["xuanfa_last_pass_timestamp_seconds"] > 1.7e9


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics", "/nowhere"])
def test_a_question_for_the_head_is_answered_without_the_body(workspace: Any, path: str) -> None:
    desk = workspace.desk()
    with listening(desk, Figures(desk)) as client:
        whole, head = client.get(path), client.head(path)
        again = client.get("/healthz")
    assert (head.status_code, head.content) == (whole.status_code, b"")
    assert head.headers["content-type"] == whole.headers["content-type"]
    if path != "/metrics":
        assert head.headers["content-length"] == str(len(whole.content))
    assert again.text == "ok\n"


PROMETHEUS = (
    "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=0.0.1;q=0.5,"
    "text/plain;version=0.0.4;q=0.3,*/*;q=0.2"
)


@pytest.mark.parametrize(
    ("accept", "is_open"),
    [
        (PROMETHEUS, True),
        ("application/openmetrics-text", True),
        ("Application/OpenMetrics-Text; Version=1.0.0", True),
        ("text/plain;q=0.1, application/openmetrics-text;version=1.0.0;q=0.9", True),
        ("text/plain, application/openmetrics-text;q=0.5", False),
        ("application/openmetrics-text;q=0", False),
        ("text/html,*/*;q=0.8", False),
        ("application/json", False),
        ("", False),
    ],
)
def test_whoever_asks_for_openmetrics_gets_it_and_others_the_older_text(
    workspace: Any, clock: Any, accept: str, is_open: bool
) -> None:
    desk = workspace.desk(clock)
    workspace.post("度量")
    figures = Figures(desk)
    with Workers(desk.adapters, 1, desk.clock) as workers:
        workers.observe = figures.attempt
        one_pass(desk, workers=workers)
    with listening(desk, figures) as client:
        answer = client.get("/metrics", headers={"Accept": accept})
    kind = "application/openmetrics-text" if is_open else "text/plain"
    assert answer.headers["content-type"].startswith(kind)
    assert answer.text.endswith("# EOF\n") is is_open
    parse = openmetrics_families if is_open else text_families
    families = {family.name: family for family in parse(answer.text)}
    assert families["xuanfa_attempts"].type == "counter"
    assert {sample.name for sample in families["xuanfa_attempts"].samples} >= {"xuanfa_attempts_total"}
    assert families["xuanfa_deliveries"].samples


def test_nothing_that_is_due_is_a_nought_and_not_a_gap(workspace: Any) -> None:
    desk = workspace.desk()
    with listening(desk, Figures(desk)) as client:
        assert values(client.get("/metrics").text)['xuanfa_due{channel="hook"}'] == 0


def test_looking_often_asks_the_database_seldom(workspace: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    desk, asked = workspace.desk(), []
    real = figures_module.stock
    monkeypatch.setattr(figures_module, "stock", lambda desk: asked.append(1) or real(desk))
    figures = Figures(desk)
    for _ in range(5):
        figures.page()
    assert len(asked) < 5


def test_a_missing_library_leaves_the_other_pages(workspace: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "prometheus_client", None)
    desk = workspace.desk()
    with pytest.raises(ConfigError, match=r"xuanfa\[metrics\]"):
        Figures(desk)
    with listening(desk) as client:
        assert client.get("/metrics").status_code == 501
        assert client.get("/healthz").text == "ok\n"


def test_it_is_ready_while_the_database_answers_and_work_gets_on(
    workspace: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, even = workspace.desk(), [0.0]
    with listening(desk, pulse=Pulse(lambda: even[0], lambda: None)) as client:
        assert (client.get("/readyz").status_code, client.get("/readyz").text) == (200, "ready\n")
        even[0] = 61.0
        assert (client.get("/readyz").status_code, client.get("/healthz").status_code) == (503, 200)
        even[0] = 0.0

        @contextmanager
        def read() -> Iterator[Any]:
            raise StoreError("磁盘出错")
            yield

        monkeypatch.setattr(desk.store, "read", read)
        answer = client.get("/readyz?verbose")
        assert (answer.status_code, answer.text) == (503, "磁盘出错\n")


def test_other_paths_and_mistakes_are_answered(workspace: Any) -> None:
    desk = replace(workspace.desk(), channels=None)  # type: ignore[arg-type]
    with listening(desk, Figures(desk)) as client:
        assert client.get("/secret").status_code == 404
        assert client.post("/metrics").status_code == 501
        answer = client.get("/metrics")
        assert (answer.status_code, "Error" in answer.text) == (500, False)


def test_a_resident_can_be_watched_while_it_runs(workspace: Any, sink: Any) -> None:
    workspace.post("one")
    child = subprocess.Popen(
        [sys.executable, "-m", "xuanfa", "run", "--listen", "127.0.0.1:0", "-w", str(workspace.folder)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        bufsize=1,
        env={
            "PYTHONUNBUFFERED": "1",
            "PATH": "/usr/bin:/bin",
            "HOME": str(workspace.folder),
            "XUANFA_PUBLISH__STILL_SECONDS": "0",
        },
    )
    assert child.stdout is not None
    found = re.search(r"http://127\.0\.0\.1:\d+", child.stdout.readline())
    assert found is not None
    sink.wait_for(1)
    assert httpx.get(f"{found[0]}/healthz").status_code == 200
    assert httpx.get(f"{found[0]}/readyz").status_code == 200
    assert "xuanfa_in_flight" in httpx.get(f"{found[0]}/metrics").text
    child.send_signal(signal.SIGTERM)
    _, err = child.communicate(timeout=30)
    assert child.returncode == 0, err


def test_a_port_that_is_taken_is_said_with_what_to_do(workspace: Any, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        assert main(["run", "--listen", address, "-w", str(workspace.folder)]) == 1
    assert f"不能在 {address} 上监听" in capsys.readouterr().err


@pytest.mark.parametrize("written", ["9090", "localhost", "127.0.0.1:port", "127.0.0.1:70000", ":9090"])
def test_what_is_no_address_is_wrong_use(written: str, tmp_path: Path) -> None:
    assert main(["run", "--listen", written, "-w", str(tmp_path)]) == 2
