"""When pages are looked at: soon after they came out, nightly from then on, and soon again where something seems wrong."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from xuanfa.domain.looking import Looking, is_told
from xuanfa.domain.page_proof import PageState

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)  # nine in the morning
SAME, GONE = PageState.SAME, PageState.GONE


def following(
    state: PageState, times: int, *, age: timedelta = timedelta(0), number: int = 7, rule: Looking | None = None
) -> datetime | None:
    return (rule or Looking()).following(state, times, now=NOW, published_at=NOW - age, number=number, zone=ZONE)


def test_the_first_look_is_soon_and_of_what_is_old_in_a_night() -> None:
    assert Looking().first(NOW, NOW, 1, ZONE) == NOW + timedelta(minutes=2)
    assert Looking().first(NOW, NOW - timedelta(hours=3), 1, ZONE) == NOW
    old = Looking().first(NOW, NOW - timedelta(days=400), 1, ZONE)
    assert old is not None
    assert time(2) <= old.astimezone(ZONE).time() < time(5)


@pytest.mark.parametrize("number", [1, 2, 77, 10_001])
def test_what_is_well_is_looked_at_every_night_and_what_is_old_every_thirtieth(number: int) -> None:
    night = following(SAME, 1, number=number)
    assert night is not None
    assert timedelta(hours=17) <= night - NOW < timedelta(hours=20)
    old = following(SAME, 1, age=timedelta(days=200), number=number)
    assert old is not None
    assert old - night == timedelta(days=number % 30)


def test_what_seems_wrong_is_looked_at_again_before_anybody_is_told_and_hourly_then() -> None:
    assert following(GONE, 1) == NOW + timedelta(minutes=10)
    assert following(GONE, 2) == NOW + timedelta(hours=1)
    assert following(PageState.UNREACHED, 3) == NOW + timedelta(minutes=10)
    assert following(GONE, 24) == following(SAME, 1)
    assert [is_told(GONE, times) for times in (1, 2)] == [False, True]
    assert [is_told(PageState.UNREACHED, times) for times in (3, 4)] == [False, True]
    assert not any(is_told(state, 99) for state in (SAME, PageState.UNSEEN))


def test_without_nights_nothing_that_is_well_is_looked_at_again() -> None:
    rule = Looking(nightly=None)
    assert following(SAME, 1, rule=rule) is None
    assert following(GONE, 1, rule=rule) == NOW + timedelta(minutes=10)
