"""收回签发: whoever has approved a post takes that back, as far as nothing of it has left; raced against those who send."""

import multiprocessing
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from tests.support.reviewed_office import (
    POLICY,
    approve,
    approve_all,
    by,
    delegate,
    emergency,
    staff,
    stands,
    states,
    submit,
)
from tests.support.verified import troubles
from xuanfa.domain.act_outward import RecallReview
from xuanfa.domain.delivery import State
from xuanfa.domain.errors import StateError
from xuanfa.domain.outcome import Unknown, Unsent
from xuanfa.operations.deciding.door import carry_out
from xuanfa.operations.papers.facts import form_of, papers_of
from xuanfa.operations.people.rule import rule_of
from xuanfa.operations.reviewing.docket import Decided
from xuanfa.operations.sending.perform import perform
from xuanfa.operations.sending.publish import begin, turn
from xuanfa.reports.reviews import review_record
from xuanfa.store.schema import events

FORK = multiprocessing.get_context("fork")
HOUR = timedelta(hours=1)
WHY = "第三段数字不对"


@pytest.fixture
def office(bench: Any) -> Any:
    for name in ("a", "b", "c"):
        bench.channel(name)
    bench._desk = bench.another(reviews=POLICY)
    staff(bench.desk)
    return bench


def recall(office: Any, name: str = "boss", why: str = WHY, post: str = "one") -> Decided:
    return carry_out(office.desk, RecallReview(post=post), by(name, why))


def approved(office: Any, at: str = "2099-01-01 09:00") -> None:
    office.write("one", publish_at=at)
    office.queue()
    submit(office.desk)
    approve_all(office.desk)


def states_of(office: Any) -> dict[str, str]:
    return {each.channel: each.state.value for each in office.all()}


@pytest.mark.parametrize("name", ["boss", "all"])
def test_what_waits_for_its_time_awaits_the_last_step_again(office: Any, name: str) -> None:
    approved(office)
    assert set(states_of(office).values()) == {"scheduled"}
    done = recall(office, name)
    assert done.remarks == ()
    assert set(states_of(office).values()) == {"awaiting_review"}
    assert {each.reason for each in office.all()} == {WHY}
    assert states(office.desk) == "approved approved open"
    with office.desk.store.read() as connection:
        query = sa.select(events.c.after, events.c.actor, events.c.why).where(events.c.act == "recall_review")
        lines = [tuple(row) for row in connection.execute(query.where(events.c.delivery_id.is_(None)))]
    assert lines == [("recalled", name, WHY)]
    assert [words for words in troubles(office) if "账号" not in words] == []  # these accounts have no history
    approve(office.desk, "boss2")
    assert set(states_of(office).values()) == {"scheduled"}


@pytest.mark.parametrize(
    ("name", "why", "says"),
    [
        ("boss2", WHY, "本稿由boss同志签发，只有本人或管理员能收回，boss2同志不能"),
        ("writer", WHY, "只有本人或管理员能收回"),
        ("boss", " ", "要写明原因"),
        ("hired", WHY, "外包"),
    ],
)
def test_nobody_else_may_and_nobody_without_a_reason(office: Any, name: str, why: str, says: str) -> None:
    approved(office)
    with pytest.raises(StateError, match=says):
        recall(office, name, why)
    assert set(states_of(office).values()) == {"scheduled"}


def test_both_the_deputy_and_the_one_in_whose_name_it_was_may(office: Any) -> None:
    now = office.clock()
    delegate(office.desk, "boss", "deputy", now, now + 24 * HOUR)
    office.write("one", publish_at="2099-01-01 09:00")
    office.queue()
    for name in ("boss", "deputy"):
        submit(office.desk) if name == "boss" else None
        approve_all(office.desk, "one", "ed", "proof", "deputy")
        recall(office, name)
        assert set(states_of(office).values()) == {"awaiting_review"}


@pytest.mark.parametrize("before", ["nothing", "submitted", "two", "recalled"])
def test_there_has_to_be_something_to_take_back(office: Any, before: str) -> None:
    office.write("one", publish_at="2099-01-01 09:00")
    office.queue()
    if before == "nothing":
        with pytest.raises(StateError, match="还没有送审"):
            recall(office)
        return
    submit(office.desk)
    if before == "two":
        approve(office.desk, "ed")
    if before == "recalled":
        approve_all(office.desk)
        recall(office)
    with pytest.raises(StateError, match="现在没有签发"):
        recall(office)


def test_what_is_out_under_way_or_in_doubt_stays_and_is_told_with_the_way_on(office: Any) -> None:
    approved(office)
    office.put(State.PUBLISHED, 1)
    office.put(State.PUBLISHING, 2)
    done = recall(office)
    assert states_of(office) == {"a": "published", "b": "publishing", "c": "awaiting_review"}
    assert done.remarks == (
        "b 正在发，停不下来，会照常发完：发出以后要撤，请撤稿（xuanfa withdraw one --why 原因）",
        "a 已经发出，收不回：要撤，请撤稿（xuanfa withdraw one --why 原因）",
    )


def test_where_nothing_is_left_that_is_said_and_nothing_changes(office: Any) -> None:
    approved(office)
    for number, state in ((1, State.PUBLISHED), (2, State.UNKNOWN), (3, State.RETRACTED)):
        office.put(state, number)
    with pytest.raises(StateError, match=r"没有还能收回的：b 可能已经发出.+a 已经发出"):
        recall(office)
    assert states(office.desk) == "approved approved approved"


def test_what_was_under_way_and_provably_did_not_leave_waits_for_its_review(office: Any) -> None:
    office.scripts["a"].publish.append(Unsent(evidence="no connection"))
    approved(office, at="now")
    jobs = office.claim()
    assert set(states_of(office).values()) == {"publishing"}
    with pytest.raises(StateError, match="正在发"):
        recall(office)
    office.settle(*(perform(office, job) for job in jobs))
    assert states_of(office) == {"a": "scheduled", "b": "published", "c": "published"}
    recall(office)
    office.clock.advance(minutes=5)
    office.run()
    assert states_of(office)["a"] == "awaiting_review"
    assert len(office.scripts["a"].sent) == 1


def test_what_an_answer_leaves_in_doubt_is_not_pretended_to_be_back(office: Any) -> None:
    office.scripts["a"].publish.append(Unknown(evidence="silence"))
    approved(office, at="now")
    office.run()
    with pytest.raises(StateError, match="a 可能已经发出，收不回：请先核实"):
        recall(office)


def test_an_emergency_that_has_not_left_is_taken_back_too(office: Any) -> None:
    office.write("one", publish_at="2099-01-01 09:00")
    office.queue()
    emergency(office.desk, "boss")
    assert set(states_of(office).values()) == {"scheduled"}
    recall(office)
    assert set(states_of(office).values()) == {"awaiting_review"}
    assert stands(office.desk).is_let_go is False
    office.clock.advance(minutes=1)
    office.run()
    assert all(not script.sent for script in office.scripts.values())


def test_the_record_and_the_form_say_who_took_it_back_and_why(office: Any) -> None:
    approved(office)
    recall(office)
    record = review_record(office.desk.store, office.desk.reviews, "one")
    assert record is not None
    assert [each.why for each in record.voided] == [f"boss同志收回签发：{WHY}"]
    with office.desk.store.read() as connection:
        form = form_of(office.desk, papers_of(office.desk, connection, "one"))
    assert [note for note in form.notes if note.startswith("收回签发：boss同志 ") and note.endswith(WHY)]


def test_with_users_the_door_asks_who_may(office: Any) -> None:
    office._desk = office.another(reviews=POLICY, may=rule_of(office.desk.store))
    approved(office)
    with pytest.raises(StateError):
        recall(office, "nobody")
    recall(office)
    assert set(states_of(office).values()) == {"awaiting_review"}


@pytest.mark.parametrize("round_", range(3))
def test_raced_against_those_who_send_each_is_either_sent_or_back(office: Any, round_: int) -> None:
    """Two who claim and one who takes back begin together: nothing that is back was ever sent, nothing is sent that is back."""
    approved(office, at="now")
    office.clock.advance(seconds=round_)
    office.desk.store.close()
    barrier, told = FORK.Barrier(3), FORK.SimpleQueue()

    def child(number: int) -> None:
        desk = office.another(reviews=POLICY)
        barrier.wait()
        try:
            if number == 0:
                carry_out(desk, RecallReview(post="one"), by("boss", WHY))
                told.put(("recalled", ""))
            else:
                told.put(("claimed", " ".join(job.order.channel for job in turn(desk, begin(desk), [], 1 + round_))))
        except StateError as error:
            told.put(("refused", str(error)))
        except BaseException as error:
            told.put(("broken", repr(error)))
            raise

    children = [FORK.Process(target=child, args=(number,)) for number in range(3)]
    for process in children:
        process.start()
    answers = [told.get() for _ in children]
    for process in children:
        process.join(30)
    assert "broken" not in {what for what, _ in answers}, answers
    claimed = sorted(channel for what, channels in answers if what == "claimed" for channel in channels.split())
    assert len(claimed) == len(set(claimed))
    found = states_of(office)
    assert sorted(channel for channel, state in found.items() if state == "publishing") == claimed
    rest = {state for channel, state in found.items() if channel not in claimed}
    refused = [words for what, words in answers if what == "refused"]
    assert rest <= ({"scheduled"} if refused else {"awaiting_review"})
    assert all("正在发" in words for words in refused)
