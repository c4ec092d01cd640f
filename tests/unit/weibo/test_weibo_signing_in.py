"""How a person signs in to Weibo: what is kept and how long, whose channel it is, and what happens without it."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest

from tests.unit.weibo.conftest import SECRET, Make, order, render
from xuanfa.domain.finding import blocking
from xuanfa.domain.outcome import Blame, Rejected


def test_signing_in_asks_with_a_state_and_keeps_the_token_for_its_life(weibo: Make) -> None:
    adapter = weibo(200, {"access_token": "2.00New", "expires_in": 2592000, "uid": "1404376560"}, access_token="")
    address = httpx.URL(adapter.authorise_address("st4te"))
    assert address.path == "/oauth2/authorize"
    assert dict(address.params)["state"] == "st4te"
    assert SECRET not in str(address)
    (finding,) = adapter.sign_in("c0de")
    assert finding.code == "weibo.signed_in"
    assert "1404376560" in finding.message
    assert "30 天" in finding.message
    assert "2.00New" not in finding.message
    tools: Any = adapter._tools
    sent = parse_qs(tools.asked[0].content.decode())
    assert sent["grant_type"] == ["authorization_code"]
    assert sent["redirect_uri"] == ["http://127.0.0.1:8765/weibo"]
    assert tools.lives["token"] == timedelta(days=30)
    assert tools.lives["fresh"] == timedelta(days=23)


@pytest.mark.parametrize(
    ("status", "body", "more"),
    [
        (400, {"error_code": 21325, "error": f"grant c0de {SECRET}"}, {}),
        (400, {"error_code": 99, "error": f"grant c0de {SECRET}"}, {}),
        (200, {"access_token": "2.00New", "uid": "1"}, {}),
        (200, {"access_token": "", "expires_in": 5, "uid": "1"}, {}),
        (200, "<html>", {}),
        (200, {"access_token": "2.00New", "expires_in": 5, "uid": "2"}, {"account": "1"}),
    ],
)
def test_a_sign_in_that_fails_keeps_nothing_and_shows_no_secret(
    weibo: Make, status: int, body: Any, more: dict[str, str]
) -> None:
    adapter = weibo(status, body, access_token="", **more)
    findings = adapter.sign_in("c0de")
    assert blocking(findings)
    assert adapter._tools.memory == {}  # type: ignore[attr-defined]
    assert not any(secret in repr(findings) for secret in (SECRET, "c0de", "2.00New"))


def test_a_channel_stays_with_the_user_who_signed_in_first(weibo: Make) -> None:
    """What was sent is theirs: another user's list says nothing of it. The settings may name another one."""
    first = {"access_token": "2.00New", "expires_in": 2592000, "uid": "1"}
    adapter = weibo(200, first, access_token="")
    assert not blocking(adapter.sign_in("c0de"))
    assert not blocking(adapter.sign_in("c0de"))
    tools: Any = adapter._tools
    before = dict(tools.memory)
    for settings, refused in (({}, True), ({"account": "2"}, False)):
        other = weibo(200, first | {"uid": "2"}, access_token="", **settings)
        other._tools.memory = tools.memory  # type: ignore[attr-defined]
        assert bool(blocking(other.sign_in("c0de"))) is refused
        assert (tools.memory == before) is refused


def test_without_a_sign_in_publishing_asks_for_one_and_sends_nothing(weibo: Make, tmp_path: Path) -> None:
    adapter = weibo(access_token="")
    for outcome in (adapter.stage(order(render(adapter, tmp_path))), adapter.publish(order(render(adapter, tmp_path)))):
        assert isinstance(outcome, Rejected)
        assert outcome.blame is Blame.CHANNEL
        assert "xuanfa channels login wb" in outcome.findings[0].message
    assert adapter._tools.asked == []  # type: ignore[attr-defined]
