"""An article compared with a page: what stands around it never matters, what is done to it always does."""

import random

import pytest

from xuanfa.domain.comparing import compare, signs_of

ARTICLE = [
    "三月三日，金昌市中级人民法院召开推进会。",
    "会议指出，全年共办结案件 1,036 件，结案率 98.5%，同比提高 2.1 个百分点。",
    "一、抓学习",
    "院长要求全院干警抓学习促提升、抓执行促落实。",
    "供稿：办公室",
]
BEFORE = ["首页", "新闻", "抓执行促落实", "2026-03-03 09:00　来源：办公室　阅读 12"]
BEHIND = ["分享到", "评论 3", "上一篇：普法进校园", "院长要求"]


def page(*article: str) -> list[str]:
    return [*BEFORE, *(article or ARTICLE), *BEHIND]


def words(*lines: str, titles: tuple[str, ...] = ("抓执行促落实",)) -> str:
    return compare(ARTICLE, "抓执行促落实", lines, titles).words


def test_the_article_as_it_was_sent_is_the_same_whatever_stands_around_it() -> None:
    chance = random.Random(14)  # noqa: S311 - what a page adds
    for _ in range(200):
        noise = [
            f"阅读 {chance.randrange(10**6)}",
            f"2026-03-{chance.randrange(1, 29):02} 10:{chance.randrange(60):02}",
        ]
        lines = [*noise, *BEFORE, *ARTICLE, *chance.sample(BEHIND, 2), *noise]
        found = compare(ARTICLE, "抓执行促落实", lines, [])
        assert (found.words, found.is_there, found.found) == ("", True, found.total)


def test_counters_and_clocks_between_paragraphs_are_no_difference() -> None:
    for counter in (
        "阅读 1024 次",
        "2026年3月3日 09:12 星期二",
        "点赞 3 评论 0 分享",
        "4.5万人阅读",
        "Updated 3 hours ago",
    ):
        assert words(*page(*ARTICLE[:2], counter, *ARTICLE[2:])) == ""


def test_white_space_width_and_punctuation_are_no_difference() -> None:
    told = [line.replace("，", ", ").replace("。", " 。 ").replace("1,036", "１，０３６") for line in ARTICLE]
    assert words(*page(*told)) == ""
    assert words("".join(page())) == ""


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("98.5%", "985%", "第 2 段不一样：发出的是“件，结案率 98.5%，同比提高 2.1 个百”，页面上是“件，结案率 985%，同比提高 2.1 个百分”"),
        ("1,036", "1,063", "第 2 段不一样"),
        ("抓学习促提升", "玩手机", "页面上是“要求全院干警玩手机、抓执行促落实"),
        ("院长要求", "院长没有要求", "第 4 段不一样"),
    ],
)  # fmt: skip
def test_what_was_altered_is_told_with_both_wordings(old: str, new: str, said: str) -> None:
    assert said in words(*page(*(line.replace(old, new) for line in ARTICLE)))


def test_a_page_that_was_cut_says_from_where_on() -> None:
    assert words(*page(*ARTICLE[:3])) == "从第 4 段起的 2 段没有了：“院长要求全院干警抓学习促提升、抓执行促落实”"
    assert words(*page(*ARTICLE[:4])) == "第 5 段没有了：“供稿：办公室”"
    assert words(*page(*ARTICLE[1:])) == "第 1 段没有了：“三月三日，金昌市中级人民法院召开推进会”"
    assert words(*page(*ARTICLE[:1], *ARTICLE[3:])) == (
        "第 2 段没有了：“会议指出，全年共办结案件 1,036 件，结案率 … 同比提高 2.1 个百分点”；第 3 段没有了：“一、抓学习”"
    )


def test_what_was_put_in_between_is_told() -> None:
    put_in = page(*ARTICLE[:2], "加微信领红包 12345", *ARTICLE[2:])
    assert words(*put_in) == "第 2 段后面多出：“加微信领红包 12345”"
    first, second = (
        compare(ARTICLE, "", [line.replace("12345", number) for line in put_in], []) for number in ("1", "2")
    )
    assert first.mark == second.mark != compare(ARTICLE, "", page(), []).mark


def test_a_paragraph_that_stands_twice_is_found_in_its_place() -> None:
    article = ["本院认为：", "甲。", "本院认为：", "乙。", "特此公告，望周知，切勿自误。"]
    assert compare(article, "", ["本院认为：", *article], []).words == ""
    assert "第 4 段没有了" in compare(article, "", [*article[:3], article[4]], []).words


def test_a_title_that_is_gone_is_told_wherever_it_may_stand() -> None:
    for lines, titles in (
        (["我院开庭", *ARTICLE], []),
        (ARTICLE, ["我院“开庭” - 法院"]),
        (["我院开庭", *ARTICLE], ["别的"]),
    ):
        assert compare(ARTICLE, "我院开庭", lines, titles).words == ""
    assert compare(ARTICLE, "我院开庭", ARTICLE, ["别的"]).words == "标题没有了：“我院开庭”"


def test_another_page_is_not_this_article() -> None:
    found = compare(ARTICLE, "抓执行促落实", ["用户登录", "请输入用户名", "忘记密码"], ["统一身份认证"])
    assert (found.found, found.is_there) == (0, False)
    assert not compare([], "", ["什么也没有"], []).is_there


def test_of_many_differences_the_first_are_told_and_the_rest_counted() -> None:
    article = [f"第{number}号判决书由合议庭作出，现予公布。" for number in range(1, 12)]
    altered = [line.replace("公布", "撤销") for line in article]
    found = compare(article, "", altered, [])
    assert len(found.differences) == 11
    assert found.words.endswith("；另有 7 处")


def test_long_texts_take_little_time_whatever_is_in_them() -> None:
    article = ["甲" * 50 + str(number) for number in range(2_000)]
    assert compare(article, "", ["甲" * 200_000], []).differences
    assert compare(["乙丙" * 30_000] * 20, "", ["乙" * 100_000], []).differences


def test_signs_are_letters_digits_and_what_belongs_to_numbers() -> None:
    assert signs_of("（2026）甘03民终1号，98.5％ Ｏ.K. 3..5 %") == "2026甘03民终1号98.5%ok35"
