"""The WeCom robot: its messages, its limits in bytes, its codes, and its practice platform."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import ValidationError

from tests.support.adapting import NOW, Tools
from tests.support.group_robots import POST, codes, order, render
from xuanfa.adapters.shared.http import Answer
from xuanfa.adapters.wecom.adapter import WecomAdapter, WecomConfig
from xuanfa.adapters.wecom.answers import judge
from xuanfa.bootstrap.practice import platform_for
from xuanfa.domain.outcome import Blame, Deferred, Outcome, Published, Rejected, Unknown, Unsent
from xuanfa.domain.post import Override, Picture, Post, Source
from xuanfa.domain.rendition import bind

KEY = "6f1c0d5e-7a53-4d0a-9a7b-0c55a1e5c0de"
COVER = Picture(source="a.jpg", sha256="ab" * 32, media_type="image/jpeg", size=1, width=1, height=1)

Bind = Callable[..., WecomAdapter]


@pytest.fixture
def bind_robot(tmp_path: Path) -> Iterator[Bind]:
    """Robots of one group in rehearsal; ``clock`` moves by hand."""
    clients: list[httpx.Client] = []

    def make(clock: Callable[[], datetime] = lambda: NOW, **settings: Any) -> WecomAdapter:
        clients.append(httpx.Client(transport=platform_for("wecom", tmp_path, "group", clock)))
        config = WecomConfig.model_validate({"adapter": "wecom", "key": KEY, **settings})
        return WecomAdapter(config, Tools(folder=tmp_path, http=clients[-1]))

    yield make
    for client in clients:
        client.close()


def content(adapter: WecomAdapter, post: Post = POST, *channels: str) -> Any:
    message = json.loads(render(adapter, post, *channels).body)
    return message[message["msgtype"]].get("content") or message["news"]["articles"][0]


def test_each_message_tells_column_title_summary_address_and_department(bind_robot: Bind) -> None:
    mark = "https://late.invalid/link/site/"
    assert content(bind_robot(message="text"), POST, "site") == (
        f"【我们在行动】巡回审判\n\n摘要。\n\n阅读全文：{mark}\n\n供稿：民一庭"
    )
    assert content(bind_robot(), POST, "site") == (
        f'### 【我们在行动】巡回审判\n\n摘要。\n\n[阅读全文]({mark})\n\n<font color="comment">供稿：民一庭</font>'
    )
    assert content(bind_robot(message="markdown_v2"), POST, "site") == (
        f"### 【我们在行动】巡回审判\n\n摘要。\n\n[阅读全文]({mark})\n\n*供稿：民一庭*"
    )
    assert content(bind_robot(message="news"), POST, "site") == {
        "title": "巡回审判",
        "description": "摘要。",
        "url": mark,
    }


def test_a_post_that_does_not_go_to_the_site_has_no_address(bind_robot: Bind) -> None:
    assert render(bind_robot()).needs == ()
    assert "阅读全文" not in content(bind_robot())
    assert codes(bind_robot(message="news"), POST) == ["wecom.no_address"]


def test_a_text_of_the_channels_own_replaces_the_summary(bind_robot: Bind) -> None:
    post = replace(POST, channels={"group": Override(text="**本周**要点")})
    assert "\n\n**本周**要点" in content(bind_robot(), post)
    assert "\n\n本周要点" in content(bind_robot(message="text"), post)
    assert "摘要" not in content(bind_robot(), post)


def test_a_reposted_text_names_its_source(bind_robot: Bind) -> None:
    assert "来源：人民法院报" in content(bind_robot(), replace(POST, source=Source(name="人民法院报")))


def test_a_card_has_its_cover_where_the_sites_pictures_are_known(bind_robot: Bind) -> None:
    adapter = bind_robot(message="news", pictures="https://www.example.gov.cn/assets/pictures/")
    card = content(adapter, replace(POST, cover=COVER), "site")
    assert card["picurl"] == f"https://www.example.gov.cn/assets/pictures/{COVER.filename}"
    assert "picurl" not in content(bind_robot(message="news"), replace(POST, cover=COVER), "site")


def test_people_are_mentioned_as_each_message_allows(bind_robot: Bind) -> None:
    text = json.loads(render(bind_robot(message="text", mention=["@all", "zhangsan", "13800000000"])).body)["text"]
    assert text["mentioned_list"] == ["@all", "zhangsan"]
    assert text["mentioned_mobile_list"] == ["13800000000"]
    assert content(bind_robot(mention=["zhangsan", "lisi"])).endswith("<@zhangsan> <@lisi>")


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"key": ""}, "rehearsal"),
        ({"message": "news", "mention": ["a"]}, "mention"),
        ({"message": "markdown_v2", "mention": ["a"]}, "mention"),
        ({"mention": ["@all"]}, "@all"),
        ({"mention": ["13800000000"]}, "@all"),
        ({"message": "image"}, "markdown"),
        ({"base_url": "qyapi.weixin.qq.com"}, "https://"),
        ({"pictures": "assets/"}, "https://"),
    ],
)
def test_a_setting_that_cannot_work_is_refused_with_the_remedy(settings: dict[str, Any], told: str) -> None:
    with pytest.raises(ValidationError, match=told) as caught:
        WecomConfig.model_validate({"adapter": "wecom", "key": KEY, **settings})
    assert KEY not in str(caught.value)


def test_the_whole_webhook_address_is_taken_for_the_key() -> None:
    address = f"https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key={KEY}"
    config = WecomConfig.model_validate({"adapter": "wecom", "key": f" {address}\n"})
    assert config.key.get_secret_value() == KEY


def test_two_channels_with_one_robot_share_its_pace(bind_robot: Bind) -> None:
    assert bind_robot().budget == bind_robot(message="text").budget
    assert bind_robot().budget != bind_robot(key="another").budget
    assert KEY not in bind_robot().budget


@pytest.mark.parametrize(
    ("message", "summary", "fits"),
    [
        # 2048 bytes less the title line (33), two blank lines, 供稿 (18)
        ("text", 2048 - 33 - 2 - 2 - 18, True),
        ("text", 2048 - 33 - 2 - 2 - 18 + 1, False),
        ("news", 512, True),
        ("news", 513, False),
    ],
)
def test_limits_are_counted_in_bytes_to_the_last_one(bind_robot: Bind, message: str, summary: int, fits: bool) -> None:
    post = replace(POST, summary="x" * summary)
    found = codes(bind_robot(message=message), post, *(["site"] if message == "news" else []))
    assert (found == []) is fits


def test_an_address_that_is_still_to_come_is_counted_with_a_hundred_bytes(bind_robot: Bind) -> None:
    adapter = bind_robot(message="text")
    size = len(content(adapter, POST, "site").encode()) - len("https://late.invalid/link/site/") + 100
    room = 2048 - size + len("摘要。".encode())
    assert codes(adapter, replace(POST, summary="x" * room), "site") == []
    assert codes(adapter, replace(POST, summary="x" * (room + 1)), "site") == ["wecom.body_too_long"]


def test_an_address_that_turns_out_too_long_is_refused_before_sending(bind_robot: Bind) -> None:
    rendition = render(bind_robot(message="news"), POST, "site")
    adapter = bind_robot(message="text")
    long = bind(render(adapter, POST, "site"), {"site": "https://x/" + "a" * 2048}, NOW)
    outcome = adapter.publish(replace(order(rendition), rendition=long))
    assert isinstance(outcome, Rejected)
    assert outcome.findings[0].code == "wecom.body_too_long"


def test_a_picture_of_the_authors_own_machine_is_stopped(bind_robot: Bind) -> None:
    for text in ("![庭审](images/court.png)", "[附件](file.docx)"):
        post = replace(POST, channels={"group": Override(text=text)})
        assert codes(bind_robot(), post) == ["wecom.local_address"]
    linked = replace(POST, channels={"group": Override(text="[全文](https://www.example.gov.cn/)")})
    assert codes(bind_robot(), linked) == []


@pytest.mark.parametrize(
    ("body", "expected", "detail"),
    [
        ('{"errcode":0,"errmsg":"ok"}', Published, None),
        ('{"errcode":-1,"errmsg":"system busy"}', Unsent, None),
        ('{"errcode":45009,"errmsg":"freq"}', Deferred, timedelta(minutes=1)),
        ('{"errcode":45033,"errmsg":"concurrent"}', Deferred, timedelta(seconds=10)),
        ('{"errcode":93000,"errmsg":"invalid webhook url"}', Rejected, Blame.CHANNEL),
        ('{"errcode":93004,"errmsg":"disabled"}', Rejected, Blame.CHANNEL),
        ('{"errcode":93008,"errmsg":"not in group"}', Rejected, Blame.CHANNEL),
        ('{"errcode":40008,"errmsg":"msgtype"}', Rejected, Blame.CONTENT),
        ('{"errcode":40058,"errmsg":"param"}', Rejected, Blame.CONTENT),
        ('{"errcode":44004,"errmsg":"empty"}', Rejected, Blame.CONTENT),
        ('{"errcode":45002,"errmsg":"long"}', Rejected, Blame.CONTENT),
        ('{"errcode":47001,"errmsg":"json"}', Rejected, Blame.CONTENT),
        ('{"errcode":99999,"errmsg":"new"}', Rejected, Blame.CONTENT),
        ('{"errcode":"0"}', Unknown, None),
        ('{"errcode":false}', Unknown, None),
        ('{"errcode":0.0}', Unknown, None),
        ('{"errmsg":"ok"}', Unknown, None),
        ("[0]", Unknown, None),
        ('{"errcode":0', Unknown, None),
        ("", Unknown, None),
    ],
)
def test_what_each_answer_proves(body: str, expected: type[Outcome], detail: object) -> None:
    outcome = judge(Answer(200, httpx.Headers(), body.encode()))
    assert type(outcome) is expected
    assert getattr(outcome, "after", getattr(outcome, "blame", None)) == detail


def test_the_practice_robot_takes_twenty_a_minute_and_then_says_wait(bind_robot: Bind) -> None:
    now = [NOW]
    adapter = bind_robot(clock=lambda: now[0])
    message = order(render(adapter))
    assert all(isinstance(adapter.publish(message), Published) for _ in range(20))
    assert isinstance(adapter.publish(message), Deferred)
    now[0] += timedelta(seconds=61)
    assert isinstance(bind_robot(clock=lambda: now[0]).publish(message), Published)
