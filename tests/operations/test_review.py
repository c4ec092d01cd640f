"""Nothing leaves that was not approved as it is: the review of a post from submission to sending, on both databases."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, IntegrityError

from tests.support.decisions import cancel, release, reschedule, retry
from tests.support.reviewed_office import (
    POLICY,
    approve,
    approve_all,
    by,
    confirm,
    delegate,
    emergency,
    phone,
    send_back,
    staff,
    stands,
    states,
    submit,
)
from xuanfa.domain.act import ApproveReview
from xuanfa.domain.delivery import BY_REVIEW, State
from xuanfa.domain.errors import StateError
from xuanfa.domain.outcome import Unsent
from xuanfa.domain.review import Deed, ReviewState
from xuanfa.domain.review_policy import ReviewPolicy
from xuanfa.operations.deciding.door import carry_out
from xuanfa.operations.intake.queue import queue
from xuanfa.operations.sending.perform import perform
from xuanfa.operations.sending.publish import hold_unapproved
from xuanfa.store import reviews

HOUR = timedelta(hours=1)


@pytest.fixture
def office(bench: Any) -> Any:
    """A bench whose one column needs a review."""
    bench.channel("a")
    bench.channel("b")
    bench._desk = bench.another(reviews=POLICY)
    staff(bench.desk)
    return bench


def sent(office: Any) -> list[str]:
    return [order.rendition.body.strip() for script in office.scripts.values() for order in script.sent]


def test_a_post_leaves_when_its_last_step_is_approved_and_not_before(office: Any) -> None:
    office.queue("one")
    assert {each.state for each in office.all()} == {State.AWAITING_REVIEW}
    submit(office.desk)
    office.clock.advance(hours=5)  # due at once, and approved much later: that is not late
    for name in ("ed", "proof"):
        approve(office.desk, name)
        office.run()
        assert sent(office) == []
        assert {each.state for each in office.all()} == {State.AWAITING_REVIEW}
    approve(office.desk, "boss")
    assert {each.state for each in office.all()} == {State.SCHEDULED}
    with pytest.raises(StateError):
        approve(office.desk, "boss2")
    office.run()
    assert len(sent(office)) == 2
    assert {each.state for each in office.all()} == {State.PUBLISHED}
    assert office.history(1) == ["awaiting_review", "scheduled", "published"]


def test_an_edit_voids_and_a_save_that_changes_no_digest_voids_nothing(office: Any) -> None:
    office.queue("one")
    submit(office.desk)
    approve_all(office.desk)
    office.clock.advance(minutes=1)
    office.write("one", "正文。", author="writer")  # another file, the same renditions
    queue(office.desk)
    assert stands(office.desk).state is ReviewState.APPROVED
    assert {each.state for each in office.all()} == {State.SCHEDULED}
    office.clock.advance(minutes=1)
    office.write("one", "改过的正文。")
    queue(office.desk)
    assert states(office.desk) == "open void void"
    assert {(each.state, each.approval) for each in office.all()} == {(State.AWAITING_REVIEW, None)}
    office.run()
    assert sent(office) == []
    approve_all(office.desk)
    office.run()
    assert sent(office) == ["改过的正文。"] * 2


def test_another_time_asks_the_last_step_again(office: Any) -> None:
    office.write("one", publish_at="2026-03-03 09:00")
    office.queue()
    submit(office.desk)
    approve_all(office.desk)
    moved = reschedule(office.desk, 1, office.clock() + 3 * HOUR, by("boss"))
    assert moved.state is State.AWAITING_REVIEW
    assert states(office.desk) == "approved approved open"
    office.clock.advance(days=1)
    hold_unapproved(office.desk)
    office.run()
    assert sent(office) == []
    assert {each.hold for each in office.all()} == {BY_REVIEW}
    for verb in (release, retry):
        with pytest.raises(StateError):
            verb(office.desk, 1, by("boss"))
    approve(office.desk, "boss2")
    office.run()
    assert len(sent(office)) == 2


def test_a_channel_less_asks_the_last_step_and_a_channel_more_the_first(office: Any) -> None:
    office.queue("one")
    submit(office.desk)
    approve_all(office.desk)
    cancel(office.desk, 2, by("boss"))
    assert states(office.desk) == "approved approved open"
    assert office.get(1).state is State.AWAITING_REVIEW
    approve(office.desk, "boss")
    assert (office.get(1).state, office.get(2).state) == (State.SCHEDULED, State.CANCELLED)
    assert retry(office.desk, 2, by("boss")).state is State.AWAITING_REVIEW
    assert states(office.desk) == "open void void"
    assert office.get(1).state is State.AWAITING_REVIEW


def test_what_comes_back_unsent_after_its_review_was_voided_is_not_sent_again(office: Any) -> None:
    office.scripts["a"].publish = [Unsent(evidence="refused")]
    office.queue("one")
    submit(office.desk)
    approve_all(office.desk)
    jobs = office.claim()
    office.clock.advance(minutes=1)
    assert office.get(2).state is State.PUBLISHING
    office.write("one", "改过的正文。")
    queue(office.desk)  # both are under way
    assert stands(office.desk).state is ReviewState.APPROVED
    office.settle(*[perform(office, job) for job in jobs])
    assert office.get(1).state is State.SCHEDULED
    assert office.get(2).state is State.PUBLISHED
    office.clock.advance(minutes=1)
    with office.desk.store.write() as connection:  # a void that has come while it was under way
        review = reviews.latest(connection, 1)
        assert review is not None
        decisions = reviews.decided(connection, [review.id])[review.id]
        void = replace(decisions[-1], number=len(decisions) + 1, deed=Deed.CHANGED, step=1, snapshot=None)
        reviews.add(connection, review, void, "test")
    office.clock.advance(minutes=10)
    before = len(sent(office))
    office.run()
    assert len(sent(office)) == before
    assert office.get(1).state is State.AWAITING_REVIEW


def test_settings_that_ask_for_a_review_now_hold_for_what_is_queued_already(bench: Any) -> None:
    bench.channel("a")
    bench.write("one", publish_at="2026-03-02 10:00")
    bench.queue()
    assert bench.get().state is State.SCHEDULED
    bench._desk = bench.another(reviews=POLICY)
    bench.clock.advance(hours=1)
    bench.run()
    assert (bench.get().state, sent(bench)) == (State.AWAITING_REVIEW, [])
    bench._desk = bench.another(reviews=ReviewPolicy())  # and what needed one once goes on needing it
    bench.clock.advance(minutes=1)
    bench.run()
    assert sent(bench) == []


def test_a_returned_post_leaves_in_no_version(office: Any) -> None:
    office.queue("one")
    submit(office.desk)
    approve(office.desk, "ed")
    approve(office.desk, "proof")
    with pytest.raises(StateError, match="没有"):
        send_back(office.desk, "boss", places=(("不在文中", "改"),))
    send_back(office.desk, "boss", places=(("正文", "写具体"),))
    assert stands(office.desk).state is ReviewState.RETURNED
    submit(office.desk)
    assert states(office.desk) == "approved open waiting"


def test_a_leader_agrees_by_telephone(office: Any) -> None:
    office.queue("one")
    submit(office.desk)
    approve(office.desk, "ed")
    approve(office.desk, "proof")
    phone(office.desk, "ed", "boss", office.clock())
    assert {each.state for each in office.all()} == {State.SCHEDULED}
    with pytest.raises(StateError):
        confirm(office.desk, "boss2")
    confirm(office.desk, "boss")
    assert not stands(office.desk).steps[-1].waits_for_confirmation


def test_a_deputy_decides_for_a_time(office: Any) -> None:
    office.queue("one")
    submit(office.desk)
    approve(office.desk, "ed")
    approve(office.desk, "proof")
    with pytest.raises(StateError):
        approve(office.desk, "deputy")
    delegate(office.desk, "boss", "deputy", office.clock(), office.clock() + HOUR)
    office.clock.advance(hours=1)
    with pytest.raises(StateError, match="期限已过"):
        approve(office.desk, "deputy")
    delegate(office.desk, "boss", "deputy", office.clock(), office.clock() + HOUR)
    decided = approve(office.desk, "deputy").decision
    assert (decided.by, decided.principal) == ("deputy", "boss")
    for to in ("hired", "nobody", "boss"):
        with pytest.raises(StateError):
            delegate(office.desk, "boss", to, office.clock(), office.clock() + HOUR)


def test_an_emergency_goes_first_and_is_marked(office: Any) -> None:
    office.write("one", publish_at="2026-03-02 09:30")
    office.queue()
    office.clock.advance(hours=1)
    hold_unapproved(office.desk)
    with pytest.raises(StateError):
        emergency(office.desk, "ed")
    emergency(office.desk, "boss")
    assert {each.state for each in office.all()} == {State.SCHEDULED}
    office.run()
    assert len(sent(office)) == 2
    assert stands(office.desk).is_owed
    approve_all(office.desk)
    assert not stands(office.desk).is_owed


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("writer", {}),
        ("hired", {}),
        ("boss", {}),
        ("nobody", {}),
        ("ed", {"checks": ()}),
        ("ed", {"digests": ("f" * 64,)}),
        ("ed", {"step": 2}),
    ],
)
def test_what_is_refused_is_recorded_and_changes_nothing(office: Any, name: str, words: Any) -> None:
    office.queue("one")
    with pytest.raises(StateError):
        approve(office.desk, "ed")  # not submitted
    submit(office.desk)
    with office.desk.store.read() as connection:
        before = connection.scalar(sa.text("SELECT count(*) FROM decisions"))
    with pytest.raises(StateError):
        approve(office.desk, name, **words)
    with office.desk.store.read() as connection:
        assert connection.scalar(sa.text("SELECT count(*) FROM decisions")) == before
        refused = connection.execute(sa.text("SELECT actor, act, post_id FROM events WHERE after = 'refused'")).all()
    assert tuple(refused[-1]) == (name, "approve_review", 1)


def test_submission_names_steps_that_nobody_can_hold(office: Any) -> None:
    office.queue("one")
    with office.desk.store.write() as connection:
        connection.execute(sa.text("UPDATE users SET disabled = :yes WHERE name IN ('proof', 'all')"), {"yes": True})
    remarks = submit(office.desk).remarks
    assert ["一校" in each for each in remarks] == [True]


def test_a_column_without_review_is_as_ever(bench: Any) -> None:
    bench.channel("a")
    bench.queue("one")
    assert bench.get().state is State.SCHEDULED
    with pytest.raises(StateError):
        submit(bench.desk)
    staff(bench.desk)
    with pytest.raises(StateError, match="不需要审核"):
        submit(bench.desk)
    bench.run()
    assert bench.get().state is State.PUBLISHED


def test_the_database_itself_refuses_what_was_not_approved(office: Any) -> None:
    """By hand, past the program."""
    office.queue("one", "two")
    for post in ("one", "two"):
        submit(office.desk, post)
    approve_all(office.desk, "one")
    one, two = office.get(1), office.get(3)
    assert (one.state, two.state) == (State.SCHEDULED, State.AWAITING_REVIEW)
    for text, refusal in (
        ("UPDATE deliveries SET state = 'scheduled' WHERE id = 3", "ck_deliveries_approved"),
        ("UPDATE deliveries SET state = 'publishing' WHERE id = 3", "ck_deliveries_approved"),
        (f"UPDATE deliveries SET state = 'scheduled', approval = {one.approval} WHERE id = 3", "fk|FOREIGN"),  # noqa: S608
        (f"UPDATE deliveries SET approval = {one.approval} WHERE id = 2", "fk|FOREIGN"),  # noqa: S608
        ("UPDATE deliveries SET state = 'scheduled', approval = 999 WHERE id = 3", "fk|FOREIGN"),
        ("UPDATE deliveries SET due_at = due_at + 1 WHERE id = 1", "fk|FOREIGN"),
        (f"UPDATE deliveries SET digest = '{'0' * 64}' WHERE id = 1", "fk|FOREIGN"),  # noqa: S608
        ("UPDATE deliveries SET channel = 'c' WHERE id = 1", "fk|FOREIGN"),
        ("UPDATE deliveries SET approval = NULL WHERE id = 1", "ck_deliveries_approved"),
    ):
        with pytest.raises(IntegrityError, match=f"(?i){refusal}"), office.desk.store.engine.begin() as connection:
            connection.execute(sa.text(text))
    for table in ("reviews", "decisions", "approvals"):
        for text in (f"DELETE FROM {table}", f"UPDATE {table} SET id = id"):  # noqa: S608
            with pytest.raises(DBAPIError, match="append-only"), office.desk.store.engine.begin() as connection:
                connection.execute(sa.text(text))


def test_every_decision_is_vouched_for_by_the_history(office: Any) -> None:
    office.queue("one")
    submit(office.desk)
    approve_all(office.desk)
    with office.desk.store.read() as connection:
        assert reviews.broken(connection) == []
    with office.desk.store.write() as connection:
        forged = (
            "INSERT INTO decisions "
            "(review_id, number, deed, at, actor, how, step, principal, note, why, checks, places, digest, snapshot) "
            "SELECT review_id, 99, deed, at, 'forger', how, step, principal, note, why, checks, places, digest, snapshot "
            "FROM decisions WHERE number = 2"
        )
        connection.execute(sa.text(forged))
        assert reviews.broken(connection) == ["one #99"]


def test_a_file_that_is_gone_holds_what_awaits_its_review(office: Any) -> None:
    path = office.write("one")
    office.write("two", "另一篇。")
    office.queue()
    submit(office.desk)
    approve_all(office.desk)
    text = path.read_text(encoding="utf-8")
    path.unlink()
    office.clock.advance(minutes=1)
    queue(office.desk)
    assert office.get(1).state is State.HELD
    path.write_text(text, encoding="utf-8")
    office.clock.advance(minutes=1)
    queue(office.desk)
    assert office.get(1).state is State.SCHEDULED


def test_two_people_at_the_same_instant_are_one_decision(office: Any) -> None:
    office.queue("one")
    submit(office.desk)
    approve(office.desk, "ed")
    approve(office.desk, "proof")
    other = office.another(reviews=POLICY)
    approve(office.desk, "boss")
    with pytest.raises(StateError):
        approve(other, "boss2", checks=("政治关",))


def test_whoever_holds_a_step_does_not_become_its_author(office: Any) -> None:
    """Neither by submitting once more, nor by the file, after which a decision counts for nothing until it is asked again."""
    office.write("one", publish_at="2026-03-03 09:00")
    office.queue()
    submit(office.desk)
    approve_all(office.desk)
    reschedule(office.desk, 1, office.clock() + 3 * HOUR, by("boss"))
    with pytest.raises(StateError, match="已审过本稿第 1 步"):
        submit(office.desk, "one", "ed")
    office.clock.advance(minutes=1)
    office.write("one", publish_at="2026-03-03 09:00", author="ed")
    queue(office.desk)
    assert states(office.desk) == "approved approved open"
    with pytest.raises(StateError, match="ed同志审过本稿第 1 步，现在又是本稿的作者"):
        approve(office.desk, "boss2")
    send_back(office.desk, "boss2")
    submit(office.desk)
    assert states(office.desk) == "approved open void"
    send_back(office.desk, "proof")
    submit(office.desk)
    approve_all(office.desk, "one", "all", "proof", "boss2")
    assert {each.state for each in office.all()} == {State.SCHEDULED}


def test_the_door_takes_every_act_of_review(office: Any) -> None:
    with pytest.raises(StateError, match="没有名为"):
        carry_out(office.desk, ApproveReview(post="nowhere"), by("boss"))
