"""Mail servers that break off, fall silent or chat without end at each step: what that proves of the message."""

import socket
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.support.adapting import NOW
from tests.support.odd_server import Connection, odd_server
from tests.unit.mail.conftest import Bind, Start
from xuanfa.adapters.email import line
from xuanfa.domain.attempt import Order
from xuanfa.domain.finding import blocking
from xuanfa.domain.lease import PERMIT, Lease, Permit, lasting
from xuanfa.domain.outcome import Unknown, Unsent


class Breaking:
    """A server on a raw socket that breaks off at ``step``: it hangs up, or falls silent, instead of replying to it."""

    _REPLIES = (
        ("EHLO", b"250 hello\r\n"),
        ("MAIL", b"250 ok\r\n"),
        ("RCPT", b"250 ok\r\n"),
        ("DATA", b"354 go on\r\n"),
    )

    def __init__(self, step: str, *, silent: bool) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self.message = b""
        self.over = threading.Event()
        self._step, self._silent = step, silent
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def _serve(self) -> None:
        connection, _ = self._listener.accept()
        with connection, connection.makefile("rb") as lines:
            if self._step == "greeting":
                return self._break_off()
            connection.sendall(b"220 welcome\r\n")
            for verb, reply in (*self._REPLIES[:2], *self._REPLIES[2:3] * 3, self._REPLIES[3]):
                assert lines.readline().upper().startswith(verb.encode())
                if self._step == verb:
                    return self._break_off()
                connection.sendall(reply)
            if self._step == "message":
                lines.read(10)
                return self._break_off()
            while not self.message.endswith(b"\r\n.\r\n"):
                self.message += lines.readline()
            return self._break_off()

    def _break_off(self) -> None:
        if self._silent:
            self.over.wait(20)

    def stop(self) -> None:
        self.over.set()
        self._thread.join()
        self._listener.close()


@pytest.mark.parametrize("silent", [False, True], ids=["hangs up", "falls silent"])
@pytest.mark.parametrize("step", ["greeting", "EHLO", "MAIL", "RCPT", "DATA", "dot"])
def test_only_after_the_closing_dot_a_broken_dialogue_is_doubt(
    bind_mail: Bind, plain: Callable[..., Order], step: str, silent: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(line, "STEP_WITHIN", 0.2)
    monkeypatch.setattr(line, "TAKEN_WITHIN", 0.2)
    server = Breaking(step, silent=silent)
    adapter = bind_mail(server.port, security="none", username="", password="")
    outcome = adapter.publish(plain())
    server.stop()
    assert type(outcome) is (Unknown if step == "dot" else Unsent)
    assert (server.message != b"") is (step == "dot")
    assert isinstance(adapter.confirm(plain(), None), Unknown)


def test_a_connection_that_breaks_in_the_middle_of_the_message_sent_nothing(
    bind_mail: Bind, plain: Callable[..., Order], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Large enough to fill the buffers between, so that the writer notices before the dot."""
    monkeypatch.setattr(line, "STEP_WITHIN", 5)
    server = Breaking("message", silent=False)
    adapter = bind_mail(server.port, security="none", username="", password="", size_max_mb=100)
    large = plain()
    rendition = replace(large.rendition, body=large.rendition.body + "法" * 6_000_000)
    outcome = adapter.publish(replace(large, rendition=rendition))
    server.stop()
    assert isinstance(outcome, Unsent)
    assert not blocking(adapter.check(large.rendition))


def chatting(step: str) -> Callable[[Connection], None]:
    """A server that at ``step`` goes on replying line by line, for ever."""

    def behave(connection: Connection) -> None:
        lines = connection.socket.makefile("rb")
        connection.say(b"220 welcome\r\n")
        for verb, reply in (
            ("EHLO", b"250 hello\r\n"),
            ("MAIL", b"250 ok\r\n"),
            *[("RCPT", b"250 ok\r\n")] * 3,
            ("DATA", b"354 go\r\n"),
        ):
            assert lines.readline().upper().startswith(verb.encode())
            if step == verb:
                break
            connection.say(reply)
        while step == "dot" and lines.readline() != b".\r\n":
            pass
        endless(connection)

    return behave


def endless(connection: Connection) -> None:
    while not connection.server.over.is_set():
        connection.say(b"250-and another line\r\n")
        connection.wait(0.02)


@pytest.mark.parametrize(("step", "expected"), [("EHLO", Unsent), ("RCPT", Unsent), ("DATA", Unsent), ("dot", Unknown)])
def test_one_deadline_ends_the_whole_dialogue(
    bind_mail: Bind, plain: Callable[..., Order], step: str, expected: type
) -> None:
    with odd_server(chatting(step)) as server:
        adapter = bind_mail(server.port, limit=0.6, security="none", username="", password="")
        begun = lasting()
        outcome = adapter.publish(plain())
        assert lasting() - begun < 2
    assert type(outcome) is expected
    assert "用满 1 秒" in outcome.evidence  # type: ignore[union-attr]


def test_replies_without_end_are_not_read_for_ever(bind_mail: Bind, plain: Callable[..., Order]) -> None:
    def flood(connection: Connection) -> None:
        connection.say(b"220 welcome\r\n")
        connection.socket.recv(100)
        while not connection.server.over.is_set():
            connection.say(b"250-and another line\r\n" * 1000)

    with odd_server(flood) as server:
        outcome = bind_mail(server.port, security="none", username="", password="").publish(plain())
    assert isinstance(outcome, Unsent)
    assert "1,100,000" in outcome.evidence


def test_the_last_dot_is_not_sent_after_the_lease(start: Start, bind_mail: Bind, plain: Callable[..., Order]) -> None:
    """The lease ends while the message is handed over: without its dot it is nobody's, and nothing else is said to the server."""
    mailbox, port = start(encrypted=False)
    now = [NOW]
    permit = Permit(Lease(until=NOW + timedelta(seconds=120), span=timedelta(seconds=120)), lambda: now[0])
    real = line.Line.send

    def send(self: line.Line, data: Any) -> None:
        real(self, data)
        if len(data) > 1000:
            now[0] += timedelta(seconds=121)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(line.Line, "send", send)
        token = PERMIT.set(permit)
        outcome = bind_mail(port, security="none", username="", password="").publish(plain())
        PERMIT.reset(token)
    assert isinstance(outcome, Unsent)
    assert "租约" in outcome.evidence
    assert mailbox.taken == []
    assert permit.last is not None
    assert permit.last.total == permit.last.sent + len(b".\r\n")
