"""Proxies: through whom a request goes, and what a proxy's refusal proves."""

import base64
import select
import socket
import ssl
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support.cut_wire import measured
from tests.support.odd_server import Connection, OddServer, answer, odd_server
from tests.support.wired import PASSWORD, answering, client
from xuanfa.adapters.shared.addresses import reach
from xuanfa.adapters.shared.http import Answer, judge_status, send_once
from xuanfa.adapters.shared.wire import Wire
from xuanfa.adapters.shared.wire.proxies import proxy_for
from xuanfa.adapters.shared.wire.tls import trusting
from xuanfa.domain.outcome import Blame, Rejected, Unsent


def tunnelling(to: OddServer) -> Callable[[Connection], None]:
    """A proxy that does as it should."""

    def behave(connection: Connection) -> None:
        connection.request()
        connection.say(b"HTTP/1.1 200 Connection established\r\n\r\n")
        with socket.create_connection(("127.0.0.1", to.port)) as beyond:
            pump(connection.socket, beyond, connection.server.over)

    return behave


def pump(one: socket.socket, other: socket.socket, over: threading.Event) -> None:
    """Carry what comes from either side to the other, until one of them hangs up or the test is over."""
    while not over.is_set():
        ready, _, _ = select.select([one, other], [], [], 0.1)
        for each in ready:
            data = each.recv(65536)
            if not data:
                return
            (other if each is one else one).sendall(data)


def test_a_request_goes_through_the_channels_proxy_and_is_counted_as_without(
    authority: Path, served: ssl.SSLContext
) -> None:
    trust = trusting([authority / "cert.pem"])
    with odd_server(answering, tls=served) as server:
        url = f"https://localhost:{server.port}/hook"
        with client(tls=trust) as over, measured() as direct:
            assert isinstance(send_once(over, "POST", url, content=b"{}"), Answer)
        with odd_server(tunnelling(server)) as proxy:
            named = f"http://office:{PASSWORD}@127.0.0.1:{proxy.port}"
            with client(proxy_for=proxy_for(named), tls=trust) as over, measured() as permit:
                for _ in range(2):
                    assert isinstance(send_once(over, "POST", url, content=b"{}"), Answer)
            assert proxy.connections == 2  # what belongs to an attempt shares none
            asked, _ = proxy.requests
    assert asked.startswith(b"CONNECT localhost:")
    pair = base64.b64encode(f"office:{PASSWORD}".encode())
    assert b"Proxy-Authorization: Basic " + pair in asked
    assert not any(pair in request for request in server.requests)
    assert permit.last is not None
    assert direct.last is not None
    assert permit.last.sent == permit.last.total == direct.last.total


REFUSALS = {
    "407": answer(b"<html>Sign in</html>", "407 Proxy Authentication Required", "Proxy-Authenticate: Basic"),
    "403": answer(b"<html>no</html>", "403 Forbidden"),
    "502": answer(b"<html>no</html>", "502 Bad Gateway"),
    "html": b"<html><body>Welcome to the office's network</body></html>",
    "page": answer(b"<html>Please sign in to the network</html>"),
    "mail": b"220 mail.example.gov.cn ESMTP\r\n",
    "nothing": b"",
    "half": b"HTTP/1.1 200 Conn",
    "endless": b"HTTP/1.1 200 OK\r\n" + b"X: " + b"y" * 200_000,
}


@pytest.mark.parametrize("said", REFUSALS)
def test_what_a_proxy_says_instead_of_connecting_is_never_the_contents_fault(said: str) -> None:
    def refuse(connection: Connection) -> None:
        connection.request()
        connection.say(REFUSALS[said])

    with odd_server(refuse) as proxy:
        named = f"http://office:{PASSWORD}@127.0.0.1:{proxy.port}"
        with client(proxy_for=proxy_for(named)) as over, measured() as permit:
            outcome = send_once(over, "POST", "https://cms.example.gov.cn/hook", content=b"{}")
    assert isinstance(outcome, Unsent), outcome
    assert outcome.left == 0
    assert permit.last is not None
    assert permit.last.sent == 0
    assert PASSWORD not in outcome.evidence
    if said == "407":
        assert "407" in outcome.evidence


def test_a_proxy_that_is_silent_ends_by_the_deadline() -> None:
    with (
        odd_server(lambda connection: connection.wait(20)) as proxy,
        client(proxy_for=proxy_for(f"http://127.0.0.1:{proxy.port}"), limit=0.4) as over,
    ):
        outcome = send_once(over, "POST", "https://cms.example.gov.cn/hook", content=b"{}")
    assert isinstance(outcome, Unsent)


def test_a_proxy_that_is_not_there_is_unsent() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with client(proxy_for=proxy_for(f"http://127.0.0.1:{port}")) as over:
        assert isinstance(send_once(over, "POST", "https://cms.example.gov.cn/hook", content=b"{}"), Unsent)


@pytest.mark.parametrize("scheme", ["http", "socks5"])
@pytest.mark.parametrize("target", ["http", "https"])
@pytest.mark.parametrize("source", ["环境变量 ALL_PROXY", "渠道设置 proxy"])
def test_a_proxy_that_is_not_there_is_named_and_not_the_server(
    scheme: str, target: str, source: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    named, url = f"{scheme}://office:{PASSWORD}@127.0.0.1:{port}", f"{target}://cms.example.gov.cn/hook"
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    if source.endswith("ALL_PROXY"):
        monkeypatch.setenv("ALL_PROXY", named)
    with client(proxy_for=proxy_for("" if source.endswith("ALL_PROXY") else named), limit=3.0) as over:
        outcome = send_once(over, "POST", url, content=b"{}")
        (finding,) = reach(over, httpx.URL(url), allow_private=True)
    assert isinstance(outcome, Unsent)
    assert (outcome.left, finding.code) == (0, "http.proxy")
    for told in (outcome.evidence, finding.message):
        assert f"连不上代理 127.0.0.1:{port}（{source}）" in told
        assert PASSWORD not in told
        assert "cms.example" not in told


def test_without_encryption_a_proxy_that_wants_a_sign_in_is_the_operators_trouble() -> None:
    """It echoes what it got: the password is not shown."""

    def echo(connection: Connection) -> None:
        got = connection.request()
        connection.say(answer(got, "407 Proxy Authentication Required"))

    with (
        odd_server(echo) as proxy,
        client(proxy_for=proxy_for(f"http://office:{PASSWORD}@127.0.0.1:{proxy.port}")) as over,
    ):
        outcome = send_once(over, "POST", "http://cms.example.gov.cn/hook", content=b"{}")
    assert isinstance(outcome, Answer)
    verdict = judge_status(outcome)
    assert isinstance(verdict, Rejected)
    assert verdict.blame is Blame.CHANNEL
    assert "proxy" in verdict.findings[0].message
    for secret in (PASSWORD, base64.b64encode(f"office:{PASSWORD}".encode()).decode()):
        assert secret not in repr(verdict)
        assert secret not in outcome.excerpt


def socks(to: OddServer, answer_with: int = 0) -> Callable[[Connection], None]:
    """A proxy of SOCKS 5 (RFC 1928) without a sign-in."""

    def behave(connection: Connection) -> None:
        connection.socket.recv(3)
        connection.say(b"\x05\x00")
        asked = connection.socket.recv(300)
        connection.server.requests.append(asked)
        connection.say(bytes([5, answer_with, 0, 1, 0, 0, 0, 0, 0, 0]))
        if answer_with == 0:
            with socket.create_connection(("127.0.0.1", to.port)) as beyond:
                pump(connection.socket, beyond, connection.server.over)

    return behave


@pytest.mark.parametrize("scheme", ["socks5", "socks5h", "SOCKS5"])
def test_a_proxy_of_socks_carries_requests_and_looks_names_up(
    scheme: str, authority: Path, served: ssl.SSLContext
) -> None:
    trust = trusting([authority / "cert.pem"])
    with odd_server(answering, tls=served) as server, odd_server(socks(server)) as proxy:
        environ = {"ALL_PROXY": f"{scheme}://127.0.0.1:{proxy.port}", "NO_PROXY": "127.0.0.1"}
        wire = Wire(trust, limit=5.0, proxy_for=proxy_for("", environ))
        with httpx.Client(transport=wire, trust_env=False, timeout=5.0) as over, measured() as permit:
            for _ in range(2):
                sent = send_once(over, "POST", f"https://localhost:{server.port}/hook", content=b"{}")
                assert isinstance(sent, Answer), sent
            assert reach(over, httpx.URL(f"https://localhost:{server.port}/"), allow_private=True) == ()
        assert b"localhost" in proxy.requests[0]
        assert proxy.connections == 3  # what belongs to an attempt shares none, and a look has its own
    assert permit.last is not None


@pytest.mark.parametrize("said", [b"\x05\xff", b"HTTP/1.1 400 Bad Request\r\n\r\n", b"", b"\x05", b"\x04\x00"])
def test_a_proxy_of_socks_that_does_not_is_no_doubt(said: bytes) -> None:
    def refuse(connection: Connection) -> None:
        connection.socket.recv(3)
        connection.say(said)

    with (
        odd_server(refuse) as proxy,
        client(proxy_for=proxy_for(f"socks5://127.0.0.1:{proxy.port}"), limit=2.0) as over,
    ):
        outcome = send_once(over, "POST", "https://cms.example.gov.cn/hook", content=b"{}")
    assert isinstance(outcome, Unsent), outcome
    assert outcome.left == 0


def test_a_proxy_of_socks_that_cannot_connect_is_no_doubt() -> None:
    with odd_server(answering) as server, odd_server(socks(server, answer_with=5)) as proxy:
        with client(proxy_for=proxy_for(f"socks5://127.0.0.1:{proxy.port}")) as over:
            outcome = send_once(over, "POST", "http://cms.example.gov.cn/hook", content=b"{}")
        assert isinstance(outcome, Unsent), outcome
        assert server.requests == []


def test_a_checked_address_goes_the_way_of_its_name() -> None:
    """``NO_PROXY`` has the name; the request goes to the address that the name was found to have."""
    with odd_server(answering) as server, odd_server(answering) as proxy:
        environ = {"http_proxy": f"http://127.0.0.1:{proxy.port}", "no_proxy": "cms.example.gov.cn"}
        wire = Wire(trusting(), limit=5.0, proxy_for=proxy_for("", environ))
        assert not wire.proxied(httpx.URL("http://cms.example.gov.cn/"))
        with httpx.Client(transport=wire, trust_env=False) as over:
            for extensions, reached in (({"direct": True}, server), ({}, proxy)):
                sent = send_once(over, "POST", f"http://127.0.0.1:{server.port}/", content=b"{}", extensions=extensions)
                assert isinstance(sent, Answer)
                assert len(reached.requests) == 1


def test_reaching_goes_through_the_proxy_and_asks_nothing(authority: Path, served: ssl.SSLContext) -> None:
    with odd_server(answering, tls=served) as server, odd_server(tunnelling(server)) as proxy:
        url = httpx.URL(f"https://localhost:{server.port}/hook")
        with client(
            proxy_for=proxy_for(f"http://127.0.0.1:{proxy.port}"), tls=trusting([authority / "cert.pem"])
        ) as over:
            assert reach(over, url, allow_private=True) == ()
        assert proxy.requests != []
    assert server.requests in ([], [b""])

    def refuse(connection: Connection) -> None:
        connection.request()
        connection.say(REFUSALS["407"])

    with odd_server(refuse) as proxy, client(proxy_for=proxy_for(f"http://127.0.0.1:{proxy.port}")) as over:
        (finding,) = reach(over, url, allow_private=True)
    assert finding.code == "http.proxy"
    assert "407" in finding.message


def test_settings_reach_the_wire(workspace: Any, authority: Path, served: ssl.SSLContext) -> None:
    """From ``xuanfa.toml`` to the connection: the office's authority and the channel's proxy."""
    with odd_server(answering, tls=served) as server, odd_server(tunnelling(server)) as proxy:
        settings = workspace.folder / "xuanfa.toml"
        text = settings.read_text(encoding="utf-8").replace(workspace.url, f"https://localhost:{server.port}")
        (workspace.folder / "office.pem").write_bytes((authority / "cert.pem").read_bytes())
        settings.write_text(
            f'ca_file = "office.pem"\n{text}\nproxy = "http://127.0.0.1:{proxy.port}"\n', encoding="utf-8"
        )
        desk = workspace.desk()
        answered = desk.adapters.bound("hook")._tools.http.post(f"https://localhost:{server.port}/hook", content=b"{}")
        assert answered.status_code == 200
        assert proxy.connections == 1
