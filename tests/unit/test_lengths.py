"""How long a text counts where it is sent, in the unit of each platform."""

import json
from pathlib import Path

import pytest

from tests.support.adapting import Tools
from xuanfa.adapters.dingtalk.adapter import DingtalkAdapter
from xuanfa.adapters.douyin import DouyinAdapter
from xuanfa.adapters.protocol import Adapter
from xuanfa.adapters.site import SiteAdapter
from xuanfa.adapters.wechat import WechatAdapter
from xuanfa.adapters.wecom.adapter import WecomAdapter
from xuanfa.adapters.weibo import WeiboAdapter
from xuanfa.checks.lengths import lengths_of
from xuanfa.domain.length import Length
from xuanfa.domain.rendition import Rendition

KINDS: tuple[type[Adapter], ...] = (
    WeiboAdapter,
    WechatAdapter,
    DouyinAdapter,
    WecomAdapter,
    DingtalkAdapter,
    SiteAdapter,
)


def bound(folder: Path, kind: str, **settings: object) -> Adapter:
    adapter = next(each for each in KINDS if each.kind == kind)
    config = adapter.Config.model_validate({"adapter": kind, "rehearsal": True, **settings})
    return adapter(config, Tools(folder=folder, kind=kind))


def rendition(body: str, title: str = "题目", **more: str) -> Rendition:
    return Rendition(title=title, body=body, media_type="text/plain", extra=more)


@pytest.mark.parametrize(
    ("kind", "settings", "made", "expected"),
    [
        ("weibo", {}, rendition("字" * 130 + " https://www.example.gov.cn/a/b/c/d"), [("", 142, 140, "characters")]),
        ("wechat", {}, rendition("<p>文</p>", "题" * 33), [("标题", 33, 32, "characters"), ("摘要", 0, 120, "characters")]),
        ("douyin", {"caption_max": 55}, rendition("字" * 52), [("", 52, 55, "characters")]),
        ("wecom", {}, rendition(json.dumps({"msgtype": "markdown", "markdown": {"content": "字" * 100}})), [("", 300, 4096, "bytes")]),
        ("dingtalk", {}, rendition(json.dumps({"msgtype": "text", "text": {"content": "字" * 100}})), [("", 100, 5000, "characters")]),
        ("site", {"directory": "public", "base_url": "https://www.example.gov.cn/"}, rendition("文"), []),
    ],
)  # fmt: skip
def test_each_kind_counts_as_its_platform_does(
    tmp_path: Path, kind: str, settings: dict[str, object], made: Rendition, expected: list[tuple[str, int, int, str]]
) -> None:
    found = lengths_of(bound(tmp_path, kind, **settings), made)
    assert [(each.what, each.n, each.most, each.unit) for each in found] == expected


def test_a_bound_that_no_text_comes_near_is_not_counted_aloud(tmp_path: Path) -> None:
    adapter = bound(tmp_path, "wechat")
    assert [each.what for each in lengths_of(adapter, rendition("<p>文</p>"))] == ["标题", "摘要"]
    assert [each.what for each in lengths_of(adapter, rendition("字" * 19_500))] == ["标题", "摘要", "排版"]


@pytest.mark.parametrize(
    ("n", "mark", "words"),
    [
        (125, "", "微博 125/140"),
        (126, "near", "微博 126/140"),
        (140, "near", "微博 140/140"),
        (153, "over", "微博 153/140，多 13 字"),
    ],
)
def test_what_is_near_and_what_is_over(n: int, mark: str, words: str) -> None:
    length = Length(what="", n=n, most=140)
    assert (length.mark, length.words("微博")) == (mark, words)


def test_bytes_are_called_so() -> None:
    assert Length(what="标题", n=20, most=128, unit="bytes").words("群") == "群标题 20/128 字节"
    assert Length(what="", n=4100, most=4096, unit="bytes").words("群") == "群 4100/4096，多 4 字节"
