"""Taking back what WeChat has: an article, a mass send, a draft that was handed over, and what only a person can delete."""

import httpx
import pytest

from tests.unit.wechat.conftest import (
    ARTICLE,
    DELETE,
    DONE,
    DRAFT,
    GET,
    LIST,
    MARKED,
    OK,
    ORDER,
    Answer,
    Wire,
    code,
    listing,
)
from xuanfa.domain.outcome import Blame, Deferred, Rejected, Retracted, Unknown, Unsent
from xuanfa.domain.receipt import Receipt


@pytest.mark.parametrize(
    ("deleted", "seen", "expected"),
    [
        (OK, OK, Retracted),
        (code(53600), code(53600), Retracted),
        (httpx.ReadTimeout("x"), {"news_item": [{"is_deleted": True}]}, Retracted),
        (httpx.ReadTimeout("x"), {"news_item": [{"is_deleted": False}]}, Unknown),
        (httpx.ConnectError("x"), OK, Unsent),
        (code(-1), {"news_item": [{"is_deleted": False}]}, Unsent),
        (code(48001), OK, Rejected),
        (code(48004), OK, Rejected),
        (code(45009), OK, Deferred),
    ],
)
def test_taking_an_article_back(wire: Wire, deleted: Answer, seen: Answer, expected: type) -> None:
    wire.says(DELETE, deleted).says(ARTICLE, seen)
    outcome = wire.adapter().retract(ORDER, Receipt(remote_id="article:A1"))
    assert type(outcome) is expected
    if deleted == code(48001):
        assert outcome.blame is Blame.CONTENT  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("deleted", "status", "expected"),
    [
        (OK, "x", Retracted),
        (httpx.ReadTimeout("x"), "DELETE", Retracted),
        (httpx.ReadTimeout("x"), "SEND_SUCCESS", Unknown),
        (code(40204), "SEND_SUCCESS", Rejected),
    ],
)
def test_taking_a_mass_send_back(wire: Wire, deleted: Answer, status: str, expected: type) -> None:
    wire.says("/cgi-bin/message/mass/delete", deleted).says("/cgi-bin/message/mass/get", {"msg_status": status})
    assert type(wire.adapter("mass").retract(ORDER, Receipt(remote_id="mass:5"))) is expected


def test_what_a_person_published_is_found_by_its_mark_and_taken_back(wire: Wire) -> None:
    wire.says(LIST, {"item": [listing(MARKED)]}).says(DELETE, OK)
    given = Receipt(address="https://mp.weixin.qq.com/s/y")
    assert isinstance(wire.adapter().retract(ORDER, given), Retracted)
    assert wire.asked[-1] == (DELETE, {"article_id": "A2", "index": 0})


DROP = "/cgi-bin/draft/delete"
HANDED, REVIEWED, SENT = (Receipt(remote_id=f"{kind}:2:7") for kind in ("draft", "publish", "mass"))
WITH_MARK: Answer = {"item": [listing(MARKED)]}


@pytest.mark.parametrize(
    ("listed", "draft", "dropped", "expected"),
    [
        ({"item": []}, {"news_item": []}, OK, Retracted),
        # An account that may not even list what is published keeps drafts all the same.
        (code(48001), {"news_item": []}, OK, Retracted),
        ({"item": []}, {"news_item": []}, httpx.ReadTimeout("x"), Unknown),
        ({"item": []}, {"news_item": []}, code(45009), Deferred),
        ({"item": []}, code(40007), OK, Rejected),
        ({"item": []}, httpx.ConnectError("x"), OK, Unsent),
        (WITH_MARK, code(40007), OK, Retracted),
    ],
)
def test_a_draft_that_was_handed_over_is_deleted_when_it_is_taken_back(
    wire: Wire, listed: Answer, draft: Answer, dropped: Answer, expected: type
) -> None:
    wire.says(LIST, listed).says(DRAFT, draft).says(DROP, dropped).says(DELETE, OK)
    assert type(wire.adapter("draft").retract(ORDER, HANDED)) is expected
    assert [body for path, body in wire.asked if path == DROP] in ([{"media_id": "7"}], [])
    assert any(path == DELETE for path, _ in wire.asked) is (listed is WITH_MARK)


@pytest.mark.parametrize(
    ("status", "expected", "deletes"),
    [
        (DONE, Retracted, True),
        ({**DONE, "publish_status": 1}, Unsent, False),
        ({**DONE, "publish_status": 4}, Rejected, False),
    ],
)
def test_what_is_under_review_is_taken_back_when_it_is_out_and_its_draft_is_left_alone(
    wire: Wire, *, status: Answer, expected: type, deletes: bool
) -> None:
    wire.says(GET, status).says(DELETE, OK)
    assert type(wire.adapter().retract(ORDER, REVIEWED)) is expected
    assert any(path == DELETE for path, _ in wire.asked) is deletes
    assert all(path != DROP for path, _ in wire.asked)


def test_a_mass_send_under_way_is_taken_back_by_its_number(wire: Wire) -> None:
    wire.says("/cgi-bin/message/mass/delete", OK)
    assert isinstance(wire.adapter("mass").retract(ORDER, SENT), Retracted)
    assert wire.asked[-1][1]["msg_id"] == 7


@pytest.mark.parametrize("draft", [{"news_item": []}, code(40007)])
def test_what_the_interface_does_not_show_is_a_persons_to_delete(wire: Wire, draft: Answer) -> None:
    """A person said that it is public at this address: a draft that is still there proves nothing about that page."""
    wire.says(LIST, {"item": []}).says(DRAFT, draft).says(DROP, OK)
    outcome = wire.adapter().retract(ORDER, Receipt(address="https://mp.weixin.qq.com/s/y"))
    assert isinstance(outcome, Rejected)
    assert "--done" in outcome.findings[0].message
    assert all(path != DROP for path, _ in wire.asked)
