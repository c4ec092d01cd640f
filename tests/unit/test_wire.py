"""The wire: what is proved of a request by what left, one deadline, clean connections, caps."""

import gzip
import socket
import ssl
import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from tests.support.cut_wire import WHERE, At, CutWire, measured
from tests.support.odd_server import Connection, OddServer, answer, odd_server
from xuanfa.adapters.http import Answer, judge_status, send_once
from xuanfa.adapters.wire import Wire, exchange
from xuanfa.adapters.wire.backend import Backend
from xuanfa.adapters.wire.tls import trusting
from xuanfa.domain.lease import PERMIT, Lease, Permit, lasting
from xuanfa.domain.outcome import Rejected, Unknown, Unsent

LARGE = b"x" * 20_000_000


@contextmanager
def client(limit: float = 10.0, tls: ssl.SSLContext | None = None, **more: Any) -> Iterator[httpx.Client]:
    wire = Wire(tls or trusting(), limit=limit, **more)
    with httpx.Client(transport=wire, trust_env=False, timeout=httpx.Timeout(5.0)) as made:
        yield made


def post(over: httpx.Client, server: OddServer, body: bytes = b'{"a": 1}') -> Answer | Unsent | Unknown:
    return send_once(over, "POST", f"{server.address}/hook", content=body)


def keep_alive(*answers: bytes) -> Any:
    """Answers one request after another on one connection, then is silent."""

    def behave(connection: Connection) -> None:
        for each in answers:
            if not connection.request():
                return
            connection.say(each)
        connection.request()
        connection.wait(20)

    return behave


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


def test_an_answer_that_begins_before_the_request_has_ended_counts() -> None:
    """A server that refuses a large body reads no further: waiting for it to read would end in doubt."""

    def refuse(connection: Connection) -> None:
        connection.socket.recv(1000)
        connection.say(answer(b"too large", "413 Content Too Large"))
        connection.wait(20)

    with odd_server(refuse) as server, client() as over:
        outcome = post(over, server, LARGE)
        assert isinstance(outcome, Answer)
        assert outcome.status == 413
        assert isinstance(judge_status(outcome), Rejected)


def test_an_interim_answer_while_the_request_is_written_is_not_the_answer() -> None:
    def behave(connection: Connection) -> None:
        first = connection.socket.recv(100)
        connection.say(b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n")
        missing = len(LARGE) - len(first)
        while missing > 0 and (got := connection.socket.recv(1_000_000)):
            missing -= len(got)
        connection.say(answer(b'{"id": 1}'))
        connection.wait(20)

    with odd_server(behave) as server, client() as over:
        outcome = post(over, server, LARGE)
        assert isinstance(outcome, Answer), outcome
        assert outcome.fields == {"id": 1}


def test_a_peer_that_resets_a_long_request_cannot_have_all_of_it() -> None:
    def cut(connection: Connection) -> None:
        connection.socket.recv(1000)
        connection.reset()

    with odd_server(cut) as server, client() as over:
        outcome = post(over, server, LARGE)
        assert isinstance(outcome, Unsent)
        assert 0 < outcome.left < len(LARGE)


def packed(times: int, size: int = 30_000_000) -> bytes:
    data = bytes(size)
    for _ in range(times):
        data = gzip.compress(data, mtime=0)
    return data


@pytest.mark.parametrize(
    ("encoding", "body", "says"),
    [
        ("", b"x" * 2_000_000, "1,100,000"),
        ("gzip", packed(1), "解压后的回答超过 1,000,000"),
        ("gzip, gzip", packed(2), "解压后的回答超过 1,000,000"),
        ("deflate", zlib.compress(bytes(30_000_000)), "解压后的回答超过 1,000,000"),
        ("deflate", zlib.compress(bytes(30_000_000))[2:-4], "解压后的回答超过 1,000,000"),
    ],
    ids=["plain", "gzip", "gzip twice", "deflate", "bare deflate"],
)
def test_an_answer_over_a_cap_is_doubt_that_names_the_cap(encoding: str, body: bytes, says: str) -> None:
    packing = [f"Content-Encoding: {encoding}"] if encoding else []
    with odd_server(keep_alive(answer(body, "200 OK", *packing))) as server, client() as over:
        outcome = post(over, server)
        assert isinstance(outcome, Unknown)
        assert says in outcome.evidence


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("gzip", gzip.compress(b'{"id": 1}', mtime=0)),
        ("x-gzip", gzip.compress(b'{"id": 1}', mtime=0)),
        ("gzip, gzip", gzip.compress(gzip.compress(b'{"id": 1}', mtime=0), mtime=0)),
        ("deflate", zlib.compress(b'{"id": 1}')),
        ("deflate", zlib.compress(b'{"id": 1}')[2:-4]),
        ("identity", b'{"id": 1}'),
    ],
    ids=["gzip", "x-gzip", "gzip twice", "deflate", "bare deflate", "identity"],
)
def test_a_packed_answer_is_read(encoding: str, body: bytes) -> None:
    with (
        odd_server(keep_alive(*[answer(body, "200 OK", f"Content-Encoding: {encoding}")] * 2)) as server,
        client() as over,
    ):
        for _ in range(2):
            outcome = post(over, server)
            assert isinstance(outcome, Answer)
            assert outcome.fields == {"id": 1}
        assert server.connections == 1


def test_what_is_packed_over_and_over_is_not_unpacked() -> None:
    body = gzip.compress(gzip.compress(gzip.compress(b"{}")))
    with (
        odd_server(keep_alive(answer(body, "200 OK", "Content-Encoding: " + "gzip, " * 3000 + "gzip"))) as server,
        client() as over,
    ):
        outcome = post(over, server)
        assert isinstance(outcome, Answer)
        assert outcome.body == body


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
