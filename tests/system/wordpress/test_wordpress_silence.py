"""A real WordPress that is not heard: it takes a post and its answer is lost, or it is not there."""

import shutil
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import httpx
import pytest

from tests.support.decisions import retract
from tests.support.mail_server import free_port
from tests.support.real_wordpress import Site
from tests.system.wordpress.conftest import BODY, Bench
from xuanfa.bootstrap import open_desk
from xuanfa.domain.delivery import State
from xuanfa.domain.outcome import Unsent
from xuanfa.domain.person import Person
from xuanfa.engine.once import one_pass
from xuanfa.reports.listing import list_deliveries

# One server for the whole folder: all of it runs in one worker.
pytestmark = pytest.mark.xdist_group("wordpress")


class Middle(ThreadingHTTPServer):
    """Stands before the site and passes everything on. While ``swallow`` it lets posts through and drops the answers."""

    daemon_threads = True

    def __init__(self, target: str) -> None:
        super().__init__(("127.0.0.1", 0), _Passing)
        self.target = target
        self.swallow = False
        self.created = 0
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()


class _Passing(BaseHTTPRequestHandler):
    server: Middle

    def handle_any(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        dropped = {"host", "connection", "accept-encoding"}
        headers = {name: value for name, value in self.headers.items() if name.lower() not in dropped}
        answer = httpx.request(
            self.command, self.server.target + self.path, content=body, headers=headers, trust_env=False, timeout=30
        )
        if self.command == "POST" and "/wp/v2/posts" in unquote(self.path):
            self.server.created += 1
            if self.server.swallow:
                self.close_connection = True
                return
        self.send_response(answer.status_code)
        self.send_header("Content-Type", answer.headers["content-type"])
        self.send_header("Content-Length", str(len(answer.content)))
        self.end_headers()
        self.wfile.write(answer.content)

    do_GET = do_POST = do_DELETE = handle_any  # noqa: N815 - the names that http.server looks for

    def log_message(self, *_: object) -> None:
        """Silent."""


@pytest.fixture
def middle(site: Site) -> Iterator[Middle]:
    server = Middle(site.address)
    yield server
    server.shutdown()
    server.server_close()


def test_silence_after_acceptance_never_leads_to_a_second_post(
    bench: Bench, middle: Middle, tmp_path: Path, clock: Any
) -> None:
    office = tmp_path / "office"
    (office / "posts" / "images").mkdir(parents=True)
    shutil.copy(bench.court, office / "posts" / "images" / "court.png")
    head = "title: 巡回审判\ncolumn: action\npublish_at: now\nkeywords: [法治]"
    (office / "posts" / "silent.md").write_text(f"---\n{head}\n---\n\n{BODY}", encoding="utf-8")
    (office / "xuanfa.toml").write_text(
        '[columns.action]\ntitle = "我们在行动"\nchannels = ["blog"]\n\n[channels.blog]\nadapter = "wordpress"\nrest = "plain"\n'
        f'base_url = "http://127.0.0.1:{middle.server_port}"\nusername = "admin"\n'
        f'application_password = "{bench.site.passwords["editor"]}"\n',
        encoding="utf-8",
    )
    with open_desk(office, clock) as desk:

        def state() -> tuple[State, str | None]:
            [row] = list_deliveries(desk.store)
            return row.state, row.address

        middle.swallow = True
        one_pass(desk)
        assert (state()[0], middle.created) == (State.UNKNOWN, 1)
        middle.swallow = False
        for _ in range(3):
            clock.advance(minutes=2)
            one_pass(desk)
        assert (state()[0], middle.created) == (State.PUBLISHED, 1)
        assert "<h1>巡回审判</h1>" in bench.visit(state()[1])
        everywhere = "publish,future,draft,pending,private"
        assert len(bench.site.all("posts", search="巡回审判", slug="silent,silent-2", status=everywhere)) == 1
        ended = retract(desk, 1, Person(name="王", why="重复"))
        assert ended.state is State.RETRACTED
        assert "<h1>巡回审判</h1>" not in bench.visit(list_deliveries(desk.store)[0].address)


def test_a_site_that_is_down_gets_nothing(bench: Bench) -> None:
    adapter = bench.bind(base_url=f"http://127.0.0.1:{free_port()}")
    assert isinstance(adapter.stage(bench.order(adapter, bench.post("down"))), Unsent)
    assert [finding.code for finding in adapter.diagnose()] == ["http.connect"]
