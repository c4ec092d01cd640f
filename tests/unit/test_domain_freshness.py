"""How long is too long: levels, cycles of days and months, the day on which it is over, gaps in what is scheduled."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xuanfa.domain.freshness import Cycle, Fresh, Level, Limits, Watched, parse_cycle, standing, worst_first

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 30, 4, 0, tzinfo=UTC)  # noon in Shanghai


def found(days: int | None, *planned: int, kind: str = "channel", watched: Watched | None = None) -> Fresh:
    """One whose last post is so many days old, with posts scheduled so many days from now."""
    return standing(
        watched or Watched(),
        kind,  # type: ignore[arg-type]
        "a",
        "甲",
        last=None if days is None else NOW - timedelta(days=days),
        planned=[NOW + timedelta(days=n) for n in planned],
        now=NOW,
        zone=ZONE,
    )


@pytest.mark.parametrize(
    ("days", "level"),
    [(0, "green"), (6, "green"), (7, "amber"), (10, "amber"), (11, "red"), (13, "red"), (14, "black"), (900, "black")],
)
def test_an_account_is_judged_by_its_days(days: int, level: str) -> None:
    each = found(days)
    assert (each.level, each.days, each.span) == (level, days, 14)
    assert each.stale_on == date(2026, 11, 30) + timedelta(days=14 - days)


def test_days_are_those_of_the_calendar_in_the_zone() -> None:
    late = datetime(2026, 11, 28, 15, 59, tzinfo=UTC)  # 23:59 in Shanghai
    early = late + timedelta(minutes=1)
    for last, days in ((late, 2), (early, 1)):
        each = standing(Watched(), "channel", "a", "甲", last=last, planned=[], now=NOW, zone=ZONE)
        assert each.days == days


def test_what_never_had_a_post_is_empty_and_has_a_day_only_where_something_is_scheduled() -> None:
    assert (found(None).level, found(None).stale_on, found(None).days) == (Level.EMPTY, None, None)
    assert found(None, 5).stale_on == date(2026, 12, 19)
    assert found(None, 5).level is Level.EMPTY
    assert not found(None, 5).fades(date(2027, 1, 1))


def test_the_forecast_counts_from_the_last_that_is_scheduled_and_a_gap_before_it_is_seen() -> None:
    each = found(3, 2, 8)
    assert (each.stale_on, each.breaks_on) == (date(2026, 12, 22), date(2026, 12, 22))
    gap = found(10, 20)
    assert (gap.stale_on, gap.breaks_on) == (date(2027, 1, 3), date(2026, 12, 4))
    assert gap.fades(date(2026, 12, 1))
    assert not gap.fades(date(2026, 11, 30))
    just = found(0, 14)
    assert just.breaks_on == date(2026, 12, 28)


@pytest.mark.parametrize(
    ("text", "cycle"),
    [
        ("14", Cycle(days=14)),
        ("10天", Cycle(days=10)),
        ("2周", Cycle(days=14)),
        ("２ 个星期", Cycle(days=14)),
        ("2 weeks", Cycle(days=14)),
        ("6个月", Cycle(months=6)),
        ("6 months", Cycle(months=6)),
        ("1m", Cycle(months=1)),
    ],
)
def test_cycles_as_people_write_them(text: str, cycle: Cycle) -> None:
    assert parse_cycle(text) == cycle


@pytest.mark.parametrize("text", ["", "两周", "0", "-1", "6 years", "3651", "121个月", "1.5 months", "soon"])
def test_what_is_no_cycle(text: str) -> None:
    with pytest.raises(ValueError, match="no cycle"):
        parse_cycle(text)


def test_months_are_those_of_the_calendar() -> None:
    assert Cycle(months=6).after(date(2026, 8, 31)) == date(2027, 2, 28)
    assert Cycle(months=1).after(date(2027, 12, 31)) == date(2028, 1, 31)


def test_a_column_is_judged_in_proportion_to_its_cycle_and_never_warned_of_more_than_two_weeks_before() -> None:
    assert Limits().of(Cycle(days=14), date(2026, 11, 1)) == Limits(amber=7, red=11, stale=14)
    assert Limits().of(Cycle(days=10), date(2026, 11, 1)) == Limits(amber=5, red=8, stale=10)
    assert Limits().of(Cycle(months=6), date(2026, 11, 30)) == Limits(amber=151, red=167, stale=181)
    watched = Watched(cycles={"a": Cycle(months=6)})
    assert found(100, kind="column", watched=watched).level is Level.GREEN
    assert found(100, kind="channel", watched=watched).level is Level.BLACK


@given(st.integers(0, 400), st.lists(st.integers(0, 400), max_size=6), st.integers(1, 200))
def test_it_breaks_no_later_than_it_is_stale_and_every_break_is_a_cycle_without_a_post(
    days: int, planned: list[int], span: int
) -> None:
    watched = Watched(cycle=Cycle(days=span))
    each = found(days, *sorted(planned), kind="column", watched=watched)
    posts = sorted([-days, *planned])
    today = date(2026, 11, 30)
    assert each.breaks_on is not None
    assert each.stale_on is not None
    assert each.breaks_on <= each.stale_on == today + timedelta(days=posts[-1] + span)
    at = (each.breaks_on - today).days
    assert at - span in posts
    assert not any(at - span < post < at for post in posts)
    assert (each.level is Level.BLACK) is (days >= span)


def test_the_worst_is_first() -> None:
    order = [Level.BLACK, Level.EMPTY, Level.RED, Level.AMBER, Level.GREEN]
    assert [each.level for each in worst_first([found(0), found(12), found(None), found(20), found(8)])] == order
