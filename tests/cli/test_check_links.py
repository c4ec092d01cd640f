"""``check --links``: each address of a source is asked once, only what nobody can open is told, and no neighbour of this machine is asked."""

import socket
import threading
from collections import Counter
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest

from tests.support.certified import certificate, serving
from tests.support.word_files import paragraph, run, title, word
from xuanfa.adapters.shared.wire.tls import trusting
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
def server() -> Iterator[ThreadingHTTPServer]:
    _Site.asked.clear()
    made = ThreadingHTTPServer(("127.0.0.1", 0), _Site)
    thread = threading.Thread(target=made.serve_forever, args=(0.01,))
    thread.start()
    yield made
    made.shutdown()
    thread.join()
    made.server_close()


@pytest.fixture
def site(server: ThreadingHTTPServer) -> str:
    return f"http://127.0.0.1:{server.server_port}"


@pytest.fixture
def links(site: str) -> Links:
    return Links(trusting(), own=[site])


def with_site(folder: Path, base_url: str, more: str = "") -> None:
    """The workspace's own website lies there."""
    settings = folder / "xuanfa.toml"
    text = settings.read_text(encoding="utf-8")
    channel = f'\n[channels.ours]\nadapter = "site"\ndirectory = "ours"\nbase_url = "{base_url}"\n'
    settings.write_text(more + text + channel, encoding="utf-8")


def test_only_what_cannot_be_opened_is_told(site: str, links: Links) -> None:
    text = "开头。\n" + "\n".join(f"见[{path}]({site}{path})。" for path in PAGES)
    found = list(links.dead(text, file="a.md"))
    assert [(one.text.removeprefix(site), one.line) for one in found] == [("/gone", 3), ("/broken", 8)]
    assert all(text[one.start : one.end] == one.text for one in found)
    assert {(one.rule, one.file) for one in found} == {("channel.dead", "a.md")}
    assert "404" in found[0].message
    assert "500" in found[1].message


def test_an_address_is_asked_once_whichever_texts_it_stands_in(site: str, links: Links) -> None:
    assert len([*links.dead(f"{site}/gone {site}/gone", file="a"), *links.dead(f"{site}/gone", file="b")]) == 2
    assert _Site.asked == {"HEAD /gone": 1, "GET /gone": 1}


def test_no_more_are_asked_than_so_many_and_the_rest_is_counted(site: str, links: Links) -> None:
    assert list(links.dead("\n".join(f"{site}/{number}" for number in range(MOST + 5)), file="a")) == []
    assert sum(_Site.asked.values()) == MOST
    assert links.left_out == 5


def test_nobody_at_home_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        nowhere = f"http://127.0.0.1:{free.getsockname()[1]}"
    (found,) = Links(trusting(), own=[nowhere]).dead(f"见 {nowhere}/a。", file="a")
    assert "ConnectError" in found.message


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "[::1]", "0.0.0.0", "2130706433", "[::ffff:127.0.0.1]", "169.254.169.254", "10.1.2.3"],  # noqa: S104 - asked, not served
)
def test_no_neighbour_of_this_machine_is_asked(host: str, server: ThreadingHTTPServer) -> None:
    own = f"http://127.0.0.1:{server.server_port + 1}"  # another port of the same host is another server
    (found,) = Links(trusting(), own=[own]).dead(f"见 http://{host}:{server.server_port}/there 。", file="a")
    assert "内部网络" in found.message or "域名解析不到" in found.message
    assert not _Site.asked


def test_a_sign_behind_a_backslash_is_part_of_the_address(
    site: str, links: Links, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = f"见 {site}/a\\_b\\_gone 和[公报]({site}/a_b_gone)"
    monkeypatch.setitem(PAGES, "/a_b_gone", (404, 404))
    found = list(links.dead(text, file="a"))
    assert [(one.text, one.start) for one in found] == [(f"{site}/a\\_b\\_gone", 2)]
    assert _Site.asked == {"HEAD /a_b_gone": 1, "GET /a_b_gone": 1}


def test_the_command_asks_only_where_somebody_wants_it(xuanfa: Any, site: str, workspace: Path, tmp_path: Path) -> None:
    with_site(workspace, f"{site}/")
    file = tmp_path / "稿.md"
    file.write_text(f"见[公报]({site}/gone)。\n", encoding="utf-8")
    assert [one["rule"] for one in xuanfa("check", str(file), "--format", "json").json] == []
    assert not _Site.asked
    found = xuanfa("check", str(file), "--links", "--format", "json").json
    assert [(one["rule"], one["text"], one["file"]) for one in found] == [("channel.dead", f"{site}/gone", str(file))]


def document(address: str) -> bytes:
    """A Word file with a link behind words, and one that is written out."""
    link = f'<w:hyperlink r:id="rIdL">{run("开庭公告")}</w:hyperlink>'
    body = title("巡回审判进乡村") + paragraph(link + run("，另见")) + paragraph(f"{address}/broken")
    return word(body, relate=(("rIdL", "hyperlink", f"{address}/gone"),))


def test_links_of_word_files_are_asked_too(xuanfa: Any, site: str, workspace: Path, tmp_path: Path) -> None:
    with_site(workspace, site)
    for path in (workspace / "posts" / "a.docx", tmp_path / "b.docx"):
        path.write_bytes(document(site))
        found = xuanfa("check", str(path), "--links", "--format", "json").json
        dead = [(one["text"], Path(one["file"]).name) for one in found if one["rule"] == "channel.dead"]
        assert dead == [(f"{site}/gone", path.name), (f"{site}/broken", path.name)]


def test_a_site_whose_certificate_the_workspace_trusts_is_there(
    xuanfa: Any, server: ThreadingHTTPServer, workspace: Path, tmp_path: Path
) -> None:
    server.socket = serving(certificate(tmp_path, "IP:127.0.0.1")).wrap_socket(server.socket, server_side=True)
    address = f"https://127.0.0.1:{server.server_port}"
    with_site(workspace, address)
    file = tmp_path / "稿.md"
    file.write_text(f"见[公报]({address}/there)。\n", encoding="utf-8")
    (found,) = xuanfa("check", str(file), "--links", "--format", "json").json
    assert found["rule"] == "channel.dead"
    settings = (workspace / "xuanfa.toml").read_text(encoding="utf-8")
    more = f'ca_file = "{tmp_path / "cert.pem"}"\n'
    (workspace / "xuanfa.toml").write_text(more + settings, encoding="utf-8")
    assert xuanfa("check", str(file), "--links", "--format", "json").json == []
