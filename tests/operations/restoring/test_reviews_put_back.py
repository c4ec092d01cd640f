"""A backup that was made in the midst of reviews: they go on as they were, each decision about exactly what it was about."""

from dataclasses import replace
from typing import Any

import pytest

from tests.operations.restoring.conftest import Offices, at, number
from tests.support.decisions import ANNA, release, resolve_absent, resume
from tests.support.reviewed_office import PEOPLE, POLICY, approve, by, send_back, staff, stands, submit
from tests.support.reviewed_office import states as steps
from xuanfa.domain.act import may
from xuanfa.domain.delivery import State
from xuanfa.domain.review import digest_of
from xuanfa.engine.once import one_pass
from xuanfa.operations.desk import Desk
from xuanfa.operations.keeping.backup import backup
from xuanfa.operations.keeping.verify import verify
from xuanfa.reports.listing import list_deliveries
from xuanfa.reports.reviews import waiting_reviews
from xuanfa.store import posts, users

#: A post for now, one for later, one that was sent back, and how far each had come.
STANDING = {"now": "approved open waiting", "later": "approved approved open", "back": "open waiting waiting"}


def waiting(desk: Desk) -> dict[str, tuple[int, tuple[str, ...]]]:
    """Whose turn it is, by post."""
    rows = waiting_reviews(desk.store, desk.reviews, desk.zone, desk.clock())
    return {row.post: (row.step, row.who) for row in rows}


def under_review(offices: Offices) -> Desk:
    """Posts in the midst of their reviews, on the old machine."""
    desk = replace(offices.old_desk, reviews=POLICY)
    staff(desk)
    with desk.store.write() as connection:
        for name in PEOPLE:  # a backup is put back only where the history vouches for its accounts
            users.vouch(connection, name, now=desk.clock(), after="user_added", actor="test", why="")
    for slug in STANDING:
        offices.old.post(
            slug, f"{slug}的正文，各不相同。" * 3, publish_at=at(offices.clock, days=3) if slug == "later" else ""
        )
    one_pass(desk)
    for slug in STANDING:
        submit(desk, slug)
        offices.clock.advance(minutes=1)
    approve(desk, "ed", "now")
    approve(desk, "ed", "later")
    approve(desk, "proof", "later")
    send_back(desk, "ed", post="back")
    return desk


def resumed(offices: Offices) -> Desk:
    """The new machine, sending."""
    desk = offices.restore(reviews=POLICY, may=may)
    resume(desk, "*", ANNA)
    return desk


def test_the_list_of_reviews_is_the_same_after_a_restore(offices: Offices) -> None:
    old = under_review(offices)
    before, digests = waiting(old), {slug: stands(old, slug).digest for slug in STANDING}
    assert before.keys() == {"now", "later"}  # what was sent back waits for its author
    backup(old, offices.file)
    desk = resumed(offices)
    assert waiting(desk) == before
    for slug, expected in STANDING.items():
        standing = stands(desk, slug)
        if slug != "back":
            assert steps(desk, slug) == expected
        assert standing.digest == digests[slug] == digest_of(standing.snapshot)
    assert stands(desk, "back").is_returned


def test_reviews_go_on_after_a_restore_and_nothing_leaves_before_a_person_has_looked(offices: Offices) -> None:
    backup(under_review(offices), offices.file)
    desk = resumed(offices)
    approve(desk, "proof", "now")
    approve(desk, "boss", "now")
    approve(desk, "boss", "later")
    offices.clock.advance(days=3, hours=1)
    one_pass(desk)
    assert {row.state for row in list_deliveries(desk.store)} == {State.UNKNOWN, State.HELD}
    assert resolve_absent(desk, number(desk, "now"), ANNA).state is State.SCHEDULED
    assert release(desk, number(desk, "later"), ANNA).state is State.SCHEDULED
    one_pass(desk)
    out = {row.post for row in list_deliveries(desk.store) if row.state is State.PUBLISHED}
    assert out == {"now", "later"}
    assert [it for it in verify(desk) if it.trouble] == []


def test_a_decision_of_before_a_restore_is_void_where_the_text_has_changed_since(offices: Offices) -> None:
    backup(under_review(offices), offices.file)
    desk = resumed(offices)
    offices.new.post("later", "后来改过的正文。", publish_at=at(offices.clock, days=3))
    release(desk, number(desk, "later"), ANNA)
    one_pass(desk)
    assert steps(desk, "later") == "open void waiting"
    assert waiting(desk)["later"] == (1, ("all", "ed"))


@pytest.mark.parametrize("slug", ["now", "later"])
def test_what_was_put_back_in_its_midst_is_not_sent_by_half_a_review(offices: Offices, slug: str) -> None:
    backup(under_review(offices), offices.file)
    desk = resumed(offices)
    how: Any = resolve_absent if slug == "now" else release
    assert how(desk, number(desk, slug), by("boss")).state is State.AWAITING_REVIEW
    offices.clock.advance(days=4)
    one_pass(desk)
    with desk.store.read() as connection:
        assert posts.by_slug(connection, slug) is not None
    assert slug not in {row.post for row in list_deliveries(desk.store) if row.state is State.PUBLISHED}
