"""``xuanfa channels login``: through the browser's callback on the loopback, and by paste; never a secret on the screen."""

import io
import re
import socket
import threading
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from xuanfa.bootstrap import open_desk
from xuanfa.operations.deciding import sign_in
from xuanfa.operations.deciding.sign_in import SigningIn, await_code, begin_sign_in, pasted_code


@pytest.fixture
def port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@pytest.fixture
def settings(port: int) -> str:
    return f"""
[columns.action]
title = "我们在行动"
channels = ["weibo", "douyin", "group"]

[channels.weibo]
adapter = "weibo"
rehearsal = true
redirect_uri = "http://127.0.0.1:{port}/weibo"

[channels.douyin]
adapter = "douyin"
rehearsal = true
mode = "image_text"
redirect_uri = "https://www.court.example/douyin"

[channels.group]
adapter = "wecom"
rehearsal = true
"""


Paste = Callable[[Callable[[str], str]], None]


@pytest.fixture
def paste(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Paste:
    """Types what is made from the printed address, when the command reads it."""

    def type_in(make: Callable[[str], str]) -> None:
        class Typed(io.StringIO):
            def readline(self, *_: Any) -> str:
                out, _err = capsys.readouterr()
                return make(_address(out)) + "\n"

        monkeypatch.setattr("sys.stdin", Typed())

    return type_in


def _address(out: str) -> str:
    found = re.search(r"^ +(https?://\S+)$", out, re.MULTILINE)
    assert found, out
    return found[1]


def _events(workspace: Path) -> list[tuple[str, str, str]]:
    import sqlite3  # noqa: PLC0415 - only to look behind the curtain

    with sqlite3.connect(workspace / "var" / "xuanfa.db") as database:
        return list(database.execute("SELECT after, actor, channel FROM events WHERE after = 'signed_in'"))


def test_the_whole_address_is_pasted(xuanfa: Any, paste: Paste, workspace: Path) -> None:
    paste(lambda address: address)
    ran = xuanfa("channels", "login", "weibo", "--paste")
    assert ran.code == 0, ran.err
    assert "已登录微博账号 1000000001" in ran.out
    assert _events(workspace) == [("signed_in", "王敏", "weibo")]


def test_the_code_alone_is_pasted_where_the_callback_is_elsewhere(xuanfa: Any, paste: Paste) -> None:
    paste(lambda _address: "rehearsal-code")
    ran = xuanfa("channels", "login", "douyin")
    assert ran.code == 0, ran.err
    assert "已登录抖音账号" in ran.out
    assert "rehearsal-token" not in ran.out + ran.err


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda address: re.sub(r"state=[^&]+", "state=forged", address), "state"),
        (lambda address: re.sub(r"code=[^&]+", "error=access_denied", address), "没有同意"),
        (lambda _address: "", "没有收到"),
        (lambda _address: "wrong-code", "没有登录成功"),
    ],
)
def test_what_is_not_the_answer_to_this_sign_in_is_refused(
    xuanfa: Any, paste: Paste, workspace: Path, make: Callable[[str], str], told: str
) -> None:
    paste(make)
    ran = xuanfa("channels", "login", "weibo", "--paste")
    assert ran.code == 1
    assert told in ran.out + ran.err
    assert "wrong-code" not in ran.out + ran.err
    assert _events(workspace) == []


def test_a_channel_with_a_key_in_its_settings_has_no_sign_in(xuanfa: Any) -> None:
    ran = xuanfa("channels", "login", "group")
    assert (ran.code, "不需要登录" in ran.err) == (1, True)
    ran = xuanfa("channels", "login", "nowhere")
    assert (ran.code, "没有渠道 nowhere" in ran.err) == (1, True)


def test_a_paused_channel_is_told_to_be_resumed(xuanfa: Any, paste: Paste) -> None:
    xuanfa("channels", "pause", "weibo", "--why", "授权到期")
    paste(lambda address: address)
    assert "xuanfa channels resume weibo" in xuanfa("channels", "login", "weibo", "--paste").out


def test_the_browser_brings_the_code_to_the_loopback(
    xuanfa: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The command itself, with a browser that first brings what is not its own."""
    pages: list[tuple[int, str]] = []

    def browse(signing_in: SigningIn) -> str:
        def visit() -> None:
            mine = signing_in.address
            others = mine.replace("/weibo?", "/favicon.ico?"), mine.replace("state=", "state=x")
            pages.extend(_get(address) for address in (*others, mine))

        thread = threading.Thread(target=visit)
        listening = sign_in._Callback.server_activate

        def activate(server: Any) -> None:
            listening(server)
            thread.start()

        monkeypatch.setattr(sign_in._Callback, "server_activate", activate)
        code = await_code(signing_in)
        thread.join()
        return code

    monkeypatch.setattr("xuanfa.operations.deciding.sign_in.await_code", browse)
    ran = xuanfa("channels", "login", "weibo")
    assert ran.code == 0, ran.err
    assert [status for status, _ in pages] == [404, 400, 200]
    assert "已收到授权" in pages[2][1]
    assert "rehearsal-code" not in pages[2][1]
    assert "rehearsal-token" not in ran.out + ran.err
    assert ran.err == ""


def _get(address: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(address, timeout=10) as answer:  # noqa: S310 - the loopback
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def test_a_port_that_is_taken_is_an_error_with_the_way_out(xuanfa: Any, port: int) -> None:
    with socket.create_server(("127.0.0.1", port)):
        ran = xuanfa("channels", "login", "weibo")
    assert (ran.code, "--paste" in ran.err) == (1, True)


def test_waiting_ends_with_words_when_nobody_comes(port: int) -> None:
    signing_in = SigningIn(channel="weibo", address="", redirect_uri=f"http://127.0.0.1:{port}/weibo", state="s")
    with pytest.raises(Exception, match="没有人完成登录"):
        await_code(signing_in, patience=0.05)


def test_only_a_loopback_with_a_port_is_listened_to() -> None:
    def at(uri: str) -> bool:
        return SigningIn(channel="w", address="", redirect_uri=uri, state="s").is_loopback

    assert at("http://127.0.0.1:8765/x")
    assert at("http://localhost:8765/")
    assert not any(
        map(at, ("https://127.0.0.1:8765/", "http://127.0.0.1/", "http://0.0.0.0:80/", "https://court.example/"))
    )


def test_every_sign_in_has_a_state_of_its_own(workspace: Path) -> None:
    with open_desk(workspace) as desk:
        first, second = begin_sign_in(desk, "weibo"), begin_sign_in(desk, "weibo")
    assert first.state != second.state
    assert len(first.state) >= 32
    assert pasted_code(first, f" {first.address}\n") == "rehearsal-code"
    with pytest.raises(Exception, match="state"):
        pasted_code(first, second.address)
