"""The Feishu robot: its messages, signature, limits and codes, and its practice platform."""

import base64
import hmac
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import ValidationError

from tests.support.adapting import NOW, Tools
from tests.support.group_robots import POST, codes, order, render
from xuanfa.adapters.feishu.adapter import FeishuAdapter, FeishuConfig, signature
from xuanfa.adapters.feishu.answers import CODES, judge
from xuanfa.adapters.shared.http import Answer
from xuanfa.adapters.shared.robots import compact
from xuanfa.domain.fault import Fault
from xuanfa.domain.finding import Severity
from xuanfa.domain.outcome import Blame, Deferred, Outcome, Published, Rejected, Unknown, Unsent
from xuanfa.domain.post import Override
from xuanfa.rehearsal import Journal, Platform
from xuanfa.rehearsal.feishu import FeishuPlatform

HOOK, SECRET = "0c9a6e5d-4b3f-4a21-9e8d-7c6b5a493827", "gB7kQ2mV9xT4wL1z"

Bind = Callable[..., FeishuAdapter]


@pytest.fixture
def platform(tmp_path: Path) -> Platform:
    return FeishuPlatform(Journal(tmp_path / "group.db"), lambda: NOW, secret=SECRET)


@pytest.fixture
def bind_robot(platform: Platform, tmp_path: Path) -> Iterator[Bind]:
    """Robots of one group; their clock agrees with the platform's."""
    with httpx.Client(transport=platform) as client:

        def make(**settings: Any) -> FeishuAdapter:
            config = {"adapter": "feishu", "hook_id": HOOK, "secret": SECRET} | settings
            adapter = FeishuAdapter(FeishuConfig.model_validate(config), Tools(folder=tmp_path, http=client))
            adapter.now = NOW.timestamp
            return adapter

        yield make


def test_each_message_tells_column_title_summary_and_address(bind_robot: Bind) -> None:
    mark = "https://late.invalid/link/site/"
    title = "【我们在行动】巡回审判"
    assert json.loads(render(bind_robot(message="text"), POST, "site").body) == {
        "msg_type": "text",
        "content": {"text": f"{title}\n\n摘要。\n\n阅读全文：{mark}\n\n供稿：民一庭"},
    }
    rows = json.loads(render(bind_robot(), POST, "site").body)["content"]["post"]["zh_cn"]
    assert rows["title"] == title
    assert [row[0].get("text") for row in rows["content"]] == ["摘要。", "", "供稿：民一庭", "阅读全文"]
    assert rows["content"][-1] == [{"tag": "a", "text": "阅读全文", "href": mark}]
    card = json.loads(render(bind_robot(message="interactive"), POST, "site").body)["card"]
    assert card["header"]["title"]["content"] == title
    assert card["elements"][0] == {"tag": "markdown", "content": "摘要。\n\n*供稿：民一庭*"}
    assert card["elements"][1]["actions"][0]["url"] == mark


@pytest.mark.parametrize("message", ["post", "text", "interactive"])
def test_without_the_site_a_message_has_no_address(bind_robot: Bind, message: str) -> None:
    rendition = render(bind_robot(message=message))
    assert rendition.needs == ()
    assert "阅读全文" not in rendition.body


def test_a_text_of_the_channels_own_replaces_the_summary(bind_robot: Bind) -> None:
    post = replace(POST, channels={"group": Override(text="**本周**要点")})
    assert "**本周**要点" in render(bind_robot(message="interactive"), post).body
    assert "本周要点" in render(bind_robot(), post).body
    assert "摘要" not in render(bind_robot(), post).body


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"hook_id": ""}, "rehearsal"),
        ({"hook_id": "a/../b"}, "hook_id"),
        ({"message": "image"}, "interactive"),
        ({"base_url": "open.feishu.cn"}, "https://"),
    ],
)
def test_a_setting_that_cannot_work_is_refused_with_the_remedy(settings: dict[str, Any], told: str) -> None:
    with pytest.raises(ValidationError, match=told) as caught:
        FeishuConfig.model_validate({"adapter": "feishu", "hook_id": HOOK, **settings})
    assert HOOK not in str(caught.value)


def test_the_whole_webhook_address_is_taken_for_the_hook() -> None:
    address = f" https://open.feishu.cn/open-apis/bot/v2/hook/{HOOK}\n"
    assert FeishuConfig.model_validate({"adapter": "feishu", "hook_id": address}).hook_id.get_secret_value() == HOOK


def test_two_channels_with_one_robot_share_its_pace(bind_robot: Bind) -> None:
    assert bind_robot().budget == bind_robot(message="text").budget
    assert bind_robot().budget != bind_robot(hook_id="another").budget
    assert HOOK not in bind_robot().budget


def test_the_signature_is_of_nothing_under_time_and_secret() -> None:
    expected = hmac.digest(f"1599360473\n{SECRET}".encode(), b"", "sha256")
    assert signature(SECRET, 1599360473) == {"timestamp": "1599360473", "sign": base64.b64encode(expected).decode()}


def test_the_whole_request_is_counted_in_bytes_to_the_last_one(bind_robot: Bind) -> None:
    adapter = bind_robot(message="text")
    frame = len(render(adapter, replace(POST, summary="x")).body.encode()) - 1
    room = 20_000 - 120 - frame
    assert codes(adapter, replace(POST, summary="x" * room)) == []
    assert codes(adapter, replace(POST, summary="x" * (room + 1))) == ["feishu.body_too_long"]
    sent = compact(signature(SECRET, 10**10) | json.loads(render(adapter, replace(POST, summary="x" * room)).body))
    assert len(sent.encode()) <= 20_000


def test_a_picture_of_the_authors_own_machine_is_stopped(bind_robot: Bind) -> None:
    post = replace(POST, channels={"group": Override(text="![庭审](images/court.png)")})
    assert codes(bind_robot(message="interactive"), post) == ["feishu.local_address"]


ANSWERS: list[tuple[int, str, type[Outcome], object]] = [
    (200, '{"code":0,"data":{},"msg":"success"}', Published, None),
    (200, '{"StatusCode":0,"StatusMessage":"success"}', Published, None),
    (200, '{"StatusCode":0,"code":9499}', Rejected, Blame.CONTENT),
    (200, '{"code":11232}', Deferred, timedelta(minutes=1)),
    *((200, f'{{"code":{code}}}', Rejected, Blame.CHANNEL) for code in (19001, 19021, 19022, 19024)),
    *((200, f'{{"code":{code}}}', Rejected, Blame.CONTENT) for code in (9499, 19036, 99999)),
    (400, '{"code":9499,"msg":"Bad Request"}', Rejected, Blame.CONTENT),
    (400, '{"code":19021}', Rejected, Blame.CHANNEL),
    (500, '{"code":0}', Unknown, None),
    (404, '{"code":0}', Unknown, None),
    (200, '{"code":null}', Unknown, None),
    (200, '{"code":"sorry"}', Unknown, None),
    (200, '{"msg":"success"}', Unknown, None),
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
        outcome = judge(Answer(200, httpx.Headers(), json.dumps({"code": code, "msg": "said"}).encode()))
        assert isinstance(outcome, Rejected)
        assert outcome.findings[0].code == f"feishu.{code}"
        assert "said" in outcome.findings[0].message
        assert "平台文档" not in outcome.findings[0].message


@pytest.mark.parametrize("message", ["post", "text", "interactive"])
def test_the_practice_robot_takes_every_message_that_is_signed(bind_robot: Bind, message: str) -> None:
    adapter = bind_robot(message=message)
    signed = order(render(adapter))
    assert isinstance(adapter.publish(signed), Published)
    wrong = bind_robot(message=message, secret="wrong").publish(signed)
    assert isinstance(wrong, Rejected)
    assert wrong.blame is Blame.CHANNEL
    adapter.now = lambda: NOW.timestamp() + 3601
    assert isinstance(adapter.publish(signed), Rejected)


def test_the_practice_robot_holds_both_rates(tmp_path: Path) -> None:
    now = [NOW]
    config = FeishuConfig(adapter="feishu", rehearsal=True)
    with httpx.Client(transport=FeishuPlatform(Journal(tmp_path / "a.db"), lambda: now[0])) as client:
        adapter = FeishuAdapter(config, Tools(folder=tmp_path, http=client))
        message = order(render(adapter))
        for second in range(20):
            now[0] = NOW + timedelta(seconds=second)
            assert all(isinstance(adapter.publish(message), Published) for _ in range(5))
            assert isinstance(adapter.publish(message), Deferred)
        now[0] = NOW + timedelta(seconds=30)
        assert isinstance(adapter.publish(message), Deferred)
        now[0] = NOW + timedelta(seconds=61)
        assert isinstance(adapter.publish(message), Published)


def test_silence_is_doubt_that_nobody_can_settle_but_a_person(platform: Platform, bind_robot: Bind) -> None:
    adapter = bind_robot()
    message = order(render(adapter))
    platform.fault = Fault.SILENCE
    assert isinstance(adapter.publish(message), Unknown)
    assert isinstance(adapter.confirm(message, None), Unknown)
    assert adapter.traits.replay is None
    assert not adapter.traits.confirms
    assert [received.accepted for received in platform.journal.received()] == [True]


def test_an_unreachable_platform_means_nothing_was_sent_and_the_journal_has_no_secret(
    platform: Platform, bind_robot: Bind
) -> None:
    adapter = bind_robot()
    platform.fault = Fault.UNREACHABLE
    assert isinstance(adapter.publish(order(render(adapter))), Unsent)
    platform.fault = None
    adapter.publish(order(render(adapter)))
    kept = platform.journal.file.read_bytes()
    assert HOOK.encode() not in kept
    assert signature(SECRET, int(NOW.timestamp()))["sign"].encode() not in kept


def test_a_robot_without_a_secret_is_worth_a_word(bind_robot: Bind) -> None:
    warned = [f for f in bind_robot(secret="", base_url="http://127.0.0.1:9").diagnose() if f.severity is Severity.WARN]
    assert [finding.code for finding in warned] == ["feishu.unsigned"]


def test_the_practice_robot_refuses_what_is_no_message(platform: Platform) -> None:
    hook = f"https://open.feishu.cn/open-apis/bot/v2/hook/{HOOK}"
    plain = FeishuPlatform(Journal(platform.journal.file), lambda: NOW)
    with httpx.Client(transport=plain) as client:

        def code(content: bytes, address: str = hook) -> int:
            return int(client.post(address, content=content).json()["code"])

        assert code(b"{") == 9499
        assert code(b'{"msg_type":"image"}') == 9499
        assert code(b'{"msg_type":"text","content":{"text":" "}}') == 9499
        assert code(b'{"msg_type":"post","content":{"post":{"zh_cn":{"content":["x"]}}}}') == 9499
        assert code(b'{"msg_type":"interactive","card":{}}') == 9499
        assert code(b'"' + b"x" * 20_480) == 19036
        assert code(b'{"msg_type":"text","content":{"text":"a"}}', hook.removesuffix(HOOK)) == 19001
        assert code(b'{"msg_type":"text","content":{"text":"a"}}') == 0
