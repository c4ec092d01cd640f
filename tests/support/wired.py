"""A client over the program's own wire, and the server that most of its tests want."""

import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx

from tests.support.adapting import machine_tls
from tests.support.odd_server import Connection, OddServer, answer
from xuanfa.adapters.shared.http import Answer, send_once
from xuanfa.adapters.shared.wire import Wire
from xuanfa.domain.outcome import Unknown, Unsent

#: More than any buffer between two sockets holds.
LARGE = b"x" * 20_000_000
#: What no message, log or error may show of a proxy.
PASSWORD = "Proxy-Word-7"


@contextmanager
def client(limit: float = 10.0, tls: ssl.SSLContext | None = None, **more: Any) -> Iterator[httpx.Client]:
    """Over a wire whose exchanges take ``limit`` seconds at most; ``more`` is said to the wire."""
    wire = Wire(tls or machine_tls(), limit=limit, **more)
    with httpx.Client(transport=wire, trust_env=False, timeout=httpx.Timeout(5.0)) as made:
        yield made


def keep_alive(*answers: bytes) -> Callable[[Connection], None]:
    """Answers one request after another on one connection, then is silent."""

    def behave(connection: Connection) -> None:
        for each in answers:
            if not connection.request():
                return
            connection.say(each)
        connection.request()
        connection.wait(20)

    return behave


def answering(connection: Connection) -> None:
    """Answers whatever is asked, for as long as it is."""
    while connection.request():
        connection.say(answer(b'{"id": 1}'))


def post(over: httpx.Client, server: OddServer, body: bytes = b'{"a": 1}') -> Answer | Unsent | Unknown:
    return send_once(over, "POST", f"{server.address}/hook", content=body)
