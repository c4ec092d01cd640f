"""``check --links``: each address of a source is asked once, and only what nobody can open is told."""

import threading
from collections import Counter
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest

from xuanfa.bootstrap.links import MOST, Links

#: What a page answers to HEAD and to GET.
PAGES = {
    "/there": (200, 200),
    "/gone": (404, 404),
    "/get-only": (405, 200),
    "/get-only-too": (404, 200),
    "/moved": (301, 301),
    "/closed": (403, 403),
    "/broken": (500, 500),
}


class _Site(BaseHTTPRequestHandler):
    asked: ClassVar[Counter[str]] = Counter()

    def do_HEAD(self) -> None:
        self._answer(0)

    def do_GET(self) -> None:
        self._answer(1)

    def _answer(self, which: int) -> None:
        self.asked[f"{self.command} {self.path}"] += 1
        self.send_response(PAGES.get(self.path, (200, 200))[which])
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Nothing is printed."""


@pytest.fixture
def site() -> Iterator[str]:
    _Site.asked.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Site)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_only_what_cannot_be_opened_is_told(site: str) -> None:
    text = "开头。\n" + "\n".join(f"见[{path}]({site}{path})。" for path in PAGES)
    links = Links()
    found = list(links.dead(text, file="a.md"))
    links.close()
    assert [(one.text.removeprefix(site), one.line) for one in found] == [("/gone", 3), ("/broken", 8)]
    assert all(text[one.start : one.end] == one.text for one in found)
    assert {(one.rule, one.file) for one in found} == {("channel.dead", "a.md")}
    assert "404" in found[0].message
    assert "500" in found[1].message


def test_an_address_is_asked_once_whichever_texts_it_stands_in(site: str) -> None:
    links = Links()
    assert len([*links.dead(f"{site}/gone {site}/gone", file="a"), *links.dead(f"{site}/gone", file="b")]) == 2
    links.close()
    assert _Site.asked == {"HEAD /gone": 1, "GET /gone": 1}


def test_nobody_at_home_is_told_and_no_more_are_asked_than_so_many(site: str) -> None:
    links = Links()
    (found,) = links.dead("见 http://127.0.0.1:9/a。", file="a")
    assert "ConnectError" in found.message
    assert list(links.dead("\n".join(f"{site}/{number}" for number in range(MOST + 5)), file="a")) == []
    links.close()
    assert sum(_Site.asked.values()) == MOST


def test_the_command_asks_only_where_somebody_wants_it(xuanfa: Any, site: str, tmp_path: Path) -> None:
    file = tmp_path / "稿.md"
    file.write_text(f"见[公报]({site}/gone)。\n", encoding="utf-8")
    assert [one["rule"] for one in xuanfa("check", str(file), "--format", "json").json] == []
    assert not _Site.asked
    found = xuanfa("check", str(file), "--links", "--format", "json").json
    assert [(one["rule"], one["text"], one["file"]) for one in found] == [("channel.dead", f"{site}/gone", str(file))]
