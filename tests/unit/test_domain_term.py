"""The term of a report: months, quarters, years and days as people name them, and what is none."""

from collections.abc import Callable
from datetime import date

import pytest

from xuanfa.domain import term as terms
from xuanfa.domain.term import Term
from xuanfa.domain.times import TimeProblem


@pytest.mark.parametrize(
    ("read", "text", "key", "title", "until"),
    [
        (terms.month_of, "2026-11", "2026-11", "2026年11月", date(2026, 11, 30)),
        (terms.month_of, " 2026年2月", "2026-02", "2026年2月", date(2026, 2, 28)),
        (terms.month_of, "202802", "2028-02", "2028年2月", date(2028, 2, 29)),
        (terms.month_of, "２０２６/７", "2026-07", "2026年7月", date(2026, 7, 31)),
        (terms.quarter_of, "2026-Q4", "2026-Q4", "2026年第四季度", date(2026, 12, 31)),
        (terms.quarter_of, "2026q1", "2026-Q1", "2026年第一季度", date(2026, 3, 31)),
        (terms.quarter_of, "2026年第三季度", "2026-Q3", "2026年第三季度", date(2026, 9, 30)),
        (terms.year_of, "2026", "2026", "2026年", date(2026, 12, 31)),
        (terms.year_of, "2026年", "2026", "2026年", date(2026, 12, 31)),
    ],
)
def test_terms_as_people_write_them(read: Callable[[str], Term], text: str, key: str, title: str, until: date) -> None:
    found = read(text)
    assert (found.key, found.title, found.until) == (key, title, until)
    assert found.months()[-1] == f"{until:%Y-%m}"


@pytest.mark.parametrize(
    ("read", "text", "words"),
    [
        (terms.month_of, "2026-13", "没有 13 月，月份是 01 到 12"),
        (terms.month_of, "2026-00", "没有 0 月"),
        (terms.month_of, "十一月", "请写成 2026-11"),
        (terms.month_of, "1969-12", "只能写 1971 到 9998 年"),
        (terms.month_of, "", "不是月份"),
        (terms.quarter_of, "2026-Q5", "没有第 5 季度，季度是 Q1 到 Q4"),
        (terms.quarter_of, "2026-11", "不是季度"),
        (terms.year_of, "26", "不是年份"),
        (terms.year_of, "9999", "只能写"),
    ],
)
def test_what_is_no_term_says_what_would_be(read: Callable[[str], Term], text: str, words: str) -> None:
    with pytest.raises(TimeProblem, match=words):
        read(text)


def test_a_range_begins_before_it_ends() -> None:
    found = terms.range_of(date(2026, 12, 31), date(2027, 1, 1))
    assert (found.title, found.months()) == ("2026年12月31日至2027年1月1日", ["2026-12", "2027-01"])
    assert terms.range_of(date(2026, 3, 1), date(2026, 3, 1)).title == "2026年3月1日"
    with pytest.raises(TimeProblem, match="起始日 2026-03-02 晚于截止日 2026-03-01"):
        terms.range_of(date(2026, 3, 2), date(2026, 3, 1))


def test_what_has_not_begun_has_nothing_to_count_and_what_is_over_is_over() -> None:
    month = terms.month_of("2026-11")
    terms.require_begun(month, date(2026, 11, 1))
    assert [month.is_over(date(2026, 11, 30)), month.is_over(date(2026, 12, 1))] == [False, True]
    with pytest.raises(TimeProblem, match="2026-11 还没有开始"):
        terms.require_begun(month, date(2026, 10, 31))
