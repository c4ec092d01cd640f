"""Where a request may go: the open internet only, whatever a name says the second time; certificates count against the name."""

import ipaddress
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest

from xuanfa.adapters.shared.addresses import PrivateAddressError, is_public, reach, routes, shown, unencrypted
from xuanfa.adapters.shared.http import Answer, send_once
from xuanfa.adapters.shared.wire import Wire
from xuanfa.adapters.shared.wire.tls import trusting
from xuanfa.domain.outcome import Unsent


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0", "10.1.2.3", "100.64.0.1", "100.100.100.200", "127.0.0.1", "127.9.9.9", "169.254.169.254", "172.16.0.1",  # noqa: S104 - refused, not bound
        "192.0.0.8", "192.168.1.1", "198.18.0.1", "203.0.113.5", "224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255",
        "::", "::1", "fe80::1", "fc00::1", "fd00:ec2::254", "fec0::1", "ff02::1", "2001:db8::1",
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "64:ff9b::7f00:1", "2002:a00:1::1", "2001:0:53aa:64c:0:7e:f5ff:fffe",
    ],
)  # fmt: skip
def test_an_address_inside_is_refused(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "address", ["1.1.1.1", "114.114.114.114", "223.5.5.5", "2400:3200::1", "::ffff:1.1.1.1", "64:ff9b::101:101"]
)
def test_an_address_of_the_open_internet_is_allowed(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


#: The registries of special-purpose addresses of IANA (RFC 6890), where "globally reachable" is not true; and multicast.
SPECIAL = (
    *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/29"),
    *("192.0.0.8/32", "192.0.0.170/31", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15"),
    *("198.51.100.0/24", "203.0.113.0/24", "240.0.0.0/4", "255.255.255.255/32", "224.0.0.0/4"),
    *("::1/128", "::/128", "64:ff9b:1::/48", "100::/64", "100:0:0:1::/64", "2001::/32", "2001:2::/48", "2001:10::/28"),
    *("2001:db8::/32", "3fff::/20", "5f00::/16", "fc00::/7", "fe80::/10", "ff00::/8"),
)


@pytest.mark.parametrize("net", SPECIAL)
def test_the_first_and_the_last_address_of_every_special_net_are_refused(net: str) -> None:
    found = ipaddress.ip_network(net)
    for address in (found[0], found[-1], found[found.num_addresses // 2]):
        assert not is_public(address), address


@pytest.mark.parametrize(
    "address",
    [
        "9.255.255.255",
        "11.0.0.0",
        "100.128.0.0",
        "172.32.0.0",
        "198.20.0.0",
        "3ffe:ffff::1",
        "4000::1",
        "2001:200::1",
        "2620:4f:8000::1",
    ],
)
def test_its_neighbours_are_judged_by_themselves(address: str) -> None:
    assert is_public(ipaddress.ip_address(address)) == (address != "4000::1")  # which is not assigned


def names(monkeypatch: pytest.MonkeyPatch, *answers: list[str]) -> list[str]:
    """A name service whose answers change from one question to the next; returns the questions asked."""
    asked: list[str] = []

    def getaddrinfo(host: str, port: int, *args: object, **kwargs: object) -> list[Any]:
        asked.append(host)
        found = answers[min(len(asked), len(answers)) - 1]
        return [
            (socket.AF_INET6 if ":" in ip else socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, port)) for ip in found
        ]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return asked


def test_a_name_is_asked_once_and_the_checked_address_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = names(monkeypatch, ["1.1.1.1"], ["127.0.0.1"])
    (way,) = routes(httpx.URL("https://cms.example.gov.cn:8443/hook?a=1"), allow_private=False)
    assert str(way.url) == "https://1.1.1.1:8443/hook?a=1"
    assert way.headers == {"host": "cms.example.gov.cn:8443"}
    assert way.extensions == {"direct": True, "sni_hostname": "cms.example.gov.cn"}
    assert asked == ["cms.example.gov.cn"]


def test_one_private_address_among_public_ones_is_enough_to_refuse(monkeypatch: pytest.MonkeyPatch) -> None:
    names(monkeypatch, ["1.1.1.1", "fe80::1%eth0"])
    with pytest.raises(PrivateAddressError, match="allow_private"):
        routes(httpx.URL("https://cms.example.gov.cn/secret-path"), allow_private=False)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "[::1]", "[::ffff:127.0.0.1]"])
def test_an_address_in_disguise_is_refused(host: str) -> None:
    with pytest.raises(PrivateAddressError):
        routes(httpx.URL(f"http://{host}/"), allow_private=False)


def test_through_a_proxy_the_name_is_sent_and_only_a_private_address_that_shows_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    url = httpx.URL("https://cms.example.gov.cn/x")
    names(monkeypatch, ["1.1.1.1"], ["10.0.0.1"], [])
    assert routes(url, allow_private=False, proxied=True)[0].url == url
    with pytest.raises(PrivateAddressError):
        routes(url, allow_private=False, proxied=True)

    def unknown(*args: object, **kwargs: object) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    assert routes(url, allow_private=False, proxied=True)[0].url == url
    with pytest.raises(OSError, match="not known"):
        routes(url, allow_private=False)


def test_an_allowed_private_server_is_asked_for_by_its_name() -> None:
    (way,) = routes(httpx.URL("http://oa.local/x"), allow_private=True)
    assert (str(way.url), way.headers, way.extensions) == ("http://oa.local/x", {}, {})


def test_only_scheme_and_host_are_shown() -> None:
    assert shown(httpx.URL("https://user:word@cms.cn:8443/hook/secret?token=x")) == "https://cms.cn:8443/…"
    assert unencrypted(httpx.URL("http://cms.cn/"))
    assert not unencrypted(httpx.URL("https://cms.cn/"))


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for cms.example.gov.cn that signs itself."""
    folder = tmp_path_factory.mktemp("authority")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
         "-subj", "/CN=cms.example.gov.cn", "-addext", "subjectAltName=DNS:cms.example.gov.cn",
         "-keyout", folder / "key.pem", "-out", folder / "cert.pem"],
        check=True,
        capture_output=True,
    )  # fmt: skip
    return folder


@pytest.fixture
def secure_server(authority: Path) -> Iterator[ThreadingHTTPServer]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            body = self.headers["Host"].encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            """Quiet."""

    class Quiet(ThreadingHTTPServer):
        def handle_error(self, *args: object) -> None:
            """A client that hangs up in the handshake is part of the tests."""

    server = Quiet(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(authority / "cert.pem", authority / "key.pem")
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def _post_by_route(server: ThreadingHTTPServer, authority: Path, host: str, monkeypatch: pytest.MonkeyPatch) -> object:
    names(monkeypatch, ["127.0.0.1"])
    monkeypatch.setattr(
        "xuanfa.adapters.shared.addresses.is_public", lambda address: True
    )  # the only server there is, is here
    (way,) = routes(httpx.URL(f"https://{host}:{server.server_port}/hook"), allow_private=False)
    monkeypatch.undo()
    trust = ssl.create_default_context(cafile=str(authority / "cert.pem"))
    with httpx.Client(verify=trust, trust_env=False, timeout=5) as client:
        return send_once(client, "POST", way.url, content=b"x", headers=way.headers, extensions=way.extensions)


def test_a_checked_address_still_answers_to_its_name_and_shows_the_names_certificate(
    secure_server: ThreadingHTTPServer, authority: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = _post_by_route(secure_server, authority, "cms.example.gov.cn", monkeypatch)
    assert isinstance(answer, Answer)
    assert answer.body == f"cms.example.gov.cn:{secure_server.server_port}".encode()


def test_a_certificate_for_another_name_is_refused_before_anything_is_sent(
    secure_server: ThreadingHTTPServer, authority: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = _post_by_route(secure_server, authority, "www.example.gov.cn", monkeypatch)
    assert isinstance(answer, Unsent)
    assert "证书不是发给这个域名的" in answer.evidence


def test_a_diagnosis_tells_a_bad_certificate_from_a_wrong_name_from_a_closed_port(
    secure_server: ThreadingHTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = secure_server.server_port
    with httpx.Client(transport=Wire(trusting()), trust_env=False) as client:
        (tls,) = reach(client, httpx.URL(f"https://127.0.0.1:{port}/"), allow_private=True)
        (private,) = reach(client, httpx.URL(f"https://127.0.0.1:{port}/"), allow_private=False)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            (closed,) = reach(client, httpx.URL(f"http://127.0.0.1:{free.getsockname()[1]}/"), allow_private=True)

        def nowhere(*args: object, **kwargs: object) -> None:
            raise socket.gaierror(-2, "Name or service not known")

        monkeypatch.setattr(socket, "getaddrinfo", nowhere)
        (name,) = reach(client, httpx.URL("https://no.such.example/"), allow_private=False)
    assert [tls.code, private.code, closed.code, name.code] == [
        "http.tls",
        "http.private_address",
        "http.connect",
        "http.name",
    ]
