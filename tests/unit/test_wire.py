"""The wire: what is proved of a request by what left, one deadline, clean connections."""

import socket
import threading
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.support.cut_wire import WHERE, At, CutWire, measured
from tests.support.odd_server import Connection, answer, odd_server
from tests.support.wired import LARGE, client, keep_alive, post
from xuanfa.adapters.shared.http import Answer, send_once
from xuanfa.adapters.shared.wire import exchange
from xuanfa.adapters.shared.wire.backend import Backend
from xuanfa.domain.lease import PERMIT, Lease, Permit, lasting
from xuanfa.domain.outcome import Unknown, Unsent


def test_a_connection_is_used_again() -> None:
    with odd_server(keep_alive(*[answer()] * 3)) as server, client() as over:
        for _ in range(3):
            assert isinstance(post(over, server), Answer)
        assert server.connections == 1


@pytest.mark.parametrize(
    "behind",
    [
        answer(b'{"id": 7}'),
        b"\r\n",
        b"H",
        b"HTTP/1.1 200 OK\r\nContent-Le",
        b"HTTP/1.1 103 Early Hints\r\n\r\n",
    ],
)
@pytest.mark.parametrize("later", [False, True])
def test_what_lies_behind_an_answer_is_no_answer_to_the_next_request(behind: bytes, later: bool) -> None:
    """A receiver answers the first request twice, at once or a moment later, and then is silent."""
    said = threading.Event()

    def twice(connection: Connection) -> None:
        connection.request()
        connection.say(answer(b'{"id": 1}') if later else answer(b'{"id": 1}') + behind)
        if later:
            connection.say(behind)
        said.set()
        connection.request()
        connection.wait(20)

    with odd_server(twice, keep_alive()) as server, client(limit=0.5) as over:
        assert isinstance(post(over, server), Answer)
        said.wait(5)
        second = post(over, server)
        assert isinstance(second, Unknown), second
        assert server.connections == 2


def test_a_late_second_answer_is_no_answer_to_the_next_attempt() -> None:
    """It may come after the next request has been written, and is then like an answer to that: an attempt shares no connection."""

    def late(connection: Connection) -> None:
        connection.request()
        connection.say(answer(b'{"id": 1}'))
        connection.request()
        connection.say(answer(b'{"id": 1}'))
        connection.wait(20)

    token = PERMIT.set(leased(120)[0])
    with odd_server(late, keep_alive()) as server, client(limit=0.5) as over:
        assert isinstance(post(over, server), Answer)
        assert isinstance(post(over, server), Unknown)
        assert server.connections == 2
    PERMIT.reset(token)


def test_an_answer_that_only_its_end_shows_ends_the_connection() -> None:
    chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"
    with odd_server(keep_alive(chunked), keep_alive(answer())) as server, client() as over:
        first = post(over, server)
        assert isinstance(first, Answer)
        assert first.body == b"{}"
        assert isinstance(post(over, server), Answer)
        assert server.connections == 2


def test_a_connection_that_was_closed_while_idle_is_noticed_before_anything_is_written() -> None:
    closed = threading.Event()

    def once(connection: Connection) -> None:
        connection.request()
        connection.say(answer())
        connection.socket.close()
        closed.set()

    with odd_server(once) as server, client() as over:
        for _ in range(3):
            closed.clear()
            assert isinstance(post(over, server), Answer)
            closed.wait(5)
        assert server.connections == 3
        assert len(server.requests) == 3


@pytest.mark.parametrize("greeting", [b"220 welcome\r\n", None])
def test_a_server_that_speaks_or_hangs_up_before_it_is_asked_gets_nothing(greeting: bytes | None) -> None:
    ours, theirs = socket.socketpair()
    if greeting is None:
        theirs.shutdown(socket.SHUT_WR)
    else:
        theirs.sendall(greeting)
    with theirs, client(backend=At(ours)) as over:
        outcome = send_once(over, "POST", "http://host/hook", content=b"x")
        assert isinstance(outcome, Unsent)
        assert outcome.left == 0
        theirs.setblocking(False)
        with suppress(ConnectionResetError):  # so it is told of its greeting, which nobody read
            assert theirs.recv(100) == b""


@pytest.mark.parametrize("where", WHERE)
def test_what_was_not_accepted_whole_is_unsent_and_what_was_is_doubt(where: str) -> None:
    ours, theirs = socket.socketpair()
    cut = CutWire(WHERE[where]).wrap(ours)
    with theirs, client(0.2, backend=At(cut)) as over, measured() as permit:
        outcome = send_once(over, "POST", "http://host/hook", content=b'{"a": 1}')
    assert permit.last is not None
    whole, left = permit.last.total, permit.last.sent
    assert whole is not None
    assert left == WHERE[where](whole)
    if left < whole:
        assert isinstance(outcome, Unsent)
        assert outcome.left == left
        assert f"{whole} 字节中只有 {left} 字节离开本机，对方不可能收全" in outcome.evidence
    else:
        assert isinstance(outcome, Unknown)
        assert f"{whole} 字节中有 {whole} 字节离开本机" in outcome.evidence


def dripping(connection: Connection) -> None:
    """One header line after another, for ever."""
    connection.request()
    connection.say(b"HTTP/1.1 200 OK\r\n")
    while not connection.server.over.is_set():
        connection.say(b"X-Line: 1\r\n")
        connection.wait(0.05)


def hinting(connection: Connection) -> None:
    """One interim answer after another, for ever."""
    connection.request()
    while not connection.server.over.is_set():
        connection.say(b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n")
        connection.wait(0.05)


def trickling(connection: Connection) -> None:
    """A body that never comes to its end."""
    connection.request()
    connection.say(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
    while not connection.server.over.is_set():
        connection.say(b"x")
        connection.wait(0.05)


def never_reading(connection: Connection) -> None:
    connection.wait(20)


@pytest.mark.parametrize(
    ("behave", "body", "expected"),
    [
        (dripping, b"{}", Unknown),
        (hinting, b"{}", Unknown),
        (trickling, b"{}", Unknown),
        (never_reading, b"{}", Unknown),
        (never_reading, LARGE, Unsent),
    ],
    ids=["dripping", "hinting", "trickling", "silent", "never reading"],
)
def test_one_deadline_ends_the_whole_exchange(behave: Any, body: bytes, expected: type) -> None:
    with odd_server(behave) as server, client(limit=0.5) as over:
        begun = lasting()
        outcome = post(over, server, body)
        assert lasting() - begun < 1.5
        assert type(outcome) is expected
        assert "用满 0 秒" in outcome.evidence or "用满 1 秒" in outcome.evidence  # type: ignore[union-attr]


def test_a_peer_that_resets_a_long_request_cannot_have_all_of_it() -> None:
    def cut(connection: Connection) -> None:
        connection.socket.recv(1000)
        connection.reset()

    with odd_server(cut) as server, client() as over:
        outcome = post(over, server, LARGE)
        assert isinstance(outcome, Unsent)
        assert 0 < outcome.left < len(LARGE)


def leased(seconds: float) -> tuple[Permit, list[datetime]]:
    """A permit of a lease that ends so many seconds from now, and the clock that it goes by."""
    now = [datetime(2026, 3, 2, 1, 0, tzinfo=UTC)]
    lease = Lease(until=now[0] + timedelta(seconds=seconds), span=timedelta(seconds=120))
    return Permit(lease, lambda: now[0]), now


def test_nothing_leaves_after_the_lease_whatever_the_thread_was_doing_when_it_ended() -> None:
    """The lease ends while the connection is being made: it is asked for again right before the first byte."""
    permit, now = leased(120)

    class Stopped(Backend):
        def _dial(self, host: str, port: int, until: float) -> socket.socket:
            connected = super()._dial(host, port, until)
            now[0] += timedelta(seconds=121)
            return connected

    token = PERMIT.set(permit)
    with odd_server(keep_alive(answer())) as server, client(backend=Stopped()) as over:
        outcome = post(over, server)
        assert isinstance(outcome, Unsent)
        assert outcome.left == 0
        assert "租约" in outcome.evidence
    PERMIT.reset(token)
    assert server.requests in ([], [b""])


def test_a_request_is_not_begun_that_would_have_no_time_for_its_answer() -> None:
    permit, now = leased(120)
    token = PERMIT.set(permit)
    with odd_server(keep_alive(answer(), answer())) as server, client(limit=60) as over:
        now[0] += timedelta(seconds=80)
        assert isinstance(post(over, server), Answer)
        now[0] += timedelta(seconds=10)
        assert isinstance(post(over, server), Unsent)
    PERMIT.reset(token)
    assert len(server.requests) <= 2


def test_a_request_stops_in_the_middle_when_its_time_is_over() -> None:
    """A process that wakes after its lease does not write the rest of what it had begun."""
    ours, theirs = socket.socketpair()
    woken: list[float] = []

    class Sleepy(socket.socket):
        def send(self, data: Any, flags: int = 0) -> int:
            if len(data) > 1000:  # the head is through, and the machine is suspended in the body
                woken.append(600.0)
                return super().send(memoryview(data)[:1000], flags)
            return super().send(data, flags)

    real = exchange.lasting
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(exchange, "lasting", lambda: real() + sum(woken))
        with theirs, client(limit=60, backend=At(Sleepy(fileno=ours.detach()))) as over:
            outcome = send_once(over, "POST", "http://host/hook", content=b"x" * 5000)
    assert isinstance(outcome, Unsent)
    assert outcome.left < 2000
