"""A workspace with a real website folder and a webhook at a sink on the loopback, and the command line in this process."""

import json
import logging
import signal
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import click
import pytest

from xuanfa.cli import COMMANDS, cli, main
from xuanfa.domain.working_days import DayKind, Marked
from xuanfa.operations.intake.reading import HereReader
from xuanfa.operations.working_days import known

# Their words are made when a command is first looked up, and stay: in Chinese, whichever test comes first.
for _name in COMMANDS:
    cli.get_command(click.Context(cli), _name)

POST = """---
title: {title}
column: action
department: 宣传科
publish_at: {at}
---

法官走进校园，为孩子们讲了一堂法治课。
"""


@dataclass(frozen=True, kw_only=True)
class Ran:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


class Run:
    """Calls the command line in a folder as a person would, and never lets an exception out unseen."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self._capsys = capsys

    def __call__(self, *arguments: object) -> Ran:
        self._capsys.readouterr()
        code = main([str(argument) for argument in arguments])
        out, err = self._capsys.readouterr()
        assert "Traceback" not in out + err
        return Ran(code=code, out=out, err=err)


@pytest.fixture(autouse=True)
def known_days(monkeypatch: pytest.MonkeyPatch) -> None:
    """Days off of this year and the next are known, whenever these tests run: what is not known is an alarm."""
    today = datetime.now(UTC).date()
    plans = {
        day: Marked(day=day, kind=DayKind.OFF, name="元旦", origin=known.PUBLISHED)
        for year in (today.year, today.year + 1)
        for day in [date(year, 1, 1)]
    }
    shipped = plans | dict(known.published())
    monkeypatch.setattr(known, "published", lambda: shipped)


@pytest.fixture(autouse=True)
def _files_are_read_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """In this process: starting another one for each command would take most of the time. ``tests/engine`` has the real thing."""
    monkeypatch.setattr("xuanfa.bootstrap.AsideReaders", lambda _settings, _verbose: HereReader)


@dataclass
class Sink:
    """An endpoint that keeps what it was sent. ``answers`` are used up one after the other; then all is well."""

    url: str
    received: list[dict[str, Any]] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)


@pytest.fixture
def sink() -> Iterator[Sink]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status = found.answers.pop(0) if found.answers else 200
            if status == 200:
                found.received.append(json.loads(body))
            if status == 0:
                self.close_connection = True
                return
            number = len(found.received)
            answer = json.dumps({"ok": status == 200, "id": f"n{number}", "url": f"/news/{number}.html"}).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            """Silence."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 200  # three processes with twenty requests each knock at once

        def handle_error(self, *_: object) -> None:
            """A request that breaks off is part of the tests."""

    server = Server(("127.0.0.1", 0), Handler)
    found = Sink(url=f"http://127.0.0.1:{server.server_port}/posts")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield found
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def settings(sink: Sink) -> str:
    return f"""
[organisation]
name = "金昌市中级人民法院"
site_name = "金昌法院网"
site_domain = "court.example"
site_id_code = "6203000001"

[columns.action]
title = "我们在行动"
channels = ["site", "cms"]
timetable = ["Mon,Wed,Fri 09:00"]

[columns.quiet]
title = "静"
channels = ["drill"]

[channels.site]
adapter = "site"
title = "网站"
directory = "public"
base_url = "https://court.example"

[channels.cms]
adapter = "webhook"
title = "门户"
url = "{sink.url}"
allow_private = true
success = "ok"
remote_id = "id"
address = "url"

[channels.drill]
adapter = "webhook"
title = "练习"
rehearsal = true
"""


@pytest.fixture
def workspace(tmp_path: Path, settings: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty workspace that is the current folder; signal handlers, logging and language are as before afterwards."""
    folder = tmp_path / "workspace"
    (folder / "posts").mkdir(parents=True)
    (folder / "xuanfa.toml").write_text(settings, encoding="utf-8")
    monkeypatch.chdir(folder)
    monkeypatch.setenv("XUANFA_USER", "王敏")
    monkeypatch.setenv("COLUMNS", "200")
    for name in ("XUANFA_LANG", "XUANFA_WORKSPACE", "XUANFA_LOG"):
        monkeypatch.delenv(name, raising=False)
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield folder
    root.handlers[:] = handlers
    root.setLevel(level)
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.fixture
def xuanfa(workspace: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    return Run(workspace, capsys)


WritePost = Callable[..., Path]


@pytest.fixture
def write_post(workspace: Path) -> WritePost:
    def write(
        slug: str = "a", *, at: str = "now", title: str | None = None, more: str = "", column: str = "action"
    ) -> Path:
        # Two posts with one title and one text would be the same post.
        if title is None:
            title = "法治进校园" if slug == "a" else f"法治进校园（{slug}）"
        path = workspace / "posts" / f"{slug}.md"
        text = POST.format(title=title, at=at).replace("column: action", f"column: {column}")
        path.write_text(text.replace("---\n\n", f"{more}---\n\n"), encoding="utf-8")
        return path

    return write


def states(xuanfa: Run, **only: str) -> dict[str, str]:
    """Post and channel with the state."""
    options = [part for name, value in only.items() for part in (f"--{name}", value)]
    return {f"{row['post']}/{row['channel']}": row["state"] for row in xuanfa("deliveries", "--json", *options).json}


def number(xuanfa: Run, post: str, channel: str) -> int:
    (row,) = xuanfa("deliveries", "--json", "--post", post, "--channel", channel).json
    return int(row["id"])
