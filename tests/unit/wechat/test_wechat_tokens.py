"""WeChat's access token: how long it lives, who renews it, and what to do where none is given."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.unit.wechat.conftest import FRESH, ORDER, SECRET, SUBMIT, UPDATE, Wire, code
from xuanfa.domain.outcome import Blame, Deferred, Rejected, Staged, Unsent


def test_a_refused_token_is_renewed_once_for_a_draft(wire: Wire) -> None:
    wire.says(
        "/cgi-bin/stable_token",
        {"access_token": "OLD", "expires_in": 7200},
        {"access_token": "NEW", "expires_in": 7200},
    )
    wire.says(UPDATE, code(42001), {"errcode": 0, "errmsg": "ok"})
    outcome = wire.adapter().stage(replace(ORDER, first_sent_at=None))
    assert isinstance(outcome, Staged)
    assert wire.tools.memory["token"] == "NEW"
    assert wire.paths("stable_token") == ["stable_token"] * 2


def test_a_refused_token_while_publishing_proves_that_nothing_was_sent(wire: Wire) -> None:
    wire.says(SUBMIT, code(40001))
    assert isinstance(wire.adapter().publish(ORDER), Unsent)
    assert "token" not in wire.tools.memory
    assert wire.paths("submit") == ["freepublish/submit"]


def test_a_token_lives_five_minutes_less_than_it_says(wire: Wire) -> None:
    wire.adapter().stage(FRESH)
    assert wire.tools.lives["token"] == timedelta(seconds=6900)


@pytest.mark.parametrize(
    ("number", "expected", "words"),
    [
        (40001, Rejected, "AppSecret"),
        (40125, Rejected, "AppSecret"),
        (40013, Rejected, "AppID"),
        (40164, Rejected, "203.0.113.7"),
        (40243, Rejected, "冻结"),
        (45009, Deferred, "45009"),
        (45011, Deferred, "45011"),
        (-1, Unsent, "-1"),
    ],
)
def test_no_token(wire: Wire, number: int, expected: type, words: str) -> None:
    wire.says("/cgi-bin/stable_token", code(number, f"invalid ip 203.0.113.7 ipv6 ::ffff:203.0.113.7, {SECRET}"))
    outcome = wire.adapter().stage(FRESH)
    assert type(outcome) is expected
    assert getattr(outcome, "blame", Blame.CHANNEL) is Blame.CHANNEL
    assert words in repr(outcome)
    assert SECRET not in repr(outcome)


@pytest.mark.parametrize(
    ("said", "address"),
    [
        ("invalid ip 203.0.113.7 ipv6 ::ffff:203.0.113.7, not in whitelist rid: 6a1f-00", "203.0.113.7"),
        ("invalid ip ::ffff:203.0.113.7, not in whitelist", "203.0.113.7"),
        ("invalid ip 2408:8207:1850:2a60::4c8, not in whitelist rid: 6a1f:00", "2408:8207:1850:2a60::4c8"),
    ],
)
def test_the_address_for_the_allow_list_is_told_whole(wire: Wire, said: str, address: str) -> None:
    wire.says("/cgi-bin/stable_token", code(40164, said))
    outcome = wire.adapter().stage(FRESH)
    assert isinstance(outcome, Rejected)
    assert f"请把 {address} 加入" in outcome.findings[0].message
    assert f"（微信 40164：{said}" in outcome.findings[0].message
