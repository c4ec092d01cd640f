"""``xuanfa workdays`` from outside."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from xuanfa.operations.working_days import known

#: The plan of a year that nobody has published: eleven days off, two weekends worked.
PLAN = [
    *((date(2031, 1, 22) + timedelta(days=number), "休", "春节") for number in range(8)),
    *((date(2031, 10, 1) + timedelta(days=number), "放假", "国庆节") for number in range(3)),
    (date(2031, 1, 19), "班", "春节"),
    (date(2031, 9, 28), "调休上班", ""),
]


def as_csv(
    path: Path, rows: list[tuple[Any, ...]] = PLAN, head: str = "日期,类型,名称", encoding: str = "utf-8-sig"
) -> Path:
    lines = [head, *(",".join(map(str, row)) for row in rows)]
    path.write_text("\r\n".join(lines) + "\r\n", encoding=encoding)
    return path


def as_xlsx(path: Path, rows: list[tuple[Any, ...]] = PLAN) -> Path:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["2031 年放假安排"])
    sheet.append(["日期", "类型", "名称"])
    for row in rows:
        sheet.append(row)
    book.save(path)
    return path


def as_gbk(path: Path) -> Path:
    written = [(f"{day.year}年{day.month}月{day.day}日", kind, name) for day, kind, name in PLAN]
    return as_csv(path, written, encoding="gb18030")


def test_a_year_that_is_known_is_listed(xuanfa: Any) -> None:
    ran = xuanfa("workdays", "show", "2026")
    assert ran.code == 0
    assert "2026-10-01  周四  休    国庆节  国务院办公厅通知（程序自带）" in ran.out
    assert "2026-10-10  周六  班    国庆节  国务院办公厅通知（程序自带）" in ran.out
    assert "还没有导入" not in ran.out
    known = xuanfa("workdays", "show", "2026", "--json").json
    assert (known["year"], known["known"], len(known["days"])) == (2026, True, 39)
    assert {"day": "2026-02-14", "kind": "worked", "name": "春节", "origin": "chinesecalendar"} in known["days"]


def test_of_a_year_nobody_knows_it_says_what_is_done_instead(xuanfa: Any) -> None:
    ran = xuanfa("workdays", "show", "2031")
    assert (ran.code, "2031 年的放假调休安排还没有导入，暂按周一至周五算工作日" in ran.out) == (0, True)
    assert xuanfa("workdays", "show", "2031", "--json").json == {"year": 2031, "known": False, "days": []}


def test_days_of_the_settings_say_so(xuanfa: Any, workspace: Any) -> None:
    settings = workspace / "xuanfa.toml"
    words = '[review]\ndays_off = ["2031-05-04"]\ndays_worked = ["2031-05-03"]\n'
    settings.write_text(f"{settings.read_text(encoding='utf-8')}\n{words}", encoding="utf-8")
    assert [
        (each["day"], each["kind"], each["origin"])
        for each in xuanfa("workdays", "show", "2031", "--json").json["days"]
    ] == [
        ("2031-05-03", "worked", "xuanfa.toml"),
        ("2031-05-04", "off", "xuanfa.toml"),
    ]


@pytest.mark.parametrize("year", ["1999", "2101", "明年", "26"])
def test_no_such_year(xuanfa: Any, year: str) -> None:
    assert xuanfa("workdays", "show", year).code == 2


@pytest.mark.parametrize(("write", "name"), [(as_csv, "2031.csv"), (as_xlsx, "2031.xlsx"), (as_gbk, "放假.csv")])
def test_a_plan_is_brought_in(xuanfa: Any, tmp_path: Path, write: Callable[[Path], Path], name: str) -> None:
    file = write(tmp_path / name)
    dry = xuanfa("workdays", "import", file, "--dry-run")
    assert f"试导入，没有写入。{name}：2031 年休 11 天、班 2 天。和原来算法不同的有 11 天。" in dry.out
    assert not xuanfa("workdays", "show", "2031", "--json").json["known"]
    ran = xuanfa("workdays", "import", file, "--why", "通知已公布")
    assert (ran.code, ran.err) == (0, "")
    assert f"已导入。{name}：2031 年休 11 天、班 2 天。" in ran.out
    shown = xuanfa("workdays", "show", "2031", "--json").json
    assert (shown["known"], len(shown["days"])) == (True, 13)
    assert {"day": "2031-01-19", "kind": "worked", "name": "春节", "origin": name} in shown["days"]
    assert f"导入放假安排    {name}：2031 年休 11 天、班 2 天：通知已公布" in xuanfa("audit", "show").out
    again = xuanfa("workdays", "import", file, "--json").json
    assert (again["changed"], len(again["days"])) == ([], 13)


def test_one_day_more_is_no_plan_and_can_be_taken_back(xuanfa: Any, tmp_path: Path) -> None:
    ran = xuanfa(
        "workdays", "import", as_csv(tmp_path / "a.csv", [("2031-05-04", "休", "院庆"), ("2026-10-07", "班", "值班")])
    )
    assert ran.code == 0
    assert "2031 年导入的休息日太少，还不算一年的安排" in ran.err
    assert ("2026-10-07  周三  班    值班    a.csv" in xuanfa("workdays", "show", "2026").out) is True
    xuanfa("workdays", "import", as_csv(tmp_path / "b.csv", [("2031-05-04", "正常", ""), ("2026-10-07", "清除", "")]))
    assert xuanfa("workdays", "show", "2031", "--json").json["days"] == []
    assert "2026-10-07  周三  休    国庆节" in xuanfa("workdays", "show", "2026").out


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([("2031-01-01", "休", ""), ("2031-13-01", "休", "")], ["第 3 行“日期”："]),
        ([("昨天", "休", "")], ["第 2 行“日期”："]),
        ([("", "休", "")], ["第 2 行“日期”：没有写日期。"]),
        ([("1931-01-01", "休", "")], ["第 2 行“日期”："]),
        ([("2031-01-01", "", "")], ["第 2 行“类型”：没有写类型，请写休或班。"]),
        ([("2031-01-01", "调休", "")], ["第 2 行“类型”：“调休”看不懂，请写休或班。"]),
        (
            [("2031-01-01", "休", ""), ("2031-01-01", "班", "")],
            ["第 3 行“类型”：和第 2 行写的不一样，同一天只能有一种。"],
        ),
        ([("2031-01-01", "x", ""), ("x", "休", "")], ["2 处不对，没有导入任何一行", "第 2 行“类型”", "第 3 行“日期”"]),
        ([], ["表里一天也没有"]),
    ],
)
def test_what_cannot_be_a_plan_is_told_by_row_and_heading(
    xuanfa: Any, tmp_path: Path, rows: list[tuple[Any, ...]], said: list[str]
) -> None:
    ran = xuanfa("workdays", "import", as_csv(tmp_path / "a.csv", rows))
    assert ran.code == 1
    assert [words for words in said if words not in ran.err] == []
    assert xuanfa("workdays", "show", "2031", "--json").json["days"] == []


@pytest.mark.parametrize(("head", "name"), [("日期,名称", "a.csv"), ("标题,正文", "a.csv"), ("日期,类型", "a.pdf")])
def test_what_is_no_list_is_refused(xuanfa: Any, tmp_path: Path, head: str, name: str) -> None:
    ran = xuanfa("workdays", "import", as_csv(tmp_path / name, head=head))
    assert (ran.code, "Traceback" in ran.err) == (1, False)
    assert xuanfa("workdays", "import", tmp_path / "nowhere.csv").code == 1


def test_the_same_day_twice_is_one(xuanfa: Any, tmp_path: Path) -> None:
    rows = [("2031-01-01", "休", "元旦"), ("2031/1/1", "放假", "")]
    ran = xuanfa("workdays", "import", as_csv(tmp_path / "a.csv", rows), "--json")
    assert [each["day"] for each in ran.json["days"]] == ["2031-01-01"]


def test_a_year_nobody_knows_is_told_by_doctor_and_alarm_until_it_is_brought_in(
    xuanfa: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(known, "published", dict)
    year = datetime.now(UTC).year
    step = "国务院办公厅的通知公布后，把日期和休、班列成表格导入（xuanfa workdays import 文件）"
    words = f"{year} 年的放假调休安排还没有导入，暂按周一至周五算工作日：{step}"
    ran = xuanfa("alarms")
    assert (ran.code, words in ran.out, f"xuanfa workdays show {year}" in ran.out) == (1, True, True)
    assert f"! 放假调休安排：{words}" in xuanfa("doctor").out
    for each in (year, year + 1):
        rows = [(day.replace(year=each), kind, name) for day, kind, name in PLAN]
        assert xuanfa("workdays", "import", as_csv(tmp_path / f"{each}.csv", rows)).code == 0
    assert xuanfa("alarms").code == 0
    assert "✓ 放假调休安排" in xuanfa("doctor").out
