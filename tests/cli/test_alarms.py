"""Alarms from the command line, through Apprise's own ``json://`` to a loopback server: the truth about every target."""

import json
import sys
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from xuanfa.engine import watch


class People(ThreadingHTTPServer):
    """Takes alarms as Apprise sends them to ``json://``; a path that begins with ``/down`` answers 503, ``/slow`` waits."""

    daemon_threads = True
    block_on_close = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.taken: list[dict[str, Any]] = []
        self.answer = threading.Event()
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()

    def target(self, path: str = "ok", user: str = "") -> str:
        return f"json://{user}127.0.0.1:{self.server_port}/{path}"


class _Handler(BaseHTTPRequestHandler):
    server: People

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        if self.path.startswith("/slow"):
            self.server.answer.wait(20)
        if self.path.startswith("/down"):
            self.send_response(503)
        else:
            self.server.taken.append(json.loads(body))
            self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Silent."""


@pytest.fixture
def people() -> Iterator[People]:
    server = People()
    yield server
    server.answer.set()
    server.shutdown()
    server.server_close()


Targets = Callable[..., None]


@pytest.fixture
def targets(workspace: Path, settings: str) -> Targets:
    def write(*addresses: str) -> None:
        table = f'\n[alarms]\ntargets = {json.dumps(addresses)}\nquiet_minutes = 0\ndigest_at = ""\n'
        (workspace / "xuanfa.toml").write_text(settings + table, encoding="utf-8")

    return write


def test_the_test_tells_the_truth_of_every_target(xuanfa: Any, people: People, targets: Targets) -> None:
    targets(people.target(), people.target("down/path-secret", "robot:s3cretword@"), "nosuch://somewhere")
    ran = xuanfa("alarms", "--test")
    assert ran.code == 1
    first, second, third = ran.out.splitlines()
    assert first.startswith("✓ 1 json://127.0.0.1:")
    assert first.endswith("：对方已收下")
    assert second.startswith("✗ 2 json://robot:****@127.0.0.1:")
    assert "503" in second
    assert "第 3 个地址" in third
    assert "secret" not in ran.out + ran.err
    assert "s3cretword" not in ran.out + ran.err
    assert people.taken[0]["title"] == "宣发告警测试"
    assert "金昌市中级人民法院" in people.taken[0]["message"]


def test_the_test_ends_well_where_all_have_taken_it(xuanfa: Any, people: People, targets: Targets) -> None:
    targets(people.target())
    assert xuanfa("alarms", "--test", "--json").json[0]["ok"] is True
    assert xuanfa("alarms", "--test").code == 0


def test_the_test_needs_a_target(xuanfa: Any) -> None:
    ran = xuanfa("alarms", "--test")
    assert (ran.code, "没有设置 alarms.targets" in ran.err) == (1, True)


def test_a_missing_library_is_named_with_what_installs_it(
    xuanfa: Any, targets: Targets, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "apprise", None)
    targets(people.target())
    ran = xuanfa("alarms", "--test")
    assert (ran.code, "pip install 'xuanfa[alarms]'" in ran.err) == (1, True)


def test_a_pass_tells_once_what_waits_for_a_person(
    xuanfa: Any, write_post: Callable[..., Path], sink: Any, people: People, targets: Targets
) -> None:
    targets(people.target())
    sink.answers = [500]
    write_post(more="channels: [cms]\n")
    for _ in range(3):
        xuanfa("publish")
    (told,) = people.taken
    assert told["title"] == "宣发告警：1 件事需要处理（金昌市中级人民法院）"
    assert "《法治进校园》" in told["message"]
    assert "→ xuanfa show 1" in told["message"]
    assert xuanfa("alarms").code == 1
    (row,) = xuanfa("alarms", "--json").json
    assert list(row) == ["cause", "words", "look", "raised_at", "told_at"]
    assert (row["cause"], row["told_at"] is not None) == ("delivery:1:unknown", True)


@pytest.fixture
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch.tell_once, "__defaults__", (0.2,))


@pytest.mark.usefixtures("_impatient")
def test_a_target_that_does_not_answer_neither_fails_nor_delays_a_pass(
    xuanfa: Any, write_post: Callable[..., Path], sink: Any, people: People, targets: Targets
) -> None:
    targets(people.target("slow"))
    xuanfa("channels", "pause", "drill", "--why", "维护")
    write_post(more="channels: [cms]\n")
    ran = xuanfa("publish")
    assert len(sink.received) == 1
    assert "已发布 1" in ran.out
    assert people.taken == []


def test_a_target_that_is_down_changes_nothing_of_the_exit_code(
    xuanfa: Any, write_post: Callable[..., Path], people: People, targets: Targets, workspace: Path
) -> None:
    targets(people.target("down"))
    write_post(more="channels: [cms]\n")
    assert xuanfa("publish").code == 0


def test_doctor_looks_at_the_addresses_and_sends_nothing(xuanfa: Any, people: People, targets: Targets) -> None:
    targets(people.target(), "nosuch://somewhere")
    ran = xuanfa("doctor")
    assert ran.code == 1
    assert "✓ 告警 1 json://127.0.0.1:" in ran.out
    assert "✗ 告警 第 2 个地址：不是 Apprise 认识的地址" in ran.out
    assert people.taken == []


def test_doctor_misses_the_library(
    xuanfa: Any, people: People, targets: Targets, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "apprise", None)
    targets(people.target())
    ran = xuanfa("doctor")
    assert (ran.code, "xuanfa[alarms]" in ran.out) == (1, True)


def test_nothing_that_waits_is_said_so(xuanfa: Any) -> None:
    ran = xuanfa("alarms")
    assert (ran.code, ran.out) == (0, "没有等人处理的事。\n")


def test_the_list_shows_since_when_and_where_to_look(xuanfa: Any) -> None:
    xuanfa("pause", "--why", "舆情")
    ran = xuanfa("alarms")
    assert ran.code == 1
    assert "已全部暂停：舆情" in ran.out
    assert "xuanfa resume" in ran.out


def test_an_address_that_is_no_text_is_refused(xuanfa: Any, workspace: Path, settings: str) -> None:
    (workspace / "xuanfa.toml").write_text(
        f"{settings}\n[alarms]\ntargets = [7]\nquiet_minutes = -1\n", encoding="utf-8"
    )
    ran = xuanfa("alarms")
    assert ran.code == 1
    assert "alarms.targets.0" in ran.err
    assert "alarms.quiet_minutes 不能小于 0" in ran.err
