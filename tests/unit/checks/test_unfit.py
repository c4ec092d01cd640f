"""Slips in fixed phrases that neither sound nor look like what is meant, and rows of tables that stand for many."""

from datetime import date

import pytest

from xuanfa.checks.rules.engine import Engine
from xuanfa.checks.rules.table import raw_terms, rows_of
from xuanfa.checks.rules.unfit import is_doubled, is_seen_twice, slip_before, slip_in
from xuanfa.domain.checking import Level

WHEN = date(2026, 11, 29)
ENGINE = Engine()


def told(text: str) -> list[tuple[str, str]]:
    return [(one.rule, one.suggestion) for one in ENGINE.check(text, when=WHEN)]


@pytest.mark.parametrize(
    ("text", "want", "slip"),
    [
        ("增强忧患情识。", "忧患意识", "患意"),  # another character
        ("增强忧患识。", "忧患意识", "患意识"),  # one missing
        ("增强忧患意装识。", "忧患意识", "意识"),  # one too many
        ("要落实公正与效条。", "公正与效率", "效率"),  # the last one
        ("增强忧患意识。", "忧患意识", None),
        ("推动构建新发展格。", "新发展格局", "展格局"),
        ("要规划新发展区域。", "新发展格局", None),  # a word of its own
    ],
)
def test_a_slip_is_seen_from_the_beginning(text: str, want: str, slip: str | None) -> None:
    found = slip_in(text, text.index(want[0]), want)
    assert (found and found[2]) == slip


def test_the_first_character_is_seen_from_the_end() -> None:
    assert slip_before("审理纸托鉴定", 6, "委托鉴定") == (2, 4, "委托")
    assert slip_before("，面建设社会主义现代化国家", 13, "全面建设社会主义现代化国家") == (1, 3, "全面建")
    assert slip_before("从各个方面建设社会主义现代化国家", 16, "全面建设社会主义现代化国家") is None
    assert slip_before("协商", 2, "民主协商") is None


@pytest.mark.parametrize(
    "text", ["审结涉军案件7件。", "新民主主义革命", "必要时人民检察院可以派员。", "我国国情", "冷冰冰的字"]
)
def test_what_official_copy_has_stays_quiet(text: str) -> None:
    assert told(text) == []


def test_a_character_that_stands_twice_is_known_by_its_neighbours() -> None:
    assert is_doubled("依法侵侵害商标权", 2)
    assert not is_doubled("居民民主协商", 1)
    assert is_seen_twice("新民主主义革命", 2)
    assert ("typo.doubled", "侵") in told("依法侵侵害商标权。")


def test_what_only_fits_nothing_weighs_less() -> None:
    (one,) = (each for each in ENGINE.check("被告人犯玩越职守罪。", when=WHEN) if each.rule == "term.charge")
    assert (one.level, one.suggestion) == (Level.MINOR, "玩忽")


def test_braces_in_a_row_stand_for_each_of_their_words() -> None:
    written = [cells[0] for name in ("term", "politics", "office") for _, cells in rows_of(name) if "{" in cells[0]]
    assert len(written) > 100
    terms = {cells[0] for _, cells in raw_terms()}
    assert {"公诉员", "公诉官", "公诉者"} <= terms
    assert not [term for term in terms if "{" in term or "}" in term or "," in term]
    assert ("term.usage", "公诉人") in told("公诉员当庭宣读起诉书。")


@pytest.mark.parametrize(
    ("wrong", "rule", "right"),
    [
        ("他说、“我一定按时还款。”", "punct.speech", "他说：“我一定按时还款。”"),
        (
            "活动有三项内容；一是宣讲；二是答疑；三是走访。",
            "punct.speech",
            "活动有三项内容：一是宣讲；二是答疑；三是走访。",
        ),
        ("“12.4”国家宪法日", "punct.dot", "“12·4”国家宪法日"),
        ("请携带《营业执照》原件。", "punct.works", "请携带营业执照原件。"),
        ("全年受理案件一万二千3百余件。", "number.thousands", "全年受理案件12300余件。"),
        ("审理天数为30—40天左右。", "number.about", "审理天数为30—40天。"),
        ("定于明天上午9点30召开。", "number.clock", "定于明天上午9点30分召开。"),
        ("在12月3日国家宪法日到来之际", "date.feast", "在12月4日国家宪法日到来之际"),
        ("12月5日国家宪法日", "date.feast", "12月3日，国家宪法日到来之际"),
        ("自13月起实行。", "date.none", "自12月起实行。"),
        ("收案600件，比2025年的500件增长25%。", "figure.rate", "收案600件，比2025年的500件增长20%。"),
        ("审结240件，较去年同期的300件上升20%。", "figure.way", "审结240件，较去年同期的300件下降20%。"),
        ("《关于审理借款案件适用法律若干问题规定》", "law.title", "《关于审理借款案件适用法律若干问题的规定》"),
        ("2026年12月4日是第十二个国家宪法日。", "date.ordinal", "2026年12月4日是第十三个国家宪法日。"),
        (
            "庆祝中国共产党成立104周年，2026年7月1日举行活动。",
            "date.ordinal",
            "庆祝中国共产党成立105周年，2026年7月1日举行活动。",
        ),
        ("适用〈担保法〉若干问题的解释", "law.repealed", "适用〈民法典〉担保制度的解释"),
        ("三分之2的案件调解结案。", "number.thousands", "三分之二的案件调解结案。"),
        ("这是为什么，？", "punct.doubled", "这是为什么？"),
    ],
)
def test_a_kind_of_form_is_told_and_what_is_right_is_not(wrong: str, rule: str, right: str) -> None:
    assert rule in {each for each, _ in told(wrong)}
    assert rule not in {each for each, _ in told(right)}


@pytest.mark.parametrize(
    ("text", "foreign"),
    [
        ("倡导自由、平等、公平、法治。", "公平"),
        ("树立政治意识、大局意识、责任意识、看齐意识。", "责任意识"),
    ],
)
def test_a_foreign_member_of_a_row_is_told(text: str, foreign: str) -> None:
    assert foreign in {one.text for one in ENGINE.check(text, when=WHEN) if one.rule == "politics.member"}


@pytest.mark.parametrize(
    "text",
    [
        "参加人员：王建国、李富强、张文明、赵和谐、陈平等。",
        "出席会议的有马自由、杨平等、周公正、吴法治、郑友善。",
        "先进个人名单：孙爱国、钱敬业、冯诚信、何友善、曹富强。",
        "培训课程包括政治理论、大局观念、服务意识、廉洁纪律。",
        "自由、平等、博爱是启蒙时期的口号。",
    ],
)
def test_a_list_of_names_is_no_row_with_a_foreign_member(text: str) -> None:
    assert [one.text for one in ENGINE.check(text, when=WHEN) if one.rule == "politics.member"] == []
