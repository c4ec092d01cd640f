"""Encryption on the wire: whom it believes, and that what left and what lies behind an answer is told under it too."""

import ssl
from pathlib import Path

import pytest

from tests.support.odd_server import Connection, answer, odd_server
from tests.support.wired import answering, client
from xuanfa.adapters.shared.http import Answer, send_once
from xuanfa.adapters.shared.wire.tls import trusting
from xuanfa.domain.errors import ConfigError
from xuanfa.domain.outcome import Unknown, Unsent


def test_an_authority_of_the_office_is_believed_besides_the_systems(
    authority: Path, served: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    with odd_server(answering, tls=served) as server:
        url = f"https://localhost:{server.port}/hook"
        with client() as over:
            refused = send_once(over, "POST", url, content=b"{}")
        assert isinstance(refused, Unsent)
        assert "证书是自签的" in refused.evidence
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
