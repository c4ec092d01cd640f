"""投递: the list by state, one delivery with the buttons that it allows, and a doubt settled by whoever has looked."""

from collections.abc import Callable
from functools import partial

import pytest

from tests.conftest import Workspace
from tests.support.browsing import PASSWORD, Somebody, forms_of
from tests.support.stocked import put, standing, stocked
from xuanfa.domain.access import Veil
from xuanfa.domain.delivery import Delivery, State
from xuanfa.operations.desk import Desk
from xuanfa.operations.watching.reach import Reach
from xuanfa.reports import pages
from xuanfa.reports.listing import list_deliveries
from xuanfa.reports.mark import Mark
from xuanfa.reports.pages import Asked, page_of_deliveries

Sit = Callable[[str], Somebody]
DOUBT = {"attempt": 1, "reason": "没有等到回答"}


@pytest.fixture(autouse=True)
def _nothing_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test opens an address outside of this machine."""
    monkeypatch.setattr("xuanfa.console.pages.doubt.reach_of", lambda _desk, _channel, _address: Reach.UNTOLD)


@pytest.fixture
def stock(workspace: Workspace, desk: Desk) -> Callable[..., Delivery]:
    return partial(stocked, workspace, desk)


def test_a_list_goes_on_where_it_ended_and_comes_back(
    workspace: Workspace, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "PAGE", 3)
    numbers = [stocked(workspace, desk, f"p{n}").id for n in range(8)]
    put(desk, numbers[2], State.HELD)
    asked = Asked(soonest=True)
    seen, after, before = list[int](), "", ""
    while True:
        found = page_of_deliveries(desk.store, asked, Veil(), after=after)
        seen += [row.id for row in found.rows]
        before = found.before
        if not found.after:
            break
        after = found.after
    assert seen == numbers
    back = page_of_deliveries(desk.store, asked, Veil(), before=before)
    assert [row.id for row in back.rows] == numbers[3:6]
    assert [row.id for row in page_of_deliveries(desk.store, asked, Veil(), before=back.before).rows] == numbers[:3]
    latest = page_of_deliveries(desk.store, Asked(), Veil())
    assert [row.id for row in latest.rows] == numbers[:-4:-1]


@pytest.mark.parametrize("mark", ["", "x", "1", "1.x", "٣.1", "9" * 40 + ".1", "-.1", "1.2.3"])
def test_a_mark_that_is_none_begins_anew(mark: str, workspace: Workspace, desk: Desk) -> None:
    assert Mark.of(mark) is None
    stocked(workspace, desk, "one")
    assert len(page_of_deliveries(desk.store, Asked(), Veil(), after=mark).rows) == 1


def test_each_tab_and_what_is_looked_for(somebody: Sit, workspace: Workspace, desk: Desk) -> None:
    stocked(workspace, desk, "quiet")
    doubt = stocked(workspace, desk, "doubtful", State.UNKNOWN, **DOUBT)
    one = somebody("zhou")
    text = one.go("/deliveries")
    assert ("“doubtful”" in text, "“quiet”" in text, "去核实" in text) == (True, False, True)
    assert "“quiet”" in one.go("/deliveries?state=queued")
    for words in ("quiet", str(doubt.id - 1)):
        text = one.go(f"/deliveries?state=all&q={words}")
        assert ("“quiet”" in text, "“doubtful”" in text) == (True, False)
    assert "没有找到" in one.go("/deliveries?state=all&q=%25")
    for words in (
        str(doubt.id),
        "https://www.example.gov.cn/a",
    ):  # what the search at the head of each page takes for a delivery
        one.go(f"/posts?everywhere=1&q={words}")
        assert one.page.url.path == "/deliveries"
    one.go("/posts?everywhere=1&q=quiet")
    assert one.page.url.path == "/posts"
    assert one.client.get("/deliveries?state=nonsense&channel=x&after=x").status_code == 200


def test_whoever_only_writes_sees_none_of_others(somebody: Sit, workspace: Workspace, desk: Desk) -> None:
    it = stocked(workspace, desk, "one", State.UNKNOWN, **DOUBT)
    one = somebody("wang")
    assert "“one”" not in one.go("/deliveries?state=all")
    one.go(f"/deliveries/{it.id}")
    assert (one.page.status_code, "只能看自己" in one.page.text) == (409, True)
    assert one.client.get(f"/deliveries/{it.id}/doubt").status_code == 403


@pytest.mark.parametrize("number", ["0", "99", "x", "٣", "1" * 30])
def test_there_is_no_such_delivery(number: str, somebody: Sit) -> None:
    assert somebody("zhou").client.get(f"/deliveries/{number}").status_code == 404


@pytest.mark.parametrize(
    ("state", "there", "missing"),
    [
        (State.SCHEDULED, {"改时间", "不发了"}, {"放行", "重试", "登记为已发布"}),
        (State.HELD, {"改时间", "不发了", "放行"}, {"重试", "登记为已发布"}),
        (State.FAILED, {"重试", "不发了"}, {"放行", "改时间", "登记为已发布"}),
        (State.UNKNOWN, set(), {"重试", "改时间", "放行", "不发了"}),
        (State.ACCEPTED, {"登记为已发布"}, {"重试", "改时间", "放行"}),
        (State.PUBLISHING, set(), {"重试", "改时间", "放行", "不发了", "登记为已发布"}),
        (State.CANCELLED, {"重试"}, {"放行", "改时间"}),
    ],
)
def test_only_what_the_state_allows(
    state: State, there: set[str], missing: set[str], somebody: Sit, stock: Callable[..., Delivery]
) -> None:
    it = stock("one", state)
    for name, may in (("zhou", there), ("shen", set[str]())):
        one = somebody(name)
        one.go(f"/deliveries/{it.id}")
        buttons = {button for form in forms_of(one.page.text) for button in form.buttons}
        assert (may <= buttons, (missing | (there - may)) & buttons) == (True, set()), (name, buttons)


def test_a_button_pressed_twice_is_done_once(somebody: Sit, workspace: Workspace, desk: Desk) -> None:
    it = stocked(workspace, desk, "one", State.HELD)
    one = somebody("zhou")
    one.go(f"/deliveries/{it.id}")
    form = one.form("放行")
    for _ in range(2):
        one.send(form)
        assert one.page.url.path == f"/deliveries/{it.id}"
    assert standing(desk, it.id).state is State.SCHEDULED


def test_another_time_moves_and_comes_back(somebody: Sit, workspace: Workspace, desk: Desk) -> None:
    it = stocked(workspace, desk, "one")
    one = somebody("zhou")
    one.go(f"/deliveries/{it.id}")
    assert "已移到" in one.press("改时间", date="2026-03-06", time="10:30")
    moved = standing(desk, it.id).due_at.astimezone(desk.zone)
    assert f"{moved:%Y-%m-%d %H:%M}" == "2026-03-06 10:30"
    one.press("移回去")
    assert standing(desk, it.id).due_at == it.due_at


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"date": "2026-03-01", "time": "09:00"}, "已经过去"),
        ({"date": "2026-03-06", "time": ""}, "没有改"),
        ({"date": "2026-13-77", "time": "09:00"}, "看不懂"),
        ({"slot": "tomorrow"}, "看不懂"),
        ({"slot": "2026-03-06T09:00:00"}, "看不懂"),
        ({"slot": "2026-03-06T09:00:00+08:00", "time": "10:00"}, "只留一个"),
    ],
)
def test_a_bad_time_moves_nothing(
    typed: dict[str, str], said: str, somebody: Sit, stock: Callable[..., Delivery], desk: Desk
) -> None:
    it = stock("one")
    one = somebody("zhou")
    one.go(f"/deliveries/{it.id}")
    assert said in one.press("改时间", **typed)
    assert standing(desk, it.id) == it


def test_a_doubt_is_entered_as_published_once_and_its_address_belongs_to_nobody_else(
    somebody: Sit, workspace: Workspace, desk: Desk
) -> None:
    it = stocked(workspace, desk, "one", State.UNKNOWN, **DOUBT)
    other = stocked(workspace, desk, "two", State.UNKNOWN, **DOUBT)
    one = somebody("zhou")
    text = one.go(f"/deliveries/{it.id}/doubt")
    assert ("可能发出去了，也可能没有" in text, "重试" in text) == (True, False)
    assert "不是网址" in one.press("登记为已发布", address="javascript:alert(1)")
    one.go(f"/deliveries/{it.id}/doubt")
    form = one.form("登记为已发布")
    for _ in range(2):
        one.send(form, address="https://www.example.gov.cn/1")
        assert one.page.url.path == f"/deliveries/{it.id}"
    assert standing(desk, it.id).state is State.PUBLISHED
    assert list_deliveries(desk.store, ids=[it.id])[0].address == "https://www.example.gov.cn/1"
    one.go(f"/deliveries/{other.id}/doubt")
    assert f"投递 {it.id}" in one.press("登记为已发布", address="https://www.example.gov.cn/1")
    assert standing(desk, other.id).state is State.UNKNOWN
    assert "已经办了" in one.go(f"/deliveries/{it.id}/doubt")


def test_where_there_is_no_address_it_is_said_where_it_was_seen(
    somebody: Sit, workspace: Workspace, desk: Desk
) -> None:
    it = stocked(workspace, desk, "one", State.UNKNOWN, **DOUBT)
    one = somebody("zhou")
    one.go(f"/deliveries/{it.id}/doubt")
    assert "谁看到的" in one.press("登记为已发布", address="", why="")
    assert standing(desk, it.id).state is State.UNKNOWN
    one.go(f"/deliveries/{it.id}/doubt")
    assert "全院群，焦红看到" in one.press("登记为已发布", address="", why="全院群，焦红看到")
    assert standing(desk, it.id).state is State.PUBLISHED


def test_nothing_is_sent_again_before_two_have_looked(somebody: Sit, workspace: Workspace, desk: Desk) -> None:
    it = stocked(workspace, desk, "one", State.UNKNOWN, **DOUBT)
    first, second = somebody("zhou"), somebody("zhao")
    first.go(f"/deliveries/{it.id}/doubt")
    text = first.press("登记“没有”", why="主页和草稿箱都没有，看到 9:05", name="", password="")
    assert ("周敏" in text, standing(desk, it.id).state) == (True, State.UNKNOWN)
    assert "登记“没有”" not in text
    second.go(f"/deliveries/{it.id}/doubt")
    second.press("我也看过，没有。再发一次", why="也没有")
    assert standing(desk, it.id).state is State.SCHEDULED


def test_the_second_may_sign_in_on_the_page_and_is_somebody_else(
    somebody: Sit, workspace: Workspace, desk: Desk
) -> None:
    it = stocked(workspace, desk, "one", State.UNKNOWN, **DOUBT)
    one = somebody("zhou")
    for name, password, said in (
        ("zhao", "wrong", "账号或密码不对"),
        ("zhou", PASSWORD, "不能是您自己"),
        ("wang", PASSWORD, "角色"),
    ):
        one.go(f"/deliveries/{it.id}/doubt")
        button = next(b for b in ("登记“没有”", "收回，我又看到了") if b in one.page.text)
        if button.startswith("收回"):
            one.press(button)
        text = one.press("登记“没有”", why="没有", name=name, password=password)
        assert (said in text, standing(desk, it.id).state) == (True, State.UNKNOWN), name
    one.go(f"/deliveries/{it.id}/doubt")
    one.press("收回，我又看到了")
    one.press("登记“没有”", why="没有", name="zhao", password=PASSWORD)
    assert standing(desk, it.id).state is State.SCHEDULED


def test_a_reminder_sends_nothing(somebody: Sit, workspace: Workspace, desk: Desk) -> None:
    it = stocked(workspace, desk, "one", State.UNKNOWN, **DOUBT)
    one = somebody("zhou")
    one.go(f"/deliveries/{it.id}/doubt")
    assert "提醒您再看" in one.press("提醒我", when="30")
    one.go(f"/deliveries/{it.id}/doubt")
    assert "什么时候" in one.press("提醒我", when="never")
    assert standing(desk, it.id).state is State.UNKNOWN


def test_what_leaves_runs_nothing(somebody: Sit, workspace: Workspace, desk: Desk) -> None:
    it = stocked(workspace, desk, "one")
    answer = somebody("zhou").client.get(f"/deliveries/{it.id}/left")
    assert "把法庭搬到田间地头" in answer.text
    assert ("sandbox" in answer.headers["content-security-policy"], "<script" in answer.text) == (True, False)
