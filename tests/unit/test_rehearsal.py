"""The practice platforms: what they refuse, remember, keep and break."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from xuanfa.adapters.shared.signing import signed_headers
from xuanfa.bootstrap import open_desk, upgrade_database
from xuanfa.bootstrap.configs import adapter_config
from xuanfa.bootstrap.practice import platform_for
from xuanfa.domain.delivery import State
from xuanfa.domain.errors import ConfigError
from xuanfa.domain.fault import Fault
from xuanfa.engine.once import one_pass
from xuanfa.operations.deciding.decide import find
from xuanfa.rehearsal import Platform, Received, journal_of
from xuanfa.rehearsal.receiver import Receiver

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
SEND = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=robot-secret"
SECRETS = ("whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD", "whsec_" + "b2xkb2xkb2xkb2xkb2xkb2xkb2xkb2xk")


@pytest.fixture
def wecom(tmp_path: Path) -> Platform:
    return platform_for("wecom", tmp_path, "group", lambda: NOW)


@pytest.fixture
def client(wecom: Platform) -> Iterator[httpx.Client]:
    with httpx.Client(transport=wecom) as client:
        yield client


def text(content: object = "好") -> dict[str, Any]:
    return {"msgtype": "text", "text": {"content": content}}


def news(**changed: object) -> dict[str, Any]:
    article = {"title": "标题", "description": "摘要", "url": "https://www.example.gov.cn/"} | changed
    return {"msgtype": "news", "news": {"articles": [article]}}


@pytest.mark.parametrize(
    ("message", "code"),
    [
        (text(), 0),
        (text("法" * 682 + "xx"), 0),
        (text("法" * 683), 40058),
        (text(" \n"), 44004),
        (text(None), 40058),
        ({"msgtype": "markdown", "markdown": {"content": "x" * 4096}}, 0),
        ({"msgtype": "markdown_v2", "markdown_v2": {"content": "x" * 4097}}, 40058),
        (news(), 0),
        (news(title="法" * 43), 40058),
        (news(description="x" * 513), 40058),
        (news(url=""), 40058),
        (news(title=None), 40058),
        ({"msgtype": "news", "news": {"articles": []}}, 45008),
        ({"msgtype": "news", "news": {"articles": [{}] * 9}}, 45008),
        ({"msgtype": "news", "news": {"articles": ["x"]}}, 40058),
        ({"msgtype": "text"}, 40058),
        ({"msgtype": "poem"}, 40008),
        ({}, 40008),
        ([], 47001),
    ],
)
def test_the_robot_answers_200_with_the_documented_code(client: httpx.Client, message: Any, code: int) -> None:
    answer = client.post(SEND, json=message)
    assert (answer.status_code, answer.json()["errcode"]) == (200, code)


def test_the_robot_refuses_what_is_no_json_no_key_and_no_such_path(client: httpx.Client) -> None:
    answers = [
        client.post(SEND, content=b"{"),
        client.post(SEND.partition("?")[0], json=text()),
        client.post("https://qyapi.weixin.qq.com/cgi-bin/other?key=x", json=text()),
        client.get(SEND),
    ]
    assert [answer.json()["errcode"] for answer in answers] == [47001, 93000, 93000, 93000]


def test_refused_messages_and_other_robots_do_not_spend_the_rate(client: httpx.Client) -> None:
    for _ in range(19):
        client.post(SEND, json=text())
    client.post(SEND, json=text(""))
    client.post(SEND + "-other", json=text())
    assert client.post(SEND, json=text()).json()["errcode"] == 0
    assert client.post(SEND, json=text()).json()["errcode"] == 45009


def test_threads_with_their_own_platform_share_one_rate(tmp_path: Path) -> None:
    def post(_: int) -> int:
        with httpx.Client(transport=platform_for("wecom", tmp_path, "group", lambda: NOW)) as client:
            return int(client.post(SEND, json=text()).json()["errcode"])

    with ThreadPoolExecutor(8) as pool:
        codes = list(pool.map(post, range(40)))
    assert (codes.count(0), codes.count(45009)) == (20, 20)


def test_what_was_received_is_kept_without_the_key(tmp_path: Path, client: httpx.Client) -> None:
    assert journal_of(tmp_path, "group").received() == []
    client.post(SEND, json=text("第一条"))
    client.post(SEND, content=b"\xff")
    first, second = journal_of(tmp_path, "group").received()
    assert (first.at, first.method, first.path) == (NOW, "POST", "/cgi-bin/webhook/send?key=***")
    assert json.loads(first.body)["text"]["content"] == "第一条"
    assert (first.accepted, second.accepted) == (True, False)
    assert json.loads(second.answer)["errcode"] == 47001
    assert b"robot-secret" not in (tmp_path / "group.db").read_bytes()


@pytest.mark.parametrize(
    ("fault", "raised", "kept"),
    [
        (Fault.UNREACHABLE, httpx.ConnectError, 0),
        (Fault.SILENCE, httpx.ReadTimeout, 1),
        (Fault.RESET, httpx.ReadError, 1),
    ],
)
def test_a_fault_strikes_before_or_after_the_message_was_taken(
    wecom: Platform, client: httpx.Client, fault: Fault, raised: type[Exception], kept: int
) -> None:
    wecom.fault = fault
    with pytest.raises(raised):
        client.post(SEND, json=text())
    assert len(wecom.journal.received()) == kept


def test_a_faulty_answer_is_an_error_page_or_half_a_json(wecom: Platform, client: httpx.Client) -> None:
    wecom.fault = Fault.SERVER_ERROR
    assert client.post(SEND, json=text()).status_code == 502
    wecom.fault = Fault.HALF_AN_ANSWER
    with pytest.raises(json.JSONDecodeError):
        client.post(SEND, json=text()).json()
    assert [received.accepted for received in wecom.journal.received()] == [True, True]


def test_a_slow_platform_answers_rightly_in_the_end(wecom: Platform, client: httpx.Client) -> None:
    waited: list[float] = []
    wecom.fault, wecom.pause = Fault.SLOW, waited.append
    assert client.post(SEND, json=text()).json()["errcode"] == 0
    assert waited == [5.0]


#: Of each platform, requests that publish and requests that do not.
PUBLISHING = [
    ("wechat", "POST", "/cgi-bin/freepublish/submit", True),
    ("wechat", "POST", "/cgi-bin/message/mass/sendall", True),
    ("wechat", "POST", "/cgi-bin/draft/add", True),
    ("wechat", "POST", "/cgi-bin/stable_token", False),
    ("wechat", "POST", "/cgi-bin/freepublish/batchget", False),
    ("weibo", "POST", "/2/statuses/share.json", True),
    ("weibo", "POST", "/proxy/article/publish.json", True),
    ("weibo", "GET", "/2/statuses/user_timeline.json", False),
    ("weibo", "POST", "/oauth2/access_token", False),
    ("douyin", "POST", "/api/douyin/v1/video/create_image_text/", True),
    ("douyin", "POST", "/api/douyin/v1/video/upload_image/", False),
    ("wordpress", "POST", "/?rest_route=/wp/v2/posts", True),
    ("wordpress", "POST", "/wp-json/wp/v2/posts/7", True),
    ("wordpress", "GET", "/wp-json/wp/v2/posts", False),
    ("wordpress", "POST", "/wp-json/wp/v2/media", False),
    ("dingtalk", "POST", "/robot/send", True),
    ("feishu", "POST", "/open-apis/bot/v2/hook/x", True),
    ("email", "POST", "/smtp", True),
]


@pytest.mark.parametrize(("kind", "method", "path", "struck"), PUBLISHING)
def test_a_fault_that_is_switched_on_by_a_setting_strikes_what_publishes(
    tmp_path: Path, *, kind: str, method: str, path: str, struck: bool
) -> None:
    platform = platform_for(kind, tmp_path, "main", lambda: NOW)
    platform.practise("server_error")
    request = httpx.Request(method, f"https://platform.example{path}", content=b"{}" if method == "POST" else None)
    assert (platform.handle_request(request).status_code == 502) is struck
    assert len(platform.journal.received()) == 1
    platform.practise(Fault.UNREACHABLE)
    with pytest.raises(httpx.ConnectError):
        platform.handle_request(request)


def test_every_fault_can_be_named_in_the_settings_of_a_rehearsed_channel_only() -> None:
    for fault in Fault:
        given = {"adapter": "wecom", "rehearsal": True, "rehearsal_fault": fault.value}
        assert adapter_config("group", given).rehearsal_fault is fault
    with pytest.raises(ConfigError, match="只用于演练"):
        adapter_config("group", {"adapter": "wecom", "key": "k", "rehearsal_fault": "silence"})
    with pytest.raises(ConfigError, match="rehearsal_fault"):
        adapter_config("group", {"adapter": "wecom", "rehearsal": True, "rehearsal_fault": "explosion"})


def test_a_post_whose_answer_is_lost_by_a_setting_is_in_doubt(tmp_path: Path) -> None:
    (tmp_path / "posts").mkdir()
    (tmp_path / "posts" / "a.md").write_text("---\ntitle: 甲\npublish_at: now\n---\n正文。\n", encoding="utf-8")
    (tmp_path / "xuanfa.toml").write_text(
        '[columns.action]\ntitle = "行动"\nchannels = ["group"]\n'
        '[channels.group]\nadapter = "feishu"\nrehearsal = true\nrehearsal_fault = "silence"\n',
        encoding="utf-8",
    )
    upgrade_database(tmp_path)
    with open_desk(tmp_path, lambda: NOW) as desk:
        one_pass(desk)
        with desk.store.read() as connection:
            assert find(connection, 1).state is State.UNKNOWN
    assert [one.accepted for one in journal_of(tmp_path / "var" / "rehearsal", "group").received()] == [True]


@pytest.fixture
def receiver(tmp_path: Path) -> Iterator[httpx.Client]:
    journal = journal_of(tmp_path, "cms")
    with httpx.Client(transport=Receiver(journal, lambda: NOW, secrets=SECRETS), base_url="https://cms") as client:
        yield client


def signed(message: str, body: bytes, *, secrets: tuple[str, ...] = SECRETS[:1], off: int = 0) -> dict[str, str]:
    headers = signed_headers(secrets, message, int(NOW.timestamp()) + off, body)
    return headers | {"content-type": "application/json"}


def test_the_receiver_answers_a_replay_as_the_first_time_and_publishes_once(
    receiver: httpx.Client, tmp_path: Path
) -> None:
    first = receiver.post("/hook", content=b"{}", headers=signed("m1", b"{}"))
    again = receiver.post("/hook", content=b"{}", headers=signed("m1", b"{}", off=60))
    other = receiver.post("/hook", content=b"{}", headers=signed("m2", b"{}"))
    assert first.json() == again.json()
    assert first.json()["ok"] is True
    assert first.json()["id"] != other.json()["id"]
    assert [received.accepted for received in journal_of(tmp_path, "cms").received()] == [True, False, True]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        (signed("m", b"{}"), 200),
        (signed("m", b"{}", secrets=SECRETS[1:]), 200),
        (signed("m", b"{}", secrets=SECRETS), 200),
        (signed("m", b"{}", off=301), 401),
        (signed("m", b"{}", off=-301), 401),
        (signed("m", b"{ }"), 401),
        (signed("m", b"{}") | {"webhook-id": "n"}, 401),
        (signed("m", b"{}") | {"webhook-signature": ""}, 401),
        (signed("m", b"{}") | {"webhook-timestamp": "soon"}, 401),
    ],
)
def test_the_receiver_takes_only_what_one_of_its_secrets_signed_lately(
    receiver: httpx.Client, headers: dict[str, str], status: int
) -> None:
    assert receiver.post("/hook", content=b"{}", headers=headers).status_code == status


def test_the_receiver_wants_an_id_and_json_that_is_json(receiver: httpx.Client) -> None:
    assert receiver.post("/", content=b"{", headers=signed("m", b"{")).status_code == 400
    assert receiver.post("/", content=b"{}", headers=signed("", b"{}")).status_code == 400


def test_a_kind_without_a_platform_cannot_be_rehearsed(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"site.*wecom"):
        platform_for("site", tmp_path, "main", lambda: NOW)


def test_a_journal_that_cannot_be_written_says_where_and_why(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigError, match=r"group\.db"):
        platform_for("wecom", tmp_path / "file", "group", lambda: NOW).handle_request(httpx.Request("POST", SEND))


def test_a_request_that_fails_half_way_leaves_no_trace(tmp_path: Path) -> None:
    journal = journal_of(tmp_path, "group")
    received = Received(at=NOW, method="POST", path="/", body="", answer="", accepted=True)
    with pytest.raises(ZeroDivisionError), journal.turn() as turn:
        turn.keep(received) or 1 / 0
    assert journal.received() == []
