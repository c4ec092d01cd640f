"""Live: an open page is told what has moved, fetches that block alone, and never keeps the server from ending."""

import signal
import time
from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.conftest import Clock, Workspace
from tests.console.conftest import settle_people
from tests.support.browsing import Somebody
from tests.support.console_process import console_process
from tests.support.stocked import put, stocked
from xuanfa.console import live
from xuanfa.domain.delivery import State
from xuanfa.domain.session_span import SessionSpan
from xuanfa.operations.desk import Desk
from xuanfa.reports import news
from xuanfa.reports.news import latest_event, news_since

Sit = Callable[[str], Somebody]


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "_LOOK", 0.02)


def test_news_are_names_and_nothing_else(workspace: Workspace, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    before = latest_event(desk.store)
    it = stocked(workspace, desk, "one")
    at, words = news_since(desk.store, before)
    assert f"delivery:{it.id}" in words
    assert news_since(desk.store, at) == (at, [])
    monkeypatch.setattr(news, "_MOST", 2)
    put(desk, it.id, State.HELD)
    put(desk, it.id, State.SCHEDULED)
    assert news_since(desk.store, at) == (latest_event(desk.store), ["desk"])


def test_a_page_is_told_what_has_moved(somebody: Sit, workspace: Workspace, desk: Desk) -> None:
    it = stocked(workspace, desk, "one")
    one = somebody("zhou")
    with one.client.stream("GET", "/live") as stream:
        lines = stream.iter_lines()
        assert next(lines).startswith("retry")
        time.sleep(0.2)  # until the look before this one is over
        put(desk, it.id, State.HELD)
        assert next(line for line in lines if line.startswith("data")) == f"data: delivery:{it.id}"
    assert somebody("").client.get("/live").status_code == 204


@pytest.mark.parametrize(
    ("path", "part", "says"),
    [
        ("/", "todo", "去核实"),
        ("/", "today", "今天"),
        ("/deliveries?state=unknown", "list", "“one”"),
        ("/deliveries/{id}", "stands", "去核实"),
        ("/deliveries/{id}", "trace", "经过"),
        ("/deliveries/{id}/doubt", "case", "您看到了什么"),
        ("/calendar/2026-03", "days", "“one”"),
        ("/around?here=/x", "around", "/stop?then=/x"),
    ],
)
def test_a_block_is_fetched_alone(path: str, part: str, says: str, somebody: Sit, stock: Callable[..., int]) -> None:
    number = stock("one", State.UNKNOWN)
    answer = somebody("zhou").client.get(path.format(id=number), headers={"X-Part": part})
    assert (answer.status_code, says in answer.text, "<html" in answer.text) == (200, True, False)


@pytest.fixture
def stock(workspace: Workspace, desk: Desk) -> Callable[..., int]:
    return lambda slug, state: stocked(workspace, desk, slug, state, attempt=1, reason="没有回音").id


def test_what_a_page_fetches_by_itself_keeps_nobody_signed_in(somebody: Sit, clock: Clock) -> None:
    one = somebody("zhou")
    clock.advance(seconds=(SessionSpan().idle - timedelta(minutes=1)).total_seconds())
    assert one.client.get("/around", headers={"X-Part": "around"}).status_code == 200
    clock.advance(seconds=120)
    one.go("/")
    assert one.page.url.path == "/sign-in"


def test_the_server_ends_in_time_with_pages_open(workspace: Workspace, clock: Clock) -> None:
    with_people = workspace.desk()
    settle_people(with_people)
    with console_process(workspace.folder) as (process, address), Somebody(address) as one:
        one.sign_in("zhou")
        with one.client.stream("GET", "/live") as stream:
            next(stream.iter_lines())
            begun = time.monotonic()
            process.send_signal(signal.SIGTERM)
            process.wait(20)
            assert time.monotonic() - begun < 8
