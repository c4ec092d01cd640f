"""The days of recurring posts: by rule, by holidays, by what was made already."""

from calendar import monthrange
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xuanfa.domain.recurring import (
    Due,
    Every,
    Known,
    OnHoliday,
    Repeat,
    Turn,
    moment_of,
    reconciled,
    slug_of,
    turns,
)
from xuanfa.domain.working_days import DayKind, Marked, WorkingDays

SHANGHAI, BERLIN = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")
#: New Year's Day of 2027 with the weekend behind it, and a Sunday that is worked for it.
MARKS = {
    date(2027, 1, 1): DayKind.OFF,
    date(2027, 1, 2): DayKind.OFF,
    date(2027, 1, 3): DayKind.OFF,
    date(2027, 1, 10): DayKind.WORKED,
}
DAYS = WorkingDays(marks={day: Marked(day=day, kind=kind, name="元旦") for day, kind in MARKS.items()})


def days_of(first: date, begin: date, end: date, **rule: object) -> list[str]:
    found = turns(first, Repeat(**rule), DAYS, begin, end)  # type: ignore[arg-type]
    return [turn.day.isoformat() for turn in found if turn.day]


def test_a_week_has_one_turn_and_the_end_counts_the_day_that_is_meant() -> None:
    first, end = date(2026, 12, 7), date(2027, 2, 1)
    assert days_of(first, first, end, every=Every.WEEKLY, until=date(2026, 12, 28)) == [
        "2026-12-07",
        "2026-12-14",
        "2026-12-21",
        "2026-12-28",
    ]
    assert days_of(first, date(2026, 12, 8), date(2026, 12, 20), every=Every.WEEKLY) == ["2026-12-14"]


def test_a_month_without_a_31st_has_its_last_day() -> None:
    found = days_of(date(2027, 1, 31), date(2027, 1, 1), date(2027, 5, 1), every=Every.MONTHLY)
    assert found == ["2027-01-31", "2027-02-28", "2027-03-31", "2027-04-30"]
    leap = days_of(date(2028, 1, 30), date(2028, 2, 1), date(2028, 3, 31), every=Every.MONTHLY)
    assert leap == ["2028-02-29", "2028-03-30"]


def test_the_last_working_day_is_asked_of_the_calendar() -> None:
    found = days_of(date(2027, 1, 1), date(2027, 1, 1), date(2027, 4, 1), every=Every.LAST_WORKDAY)
    assert found == ["2027-01-29", "2027-02-26", "2027-03-31"]


@pytest.mark.parametrize(
    ("on_holiday", "day"),
    [
        (OnHoliday.KEEP, "2027-01-01"),
        (OnHoliday.SKIP, None),
        (OnHoliday.BEFORE, "2026-12-31"),
        (OnHoliday.AFTER, "2027-01-04"),
    ],
)
def test_a_day_off_moves_a_turn_as_its_author_says(on_holiday: OnHoliday, day: str | None) -> None:
    found = days_of(
        date(2026, 12, 1), date(2026, 12, 15), date(2027, 1, 20), every=Every.MONTHLY, on_holiday=on_holiday
    )
    assert found == [day] * (day is not None)


def test_two_turns_on_one_day_are_one_and_whose_own_day_it_is_stays() -> None:
    """Three days off in a row: each would be moved to Monday the 4th, which has its own turn."""
    first = date(2026, 12, 28)
    after = turns(first, Repeat(every=Every.DAILY, on_holiday=OnHoliday.AFTER), DAYS, first, date(2027, 1, 5))
    assert [turn.day for turn in after if turn.day == date(2027, 1, 4)] == [date(2027, 1, 4)]
    assert next(turn for turn in after if turn.day == date(2027, 1, 4)).meant == date(2027, 1, 4)
    taken = [turn.meant for turn in after if turn.day is None]
    assert taken == [date(2027, 1, 1), date(2027, 1, 2), date(2027, 1, 3)]


def test_what_is_meant_for_a_weekend_is_moved_by_holidays_alone() -> None:
    found = days_of(
        date(2026, 12, 26), date(2026, 12, 26), date(2027, 1, 11), every=Every.WEEKLY, on_holiday=OnHoliday.SKIP
    )
    assert found == ["2026-12-26", "2027-01-09"]


rules = st.builds(
    Repeat,
    every=st.sampled_from(Every),
    until=st.none() | st.dates(date(2026, 6, 1), date(2028, 1, 1)),
    on_holiday=st.sampled_from(OnHoliday),
)
calendars = st.dictionaries(st.dates(date(2026, 1, 1), date(2028, 6, 1)), st.sampled_from(DayKind), max_size=60).map(
    lambda marks: WorkingDays(marks={day: Marked(day=day, kind=kind, name="假") for day, kind in marks.items()})
)
starts = st.dates(date(2026, 1, 1), date(2027, 6, 1))


@given(first=starts, rule=rules, days=calendars, begin=starts, length=st.integers(0, 200))
def test_the_series_is_one_series_wherever_it_is_looked_at(
    first: date, rule: Repeat, days: WorkingDays, begin: date, length: int
) -> None:
    end = begin + timedelta(days=length)
    found = turns(first, rule, days, begin, end)
    due = [turn.day for turn in found if turn.day]
    assert due == sorted(set(due)), "no day twice, and in order"
    assert len({turn.period for turn in found}) == len(found), "a period has one turn"
    for turn in found:
        assert first <= turn.meant <= (rule.until or turn.meant)
        if rule.on_holiday is OnHoliday.KEEP or days.is_worked(turn.meant):
            assert turn.day in {turn.meant, None}
        if rule.every is Every.WEEKLY:
            assert turn.meant.weekday() == first.weekday()
        if rule.every is Every.MONTHLY:
            assert turn.meant.day == min(first.day, monthrange(turn.meant.year, turn.meant.month)[1])
        if rule.every is Every.LAST_WORKDAY:
            assert turn.day == turn.meant
            assert days.is_worked(turn.meant)
        elif rule.on_holiday in {OnHoliday.BEFORE, OnHoliday.AFTER} and turn.day and first.weekday() < 5:
            assert days.is_worked(turn.day)
    middle = begin + timedelta(days=length // 2)
    parted = turns(first, rule, days, begin, middle) + turns(first, rule, days, middle + timedelta(days=1), end)
    assert [turn for turn in parted if turn.day] == [turn for turn in found if turn.day], "looked at by parts"


known = st.lists(
    st.builds(
        Known,
        slug=st.uuids().map(str),
        period=st.sampled_from(["2027-W01", "2027-W02", "2027-W03"]),
        day=st.sampled_from([date(2027, 1, n) for n in range(4, 25)]),
        is_open=st.booleans(),
    ),
    unique_by=lambda each: each.day,
    max_size=6,
)


@given(known=known, first=st.sampled_from([date(2027, 1, n) for n in range(4, 11)]))
def test_what_is_made_leaves_each_day_and_each_period_with_one(known: list[Known], first: date) -> None:
    rule = turns(first, Repeat(every=Every.WEEKLY), WorkingDays(), date(2027, 1, 4), date(2027, 1, 24))
    still = {turn.day for turn in rule if turn.day}
    due = reconciled(rule, still, known)
    left = [each for each in known if each.slug not in due.drop]
    assert all(each.is_open for each in known if each.slug in due.drop), "what is out or somebody's stays"
    assert {each.day for each in left if each.is_open} <= still
    days = [each.day for each in left] + [turn.day for turn in due.make]
    assert len(days) == len(set(days))
    out = {each.period for each in left if not each.is_open}
    assert not {turn.period for turn in due.make} & out, "a week of which something is out gets nothing more"
    after = [*left, *(Known(slug=str(t.day), period=t.period, day=t.day, is_open=True) for t in due.make if t.day)]
    assert reconciled(rule, still, after) == Due(), "done once, nothing is left to do"


def test_changing_the_day_of_the_week_does_not_send_twice_in_one_week() -> None:
    out = Known(slug="w-20270104", period="2027-W01", day=date(2027, 1, 4), is_open=False)
    rule = turns(date(2027, 1, 6), Repeat(every=Every.WEEKLY), WorkingDays(), date(2027, 1, 4), date(2027, 1, 18))
    due = reconciled(rule, {turn.day for turn in rule if turn.day}, [out])
    assert [turn.day for turn in due.make] == [date(2027, 1, 13)]
    assert Turn(period="2027-W01", meant=date(2027, 1, 6), day=date(2027, 1, 6)) in rule


def test_a_turn_is_due_by_the_clock_of_its_zone_summer_and_winter() -> None:
    first = datetime(2027, 1, 3, 1, 30, tzinfo=UTC)
    assert moment_of(date(2027, 7, 4), first, SHANGHAI) == datetime(2027, 7, 4, 1, 30, tzinfo=UTC)
    assert moment_of(date(2027, 7, 4), first, BERLIN) == datetime(2027, 7, 4, 0, 30, tzinfo=UTC)
    # 02:30 of 28 March 2027 is left out there: the clocks show 03:30 in its place.
    assert moment_of(date(2027, 3, 28), first, BERLIN) == datetime(2027, 3, 28, 1, 30, tzinfo=UTC)


def test_names_hold_the_day() -> None:
    assert slug_of("周报", date(2026, 12, 7)) == "周报-20261207"
