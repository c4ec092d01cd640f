"""Whoever has edited a post is one of its authors; and a database that may have forgotten what was decided asks the last step once more."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from tests.support.decisions import release, resolve_absent, retry
from tests.support.reviewed_office import approve, approve_all, by, emergency, stands, states, submit
from xuanfa.domain.delivery import State
from xuanfa.domain.errors import StateError
from xuanfa.domain.review import ReviewState
from xuanfa.operations.intake.queue import queue
from xuanfa.operations.keeping.holding import Hold, hold_everything
from xuanfa.reports.reviews import review_record
from xuanfa.store import channels


def put_back(office: Any) -> None:
    """As after a restore, with sending resumed."""
    now = office.clock()
    with office.desk.store.write() as connection:
        hold_everything(
            connection,
            Hold(backup="b", taken_at=now - timedelta(hours=1), now=now, actor="test", since="从备份恢复", why="test"),
        )
        channels.resume(connection, "*")


def test_what_was_approved_before_a_restore_asks_its_last_step_again(office: Any) -> None:
    office.write("one", publish_at="2026-03-03 09:00")
    office.queue()
    submit(office.desk)
    approve_all(office.desk)
    put_back(office)
    assert states(office.desk) == "approved approved open"
    assert {(each.state, each.approval) for each in office.all()} == {(State.HELD, None)}
    record = review_record(office.desk.store, office.desk.reviews, "one")
    assert record is not None
    assert "最后一步要重新审" in record.voided[-1].why
    assert {release(office.desk, each.id, by("boss")).state for each in office.all()} == {State.AWAITING_REVIEW}
    office.clock.advance(days=1, hours=1)
    office.run()
    assert [script.sent for script in office.scripts.values()] == [[], []]
    approve(office.desk, "boss2")
    office.run()
    assert [len(script.sent) for script in office.scripts.values()] == [1, 1]


def test_what_may_be_out_after_a_restore_is_not_sent_by_the_old_decision(office: Any) -> None:
    office.queue("one")
    submit(office.desk)
    approve_all(office.desk)
    put_back(office)  # it was due: it may be out
    assert {each.state for each in office.all()} == {State.UNKNOWN}
    resolve_absent(office.desk, 1, by("boss"))
    office.clock.advance(minutes=5)
    office.run()
    assert office.scripts["a"].sent == []
    assert office.get(1).state is State.AWAITING_REVIEW
    approve(office.desk, "boss")
    office.run()
    assert len(office.scripts["a"].sent) == 1
    resolve_absent(office.desk, 2, by("boss"))  # settled after its last step: by the new decision
    office.run()
    assert len(office.scripts["b"].sent) == 1


def test_an_emergency_of_before_a_restore_is_none_any_more(office: Any) -> None:
    office.write("one", publish_at="2026-03-03 09:00")
    office.queue()
    emergency(office.desk, "boss")
    put_back(office)
    for each in office.all():
        release(office.desk, each.id, by("boss"))
    office.clock.advance(days=2)
    office.run()
    assert office.scripts["a"].sent == []


def test_what_was_called_off_before_a_restore_does_not_come_back_by_the_old_decision(office: Any) -> None:
    office.write("one", publish_at="2026-03-03 09:00")
    office.queue()
    submit(office.desk)
    approve_all(office.desk)
    with office.desk.store.write() as connection:
        connection.execute(sa.text("UPDATE deliveries SET state = 'cancelled'"))
    put_back(office)
    assert states(office.desk) == "approved approved open"
    assert retry(office.desk, 1, by("boss")).state is State.AWAITING_REVIEW


def test_what_is_under_review_or_out_is_as_it_was(office: Any) -> None:
    office.queue("one", "two")
    submit(office.desk)
    submit(office.desk, "two")
    approve(office.desk, "ed", "two")
    approve_all(office.desk)
    office.run()
    put_back(office)
    assert stands(office.desk).state is ReviewState.APPROVED
    assert states(office.desk, "two") == "approved open waiting"


def test_whoever_has_edited_a_post_decides_nothing_about_it(office: Any) -> None:
    office.queue("one")
    submit(office.desk)
    office.clock.advance(minutes=1)
    office.write("one", "改过的正文。")
    queue(office.desk, by=by("boss"))
    approve(office.desk, "ed")
    approve(office.desk, "proof")
    with pytest.raises(StateError, match="boss同志是本稿作者"):
        approve(office.desk, "boss")
    record = review_record(office.desk.store, office.desk.reviews, "one")
    assert record is not None
    assert record.author == ("writer", "boss")
    approve(office.desk, "boss2")


def test_who_corrects_it_at_a_step_that_allows_that_may_decide_the_step(office: Any) -> None:
    office.queue("one")
    submit(office.desk)
    office.clock.advance(minutes=1)
    office.write("one", "改过的正文。")
    queue(office.desk, by=by("ed"))  # 一审 may edit
    approve(office.desk, "ed")
    assert states(office.desk) == "approved open waiting"
    office.clock.advance(minutes=1)
    office.write("one", "又改了。")
    queue(office.desk, by=by("proof"))  # 一校 may not, in this office
    assert states(office.desk) == "open waiting waiting"
    approve(office.desk, "ed")
    with pytest.raises(StateError, match="proof同志是本稿作者"):
        approve(office.desk, "proof")
    approve(office.desk, "all")


def test_a_new_post_belongs_to_whoever_reads_it_in(office: Any) -> None:
    office.write("one")
    queue(office.desk, by=by("ed"))
    submit(office.desk)
    with pytest.raises(StateError, match="ed同志是本稿作者"):
        approve(office.desk, "ed")


def test_names_of_files_and_processes_are_nobodys(office: Any) -> None:
    """What a resident process reads was edited by nobody that it knows."""
    office.queue("one")
    submit(office.desk)
    record = review_record(office.desk.store, office.desk.reviews, "one")
    assert record is not None
    assert record.author == ("writer",)
