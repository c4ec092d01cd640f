"""Webhooks as another program hears of them: real HTTP, real signatures, and the contract of ``docs/webhook.schema.json``."""

import base64
import hashlib
import hmac
import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from typing import Any

import jsonschema
import pytest

from xuanfa.domain.webhook import new_secret

SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "webhook.schema.json").read_text(encoding="utf-8"))
SECRET = new_secret()


@dataclass
class Receiver:
    """Another program: it verifies by its own arithmetic what it is sent, and answers as it is told."""

    url: str = ""
    status: int = 200
    got: list[dict[str, Any]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    silent: Event | None = None

    def take(self, path: str, headers: Any, body: bytes) -> None:
        self.asked.append(path)
        content = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
        key = base64.b64decode(SECRET.removeprefix("whsec_"))
        wanted = base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()
        assert headers["webhook-signature"] == f"v1,{wanted}"
        assert headers["content-type"].startswith("application/json")
        if self.status < 300:
            self.got.append(json.loads(body))


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    found = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if found.silent is not None:
                found.asked.append(self.path)
                found.silent.wait(30)
                return
            found.take(self.path, self.headers, body)
            self.send_response(found.status)
            if found.status == 302:
                self.send_header("Location", f"{found.url}/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Silence."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    found.url = f"http://127.0.0.1:{server.server_port}/hook"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield found
    if found.silent is not None:
        found.silent.set()
    server.shutdown()
    thread.join()
    server.server_close()


def told(workspace: Path, receiver: Receiver, more: str = "allow_private = true\n", url: str = "") -> None:
    """Have the receiver told."""
    with (workspace / "xuanfa.toml").open("a", encoding="utf-8") as file:
        file.write(f'\n[webhooks.oa]\nurl = "{url or receiver.url}"\n{more}')
    (workspace / ".env").write_text(f"XUANFA_WEBHOOKS__OA__SECRET={SECRET}\n", encoding="utf-8")


def test_a_pass_tells_what_it_did_and_every_message_is_as_the_contract_says(
    xuanfa: Any, workspace: Path, write_post: Any, receiver: Receiver
) -> None:
    told(workspace, receiver)
    write_post("a", title="法院开放日")
    write_post("closed", title="专案组名单", more="限阅: [secrecy]\n", at="2099-01-01 09:00")
    assert xuanfa("publish").code == 0
    for each in receiver.got:
        jsonschema.validate(each, SCHEMA, format_checker=jsonschema.FormatChecker())
    types = [each["type"] for each in receiver.got]
    assert types.count("delivery.published") == 2
    closed = [each["data"] for each in receiver.got if each["data"]["post"] == "closed"]
    assert closed
    assert all(each["restricted"] and each["title"] is None for each in closed)
    assert "专案组" not in json.dumps(receiver.got, ensure_ascii=False)
    out = {each["data"]["channel"]: each["data"] for each in receiver.got if each["type"] == "delivery.published"}
    assert out["site"]["address"] == "https://court.example/action/a.html"
    assert out["site"]["title"] == "法院开放日"
    assert xuanfa("webhooks", "list").code == 0
    listed = xuanfa("webhooks", "list", "--json").json
    assert listed["receivers"] == [
        {"name": "oa", "set": True, "waiting": 0, "sent": len(types), "given_up": 0, "dropped": 0}
    ]
    assert {each["state"] for each in listed["messages"]} == {"sent"}


def test_a_receiver_is_tried_by_command_and_says_whether_it_takes_it(
    xuanfa: Any, workspace: Path, receiver: Receiver
) -> None:
    assert "没有设置回调" in xuanfa("webhooks", "test").err
    told(workspace, receiver)
    ran = xuanfa("webhooks", "test")
    assert (ran.code, "✓ oa 收下了（200）" in ran.out, SECRET in ran.out) == (0, True, False)
    assert [each["data"] for each in receiver.got] == [{"receiver": "oa"}]
    receiver.status = 503
    ran = xuanfa("webhooks", "test", "oa", "--json")
    assert (ran.code, ran.json["taken"], ran.json["status"], "503" in ran.json["why"]) == (1, False, 503, True)
    assert "✗ oa 没有收下" in xuanfa("webhooks", "test", "oa").out
    refused = xuanfa("webhooks", "test", "nobody")
    assert (refused.code, "没有回调地址 nobody" in refused.err) == (1, True)


def test_what_is_given_up_is_told_and_sent_again_by_command(
    xuanfa: Any, workspace: Path, write_post: Any, receiver: Receiver
) -> None:
    told(workspace, receiver)
    receiver.status = 410
    write_post("a")
    assert xuanfa("publish").code == 0  # what was published does not hang on who is told
    assert receiver.got == []
    assert xuanfa("webhooks", "list", "--unsent").code == 1
    ran = xuanfa("doctor")
    assert "没有送到，不再自动重试（对方回 410）" in ran.out
    assert SECRET not in ran.out + ran.err
    assert "webhook:oa" in {each["cause"] for each in xuanfa("alarms", "--json").json}
    receiver.status = 200
    assert "写接收方" in xuanfa("webhooks", "resend").err
    ran = xuanfa("webhooks", "resend", "--to", "oa", "--json")
    assert ran.json["messages"] == 6
    assert xuanfa("publish").code == 0
    assert len(receiver.got) == 6
    refused = xuanfa("webhooks", "drop", "--to", "oa", "--why", "旧系统停用")
    assert (refused.code, "没有没送到的回调" in refused.err) == (1, True)


@pytest.mark.parametrize(
    ("more", "url", "says"),
    [
        ("", "https://127.0.0.1:9/hook", "在内部网络"),
        ("", "https://localhost:9/hook", "在内部网络"),
        ("allow_private = true\n", "http://127.0.0.1:9/hook", "没有回音"),
    ],
)
@pytest.mark.usefixtures("workspace")
def test_a_private_address_is_refused_unless_the_settings_say_so(
    xuanfa: Any, write_post: Any, more: str, url: str, says: str
) -> None:
    told(xuanfa.folder, Receiver(), more, url)
    write_post("a")
    assert xuanfa("publish").code == 0
    first = xuanfa("webhooks", "list", "--unsent", "--json").json["messages"]
    assert any(says in each["why"] for each in first)


def test_a_redirect_is_not_followed(xuanfa: Any, workspace: Path, write_post: Any, receiver: Receiver) -> None:
    told(workspace, receiver, 'allow_private = true\nevents = "delivery.published"\n')
    receiver.status = 302
    write_post("a")
    assert xuanfa("publish").code == 0
    assert set(receiver.asked) == {"/hook"}
    assert {each["why"] for each in xuanfa("webhooks", "list", "--json").json["messages"]} == {
        "转到了别的网址（302），不跟过去"
    }


def test_a_receiver_that_is_silent_costs_a_pass_its_five_seconds_at_most(
    xuanfa: Any, workspace: Path, write_post: Any, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("xuanfa.engine.announcing.WITHIN", 0.3)
    told(workspace, receiver)
    receiver.silent = Event()
    write_post("a")
    ran = xuanfa("publish")
    assert ran.code == 0
    assert "已发布 2" in ran.out
    assert len(receiver.asked) == 1


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ('url = "ftp://oa.example.gov.cn/"', "应为完整的网址"),
        ('url = "https://me:secret@oa.example.gov.cn/"', "应为完整的网址"),
        ('url = "http://oa.example.gov.cn/hook"', "要用 https"),
        ('url = "https://oa.example.gov.cn/"\nevents = ["delivery.sent"]', "没有“delivery.sent”这个事件"),
        ('url = "https://oa.example.gov.cn/"\nsecret = "abc"', "应以 whsec_ 开头"),
        ('url = "https://oa.example.gov.cn/"', "webhooks.x.secret 没有写"),
        ("url = 5", "应为文字"),
        ('url = "https://oa.example.gov.cn/"\nevents = []', "至少要写 1 项"),
    ],
)
def test_wrong_settings_are_one_clear_sentence(xuanfa: Any, workspace: Path, lines: str, says: str) -> None:
    with (workspace / "xuanfa.toml").open("a", encoding="utf-8") as file:
        file.write(f"\n[webhooks.x]\n{lines}\n")
    ran = xuanfa("doctor")
    assert ran.code == 1
    assert says in ran.err
    assert "me:secret" not in ran.err


ASKED = """
import sys
from xuanfa.cli import main
main(["publish", "-w", sys.argv[1]])
wanted = ("xuanfa.operations.announcing", "xuanfa.bootstrap.posting")
sys.exit("loaded" if any(name.startswith(wanted) for name in sys.modules) else 0)
"""


def test_a_pass_without_receivers_loads_nothing_of_them(workspace: Path) -> None:
    done = subprocess.run([sys.executable, "-c", ASKED, str(workspace)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
