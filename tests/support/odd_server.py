"""A server on a raw socket: it does to each connection just what it is told, byte by byte."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

Behaviour = Callable[["Connection"], None]


class Connection:
    """One connection that a client made."""

    def __init__(self, server: "OddServer", connected: socket.socket) -> None:
        self.server = server
        self.socket = connected

    def request(self) -> bytes:
        """The next request, as far as it comes: its head, and as much body as it promises."""
        data = b""
        while b"\r\n\r\n" not in data:
            got = self.socket.recv(65536)
            if not got:
                return data
            data += got
        head, _, body = data.partition(b"\r\n\r\n")
        lengths = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
        missing = int(lengths[0].partition(b":")[2]) - len(body) if lengths else 0
        while missing > 0 and (got := self.socket.recv(65536)):
            data, missing = data + got, missing - len(got)
        self.server.requests.append(data)
        return data

    def say(self, data: bytes) -> None:
        """Send it all."""
        self.socket.sendall(data)

    def reset(self) -> None:
        """Hang up with RST."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
        self.socket.close()

    def wait(self, seconds: float) -> None:
        """Do nothing for so long, or until the test is over."""
        self.server.over.wait(seconds)


class OddServer:
    """``behaviours`` are for the first connections, the last one for all that follow."""

    def __init__(self, *behaviours: Behaviour, tls: ssl.SSLContext | None = None) -> None:
        self.behaviours = list(behaviours)
        self.requests: list[bytes] = []
        self.connections = 0
        self.over = threading.Event()
        self._tls = tls
        self._threads: list[threading.Thread] = []
        self._open: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self._start(self._accept)

    @property
    def address(self) -> str:
        return f"{'https' if self._tls else 'http'}://127.0.0.1:{self.port}"

    def _start(self, work: Callable[[], None]) -> None:
        thread = threading.Thread(target=work)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while not self.over.is_set():
            try:
                connected, _ = self._listener.accept()
            except OSError:
                return
            behave = self.behaviours[min(self.connections, len(self.behaviours) - 1)]
            self.connections += 1
            self._start(lambda connected=connected, behave=behave: self._serve(connected, behave))  # type: ignore[misc]

    def _serve(self, connected: socket.socket, behave: Behaviour) -> None:
        try:
            served = self._tls.wrap_socket(connected, server_side=True) if self._tls else connected
            self._open.append(served)
            with served:
                behave(Connection(self, served))
        except OSError:
            connected.close()  # a client that hangs up is part of the tests

    def stop(self) -> None:
        """Let everything that waits go on, and close the port."""
        self.over.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for each in self._open:
            with suppress(OSError):  # most have ended by themselves
                each.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()


@contextmanager
def odd_server(*behaviours: Behaviour, tls: ssl.SSLContext | None = None) -> Iterator[OddServer]:
    """One for a ``with`` statement."""
    server = OddServer(*behaviours, tls=tls)
    try:
        yield server
    finally:
        server.stop()


def answer(body: bytes = b"{}", status: str = "200 OK", *headers: str) -> bytes:
    """A proper answer."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body
