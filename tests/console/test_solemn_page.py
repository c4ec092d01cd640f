"""The page of solemn periods: set at once by a leader, told on the desk and in the calendar, and ended there."""

from typing import Any

from tests.console.test_shelf_page import Sit
from xuanfa.operations.desk import Desk
from xuanfa.reports.solemn import every_period


def test_a_leader_sets_one_and_ends_it(somebody: Sit, desk: Desk) -> None:
    one = somebody("zhao")
    one.go("/stop")
    one.go("/solemn")
    day = f"{desk.clock().astimezone(desk.zone):%Y-%m-%d}"
    assert "请写明肃穆的事由" in one.press("现在生效", ends_day=day, why=" ")
    assert "请填从何时到何时" in one.press("现在生效", ends_day="", why="国家公祭日")
    one.press("现在生效", ends_day=day, why="国家公祭日")
    assert "设好了" in one.page.text
    (period,) = every_period(desk.store)
    assert (period.reason, period.actor, period.holds(desk.clock())) == ("国家公祭日", "zhao", True)
    assert "正在肃穆期" in one.go("/")
    assert "肃穆：国家公祭日" in one.go("/calendar")
    one.go("/solemn")
    one.press("提前结束")
    assert "不会自己补发" in one.page.text
    assert not every_period(desk.store)[0].holds(desk.clock())


def test_who_only_publishes_may_look_and_not_set(somebody: Any, desk: Desk) -> None:
    one = somebody("zhou")
    one.go("/solemn")
    day = f"{desk.clock().astimezone(desk.zone):%Y-%m-%d}"
    one.press("现在生效", ends_day=day, why="国家公祭日")
    assert every_period(desk.store) == []
