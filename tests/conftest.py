"""What tests of several folders share: a clock set by hand, a receiver on the loopback, and a workspace that sends to it."""

import socket
import struct
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from xuanfa.bootstrap import open_desk, utc_now
from xuanfa.operations.desk import Desk


@dataclass
class Clock:
    """A clock that stands until it is moved. Begins on a Monday at nine in the morning, Beijing time."""

    now: datetime = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **duration: float) -> datetime:
        """Move it, by what ``timedelta`` takes."""
        self.now += timedelta(**duration)
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@dataclass(frozen=True)
class Seen:
    """One request that arrived whole."""

    path: str
    key: str
    body: bytes
    at: float


class Sink(ThreadingHTTPServer):
    """Receives webhooks. ``script`` holds what to do with the next requests, in the order of their arrival; then all are ``ok``.

    ``ok``; a number, with ``retry_after`` if set; ``reset``: the connection is torn down after the request was taken; ``half``: the answer
    breaks off; ``silent``: taken, and no answer until ``speak`` is set.
    """

    daemon_threads = True
    block_on_close = False
    request_queue_size = 200

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.lock = threading.Condition()
        self.seen: list[Seen] = []
        self.script: list[str | int] = []
        self.speak = threading.Event()
        self.retry_after = ""
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    @property
    def keys(self) -> Counter[str]:
        """How often each key arrived."""
        with self.lock:
            return Counter(seen.key for seen in self.seen)

    def wait_for(self, count: int, seconds: float = 20) -> None:
        """Until so many requests have arrived."""
        with self.lock:
            assert self.lock.wait_for(lambda: len(self.seen) >= count, seconds), f"{len(self.seen)} of {count} arrived"

    def take(self, seen: Seen) -> str | int:
        with self.lock:
            self.seen.append(seen)
            self.lock.notify_all()
            return self.script.pop(0) if self.script else "ok"

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that was killed is no news."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Sink

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        key = self.headers["webhook-id"]
        step = self.server.take(Seen(self.path, key, body, utc_now().timestamp()))
        if step == "reset":
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()
            self.close_connection = True
            return
        if step == "silent":
            self.server.speak.wait(30)
        text = f'{{"id": "{key}", "url": "https://www.example.gov.cn/{key}"}}'.encode()
        self.send_response(step if isinstance(step, int) else 200)
        if isinstance(step, int) and self.server.retry_after:
            self.send_header("Retry-After", self.server.retry_after)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        if step == "half":
            self.wfile.write(text[: len(text) // 2])
            self.wfile.flush()
            self.connection.shutdown(socket.SHUT_RDWR)
            self.close_connection = True
            return
        self.wfile.write(text)

    def log_message(self, *_: object) -> None:
        """Silent."""


@pytest.fixture
def sink() -> Iterator[Sink]:
    server = Sink()
    yield server
    server.speak.set()
    server.shutdown()
    server.server_close()


@dataclass
class Workspace:
    """A folder with a column ``action`` of webhook channels that lead to a sink."""

    folder: Path
    url: str
    stack: ExitStack = field(default_factory=ExitStack)

    def settle_in(self, *channels: str, settings: str = "", **extra: str) -> "Workspace":
        """Write ``xuanfa.toml``; ``extra`` are further lines of a channel's table, by channel."""
        names = channels or ("hook",)
        listed = ", ".join(f'"{name}"' for name in names)
        tables = "\n".join(
            f'[channels.{name}]\nadapter = "webhook"\nurl = "{self.url}/{name}"\nallow_private = true\n'
            f'remote_id = "id"\naddress = "url"\ntemplate = "plain.json"\n{extra.get(name, "")}\n'
            for name in names
        )
        text = f'{settings}\n[columns.action]\ntitle = "我们在行动"\nchannels = [{listed}]\n{extra.get("column", "")}\n'
        (self.folder / "posts").mkdir(parents=True, exist_ok=True)
        (self.folder / "xuanfa.toml").write_text(f"{text}\n{tables}", encoding="utf-8")
        template = self.folder / "templates" / "webhook" / "plain.json"
        template.parent.mkdir(parents=True, exist_ok=True)
        template.write_text('{"title": {{ post.title | tojson }}, "text": {{ text | tojson }}}', encoding="utf-8")
        return self

    def post(self, slug: str, body: str = "把法庭搬到田间地头。", /, **matter: str) -> Path:
        """Write a post; ``matter`` are further lines of its front matter."""
        lines = {"title": f"“{slug}”", "column": "action", "publish_at": "now"} | matter
        path = self.folder / "posts" / f"{slug}.md"
        head = "\n".join(f"{name}: {value}" for name, value in lines.items() if value)
        path.write_text(f"---\n{head}\n---\n\n{body}\n", encoding="utf-8")
        return path

    def desk(self, clock: Callable[[], datetime] = utc_now) -> Desk:
        """A desk of this workspace, as another process would have it; closed with the test."""
        return self.stack.enter_context(open_desk(self.folder, clock))


@pytest.fixture
def workspace(tmp_path: Path, sink: Sink) -> Iterator[Workspace]:
    made = Workspace(tmp_path / "office", sink.url).settle_in()
    with made.stack:
        yield made
