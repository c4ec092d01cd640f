"""A website on the loopback that serves a folder, and does to what it serves whatever a test has it do."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

#: Status, headers and body of an answer.
Said = tuple[int, dict[str, str], bytes]
#: In place of an answer: the connection is closed, and nothing said.
HANG_UP: Said = (0, {}, b"")


@dataclass
class PublicSite:
    """``does`` is given the path and what would be served, and says what is; ``asked`` are the paths in order."""

    folder: Path
    does: Callable[[str, Said], Said] = lambda _path, said: said
    asked: list[str] = field(default_factory=list)
    server: ThreadingHTTPServer | None = None

    @property
    def url(self) -> str:
        assert self.server is not None
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    def serve(self, path: str) -> Said:
        """What lies at a path, as the test has it."""
        self.asked.append(path)
        file = self.folder / unquote(urlsplit(path).path).lstrip("/")
        html = {"Content-Type": "text/html; charset=utf-8"}
        said = (200, html, file.read_bytes()) if file.is_file() else (404, html, b"<title>404</title>")
        return self.does(path, said)


@contextmanager
def public_site(folder: Path) -> Iterator[PublicSite]:
    """One for a ``with`` statement."""
    site = PublicSite(folder)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            status, headers, body = site.serve(self.path)
            if not status:
                self.close_connection = True
                return
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Silent."""

    site.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    site.server.daemon_threads = True
    thread = threading.Thread(target=site.server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield site
    finally:
        site.server.shutdown()
        site.server.server_close()
        thread.join()


def html(body: str, status: int = 200) -> Said:
    """A page in place of what would be served."""
    return status, {"Content-Type": "text/html; charset=utf-8"}, body.encode()
