"""A page that stood open while somebody else acted: what is pressed on it does nothing, and says who did what; what was typed stays."""

from collections.abc import Callable

import pytest

from tests.conftest import Workspace
from tests.support.browsing import Form, Somebody, forms_of
from tests.support.stocked import standing, stocked
from xuanfa.domain.act import Act, Cancel, Release, Reschedule, ResolvePublished, Withdraw
from xuanfa.domain.delivery import State
from xuanfa.domain.person import PASSWORD, Person
from xuanfa.operations.deciding.door import carry_out
from xuanfa.operations.desk import Desk
from xuanfa.operations.watching.reach import Reach
from xuanfa.reports.listing import list_deliveries
from xuanfa.reports.moved import Point, point_from

Sit = Callable[[str], Somebody]
DOUBT = {"attempt": 1, "reason": "没有等到回答"}
ADDRESS = "https://www.example.gov.cn/a"


@pytest.fixture(autouse=True)
def _nothing_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("xuanfa.console.pages.doubt.reach_of", lambda _desk, _channel, _address: Reach.UNTOLD)


def decided(desk: Desk, act: Act, name: str = "zhao", why: str = "领导改了主意") -> None:
    carry_out(desk, act, Person(name=name, why=why, how=PASSWORD, place="test"))


def form_to(one: Somebody, button: str, path: str) -> Form:
    """The form of this button that leads there."""
    found = [form for form in forms_of(one.page.text) if button in form.buttons and form.action.endswith(path)]
    assert found, (button, path)
    return found[0]


def told(one: Somebody, *words: str) -> None:
    assert one.page.status_code == 409, one.page.text[:300]
    for each in ("您打开这页之后有了变化，没有办", *words):
        assert each in one.page.text, each


def test_a_time_that_somebody_else_has_moved_is_not_moved_again(
    somebody: Sit, workspace: Workspace, desk: Desk
) -> None:
    it = stocked(workspace, desk, "one")
    one = somebody("zhou")
    one.go(f"/deliveries/{it.id}/time")
    form = one.form("改时间")
    to = it.due_at.replace(day=it.due_at.day + 2)
    decided(desk, Reschedule(delivery=it.id, at=to))
    one.send(form, date="2026-03-20", time="16:00")
    told(one, "赵局：改期", "领导改了主意", 'value="2026-03-20"', 'value="16:00"')
    assert standing(desk, it.id).due_at == to
    one.press("改时间", date="2026-03-20", time="16:00")
    assert (one.page.status_code, "03-20" in str(standing(desk, it.id).due_at)) == (200, True)


def test_what_was_called_off_meanwhile_is_neither_moved_nor_called_off_again(
    somebody: Sit, workspace: Workspace, desk: Desk
) -> None:
    it = stocked(workspace, desk, "one")
    one = somebody("zhou")
    one.go(f"/deliveries/{it.id}")
    time, off = form_to(one, "改时间", "/reschedule"), form_to(one, "不发了", "/cancel")
    decided(desk, Cancel(delivery=it.id))
    one.send(time, date="2026-03-20", time="16:00")
    told(one, "赵局：不发了")
    one.send(off, why="我写了很长的原因")
    told(one, "赵局：不发了", "您填的：我写了很长的原因")
    assert standing(desk, it.id).state is State.CANCELLED


def test_what_is_held_is_not_let_go_by_an_older_page(somebody: Sit, workspace: Workspace, desk: Desk) -> None:
    it = stocked(workspace, desk, "one", State.HELD, reason="错过时间")
    one = somebody("zhou")
    one.go(f"/deliveries/{it.id}")
    form = form_to(one, "放行", "/release")
    decided(desk, Release(delivery=it.id))
    decided(desk, Cancel(delivery=it.id))
    one.send(form)
    told(one, "赵局：排好了，到点就发", "赵局：不发了")
    assert standing(desk, it.id).state is State.CANCELLED


@pytest.mark.parametrize(
    ("pressed", "typed"),
    [
        (("登记为已发布", "/resolve"), {"address": "https://www.example.gov.cn/b"}),
        (("登记“没有”", "/absent"), {"why": "都看了，看到 10:05"}),
        (("提醒我", "/remind"), {}),
    ],
)
def test_a_doubt_that_was_settled_meanwhile_is_not_settled_again(
    somebody: Sit, workspace: Workspace, desk: Desk, pressed: tuple[str, str], typed: dict[str, str]
) -> None:
    it = stocked(workspace, desk, "one", State.UNKNOWN, **DOUBT)
    one = somebody("zhou")
    one.go(f"/deliveries/{it.id}/doubt")
    form = form_to(one, *pressed)
    decided(desk, ResolvePublished(delivery=it.id, address=ADDRESS), why="在主页上看到")
    one.send(form, **typed)
    told(one, "赵局：登记为已发布", "赵局 已经办了")
    (row,) = list_deliveries(desk.store, ids=[it.id])
    assert (row.state, row.address) == (State.PUBLISHED, ADDRESS)


def test_a_withdrawal_and_a_correction_look_at_the_whole_post(somebody: Sit, workspace: Workspace, desk: Desk) -> None:
    it = stocked(workspace, desk, "one", State.UNKNOWN, **DOUBT)
    decided(desk, ResolvePublished(delivery=it.id, address=ADDRESS))
    one, other = somebody("zhou"), somebody("zhou")
    one.go("/posts/one/withdraw")
    other.go("/posts/one/correct")
    down, better = one.form("撤下这 1 条"), other.form("更正这 1 条")
    decided(desk, Withdraw(post="one"), why="当事人来信")
    one.send(down, why="我也要撤")
    told(one, "赵局：", "当事人来信", "您填的：我也要撤")
    other.send(better, why="错了一个字")
    told(other, "赵局：", "您填的：错了一个字")


def test_pressed_twice_is_no_news_to_oneself(somebody: Sit, workspace: Workspace, desk: Desk) -> None:
    it = stocked(workspace, desk, "one")
    one = somebody("zhou")
    one.go(f"/deliveries/{it.id}")
    form = form_to(one, "改时间", "/reschedule")
    for _ in range(3):
        one.send(form, date="2026-03-20", time="16:00")
        assert (one.page.status_code, "已移到" in one.page.text) == (200, True)


def test_what_does_not_concern_it_is_no_news(somebody: Sit, workspace: Workspace, desk: Desk) -> None:
    it, other = stocked(workspace, desk, "one"), stocked(workspace, desk, "two")
    one = somebody("zhou")
    one.go(f"/deliveries/{it.id}")
    form = form_to(one, "不发了", "/cancel")
    decided(desk, Cancel(delivery=other.id))
    one.send(form, why="不要了")
    assert standing(desk, it.id).state is State.CANCELLED


def test_a_chip_of_the_calendar_knows_how_far_it_looked(somebody: Sit, workspace: Workspace, desk: Desk) -> None:
    it = stocked(workspace, desk, "one")
    one = somebody("zhou")
    text = one.go("/calendar/2026-03")
    upto = text.partition('data-upto="')[2].partition('"')[0]
    form = next(form for form in forms_of(text) if ("upto", "") in form.fields)
    decided(desk, Cancel(delivery=it.id))
    form.action = f"/deliveries/{it.id}/reschedule"
    one.send(form, upto=upto, date="2026-03-20", time="16:00")
    told(one, "赵局：不发了")


@pytest.mark.parametrize("text", ["", "x", "1", "1.x", "٣.1", "9" * 50 + ".1", "-1.2"])
def test_what_is_no_point_is_none(text: str) -> None:
    assert point_from(text) is None
    assert point_from("12.40") == Point(own=12, latest=40)
    assert str(Point(own=12, latest=40)) == "12.40"
