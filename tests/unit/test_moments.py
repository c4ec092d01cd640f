"""Moments from outside: whatever is written, nothing comes of it that cannot be shown, compared and kept."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from xuanfa.domain.mark import Mark
from xuanfa.domain.moments import BEGIN, END, from_epoch, from_iso, from_mail, is_sound, life_of
from xuanfa.domain.receipt import Receipt, from_outside
from xuanfa.domain.times import TimeProblem, in_words, parse_time
from xuanfa.store.columns import microseconds

FARTHEST = (
    ZoneInfo("Pacific/Kiritimati"),
    ZoneInfo("Etc/GMT+12"),
    ZoneInfo("Africa/Monrovia"),
    ZoneInfo("Asia/Shanghai"),
)


@pytest.mark.parametrize("zone", FARTHEST, ids=str)
def test_every_zone_shows_what_is_let_in(zone: ZoneInfo) -> None:
    for moment in (BEGIN, END - timedelta(microseconds=1)):
        assert in_words(moment, zone)[:4] in {"1969", "1970", "9999"}
        assert microseconds(moment) >= 0


def test_an_offset_of_hours_and_minutes_is_shown_as_one() -> None:
    assert in_words(datetime(2026, 3, 2, tzinfo=UTC), ZoneInfo("Asia/Kathmandu")) == "2026-03-02 05:45 +05:45"
    assert in_words(datetime(1970, 1, 2, tzinfo=UTC), ZoneInfo("Africa/Monrovia")).endswith(" -00:44")


@pytest.mark.parametrize(
    "text",
    ["9999-12-31T23:59:59+00:00", "0001-01-01T00:00:00+00:00", "1969-12-31T23:59:59Z", "2026-01-01", "", "x", None],
)
def test_what_is_no_moment_is_none(text: object) -> None:
    assert from_iso(text) is None


def test_a_clock_of_a_zone_is_one_moment() -> None:
    assert from_iso("2026-01-01T08:00:00", ZoneInfo("Asia/Shanghai")) == datetime(2026, 1, 1, tzinfo=UTC)
    assert from_iso("0001-01-01T00:00:00", ZoneInfo("Asia/Shanghai")) is None


@pytest.mark.parametrize(
    "text",
    [
        "Fri, 31 Dec 99999999999999999999 23:59:59 GMT",
        "Fri, 31 Dec 9999 23:59:59 -2359",
        "Mon, 01 Jan 2026 00:00:00 +99999999999999",
        "Mon, 01 Jan 2026 00:00:00 -0000",
        "Mon, 01 Jan 1900 00:00:00 GMT",
        "",
    ],
)
def test_what_is_no_date_of_mail_is_none(text: str) -> None:
    assert from_mail(text) is None


@pytest.mark.parametrize("seconds", [10**20, 10**400, 253_402_300_800, 0, -1, True, "1", 1.5, None, float("inf")])
def test_what_is_no_time_of_a_machine_is_none(seconds: object) -> None:
    assert from_epoch(seconds) is None


def test_lives_end() -> None:
    assert life_of(10**30) == timedelta(days=3660)
    assert life_of(-5) == timedelta(0)
    assert life_of(7200) == timedelta(hours=2)


@pytest.mark.parametrize(
    "at",
    [datetime.max.replace(tzinfo=UTC), datetime.min.replace(tzinfo=UTC), datetime(2026, 1, 1)],  # noqa: DTZ001
)
def test_a_receipt_leaves_out_a_time_that_is_none_and_says_so(at: datetime) -> None:
    kept = from_outside(Receipt(remote_id="7", published_at=at, evidence="ok"))
    assert kept.published_at is None
    assert kept.remote_id == "7"
    assert "时间" in kept.evidence


@pytest.mark.parametrize("at", ["9999-12-31T23:59:59+00:00", "0001-01-01T00:00:00", "2026-01-01T00:00:00"])
def test_a_mark_counts_whatever_its_time(at: str) -> None:
    mark = Mark.from_line(f'{{"at":"{at}","database":"d","far":3,"sent":[[1,1,"p","c"]]}}'.encode())
    assert mark is not None
    assert mark.counts
    assert is_sound(mark.at)


@pytest.mark.parametrize(
    "text", ["1970-12-31 23:59", "9999-01-01 00:00", "0001-01-01 00:00", "9999-12-31 23:59:59-14:00"]
)
def test_people_write_years_that_every_zone_has(text: str) -> None:
    with pytest.raises(TimeProblem, match="1971 到 9998"):
        parse_time(text, UTC)


@pytest.mark.parametrize("text", ["1971-01-01 00:00+14:00", "9998-12-31 23:59-12:00"])
def test_what_people_may_write_is_sound(text: str) -> None:
    assert is_sound(parse_time(text, UTC))
