"""From a name to a connected stream, within the exchange's time."""

import socket
from collections.abc import Iterable, Sequence
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any

import httpcore

from xuanfa.adapters.shared.wire.exchange import LIMIT, Exchange
from xuanfa.adapters.shared.wire.stream import Stream
from xuanfa.domain.language import say
from xuanfa.domain.lease import lasting

#: How long looking a name up and connecting may take together. Seconds.
CONNECT_WITHIN = 10.0

#: What ``socket.getaddrinfo`` gives.
Found = tuple[int, int, int, str, tuple[Any, ...]]


class Backend(httpcore.NetworkBackend):
    """Connects for one thread. ``exchange`` is the one that goes on now."""

    def __init__(self) -> None:
        self.exchange = Exchange(LIMIT, None)
        #: The connection that was made for it, if any was.
        self.made: Stream | None = None

    def start(self, exchange: Exchange) -> None:
        """Another exchange begins; no connection has been made for it yet."""
        self.exchange, self.made = exchange, None

    @property
    def is_connected(self) -> bool:
        """Whether a connection was made for it."""
        return self.made is not None

    def hang_up(self) -> None:
        """Close the connection that was made for it."""
        if self.made is not None:
            self.made.close()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> Stream:
        """The name's addresses in turn, each with its share of the time that is left."""
        until = lasting() + min(CONNECT_WITHIN if timeout is None else timeout, self.exchange.seconds_left)
        try:
            dialled = self._dial(host, port, until)
        except TimeoutError as error:
            raise httpcore.ConnectTimeout(str(error) or "timed out") from error
        except OSError as error:
            raise httpcore.ConnectError(str(error)) from error
        self.made = Stream(dialled, self)
        return self.made

    def _dial(self, host: str, port: int, until: float) -> socket.socket:
        """Raises OSError, of the last address that was tried."""
        found = look_up(host, port, until - lasting())
        trouble: OSError = socket.gaierror(f"no address for {host}")
        for number, (family, kind, protocol, _, address) in enumerate(found):
            dialled = socket.socket(family, kind, protocol)
            try:
                dialled.settimeout(max((until - lasting()) / (len(found) - number), 0.001))
                dialled.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                dialled.connect(address)
            except OSError as error:
                dialled.close()
                trouble = error
            else:
                return dialled
        raise trouble


def look_up(host: str, port: int, seconds: float = CONNECT_WITHIN) -> Sequence[Found]:
    """The addresses of a name. Raises OSError; TimeoutError where the name service does not answer in time.

    The system's own look-up cannot be broken off, so that it is left behind on a thread of its own then.
    """
    if _is_address(host):
        return socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    answer: SimpleQueue[Sequence[Found] | OSError] = SimpleQueue()

    def ask() -> None:
        try:
            answer.put(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except OSError as error:
            answer.put(error)
        except UnicodeError as error:
            answer.put(socket.gaierror(str(error)))

    Thread(target=ask, name="xuanfa-name", daemon=True).start()
    try:
        found = answer.get(timeout=max(seconds, 0.001))
    except Empty:
        raise TimeoutError(say("域名服务迟迟不答复", "the name service did not answer in time")) from None
    if isinstance(found, OSError):
        raise found
    return found


def _is_address(host: str) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        socket.inet_pton(family, host.partition("%")[0])
    except (OSError, UnicodeError, ValueError):
        return False
    return True
