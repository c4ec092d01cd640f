"""A stream: the one place where bytes of a request leave and bytes of an answer come in."""

import re
import select
import socket
import ssl
from typing import Any, Protocol

import httpcore

from xuanfa.adapters.shared.wire.exchange import Exchange
from xuanfa.domain.language import say
from xuanfa.domain.lease import lasting

#: What one record of TLS holds (RFC 8446, 5.1): written one by one, so that what was accepted is known. Bytes.
RECORD = 16_384
#: What is read at once while a request is still being written. Bytes.
_EARLY = 65_536
_HEAD_ENDS = re.compile(rb"\n\r?\n")
_WANTS = (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError)


class Side(Protocol):
    """Whose stream it is: it knows the exchange that goes on now."""

    exchange: Exchange


class Stream(httpcore.NetworkStream):
    """A connected socket, never blocking: every wait ends by the exchange's deadline.

    It hands an answer over so far as it belongs to the exchange, and keeps what lies behind it: that makes the connection unfit.
    """

    def __init__(self, connected: socket.socket, side: Side) -> None:
        connected.setblocking(False)
        self._socket = connected
        self._secure = isinstance(connected, ssl.SSLSocket)
        self._side = side
        self._readable, self._both = select.poll(), select.poll()
        self._readable.register(connected, select.POLLIN)
        self._both.register(connected, select.POLLIN | select.POLLOUT)
        #: Read from the socket and not handed over yet.
        self._kept = b""
        #: The last bytes of an unfinished head that were handed over.
        self._tail = b""
        #: How much of the answer's body is still to come; ``None`` while its head is read, or where it does not say.
        self._due: int | None = None
        self._reads_head = False
        self._used = False
        self._unfit = False

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Write it all. What begins a request goes through the fence, on a connection on which nothing lies."""
        exchange = self._side.exchange
        if not exchange.begun and exchange.mark and buffer.startswith(exchange.mark):
            self._begin(exchange, len(buffer))
        rest = memoryview(buffer)
        while rest:
            accepted = self._send(rest[:RECORD] if self._secure else rest, exchange, timeout)
            if exchange.counts:
                exchange.sent += accepted
            rest = rest[accepted:]

    def _begin(self, exchange: Exchange, size: int) -> None:
        if not self.is_clean():
            if self._used:
                raise httpcore.ConnectionNotAvailable  # nothing has been written: another connection is as good
            raise httpcore.ConnectError(
                say("对方在请求之前就说话或挂断了", "the other side spoke or hung up before it was asked")
            )
        exchange.begin(size)
        self._used, self._reads_head, self._due, self._tail = True, True, None, b""

    def is_clean(self) -> bool:
        """Whether the connection is open and nothing lies on it."""
        if self._unfit or self._kept:
            return False
        try:
            # What TLS has read but not given out, and what it keeps for itself (session tickets), only TLS can tell apart.
            self._socket.recv(1) if self._secure else self._socket.recv(1, socket.MSG_PEEK)
        except _WANTS:
            return True
        except OSError:
            return False
        return False

    def _send(self, data: memoryview, exchange: Exchange, timeout: float | None) -> int:
        """Have some of it accepted. An answer that begins while the other side reads no further ends the writing."""
        until = None if timeout is None else lasting() + timeout
        while True:
            left = exchange.seconds_left
            try:
                return self._socket.send(data)
            except _WANTS:
                events = self._wait(self._both, left, until, httpcore.WriteTimeout)
            except OSError as error:
                raise httpcore.WriteError(str(error)) from error
            if events & ~select.POLLOUT and (why := self._stopped_by(exchange)):
                # The library goes on to read after this error, and after no other.
                raise httpcore.WriteError(why)

    def _stopped_by(self, exchange: Exchange) -> str:
        """Keep what has come meanwhile. Why nothing more need be written, where it is more than an interim answer (1xx), or the end."""
        try:
            data = self._socket.recv(_EARLY)
        except _WANTS:
            return ""
        except OSError as error:
            return str(error)
        if not data:
            self._unfit = True
            return say("对方没有收完就关闭了连接", "the other side closed the connection before it had it all")
        exchange.hear(len(data))
        self._kept += data
        said = self._kept
        while said.startswith(b"HTTP/1.1 1") and (end := _HEAD_ENDS.search(said)):
            said = said[end.end() :]
        is_answer = bool(said) and not b"HTTP/1.1 1".startswith(said[:10])
        return say("对方提前回答", "answered before the end") if is_answer else ""

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Some bytes, as far as they belong to this answer; empty at the end."""
        if self._due is not None:
            max_bytes = min(max_bytes, self._due)
        data = self._kept[:max_bytes]
        if data:
            self._kept = self._kept[max_bytes:]
        else:
            data = self._receive(max_bytes, timeout)
        if self._due is not None:
            self._due -= len(data)
        elif self._reads_head:
            data = self._up_to_the_heads_end(data)
        return data

    def _receive(self, max_bytes: int, timeout: float | None) -> bytes:
        exchange = self._side.exchange
        until = None if timeout is None else lasting() + timeout
        while True:
            try:
                # Before the time is asked for: what has come while this process was stopped is an answer all the same.
                data = self._socket.recv(max_bytes)
            except ssl.SSLWantWriteError:
                self._wait(self._both, exchange.seconds_left, until, httpcore.ReadTimeout)
            except _WANTS:
                self._wait(self._readable, exchange.seconds_left, until, httpcore.ReadTimeout)
            except OSError as error:
                raise httpcore.ReadError(str(error)) from error
            else:
                exchange.hear(len(data))
                return data

    def _up_to_the_heads_end(self, data: bytes) -> bytes:
        before = len(self._tail)
        seen = self._tail + data
        end = _HEAD_ENDS.search(seen)
        if end is None:
            self._tail = seen[-2:]
            return data
        self._tail = b""
        mine = end.end() - before
        self._kept = data[mine:] + self._kept
        return data[:mine]

    def expect(self, length: int | None) -> None:
        """The answer's head is there; its body has ``length`` bytes, or none that could be known beforehand."""
        self._reads_head, self._due = False, length

    def finish(self) -> None:
        """The answer has been read. Unless it ended where it had to, and nothing lies behind it, the connection is closed."""
        if self._due != 0 or self._kept:
            self.close()

    def _wait(self, poll: select.poll, left: float, until: float | None, too_late: type[Exception]) -> int:
        """Until something happens: which events. Raises ``too_late`` after the library's own time; the deadline is asked by the caller."""
        patience = left if until is None else min(left, until - lasting())
        found = poll.poll(max(0.0, patience) * 1000 + 1)
        if not found and until is not None and lasting() >= until:
            raise too_late("timed out")
        return found[0][1] if found else 0

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> "Stream":
        """The same connection, encrypted."""
        if self._secure:
            raise httpcore.ConnectError(
                say("不支持经 https 代理的 https", "https through a proxy of https is not known")
            )
        until = None if timeout is None else lasting() + timeout
        try:
            secured = ssl_context.wrap_socket(
                self._socket, server_hostname=server_hostname, do_handshake_on_connect=False
            )
        except (OSError, ValueError) as error:
            self.close()
            raise httpcore.ConnectError(str(error)) from error
        stream = Stream(secured, self._side)
        try:
            stream._shake_hands(until)
        except BaseException:
            stream.close()
            raise
        return stream

    def _shake_hands(self, until: float | None) -> None:
        assert isinstance(self._socket, ssl.SSLSocket)  # noqa: S101 - made so above
        while True:
            left = self._side.exchange.seconds_left
            try:
                return self._socket.do_handshake()
            except ssl.SSLWantReadError:
                self._wait(self._readable, left, until, httpcore.ConnectTimeout)
            except ssl.SSLWantWriteError:
                self._wait(self._both, left, until, httpcore.ConnectTimeout)
            except OSError as error:
                raise httpcore.ConnectError(str(error)) from error

    def close(self) -> None:
        """Hang up. Doing it twice is well."""
        self._unfit = True
        self._socket.close()

    def get_extra_info(self, info: str) -> Any:
        """What the library asks for."""
        match info:
            case "is_readable":
                return self._unfit  # what has come meanwhile is seen before the next request is written
            case "ssl_object":
                return self._socket if self._secure else None
            case "server_addr":
                return self._socket.getpeername()
            case "socket":
                return self._socket
            case _:
                return None
