"""A server that misbehaves on demand, and remembers what it was asked."""

import socket
import struct
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True)
class Request:
    """What a server got."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


class Server:
    """A loopback HTTP server on a thread; ``behave`` says how it treats the next requests."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.over = threading.Event()
        self.reply(200, "{}")
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_any(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                server.requests.append(Request(self.command, self.path, dict(self.headers.items()), body))
                self.close_connection = True
                server.behave(self)

            do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = handle_any  # noqa: N815 - the names that http.server looks for

            def log_message(self, *args: object) -> None:
                """The tests' output is quiet."""

        class Quiet(ThreadingHTTPServer):
            def handle_error(self, *args: object) -> None:
                """A client that hangs up is part of the tests."""

        self._http = Quiet(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.02})
        self._thread.start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._http.server_port}"

    def reply(self, status: int, body: str, headers: Mapping[str, str] | None = None) -> None:
        """Answer properly."""

        def answer(handler: BaseHTTPRequestHandler) -> None:
            data = body.encode()
            handler.send_response(status)
            # It closes after each answer, and says so: a client that found out by itself might send its next request into the closing.
            handler.send_header("Connection", "close")
            for name, value in (headers or {}).items():
                handler.send_header(name, value)
            handler.send_header("Content-Length", str(len(data)))
            handler.end_headers()
            handler.wfile.write(data)

        self.behave: Callable[[BaseHTTPRequestHandler], None] = answer

    def echo(self, status: int) -> None:
        """Answer with everything that was sent, as careless servers do in their error pages."""

        def answer(handler: BaseHTTPRequestHandler) -> None:
            got = self.requests[-1]
            data = f"{got.method} {got.path} {got.headers}".encode()
            handler.send_response(status)
            handler.send_header("Content-Length", str(len(data)))
            handler.end_headers()
            handler.wfile.write(data)

        self.behave = answer

    def reset(self) -> None:
        """Cut the connection with RST instead of an answer."""

        def cut(handler: BaseHTTPRequestHandler) -> None:
            handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            handler.connection.close()

        self.behave = cut

    def stall(self) -> None:
        """Read the request and never answer."""
        self.behave = lambda handler: self.over.wait() and None

    def half(self, body: str) -> None:
        """Promise a whole answer, send half of it, hang up."""

        def answer(handler: BaseHTTPRequestHandler) -> None:
            data = body.encode()
            handler.send_response(200)
            handler.send_header("Content-Length", str(len(data)))
            handler.end_headers()
            handler.wfile.write(data[: len(data) // 2])

        self.behave = answer

    def stop(self) -> None:
        """Close the port. Doing it twice is well."""
        if self.over.is_set():
            return
        self.over.set()
        self._http.shutdown()
        self._thread.join()
        self._http.server_close()
