"""The address that a person gives must be the channel's own, new, and where it is asked for, there."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from tests.support.decisions import resolve_published
from xuanfa.domain.delivery import State
from xuanfa.domain.errors import StateError
from xuanfa.domain.outcome import Accepted
from xuanfa.domain.person import Person
from xuanfa.operations.watching import reach
from xuanfa.operations.watching.reach import require_reachable

ANNA = Person(name="anna")
ADDRESS = "https://www.example.gov.cn/7"


def accepted(bench: Any, *names: str) -> None:
    bench.channel().publish += [Accepted(evidence="请人工完成最后一步") for _ in names]
    bench.queue(*names)
    bench.run()


def test_an_address_that_the_channel_refuses_changes_nothing(bench: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    accepted(bench, "one")
    adapter = bench.desk.adapters.bound(bench.get().channel)

    class Knowing(type(adapter)):  # type: ignore[misc]
        def address_problem(self, address: str) -> str:
            return "" if "gov.cn" in address else f"不在本渠道：{address}"

    adapter.__class__ = Knowing
    monkeypatch.setattr(bench.desk.adapters, "bound", lambda channel: adapter)
    with pytest.raises(StateError, match="不在本渠道"):
        resolve_published(bench.desk, 1, "https://elsewhere.cn/7", ANNA)
    assert bench.get().state is State.ACCEPTED
    resolve_published(bench.desk, 1, ADDRESS, ANNA)
    assert bench.get().state is State.PUBLISHED


@pytest.mark.parametrize(
    ("first", "again"),
    [
        (ADDRESS, ADDRESS),
        (ADDRESS, f"{ADDRESS}/"),
        (ADDRESS, f"{ADDRESS}#rd"),
        (f"{ADDRESS}#rd", ADDRESS),
        (ADDRESS, "http://WWW.example.gov.cn:80/7"),
        ("https://www.example.gov.cn/要闻/7.html", "https://www.example.gov.cn/%E8%A6%81%E9%97%BB/7.html"),
        ("https://www.example.gov.cn/#/detail/7", "https://www.example.gov.cn/#/detail/7/"),
    ],
)
def test_an_address_is_taken_once_however_it_is_spelt(bench: Any, first: str, again: str) -> None:
    accepted(bench, "one", "two")
    resolve_published(bench.desk, 1, first, ANNA)
    with pytest.raises(StateError, match=r"投递 1.*投递 2") as refused:
        resolve_published(bench.desk, 2, again, ANNA)
    assert again in str(refused.value)
    assert [delivery.state for delivery in bench.all()] == [State.PUBLISHED, State.ACCEPTED]


@pytest.mark.parametrize(
    ("first", "other"),
    [
        ("https://mp.weixin.qq.com/s?__biz=M&mid=1&idx=1", "https://mp.weixin.qq.com/s?__biz=M&mid=1&idx=2"),
        ("https://www.example.gov.cn/#/detail/7", "https://www.example.gov.cn/#/detail/8"),
        ("https://www.example.gov.cn/#/detail/7", "https://www.example.gov.cn/"),
        ("https://www.example.gov.cn/7", "https://www.example.gov.cn/77"),
        ("https://www.example.gov.cn:8443/7", ADDRESS),
    ],
)
def test_another_page_is_another_address(bench: Any, first: str, other: str) -> None:
    accepted(bench, "one", "two")
    resolve_published(bench.desk, 1, first, ANNA)
    resolve_published(bench.desk, 2, other, ANNA)
    assert [delivery.state for delivery in bench.all()] == [State.PUBLISHED, State.PUBLISHED]


@pytest.fixture
def base() -> Iterator[str]:
    """A server that answers with the status in the path."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(int(self.path.strip("/")))
            self.send_header("Location", "http://127.0.0.1:1/nowhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Tests are silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize("status", [200, 204, 301, 302, 401, 403])
def test_a_page_a_redirect_and_a_door_count_as_there(base: str, status: int) -> None:
    require_reachable(f"{base}/{status}")


@pytest.mark.parametrize("status", [404, 410, 500, 503])
def test_an_error_page_does_not(base: str, status: int) -> None:
    with pytest.raises(StateError, match=rf"{base}/{status}（HTTP {status}）.*核对地址"):
        require_reachable(f"{base}/{status}")


def test_an_address_where_nobody_listens_says_why() -> None:
    with pytest.raises(StateError, match=r"打不开 http://127.0.0.1:1/a（.*没有在这个端口上服务"):
        require_reachable("http://127.0.0.1:1/a")


def test_silence_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    import socket  # noqa: PLC0415 - a listener that never answers

    monkeypatch.setattr(reach, "_WITHIN", 0.05)
    with socket.create_server(("127.0.0.1", 0)) as listener, pytest.raises(StateError, match="打不开"):
        require_reachable(f"http://127.0.0.1:{listener.getsockname()[1]}/a")
