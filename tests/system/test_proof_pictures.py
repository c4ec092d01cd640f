"""Pictures of public pages, by the Chromium of the machine: what a page brings along comes through the guard, and nothing from a closed network."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from PIL import Image

from tests.support.odd_server import Connection, answer, odd_server
from tests.support.public_site import PublicSite, html, public_site
from xuanfa.bootstrap import make_desk
from xuanfa.bootstrap.binding import Way
from xuanfa.bootstrap.guarded import guard
from xuanfa.operations.desk import Desk
from xuanfa.settings import load
from xuanfa.store.database import Store

SETTINGS = """
[columns.action]
title = "我们在行动"
channels = ["site"]
[channels.site]
adapter = "site"
directory = "www"
base_url = "{url}"
[proof]
{more}
"""


@pytest.fixture
def site(tmp_path: Path) -> Iterator[PublicSite]:
    with public_site(tmp_path / "www") as served:
        yield served


def desk_of(tmp_path: Path, site: PublicSite, more: str = "") -> Desk:
    (tmp_path / "xuanfa.toml").write_text(SETTINGS.format(url=site.url, more=more), encoding="utf-8")
    settings = load(tmp_path)
    desk, _ = make_desk(settings, Store(settings.database_url))
    return desk


def test_a_page_is_pictured_as_its_readers_see_it_without_what_lies_in_a_closed_network(
    tmp_path: Path, site: PublicSite
) -> None:
    with odd_server(lambda connection: connection.say(answer(b"secret"))) as inside:
        site.does = lambda path, said: (
            html(
                "<style>body{margin:0;background:#ffffff}div{height:300px;background:#ff0000}</style><div></div>"
                f'<img src="{inside.address}/secret.png"><iframe src="{inside.address}/admin"></iframe>'
                f"<script>fetch('{inside.address}/x');new WebSocket('ws://127.0.0.1:{inside.port}/ws')</script>"
            )
            if path == "/a.html"
            else said
        )
        data, why = desk_of(tmp_path, site).picture_page("site", f"{site.url}/a.html")
        assert inside.connections == 0
    assert why == ""
    (tmp_path / "shot.jpg").write_bytes(data)
    with Image.open(tmp_path / "shot.jpg") as picture:
        assert picture.width == 1200
        assert 300 <= picture.height < 1000
        red, green, _ = picture.convert("RGB").getpixel((600, 100))
        assert (red > 200, green < 60) == (True, True)


def test_without_a_browser_that_is_said(tmp_path: Path, site: PublicSite, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    data, why = desk_of(tmp_path, site).picture_page("site", f"{site.url}/a.html")
    assert (data, "没有 Chromium" in why) == (b"", True)
    data, why = desk_of(tmp_path, site, 'browser = "/nowhere/chrome"').picture_page("site", f"{site.url}/a.html")
    assert (data, "/nowhere/chrome" in why) == (b"", True)


def test_a_browser_that_takes_no_picture_is_told_and_leaves_nothing_behind(tmp_path: Path, site: PublicSite) -> None:
    fake = tmp_path / "browser"
    fake.write_text("#!/bin/sh\necho 'No usable sandbox!' >&2\nexit 1\n", encoding="utf-8")
    fake.chmod(0o755)
    tmp_path.chmod(0o755)
    data, why = desk_of(tmp_path, site, f'browser = "{fake}"').picture_page("site", f"{site.url}/a.html")
    assert data == b""
    assert "沙箱" in why or "启动不了" in why  # an account that may not even run it


def way(own: str = "") -> Way:
    return Way(transport=lambda _limit, _most: httpx.HTTPTransport(), proxy=lambda _url: None, own=own)


def through(port: int) -> httpx.Client:
    return httpx.Client(proxy=f"http://127.0.0.1:{port}", trust_env=False, timeout=10)


def test_the_guard_opens_the_offices_own_website_and_no_other_private_place() -> None:
    def serve(connection: Connection) -> None:
        connection.request()
        connection.say(answer(b"hello"))

    with odd_server(serve) as own, odd_server(serve) as other, guard(way(own.address), 10) as guarded:
        with through(guarded.port) as client:
            assert client.get(f"{own.address}/x?y=1").text == "hello"
            assert own.requests[0].startswith(b"GET /x?y=1 HTTP/1.1\r\n")
            assert b"proxy-" not in own.requests[0].lower()
            for address in (other.address, "http://localhost:9/", "http://169.254.169.254/latest", "http://[::1]:9/"):
                assert client.get(address).status_code in {403, 502}
            with pytest.raises(httpx.ProxyError):
                client.get(other.address.replace("http:", "https:"))
        assert other.connections == 0
        assert "127.0.0.1" in guarded.refused


def test_what_is_no_request_is_hung_up_on() -> None:
    import socket  # noqa: PLC0415

    with guard(way(), 10) as guarded:
        for said in (b"\r\n\r\n", b"GET\r\n\r\n", b"CONNECT \xff:1 HTTP/1.1\r\n\r\n", b"GET ftp://a/ HTTP/1.1\r\n\r\n"):
            with socket.create_connection(("127.0.0.1", guarded.port), 5) as client:
                client.sendall(said)
                assert client.recv(100).startswith((b"HTTP/1.1 502", b"HTTP/1.1 403"))
