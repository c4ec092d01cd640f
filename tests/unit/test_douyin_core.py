"""Douyin through the real core, in rehearsal, on a clock set by hand: uploads, review, doubt, tokens that rotate, and the pack."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from support.rehearsed_office import RehearsedOffice
from tests.support.decisions import resume
from xuanfa.domain.delivery import State
from xuanfa.domain.fault import Fault
from xuanfa.domain.person import Person
from xuanfa.operations.sending.perform import perform
from xuanfa.operations.sending.publish import begin, turn
from xuanfa.operations.sending.settle import lapse
from xuanfa.rehearsal.platform import Reply

SETTINGS = """
[columns.action]
title = "我们在行动"
channels = ["douyin"]

[channels.douyin]
adapter = "douyin"
rehearsal = true
{more}
"""
POST = "---\ntitle: {title}\ncolumn: action\npublish_at: now\nsummary: 一堂法治课。\n---\n\n法官走进校园。\n\n![课堂](class.jpg)\n"
ANNA = Person(name="安娜", why="")
API = "/api/douyin/v1/video/"
CREATE = f"{API}create_image_text/"


class Office(RehearsedOffice):
    """A workspace with a rehearsed Douyin account."""

    channel, number, path, settings = "douyin", 1, CREATE, SETTINGS

    def open(self, more: str = 'mode = "image_text"') -> "Office":
        self.settle_in(more)
        Image.new("RGB", (320, 240), "#246").save(self.folder / "posts" / "class.jpg")
        return self

    def write(self, slug: str = "a", title: str = "法治进校园") -> None:
        self.put(slug, POST.format(title=title))

    def recall(self, name: str) -> Any:
        kept = self.adapter._tools.recall(name)
        return kept and json.loads(kept)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = Office(tmp_path / "office")
    with made.stack:
        yield made


def test_cards_and_pictures_are_uploaded_and_posted_as_one_and_listed_after_the_review(office: Office) -> None:
    office.open().write()
    office.work()
    uploads = office.asked(f"{API}upload_image/")
    (created,) = office.asked()
    asked = json.loads(created.body)
    assert len(asked["image_list"]) == len(uploads) >= 3
    assert asked["text"] == "法治进校园\n一堂法治课。\n\n#我们在行动"
    assert office.delivery().state is State.ACCEPTED
    assert "审核" in office.delivery().reason
    office.work(minutes=11)
    assert office.delivery().state is State.PUBLISHED
    assert office.receipt().address.startswith("https://www.iesdouyin.com/share/video/")


@pytest.mark.parametrize(
    "fault", [Fault.SILENCE, Fault.RESET, Fault.HALF_AN_ANSWER, Fault.SERVER_ERROR, Fault.WRONG_JSON]
)
def test_whatever_happens_after_acceptance_is_settled_from_the_list_without_a_second_post(
    office: Office, fault: Fault
) -> None:
    office.open().write()
    office.platform.fault, office.platform.fault_path = fault, "create_image_text"
    office.work()
    assert office.delivery().state is State.UNKNOWN
    for minutes in (2, 5, 10, 20):
        office.work(minutes=minutes)
    assert office.delivery().state is State.PUBLISHED
    assert office.receipt().remote_id == json.loads(office.asked()[0].answer)["data"]["item_id"]
    assert len(office.asked()) == 1


def test_a_post_that_never_shows_is_left_to_a_person_and_not_repeated(office: Office) -> None:
    office.open().write()
    office.platform.fault, office.platform.fault_path = Fault.SILENCE, "create_image_text"
    office.platform.review = timedelta(days=999)
    office.work()
    for _ in range(25):
        office.work(hours=2)
    assert (office.delivery().state, office.delivery().look_at) == (State.UNKNOWN, None)
    assert len(office.asked()) == 1


def test_where_the_list_shows_what_is_pending_absence_is_proved_by_it(office: Office) -> None:
    office.open('mode = "image_text"\nlist_shows_pending = true').write()
    office.platform.lists_pending = True
    create = office.platform._create
    office.platform._create = lambda *_: Reply(body="{}")  # type: ignore[method-assign] # lost on its way
    office.platform.fault, office.platform.fault_path = Fault.SILENCE, "create_image_text"
    office.work()
    assert office.delivery().state is State.UNKNOWN
    office.platform.fault, office.platform._create = None, create  # type: ignore[method-assign]
    office.work(seconds=61)
    assert office.delivery().state is State.UNKNOWN
    office.work(seconds=121)
    assert office.delivery().state is State.ACCEPTED
    assert [one.accepted for one in office.asked()] == [False, True]


def test_an_upload_that_fails_is_repeated_and_one_that_arrived_is_not(office: Office) -> None:
    office.open().write()
    office.platform.fault, office.platform.fault_path = Fault.UNREACHABLE, "create_image_text"
    office.work()
    uploads = len(office.asked(f"{API}upload_image/"))
    assert office.delivery().state is State.SCHEDULED
    office.platform.fault = None
    office.work(minutes=1)
    assert office.delivery().state is State.ACCEPTED
    assert len(office.asked(f"{API}upload_image/")) == uploads


def test_an_access_token_that_has_ended_is_refreshed_and_nothing_is_asked_of_anybody(office: Office) -> None:
    office.open().adapter.sign_in("rehearsal-code")
    first = office.recall("access")
    office.now += timedelta(days=16)
    office.write()
    office.work()
    assert office.delivery().state is State.ACCEPTED
    assert office.recall("access") != first
    assert office.paused() == ""


def test_a_token_that_the_platform_ends_early_proves_that_nothing_was_posted(office: Office) -> None:
    office.open().adapter.sign_in("rehearsal-code")
    office.write()
    office.platform.fault_path = "create_image_text"
    whole = office.platform._token_code
    office.platform._token_code = lambda request, now, turn: (  # type: ignore[method-assign]
        28001008 if "create" in request.url.path else whole(request, now, turn)
    )
    office.work()
    assert office.delivery().state is State.SCHEDULED
    assert office.recall("access") is None
    office.platform._token_code = whole  # type: ignore[method-assign]
    office.work(minutes=1)
    assert office.delivery().state is State.ACCEPTED
    assert [one.accepted for one in office.asked()] == [False, True]


def test_the_refresh_token_rotates_in_one_write_ten_days_before_its_end(office: Office) -> None:
    office.open().adapter.sign_in("rehearsal-code")
    old = office.recall("grant")["refresh_token"]
    kept: list[tuple[str, str]] = []
    keep = office.adapter._tools.keep
    office.adapter._tools.keep = lambda name, value, life: (kept.append((name, value)), keep(name, value, life))
    office.now += timedelta(days=19)
    assert office.adapter.diagnose() == []
    assert office.recall("grant")["refresh_token"] == old
    office.now += timedelta(days=2)
    assert office.adapter.diagnose() == []
    new = office.recall("grant")
    assert new["refresh_token"] != old
    assert new["open_id"] == "_000rehearsal"
    assert [json.loads(value)["refresh_token"] for name, value in kept if name == "grant"] == [new["refresh_token"]]
    office.now += timedelta(days=14)
    assert office.adapter.diagnose() == []  # the new one is in use


def test_after_five_renewals_a_person_is_told_in_time_and_then_needed(office: Office) -> None:
    office.open().adapter.sign_in("rehearsal-code")
    for _ in range(5):
        office.now += timedelta(days=21)
        assert office.adapter.diagnose() == []
    office.now += timedelta(days=21)
    (warning,) = office.adapter.diagnose()
    assert (warning.code, warning.severity.value) == ("douyin.ends_soon", "warn")
    office.write()
    office.work()
    assert "10 天内到期" in office.delivery().reason
    office.now += timedelta(days=20)
    office.write("b", "第二篇")
    office.work()
    assert "xuanfa channels login douyin" in office.paused()
    assert office.delivery(2).state is State.SCHEDULED
    office.adapter.sign_in("rehearsal-code")
    resume(office.desk, "douyin", ANNA)
    office.work(minutes=1)
    assert office.delivery(2).state is State.ACCEPTED


@pytest.mark.parametrize("fault", [Fault.SILENCE, Fault.HALF_AN_ANSWER, Fault.SERVER_ERROR])
def test_a_lost_answer_to_a_renewal_is_never_repeated_and_calls_a_person(office: Office, fault: Fault) -> None:
    office.open().adapter.sign_in("rehearsal-code")
    office.now += timedelta(days=14)
    office.adapter.diagnose()
    office.platform.fault, office.platform.fault_path = fault, "renew_refresh_token"
    office.now += timedelta(days=7)
    (finding,) = office.adapter.diagnose()
    assert (finding.code, finding.severity.value) == ("douyin.authorisation_lost", "block")
    assert "xuanfa channels login" in finding.message
    office.platform.fault = None
    office.now += timedelta(days=2)
    assert [one.code for one in office.adapter.diagnose()] == ["douyin.authorisation_lost"]
    assert len(office.asked("/oauth/renew_refresh_token/")) == 1
    office.write()
    office.work()
    assert office.delivery().state is State.ACCEPTED  # the access token still lives
    office.now += timedelta(days=8)
    assert [one.code for one in office.adapter.diagnose()] == [
        "douyin.authorisation_lost"
    ]  # the old grant has ended too
    office.now += timedelta(days=6)
    office.write("b", "第二篇")
    office.work()
    assert "续期的答复丢失" in office.paused()
    assert "xuanfa channels login douyin" in office.paused()
    office.adapter.sign_in("rehearsal-code")
    assert office.adapter.diagnose() == []


def test_a_missing_permission_pauses_and_names_the_way_out(office: Office) -> None:
    office.open().write()
    office.platform.scopes = {"video.list.bind"}
    office.work()
    assert 'mode = "manual"' in office.paused()
    assert office.delivery().state is State.SCHEDULED


def test_a_day_s_quota_waits_for_the_next_day(office: Office) -> None:
    office.open()
    office.platform.posts_a_day = 1
    office.write("a")
    office.write("b", "第二篇")
    office.work()
    assert sorted(office.delivery(n).state.value for n in (1, 2)) == ["accepted", "scheduled"]
    for _ in range(40):  # whenever the quota begins anew, it is asked for again within half a day
        office.work(hours=1)
    assert len(office.asked()) <= 2 + 4
    assert {office.delivery(n).state for n in (1, 2)} <= {State.ACCEPTED, State.PUBLISHED}


def test_by_default_a_pack_is_handed_over_once_and_waits_for_a_person(office: Office) -> None:
    office.open("").write()
    office.work()
    delivery = office.delivery()
    assert (delivery.state, delivery.look_at) == (State.ACCEPTED, None)
    (pack,) = (office.folder / "var" / "douyin.rehearsal").iterdir()
    assert f"var/douyin.rehearsal/{pack.name}。" in delivery.reason
    names = sorted(path.name for path in pack.iterdir())
    assert names[0].startswith("01.")
    assert {"文案.txt", "步骤.txt"} < set(names)
    assert (pack / "文案.txt").read_text(encoding="utf-8").startswith("法治进校园")
    assert f"xuanfa resolve {delivery.id} --published" in (pack / "步骤.txt").read_text(encoding="utf-8")
    assert office.asked() == []


def test_a_pack_whose_making_was_cut_short_is_made_again_and_never_doubled(office: Office) -> None:
    office.open("").write()
    run = begin(office.desk)
    (job,) = turn(office.desk, run, [], 1)
    following = turn(office.desk, run, [perform(office.desk.adapters, job)], 1)
    perform(office.desk.adapters, following[0])  # and the program dies before it is written down
    office.now += timedelta(hours=1)
    lapse(office.desk)
    office.work(minutes=1)
    assert office.delivery().state is State.ACCEPTED
    assert len(list((office.folder / "var" / "douyin.rehearsal").iterdir())) == 1
