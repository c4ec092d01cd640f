"""A practice platform behind a real socket on the loopback: to the program it is the real one, and it remembers what it was asked."""

import socket
import struct
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx

from xuanfa.bootstrap import utc_now
from xuanfa.bootstrap.practice import platform_for


class ServedPlatform(ThreadingHTTPServer):
    """``asked`` are the requests in order, as ``POST /path``. While ``lost`` is set, what is posted is taken and its answer torn off."""

    daemon_threads = True

    def __init__(self, kind: str, folder: Path, name: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.platform: Any = platform_for(kind, folder, name, utc_now)
        self.asked: list[str] = []
        self.lost = False
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def place(self) -> str:
        """Host and port, as they stand in an account's name."""
        return f"127.0.0.1:{self.server_address[1]}"

    @property
    def url(self) -> str:
        return f"http://{self.place}"

    def posted(self, path: str = "") -> int:
        """How often something was posted, to this path or any."""
        return sum(line.startswith("POST ") and path in line for line in self.asked)

    def close(self) -> None:
        self.shutdown()
        self.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: ServedPlatform

    def _serve(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        self.server.asked.append(f"{self.command} {self.path}")
        answer = self.server.platform.handle_request(
            httpx.Request(self.command, f"{self.server.url}{self.path}", headers=dict(self.headers), content=body)
        )
        if self.server.lost and self.command == "POST":
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()
            self.close_connection = True
            return
        content = answer.read()
        self.send_response(answer.status_code)
        for name, value in answer.headers.items():
            if name.lower() not in {"content-length", "connection"}:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = do_DELETE = do_PUT = _serve  # noqa: N815 - the library's names

    def log_message(self, *_: object) -> None:
        """Silent."""
