"""What webhooks are, without a database: signatures, events, and when a message is tried again."""

import base64
import hashlib
import hmac
import json
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xuanfa.domain.delivery import State
from xuanfa.domain.review import Deed
from xuanfa.domain.webhook import (
    EVENTS,
    GIVEN_UP_AFTER,
    JITTER,
    LONGEST,
    TEST,
    WAITS,
    Answer,
    Endpoint,
    key_of,
    new_secret,
    next_try,
    of_decision,
    signed_headers,
    unknown_events,
)

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
SCHEMA = Path(__file__).parents[2] / "docs" / "webhook.schema.json"


def endpoint(*secrets: str, events: tuple[str, ...] = ("*",)) -> Endpoint:
    return Endpoint(id="oa", url="https://oa.example.gov.cn/hook", events=events, secrets=secrets or (SECRET,))


def test_the_signature_is_the_one_of_the_specifications_own_example() -> None:
    at = datetime.fromtimestamp(1614265330, UTC)
    assert signed_headers(endpoint(), "msg_p5jXN8AQM9LWM0D4loKWxJek", at, b'{"test": 2432232314}') == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


@given(st.binary(max_size=200), st.text("abcdef0123456789", min_size=1, max_size=32))
def test_while_a_secret_is_exchanged_either_one_verifies(body: bytes, message: str) -> None:
    secrets = (new_secret(), new_secret())
    headers = signed_headers(endpoint(*secrets), message, NOW, body)
    content = f"{message}.{headers['webhook-timestamp']}.".encode() + body
    for secret in secrets:
        key = base64.b64decode(secret.removeprefix("whsec_"))
        wanted = base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()
        assert f"v1,{wanted}" in headers["webhook-signature"].split(" ")


@pytest.mark.parametrize(
    "secret",
    [
        "",
        "whsec_",
        "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "whsec_MfKQ9r8GKYqr",
        "whsec_法院",
        "whsec_" + "A" * 100,
        f"{SECRET}\n",
    ],
)
def test_what_is_no_secret_is_none(secret: str) -> None:
    assert key_of(secret) is None


def test_a_new_secret_is_one_and_never_the_same() -> None:
    made = {new_secret() for _ in range(50)}
    assert len(made) == 50
    assert all(key_of(secret) is not None for secret in made)


def test_there_is_an_event_for_each_state_and_each_line_of_a_review() -> None:
    assert {f"delivery.{state}" for state in State} | {f"post.{deed}" for deed in Deed} <= set(EVENTS)
    assert of_decision(Deed.APPROVED, is_approved=False) == "post.step_approved"
    assert of_decision(Deed.APPROVED, is_approved=True) == "post.approved"
    assert of_decision(Deed.RETURNED, is_approved=False) == "post.returned"


@pytest.mark.parametrize(
    ("patterns", "event", "wanted"),
    [
        (("*",), "delivery.published", True),
        (("delivery.*",), "post.approved", False),
        (("post.*", "delivery.published"), "delivery.published", True),
        (("delivery.publish*",), "delivery.publishing", True),
    ],
)
def test_a_receiver_is_told_what_it_wants(patterns: tuple[str, ...], event: str, wanted: bool) -> None:
    assert endpoint(events=patterns).wants(event) is wanted


def test_a_pattern_that_no_event_has_is_named() -> None:
    assert unknown_events(["*", "delivery.*", "delivery.sent", "post.signed*"]) == ["delivery.sent", "post.signed*"]


@given(st.integers(0, 2**32), st.sampled_from([None, timedelta(0), timedelta(minutes=3), timedelta(days=3)]))
def test_it_is_tried_for_a_day_with_growing_waits_and_then_given_up(seed: int, rest: timedelta | None) -> None:
    chance, now, waits = random.Random(seed), NOW, list[timedelta]()  # noqa: S311 - for waits
    while (again := next_try(len(waits) + 1, NOW, now, chance, rest)) is not None:
        assert again > now
        waits.append(again - now)
        now = again
    assert GIVEN_UP_AFTER <= now - NOW <= GIVEN_UP_AFTER + WAITS[0]
    for number, wait in enumerate(waits[:-1]):
        planned = WAITS[min(number, len(WAITS) - 1)]
        if rest is None:
            assert planned * (1 - JITTER) <= wait <= planned * (1 + JITTER)
        assert wait >= min(rest or wait, LONGEST)


@pytest.mark.parametrize(
    ("status", "taken", "away", "gone"),
    [
        (200, True, False, False),
        (204, True, False, False),
        (302, False, False, False),
        (400, False, False, False),
        (410, False, False, True),
        (429, False, True, False),
        (500, False, True, False),
        (None, False, True, False),
    ],
)
def test_what_an_answer_means(status: int | None, taken: bool, away: bool, gone: bool) -> None:
    answer = Answer(status=status)
    assert (answer.is_taken, answer.is_away, answer.is_gone) == (taken, away, gone)


def test_the_schema_of_the_documents_knows_every_event() -> None:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    assert schema["properties"]["type"]["enum"] == [*EVENTS, TEST]
    states = [state.value for state in State]
    assert schema["$defs"]["state"]["enum"] == states
