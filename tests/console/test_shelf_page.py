"""保底稿: what lies on the shelf, its release in one step bound to what was approved, and putting a post there from 写稿."""

from collections.abc import Callable
from datetime import timedelta
from html import unescape

import pytest

from tests.conftest import Clock, Workspace
from tests.support.browsing import Somebody, forms_of
from xuanfa.domain.delivery import OFF_SHELF, State
from xuanfa.operations.desk import Desk
from xuanfa.operations.intake.queue import queue
from xuanfa.reports.listing import list_deliveries

Sit = Callable[[str], Somebody]


def lay(workspace: Workspace, desk: Desk, slug: str, **head: str) -> None:
    """Lay a post on the shelf."""
    workspace.post(slug, f"{slug}的正文。", **({"publish_at": "", "shelf": "true"} | head))
    queue(desk)


def states(desk: Desk, slug: str) -> list[State]:
    return [row.state for row in list_deliveries(desk.store, post=slug)]


def test_the_list_says_what_may_go_and_what_is_past_its_day(
    somebody: Sit, workspace: Workspace, desk: Desk, clock: Clock
) -> None:
    today = clock().astimezone(desk.zone).date()
    lay(workspace, desk, "ready", review_on=(today + timedelta(days=30)).isoformat())
    lay(workspace, desk, "old", review_on=(today - timedelta(days=1)).isoformat())
    one = somebody("zhou")
    text = unescape(one.go("/shelf"))
    for words in ("架上有 ", "2 篇", "过了复核日期", "请供稿部门确认内容仍然有效", "这个专栏不用审"):
        assert words in text, words
    assert 'href="/shelf/ready"' in text
    assert 'href="/shelf/old"' not in text
    page = unescape(one.go("/shelf/old"))
    assert "现在不能放行：过了复核日期。" in page
    assert not [form for form in forms_of(page) if form.action.endswith("/release")]
    assert 'href="/posts/old/write#head"' in page


@pytest.mark.parametrize("hours", [0, 26])
def test_it_is_released_in_one_step_to_its_time(
    somebody: Sit, workspace: Workspace, desk: Desk, clock: Clock, hours: int
) -> None:
    lay(workspace, desk, "ready")
    one = somebody("zhou")
    one.go("/shelf/ready")
    at = (clock() + timedelta(hours=hours)).astimezone(desk.zone)
    typed = {"slot": "", "date": f"{at:%Y-%m-%d}", "time": f"{at:%H:%M}"} if hours else {"slot": "now"}
    text = unescape(one.press("放行", **typed))
    assert "《“ready”》已从架上放行" in text
    (row,) = list_deliveries(desk.store, post="ready")
    assert (row.state, row.shelf) == (State.SCHEDULED, OFF_SHELF)
    assert f"{row.due_at.astimezone(desk.zone):%d %H:%M}" == f"{at:%d %H:%M}"
    assert "架上没有保底稿" in one.go("/shelf")


def test_pressing_twice_releases_once_and_shows_the_same_answer(
    somebody: Sit, workspace: Workspace, desk: Desk
) -> None:
    lay(workspace, desk, "ready")
    one = somebody("zhou")
    one.go("/shelf/ready")
    form = one.form("放行")
    first = one.send(form, slot="now")
    assert unescape(one.send(form, slot="now")).count("已从架上放行") == unescape(first).count("已从架上放行") == 1
    assert states(desk, "ready") == [State.SCHEDULED]


def test_another_text_than_was_looked_at_is_not_released(somebody: Sit, workspace: Workspace, desk: Desk) -> None:
    lay(workspace, desk, "ready")
    one = somebody("zhou")
    one.go("/shelf/ready")
    form = one.form("放行")
    workspace.post("ready", "换过的正文。", publish_at="", shelf="true")
    queue(desk)
    text = unescape(one.send(form, slot="now", why="今天没有稿子"))
    assert one.page.status_code == 409
    assert "要发的内容变了，没有放行" in text
    assert 'value="今天没有稿子"' in text
    assert states(desk, "ready") == [State.SHELVED]
    one.press("放行", slot="now")
    assert states(desk, "ready") == [State.SCHEDULED]


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"slot": ""}, "请选一个空档，或者填日期和时间"),
        ({"slot": "2026-99"}, "空档看不懂"),
        ({"slot": "", "date": "2020-01-01", "time": "09:00"}, "已经过去"),
        ({"slot": "", "date": "2026-03-xx", "time": "09:00"}, "看不懂"),
    ],
)
def test_a_time_that_is_none_releases_nothing(
    somebody: Sit, workspace: Workspace, desk: Desk, typed: dict[str, str], told: str
) -> None:
    lay(workspace, desk, "ready")
    one = somebody("zhou")
    one.go("/shelf/ready")
    text = unescape(one.press("放行", **typed))
    assert (one.page.status_code, told in text, "放行这一篇？" in text) == (409, True, True), text[:2000]
    assert states(desk, "ready") == [State.SHELVED]


def test_what_went_past_its_day_while_the_page_was_open_stays_there(
    somebody: Sit, workspace: Workspace, desk: Desk, clock: Clock
) -> None:
    today = clock().astimezone(desk.zone).date()
    lay(workspace, desk, "ready", review_on=today.isoformat())
    one = somebody("zhou")
    one.go("/shelf/ready")
    form = one.form("放行")
    at = clock().astimezone(desk.zone) + timedelta(days=2)
    text = unescape(one.send(form, slot="", date=f"{at:%Y-%m-%d}", time="09:00"))
    assert "过了复核日期" in text
    assert one.page.status_code == 409
    assert states(desk, "ready") == [State.SHELVED]


def test_who_may_not_send_sees_it_and_cannot_release(somebody: Sit, workspace: Workspace, desk: Desk) -> None:
    lay(workspace, desk, "ready")
    lay(workspace, desk, "secret", title="癸卯密语", access="[wang]")
    one = somebody("jiao")
    text = one.go("/shelf")
    assert "“ready”" in unescape(text)
    assert 'href="/shelf/ready"' not in text
    assert "癸卯密语" not in text
    one.go("/shelf/ready")
    assert one.page.status_code == 403
    zhou = somebody("zhou")
    assert "癸卯密语" not in zhou.go("/shelf")
    assert "癸卯密语" not in zhou.go("/shelf/secret")
    assert zhou.page.status_code == 409


@pytest.mark.parametrize("name", ["wang", "bao"])
def test_a_contributor_sees_their_own_there(somebody: Sit, workspace: Workspace, desk: Desk, name: str) -> None:
    display = {"wang": "王芳", "bao": "包工"}[name]
    lay(workspace, desk, "mine", author=display)
    lay(workspace, desk, "theirs", author="焦红")
    text = unescape(somebody(name).go("/shelf"))
    assert ("“mine”" in text, "“theirs”" in text) == (True, False)


def test_a_post_is_put_there_from_writing_and_taken_off(somebody: Sit, workspace: Workspace, desk: Desk) -> None:
    workspace.post("one", publish_at="2026-05-01 09:00", author="王芳")
    queue(desk)
    one = somebody("wang")
    one.go("/posts/one/write")
    assert 'id="f-shelf"' in one.page.text
    one.press("存为一版", publish_at="", shelf="true", review_on="2027-06-30")
    assert one.page.status_code == 200, one.page.text[:500]
    assert states(desk, "one") == [State.SHELVED]
    file = (workspace.folder / "posts" / "one.md").read_text(encoding="utf-8")
    assert "shelf: true\n" in file
    assert "review_on: 2027-06-30\n" in file
    assert "2027-06-30" in one.go("/shelf")
    one.go("/posts/one/write")
    one.press("存为一版", publish_at="2026-06-01 09:00", shelf="", review_on="")
    assert states(desk, "one") == [State.SCHEDULED]
    one.go("/posts/one/write")
    one.press("存为一版", publish_at="2026-06-01 09:00", shelf="true")
    assert one.page.status_code == 422
    assert "保底稿（shelf）不写发布时间" in unescape(one.page.text)
