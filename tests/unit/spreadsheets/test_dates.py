"""Dates in lists: as dates, as texts of many spellings, as numbers of days in workbooks that count from 1900 and from 1904."""

from collections.abc import Callable
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import xlsxwriter
from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from xuanfa.documents.spreadsheets.headings import Heading
from xuanfa.documents.spreadsheets.reading import opened
from xuanfa.documents.spreadsheets.values import EPOCH_1900, CellProblem, when_in, whole_in

ZONE = ZoneInfo("Asia/Shanghai")
HEADINGS = (Heading("title", ("标题",), required=True), Heading("date", ("发布日期",), required=True))
DAY = date(2024, 5, 6)
NINE = datetime(2024, 5, 6, 9, 30, tzinfo=ZONE)


def wall(*parts: int) -> datetime:
    """What a clock shows, without its zone, as workbooks have it."""
    return datetime(*parts)  # type: ignore[arg-type]  # noqa: DTZ001


def dates(path: Path) -> list[Any]:
    with opened(path, HEADINGS) as table:
        return [row.when("date", ZONE) for row in table.rows()]


@pytest.mark.parametrize(
    "text",
    [
        *(
            "2024-05-06",
            "2024/5/6",
            "2024.5.6",
            "2024年5月6日",
            "2024 年 5 月 6 日",
            "２０２４－０５－０６",
            "20240506",
        ),
        *("2024年5月6日（星期一）", "2024-05-06 周一", " 2024-5-6\u200b", "45418"),
    ],
)
def test_a_day_in_words(text: str) -> None:
    assert when_in(text, ZONE, EPOCH_1900) == DAY


@pytest.mark.parametrize(
    "text",
    [
        *(
            "2024-05-06 09:30",
            "2024/5/6 9:30:00",
            "2024年5月6日 上午9点半",
            "2024.5.6 9：30",
            "2024-05-06T09:30:00+08:00",
        ),
        *("2024-05-06T01:30:00Z", "2024年5月6日（星期一）09:30", "45418.3958333333"),
    ],
)
def test_a_moment_in_words(text: str) -> None:
    assert when_in(text, ZONE, EPOCH_1900) == NINE


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("5月6日", "看不懂日期“5月6日”"),
        ("24/5/6", "看不懂日期"),
        ("05/06/2024", "看不懂日期"),
        ("2024-13-01", "不存在"),
        ("2024年2月30日", "没有 2024年2月30日"),
        ("1969-12-31", "只能写 1971 到 9998 年"),
        (wall(1899, 12, 31), "只能写 1971"),
        (wall(1969, 7, 20, 20, 17), "只能写 1971"),
        (18_100, "只能写 1971"),
        (12, "数字 12 不是日期"),
        (-1, "数字 -1 不是日期"),
        (202405, "数字 202405 不是日期"),
        (True, "不是日期"),
        (time(9, 30), "不是日期"),
    ],
)
def test_what_is_no_date_is_refused_in_a_sentence(cell: Any, words: str) -> None:
    with pytest.raises(CellProblem, match=words):
        when_in(cell, ZONE, EPOCH_1900)


def test_dates_of_a_workbook_that_counts_from_1904(tmp_path: Path) -> None:
    path = tmp_path / "mac.xlsx"
    with xlsxwriter.Workbook(str(path), {"date_1904": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["标题", "发布日期"])
        sheet.write_datetime(1, 1, wall(2024, 5, 6), book.add_format({"num_format": "yyyy-mm-dd"}))
        sheet.write_datetime(2, 1, wall(2024, 5, 6, 9, 30), book.add_format({"num_format": "yyyy-mm-dd hh:mm"}))
        sheet.write_number(3, 1, 45418 - 1462)  # the same day without a format: 1,462 days lie between both calendars
    assert dates(path) == [DAY, NINE, DAY]


def test_openpyxl_s_own_1904_and_numbers_of_days(tmp_path: Path) -> None:
    book = Workbook()
    book.epoch = CALENDAR_MAC_1904
    assert book.active is not None
    for row in (["标题", "发布日期"], ["甲", wall(2024, 5, 6, 9, 30)], ["乙", DAY], ["丙", 45418 - 1462]):
        book.active.append(row)
    book.save(tmp_path / "own.xlsx")
    assert dates(tmp_path / "own.xlsx") == [NINE, DAY, DAY]


@pytest.mark.parametrize(
    "code", ["yyyy/m/d;@", 'yyyy"年"m"月"d"日"', "[$-804]yyyy\\-mm\\-dd", "General", 31, 57, 14, 22]
)
def test_every_format_by_which_a_date_is_shown(tmp_path: Path, code: str | int, rewritten: Callable[..., Path]) -> None:
    path = tmp_path / "formats.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["标题", "发布日期"])
        sheet.write_number(1, 1, 45418.395833333336, book.add_format({"num_format": code}))
        sheet.write_number(2, 1, 45418, book.add_format({"num_format": code}))
        sheet.write_number(3, 0, 45418.5, book.add_format({"num_format": code}))
    assert dates(path) == [NINE, DAY, None]
    with opened(path, HEADINGS) as table:
        shown = [row.text("title") for row in table.rows()][-1]
    assert shown == ("45418.5" if code == "General" else "2024-05-06 12:00")


@pytest.mark.parametrize(
    ("cell", "number"),
    [(12, 12), (12.0, 12), ("12,000", 12000), (" 7 ", 7), ("-3", -3), (0, 0), (None, None), (" ", None)],
)
def test_whole_numbers(cell: Any, number: int | None) -> None:
    assert whole_in(cell) == number


@pytest.mark.parametrize("cell", ["1.2万", 1.5, True, "约300", DAY, "１２"])
def test_what_is_no_whole_number(cell: Any) -> None:
    with pytest.raises(CellProblem, match="不是整数"):
        whole_in(wall(2024, 5, 6) if cell == DAY else cell)
