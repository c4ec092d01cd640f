"""Timetables: rules as staff write them, cron as crontab(5) has it, and clocks that are put forward and back."""

from datetime import UTC, datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

import pytest
from croniter import croniter
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from xuanfa.domain.errors import ConfigError
from xuanfa.domain.timetable import Timetable, parse_rule, parse_timetable

SHANGHAI = ZoneInfo("Asia/Shanghai")
BERLIN = ZoneInfo("Europe/Berlin")
NEW_YORK = ZoneInfo("America/New_York")


def shown(rules: str | list[str], after: str, zone: ZoneInfo = SHANGHAI, count: int = 4) -> list[str]:
    """The next slots on the wall clock of ``zone``."""
    table = parse_timetable([rules] if isinstance(rules, str) else rules)
    start = datetime.fromisoformat(after).replace(tzinfo=zone)
    return [f"{slot.astimezone(zone):%a %m-%d %H:%M}" for slot in table.next_slots(start, zone, count)]


@pytest.mark.parametrize(
    ("rule", "slots"),
    [
        ("Mon,Wed,Fri 09:00", ["Mon 03-02 09:00", "Wed 03-04 09:00", "Fri 03-06 09:00", "Mon 03-09 09:00"]),
        ("Mon, Wed 9:00", ["Mon 03-02 09:00", "Wed 03-04 09:00", "Mon 03-09 09:00", "Wed 03-11 09:00"]),
        ("monday 09:00", ["Mon 03-02 09:00", "Mon 03-09 09:00", "Mon 03-16 09:00", "Mon 03-23 09:00"]),
        ("周一，周三 9:00", ["Mon 03-02 09:00", "Wed 03-04 09:00", "Mon 03-09 09:00", "Wed 03-11 09:00"]),
        ("星期二、星期四 １０：３０", ["Tue 03-03 10:30", "Thu 03-05 10:30", "Tue 03-10 10:30", "Thu 03-12 10:30"]),
        ("周日 08:00", ["Sun 03-08 08:00", "Sun 03-15 08:00", "Sun 03-22 08:00", "Sun 03-29 08:00"]),
        ("周天 08:00", ["Sun 03-08 08:00", "Sun 03-15 08:00", "Sun 03-22 08:00", "Sun 03-29 08:00"]),
        ("周一至周三 9：00", ["Mon 03-02 09:00", "Tue 03-03 09:00", "Wed 03-04 09:00", "Mon 03-09 09:00"]),
        ("周五到周一 9:00", ["Mon 03-02 09:00", "Fri 03-06 09:00", "Sat 03-07 09:00", "Sun 03-08 09:00"]),
        ("Sat-Sun 9:00", ["Sat 03-07 09:00", "Sun 03-08 09:00", "Sat 03-14 09:00", "Sun 03-15 09:00"]),
        ("周末 9:00", ["Sat 03-07 09:00", "Sun 03-08 09:00", "Sat 03-14 09:00", "Sun 03-15 09:00"]),
        ("daily 08:30", ["Mon 03-02 08:30", "Tue 03-03 08:30", "Wed 03-04 08:30", "Thu 03-05 08:30"]),
        ("每天 23:59", ["Sun 03-01 23:59", "Mon 03-02 23:59", "Tue 03-03 23:59", "Wed 03-04 23:59"]),
        ("工作日 9:00", ["Mon 03-02 09:00", "Tue 03-03 09:00", "Wed 03-04 09:00", "Thu 03-05 09:00"]),
        ("0 9 * * 1-5", ["Mon 03-02 09:00", "Tue 03-03 09:00", "Wed 03-04 09:00", "Thu 03-05 09:00"]),
        ("0 9 * * mon-wed", ["Mon 03-02 09:00", "Tue 03-03 09:00", "Wed 03-04 09:00", "Mon 03-09 09:00"]),
        ("0 9 1 jan,apr *", ["Wed 04-01 09:00", "Fri 01-01 09:00", "Thu 04-01 09:00", "Sat 01-01 09:00"]),
        ("0 9 * * 7", ["Sun 03-08 09:00", "Sun 03-15 09:00", "Sun 03-22 09:00", "Sun 03-29 09:00"]),
        ("*/30 23 * * *", ["Sun 03-01 23:00", "Sun 03-01 23:30", "Mon 03-02 23:00", "Mon 03-02 23:30"]),
    ],
)
def test_a_rule_means_what_it_says(rule: str, slots: list[str]) -> None:
    assert shown(rule, "2026-03-01 12:00") == slots


def test_a_day_matches_when_either_restricted_day_field_does() -> None:
    """crontab(5): the thirteenth, and every Friday; but with a star in one of them, both must match."""
    assert shown("0 9 13 * 5", "2026-03-01 00:00")[:3] == ["Fri 03-06 09:00", "Fri 03-13 09:00", "Fri 03-20 09:00"]
    assert shown("0 9 13 * */5", "2026-03-01 00:00", count=1) == ["Fri 03-13 09:00"]


def test_several_rules_are_one_timetable_without_doubles() -> None:
    rules = ["Mon 09:00", "daily 09:00", "Mon 08:00"]
    assert shown(rules, "2026-03-01 12:00", count=3) == ["Mon 03-02 08:00", "Mon 03-02 09:00", "Tue 03-03 09:00"]


def test_a_slot_lies_after_the_moment_never_at_it() -> None:
    assert shown("daily 09:00", "2026-03-02 09:00", count=1) == ["Tue 03-03 09:00"]
    assert shown("daily 09:00", "2026-03-02 08:59", count=1) == ["Mon 03-02 09:00"]


def test_the_29th_of_february_is_found_over_a_century_without_one() -> None:
    table = parse_timetable(["0 9 29 2 *"])
    slots = table.next_slots(datetime(2025, 1, 1, tzinfo=UTC), UTC, 3)
    assert [slot.year for slot in slots] == [2028, 2032]  # within the horizon of nine years
    (after_2096,) = table.next_slots(datetime(2096, 3, 1, tzinfo=UTC), UTC, 1)
    assert after_2096.year == 2104


def test_no_rules_no_slots() -> None:
    assert not Timetable()
    assert Timetable().next_slots(datetime(2026, 3, 2, tzinfo=UTC), UTC, 1) == ()


def test_a_naive_moment_is_refused() -> None:
    with pytest.raises(ValueError, match="naive"):
        next(parse_timetable(["daily 09:00"]).slots(datetime(2026, 3, 2), UTC))  # noqa: DTZ001 - the point


@pytest.mark.parametrize(
    ("zone", "eve", "rule", "utc"),
    [
        # Forward: 02:30 is not on the clock that day, and 03:30 is an hour earlier in UTC than the day before.
        (BERLIN, "2026-03-27 12:00", "daily 02:30", ["28T01:30", "30T00:30", "31T00:30"]),
        (BERLIN, "2026-03-27 12:00", "daily 03:30", ["28T02:30", "29T01:30", "30T01:30"]),
        (NEW_YORK, "2026-03-06 12:00", "daily 02:30", ["07T07:30", "09T06:30", "10T06:30"]),
        # Back: 02:30 is twice on the clock, and the first counts.
        (BERLIN, "2026-10-23 12:00", "daily 02:30", ["24T00:30", "25T00:30", "26T01:30"]),
        (NEW_YORK, "2026-10-30 12:00", "daily 01:30", ["31T05:30", "01T05:30", "02T06:30"]),
    ],
)
def test_a_change_of_the_clocks_loses_and_doubles_nothing(zone: ZoneInfo, eve: str, rule: str, utc: list[str]) -> None:
    start = datetime.fromisoformat(eve).replace(tzinfo=zone)
    slots = parse_timetable([rule]).next_slots(start, zone, 3)
    assert [f"{slot:%dT%H:%M}" for slot in slots] == utc
    assert all(slot.tzinfo is UTC for slot in slots)


@pytest.mark.parametrize(
    "rule",
    [
        "", "  ", "9:00", "Mon", "Mon 25:00", "Mon 09:60", "Mon 9", "Funday 09:00", "周八 09:00", "周 09:00", "Mon-- 09:00",
        "Mon, 09:00", "0 9 * *", "0 9 * * * *", "60 9 * * *", "0 24 * * *", "0 9 0 * *", "0 9 32 * *", "0 9 * 13 *",
        "0 9 * * 8", "0 9 * * 5-8", "*/0 9 * * *", "0 9- * * *", "0 9/ * * *", "0 -9 * * *", "0 17-9 * * *", "0 9 1,, * *",
        "0 1_0 * * *", "0 +9 * * *", "0 ９ * * *", "@daily", "0 9 L * *", "a b c d e", "*/x 9 * * *",
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_with_what_to_write(rule: str) -> None:
    with pytest.raises(ConfigError) as caught:
        parse_rule(rule)
    assert f"“{rule}”" in str(caught.value)
    assert "Mon,Wed,Fri 09:00" in str(caught.value)
    assert "invalid literal" not in str(caught.value)


@pytest.mark.parametrize("rule", ["0 9 30 2 *", "0 9 31 4,6,9,11 *"])
def test_a_day_that_never_comes_is_refused(rule: str) -> None:
    with pytest.raises(ConfigError, match=r"（这样的日子不存在）。"):
        parse_rule(rule)


def numbers(low: int, high: int) -> st.SearchStrategy[str]:
    """One part of a field: a number, a range, a step."""
    number = st.integers(low, high)
    # croniter takes 0-0 for the whole range, which crontab(5) does not say.
    span = (
        st.tuples(number, number).filter(lambda pair: pair[0] != pair[1]).map(lambda pair: f"{min(pair)}-{max(pair)}")
    )
    step = st.integers(1, high)
    return st.one_of(number.map(str), span, st.builds("{}/{}".format, span, step), step.map("*/{}".format))


def a_field(low: int, high: int) -> st.SearchStrategy[str]:
    return st.one_of(
        st.just("*"), numbers(low, high), st.lists(numbers(low, high), min_size=2, max_size=3).map(",".join)
    )


EXPRESSIONS = st.tuples(a_field(0, 59), a_field(0, 23), a_field(1, 31), a_field(1, 12), a_field(0, 6)).map(" ".join)


def named(field: str, low: int, high: int) -> set[int]:
    """The values that a field names."""
    values: set[int] = set()
    for part in field.split(","):
        span, _, step = part.partition("/")
        first, _, last = (f"{low}-{high}" if span == "*" else span).partition("-")
        values.update(range(int(first), int(last or first) + 1, int(step or 1)))
    return values


@settings(max_examples=150, deadline=None)
@given(expression=EXPRESSIONS, minute=st.integers(0, 4 * 366 * 24 * 60))
def test_cron_means_what_another_reader_of_cron_understands(expression: str, minute: int) -> None:
    day, weekday = expression.split()[2], expression.split()[4]
    # croniter takes a field that names every value for "*". To crontab(5) it is one only where it begins with a star.
    assume(day.startswith("*") or len(named(day, 1, 31)) < 31)
    assume(weekday.startswith("*") or len(named(weekday, 0, 6)) < 7)
    start = datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=minute)
    other = croniter(expression, start, ret_type=datetime, implement_cron_bug=True, max_years_between_matches=9)
    try:
        ours = parse_timetable([expression]).slots(start, UTC)
    except ConfigError:
        with pytest.raises(Exception, match="failed to find next date"):
            next(other)
        return
    for slot in islice(ours, 5):
        assert slot == next(other)
