"""Pace: no window ever holds more than its limit, and nobody waits longer than needed."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xuanfa.domain.pacing import Limit, free_at, longest, parse_limit, room

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def ago(*seconds: float) -> list[datetime]:
    return [NOW - timedelta(seconds=number) for number in seconds]


@pytest.mark.parametrize(
    ("limits", "spent", "left"),
    [
        ([], ago(1, 2, 3), None),
        ([Limit(20, MINUTE)], [], 20),
        ([Limit(3, MINUTE)], ago(1, 59), 1),
        ([Limit(3, MINUTE)], ago(1, 60), 2),  # a minute later it is forgotten
        ([Limit(3, MINUTE)], ago(1, 2, 3, 4), 0),
        ([Limit(3, MINUTE), Limit(4, timedelta(hours=1))], ago(100, 200, 300), 1),
    ],
)
def test_room_is_what_the_tightest_limit_leaves(limits: list[Limit], spent: list[datetime], left: int | None) -> None:
    assert room(limits, spent, NOW) == left


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("20/minute", Limit(20, MINUTE)),
        (" 5 / second ", Limit(5, timedelta(seconds=1))),
        ("30/小时", Limit(30, timedelta(hours=1))),
        ("100/天", Limit(100, timedelta(days=1))),
        ("4/month", Limit(4, timedelta(days=31))),
    ],
)
def test_a_limit_is_written_as_a_number_and_a_unit(text: str, limit: Limit) -> None:
    assert parse_limit(text) == limit


@pytest.mark.parametrize("text", ["", "20", "0/minute", "-1/day", "20/fortnight", "20 per minute", "1.5/hour"])
def test_what_is_no_limit_is_told_with_an_example(text: str) -> None:
    with pytest.raises(ValueError, match="20/分钟"):
        parse_limit(text)


def test_the_next_place_is_free_when_the_oldest_that_counts_is_forgotten() -> None:
    assert free_at([Limit(3, MINUTE)], ago(50, 40, 30), NOW) == NOW + timedelta(seconds=10)
    assert free_at([Limit(3, MINUTE)], ago(50, 40), NOW) == NOW
    assert free_at([], ago(1), NOW) == NOW
    assert free_at([Limit(3, MINUTE)], ago(50, 40, 30, 20), NOW) == NOW + timedelta(seconds=20)


def test_the_longest_window_says_what_may_be_forgotten() -> None:
    assert longest([]) == timedelta(0)
    assert longest([Limit(1, MINUTE), Limit(100, timedelta(hours=1)), Limit(5, timedelta(seconds=1))]) == timedelta(
        hours=1
    )


LIMITS = st.lists(
    st.builds(Limit, st.integers(1, 5), st.integers(1, 120).map(lambda n: timedelta(seconds=n))), min_size=1, max_size=3
)


@settings(max_examples=60, deadline=None)
@given(limits=LIMITS, wanted=st.lists(st.integers(0, 3), min_size=1, max_size=30))
def test_no_window_ever_holds_more_than_its_limit(limits: list[Limit], wanted: list[int]) -> None:
    """Spend what there is room for, then wait exactly until ``free_at``."""
    now, spent = NOW, []
    for want in wanted:
        allowed = room(limits, spent, now)
        assert allowed is not None
        spent += [now] * min(want, allowed)
        for limit in limits:
            assert sum(at > now - limit.per for at in spent) <= limit.count
        freed = free_at(limits, spent, now)
        assert room(limits, spent, freed)
        if freed > now:
            assert room(limits, spent, freed - timedelta(microseconds=1)) == 0
        now = freed + timedelta(seconds=1)
