"""What is proved about a request: the status, the wait, the excerpt."""

import logging
from datetime import timedelta

import httpx
import pytest

from xuanfa import __version__
from xuanfa.adapters.shared.http import BREATH, BREATH_MAX, BREATH_MIN, Answer, judge_status, send_once, user_agent
from xuanfa.domain.outcome import Blame, Deferred, Rejected, Unknown, Unsent
from xuanfa.domain.shown import masked


def answer(status: int = 200, body: bytes = b"", secrets: tuple[str, ...] = (), **headers: str) -> Answer:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(status, httpx.Headers(named), body, secrets)


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
def test_a_status_of_2xx_proves_nothing_by_itself(status: int) -> None:
    assert judge_status(answer(status)) is None


@pytest.mark.parametrize("status", [100, 199, 408, 500, 501, 502, 503, 504, 507, 599, 999])
def test_a_status_that_does_not_say_refused_is_doubt(status: int) -> None:
    assert isinstance(judge_status(answer(status, b"oops")), Unknown)


@pytest.mark.parametrize(
    ("status", "blame"),
    [
        (300, Blame.CHANNEL),
        (308, Blame.CHANNEL),
        (401, Blame.CHANNEL),
        (403, Blame.CHANNEL),
        (400, Blame.CONTENT),
        (409, Blame.CONTENT),
        (422, Blame.CONTENT),
        (451, Blame.CONTENT),
        (404, Blame.CHANNEL),
        (405, Blame.CHANNEL),
        (410, Blame.CHANNEL),
        (411, Blame.CHANNEL),
        (413, Blame.CHANNEL),
        (415, Blame.CHANNEL),
        (431, Blame.CHANNEL),
        (497, Blame.CHANNEL),
        (511, Blame.CHANNEL),
    ],
)
def test_a_refusal_says_who_must_act(status: int, blame: Blame) -> None:
    verdict = judge_status(answer(status))
    assert isinstance(verdict, Rejected)
    assert verdict.blame is blame
    assert verdict.findings[0].message


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({"retry_after": "120"}, timedelta(minutes=2)),
        ({"retry_after": " 0 "}, BREATH_MIN),
        (
            {"retry_after": "Mon, 02 Mar 2026 01:10:00 GMT", "date": "Mon, 02 Mar 2026 01:00:00 GMT"},
            timedelta(minutes=10),
        ),
        ({"retry_after": "Mon, 02 Mar 2026 00:00:00 GMT", "date": "Mon, 02 Mar 2026 01:00:00 GMT"}, BREATH_MIN),
        ({"retry_after": "9" * 40}, BREATH_MAX),
        ({"retry_after": "Mon, 02 Mar 2099 00:00:00 GMT", "date": "Mon, 02 Mar 2026 01:00:00 GMT"}, BREATH_MAX),
        ({"retry_after": "Mon, 02 Mar 2026 01:10:00 -0000", "date": "Mon, 02 Mar 2026 01:00:00 GMT"}, BREATH),
        ({"retry_after": "²"}, BREATH),
        ({"retry_after": "-5"}, BREATH),
        ({"retry_after": "soon"}, BREATH),
        ({}, BREATH),
    ],
)
def test_the_wait_that_a_channel_asks_for_is_obeyed_within_reason(headers: dict[str, str], wait: timedelta) -> None:
    named = {name.replace("_", "-"): value.encode() for name, value in headers.items()}
    verdict = judge_status(Answer(429, httpx.Headers(named), b""))
    assert isinstance(verdict, Deferred)
    assert verdict.after == wait


def test_an_excerpt_is_one_short_printable_line_without_secrets() -> None:
    body = "  错误\n\x1b[31mkey=abcd-1234\x00 in /hook/abcd  ".encode() + b"\xff" + b"x" * 5000
    excerpt = answer(200, body, ("abcd", "abcd-1234")).excerpt
    assert "\x1b" not in excerpt
    assert "abcd" not in excerpt
    assert "1234" not in excerpt
    assert excerpt.startswith("错误 [31mkey=*** in /hook/***")
    assert len(excerpt) == 300


def test_the_longer_of_two_secrets_is_hidden_first() -> None:
    assert masked("token-1 token", ("token", "token-1", "")) == "*** ***"


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[1]", b'"x"', b"NaN-"])
def test_a_body_that_is_no_object_has_no_fields(body: bytes) -> None:
    assert answer(200, body).fields == {}


def test_an_address_that_cannot_be_sent_to_is_unsent_and_stays_hidden() -> None:
    with httpx.Client(transport=httpx.MockTransport(lambda request: httpx.Response(200))) as client:
        outcome = send_once(client, "POST", "https://host:hunter2/x", secrets=("hunter2",))
    assert isinstance(outcome, Unsent)
    assert "hunter2" not in outcome.evidence


def test_a_broken_encoding_is_doubt() -> None:
    broken = httpx.MockTransport(
        lambda request: httpx.Response(200, headers={"content-encoding": "gzip"}, stream=httpx.ByteStream(b"no"))
    )
    with httpx.Client(transport=broken) as client:
        assert isinstance(send_once(client, "POST", "https://host/"), Unknown)


def test_a_redirect_is_not_followed_even_by_a_client_that_would() -> None:
    seen: list[str] = []

    def redirect(request: httpx.Request) -> httpx.Response:
        seen.append(str(request.url))
        return httpx.Response(302, headers={"location": "https://elsewhere/"})

    with httpx.Client(transport=httpx.MockTransport(redirect), follow_redirects=True) as client:
        outcome = send_once(client, "POST", "https://host/")
    assert isinstance(outcome, Answer)
    assert seen == ["https://host/"]


def test_the_library_does_not_log_addresses(caplog: pytest.LogCaptureFixture) -> None:
    with (
        caplog.at_level(logging.DEBUG),
        httpx.Client(transport=httpx.MockTransport(lambda request: httpx.Response(200))) as client,
    ):
        send_once(client, "POST", "https://host/?key=hunter2")
    assert "hunter2" not in caplog.text


NGINX = b"<html>\r\n<head><title>400 The plain HTTP request was sent to HTTPS port</title></head>\r\n<body><center>nginx</center></body></html>"
FIREWALL = "<!DOCTYPE html><html><head><title>405</title></head><body>您的请求带有危险内容</body></html>".encode(
    "gb18030"
)


@pytest.mark.parametrize(("status", "body"), [(400, NGINX), (405, FIREWALL), (422, FIREWALL)])
def test_a_page_in_place_of_a_refusal_comes_from_a_machine_in_between(status: int, body: bytes) -> None:
    verdict = judge_status(answer(status, body))
    assert isinstance(verdict, Rejected)
    assert verdict.blame is Blame.CHANNEL
    assert "<" not in verdict.findings[0].message


PORTALS = (
    "<script>top.self.location.href='http://10.1.1.1/eportal/index.jsp?wlanuserip=1'</script>",
    '<html><head><meta http-equiv="refresh" content="0;url=http://10.1.1.1/"></head></html>',
    '<!doctype html><title>上网认证</title><form method=post><input name=user><input type="password" name=p></form>',
    "  <!-- gateway --><HTML><body>Please sign in to the network</body></HTML>",
    '<html><head><meta charset="gb2312"><title>统一身份认证</title></head></html>',
)


@pytest.mark.parametrize("page", PORTALS)
@pytest.mark.parametrize("encoding", ["utf-8", "gbk"])
def test_a_page_that_asks_to_sign_in_is_no_answer_and_no_doubt(page: str, encoding: str) -> None:
    verdict = judge_status(answer(200, page.encode(encoding), content_type="text/html"))
    assert isinstance(verdict, Rejected)
    assert verdict.blame is Blame.CHANNEL
    assert verdict.findings[0].code == "http.sign_in_page"


@pytest.mark.parametrize(
    "body",
    [
        b'{"message": "login ok", "location": "/a"}',
        "<html><body>发布成功</body></html>".encode(),
        b"OK",
        b"",
        b"<xml><a/></xml>",
    ],
)
def test_what_asks_for_nothing_proves_nothing(body: bytes) -> None:
    assert judge_status(answer(200, body)) is None


@pytest.mark.parametrize("status", [500, 502, 503, 504])
@pytest.mark.parametrize(
    "headers",
    [
        {"proxy_status": "squid.office; error=connection_refused"},
        {"proxy_status": 'fw; error="dns_timeout"; rcode=SERVFAIL'},
        {"x_squid_error": "ERR_CONNECT_FAIL 111"},
        {"x_squid_error": "ERR_DNS_FAIL 0"},
    ],
)
def test_a_proxy_that_says_that_it_never_reached_the_server_leaves_no_doubt(
    status: int, headers: dict[str, str]
) -> None:
    assert isinstance(judge_status(answer(status, b"", **headers)), Unsent)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"proxy_status": "fw; error=http_response_incomplete"},
        {"x_squid_error": "ERR_READ_TIMEOUT 0"},
        {"via": "1.1 fw"},
    ],
)
def test_a_proxy_that_may_have_passed_it_on_leaves_doubt(headers: dict[str, str]) -> None:
    assert isinstance(judge_status(answer(502, b"", **headers)), Unknown)


@pytest.mark.parametrize(
    "declared",
    [
        "",
        "application/json",
        "application/json; charset=utf-8",
        "text/html; charset=GBK",
        "application/json; charset=iso-8859-1",
        "text/plain; charset=nonsense",
    ],
)
def test_what_is_written_in_gbk_is_read(declared: str) -> None:
    said = answer(400, '{"code": 7, "message": "标题含有敏感词，朱镕基的镕"}'.encode("gbk"), content_type=declared)
    assert said.fields == {"code": 7, "message": "标题含有敏感词，朱镕基的镕"}
    assert "标题含有敏感词" in said.excerpt
    verdict = judge_status(said)
    assert isinstance(verdict, Rejected)
    assert "敏感词" in verdict.findings[0].message


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32", "gb18030", "gb2312"])
def test_json_is_read_in_every_encoding_that_it_comes_in(encoding: str) -> None:
    assert answer(200, '{"说": "好"}'.encode(encoding)).fields == {"说": "好"}


def test_of_a_page_people_read_the_words() -> None:
    page = "<html><head><title>413 太大</title><style>p{}</style></head><body><script>x()</script><h1>413 太大</h1>&nbsp;nginx</body></html>"
    assert answer(413, page.encode("gbk")).excerpt == "413 太大 nginx"


def test_the_program_says_who_it_is() -> None:
    assert user_agent().startswith(f"xuanfa/{__version__}")
    assert user_agent().isascii()
