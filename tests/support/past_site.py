"""A site of before on the loopback: what it answers is said path by path, and what was asked of it is kept."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

#: Status, headers and body of an answer.
Answered = tuple[int, dict[str, str], bytes]
#: Makes the answer of a path from its query.
Page = Callable[[dict[str, str]], Answered]


@dataclass
class PastSite:
    """``pages`` by their paths; ``failing``: how many requests of a path are answered 503 before the first answer."""

    url: str
    pages: dict[str, Page] = field(default_factory=dict)
    failing: dict[str, int] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def text(self, path: str, body: str, *, kind: str = "text/html; charset=utf-8", status: int = 200) -> None:
        """Answer this path with a text; ``{url}`` in it is the site's address."""
        self.raw(path, body.replace("{url}", self.url).encode(), kind=kind, status=status)

    def raw(self, path: str, body: bytes, *, kind: str = "text/html", status: int = 200) -> None:
        """The same with bytes."""
        self.pages[path] = lambda _query: (status, {"Content-Type": kind}, body)


@contextmanager
def past_site() -> Iterator[PastSite]:
    """A site that answers until the end of the block."""
    site = PastSite("")

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            site.asked.append(self.path)
            if site.failing.get(parts.path, 0) > 0:
                site.failing[parts.path] -= 1
                self._answer(503, {"Retry-After": "7"}, b"busy")
                return
            page = site.pages.get(parts.path)
            query = {name: values[-1] for name, values in parse_qs(parts.query).items()} | self._said()
            self._answer(*(page(query) if page else (404, {}, b"nothing here")))

        def do_POST(self) -> None:
            self.do_GET()

        def _said(self) -> dict[str, str]:
            """What a POST says, as JSON."""
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            return {name: str(value) for name, value in json.loads(body or b"{}").items()}

        def _answer(self, status: int, headers: dict[str, str], body: bytes) -> None:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Silence."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    site.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
