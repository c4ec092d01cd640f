"""A wire without a network: what is asked is answered with given bytes, from inside of the process."""

import select
import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import pytest

from xuanfa.adapters.shared.wire import backend, exchange, stream
from xuanfa.adapters.shared.wire.backend import Backend
from xuanfa.domain.lease import lasting

#: From what has been sent so far to what comes back, and whether the other side hangs up after it; ``None`` while there is more to hear.
Reply = Callable[[bytes], tuple[bytes, bool] | None]


class Answered(socket.socket):
    """One end of a pair. What is written to it is heard at once; nothing of the other end ever blocks."""

    other: socket.socket
    reply: Reply
    _heard = b""

    def send(self, data: Any, flags: int = 0) -> int:
        self._heard += bytes(data)
        said = self.reply(self._heard)
        if said is not None:
            self._heard = b""
            self.other.setblocking(False)
            words, hangs_up = said
            while words:
                try:
                    words = words[self.other.send(words[:50_000]) :]
                except (BlockingIOError, OSError):
                    break  # more than a socket holds: the rest is lost on the way
            if hangs_up:
                self.other.shutdown(socket.SHUT_WR)
        return len(data)

    def close(self) -> None:
        self.other.close()
        super().close()


class AnsweredBackend(Backend):
    """Connects to nothing; each connection is answered by ``reply``, after a greeting if there is one."""

    def __init__(self, reply: Reply, greeting: bytes | None = b"") -> None:
        super().__init__()
        self._reply, self._greeting = reply, greeting

    def _dial(self, host: str, port: int, until: float) -> socket.socket:
        return answered(self._reply, self._greeting)


def answered(reply: Reply, greeting: bytes | None = b"") -> Answered:
    """A connected socket; without a greeting the other side has hung up."""
    ours, theirs = socket.socketpair()
    made = Answered(fileno=ours.detach())
    made.other, made.reply = theirs, reply
    if greeting is None:
        theirs.shutdown(socket.SHUT_WR)
    else:
        theirs.sendall(greeting)
    return made


def to_requests(answers: Sequence[tuple[bytes, bool]]) -> Reply:
    """Each whole HTTP request is answered by the next of these, the last one again and again."""
    left = list(answers)

    def reply(heard: bytes) -> tuple[bytes, bool] | None:
        head, end, body = heard.partition(b"\r\n\r\n")
        if not end:
            return None
        lengths = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
        if lengths and len(body) < int(lengths[0].partition(b":")[2]):
            return None
        return left.pop(0) if len(left) > 1 else left[0]

    return reply


def to_lines(replies: Sequence[tuple[bytes, bool]]) -> Reply:
    """Each line of a mail dialogue, and each message, is answered by the next of these, the last one again and again; and whether the
    server hangs up then."""
    left = list(replies)
    in_message = [False]

    def reply(heard: bytes) -> tuple[bytes, bool] | None:
        if not heard.endswith(b"\r\n.\r\n" if in_message[0] else b"\r\n"):
            return None
        said = left.pop(0) if len(left) > 1 else left[0]
        in_message[0] = heard.upper().startswith(b"DATA") and said[0].startswith(b"354")
        return said

    return reply


@contextmanager
def waiting_costs_nothing() -> Iterator[None]:
    """Where an answered wire has nothing to hear, nothing will come either: the wire's clock is moved to the end of its waiting instead.
    Its seconds are then those of a real server, and a test's own are its work."""
    skipped = [0.0]

    class Poll:
        def __init__(self) -> None:
            self._real = select.poll()
            self.register = self._real.register

        def poll(self, milliseconds: float) -> list[tuple[int, int]]:
            found = self._real.poll(0)
            if not found:
                skipped[0] += milliseconds / 1000
            return found

    with pytest.MonkeyPatch.context() as patch:
        for module in (backend, exchange, stream):
            patch.setattr(module, "lasting", lambda: lasting() + skipped[0])
        patch.setattr(stream, "select", SimpleNamespace(poll=Poll, POLLIN=select.POLLIN, POLLOUT=select.POLLOUT))
        yield
