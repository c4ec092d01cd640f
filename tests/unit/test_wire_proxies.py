"""Proxies and certificates: through whom a request goes, whom it believes, and whose trouble it is where that fails."""

import base64
import select
import socket
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import ValidationError

from tests.support.cut_wire import measured
from tests.support.odd_server import Connection, OddServer, answer, odd_server
from xuanfa.adapters.addresses import reach
from xuanfa.adapters.http import Answer, judge_status, send_once
from xuanfa.adapters.mail.config import EmailConfig
from xuanfa.adapters.site.config import SiteConfig
from xuanfa.adapters.webhook_config import WebhookConfig
from xuanfa.adapters.wire import Wire
from xuanfa.adapters.wire.proxies import proxy_for
from xuanfa.adapters.wire.tls import trusting
from xuanfa.domain.errors import ConfigError
from xuanfa.domain.outcome import Blame, Rejected, Unknown, Unsent

PASSWORD = "Proxy-Word-7"


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for localhost that signs itself, known to nobody."""
    folder = tmp_path_factory.mktemp("authority")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
         "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
         "-keyout", folder / "key.pem", "-out", folder / "cert.pem"],
        check=True,
        capture_output=True,
    )  # fmt: skip
    return folder


@pytest.fixture
def served(authority: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(authority / "cert.pem", authority / "key.pem")
    return context


@contextmanager
def client(proxy: str = "", tls: ssl.SSLContext | None = None, limit: float = 5.0) -> Iterator[httpx.Client]:
    wire = Wire(tls or trusting(), limit=limit, proxy_for=proxy_for(proxy))
    with httpx.Client(transport=wire, trust_env=False, timeout=5.0) as made:
        yield made


def answering(connection: Connection) -> None:
    while connection.request():
        connection.say(answer(b'{"id": 1}'))


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
            with client(named, trust) as over, measured() as permit:
                for _ in range(2):
                    assert isinstance(send_once(over, "POST", url, content=b"{}"), Answer)
            assert proxy.connections == 1
            (asked,) = proxy.requests
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
        with client(named) as over, measured() as permit:
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
        client(f"http://127.0.0.1:{proxy.port}", limit=0.4) as over,
    ):
        outcome = send_once(over, "POST", "https://cms.example.gov.cn/hook", content=b"{}")
    assert isinstance(outcome, Unsent)


def test_a_proxy_that_is_not_there_is_unsent() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with client(f"http://127.0.0.1:{port}") as over:
        assert isinstance(send_once(over, "POST", "https://cms.example.gov.cn/hook", content=b"{}"), Unsent)


def test_without_encryption_a_proxy_that_wants_a_sign_in_is_the_operators_trouble() -> None:
    """It echoes what it got: the password is not shown."""

    def echo(connection: Connection) -> None:
        got = connection.request()
        connection.say(answer(got, "407 Proxy Authentication Required"))

    with odd_server(echo) as proxy, client(f"http://office:{PASSWORD}@127.0.0.1:{proxy.port}") as over:
        outcome = send_once(over, "POST", "http://cms.example.gov.cn/hook", content=b"{}")
    assert isinstance(outcome, Answer)
    verdict = judge_status(outcome)
    assert isinstance(verdict, Rejected)
    assert verdict.blame is Blame.CHANNEL
    assert "proxy" in verdict.findings[0].message
    for secret in (PASSWORD, base64.b64encode(f"office:{PASSWORD}".encode()).decode()):
        assert secret not in repr(verdict)
        assert secret not in outcome.excerpt


@pytest.mark.parametrize(
    ("environ", "url", "expected"),
    [
        ({}, "https://cms.cn/", None),
        ({"HTTPS_PROXY": "http://p:1"}, "https://cms.cn/", "http://p:1"),
        ({"https_proxy": "p:1"}, "https://cms.cn/", "http://p:1"),
        ({"HTTP_PROXY": "http://p:1"}, "https://cms.cn/", None),
        ({"HTTP_PROXY": "http://p:1"}, "http://cms.cn/", "http://p:1"),
        ({"ALL_PROXY": "http://p:1"}, "https://cms.cn/", "http://p:1"),
        ({"ALL_PROXY": "http://p:1", "NO_PROXY": "cms.cn,local"}, "https://a.cms.cn/", None),
        ({"ALL_PROXY": "http://p:1", "NO_PROXY": "*"}, "https://a.cms.cn/", None),
    ],
)
def test_without_one_of_its_own_the_environment_names_the_proxy(
    environ: dict[str, str], url: str, expected: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    assert proxy_for("")(httpx.URL(url)) == expected
    assert proxy_for("http://own:2")(httpx.URL(url)) == "http://own:2"


def test_a_kind_of_proxy_that_is_not_known_is_said_before_anything_leaves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALL_PROXY", "socks5://127.0.0.1:1080")
    monkeypatch.delenv("NO_PROXY", raising=False)
    with client() as over:
        outcome = send_once(over, "POST", "https://cms.example.gov.cn/hook", content=b"{}")
    assert isinstance(outcome, Unsent)
    assert "socks5" in outcome.evidence


@pytest.mark.parametrize(
    "proxy",
    ["https://p:1", "socks5://p:1", "p:1", "http://", "http://u:p@", f"http://u:{PASSWORD}@a b:1", "http://u:a@b@c"],
)
def test_a_proxy_that_is_none_is_refused_without_being_repeated(proxy: str) -> None:
    with pytest.raises(ValidationError) as caught:
        WebhookConfig.model_validate({"adapter": "webhook", "url": "https://a.cn/", "proxy": proxy})
    assert "proxy" in str(caught.value)
    assert PASSWORD not in str(caught.value)


def test_a_kind_that_has_no_use_for_a_proxy_says_so() -> None:
    site = {"adapter": "site", "directory": "public", "base_url": "https://www.example.gov.cn"}
    mail = {"adapter": "email", "rehearsal": True}
    for config, given in ((SiteConfig, site | {"proxy": "http://p:1"}), (SiteConfig, site | {"ca_file": "a.pem"})):
        with pytest.raises(ValidationError, match="用不到"):
            config.model_validate(given)
    with pytest.raises(ValidationError, match="用不到"):
        EmailConfig.model_validate(mail | {"proxy": "http://p:1"})
    assert EmailConfig.model_validate(mail | {"ca_file": "a.pem"}).ca_file == "a.pem"


def test_an_authority_of_the_office_is_believed_besides_the_systems(
    authority: Path, served: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    with odd_server(answering, tls=served) as server:
        url = f"https://localhost:{server.port}/hook"
        with client() as over:
            refused = send_once(over, "POST", url, content=b"{}")
        assert isinstance(refused, Unsent)
        assert "certificate" in refused.evidence.lower()
        with client(tls=trusting([authority / "cert.pem"])) as over:
            assert isinstance(send_once(over, "POST", url, content=b"{}"), Answer)
        monkeypatch.setenv("SSL_CERT_FILE", str(authority / "cert.pem"))
        with client(tls=trusting()) as over:
            assert isinstance(send_once(over, "POST", url, content=b"{}"), Answer)
    systems = ssl.create_default_context().cert_store_stats()["x509_ca"]
    assert trusting([authority / "cert.pem"]).cert_store_stats()["x509"] >= systems


@pytest.mark.parametrize("content", [None, "", "no certificate"])
def test_an_authority_that_is_none_is_said_in_words(tmp_path: Path, content: str | None) -> None:
    file = tmp_path / "ca.pem"
    if content is not None:
        file.write_text(content, encoding="utf-8")
    with pytest.raises(ConfigError, match="ca_file"):
        trusting([file])


def test_what_tls_had_accepted_in_whole_records_is_counted(authority: Path, served: ssl.SSLContext) -> None:
    """The server reads a little of a long request and resets the connection."""

    def cut(connection: Connection) -> None:
        connection.socket.recv(1000)
        connection.reset()

    body = bytes(20_000_000)
    with odd_server(cut, tls=served) as server, client(tls=trusting([authority / "cert.pem"])) as over:
        outcome = send_once(over, "POST", f"https://localhost:{server.port}/hook", content=body)
    assert isinstance(outcome, Unsent), outcome
    assert 0 < outcome.left < len(body)
    assert "字节离开本机，对方不可能收全" in outcome.evidence


def test_under_tls_what_lies_behind_an_answer_is_no_answer_either(authority: Path, served: ssl.SSLContext) -> None:
    def twice(connection: Connection) -> None:
        connection.request()
        connection.say(answer(b'{"id": 1}') + answer(b'{"id": 7}'))
        connection.request()
        connection.wait(20)

    def silent(connection: Connection) -> None:
        connection.request()
        connection.wait(20)

    with (
        odd_server(twice, silent, tls=served) as server,
        client(tls=trusting([authority / "cert.pem"]), limit=1.0) as over,
    ):
        url = f"https://localhost:{server.port}/hook"
        assert isinstance(send_once(over, "POST", url, content=b"{}"), Answer)
        assert isinstance(send_once(over, "POST", url, content=b"{}"), Unknown)
        assert server.connections == 2


def test_under_tls_a_connection_is_used_again(authority: Path, served: ssl.SSLContext) -> None:
    """Session tickets, which lie on it after the handshake, are no answer."""
    with odd_server(answering, tls=served) as server, client(tls=trusting([authority / "cert.pem"])) as over:
        for _ in range(3):
            answered = send_once(over, "POST", f"https://localhost:{server.port}/hook", content=b"{}")
            assert isinstance(answered, Answer)
        assert server.connections == 1


def test_reaching_goes_through_the_proxy_and_asks_nothing(authority: Path, served: ssl.SSLContext) -> None:
    with odd_server(answering, tls=served) as server, odd_server(tunnelling(server)) as proxy:
        url = httpx.URL(f"https://localhost:{server.port}/hook")
        with client(f"http://127.0.0.1:{proxy.port}", trusting([authority / "cert.pem"])) as over:
            assert reach(over, url, allow_private=True) == ()
        assert proxy.requests != []
    assert server.requests in ([], [b""])

    def refuse(connection: Connection) -> None:
        connection.request()
        connection.say(REFUSALS["407"])

    with odd_server(refuse) as proxy, client(f"http://127.0.0.1:{proxy.port}") as over:
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
