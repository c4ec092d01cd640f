"""``lease_seconds``: the whole exchange ends before the lease does, and what comes later is no answer. Time passes where the test says so."""

import json
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.support.answered_wire import Answered, answered, to_requests
from tests.support.odd_server import answer
from xuanfa.adapters.shared.wire import exchange, stream
from xuanfa.adapters.shared.wire.backend import Backend
from xuanfa.domain import lease

WELL = answer(json.dumps({"ok": True, "id": "n1", "url": "/news/1.html"}).encode())
#: Settings, and how long one exchange may then take. Seconds.
LIMITS = [
    ("lease_seconds = 30", 25),
    ("lease_seconds = 60", 55),
    ("lease_seconds = 12", 7),
    ("lease_seconds = 6", 3),  # half of one that is shorter than two margins
    ("lease_seconds = 30\nrequest_seconds = 10", 10),
    ("lease_seconds = 600", 120),
]


class Time:
    """Seconds that have passed for the wire besides those that really have."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.passed = 0.0
        real = lease.lasting
        for module in (lease, exchange, stream):
            patch.setattr(module, "lasting", lambda: real() + self.passed)


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Time:
    return Time(monkeypatch)


@pytest.fixture
def post(workspace: Path, write_post: Any) -> Callable[[str], None]:
    """Set the times, and write a post."""

    def made(times: str) -> None:
        path = workspace / "xuanfa.toml"
        path.write_text(path.read_text(encoding="utf-8") + f"\n[publish]\n{times}\n", encoding="utf-8")
        write_post(more="channels: [cms]\n")

    return made


def connects_to(patch: pytest.MonkeyPatch, made: Callable[[], socket.socket]) -> None:
    patch.setattr(Backend, "_dial", lambda *_: made())


def after(time: Time, seconds: float) -> Callable[[], socket.socket]:
    """A receiver that takes so long for its answer."""
    reply = to_requests([(WELL, False)])

    def thinking(heard: bytes) -> tuple[bytes, bool] | None:
        said = reply(heard)
        time.passed += seconds if said else 0
        return said

    return lambda: answered(thinking)


def never(time: Time, seconds: float) -> Callable[[], socket.socket]:
    """A receiver that has given no answer when so much time has passed."""
    reply = to_requests([(WELL, False)])

    def silent(heard: bytes) -> None:
        time.passed += seconds if reply(heard) else 0

    return lambda: answered(silent)


def attempt(xuanfa: Any) -> tuple[str, str, int, int, str]:
    """How the only delivery stands, and how its only attempt ended."""
    (row,) = xuanfa("deliveries", "--json").json
    (line,) = [line for line in xuanfa("show", "1", "--json").json[0]["history"] if "bytes_total" in line]
    return row["state"], line["outcome"], line["bytes_sent"], line["bytes_total"], line["why"]


@pytest.fixture(params=LIMITS, ids=lambda pair: pair[0])
def limit(request: pytest.FixtureRequest, post: Any) -> int:
    """A post is there, and an exchange may take so many seconds."""
    times, seconds = request.param
    post(times)
    return int(seconds)


def test_an_answer_counts_until_the_exchange_has_to_be_over(
    xuanfa: Any, time: Time, limit: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    connects_to(monkeypatch, after(time, limit - 1))
    assert xuanfa("publish").code == 0
    assert attempt(xuanfa)[:2] == ("published", "published")


def test_an_answer_that_comes_later_is_none(
    xuanfa: Any, time: Time, limit: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Though the lease has not ended: whoever writes it down needs what is left."""
    connects_to(monkeypatch, never(time, limit + 0.5))
    assert xuanfa("publish").code == 1
    state, outcome, sent, total, why = attempt(xuanfa)
    assert (state, outcome, sent) == ("unknown", "unknown", total)
    assert f"用满 {limit} 秒" in why


def test_a_body_that_drips_ends_with_the_exchange(
    xuanfa: Any, post: Any, time: Time, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its head was in time. On either database."""
    monkeypatch.setenv("XUANFA_DATABASE_URL", database)
    post("lease_seconds = 30")
    head, _, body = WELL.partition(b"\r\n\r\n")
    heard_of: list[Answered] = []

    class Dripping(Answered):
        is_there = False

        def recv(self, size: int, flags: int = 0) -> bytes:
            if flags & socket.MSG_PEEK or not heard_of:
                return super().recv(size, flags)
            self.is_there = not self.is_there
            if self.is_there:
                time.passed += 3  # each byte takes its time, and is waited for
                raise BlockingIOError
            return super().recv(1, flags)

    def made() -> socket.socket:
        connected = answered(to_requests([(head + b"\r\n\r\n" + body, False)]))
        dripping = Dripping(fileno=connected.detach())
        dripping.other, dripping.reply = connected.other, connected.reply
        heard_of.append(dripping)
        return dripping

    connects_to(monkeypatch, made)
    assert xuanfa("publish").code == 1
    state, outcome, sent, total, why = attempt(xuanfa)
    assert (state, outcome, sent) == ("unknown", "unknown", total)
    assert "用满 25 秒" in why
    assert time.passed < 30


@pytest.mark.parametrize("part", [0.0, 0.01, 0.5, 0.99])
def test_what_could_not_be_written_in_time_is_provably_unsent(
    xuanfa: Any, post: Any, time: Time, part: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A receiver that reads no further: its machine takes some of the request, and no more."""
    post("lease_seconds = 30")

    class Full(socket.socket):
        other: socket.socket
        room: int | None = None

        def send(self, data: Any, flags: int = 0) -> int:
            permit = lease.PERMIT.get()
            assert permit is not None
            assert permit.last is not None
            assert permit.last.total is not None
            self.room = int(permit.last.total * part) if self.room is None else self.room
            if not self.room:
                time.passed += 26
                raise BlockingIOError
            sent = super().send(memoryview(data)[: self.room], flags)
            self.room -= sent
            return sent

        def close(self) -> None:
            self.other.close()
            super().close()

    def made() -> socket.socket:
        ours, theirs = socket.socketpair()
        full = Full(fileno=ours.detach())
        full.other = theirs
        return full

    connects_to(monkeypatch, made)
    assert xuanfa("publish").code == 0
    state, outcome, sent, total, why = attempt(xuanfa)
    assert (state, outcome, sent) == ("scheduled", "unsent", int(total * part))
    assert f"{total:,} 字节中只有 {sent:,} 字节离开本机，对方不可能收全" in why


def test_a_connection_that_took_the_time_leaves_none_for_the_request(
    xuanfa: Any, post: Any, time: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of 25 s a quarter has to be left, or it would end in doubt: nothing leaves, and nothing is in doubt."""
    post("lease_seconds = 30")
    sent: list[bytes] = []

    def made() -> socket.socket:
        time.passed += 20
        return answered(sent.append)  # type: ignore[func-returns-value]

    connects_to(monkeypatch, made)
    assert xuanfa("publish").code == 0
    assert attempt(xuanfa)[:3] == ("scheduled", "unsent", 0)
    assert sent == []
