"""Weibo through the real core, in rehearsal, on a clock set by hand: what becomes of doubt, of limits and of an authorisation."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from support.rehearsed_office import RehearsedOffice
from tests.support.decisions import resume, retract
from xuanfa.domain.delivery import State
from xuanfa.domain.fault import Fault
from xuanfa.domain.person import Person
from xuanfa.rehearsal import Received

SETTINGS = """
[columns.action]
title = "我们在行动"
channels = ["site", "weibo"]

[channels.site]
adapter = "site"
directory = "public"
base_url = "https://www.court.example"

[channels.weibo]
adapter = "weibo"
rehearsal = true
{more}
"""
POST = "---\ntitle: {title}\ncolumn: action\npublish_at: now\nsummary: {summary}\n---\n\n法官走进校园。\n"
ANNA = Person(name="安娜", why="")
SHARE = "/2/statuses/share.json"


class Office(RehearsedOffice):
    """A workspace with a website and a rehearsed Weibo account."""

    channel, number, path, settings = "weibo", 2, SHARE, SETTINGS

    def open(self, more: str = "") -> "Office":
        self.settle_in(more)
        return self

    def write(self, slug: str = "a", title: str = "法治进校园", summary: str = "一堂法治课。") -> None:
        self.put(slug, POST.format(title=title, summary=summary))

    def posts(self) -> list[Received]:
        return [one for one in self.asked() if one.accepted]


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = Office(tmp_path / "office")
    with made.stack:
        yield made


def test_a_post_waits_for_the_website_and_carries_its_address(office: Office) -> None:
    office.open().write()
    office.work()
    status = json.loads(office.posts()[0].body)["status"]
    assert status == "【我们在行动】法治进校园 一堂法治课。 https://www.court.example/action/a.html"
    assert office.delivery().state is State.PUBLISHED
    receipt = office.receipt()
    assert receipt.remote_id == json.loads(office.posts()[0].answer)["idstr"]
    assert receipt.address.startswith("https://weibo.com/1000000001/")
    assert office.asked()[0].body.count("***") == 1  # the token is not in the journal


@pytest.mark.parametrize(
    "fault", [Fault.SILENCE, Fault.RESET, Fault.HALF_AN_ANSWER, Fault.SERVER_ERROR, Fault.WRONG_JSON]
)
@pytest.mark.parametrize("tells_links", [True, False])
def test_whatever_happens_after_acceptance_is_settled_from_the_timeline_without_a_second_post(
    office: Office, fault: Fault, tells_links: bool
) -> None:
    office.open().write()
    office.platform.fault, office.platform.fault_path = fault, SHARE
    office.platform.tells_links = tells_links
    office.work()
    assert office.delivery().state is State.UNKNOWN
    office.work(seconds=61)
    assert office.delivery().state is State.PUBLISHED
    assert office.receipt().remote_id == json.loads(office.posts()[0].answer)["idstr"]
    assert len(office.asked()) == 1


def test_a_post_that_never_arrived_is_sent_again_after_two_looks_that_do_not_show_it(office: Office) -> None:
    office.open().write("before", "前一篇")
    office.work()
    office.write("a")
    office.adapter._tools.http._transport.decide = _lost(office)
    office.platform.fault, office.platform.fault_path = Fault.SILENCE, SHARE
    office.work()
    del office.adapter._tools.http._transport.decide
    office.platform.fault = None
    assert office.delivery(4).state is State.UNKNOWN
    office.work(seconds=61)
    assert office.delivery(4).state is State.UNKNOWN
    office.work(seconds=121)
    assert office.delivery(4).state is State.PUBLISHED
    assert len(office.posts()) == 2


def _lost(office: Office) -> Any:
    """The platform never acts on a share: the request was lost on its way."""
    whole = office.platform.decide

    def decide(request: Any, body: bytes, now: datetime, turn: Any) -> Any:
        if request.url.path == SHARE:
            return whole(type(request)("GET", "https://api.weibo.com/nowhere"), b"", now, turn)
        return whole(request, body, now, turn)

    return decide


def test_a_post_that_the_list_hides_is_not_doubled_and_ends_with_a_person(office: Office) -> None:
    office.open().write()
    office.platform.fault, office.platform.fault_path = Fault.SILENCE, SHARE
    office.work()
    office.platform.fault = None
    office.platform._timeline = lambda asked, now, turn: _empty()  # type: ignore[method-assign]
    for _ in range(12):
        office.work(minutes=3)
    assert office.delivery().state is State.UNKNOWN
    assert "微博" in office.delivery().reason or "人工" in office.delivery().reason
    assert len(office.posts()) == 1  # each further try was refused as the same text


def _empty() -> Any:
    from xuanfa.rehearsal.platform import Reply  # noqa: PLC0415 - for this answer only

    return Reply(body='{"statuses": [], "total_number": 0}', account="1000000001")


def test_posted_but_shown_late_is_accepted_and_found(office: Office) -> None:
    office.open().write()
    office.platform.is_slow = True
    office.work()
    assert office.delivery().state is State.ACCEPTED
    office.work(minutes=3)
    assert office.delivery().state is State.PUBLISHED


def test_an_earlier_post_with_the_same_text_is_adopted_and_not_repeated(office: Office) -> None:
    office.open().write()
    office.work()
    sent = office.posts()[0]
    (office.folder / "posts" / "a.md").unlink()
    # The same text again as another delivery: the website gives both the same address by hand.
    order = _order(office)
    outcome = office.adapter.publish(order)
    assert outcome.receipt.remote_id == json.loads(sent.answer)["idstr"]
    assert len(office.posts()) == 1


def _order(office: Office) -> Any:
    from xuanfa.domain.attempt import Order  # noqa: PLC0415 - for these tests only
    from xuanfa.domain.rendition import Rendition  # noqa: PLC0415

    body = json.loads(office.posts()[0].body)["status"]
    return Order(
        delivery=9, attempt=2, key="k", post="b", revision=1, channel="weibo", column="action", started_at=office.now,
        rendition=Rendition(title="法治进校园", body=body, media_type="text/plain"),
    )  # fmt: skip


def test_ninety_a_day_and_thirty_an_hour_are_kept_by_the_core_before_the_platform_refuses(office: Office) -> None:
    office.open()
    for number in range(33):
        office.write(f"p{number}", f"第{number}篇")
    office.work()
    assert len(office.posts()) == 30
    office.work(minutes=61)
    assert len(office.posts()) == 33
    assert all(one.accepted for one in office.asked())
    assert len(office.asked("/2/statuses/user_timeline.json")) == 1  # the place to look from is known after the first


def test_an_ended_authorisation_pauses_the_channel_with_the_remedy_and_nothing_is_lost(office: Office) -> None:
    office.open().adapter.sign_in("rehearsal-code")
    office.write("a")
    office.work()
    office.now += timedelta(days=31)
    office.write("b", "第二篇")
    office.work()
    assert "xuanfa channels login weibo" in office.paused()
    assert office.delivery(4).state is State.SCHEDULED
    assert office.adapter.sign_in("rehearsal-code")[0].code == "weibo.signed_in"
    resume(office.desk, "weibo", ANNA)
    office.work(minutes=1)
    assert office.delivery(4).state is State.PUBLISHED
    assert len(office.posts()) == 2


def test_a_token_that_the_platform_withdraws_is_dropped_and_a_person_is_called(office: Office) -> None:
    office.open().adapter.sign_in("rehearsal-code")
    office.platform.token_life = timedelta(minutes=1)
    office.now += timedelta(hours=1)
    office.write()
    office.work()
    assert "xuanfa channels login weibo" in office.paused()
    assert office.adapter._tools.recall("token") is None
    assert office.posts() == []


def test_the_end_of_an_authorisation_is_seen_a_week_ahead(office: Office) -> None:
    office.open().adapter.sign_in("rehearsal-code")
    office.now += timedelta(days=22)
    (note,) = office.adapter.diagnose()
    assert (note.severity.value, "8 天" in note.message) == ("note", True)
    office.write("a")
    office.work()
    assert "到期" not in office.receipt(2).evidence
    office.now += timedelta(days=2)
    (warning,) = office.adapter.diagnose()
    assert (warning.code, warning.severity.value) == ("weibo.ends_soon", "warn")
    assert "6 天" in warning.message or "5 天" in warning.message
    office.write("b", "第二篇")
    office.work()
    assert "7 天内到期" in office.receipt(4).evidence
    office.now += timedelta(days=10)
    (finding,) = office.adapter.diagnose()
    assert (finding.code, finding.severity.value) == ("weibo.sign_in", "block")


def test_an_address_outside_the_bound_domain_pauses_the_channel_and_not_the_post(office: Office) -> None:
    office.open('safe_domain = "other.example"').write()
    office.work()
    assert office.delivery().state is State.SCHEDULED
    assert "other.example" in office.paused()
    assert office.asked() == []


def test_without_the_right_to_list_posting_works_and_a_doubt_is_a_persons(office: Office) -> None:
    office.open().write()
    office.platform.forbidden = {"/2/statuses/user_timeline.json"}
    office.work()
    assert office.delivery().state is State.PUBLISHED
    office.write("b", "第二篇")
    office.platform.fault, office.platform.fault_path = Fault.SILENCE, SHARE
    office.work()
    for _ in range(5):
        office.work(minutes=30)
    assert office.delivery(4).state is State.UNKNOWN
    assert office.paused() == ""
    assert len(office.posts()) == 2


def test_a_post_is_withdrawn_and_withdrawing_it_twice_is_well(office: Office) -> None:
    office.open().write()
    office.work()
    receipt = office.receipt()
    assert retract(office.desk, 2, ANNA).state is State.RETRACTED
    assert type(office.adapter.retract(_order(office), receipt)).__name__ == "Retracted"


def test_where_withdrawing_is_not_allowed_a_person_is_told_to_and_the_channel_goes_on(office: Office) -> None:
    office.open().write()
    office.work()
    office.platform.forbidden = {"/2/statuses/destroy.json"}
    ended = retract(office.desk, 2, ANNA)
    assert ended.state is State.PUBLISHED
    assert "手工删除" in ended.reason
    assert office.paused() == ""


def test_an_article_is_published_with_its_own_address_and_its_doubt_is_never_repeated(office: Office) -> None:
    office.open('mode = "article"\ncover = "https://www.court.example/cover.jpg"').write()
    office.work()
    assert office.delivery().state is State.PUBLISHED
    assert office.receipt().address.startswith("https://weibo.com/ttarticle/p/show?id=")
    office.write("b", "第二篇")
    office.platform.fault, office.platform.fault_path = Fault.SILENCE, "/proxy/"
    office.work()
    assert office.delivery(4).state is State.UNKNOWN
    office.platform.fault = None
    office.work(minutes=2)
    assert office.delivery(4).state is State.PUBLISHED
    assert len(office.asked("/proxy/article/publish.json")) == 2
