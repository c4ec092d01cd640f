"""Times as people write them, in the workspace's zone."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from xuanfa.domain.post import Due
from xuanfa.domain.times import TimeProblem, parse_due, parse_time

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    "text",
    [
        "2026-12-01 09:00",
        "2026-12-01T09:00:00+08:00",
        "2026-12-01T01:00:00Z",
        "2026-12-01 09:00:00",
        "2026年12月1日 9:00",
        "2026年12月1日9时",
        "2026年12月1日 上午9点00分",
        "2026/12/1 9:00",
        "2026.12.1 9：00",
        "２０２６-12-01 09：00",
    ],
)
def test_many_ways_of_writing_name_one_moment(text: str) -> None:
    assert parse_time(text, SHANGHAI) == datetime(2026, 12, 1, 1, 0, tzinfo=UTC)


def test_the_afternoon_is_the_afternoon() -> None:
    assert parse_time("2026年12月1日 下午3:30", SHANGHAI) == datetime(2026, 12, 1, 7, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("凌晨0:30", "00:30"),
        ("凌晨2点", "02:00"),
        ("早上7点半", "07:30"),
        ("上午11:59", "11:59"),
        ("中午11点50", "11:50"),
        ("中午12点", "12:00"),
        ("中午1点", "13:00"),
        ("中午1:30", "13:30"),
        ("中午13:30", "13:30"),
        ("下午12:30", "12:30"),
        ("下午5点", "17:00"),
        ("下午17:00", "17:00"),
        ("傍晚6点", "18:00"),
        ("晚上8点", "20:00"),
        ("晚上20:05", "20:05"),
        ("晚间8点", "20:00"),
        ("夜里11点", "23:00"),
        ("深夜11点半", "23:30"),
    ],
)
def test_a_part_of_the_day_counts_from_noon_where_people_mean_it(text: str, shown: str) -> None:
    assert f"{parse_time(f'2026年12月1日 {text}', SHANGHAI).astimezone(SHANGHAI):%H:%M}" == shown


@pytest.mark.parametrize(
    "text",
    [
        "夜里1点",
        "夜里12点",
        "深夜8点",
        "晚上12点",
        "晚上12:30",
        "晚上0点",
        "晚上1点",
        "早上12点",
        "早上0:10",
        "上午12点",
        "上午15:30",
        "中午3点",
        "中午9点",
        "下午0点",
        "凌晨12点",
        "傍晚9点",
        "夜里2点",
    ],
)
def test_an_hour_that_can_mean_two_things_is_asked_about(text: str) -> None:
    with pytest.raises(TimeProblem, match="请写成 24 小时制"):
        parse_time(f"2026年12月1日 {text}", SHANGHAI)


@pytest.mark.parametrize("text", ["now", "NOW", "立即", "马上", " 立刻 "])
def test_at_once_has_several_names(text: str) -> None:
    assert parse_due(text, SHANGHAI) is Due.NOW


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("2026-12-01", "没有几点几分。请写成 2026-12-01 09:00"),
        ("明天上午", "看不懂时间“明天上午”"),
        ("2026-02-30 09:00", "没有 2026年2月30日"),
        ("2026-13-01 09:00", "没有 2026年13月1日"),
        ("2026-12-01 25:00", "没有 25 点 0 分"),
        ("0001-01-01 00:00", "只能写 1971 到 9998 年"),
        ("", "看不懂"),
    ],
)
def test_a_time_that_cannot_be_says_why(text: str, part: str) -> None:
    with pytest.raises(TimeProblem) as caught:
        parse_time(text, SHANGHAI)
    assert part in str(caught.value)


def test_an_hour_that_summer_time_skips_does_not_exist() -> None:
    with pytest.raises(TimeProblem, match="调快时钟"):
        parse_time("2026-03-29 02:30", ZoneInfo("Europe/Berlin"))


def test_an_hour_that_occurs_twice_is_the_first() -> None:
    assert parse_time("2026-10-25 02:30", ZoneInfo("Europe/Berlin")) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
