"""What bad input gets (issue of the console): one clear sentence, what was typed is kept, nothing is done twice."""

import os
from collections.abc import Callable

import pytest

from tests.conftest import Clock, Workspace
from tests.support.browsing import Somebody
from xuanfa.operations.desk import Desk
from xuanfa.operations.intake.queue import queue

Sit = Callable[[str], Somebody]


def test_where_nobody_sends_every_page_says_since_when(
    somebody: Sit, desk: Desk, workspace: Workspace, clock: Clock
) -> None:
    """The engine has died, or was never there: what is due does not leave."""
    workspace.post("one")
    queue(desk)
    clock.advance(minutes=5)
    one = somebody("zhou")
    for path in ("/", "/posts", "/deliveries", "/me"):
        text = one.go(path)
        assert one.page.status_code == 200
        assert "到点的没有发。请管理员看服务器上的自动发布服务" in text, path


@pytest.mark.parametrize(
    "path",
    [
        "/posts/%FF%FE/write",
        "/posts/%ED%A0%80/write",
        "/reviews/%FF",
        "/settings/people/%C3%28",
        "/posts?q=%FF%FE",
        "/l/%FF.%FE",
    ],
)
def test_a_name_that_is_no_utf8_gets_a_sentence(somebody: Sit, path: str) -> None:
    one = somebody("lina")
    text = one.go(path)
    assert one.page.status_code in {200, 404, 409}, one.page.status_code
    assert "程序出错了" not in text
    assert "\ufffd" not in text.partition("<main")[0]


def test_a_file_whose_name_is_no_utf8_is_told_and_stops_no_other(
    somebody: Sit, desk: Desk, workspace: Workspace
) -> None:
    workspace.post("one")
    text = (workspace.folder / "posts" / "one.md").read_bytes()
    (workspace.folder / "posts" / os.fsdecode(b"\xd6\xd0\xce\xc4.md")).write_bytes(text)
    report = queue(desk)
    assert any("UTF-8" in problem for problem in report.problems), report.problems
    one = somebody("zhou")
    assert "one" in one.go("/posts")
    assert one.page.status_code == 200


def test_a_template_that_raises_is_told_where_one_looks_and_the_text_stays(
    somebody: Sit, desk: Desk, workspace: Workspace
) -> None:
    workspace.post("one", "把法庭搬到田间地头，一个字也不能丢。")
    queue(desk)
    (workspace.folder / "templates" / "webhook" / "plain.json").write_text("{{ 1 // 0 }}", encoding="utf-8")
    desk.newest(at_once=True)
    one = somebody("zhou")
    text = one.go("/posts/one/write")
    assert one.page.status_code == 200
    assert "一个字也不能丢" in text
    shown = one.go("/posts/one/preview")
    assert one.page.status_code == 200
    assert "程序出错了" not in shown + text
    assert "模板" in shown + text
