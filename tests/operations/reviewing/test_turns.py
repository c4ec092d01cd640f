"""Whose turn it is: told once for each step and once more when it is late, listed with who is late, and at its end when nobody decides."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from tests.support.reviewed_office import (
    POLICY,
    approve,
    approve_all,
    delegate,
    emergency,
    phone,
    send_back,
    stands,
    states,
    submit,
)
from xuanfa.domain.delivery import State
from xuanfa.domain.errors import StateError
from xuanfa.domain.review import Level
from xuanfa.domain.working_hours import WorkingHours
from xuanfa.operations.reviewing.expiry import expire_reviews
from xuanfa.operations.sending.publish import hold_unapproved
from xuanfa.operations.watching.alarms import standing
from xuanfa.reports.reviews import waiting_reviews

HOUR = timedelta(hours=1)


def causes(office: Any) -> dict[str, str]:
    found = {each.cause.name: each.cause.words for each in standing(office.desk)}
    return {
        name: words for name, words in found.items() if not name.startswith("account:")
    }  # nobody has vouched for these people


def listed(office: Any, mine: str | None = None, **policy: Any) -> Any:
    reviews = replace(office.desk.reviews, **policy)
    return waiting_reviews(office.desk.store, reviews, office.desk.zone, office.clock(), mine)


def test_each_step_is_told_once_to_whoever_may_decide_it(office: Any) -> None:
    office.queue("one")
    assert causes(office) == {}
    submit(office.desk)
    ((name, words),) = causes(office).items()
    assert name == "review-turn:one:1:all,ed"  # neither the author nor who is outsourced
    assert "ed同志（ed）" in words
    assert "2026-03-02 14:00" not in words
    assert "2026-03-02 15:00" in words  # four working hours from nine, with noon between
    approve(office.desk, "ed")
    assert list(causes(office)) == ["review-turn:one:2:all,proof"]
    approve(office.desk, "all")
    assert list(causes(office)) == [
        "review-turn:one:3:boss,boss2"
    ]  # who holds a step already does not hold another one
    delegate(office.desk, "boss", "deputy", office.clock(), office.clock() + HOUR)
    assert list(causes(office)) == ["review-turn:one:3:boss,boss2,deputy"]
    approve(office.desk, "boss")
    assert causes(office) == {}


def test_a_late_step_is_told_again_and_names_who_is_late(office: Any) -> None:
    office.queue("one")
    submit(office.desk)
    office.clock.advance(hours=6)  # 15:00
    assert list(causes(office)) == ["review-turn:one:1:all,ed"]
    (row,) = listed(office)
    assert (row.is_late, row.who) == (False, ("all", "ed"))
    office.clock.advance(minutes=1)
    ((name, words),) = causes(office).items()
    assert name == "review-late:one:1:all,ed"
    assert "已超时" in words
    assert "ed同志（ed）" in words
    (row,) = listed(office)
    assert row.is_late
    assert f"{row.due_at:%m-%d %H:%M}" == "03-02 15:00"
    assert (row.as_json()["late"], row.as_json()["who"]) == (True, ["all", "ed"])


@pytest.mark.parametrize(
    ("hours", "due"),
    [
        (WorkingHours(days_off=frozenset({date(2026, 3, 3)})), "03-04 10:00"),
        (WorkingHours(), "03-03 10:00"),
    ],
)
def test_days_off_are_left_out(office: Any, hours: WorkingHours, due: str) -> None:
    office.clock.advance(hours=6, minutes=30)  # Monday half past three
    office.queue("one")
    submit(office.desk)
    (row,) = listed(office, hours=hours)
    assert f"{row.due_at:%m-%d %H:%M}" == due


def test_mine_are_those_that_i_may_decide(office: Any) -> None:
    office.queue("one")
    submit(office.desk)
    assert [len(listed(office, who)) for who in ("ed", "all", "writer", "proof", "hired", "nobody")] == [
        1,
        1,
        0,
        0,
        0,
        0,
    ]
    approve(office.desk, "all")
    assert [len(listed(office, who)) for who in ("all", "proof")] == [0, 1]  # one person, one step
    assert len(listed(office)) == 1


def test_the_office_may_do_without_reminders_and_is_told_of_late_ones_all_the_same(office: Any) -> None:
    office._desk = office.another(reviews=replace(POLICY, reminds=False))
    office.queue("one")
    submit(office.desk)
    assert causes(office) == {}
    office.clock.advance(days=1)
    assert list(causes(office)) == ["review-late:one:1:all,ed"]
    send_back(office.desk, "ed")
    assert causes(office) == {}


def test_a_returned_post_waits_for_its_authors(office: Any) -> None:
    office.queue("one")
    submit(office.desk)
    send_back(office.desk, "ed")
    ((name, words),) = causes(office).items()
    assert name == "review-back:one:writer"
    assert "writer同志（writer）" in words


def test_a_step_that_nobody_can_hold_says_so(office: Any) -> None:
    office._desk = office.another(reviews=replace(POLICY, level=Level.STRICT))
    office.queue("one")
    submit(office.desk, name="all")
    approve(office.desk, "ed")
    approve(office.desk, "proof")
    delegate(office.desk, "boss", "ed", office.clock(), office.clock() + HOUR)
    assert "ed" not in next(iter(causes(office))).split(":")[-1].split(",")  # a deputy holds no second step either
    with pytest.raises(StateError, match="同一人"):
        approve(office.desk, "ed")


def test_what_is_due_or_owed_is_an_alarm_that_names_the_post(office: Any) -> None:
    office.write("one", publish_at="2026-03-02 09:30")
    office.write("two", "另一篇。", publish_at="2026-03-02 09:30")
    office.queue()
    submit(office.desk, "two")
    approve(office.desk, "ed", "two")
    approve(office.desk, "proof", "two")
    phone(office.desk, "ed", "boss", office.clock(), "two")
    office.clock.advance(hours=1)
    hold_unapproved(office.desk)
    found = causes(office)
    assert {"review:one", "phone:two:3"} <= found.keys()
    assert "boss" in found["phone:two:3"]
    assert "已超时" not in found["phone:two:3"]
    emergency(office.desk, "boss")
    found = causes(office)
    assert "emergency:one" in found
    assert "review:one" not in found
    assert "已超时" not in found["emergency:one"]
    office.clock.advance(hours=25)
    found = causes(office)
    assert "已超时" in found["emergency:one"]
    assert "已超时" in found["phone:two:3"]
    approve_all(office.desk)
    assert not [name for name in causes(office) if name.startswith(("emergency", "review"))]


def test_a_review_that_waits_too_long_expires(office: Any) -> None:
    office.write("one", publish_at="2026-06-01 09:00")
    office.queue()
    submit(office.desk)
    approve(office.desk, "ed")
    office.clock.advance(days=30, minutes=-1)
    assert expire_reviews(office.desk) == []
    office.clock.advance(minutes=61)
    expire_reviews(office.desk)
    assert {each.state for each in office.all()} == {State.HELD}
    assert states(office.desk) == "void returned waiting"
    assert "review-expired:one" in causes(office)
    assert "writer同志" in causes(office)["review-expired:one"]
    with pytest.raises(StateError, match="退回"):
        approve(office.desk, "proof", checks=())
    submit(office.desk)
    assert {each.state for each in office.all()} == {State.AWAITING_REVIEW}
    assert states(office.desk) == "open waiting waiting"
    approve_all(office.desk)
    assert {each.state for each in office.all()} == {State.SCHEDULED}


def test_what_is_approved_or_with_its_author_does_not_expire(office: Any) -> None:
    office.write("one", publish_at="2026-06-01 09:00")
    office.write("two", "另一篇。", publish_at="2026-06-01 09:00")
    office.queue()
    for post in ("one", "two"):
        submit(office.desk, post)
    approve_all(office.desk, "one")
    send_back(office.desk, "ed", post="two")
    office.clock.advance(days=60)
    assert expire_reviews(office.desk) == []
    assert stands(office.desk, "two").expired is None
    assert office.get(1).state is State.SCHEDULED


def test_an_office_may_let_reviews_wait_for_ever(office: Any) -> None:
    office._desk = office.another(reviews=replace(POLICY, expire=timedelta(0)))
    office.queue("one")
    submit(office.desk)
    office.clock.advance(days=400)
    assert expire_reviews(office.desk) == []
    assert states(office.desk) == "open waiting waiting"


def test_who_decides_while_it_expires_is_not_overruled(office: Any) -> None:
    office.queue("one")
    submit(office.desk)
    office.clock.advance(days=31)
    approve(office.desk, "ed")
    assert expire_reviews(office.desk) == []
    assert states(office.desk) == "approved open waiting"
