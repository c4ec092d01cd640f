"""排期 · 批量: a dry run row by row that changes nothing, faults by row and heading, and all of it or nothing."""

from collections.abc import Callable
from datetime import timedelta
from html import unescape

from tests.conftest import Clock, Workspace
from tests.support.browsing import Somebody
from tests.support.decisions import cancel
from tests.support.reviewed_office import by
from xuanfa.operations.desk import Desk
from xuanfa.operations.intake.queue import queue
from xuanfa.reports.listing import list_deliveries

Sit = Callable[[str], Somebody]


def at(desk: Desk, clock: Clock, days: int) -> str:
    return f"{clock().astimezone(desk.zone) + timedelta(days=days):%Y-%m-%d} 10:00"


def laid(workspace: Workspace, desk: Desk, clock: Clock) -> None:
    for number, slug in enumerate(("one", "two"), start=1):
        workspace.post(slug, f"{slug}的正文，各不相同。", publish_at=at(desk, clock, number))
    queue(desk)


def look(one: Somebody, text: str, **typed: str) -> str:
    one.go("/calendar/import")
    return unescape(one.press("先试一遍", pasted=text, **typed))


def times(desk: Desk) -> list[str]:
    return [f"{row.due_at.astimezone(desk.zone):%Y-%m-%d %H:%M}" for row in list_deliveries(desk.store)]


def test_it_is_tried_then_done_as_a_whole(somebody: Sit, workspace: Workspace, desk: Desk, clock: Clock) -> None:
    laid(workspace, desk, clock)
    before = times(desk)
    one = somebody("zhou")
    rows = f"稿件\t标题\t栏目\t发布时间\none\t\t\t{at(desk, clock, 5)}\n\t法官下乡\taction\t{at(desk, clock, 6)}\n"
    text = look(one, rows)
    for words in ("1 条投递", "1 篇", "还没有改动", "法官下乡", "“one”"):
        assert words in text, words
    assert times(desk) == before
    form = one.form("照这样排")
    text = unescape(one.send(form, why="月度安排"))
    assert "排好了：改了 1 篇的 1 条投递，新建 1 篇" in text
    assert at(desk, clock, 5) in times(desk)
    assert len(list((workspace.folder / "posts").rglob("*.md"))) == 3
    # Pressed twice, it is done once.
    assert "排好了：改了 1 篇的 1 条投递，新建 1 篇" in unescape(one.send(form, why="月度安排"))
    assert len(list((workspace.folder / "posts").rglob("*.md"))) == 3


def test_one_wrong_row_keeps_all_back_and_is_named(
    somebody: Sit, workspace: Workspace, desk: Desk, clock: Clock
) -> None:
    laid(workspace, desk, clock)
    before = times(desk)
    one = somebody("zhou")
    text = look(one, f"稿件\t发布时间\none\t{at(desk, clock, 5)}\nthree\t{at(desk, clock, 6)}\ntwo\t2020-01-01 10:00\n")
    assert "有 2 处不对，改好以前一行也不会" in text
    assert "第 3 行" in text
    assert "第 4 行" in text
    assert "照这样排" not in text
    assert times(desk) == before


def test_what_became_wrong_since_the_dry_run_is_said_and_nothing_is_done(
    somebody: Sit, workspace: Workspace, desk: Desk, clock: Clock
) -> None:
    laid(workspace, desk, clock)
    one = somebody("zhou")
    look(one, f"稿件\t发布时间\none\t{at(desk, clock, 5)}\ntwo\t{at(desk, clock, 6)}\n")
    form = one.form("照这样排")
    cancel(desk, 2, by("zhou", "不发了"))
    before = times(desk)
    text = unescape(one.send(form))
    assert "第 3 行" in text
    assert "没有在等发布的投递" in text
    assert times(desk) == before


def test_headings_are_matched_by_hand_and_a_list_without_a_time_says_so(
    somebody: Sit, workspace: Workspace, desk: Desk, clock: Clock
) -> None:
    laid(workspace, desk, clock)
    one = somebody("zhou")
    text = look(one, f"编号\t几号\none\t{at(desk, clock, 5)}\n")
    assert "发布时间" in text
    text = unescape(one.press("再试一遍", **{"map.post": "编号", "map.at": "几号"}))
    assert "1 条投递" in text
    one.press("照这样排")
    assert at(desk, clock, 5) in times(desk)


def test_who_may_send_nothing_finds_no_such_page(somebody: Sit) -> None:
    one = somebody("wang")
    assert "批量排期" not in one.go("/calendar")
    one.go("/calendar/import")
    assert one.page.status_code in {403, 404}
