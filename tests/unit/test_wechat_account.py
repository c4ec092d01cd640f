"""One account for several processes, and doctor: over real HTTP on the loopback, with the practice account behind it."""

import logging
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest
from PIL import Image

from xuanfa.bootstrap import open_desk, upgrade_database
from xuanfa.domain.finding import Finding, Severity
from xuanfa.rehearsal.journal import Journal
from xuanfa.rehearsal.wechat import WechatPlatform

SECRET = "c1f0a9e7b3d5c4e6f8a0b2d4e6f8a0b2"


class WeChat(ThreadingHTTPServer):
    """The practice account behind a port. ``ahead`` is how far its clock is off."""

    daemon_threads = True

    def __init__(self, file: Path) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.platform = WechatPlatform(Journal(file), lambda: datetime.now(UTC))
        self.ahead = timedelta(0)
        self.lock = threading.Lock()
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def asked(self, path: str) -> int:
        return sum(one.path.partition("?")[0] == path for one in self.platform.journal.received())


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: WeChat

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        request = httpx.Request(
            self.command, f"{self.server.address}{self.path}", headers=dict(self.headers), content=body
        )
        with self.server.lock:
            answer = self.server.platform.handle_request(request)
        self.send_response_only(answer.status_code)
        self.send_header("Date", format_datetime(datetime.now(UTC) + self.server.ahead, usegmt=True))
        self.send_header("Content-Length", str(len(answer.content)))
        self.end_headers()
        with suppress(BrokenPipeError):
            self.wfile.write(answer.content)

    do_GET = do_POST  # noqa: N815 - the name that http.server looks for

    def log_message(self, *_: object) -> None:
        """Silent."""


@pytest.fixture
def wechat(tmp_path: Path) -> Iterator[WeChat]:
    server = WeChat(tmp_path / "wechat.db")
    yield server
    server.shutdown()
    server.server_close()


def settle_in(folder: Path, base_url: str, mode: str = "publish", posts: int = 0) -> Path:
    """A workspace that sends to the account; all posts show the same picture."""
    (folder / "posts").mkdir(parents=True)
    Image.new("RGB", (940, 400), "#9f1d22").save(folder / "posts" / "cover.png")
    for number in range(posts):
        text = f"---\ntitle: 巡回审判 {number}\npublish_at: now\ncover: cover.png\n---\n\n第 {number} 期。\n\n![现场](cover.png)\n"
        (folder / "posts" / f"p{number}.md").write_text(text, encoding="utf-8")
    (folder / "xuanfa.toml").write_text(
        '[organisation]\nsite_domain = "jinchang.example.gov.cn"\n[columns.action]\ntitle = "我们在行动"\nchannels = ["wechat"]\n'
        f'[channels.wechat]\nadapter = "wechat"\napp_id = "wx1"\napp_secret = "{SECRET}"\nmode = "{mode}"\nbase_url = "{base_url}"\n',
        encoding="utf-8",
    )
    upgrade_database(folder)
    return folder


def doctor(folder: Path) -> list[Finding]:
    with open_desk(folder) as desk:
        return list(desk.adapters.bound("wechat").diagnose())


def codes(findings: list[Finding]) -> list[str]:
    known = {"http.plain"} | {finding.code for finding in findings if finding.severity is Severity.NOTE}
    return [finding.code for finding in findings if finding.code not in known]


def test_two_processes_fetch_one_token_upload_a_picture_once_and_publish_each_post_once(
    wechat: WeChat, tmp_path: Path
) -> None:
    folder = settle_in(tmp_path / "office", wechat.address, posts=6)
    command = [sys.executable, "-m", "xuanfa", "publish", "--workspace", str(folder)]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) for _ in range(2)]
    said = "\n".join(process.communicate(timeout=60)[0] for process in running)
    assert wechat.asked("/cgi-bin/stable_token") == 1, said
    assert wechat.asked("/cgi-bin/media/uploadimg") == 1, said
    assert wechat.asked("/cgi-bin/material/add_material") == 1, said
    assert wechat.asked("/cgi-bin/freepublish/submit") == 6, said
    with wechat.platform.journal.turn() as turn:
        token = turn.thing("tokens:/cgi-bin/stable_token")[0]["value"]
    assert token not in said
    assert SECRET not in said


def test_a_healthy_account_has_nothing_to_say(wechat: WeChat, tmp_path: Path) -> None:
    folder = settle_in(tmp_path / "office", wechat.address)
    findings = doctor(folder)
    assert codes(findings) == []
    assert "接口今天还可调用 100000 次（共 100000 次）" in [finding.message for finding in findings]
    assert wechat.asked("/cgi-bin/freepublish/submit") == 0


def test_doctor_names_the_address_for_the_allow_list(wechat: WeChat, tmp_path: Path) -> None:
    wechat.platform.rules.on_allow_list = False
    (finding,) = doctor(settle_in(tmp_path / "office", wechat.address))
    assert finding.code == "wechat.40164"
    assert "203.0.113.7" in finding.message
    assert "白名单" in finding.message


def test_doctor_tells_a_wrong_secret_without_showing_it(
    wechat: WeChat, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    wechat.platform.rules.secret = "another"
    with caplog.at_level(logging.DEBUG):
        (finding,) = doctor(settle_in(tmp_path / "office", wechat.address))
    assert "AppSecret" in finding.message
    assert SECRET not in finding.message + caplog.text


@pytest.mark.parametrize(
    ("mode", "expected"), [("draft", []), ("publish", ["wechat.draft_only"]), ("mass", ["wechat.draft_only"])]
)
def test_doctor_tells_what_an_unverified_account_may_not_do(
    wechat: WeChat, tmp_path: Path, mode: str, expected: list[str]
) -> None:
    wechat.platform.rules.verified = False
    findings = doctor(settle_in(tmp_path / "office", wechat.address, mode))
    assert codes(findings) == expected
    assert all(finding.severity is not Severity.BLOCK for finding in findings)


def test_an_account_that_was_verified_meanwhile_publishes_again_after_doctor(wechat: WeChat, tmp_path: Path) -> None:
    folder = settle_in(tmp_path / "office", wechat.address)
    with open_desk(folder) as desk:
        tools = desk.adapters.bound("wechat")._tools  # type: ignore[attr-defined]
        tools.keep("mode", "draft", None)
        desk.adapters.bound("wechat").diagnose()
        assert tools.recall("mode") is None


@pytest.mark.parametrize(("used", "severity"), [(89, Severity.NOTE), (94, Severity.WARN), (100, Severity.BLOCK)])
def test_doctor_tells_when_the_days_calls_run_out(
    wechat: WeChat, tmp_path: Path, used: int, severity: Severity
) -> None:
    path = "/cgi-bin/freepublish/submit"
    wechat.platform.rules.calls_a_day[path] = 100
    with wechat.platform.journal.turn() as turn:
        from xuanfa.rehearsal.wechat_rules import day  # noqa: PLC0415 - for this test only

        turn.put(f"spent:{day(datetime.now(UTC))}:{path}", used)
    findings = [one for one in doctor(settle_in(tmp_path / "office", wechat.address)) if one.code == "wechat.quota"]
    assert [one.severity for one in findings] == [severity]
    assert str(100 - used) in findings[0].message


def test_doctor_tells_that_the_clock_is_off(wechat: WeChat, tmp_path: Path) -> None:
    wechat.ahead = timedelta(minutes=-10)
    (finding,) = [one for one in doctor(settle_in(tmp_path / "office", wechat.address)) if one.code == "wechat.clock"]
    assert "时间同步" in finding.message


def test_doctor_tells_that_nobody_is_there(wechat: WeChat, tmp_path: Path) -> None:
    folder = settle_in(tmp_path / "office", wechat.address)
    wechat.shutdown()
    wechat.server_close()
    assert codes(doctor(folder)) == ["http.connect"]
