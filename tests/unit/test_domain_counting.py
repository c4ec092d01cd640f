"""The sentence that staff copy into a report, word for word."""

import pytest

from xuanfa.domain.counting import Count, definition, sentence


@pytest.mark.parametrize(
    ("count", "title", "text"),
    [
        (
            Count(posts=6, items=12, retracted=0, rehearsed=0, by={"网站": 6, "企业微信": 6}),
            "我们在行动",
            "“我们在行动”专栏共发布信息 12 条（去重稿件 6 篇）：网站 6 条，企业微信 6 条。",
        ),
        (
            Count(posts=0, items=0, retracted=0, rehearsed=0),
            "我们在行动",
            "“我们在行动”专栏共发布信息 0 条（去重稿件 0 篇）。",
        ),
        (
            Count(posts=1, items=1, retracted=2, rehearsed=3, by={"网站": 1}),
            "",
            "各专栏共发布信息 1 条（去重稿件 1 篇）：网站 1 条（另有已撤回 2 条、演练 3 条，不计入）。",
        ),
        (
            Count(posts=0, items=0, retracted=1, rehearsed=0),
            "我们在行动",
            "“我们在行动”专栏共发布信息 0 条（去重稿件 0 篇）（另有已撤回 1 条，不计入）。",
        ),
    ],
)
def test_the_sentence(count: Count, title: str, text: str) -> None:
    assert sentence(count, title) == text


@pytest.mark.usefixtures("english")
def test_the_sentence_in_english() -> None:
    count = Count(posts=6, items=12, retracted=1, rehearsed=2, by={"site": 6, "wecom": 6})
    assert sentence(count, "Action") == (
        "The column “Action” has published 12 items (6 distinct posts): site 6, wecom 6"
        " (besides: 1 retracted, 2 rehearsed, not counted)."
    )


def test_the_definition_says_what_is_counted() -> None:
    assert "“条”为已确认发布的渠道条次" in definition()
    assert "“篇”为去重稿件数" in definition()


def test_a_title_with_braces_is_not_filled_in() -> None:
    assert sentence(Count(posts=0, items=0, retracted=0, rehearsed=0), "{x}").startswith("“{x}”专栏")
