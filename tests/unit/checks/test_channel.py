"""What a channel or its supervisors ask of a post besides its words: links, pictures, maps, AI, reposts, lengths."""

from datetime import date

import pytest

from xuanfa.adapters.registry import adapter_class
from xuanfa.checks.rules.engine import Engine
from xuanfa.checks.rules.scan import Office
from xuanfa.domain.checking import Level
from xuanfa.domain.finding import Finding, Severity
from xuanfa.operations.checking.channels import of_passage, of_rendition

WHEN = date(2026, 11, 29)
ENGINE = Engine()


def rules_in(text: str, *, engine: Engine = ENGINE, is_post: bool = True) -> list[str]:
    return [one.rule for one in engine.check(text, when=WHEN, is_post=is_post) if one.kind == "channel"]


def post(head: str = "", body: str = "正文。") -> str:
    return f"---\ntitle: 一次开庭\n{head}---\n\n{body}\n"


@pytest.mark.parametrize(
    ("address", "rule"),
    [
        ("https://item.taobao.com/item.htm?id=3", "channel.shop"),
        ("https://m.jd.com/p/1", "channel.shop"),
        ("t.cn/A6xYz9", "channel.short"),
        ("https://dwz.cn/abc", "channel.short"),
        ("复制口令打开淘宝", "channel.shop"),
    ],
)
def test_links_to_shops_and_short_links_are_told(address: str, rule: str) -> None:
    assert rule in rules_in(f"详情请看{address}。", is_post=False)


@pytest.mark.parametrize(
    "address",
    [
        "https://www.court.gov.cn/a/1.html",
        "https://jinchang.chinagscourt.gov.cn/",
        "https://nottaobao.com.example.cn/x",
        "mt.cn.gov.cn/abc",
    ],
)
def test_other_links_are_not(address: str) -> None:
    assert rules_in(f"详情请看{address}。", is_post=False) == []


def test_the_office_s_own_list_of_hosts_holds_for_what_lies_below_them() -> None:
    engine = Engine(office=Office(hosts=frozenset({"youtube.com"})))
    assert rules_in("见https://m.youtube.com/x。", engine=engine, is_post=False) == ["channel.host"]
    assert rules_in("见https://m.youtube.com/x。", is_post=False) == []


def test_a_picture_needs_words_and_a_credit() -> None:
    assert rules_in(post(body="![](a.jpg)")) == ["channel.alt", "channel.licence"]
    assert rules_in(post(body="![庭审现场](a.jpg)\n\n图为庭审现场（李某摄）")) == []
    assert rules_in(post("licence: 本院拍摄\n", "![庭审现场](a.jpg)")) == []
    assert rules_in(post("licence: 本院拍摄\ndecoration: a.jpg\n", "![](images/a.jpg)")) == []


def test_a_map_needs_its_number() -> None:
    assert "channel.map" in rules_in(post("licence: 本院\n", "![金昌市地图](a.png)"))
    assert rules_in(post("licence: 本院\nmap_number: GS（2026）0001号\n", "![金昌市地图](a.png)")) == []
    assert rules_in(post("licence: 本院\n", "![金昌市地图](a.png)\n\n审图号：GS（2026）0001号")) == []


def test_use_of_ai_is_declared_and_shown() -> None:
    assert rules_in(post(body="配图由AI生成。")) == ["channel.ai"]
    assert rules_in(post("ai: assisted\n", "配图由AI生成。")) == []
    assert rules_in(post("ai: generated\n")) == ["channel.ai_label"]
    assert rules_in(post("ai: generated\n", "本文由AI生成。")) == []
    told = [one.level for one in Engine().check(post("ai: generated\n"), when=WHEN, is_post=True)]
    assert told == [Level.HINT]  # text and pictures get their labels where they are rendered
    assert rules_in(post(body="《人工智能生成合成内容标识办法》施行，法院审理AI生成图片著作权案件。")) == []


def test_a_repost_says_from_where_and_under_which_title() -> None:
    whole = "source:\n  name: 新华社\n  url: https://a.cn/1\n  title: 一次开庭\n"
    assert rules_in(post("source: 新华社\n")) == ["channel.repost"]
    assert rules_in(post(whole)) == []
    changed = whole.replace("title: 一次", "title: 又一次")
    assert rules_in(post(changed)) == ["channel.title_change"]
    assert rules_in(post(changed + "title_change: 原题过长\n")) == []
    assert rules_in(post(body="转自：新华社")) == ["channel.repost"]


@pytest.mark.parametrize(("kind", "part"), [("wechat", "title"), ("douyin", "body")])
def test_a_passage_is_measured_in_the_kind_s_own_unit(kind: str, part: str) -> None:
    traits = adapter_class(kind).traits
    limit = traits.title_max if part == "title" else traits.body_max
    assert limit is not None
    assert list(of_passage("题" * limit, traits, part=part)) == []
    (found,) = of_passage("题" * (limit + 3), traits, part=part)
    assert (found.rule, found.start, found.end, found.level) == ("channel.limit", limit, limit + 3, Level.SEVERE)


def test_bytes_are_counted_where_the_kind_counts_bytes() -> None:
    traits = adapter_class("webhook").traits
    assert traits.unit == "bytes"
    assert traits.body_max is not None
    (found,) = of_passage("字" * (traits.body_max // 3 + 2), traits, part="body")
    assert found.start == traits.body_max // 3


def test_what_a_channel_finds_itself_is_a_finding_of_its_class() -> None:
    given = [
        Finding(code="body.link", message="打不开。", about="http://a.cn", severity=Severity.WARN),
        Finding(code="title.too_long", message="标题太长。"),
    ]
    told = list(of_rendition(given, "见\nhttp://a.cn。"))
    assert [(one.rule, one.level, one.line, one.text) for one in told] == [
        ("channel.limit", Level.MINOR, 2, "http://a.cn"),
        ("channel.limit", Level.SEVERE, 1, ""),
    ]
