"""Hand-written SQL, past the program: the database refuses what was not approved, and what it cannot refuse is not claimed, or never sent."""

import sqlite3
from contextlib import closing
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, IntegrityError

from tests.support.databases import sqlite_only
from tests.support.reviewed_office import POLICY, approve, approve_all, delegate, staff, submit
from tests.support.verified import troubles
from xuanfa.domain.delivery import State


@pytest.fixture
def office(bench: Any) -> Any:
    """One post approved, and one that is submitted, each for two channels: deliveries 1 and 2, 3 and 4."""
    bench.channel("a")
    bench.channel("b")
    bench._desk = bench.another(reviews=POLICY)
    staff(bench.desk)
    bench.write("one", "第一篇。", publish_at="2026-03-02 10:00")
    bench.write("two", "第二篇。", publish_at="2026-03-02 10:00")
    bench.queue()
    for post in ("one", "two"):
        submit(bench.desk, post)
    approve_all(bench.desk, "one")
    return bench


def columns(office: Any) -> str:
    return ", ".join(each["name"] for each in sa.inspect(office.desk.store.engine).get_columns("deliveries"))


def by_hand(office: Any, text: str) -> None:
    with office.desk.store.engine.begin() as connection:
        connection.execute(sa.text(text))


def sent(office: Any) -> list[tuple[str, str]]:
    return [(channel, order.post) for channel, script in office.scripts.items() for order in script.sent]


@pytest.mark.parametrize(
    ("values", "refusal"),
    [
        ("'scheduled', NULL", "ck_deliveries_approved"),
        ("'publishing', NULL", "ck_deliveries_approved"),
        ("'scheduled', 1", "foreign"),
        ("'scheduled', 99", "foreign"),
    ],
)
def test_a_row_in_the_queue_is_inserted_by_nobody_without_its_approval(office: Any, values: str, refusal: str) -> None:
    """A delivery of the second post to a third channel."""
    state, approval = values.split(", ")
    changed = {"id": "9", "channel": "'c'", "state": state, "approval": approval}
    names = columns(office).split(", ")
    listed = ", ".join(f'"{name}"' for name in names)
    picked = ", ".join(changed.get(name, f'"{name}"') for name in names)
    with pytest.raises(IntegrityError, match=f"(?i){refusal}"):
        by_hand(office, f"INSERT INTO deliveries ({listed}) SELECT {picked} FROM deliveries WHERE id = 3")  # noqa: S608


@sqlite_only
@pytest.mark.parametrize("approval", ["NULL", "1"])
def test_no_row_is_replaced_by_one_in_the_queue(office: Any, approval: str) -> None:
    changed = {"state": "'scheduled'", "approval": approval}
    names = columns(office).split(", ")
    listed = ", ".join(f'"{name}"' for name in names)
    picked = ", ".join(changed.get(name, f'"{name}"') for name in names)
    with pytest.raises(IntegrityError):
        by_hand(office, f"REPLACE INTO deliveries ({listed}) SELECT {picked} FROM deliveries WHERE id = 3")  # noqa: S608
    assert office.get(3).state is State.AWAITING_REVIEW


@pytest.mark.parametrize(
    "text",
    [
        "UPDATE approvals SET digest = (SELECT digest FROM deliveries WHERE id = 3) WHERE id = 1",
        "UPDATE approvals SET channel = 'c' WHERE id = 1",
        "UPDATE approvals SET due_at = due_at + 1",
        "DELETE FROM approvals WHERE id = 1",
        "UPDATE decisions SET digest = ''",
        "UPDATE decisions SET deed = 'approved' WHERE deed = 'submitted'",
        "DELETE FROM decisions WHERE deed = 'submitted'",
        "UPDATE reviews SET template = '{}'",
    ],
)
def test_what_was_decided_and_what_may_leave_is_changed_by_nobody(office: Any, text: str) -> None:
    with pytest.raises(DBAPIError, match="append-only"):
        by_hand(office, text)


@sqlite_only
def test_no_approval_is_replaced(office: Any) -> None:
    text = (
        "REPLACE INTO approvals SELECT id, review_id, decision, channel, digest, due_at + 1, emergency FROM approvals"
    )
    with pytest.raises(DBAPIError, match="append-only"):
        by_hand(office, text)


@pytest.mark.parametrize(
    "text",
    [
        "UPDATE renditions SET body = '另一篇。' WHERE post_id = 1",
        "UPDATE renditions SET title = '另一个标题' WHERE post_id = 1",
    ],
)
def test_a_rendition_that_was_changed_behind_its_digest_never_leaves(office: Any, text: str) -> None:
    """The digest is bound to the approval; the text is what the history vouches for."""
    by_hand(office, text)
    office.clock.advance(hours=2)
    office.run()
    assert sent(office) == []
    assert {office.get(number).state for number in (1, 2)} <= {State.HELD, State.REJECTED, State.FAILED}


def test_a_right_that_no_decision_has_given_lets_nothing_leave(office: Any) -> None:
    """It can be written by hand, since rights are only added; a claim asks for its decision."""
    for decision in (1, 99):  # the submission, and none at all
        by_hand(
            office,
            "INSERT INTO approvals (review_id, decision, channel, digest, due_at, emergency) "  # noqa: S608
            f"SELECT 2, {decision}, channel, digest, due_at, false FROM deliveries WHERE id = 3",
        )
        by_hand(
            office,
            "UPDATE deliveries SET state = 'scheduled', approval = (SELECT max(id) FROM approvals) WHERE id = 3",
        )
        office.clock.advance(hours=2)
        office.run()
        assert ("a", "two") not in sent(office)
        assert office.get(3).approval is None


def test_what_is_said_to_need_no_review_is_asked_for_one_all_the_same(office: Any) -> None:
    by_hand(office, "UPDATE deliveries SET reviewed = false, state = 'scheduled' WHERE id = 3")
    office.clock.advance(hours=2)
    office.run()
    assert ("a", "two") not in sent(office)
    assert office.get(3).reviewed


@sqlite_only
def test_a_tool_that_minds_no_references_brings_nothing_out_either(office: Any) -> None:
    """SQLite's own shell checks foreign keys only when it is told to: then the claim is what compares."""
    with closing(sqlite3.connect(office.desk.store.file, isolation_level=None)) as connection:
        connection.execute("UPDATE deliveries SET state = 'scheduled', approval = 1 WHERE id IN (3, 4)")
    office.clock.advance(hours=2)
    office.run()
    assert sorted(sent(office)) == [("a", "one"), ("b", "one")]
    assert {office.get(number).state for number in (3, 4)} <= {State.AWAITING_REVIEW, State.HELD}


@pytest.mark.parametrize("kind", ["none", "", "nosuch"])
def test_a_post_that_is_said_to_need_no_review_past_the_program_is_not_claimed(office: Any, kind: str) -> None:
    by_hand(office, f"UPDATE posts SET kind = '{kind}', review = '' WHERE slug = 'two'")  # noqa: S608 - our own words
    by_hand(office, "UPDATE deliveries SET reviewed = false, state = 'scheduled' WHERE id IN (3, 4)")
    office.clock.advance(hours=2)
    office.run()
    assert {post for _, post in sent(office)} == {"one"}
    assert {office.get(number).state for number in (3, 4)} == {State.AWAITING_REVIEW}


def approval_by_hand(office: Any, decision: int, *, due_at: str = "due_at", number: int = 3) -> None:
    """A right to leave that nobody has given, and the delivery that refers to it."""
    review = "(SELECT max(r.id) FROM reviews r WHERE r.post_id = d.post_id)"
    by_hand(
        office,
        "INSERT INTO approvals (id, review_id, decision, channel, digest, due_at, emergency) "  # noqa: S608 - our own words
        f"SELECT 900, {review}, {decision}, channel, digest, {due_at}, false FROM deliveries d WHERE id = {number}",
    )
    by_hand(
        office,
        f"UPDATE deliveries SET state = 'scheduled', approval = 900, due_at = {due_at}, ready_at = {due_at} WHERE id = {number}",  # noqa: S608
    )


@pytest.mark.parametrize("decision", [1, 2, 3])
def test_a_right_that_hangs_on_a_step_before_the_last_is_none(office: Any, decision: int) -> None:
    approve(office.desk, "ed", "two")
    approve(office.desk, "proof", "two")
    approval_by_hand(office, decision)
    assert any("审核决定" in line for line in troubles(office))
    office.clock.advance(hours=2)
    office.run()
    assert {post for _, post in sent(office)} == {"one"}
    assert office.get(3).state is State.AWAITING_REVIEW


def test_a_right_to_leave_earlier_than_was_decided_is_none(office: Any) -> None:
    approval_by_hand(office, 4, due_at="due_at - 3000000000", number=1)
    assert any("审核决定" in line for line in troubles(office))
    office.clock.advance(minutes=30)
    office.run()
    assert sent(office) == []


def test_a_delegation_of_which_the_history_does_not_tell_is_found(office: Any) -> None:
    delegate(office.desk, "boss", "ed", office.clock(), office.clock() + timedelta(days=1))
    assert not [line for line in troubles(office) if "审核决定" in line]
    by_hand(
        office,
        "INSERT INTO delegations (principal, deputy, begins, ends, why, made_at) "
        "SELECT principal, 'proof', begins, ends, why, made_at FROM delegations",
    )
    assert ["boss → proof" in line for line in troubles(office) if "审核决定" in line] == [True]
