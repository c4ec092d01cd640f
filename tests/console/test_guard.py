"""What stands before every page: roles, requests from elsewhere, forged and repeated forms, too much, and what answers allow."""

import re
from collections.abc import Callable
from dataclasses import replace

import httpx
import pytest

from tests.conftest import Clock
from tests.support.browsing import Somebody
from xuanfa.console.app import WAYS
from xuanfa.console.guard.headers import PAGE
from xuanfa.operations.desk import Desk
from xuanfa.reports.audit import audited
from xuanfa.reports.listing import everything_paused

Sit = Callable[[str], Somebody]


def test_every_way_is_closed_to_nobody(address: str) -> None:
    """An unlisted way fails here: what is open to everybody is this, and nothing else."""
    everybody = {(way.method, way.path) for way in WAYS if way.who is None}
    assert everybody == {
        ("GET", "/sign-in"),
        ("POST", "/sign-in"),
        ("GET", "/sign-in/digits"),
        ("POST", "/sign-in/digits"),
        ("POST", "/sign-out"),
        ("GET", "/l/{signed}"),
        ("GET", "/l/{signed}/leaving/{channel}"),
        ("GET", "/l/{signed}/pictures/{name}"),
    }
    with httpx.Client(base_url=address, follow_redirects=False) as client:
        for way in WAYS:
            if way.who is None:
                continue
            path = re.sub(r"\{\w+:int\}", "1", way.path).replace("{", "").replace("}", "").replace(":path", "")
            answer = client.request(way.method, path, headers={"Origin": address})
            assert answer.status_code in {303, 401, 403}, (way.method, way.path)
            assert "王芳" not in answer.text


def test_a_role_too_low_is_told_who_may(somebody: Sit, desk: Desk) -> None:
    one = somebody("wang")
    text = one.go("/stop")
    assert (one.page.status_code, "周敏" in text, "赵局" in text) == (403, True, True)


@pytest.mark.parametrize(
    "change",
    [
        {"Origin": "https://evil.example"},
        {"Origin": ""},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
    ],
)
def test_another_site_stops_nothing(somebody: Sit, desk: Desk, change: dict[str, str]) -> None:
    one = somebody("zhou")
    one.go("/stop")
    form = one.form("停发全部")
    one.client.headers.update(change)
    one.send(form, why="x")
    assert one.page.status_code == 403
    assert everything_paused(desk.store) is None


def test_a_form_of_another_sign_in_comes_back_filled_and_may_be_pressed_once_more(somebody: Sit, desk: Desk) -> None:
    one = somebody("zhou")
    one.go("/stop")
    form = one.form("停发全部")
    one.go("/me")
    one.press("退出")
    one.sign_in("zhou")
    text = one.send(form, why="写了很久的原因")
    assert (one.page.status_code, "您换过登录，内容都在" in text) == (403, True)
    assert '<p class="small quiet">/</p>' not in text, "what goes along is not shown as typed"
    assert everything_paused(desk.store) is None
    one.press("再按一次")
    assert everything_paused(desk.store) == "写了很久的原因"


def test_a_forged_intent_does_nothing(somebody: Sit, desk: Desk) -> None:
    one = somebody("zhou")
    one.go("/stop")
    one.press("停发全部", why="x", intent="0" * 24 + "." + "0" * 24)
    assert one.page.status_code == 409
    one.go("/stop")
    one.press("停发全部", why="x", intent="0" * 24 + ".伪造的")
    assert one.page.status_code == 409
    one.go("/stop")
    one.press("停发全部", why="x", csrf="伪造的")
    assert one.page.status_code == 403
    one.go("/l/1.伪造的")
    assert one.page.status_code in {404, 410}
    assert everything_paused(desk.store) is None


def test_what_is_pressed_twice_is_done_once(somebody: Sit, desk: Desk) -> None:
    one = somebody("zhou")
    one.go("/stop?then=/me")
    form = one.form("停发全部")
    for _ in range(3):
        one.send(form, why="一次就够")
        assert one.page.url.path == "/me"
    lines = [line for line in audited(desk.store, since=None, until=None, who=None, post=None) if line.act == "pause"]
    assert len(lines) == 1


@pytest.mark.parametrize("then", ["https://evil.example/", "//evil.example", "/\\evil.example", "/a\nb"])
def test_a_stop_leads_to_no_other_site(somebody: Sit, then: str) -> None:
    one = somebody("zhou")
    one.page = one.client.get("/stop", params={"then": then})
    one.press("停发全部", why="试一试")
    assert (one.page.url.host, one.page.url.path) == ("127.0.0.1", "/")


def test_without_a_reason_nothing_is_stopped_and_nothing_is_lost(somebody: Sit, desk: Desk) -> None:
    one = somebody("zhou")
    one.go("/stop")
    text = one.press("停发全部", why="  ")
    assert (one.page.status_code, "请写明停发的原因" in text) == (409, True)
    assert ('id="w-why"' in text, "停发全部" in text) == (True, True), "beside its field, on the same form"
    assert everything_paused(desk.store) is None


def test_a_stop_is_seen_on_every_page_and_taken_back(somebody: Sit, desk: Desk) -> None:
    one, other = somebody("zhou"), somebody("wang")
    one.go("/stop")
    one.press("停发全部", why="发现错字")
    text = other.go("/")
    assert "全部停发中" in text
    assert "发现错字" in text
    assert "恢复发送" not in text, "whoever may not decide gets no button"
    one.go("/resume")
    one.press("恢复发送")
    assert "全部停发中" not in other.go("/")


def test_too_much_is_refused_before_it_is_read(somebody: Sit, address: str) -> None:
    one = somebody("zhou")
    answer = one.client.post("/stop", data={"why": "x" * 1_200_000})
    assert (answer.status_code, "最多 1 MB" in answer.text) == (413, True)

    def stream() -> object:
        for _ in range(20):
            yield b"x" * 100_000

    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = one.client.post("/stop", content=stream(), headers=kind)  # type: ignore[arg-type]
    assert answer.status_code == 413


def test_answers_allow_nothing_but_our_own(somebody: Sit) -> None:
    one = somebody("wang")
    for path in ("/", "/me", "/nothing", "/stop"):
        one.go(path)
        assert {name: one.page.headers[name] for name in PAGE} == PAGE, path
    assert "unsafe" not in PAGE["Content-Security-Policy"]


def test_cookies_are_for_this_site_and_no_script(address: str) -> None:
    with httpx.Client(base_url=address) as client:
        (cookie,) = client.get("/sign-in").headers.get_list("set-cookie")
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    behind_tls = httpx.get(f"{address}/sign-in", headers={"X-Forwarded-Proto": "https"})
    assert behind_tls.headers["set-cookie"].startswith("__Host-xuanfa_visitor=")
    assert "Secure" in behind_tls.headers["set-cookie"]
    assert "strict-transport-security" in behind_tls.headers


def test_visits_are_written_down_and_go_after_a_year(
    somebody: Sit, desk: Desk, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    from xuanfa.console.guard.access_log import AccessLog  # noqa: PLC0415
    from xuanfa.operations.watching.visits import VisitRow, list_visits  # noqa: PLC0415

    with AccessLog(desk) as log:
        row = VisitRow(at=desk.clock(), user_name="wang", method="GET", path="/me", status=200, place="127.0.0.1")
        log.note(row)
    assert row in [each for _, each in list_visits(desk, 10)]
    monkeypatch.setattr("xuanfa.console.guard.access_log._APART", 0.01)
    with AccessLog(desk) as log:
        clock.advance(days=367)
        for _ in range(1000):  # the thread that writes comes by a hundred times a second
            log.note(replace(row, path="/later", at=clock()))
            if row not in [each for _, each in list_visits(desk, 5000)]:
                break
    kept = {each.path for _, each in list_visits(desk, 5000)}
    assert "/later" in kept
    assert "/me" not in kept


def test_statics_are_kept_for_ever_under_their_hash(somebody: Sit) -> None:
    one = somebody("")
    text = one.go("/sign-in")
    href = text.partition('rel="stylesheet" href="')[2].partition('"')[0]
    answer = one.client.get(href, headers={"Accept-Encoding": "gzip"})
    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["content-encoding"] == "gzip"
    older = one.client.get(href.replace(href.split("/")[2], "0" * 12))
    assert (older.status_code, older.headers["cache-control"]) == (200, "no-store")
    assert one.client.get("/static/x/../../../app.py").status_code == 404
