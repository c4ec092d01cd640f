"""The sentence as custom has it: rounded down, never up, with the exact figure beside it, and quotation marks within quotation marks."""

import pytest

from xuanfa.domain.counting import ALL_BY, BY_TIME, Count, approximately, definition_of, quoted, sentence


@pytest.mark.parametrize(
    ("items", "said"),
    [
        (0, "0 条"), (99, "99 条"), (100, "100 条"), (101, "100余条"), (136, "100余条"), (199, "100余条"), (200, "200 条"), (201, "200余条"),
        (999, "900余条"), (1000, "1000 条"), (1299, "1200余条"), (18_342, "18300余条"),
    ],
)  # fmt: skip
def test_figures_are_rounded_down_to_whole_hundreds(items: int, said: str) -> None:
    assert approximately(items) == said


def test_the_exact_figure_stands_beside_the_rounded_one() -> None:
    count = Count(posts=60, items=136, retracted=2, rehearsed=0, by={"网站": 100, "公众号": 36})
    assert count.rounded == 100
    assert sentence(count, "三抓三促，我们在行动") == (
        "“三抓三促，我们在行动”专栏共发布信息100余条（准确数 136 条，去重稿件 60 篇）：网站 100 条，公众号 36 条（另有已撤回 2 条，不计入）。"
    )
    assert sentence(Count(posts=200, items=200, retracted=0, rehearsed=0), "") == (
        "各专栏共发布信息 200 条（去重稿件 200 篇）。"
    )


@pytest.mark.usefixtures("english")
def test_the_same_in_english() -> None:
    count = Count(posts=60, items=136, retracted=0, rehearsed=0, by={"site": 136})
    assert sentence(count, "") == (
        "All columns has published more than 100 items (136 exactly, 60 distinct posts): site 136."
    )


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("我们在行动", "“我们在行动”"),
        ("“三抓三促”进行时", "“‘三抓三促’进行时”"),
        ("说‘法’", "“说‘法’”"),
        ("it’s “so”", "“it’s ‘so’”"),
        ('"法"与"情"', "“‘法’与‘情’”"),
        ("", "“”"),
    ],
)
def test_quotation_marks_within_quotation_marks_are_of_the_other_kind(title: str, shown: str) -> None:
    assert quoted(title) == shown


def test_a_split_too_long_for_a_sentence_is_left_to_the_table() -> None:
    by = {f"部门{n}": 1 for n in range(13)}
    assert "部门" not in sentence(Count(posts=1, items=13, retracted=0, rehearsed=0, by=by), "")


def test_those_without_an_item_are_named_in_the_order_of_the_list() -> None:
    count = Count(posts=1, items=1, retracted=0, rehearsed=0, by={"民一庭": 1})
    assert count.without(["立案庭", "民一庭", "执行局"]) == ["立案庭", "执行局"]


def test_every_split_says_what_it_goes_by() -> None:
    assert len({definition_of(by) for by in ALL_BY}) == len(ALL_BY)
    assert set(ALL_BY) > BY_TIME
