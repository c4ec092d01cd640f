"""Working days: 休 and 班 by the published plans, Monday to Friday of a year nobody knows, and hours that are counted in them."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from xuanfa.domain.working_days import DayKind, Marked, WorkingDays, known_years, missing_in_words
from xuanfa.domain.working_hours import WorkingHours
from xuanfa.operations.working_days.known import merged, of_settings, published

ZONE = ZoneInfo("Asia/Shanghai")


def off(day: date, name: str = "") -> Marked:
    return Marked(day=day, kind=DayKind.OFF, name=name, origin="plan.xlsx")


def worked(day: date, name: str = "") -> Marked:
    return Marked(day=day, kind=DayKind.WORKED, name=name, origin="plan.xlsx")


@pytest.mark.parametrize(
    ("day", "is_worked"),
    [
        # 国办发明电〔2025〕7号: 国庆节 2026-10-01 to 10-07, 09-20 and 10-10 are worked; 中秋节 09-25 to 09-27.
        (date(2026, 9, 20), True),
        (date(2026, 9, 24), True),
        (date(2026, 9, 25), False),
        (date(2026, 9, 30), True),
        (date(2026, 10, 1), False),
        (date(2026, 10, 7), False),
        (date(2026, 10, 8), True),
        (date(2026, 10, 10), True),
        (date(2026, 10, 11), False),
        (date(2026, 9, 18), True),
        (date(2026, 12, 13), False),
        (date(2026, 12, 14), True),
        (date(2004, 1, 1), False),
        (date(2027, 10, 1), True),
        (date(2027, 10, 2), False),
    ],
)
def test_the_published_plans_say_which_days_are_worked(day: date, is_worked: bool) -> None:
    assert merged(()).is_worked(day) is is_worked


def test_every_name_of_the_published_plans_is_chinese() -> None:
    assert {mark.name for mark in published().values()} == {
        *("元旦", "春节", "清明节", "劳动节", "端午节", "国庆节", "中秋节", "抗战胜利70周年纪念日"),
    }


def test_what_is_brought_in_goes_before_what_is_shipped_day_by_day() -> None:
    days = merged((worked(date(2026, 10, 7)), off(date(2026, 10, 8), "院庆")))
    assert [days.is_worked(date(2026, 10, n)) for n in (6, 7, 8, 9)] == [False, True, False, True]
    assert days.marks[date(2026, 10, 8)].name == "院庆"
    mine = of_settings([date(2026, 10, 7)], [date(2026, 10, 8)])
    assert [merged((worked(date(2026, 10, 7)),), mine).is_worked(date(2026, 10, n)) for n in (7, 8)] == [False, True]


@pytest.mark.parametrize(
    ("today", "missing"),
    [
        (date(2026, 10, 31), None),
        (date(2026, 11, 1), 2027),
        (date(2026, 12, 31), 2027),
        (date(2027, 1, 1), 2027),
        (date(2027, 11, 1), 2027),
        (date(2025, 11, 30), None),
    ],
)
def test_a_year_nobody_knows_is_told_from_november_on(today: date, missing: int | None) -> None:
    assert merged(()).missing(today) == missing


def test_a_day_of_the_offices_own_makes_no_plan_of_a_year() -> None:
    new_year = [date(2027, 1, 1) + timedelta(days=number) for number in range(10)]
    assert merged([off(new_year[0])]).missing(date(2026, 11, 1)) == 2027
    assert known_years({day: off(day) for day in new_year[:9]}) == frozenset()
    assert merged([off(day) for day in new_year]).missing(date(2026, 11, 1)) is None
    assert known_years({day: worked(day) for day in new_year}) == frozenset()


def test_nobody_is_told_where_nobody_goes_by_plans() -> None:
    assert WorkingDays().missing(date(2026, 11, 1)) is None
    assert not WorkingDays().is_worked(date(2026, 11, 1))
    assert missing_in_words(2027) == "2027 年的放假调休安排还没有导入，暂按周一至周五算工作日"


@pytest.mark.parametrize(
    ("day", "following", "before"),
    [
        (date(2026, 10, 1), date(2026, 10, 8), date(2026, 9, 30)),
        (date(2026, 2, 15), date(2026, 2, 24), date(2026, 2, 14)),
        (date(2026, 10, 10), date(2026, 10, 10), date(2026, 10, 10)),
        (date(2027, 1, 2), date(2027, 1, 4), date(2027, 1, 1)),
    ],
)
def test_the_working_day_nearest_to_a_day(day: date, following: date, before: date) -> None:
    days = merged(())
    assert (days.next_worked(day), days.last_worked(day)) == (following, before)


@pytest.mark.parametrize(
    ("year", "month", "last"),
    [
        (2026, 1, date(2026, 1, 30)),
        (2026, 2, date(2026, 2, 28)),
        (2026, 5, date(2026, 5, 29)),
        (2026, 9, date(2026, 9, 30)),
        (2026, 10, date(2026, 10, 30)),
        (2027, 1, date(2027, 1, 29)),
        (2024, 2, date(2024, 2, 29)),
    ],
)
def test_the_last_working_day_of_a_month(year: int, month: int, last: date) -> None:
    assert merged(()).last_of_month(year, month) == last


def test_a_month_without_any_has_no_last_one() -> None:
    days = merged([off(date(2026, 4, number)) for number in range(1, 31)])
    assert days.last_of_month(2026, 4) is None


@pytest.mark.parametrize(
    ("start", "hours", "until"),
    [
        ("2026-09-30 16:00", 4, "2026-10-08 10:30"),
        ("2026-09-18 17:00", 2, "2026-09-20 09:30"),
        ("2026-10-09 17:00", 2, "2026-10-10 09:30"),
        ("2027-09-30 16:00", 4, "2027-10-01 10:30"),
    ],
)
def test_hours_of_a_step_are_counted_in_days_that_are_worked(start: str, hours: int, until: str) -> None:
    known = merged(())
    begun = datetime.fromisoformat(start).replace(tzinfo=ZONE)
    assert WorkingHours(calendar=lambda: known).after(begun, hours, ZONE) == datetime.fromisoformat(until).replace(
        tzinfo=ZONE
    )


def test_the_ends_of_what_a_calendar_holds_are_no_trouble() -> None:
    days = WorkingDays(marks={date.max: off(date.max)}, years=frozenset())
    assert days.next_worked(date.max) == date.max
    assert days.last_worked(date.min + timedelta(days=5)) == date.min + timedelta(days=4)
