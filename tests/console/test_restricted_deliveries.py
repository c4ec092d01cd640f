"""A restricted post (限阅) shows nothing of itself on the pages of sending, to nobody who is not on its list; and is found by no word of it."""

from collections.abc import Callable

from tests.conftest import Workspace
from tests.support.browsing import Somebody
from tests.support.stocked import put
from xuanfa.domain.delivery import State
from xuanfa.operations.desk import Desk
from xuanfa.operations.intake.queue import queue

SECRET = "癸卯密语"


def test_nothing_of_it_is_on_any_page(somebody: Callable[[str], Somebody], workspace: Workspace, desk: Desk) -> None:
    workspace.post("hidden", f"{SECRET}的正文。", title=SECRET, publish_at="2026-03-05 09:00", access="[wang]")
    queue(desk)
    put(desk, 1, State.UNKNOWN, attempt=1, reason=f"{SECRET}没有回音")
    one = somebody("zhou")
    for path in (
        "/",
        "/deliveries",
        "/deliveries?state=all",
        "/deliveries?state=unknown",
        "/deliveries/1",
        "/deliveries/1/left",
        "/deliveries/1/doubt",
        "/deliveries/1/time",
        "/calendar/2026-03",
        "/calendar/2026-W10",
        "/calendar/list",
        "/posts/hidden/withdraw",
        "/posts/hidden/correct",
    ):
        answer = one.client.get(path)
        assert (answer.status_code < 500, SECRET in answer.text) == (True, False), path
    for words in (SECRET, "密语"):
        assert "没有找到" in one.go(f"/deliveries?state=all&q={words}")
    assert "限阅" in one.go("/deliveries?state=all&q=hidden")
    for path in ("/deliveries/1", "/deliveries/1/doubt", "/posts/hidden/withdraw"):
        assert one.client.get(path).status_code == 409
    reader = somebody("wang")
    assert SECRET in reader.go("/calendar/2026-03")
