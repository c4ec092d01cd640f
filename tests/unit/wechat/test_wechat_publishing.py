"""What WeChat's answers to a publishing request prove: a table of outcomes, mass sends, and what an account without permission does."""

from dataclasses import replace
from datetime import timedelta

import httpx
import pytest

from tests.unit.wechat.conftest import ADD, FRESH, KEY, NOW, ORDER, SENDALL, SUBMIT, Wire, code
from xuanfa.adapters.shared.codes import Meaning
from xuanfa.adapters.wechat.codes import CODES, meaning_of, sentence
from xuanfa.adapters.wechat.tickets import Ticket, read_ticket
from xuanfa.domain.outcome import Accepted, Blame, Deferred, Rejected, Staged, Unknown, Unsent
from xuanfa.domain.reader import Reader, read_by

#: What each class of code makes of an irreversible request: the outcome and whose fault it is.
IRREVERSIBLE = {
    Meaning.EXPIRED: (Unsent, None),
    Meaning.BUSY: (Unknown, None),
    Meaning.MINUTE: (Deferred, None),
    Meaning.DAY: (Deferred, None),
    Meaning.CONTENT: (Rejected, Blame.CONTENT),
    Meaning.CHANNEL: (Rejected, Blame.CHANNEL),
    Meaning.DRAFT_ONLY: (Accepted, None),
    Meaning.CONSOLE: (Accepted, None),
    Meaning.DOUBT: (Unknown, None),
    Meaning.DONE: (Accepted, None),
}
#: Every code of platforms.md, WeChat codes that has a meaning.
DOCUMENTED = """-1 40001 40002 40004 40005 40006 40007 40008 40009 40013 40014 40033 40059 40060 40065 40114 40137 40152 40164 40204
40243 41001 41002 41004 41005 41006 41039 42001 42010 43001 43002 43003 44001 44002 44003 44004 45001 45002 45003 45004 45005 45006 45007
45008 45009 45011 45028 45035 45062 45064 45065 45066 45067 45113 45166 47001 48001 48004 48005 48021 48022 50002 53404 53405 53406 53503
53504 53505 53600 61004 76003 76021 76022 88000 89504 89505"""


def test_every_documented_code_has_its_class_and_a_sentence_in_both_languages() -> None:
    assert {int(number) for number in DOCUMENTED.split()} <= CODES.keys()
    for number, (_, zh, en) in CODES.items():
        assert zh, number
        assert en, number
        assert str(number) in sentence(number, "said")
        with read_by(Reader("en")):
            assert en in sentence(number, "said")


@pytest.mark.parametrize("path", [SUBMIT, SENDALL])
@pytest.mark.parametrize("number", sorted(CODES))
def test_a_code_after_publishing(wire: Wire, path: str, number: int) -> None:
    wire.says(path, code(number, msg_id=77, publish_id="88"))
    outcome = wire.adapter("publish" if path == SUBMIT else "mass").publish(ORDER)
    kind = meaning_of(number)
    assert kind is not None
    expected, blame = IRREVERSIBLE[kind]
    assert type(outcome) is expected
    assert getattr(outcome, "blame", None) == blame
    assert len(wire.paths("freepublish/submit") + wire.paths("sendall")) == 1


@pytest.mark.parametrize("number", [268488001, 9500001, 12345])
def test_a_code_that_nobody_has_read_proves_nothing(wire: Wire, number: int) -> None:
    wire.says(SUBMIT, code(number))
    assert isinstance(wire.adapter().publish(ORDER), Unknown)


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (httpx.ConnectError("x"), Unsent),
        (httpx.ConnectTimeout("x"), Unsent),
        (httpx.PoolTimeout("x"), Unsent),
        (httpx.ReadTimeout("x"), Unknown),
        (httpx.WriteTimeout("x"), Unknown),
        (httpx.ReadError("x"), Unknown),
        (httpx.RemoteProtocolError("x"), Unknown),
    ],
    ids=lambda value: getattr(value, "__name__", type(value).__name__),
)
def test_trouble_on_the_way(wire: Wire, error: Exception, expected: type) -> None:
    wire.says(SUBMIT, error)
    assert type(wire.adapter().publish(ORDER)) is expected
    wire.says(ADD, error)
    assert isinstance(wire.adapter().stage(FRESH), Unsent)  # a draft that may exist harms nobody


def test_taken_is_not_published(wire: Wire) -> None:
    wire.says(SUBMIT, {"errcode": 0, "errmsg": "ok", "publish_id": 100000001, "msg_data_id": 1})
    outcome = wire.adapter().publish(ORDER)
    assert isinstance(outcome, Accepted)
    assert read_ticket(outcome.ticket) == Ticket("publish", "100000001")


def test_taken_without_an_id_is_doubt(wire: Wire) -> None:
    wire.says(SUBMIT, {"errcode": 0, "errmsg": "ok"})
    assert isinstance(wire.adapter().publish(ORDER), Unknown)


def test_publishing_without_a_draft_sends_nothing(wire: Wire) -> None:
    assert isinstance(wire.adapter().publish(FRESH), Unsent)
    assert wire.asked == []


def test_a_mass_send_carries_the_key_and_its_repetition_is_recognised(wire: Wire) -> None:
    wire.says(SENDALL, code(45065, msg_id=1000001))
    outcome = wire.adapter("mass", tag_id=7).publish(ORDER)
    assert isinstance(outcome, Accepted)
    assert read_ticket(outcome.ticket) == Ticket("mass", "1000001")
    sent = next(body for path, body in wire.asked if path == SENDALL)
    assert sent["clientmsgid"] == KEY
    assert sent["filter"] == {"is_to_all": False, "tag_id": 7}


def test_a_repeated_mass_send_changes_nothing_before_it(wire: Wire) -> None:
    again = replace(ORDER, first_sent_at=NOW - timedelta(minutes=1))
    assert wire.adapter("mass").stage(again) == Staged(memory={"media_id": "draft-1"})
    assert wire.asked == []


def test_only_mass_sends_may_be_repeated_by_the_core(wire: Wire) -> None:
    assert wire.adapter("mass").traits.replay == timedelta(hours=23)
    assert wire.adapter("publish").traits.replay is None
    assert wire.adapter("draft").traits.replay is None


def test_without_permission_the_account_keeps_drafts_and_says_so(wire: Wire) -> None:
    wire.says(SUBMIT, code(48001))
    adapter = wire.adapter()
    first = adapter.publish(ORDER)
    second = adapter.publish(replace(ORDER, key="f" * 32))
    assert isinstance(first, Accepted)
    assert "草稿" in first.evidence
    assert "48001" in first.evidence
    assert isinstance(second, Accepted)
    assert wire.paths("submit") == ["freepublish/submit"]


def test_a_mass_account_without_permission_keeps_drafts_too_but_a_repetition_is_still_a_repetition(wire: Wire) -> None:
    wire.says(SENDALL, code(48001))
    adapter = wire.adapter("mass")
    fresh = replace(ORDER, first_sent_at=None)
    assert isinstance(adapter.publish(fresh), Accepted)
    assert isinstance(adapter.publish(replace(fresh, key="f" * 32)), Accepted)
    assert wire.paths("sendall") == ["message/mass/sendall"]
    wire.says(SENDALL, code(45065, msg_id=9))
    repeated = adapter.publish(replace(ORDER, key="e" * 32))
    assert isinstance(repeated, Accepted)
    assert read_ticket(repeated.ticket) == Ticket("mass", "9")


def test_draft_mode_sends_nothing_and_waits_for_a_person(wire: Wire) -> None:
    outcome = wire.adapter("draft").publish(ORDER)
    assert isinstance(outcome, Accepted)
    assert outcome.look_after == timedelta(minutes=5)
    assert wire.asked == []
