"""What looking at WeChat proves: by the number of a publication or of a mass send, by our mark in the listing, by a draft that is still there."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from tests.unit.wechat.conftest import DONE, DRAFT, GET, LIST, MARKED, NOW, ORDER, Answer, Wire, code, listing
from xuanfa.adapters.wechat.tickets import Ticket, read_ticket
from xuanfa.domain.outcome import Accepted, Published, Rejected, Unknown


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (DONE, Published),
        ({"publish_id": 1, "publish_status": 1}, Accepted),
        ({"publish_id": 1, "publish_status": 2, "fail_idx": [1]}, Rejected),
        ({"publish_id": 1, "publish_status": 3}, Rejected),
        ({"publish_id": 1, "publish_status": 4, "fail_idx": [1]}, Rejected),
        ({"publish_id": 1, "publish_status": 5}, Rejected),
        ({"publish_id": 1, "publish_status": 6}, Rejected),
        ({"publish_id": 1, "publish_status": 9}, Unknown),
        ({"errcode": 0, "errmsg": "ok"}, Unknown),
        ({**DONE, "article_id": ""}, Unknown),
        (code(40002), Unknown),
        (code(48001), Unknown),
        (code(40164), Unknown),
        (code(45009), Unknown),
        (httpx.ReadTimeout("x"), Unknown),
        (httpx.Response(502), Unknown),
        (httpx.Response(401), Unknown),
    ],
)
def test_what_asking_by_publish_id_proves(wire: Wire, answer: Answer, expected: type) -> None:
    wire.says(GET, answer)
    evidence = wire.adapter().confirm(ORDER, str(Ticket("publish", "1")))
    assert type(evidence) is expected


def test_a_published_article_has_its_id_and_address(wire: Wire) -> None:
    evidence = wire.says(GET, DONE).adapter().confirm(ORDER, str(Ticket("publish", "1")))
    assert isinstance(evidence, Published)
    assert evidence.receipt.remote_id == "article:A1"
    assert evidence.receipt.address == "https://mp.weixin.qq.com/s/x"


@pytest.mark.parametrize("kind", ["publish", "mass", "draft"])
def test_looks_grow_rarer(kind: str) -> None:
    ticket = Ticket(kind, "1:2")
    waits = []
    for _ in range(30):
        waits.append(ticket.look_after)
        following = read_ticket(str(ticket.next()))
        assert following is not None
        ticket = following
    assert waits == sorted(waits)
    assert waits[-1] <= timedelta(hours=6)
    assert ticket.number == "1:2"


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("SEND_SUCCESS", Published),
        ("send_success", Published),
        ("SENDING", Accepted),
        ("SEND_FAIL", Rejected),
        ("DELETE", Rejected),
        ("?", Unknown),
    ],
)
def test_what_asking_by_msg_id_proves(wire: Wire, status: str, expected: type) -> None:
    wire.says("/cgi-bin/message/mass/get", {"msg_id": 5, "msg_status": status})
    assert type(wire.adapter("mass").confirm(ORDER, str(Ticket("mass", "5")))) is expected


def test_after_a_lost_answer_the_mark_in_the_listing_is_proof(wire: Wire) -> None:
    wire.says(LIST, {"item": [listing("https://x.cn/?r=ffffffffffff"), listing(MARKED)]})
    evidence = wire.adapter().confirm(ORDER, None)
    assert isinstance(evidence, Published)
    assert evidence.receipt.remote_id == "article:A2"
    assert evidence.receipt.published_at == NOW


@pytest.mark.parametrize("item", [listing(MARKED + "0"), listing(MARKED, is_deleted=True), listing("")])
def test_what_is_not_our_mark_is_no_proof(wire: Wire, item: dict[str, Any]) -> None:
    wire.says(LIST, {"item": [item]}).says(DRAFT, {"news_item": []})
    assert isinstance(wire.adapter().confirm(ORDER, None), Unknown)


@pytest.mark.parametrize("draft", [{"news_item": []}, code(40007), httpx.ReadTimeout("x")])
def test_absence_is_never_claimed(wire: Wire, draft: Answer) -> None:
    wire.says(LIST, {"item": []}).says(DRAFT, draft)
    assert isinstance(wire.adapter().confirm(ORDER, None), Unknown)


def test_the_listing_is_read_on_while_it_is_younger_than_the_request(wire: Wire) -> None:
    young, old = NOW + timedelta(hours=1), NOW - timedelta(hours=1)
    pages = [{"item": [listing("", young)] * 20}, {"item": [listing("", young)] * 19 + [listing(MARKED, old)]}]
    wire.says(LIST, *pages)
    assert isinstance(wire.adapter().confirm(ORDER, None), Published)
    assert [body["offset"] for path, body in wire.asked if path == LIST] == [0, 20]


@pytest.mark.parametrize(
    ("listed", "draft", "expected", "looks_again"),
    [
        ({"item": [listing(MARKED)]}, {"news_item": []}, Published, None),
        ({"item": []}, {"news_item": []}, Accepted, True),
        ({"item": []}, code(40007), Unknown, None),
        (code(48001), {"news_item": []}, Accepted, False),
        (code(-1), httpx.ReadTimeout("x"), Unknown, None),
    ],
)
def test_a_draft_that_waits_for_a_person(
    wire: Wire, listed: Answer, draft: Answer, expected: type, looks_again: bool | None
) -> None:
    wire.says(LIST, listed).says(DRAFT, draft)
    evidence = wire.adapter("draft").confirm(ORDER, str(Ticket("draft", "draft-1")))
    assert type(evidence) is expected
    if isinstance(evidence, Accepted):
        assert (evidence.look_after is not None) is looks_again
