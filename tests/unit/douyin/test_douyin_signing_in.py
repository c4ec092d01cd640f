"""How a person signs in to Douyin: which tokens are kept and how long, whose channel it is, and what a refused renewal means."""

import json
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest

from tests.unit.douyin.conftest import REFRESH, SECRET, Make, order
from xuanfa.domain.finding import blocking
from xuanfa.domain.outcome import Blame, Rejected, Unsent


def test_signing_in_keeps_both_tokens_for_their_lives(douyin: Make) -> None:
    answer = {
        "data": {
            "error_code": 0, "access_token": "act.new", "refresh_token": "rft.new", "open_id": "_001",
            "expires_in": 1296000, "refresh_expires_in": 2592000,
        }
    }  # fmt: skip
    seen: list[httpx.Request] = []

    def handle(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, json=answer)

    adapter = douyin(handle)
    address = httpx.URL(adapter.authorise_address("st4te"))
    assert dict(address.params)["state"] == "st4te"
    assert SECRET not in str(address)
    (finding,) = adapter.sign_in("c0de")
    assert finding.code == "douyin.signed_in"
    tools: Any = adapter._tools
    assert json.loads(tools.memory["grant"]) == {"refresh_token": "rft.new", "open_id": "_001"}
    assert json.loads(tools.memory["access"]) == {"access_token": "act.new", "open_id": "_001"}
    assert (tools.lives["grant"], tools.lives["fresh"]) == (timedelta(days=30), timedelta(days=20))
    assert tools.lives["access"] == timedelta(days=15) - timedelta(hours=1)
    assert parse_qs(seen[0].content.decode())["grant_type"] == ["authorization_code"]


@pytest.mark.parametrize(
    "answer",
    [
        {"data": {"error_code": 10002, "description": f"c0de {SECRET}"}},
        {"data": {"error_code": 0, "access_token": "act.new", "open_id": "_001"}},
        {"data": {"access_token": "act.new", "refresh_token": "rft.new", "open_id": "_001"}},
        "<html>",
    ],
)
def test_a_sign_in_that_fails_changes_nothing_and_shows_no_secret(douyin: Make, answer: Any) -> None:
    adapter = douyin(answer)
    tools: Any = adapter._tools
    before = dict(tools.memory)
    findings = adapter.sign_in("c0de")
    assert blocking(findings)
    assert tools.memory == before
    assert not any(secret in repr(findings) for secret in (SECRET, "c0de", "act.new", "rft.new"))


def test_a_channel_stays_with_the_user_who_signed_in_first(douyin: Make) -> None:
    answers = [
        {"data": {"error_code": 0, "access_token": "a", "refresh_token": "r", "open_id": name}}
        for name in ("_001", "_001", "_002")
    ]
    adapter = douyin(lambda _request: httpx.Response(200, json=answers.pop(0)))
    assert [bool(blocking(adapter.sign_in("c0de"))) for _ in range(3)] == [False, False, True]


def test_another_account_than_the_one_in_the_settings_is_refused(douyin: Make) -> None:
    answer = {"data": {"error_code": 0, "access_token": "a", "refresh_token": "r", "open_id": "_001"}}
    assert blocking(douyin(answer, account="_002").sign_in("c0de"))


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ({"data": {"error_code": 10010}}, Rejected),
        ({"data": {"error_code": 10004}}, Rejected),
        ({"data": {"error_code": 28001005}}, Unsent),
        ("<html>", Unsent),
    ],
)
def test_a_refresh_that_fails_sends_nothing(douyin: Make, answer: Any, expected: type) -> None:
    adapter = douyin(answer)
    tools: Any = adapter._tools
    del tools.memory["access"]
    outcome = adapter.publish(order())
    assert type(outcome) is expected
    assert REFRESH not in repr(outcome)
    if isinstance(outcome, Rejected):
        assert outcome.blame is Blame.CHANNEL
        assert "xuanfa channels login dy" in outcome.findings[0].message
