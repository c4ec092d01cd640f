"""审核表, 领导链接, 电话同意: what is signed by hand, read without an account, or agreed to by telephone."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import httpx
import pytest

from tests.conftest import Clock, Workspace
from tests.support.browsing import PASSWORD, Somebody, served
from tests.support.reviewed_console import TEXT, approve, open_office, states, submit
from xuanfa.console.guard.headers import FRAME
from xuanfa.operations.desk import Desk
from xuanfa.operations.intake.queue import queue
from xuanfa.operations.restricting.links import links_of
from xuanfa.operations.watching.visits import list_visits

Sit = Callable[[str], Somebody]


@pytest.fixture
def desk(workspace: Workspace, clock: Clock) -> Desk:
    desk = open_office(workspace, clock, "one")
    submit(desk)
    return desk


@pytest.fixture
def address(desk: Desk) -> Iterator[str]:
    with served(desk) as found:
        yield found


def made_link(one: Somebody) -> str:
    one.go("/reviews/one/links")
    text = one.press("做链接")
    return "/l/" + text.partition("/l/")[2].partition("<")[0]


def test_the_form_is_fetched_and_no_scan_of_something_else_is_taken(somebody: Sit) -> None:
    one = somebody("zhou")
    assert "下载 Word" in one.go("/reviews/one/form")
    answer = one.client.get("/reviews/one/form/docx")
    assert (answer.content[:2], "attachment" in answer.headers["content-disposition"]) == (b"PK", True)
    assert one.client.get("/reviews/one/form/exe").status_code == 409
    form = one.form("交签字件")
    fields = dict(form.fields)
    for name, data in (("a.exe", b"MZ"), ("a.png", b"no picture")):
        answer = one.client.post("/reviews/one/form/scan", data=fields, files={"scan": (name, data)})
        assert answer.status_code == 422, name
    assert "没有找到" in answer.text or "读不" in answer.text or "不是" in answer.text


def test_a_link_shows_the_post_to_whoever_has_no_account(somebody: Sit, desk: Desk, address: str, clock: Clock) -> None:
    path = made_link(somebody("zhou"))
    with httpx.Client(base_url=address) as leader:
        page = leader.get(path)
        assert (page.status_code, "法官带着调解协议来执行" in page.text, "<form" in page.text) == (200, True, False)
        assert (page.headers["referrer-policy"], page.headers["x-robots-tag"]) == ("no-referrer", "noindex, nofollow")
        frame = leader.get(f"{path}/leaving/hook")
        assert ("把法庭搬到田间地头" in frame.text, "<script" in frame.text) == (True, False)
        assert frame.headers["content-security-policy"] == FRAME["Content-Security-Policy"]
        assert leader.get(f"{path}/leaving/hook?large=1").text.count("zoom") == 1
        assert links_of(desk, "one")[0].opened == 1, "the frame is part of the page"
        number, _, mac = path.removeprefix("/l/").partition(".")
        for forged in (f"/l/{number}.{'0' * len(mac)}", f"/l/2.{mac}", "/l/x", "/l/1", f"/l/{'9' * 30}.{mac}"):
            assert leader.get(forged).status_code == 404, forged
            assert leader.get(f"{forged}/leaving/hook").status_code == 404
        clock.advance(hours=25)
        over = leader.get(path)
        assert (over.status_code, "过期了、收回了，或者没有抄全。请向发给您的同事要一条新的" in over.text) == (
            404,
            True,
        )
        assert "把法庭" not in leader.get(f"{path}/leaving/hook").text


def test_a_link_is_taken_back_and_shows_nothing_once_the_post_has_changed(
    somebody: Sit, desk: Desk, address: str, workspace: Workspace, clock: Clock
) -> None:
    one = somebody("zhou")
    path = made_link(one)
    clock.advance(minutes=1)
    workspace.post("one", TEXT.replace("5日", "五日"), title="法官带着调解协议来执行", author="wang")
    queue(desk)
    page = httpx.get(address + path)
    assert (page.status_code, "改过" in page.text, "首期款" in page.text) == (410, True, False)
    other = made_link(one)
    one.press("收回链接 2")
    assert httpx.get(address + other).status_code == 404


def test_a_restricted_post_is_shown_by_no_link(somebody: Sit, desk: Desk, workspace: Workspace) -> None:
    workspace.post("two", TEXT, title="不公开的标题", author="wang", access="[wang, zhou]")
    queue(desk)
    one = somebody("zhou")
    one.go("/reviews/two/links")
    one.press("做链接")
    assert (one.page.status_code, "这篇限阅" in one.page.text, links_of(desk, "two")) == (409, True, [])
    assert somebody("zhao").client.get("/reviews/two/links").status_code == 409


def test_no_log_holds_the_address_of_a_link(somebody: Sit, desk: Desk, workspace: Workspace) -> None:
    with served(desk) as address:
        one = Somebody(address).sign_in("zhou")
        path = made_link(one)
        httpx.get(address + path)
        one.client.close()
    kept = [row.path for _, row in list_visits(desk, 100)]
    assert "/l/…" in kept
    assert not any(path.partition(".")[2] in each for each in kept)


def test_a_leader_agrees_by_telephone_and_says_so_himself(somebody: Sit, desk: Desk, clock: Clock) -> None:
    approve(desk, "zhou")
    approve(desk, "jiao")
    one, leader = somebody("zhou"), somebody("zhao")
    assert "登记电话同意" in one.go("/reviews/one")
    one.go("/reviews/one/phone")
    form = one.form("登记电话同意")
    assert "请填通话的日期和时间" in one.send(form, number="139", day="", time="")
    form = one.form("登记电话同意")
    form.fields += [("gate", "政治关"), ("gate", "文字关")]
    one.send(form, leader="zhao", number="139")
    assert "等本人补确认" in one.page.text
    assert states(desk) == ["approved"] * 3
    assert "电话同意，待本人确认" in one.go("/reviews/one")
    assert "等您补确认的电话同意" in leader.go("/reviews")
    leader.go("/reviews/one")
    form = leader.form("补确认")
    clock.now += timedelta(minutes=6)
    leader.send(form)
    assert leader.page.status_code == 409
    leader.press("补确认", again=PASSWORD)
    assert "电话同意，本人已确认" in leader.go("/reviews/one")
    assert "等您补确认的电话同意" not in leader.go("/reviews")
