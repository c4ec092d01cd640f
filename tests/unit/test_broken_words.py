"""What libraries and the system say of a broken connection, in the reader's language."""

import errno
import os
import re
import smtplib
import socket
import ssl

import httpcore
import httpx
import pytest

from xuanfa.domain.broken import broken_words
from xuanfa.domain.errors import machine_words

CHINESE = re.compile("[\u4e00-\u9fff]")


def every_error_of(module: object, root: type[BaseException]) -> list[type[BaseException]]:
    found = [value for value in vars(module).values() if isinstance(value, type) and issubclass(value, root)]
    return [cls for cls in found if cls is not httpx.HTTPStatusError]


KINDS = [
    *every_error_of(httpx, httpx.RequestError),
    *every_error_of(httpcore, httpcore.TimeoutException),
    *every_error_of(httpcore, httpcore.NetworkError),
    httpx.InvalidURL,
    smtplib.SMTPServerDisconnected,
    TimeoutError,
]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: f"{kind.__module__}.{kind.__name__}")
def test_no_word_of_the_library_reaches_a_reader_of_chinese(kind: type[BaseException]) -> None:
    said = broken_words(kind("timed out at https://secret.example/token"))
    assert CHINESE.search(said)
    assert not set(re.findall("[A-Za-z]{3,}", said)) - {"HTTP", "http", "https", "SMTP"}


def test_the_bottom_of_it_is_told() -> None:
    refused = httpx.ConnectError("[Errno 111] Connection refused")
    refused.__cause__ = ConnectionRefusedError(111, "Connection refused")
    assert broken_words(refused) == "连不上（对方没有在这个端口上服务）"
    unknown = httpx.ConnectError("x")
    unknown.__cause__ = socket.gaierror(-2, "Name or service not known")
    assert broken_words(unknown) == "连不上（域名解析失败）"


def test_our_own_words_are_kept() -> None:
    assert broken_words(httpx.ConnectError("对方在请求之前就说话或挂断了")) == "连不上（对方在请求之前就说话或挂断了）"


def test_what_is_wrong_with_a_certificate_is_told() -> None:
    error = ssl.SSLCertVerificationError(1, "[SSL: CERTIFICATE_VERIFY_FAILED]")
    error.verify_code, error.verify_message = 10, "certificate has expired"
    broken = httpx.ConnectError("x")
    broken.__cause__ = error
    assert broken_words(broken) == "连不上（证书已过期，或本机时间快了）"


@pytest.mark.usefixtures("english")
def test_english_keeps_the_kind() -> None:
    assert broken_words(httpx.ReadTimeout("timed out")) == "ReadTimeout: timed out"


@pytest.mark.parametrize("number", sorted(errno.errorcode), ids=lambda number: errno.errorcode[number])
def test_what_the_machine_refuses_is_told_without_its_english(number: int) -> None:
    said = machine_words(OSError(number, os.strerror(number), "/srv/file"))
    assert CHINESE.search(said)
    assert os.strerror(number) not in said


@pytest.mark.parametrize("code", [18, 19, 20, 21])
def test_an_authority_that_is_not_known_comes_with_the_remedy(code: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    monkeypatch.delenv("SSL_CERT_DIR", raising=False)
    error = ssl.SSLCertVerificationError(1, "[SSL: CERTIFICATE_VERIFY_FAILED]")
    error.verify_code, error.verify_message = code, "unable to get local issuer certificate"
    assert "ca_file" in broken_words(error)
    monkeypatch.setenv("SSL_CERT_FILE", "/nowhere/office.pem")
    assert "SSL_CERT_FILE" in broken_words(error)


@pytest.mark.parametrize(("code", "word"), [(9, "时间"), (10, "时间"), (62, "上网认证")])
def test_a_clock_and_a_network_in_between_are_named(code: int, word: str) -> None:
    error = ssl.SSLCertVerificationError(1, "[SSL: CERTIFICATE_VERIFY_FAILED]")
    error.verify_code, error.verify_message = code, "x"
    said = broken_words(error)
    assert word in said
    assert "ca_file" not in said
