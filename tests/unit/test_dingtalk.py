"""The DingTalk robot: its messages, signature, limits and codes, and its practice platform."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from pydantic import ValidationError

from tests.support.adapting import NOW, Tools
from tests.support.group_robots import POST, codes, order, render
from xuanfa.adapters.dingtalk.adapter import DingtalkAdapter, DingtalkConfig, signature
from xuanfa.adapters.dingtalk.answers import CODES, judge
from xuanfa.adapters.shared.http import Answer
from xuanfa.domain.fault import Fault
from xuanfa.domain.finding import Severity
from xuanfa.domain.outcome import Blame, Deferred, Outcome, Published, Rejected, Unknown, Unsent
from xuanfa.domain.post import Override
from xuanfa.rehearsal import Journal, Platform
from xuanfa.rehearsal.dingtalk import DingtalkPlatform

TOKEN, SECRET = "9d2c1b7fa0e44c5e8f31", "SEC1f0a9e7b3c5d4e6f8a0b"

Bind = Callable[..., DingtalkAdapter]


@pytest.fixture
def platform(tmp_path: Path) -> Platform:
    return DingtalkPlatform(Journal(tmp_path / "group.db"), lambda: NOW, secret=SECRET)


@pytest.fixture
def bind_robot(platform: Platform, tmp_path: Path) -> Iterator[Bind]:
    """Robots of one group; their clock agrees with the platform's."""
    with httpx.Client(transport=platform) as client:

        def make(**settings: Any) -> DingtalkAdapter:
            config = {"adapter": "dingtalk", "access_token": TOKEN, "secret": SECRET} | settings
            adapter = DingtalkAdapter(DingtalkConfig.model_validate(config), Tools(folder=tmp_path, http=client))
            adapter.now = NOW.timestamp
            return adapter

        yield make


def test_each_message_tells_column_title_summary_and_address(bind_robot: Bind) -> None:
    mark = "https://late.invalid/link/site/"
    assert json.loads(render(bind_robot(), POST, "site").body) == {
        "msgtype": "markdown",
        "markdown": {
            "title": "巡回审判",
            "text": f"### 【我们在行动】巡回审判\n\n摘要。\n\n[阅读全文]({mark})\n\n> 供稿：民一庭",
        },
    }
    assert json.loads(render(bind_robot(message="text"), POST, "site").body) == {
        "msgtype": "text",
        "text": {"content": f"【我们在行动】巡回审判\n\n摘要。\n\n阅读全文：{mark}\n\n供稿：民一庭"},
    }
    assert json.loads(render(bind_robot(message="link"), POST, "site").body) == {
        "msgtype": "link",
        "link": {"title": "巡回审判", "text": "【我们在行动】摘要。", "messageUrl": mark},
    }


def test_without_the_site_a_message_has_no_address_and_a_link_message_is_stopped(bind_robot: Bind) -> None:
    assert render(bind_robot()).needs == ()
    assert "阅读全文" not in render(bind_robot()).body
    assert codes(bind_robot(message="link"), POST) == ["dingtalk.no_address"]


def test_a_text_of_the_channels_own_replaces_the_summary(bind_robot: Bind) -> None:
    post = replace(POST, channels={"group": Override(text="**本周**要点")})
    assert "**本周**要点" in render(bind_robot(), post).body
    assert "本周要点" in render(bind_robot(message="text"), post).body
    assert "摘要" not in render(bind_robot(), post).body


def test_people_are_called_by_number_by_id_or_all_together(bind_robot: Bind) -> None:
    message = json.loads(render(bind_robot(at=["13800000000", "zhangsan"])).body)
    assert message["at"] == {"atMobiles": ["13800000000"], "atUserIds": ["zhangsan"]}
    assert message["markdown"]["text"].endswith("@13800000000 @zhangsan")
    everybody = json.loads(render(bind_robot(message="text", at=["all"])).body)
    assert everybody["at"] == {"isAtAll": True}
    assert "@all" not in everybody["text"]["content"]


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"access_token": ""}, "rehearsal"),
        ({"message": "link", "at": ["all"]}, "link"),
        ({"message": "image"}, "markdown"),
        ({"base_url": "oapi.dingtalk.com"}, "https://"),
        ({"at": ["a"] * 51}, "50"),
        ({"replay_minutes": -1}, "0"),
    ],
)
def test_a_setting_that_cannot_work_is_refused_with_the_remedy(settings: dict[str, Any], told: str) -> None:
    with pytest.raises(ValidationError, match=told) as caught:
        DingtalkConfig.model_validate({"adapter": "dingtalk", "access_token": TOKEN, **settings})
    assert TOKEN not in str(caught.value)


def test_the_whole_webhook_address_is_taken_for_the_token() -> None:
    address = f" https://oapi.dingtalk.com/robot/send?access_token={TOKEN}\n"
    config = DingtalkConfig.model_validate({"adapter": "dingtalk", "access_token": address})
    assert config.access_token.get_secret_value() == TOKEN


def test_two_channels_with_one_robot_share_its_pace(bind_robot: Bind) -> None:
    assert bind_robot().budget == bind_robot(message="text").budget
    assert bind_robot().budget != bind_robot(access_token="another").budget
    assert TOKEN not in bind_robot().budget


def test_the_signature_is_of_time_and_secret_under_the_secret() -> None:
    told = signature(SECRET, 1577262236757)
    expected = hmac.digest(SECRET.encode(), f"1577262236757\n{SECRET}".encode(), "sha256")
    assert told == {"timestamp": "1577262236757", "sign": base64.b64encode(expected).decode()}


def test_the_signature_is_encoded_once_in_the_address(bind_robot: Bind) -> None:
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, json={"errcode": 0})

    adapter = bind_robot()
    with httpx.Client(transport=httpx.MockTransport(answer)) as client:
        adapter._tools = SimpleNamespace(http=client)  # type: ignore[assignment]
        adapter.publish(order(render(adapter)))
    query = dict(pair.split("=", 1) for pair in seen[0].url.query.decode().split("&"))
    sign = signature(SECRET, int(NOW.timestamp() * 1000))["sign"]
    assert query["sign"] == sign.replace("+", "%2B").replace("/", "%2F").replace("=", "%3D")


@pytest.mark.parametrize(("length", "fits"), [(5000, True), (5001, False)])
def test_a_text_is_counted_in_characters_to_the_last_one(bind_robot: Bind, length: int, fits: bool) -> None:
    frame = len("【我们在行动】巡回审判\n\n\n\n供稿：民一庭")
    post = replace(POST, summary="法" * (length - frame))
    assert codes(bind_robot(message="text"), post) == ([] if fits else ["dingtalk.body_too_long"])


def test_how_long_a_text_may_be_is_a_setting_because_no_figure_is_confirmed(bind_robot: Bind) -> None:
    adapter = bind_robot(message="text", text_max=100)
    assert adapter.traits.body_max == 100
    assert codes(adapter, replace(POST, summary="法" * 100)) == ["dingtalk.body_too_long"]
    assert codes(bind_robot(message="text", text_max=6000), replace(POST, summary="法" * 5500)) == []


def test_a_request_is_counted_in_bytes_too(bind_robot: Bind) -> None:
    """Four bytes each: within 5,000 characters, above 20,000 bytes."""
    assert codes(bind_robot(message="text"), replace(POST, summary="𠮷" * 4970)) == ["dingtalk.body_too_long"]


def test_a_picture_of_the_authors_own_machine_is_stopped(bind_robot: Bind) -> None:
    post = replace(POST, channels={"group": Override(text="![庭审](images/court.png)")})
    assert codes(bind_robot(), post) == ["dingtalk.local_address"]


ANSWERS: list[tuple[int, str, type[Outcome], object]] = [
    (200, '{"errcode":0,"errmsg":"ok"}', Published, None),
    (200, '{"errcode":"0","errmsg":"ok"}', Published, None),
    *((200, f'{{"errcode":{code}}}', Deferred, timedelta(minutes=10)) for code in (410100, 130101, 660026)),
    *((200, f'{{"errcode":{code}}}', Rejected, Blame.CHANNEL) for code in (310000, 300005, 400101, 400102, 400106)),
    *(
        (200, f'{{"errcode":{code}}}', Rejected, Blame.CONTENT)
        for code in (400105, 430101, 430102, 430103, 430104, 43004, 99999)
    ),
    (200, '{"errcode":-1,"errmsg":"system busy"}', Unknown, None),
    (400, '{"errcode":310000}', Rejected, Blame.CHANNEL),
    (502, '{"errcode":310000}', Unknown, None),
    (500, '{"errcode":0}', Unknown, None),
    (404, '{"errcode":0}', Unknown, None),
    (200, '{"errcode":false}', Unknown, None),
    (200, '{"errcode":"ok"}', Unknown, None),
    (200, '{"errcode":0.0}', Unknown, None),
    (200, "[0]", Unknown, None),
    (200, "", Unknown, None),
    (429, "", Deferred, timedelta(minutes=1)),
]


@pytest.mark.parametrize(("status", "body", "expected", "detail"), ANSWERS)
def test_what_each_answer_proves(status: int, body: str, expected: type[Outcome], detail: object) -> None:
    outcome = judge(Answer(status, httpx.Headers(), body.encode()))
    assert type(outcome) is expected
    assert getattr(outcome, "after", getattr(outcome, "blame", None)) == detail


def test_every_code_has_a_sentence_of_its_own_and_the_platforms_words() -> None:
    for code in {*CODES.channel, *CODES.content}:
        outcome = judge(Answer(200, httpx.Headers(), json.dumps({"errcode": code, "errmsg": "said"}).encode()))
        assert isinstance(outcome, Rejected)
        assert outcome.findings[0].code == f"dingtalk.{code}"
        assert "said" in outcome.findings[0].message
        assert "平台文档" not in outcome.findings[0].message


def test_the_practice_robot_verifies_the_signature_and_the_hour(bind_robot: Bind) -> None:
    message = order(render(bind_robot()))
    assert isinstance(bind_robot().publish(message), Published)
    wrong = bind_robot(secret="SECwrong").publish(message)
    assert isinstance(wrong, Rejected)
    assert wrong.blame is Blame.CHANNEL
    late = bind_robot()
    late.now = lambda: NOW.timestamp() - 3601
    assert isinstance(late.publish(message), Rejected)


def test_the_practice_robot_is_silent_for_ten_minutes_after_the_twenty_first(tmp_path: Path) -> None:
    now = [NOW]
    config = DingtalkConfig(adapter="dingtalk", rehearsal=True)
    with httpx.Client(transport=DingtalkPlatform(Journal(tmp_path / "a.db"), lambda: now[0])) as client:
        adapter = DingtalkAdapter(config, Tools(folder=tmp_path, http=client))
        rendition = render(adapter)
        sent = [adapter.publish(order(rendition, key=str(number))) for number in range(21)]
        assert [type(outcome) for outcome in sent] == [Published] * 20 + [Deferred]
        now[0] += timedelta(minutes=2)
        assert isinstance(adapter.publish(order(rendition, key="again")), Deferred)
        now[0] += timedelta(minutes=10)
        assert isinstance(adapter.publish(order(rendition, key="again")), Published)


def test_a_message_that_arrived_is_not_shown_again_under_the_same_key(platform: Platform, bind_robot: Bind) -> None:
    adapter = bind_robot()
    message = order(render(adapter))
    platform.fault = Fault.SILENCE
    assert isinstance(adapter.publish(message), Unknown)
    platform.fault = None
    assert isinstance(adapter.publish(message), Published)
    assert [received.accepted for received in platform.journal.received()] == [True, False]


def test_sending_again_is_left_to_the_core_only_where_the_office_says_so(bind_robot: Bind) -> None:
    assert bind_robot().traits.replay is None
    assert bind_robot(replay_minutes=10).traits.replay == timedelta(minutes=10)


def test_an_unreachable_platform_means_nothing_was_sent_and_the_journal_has_no_token(
    platform: Platform, bind_robot: Bind
) -> None:
    adapter = bind_robot()
    platform.fault = Fault.UNREACHABLE
    assert isinstance(adapter.publish(order(render(adapter))), Unsent)
    platform.fault = None
    adapter.publish(order(render(adapter)))
    kept = platform.journal.file.read_bytes()
    assert TOKEN.encode() not in kept
    assert hashlib.sha256(TOKEN.encode()).hexdigest()[:16].encode() in kept


def test_a_robot_without_a_secret_is_worth_a_word(bind_robot: Bind) -> None:
    warned = [f for f in bind_robot(secret="", base_url="http://127.0.0.1:9").diagnose() if f.severity is Severity.WARN]
    assert [finding.code for finding in warned] == ["dingtalk.unsigned"]


def test_the_practice_robot_refuses_what_is_no_message(platform: Platform) -> None:
    def code(**request: Any) -> int:
        headers = {"Content-Type": "application/json"} | request.pop("headers", {})
        sent = {"params": {"access_token": TOKEN}, "headers": headers} | request
        return int(client.post("https://oapi.dingtalk.com/robot/send", **sent).json()["errcode"])

    plain = DingtalkPlatform(Journal(platform.journal.file), lambda: NOW)
    with httpx.Client(transport=plain) as client:
        assert code(content=b"{") == 400105
        assert code(content=b'{"msgtype":"image"}') == 400105
        assert code(content=b'{"msgtype":"text","text":{"content":" "}}') == 430104
        assert code(content=b'{"msgtype":"text","text":{"content":"a"}}', params={}) == 300005
        assert (
            code(content=b'{"msgtype":"text","text":{"content":"a"}}', headers={"Content-Type": "text/plain"}) == 43004
        )
        assert code(content=b'{"msgtype":"text","text":{"content":"a"}}') == 0
