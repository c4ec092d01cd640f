"""Filling values into messages: one end to a sentence, quotation marks within quotation marks."""

import pytest

from xuanfa.domain.language import say, together


@pytest.mark.parametrize(
    ("zh", "values", "said"),
    [
        ("没有登录成功：{why}。请再登录一次。", {"why": "密码不对。"}, "没有登录成功：密码不对。请再登录一次。"),
        ("{evidence}；不过也可能处理", {"evidence": "对方答复忙。"}, "对方答复忙；不过也可能处理"),
        ("{said}。请检查密钥。", {"said": "渠道答复 401："}, "渠道答复 401。请检查密钥。"),
        ("渠道答复 {status}：{excerpt}。", {"status": 401, "excerpt": ""}, "渠道答复 401。"),
        ("渠道答复 {status}：{excerpt}", {"status": 401, "excerpt": ""}, "渠道答复 401"),
        ("“{title}”专栏共发布信息", {"title": "“三抓三促”行动"}, "“‘三抓三促’行动”专栏共发布信息"),
        ("《{title}》已发布", {"title": "第1《条例》施行"}, "《第1〈条例〉施行》已发布"),
        ("读到 {what}，没有读完。", {"what": "一半……"}, "读到 一半……，没有读完。"),
        ("{a}{b}。", {"a": "甲。", "b": "乙"}, "甲。乙。"),
        ("{n:,} 字节（{why}）。", {"n": 1903, "why": "超时。"}, "1,903 字节（超时）。"),
    ],
)
def test_a_value_is_fitted_to_the_sentence_that_it_stands_in(zh: str, values: dict[str, object], said: str) -> None:
    assert say(zh, "-", **values) == said


@pytest.mark.usefixtures("english")
def test_english_ends_once_too() -> None:
    assert say("-", "Cannot write {file}: {why}. Try again.", file="a..b", why="it is full.") == (
        "Cannot write a..b: it is full. Try again."
    )
    assert together(["one thing.", "another."]) == "one thing; another."


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize(
    ("en", "said"),
    [
        ("paused: {why}. To go on", "paused: 密钥失效，请更换. To go on"),
        ("paused ({why}), and nothing was sent", "paused (密钥失效，请更换), and nothing was sent"),
        ("{why}, so that", "密钥失效，请更换, so that"),
        ("paused ({why})", "paused (密钥失效，请更换)"),
    ],
)
def test_what_somebody_wrote_in_chinese_ends_once_in_english(en: str, said: str) -> None:
    assert say("-", en, why="密钥失效，请更换。") == said


def test_what_stands_in_brackets_has_no_end_of_its_own() -> None:
    assert say("已暂停（{why}），没有发送", "-", why="密钥失效。") == "已暂停（密钥失效），没有发送"
    assert say("已暂停（{why}）", "-", why="等待……") == "已暂停（等待……）"
    assert say("{a}（{b}）。完", "-", a="一。", b="二。") == "一。（二）。完"


def test_what_is_quoted_keeps_its_own_marks_elsewhere() -> None:
    assert say("标题是 {title}，正文没有。", "-", title="“三抓三促”。行动") == "标题是 “三抓三促”。行动，正文没有。"


def test_sentences_told_together_end_once() -> None:
    assert together(["图片太大。", "标题太长。", " ", "另有 3 处"]) == "图片太大；标题太长；另有 3 处"
    assert together(["只有一句。"]) == "只有一句。"
    assert together([]) == ""


@pytest.mark.parametrize(
    ("en", "n", "said"),
    [
        ("{n} deliveries are held.", 1, "1 delivery is held."),
        ("{n} deliveries are held.", 21, "21 deliveries are held."),
        ("within {n} hours", 1, "within 1 hour"),
        ("{n} more files have problems", 1, "1 more file has problems"),
        ("{n} older ones were removed.", 1, "1 older one was removed."),
        ("version 0.{n} days", 1, "version 0.1 days"),
    ],
)
@pytest.mark.usefixtures("english")
def test_one_is_no_plural_in_english(en: str, n: int, said: str) -> None:
    assert say("-", en, n=n) == said
