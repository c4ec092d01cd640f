"""What is proved about a request: the status, the wait, the excerpt."""

import logging
from datetime import timedelta

import httpx
import pytest

from xuanfa.adapters.http import BREATH, BREATH_MAX, BREATH_MIN, Answer, judge_status, send_once
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
        (451, Blame.CONTENT),
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
