"""What tests of several folders share: a clock set by hand, a receiver on the loopback, and a workspace that sends to it."""

import gc
import os
import socket
import struct
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser

from tests.postgres import PostgresServer
from tests.support.cheap_passwords import hashed_cheaply
from tests.support.chromium import chromium
from tests.support.compiled import CompiledOnce, templates_once
from tests.support.disk import without_waiting
from tests.support.distributed import ByFile, slow_first
from tests.support.new_databases import by_the_first
from xuanfa.bootstrap import open_desk, utc_now
from xuanfa.domain.reader import Reader, process_read_by
from xuanfa.events import SECRETS
from xuanfa.operations.desk import Desk
from xuanfa.store import database as opening
from xuanfa.store import migrate
from xuanfa.store.database import Store
from xuanfa.store.schema import metadata
from xuanfa.wording.command_line import worded

# What pytest makes of seven hundred files of tests is kept for the next run: making it is half of the time of collecting, in each process.
sys.dont_write_bytecode = False


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


def pytest_xdist_auto_num_workers() -> int:
    """One process more for every two cores: a third of the tests' time is waiting for processes, servers and browsers that they start."""
    cores = len(os.sched_getaffinity(0))
    return cores + cores // 2


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByFile:
    """Whole files, in the order of collection."""
    config.option.loadscopereorder = False
    return ByFile(config, log)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """One of several processes has the slow ones first; whoever runs them alone has them as they are named."""
    if hasattr(config, "workerinput"):
        slow_first(items)


def pytest_sessionstart() -> None:
    """Nothing of fifteen thousand collected tests is rubbish: to look for it among them takes two fifths of the time of collecting."""
    gc.disable()


def pytest_collection_finish() -> None:
    """What was collected stays until the end, and is looked through no more."""
    gc.freeze()
    gc.enable()


@pytest.fixture(autouse=True, scope="session")
def _state_homes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Nothing that a test starts, before its own fixtures too, leaves marks in the home of whoever runs the tests."""
    folder = tmp_path_factory.mktemp("state")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(folder))
        # What the rules prepare is prepared once for all commands that tests start.
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        # What a test has just written is read at once; the tests of half-written files say otherwise.
        patch.setenv("XUANFA_PUBLISH__STILL_SECONDS", "0")
        # A third of the time that the program takes to begin is compiling it, where nothing keeps what was compiled.
        patch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
        yield folder


@pytest.fixture(autouse=True, scope="session")
def _new_databases() -> Iterator[None]:
    """A new SQLite database is made by what the migrations made of the first one, which takes a tenth of the time.

    What they make of one is a test's own subject in ``tests/store``; commands in processes that begin from nothing always go by the migrations.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(migrate, "upgrade_on", by_the_first())
        yield


@pytest.fixture(autouse=True, scope="session")
def _compiled_once() -> Iterator[None]:
    """What is made of a query or a template serves all stores and consoles of the tests, as it serves the one of a program."""
    real, compiled = opening._engine, CompiledOnce(5_000)
    with pytest.MonkeyPatch.context() as patch, templates_once():
        patch.setattr(opening, "_engine", lambda *how, **more: compiled.serve(real(*how, **more)))
        yield


@pytest.fixture(autouse=True, scope="session")
def _no_waiting_for_the_disk() -> Iterator[None]:
    with without_waiting():
        yield


@pytest.fixture(autouse=True, scope="session")
def _cheap_passwords() -> Iterator[None]:
    with hashed_cheaply():
        yield


@pytest.fixture(autouse=True)
def _read_by_staff() -> Iterator[None]:
    """Sentences are read at a Chinese command line, unless a command's own entry or a test says otherwise."""
    with process_read_by(Reader("zh", worded)):
        yield


@pytest.fixture
def english(_read_by_staff: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """They are read in English, by the commands that the test runs too."""
    monkeypatch.setenv("XUANFA_LANG", "en")
    with process_read_by(Reader("en", worded)):
        yield


@pytest.fixture(autouse=True)
def _no_secrets() -> None:
    """What one test keeps secret is an ordinary word in another one's log."""
    SECRETS.clear()


@pytest.fixture(autouse=True)
def state_home(_state_homes: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the account keeps what programs have to remember: a folder of the test's own, made when it is needed."""
    folder = _state_homes / uuid4().hex
    monkeypatch.setenv("XDG_STATE_HOME", str(folder))
    return folder


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, for as long as a module of tests needs it."""
    with chromium() as opened:
        yield opened


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


class Postgres(PostgresServer):
    """A server of the tests' own, and databases on it at this program's schema, used again and again."""

    def __init__(self) -> None:
        super().__init__(durable=False)
        self._count = 0
        self._free: list[str] = []
        self.sql("CREATE DATABASE migrated")
        migrated = Store(self.url("migrated"))
        migrated.upgrade()  # without an identity, which each database has for itself
        migrated.close()
        with psycopg.connect(self.url("migrated").replace("+psycopg", "")) as session:
            self._whole = self._shape(session)

    def database(self) -> str:
        """The address of an empty database at this program's schema."""
        if self._free:
            return self._free.pop()
        self._count += 1
        name = f"test_{self._count}"
        self.sql(f"CREATE DATABASE {name} TEMPLATE migrated")
        return self.url(name)

    def give_back(self, url: str) -> None:
        """Empty a database for the next test, whoever still uses it: much quicker than another one. A spoilt one is dropped."""
        with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as session:
            session.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            whole = self._shape(session) == self._whole
            if whole:
                size = session.execute("SELECT pg_relation_size('deliveries')").fetchone()
                tables = [table.name for table in reversed(metadata.sorted_tables)]
                # Few rows are quicker deleted; of many, the room they leave would make the next tests slow.
                many = size is not None and size[0] > 1_000_000
                emptying = [f"TRUNCATE {', '.join(tables)}"] if many else [f"DELETE FROM {table}" for table in tables]  # noqa: S608
                # The history is append-only for everybody else: its triggers sleep while this session calls itself a replica.
                session.execute("; ".join(["SET session_replication_role = replica", *emptying]))
                session.execute("SELECT setval(format('%I.%I', schemaname, sequencename), 1, false) FROM pg_sequences")
        if whole:
            self._free.append(url)
        else:
            self.drop(url)

    def drop(self, url: str) -> None:
        """Away with a database, whoever still uses it."""
        self.sql(f"DROP DATABASE {sa.make_url(url).database} WITH (FORCE)")

    def _shape(self, session: "psycopg.Connection[Any]") -> list[str]:
        """What a test may have changed besides rows: tables by their schema, and the version."""
        tables = "SELECT schemaname || '.' || tablename FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
        found = sorted(row[0] for row in session.execute(tables))
        if "public.alembic_version" not in found:
            return []
        return [*found, *(row[0] for row in session.execute("SELECT version_num FROM public.alembic_version"))]


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    server = Postgres()
    yield server
    server.close()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database: a file that is yet to be made, or one on the server at this program's schema. A test runs on both."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'var' / 'xuanfa.db'}"
        return
    server = request.getfixturevalue("postgres")
    url = server.database()
    yield url
    server.give_back(url)
