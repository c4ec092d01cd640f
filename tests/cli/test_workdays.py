"""``xuanfa workdays`` from outside."""

from typing import Any

import pytest


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
