"""``[[silent]]``: dates and times as people write them, always with an end, and mistakes with their line."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from xuanfa.domain.errors import ConfigError
from xuanfa.settings import load

PLACES = '[channels.site]\nadapter = "site"\n[columns.action]\ntitle = "甲"\n'


def loaded(folder: Path, text: str, before: str = PLACES) -> list[tuple[datetime, datetime]]:
    (folder / "xuanfa.toml").write_text(f"{before}{text}", encoding="utf-8")
    return [(each.begins.astimezone(UTC), each.ends.astimezone(UTC)) for each in load(folder, {}).silences]


def utc(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 12, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("begins", "until", "period"),
    [
        ("2026-12-13", "2026-12-13", (utc(12, 16), utc(13, 16))),
        ('"2026年12月13日"', '"2026/12/14"', (utc(12, 16), utc(14, 16))),
        ("2026-12-13T10:00:00", '"2026-12-13 10:30"', (utc(13, 2), utc(13, 2, 30))),
        ("2026-12-13T10:00:00+01:00", "2026-12-14T00:00:00Z", (utc(13, 9), utc(14, 0))),
    ],
)
def test_dates_are_whole_days_of_the_zone_and_times_are_moments(
    tmp_path: Path, begins: str, until: str, period: tuple[datetime, datetime]
) -> None:
    assert loaded(tmp_path, f'[[silent]]\nfrom = {begins}\nuntil = {until}\nreason = "国家公祭日"\n') == [period]


def test_a_day_that_the_clocks_change_on_is_as_long_as_it_is(tmp_path: Path) -> None:
    text = '[[silent]]\nfrom = 2026-03-29\nuntil = 2026-03-29\nreason = "x"\n'
    ((begins, ends),) = loaded(tmp_path, text, 'timezone = "Europe/Berlin"\n')
    assert (ends - begins).total_seconds() == 23 * 3600


def test_one_period_may_be_a_plain_table(tmp_path: Path) -> None:
    assert len(loaded(tmp_path, '[silent]\nfrom = 2026-12-13\nuntil = 2026-12-13\nreason = "x"\n')) == 1


@pytest.mark.parametrize(
    ("text", "line", "part"),
    [
        ("from = 2026-12-13\nuntil = 2026-12-12\nreason = 'x'", 11, "silent.1.until 早于或等于 from"),
        ("from = 2026-12-13T10:00:00\nuntil = 2026-12-13T10:00:00\nreason = 'x'", 11, "早于或等于 from"),
        ("from = 2026-12-13\nreason = 'x'", 9, "silent.1.until 没有写"),
        ("from = 2026-12-13\nuntil = 2026-12-13\nreason = ''", 12, "silent.1.reason 不能为空"),
        ("from = '12月13日'\nuntil = 2026-12-13\nreason = 'x'", 10, "silent.1.from 应为日期或时间"),
        ("from = 10:00:00\nuntil = 2026-12-13\nreason = 'x'", 10, "silent.1.from 应为日期或时间"),
        ("from = '2026-13-13'\nuntil = 2026-12-13\nreason = 'x'", 10, "silent.1.from 应为日期或时间"),
        ("from = 20261213\nuntil = 2026-12-13\nreason = 'x'", 10, "silent.1.from 应为日期或时间"),
        ("from = 2026-12-13\nuntil = 2026-12-13\nreason = 'x'\nchannels = ['sit']", 13, "是否想写 site"),
        ("from = 2026-12-13\nuntil = 2026-12-13\nreason = 'x'\ncolumns = ['acton']", 13, "是否想写 action"),
        ("frm = 2026-12-13\nuntil = 2026-12-13\nreason = 'x'", 10, "是否想写 from"),
    ],
)
def test_a_mistake_is_named_with_its_line_in_its_own_table(tmp_path: Path, text: str, line: int, part: str) -> None:
    first = "[[silent]]\nfrom = 2026-01-01\nuntil = 2026-01-02\nreason = 'x'\n"
    with pytest.raises(ConfigError) as caught:
        loaded(tmp_path, f"{first}[[silent]]\n{text}\n")
    assert any(f"xuanfa.toml:{line}：" in said and part in said for said in str(caught.value).splitlines()), (
        caught.value
    )


def test_an_hour_that_the_zone_skips_is_no_beginning(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="没有这个钟点"):
        loaded(
            tmp_path,
            '[[silent]]\nfrom = "2026-03-29 02:30"\nuntil = 2026-04-01\nreason = "x"\n',
            'timezone = "Europe/Berlin"\n',
        )
