"""The wire: answers that come early, packed, in pieces or without end, and the caps on them."""

import gzip
import threading
import zlib
from typing import Any

import pytest

from tests.support.odd_server import Connection, answer, odd_server
from tests.support.wired import LARGE, client, keep_alive, post
from xuanfa.adapters.shared.http import Answer, judge_status
from xuanfa.adapters.shared.wire import exchange
from xuanfa.adapters.shared.wire.backend import Backend
from xuanfa.domain.outcome import Rejected, Unknown


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
        ("gzip", gzip.compress(b'{"id": 1}' + b" " * 90_000, mtime=0) + b"what nobody asked for"),
        ("deflate", zlib.compress(b'{"id": 1}' + b" " * 90_000) + bytes(3)),
    ],
    ids=["gzip", "x-gzip", "gzip twice", "deflate", "bare deflate", "identity", "behind a long one", "behind deflate"],
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
        assert outcome.body.decode().startswith("（回答的压缩方式 gzip, gzip")
        assert outcome.body.decode().endswith("解不开）")


def test_an_endless_head_is_doubt_that_names_the_cap() -> None:
    head = b"HTTP/1.1 200 OK\r\n" + b"X-Filler: " + b"x" * 300_000 + b"\r\n\r\n"
    with odd_server(keep_alive(head)) as server, client() as over:
        outcome = post(over, server)
        assert isinstance(outcome, Unknown)
        assert "回答的首部超过 102,400" in outcome.evidence


def test_an_answer_that_came_while_the_machine_was_suspended_is_read() -> None:
    """The deadline has passed by then, and what lies there may be the proof of a publication."""
    came, woken = threading.Event(), list[float]()

    def answering(connection: Connection) -> None:
        connection.request()
        connection.say(answer(b'{"id": 7}'))
        came.set()
        connection.wait(20)

    class Sleepy(Backend):
        def connect_tcp(self, *args: Any, **kwargs: Any) -> Any:
            stream = super().connect_tcp(*args, **kwargs)
            read = stream.read

            def suspended(most: int, timeout: float | None = None) -> bytes:
                assert came.wait(5)
                woken.append(600.0)
                return read(most, timeout)

            stream.read = suspended  # type: ignore[method-assign]
            return stream

    real = exchange.lasting
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(exchange, "lasting", lambda: real() + sum(woken))
        with odd_server(answering) as server, client(limit=60, backend=Sleepy()) as over:
            outcome = post(over, server)
    assert isinstance(outcome, Answer), outcome
    assert outcome.fields == {"id": 7}
