"""排期: each day shows what goes out, an address that names no time is refused, and what is restricted shows nothing of itself."""

import html
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa

from tests.conftest import Workspace
from tests.support.browsing import Somebody
from tests.support.stocked import put, stocked
from xuanfa.console.pages import desk as desk_page
from xuanfa.domain.delivery import State
from xuanfa.operations.desk import Desk

Sit = Callable[[str], Somebody]


@pytest.mark.parametrize(
    "span", ["2026-03", "2026-W10", "list", "list?since=2026-03-01", "list?since=x", "2026-03?column=action"]
)
def test_a_post_stands_in_its_time(span: str, somebody: Sit, workspace: Workspace, desk: Desk) -> None:
    it = stocked(workspace, desk, "one")
    one = somebody("zhou")
    text = one.go(f"/calendar/{span}")
    assert ("“one”" in text, "改时间" in text, f"/deliveries/{it.id}/time" in text) == (True, True, True)
    assert "“one”" not in one.go("/calendar/2026-05")


@pytest.mark.parametrize(
    "span", ["2026-13", "2026-00", "1999-01", "9999-12", "2026-W54", "2026-W00", "x", "2026", "0000-W01"]
)
def test_no_such_time(span: str, somebody: Sit) -> None:
    assert somebody("zhou").client.get(f"/calendar/{span}").status_code == 404


def test_a_month_asks_the_database_no_more_than_a_week(somebody: Sit, workspace: Workspace, desk: Desk) -> None:
    stocked(workspace, desk, "one")
    one, asked = somebody("zhou"), list[str]()
    sa.event.listen(desk.store.engine, "before_cursor_execute", lambda _c, _k, statement, *_: asked.append(statement))
    counted = []
    for span in ("2026-W10", "2026-03"):
        one.go(f"/calendar/{span}")  # what is asked now and then only has been asked
        asked.clear()
        one.go(f"/calendar/{span}")
        counted.append(len(asked))
    assert counted[1] <= counted[0], asked


def test_the_desk_shows_the_next_of_a_full_day_and_counts_the_rest(
    somebody: Sit, workspace: Workspace, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk_page, "_BOARD", 3)
    today = desk.clock()
    for hour, (slug, state) in enumerate(
        (
            ("p1", State.PUBLISHED),
            ("p2", State.PUBLISHED),
            ("p3", State.SCHEDULED),
            ("p4", State.HELD),
            ("p5", State.CANCELLED),
        )
    ):
        stocked(workspace, desk, slug, state, due_at=today + timedelta(minutes=hour))
    page = somebody("zhou").go("/")
    board = page[page.index('id="h-today"') : page.index("</table>")]
    shown = [slug for slug in ("p1", "p2", "p3", "p4", "p5") if f"“{slug}”" in board]
    assert shown == ["p3", "p4", "p5"]
    assert ("5 篇 5 条" in page, "今天还有 2 篇" in page) == (True, True)


def test_more_than_a_day_shows_are_counted(somebody: Sit, workspace: Workspace, desk: Desk) -> None:
    for n in range(7):
        stocked(workspace, desk, f"p{n}")
    text = somebody("zhou").go("/calendar/2026-03")
    assert "还有 3 篇" in text


def test_a_very_full_day_leads_from_the_phone_to_the_list(somebody: Sit, workspace: Workspace, desk: Desk) -> None:
    """A phone's day has thirty lines, and says how many more the list has, which has them all."""
    for n in range(32):
        stocked(workspace, desk, f"p{n:02}")
    one = somebody("zhou")
    text = one.go("/calendar/2026-03?column=action")
    lines = text[text.index('<div class="agenda">') :]
    assert ("“p29”" in lines, "“p30”" in lines) == (True, False)
    link = re.search(r'<a href="([^"]+)">还有 2 篇</a>', lines)
    assert link is not None
    assert all(f"“p{n:02}”" in one.go(html.unescape(link[1])) for n in (0, 31))


def test_whoever_may_not_send_moves_nothing(somebody: Sit, workspace: Workspace, desk: Desk) -> None:
    it = stocked(workspace, desk, "one")
    one = somebody("shen")
    assert ("“one”" in one.go("/calendar/2026-03"), "改时间" in one.page.text) == (True, False)
    assert one.client.get(f"/deliveries/{it.id}/time").status_code == 403


def test_the_way_back_leads_to_the_calendar_and_nowhere_else(somebody: Sit, workspace: Workspace, desk: Desk) -> None:
    it = stocked(workspace, desk, "one")
    one = somebody("zhou")
    for then, path in (
        ("/calendar/2026-03", "/calendar/2026-03"),
        ("//evil.example", f"/deliveries/{it.id}"),
        ("https://evil.example", f"/deliveries/{it.id}"),
        ("/calendar/../settings//x", f"/deliveries/{it.id}"),
    ):
        one.page = one.client.get(f"/deliveries/{it.id}/time", params={"then": then})
        one.press("改时间", date="2026-03-06", time="10:30", then=then)
        assert one.page.url.path == path


def test_the_desk_says_what_waits_and_for_whom(somebody: Sit, workspace: Workspace, desk: Desk) -> None:
    doubt = stocked(workspace, desk, "doubtful", State.UNKNOWN, attempt=1, reason="没有回音")
    stocked(workspace, desk, "failed", State.FAILED, reason="令牌过期")
    held = stocked(workspace, desk, "late", State.HELD, reason="错过了")
    text = somebody("zhou").go("/")
    order = [text.index(words) for words in ("“doubtful” →", "“failed” →", "“late” →")]
    assert order == sorted(order)
    assert f"/deliveries/{doubt.id}/doubt" in text
    assert "“doubtful” →" not in somebody("wang").go("/")
    put(desk, held.id, State.CANCELLED)
    assert "“late” →" not in somebody("zhou").go("/")


def test_withdrawing_asks_who_it_is_and_why(somebody: Sit, workspace: Workspace, desk: Desk) -> None:
    stocked(workspace, desk, "one", State.ACCEPTED, attempt=1)
    one = somebody("zhou")
    text = one.go("/posts/one/withdraw")
    assert ("撤下这 1 条" in text, one.client.get("/posts/none/withdraw").status_code) == (True, 404)
    assert "原因" in one.press("撤下这 1 条", why="")
    one.go("/posts/one/withdraw")
    assert "还没有撤完" in one.press("撤下这 1 条", why="写错了当事人")
    text = one.press("撤好了，登记")
    assert "已全部撤下" in text
    assert "追认" in somebody("zhao").go("/posts/one/withdraw")


@pytest.mark.parametrize("span", ["2026-10", "2026-W41"])
def test_days_off_and_weekends_that_are_worked_are_marked(span: str, somebody: Sit) -> None:
    text = somebody("zhou").go(f"/calendar/{span}")
    assert '<span class="tag rest" title="国庆节">休</span><span>国庆节</span>' in text
    assert '<span class="tag" title="国庆节">班</span>' in text
    saturday = text.partition('data-day="2026-10-10"')[0].rpartition("<td")[2]
    thursday = text.partition('data-day="2026-10-07"')[0].rpartition("<td")[2]
    assert (" off" in saturday, " off" in thursday) == (False, True)
    assert "国庆节" not in somebody("zhou").go("/calendar/2026-11")
