"""What each ending makes of a delivery, written to a real database."""

from datetime import timedelta
from random import Random
from typing import Any

import pytest

from xuanfa.domain.attempt import backoff
from xuanfa.domain.delivery import State
from xuanfa.domain.finding import Finding
from xuanfa.domain.life import Policy
from xuanfa.domain.outcome import (
    Absent,
    Accepted,
    Blame,
    Deferred,
    Published,
    Rejected,
    Retracted,
    Staged,
    Unknown,
    Unsent,
)
from xuanfa.domain.pacing import Limit
from xuanfa.domain.receipt import Receipt
from xuanfa.operations.decide import Person, resolve_absent, resolve_published, resume
from xuanfa.operations.perform import Done, perform
from xuanfa.operations.publish import next_due_at
from xuanfa.operations.retract import retract
from xuanfa.operations.settle import lapse
from xuanfa.reports.counts import Period, count
from xuanfa.store import channels, ledger

ANNA = Person(name="安娜", why="看过了")
HOUR = timedelta(hours=1)
PUBLISHED = Published(receipt=Receipt(remote_id="7", address="https://www.example.gov.cn/7", evidence="200"))
REFUSED = Rejected(findings=(Finding(code="x", message="内容不合规定"),), blame=Blame.CONTENT)
LOCKED_OUT = Rejected(findings=(Finding(code="x", message="密钥失效"),), blame=Blame.CHANNEL)


@pytest.mark.parametrize(
    ("outcome", "state", "tries"),
    [
        (PUBLISHED, State.PUBLISHED, 1),
        (Accepted(ticket="t", look_after=timedelta(seconds=30)), State.ACCEPTED, 1),
        (Deferred(after=HOUR, reason="429"), State.SCHEDULED, 0),
        (Unsent(evidence="refused"), State.SCHEDULED, 1),
        (REFUSED, State.REJECTED, 1),
        (LOCKED_OUT, State.SCHEDULED, 0),
        (Unknown(evidence="timeout"), State.UNKNOWN, 1),
        (RuntimeError("bug"), State.UNKNOWN, 1),
        # Impossible for publish: doubt, not success.
        (Absent(evidence="?"), State.UNKNOWN, 1),
        (Staged(memory={}), State.UNKNOWN, 1),
        (Retracted(evidence="?"), State.UNKNOWN, 1),
    ],
)
def test_every_outcome_of_publish_leads_to_its_state(bench: Any, outcome: Any, state: State, tries: int) -> None:
    bench.channel().publish.append(outcome)
    bench.queue("one")
    bench.run()
    assert (bench.get().state, bench.get().tries) == (state, tries)
    assert len(bench.scripts["a"].sent) == 1


def test_published_is_entered_in_the_ledger_with_its_receipt(bench: Any) -> None:
    bench.channel().publish.append(PUBLISHED)
    bench.queue("one")
    bench.run()
    with bench.desk.store.read() as connection:
        receipt = ledger.receipt(connection, 1)
    assert receipt == Receipt(
        remote_id="7", address="https://www.example.gov.cn/7", evidence="200", published_at=bench.clock()
    )


@pytest.mark.parametrize(
    ("staging", "state", "tries", "sent"),
    [
        (Staged(memory={"draft": "9"}), State.PUBLISHED, 1, 1),
        (Deferred(after=HOUR, reason="429"), State.SCHEDULED, 0, 0),
        (Unsent(evidence="refused"), State.SCHEDULED, 1, 0),
        (REFUSED, State.REJECTED, 1, 0),
        (LOCKED_OUT, State.SCHEDULED, 0, 0),
        (RuntimeError("bug"), State.SCHEDULED, 1, 0),
    ],
)
def test_every_outcome_of_stage_leads_to_its_state(
    bench: Any, staging: Any, state: State, tries: int, sent: int
) -> None:
    script = bench.channel(stages=True)
    script.stage.append(staging)
    bench.queue("one")
    bench.run()
    assert (bench.get().state, bench.get().tries, len(script.sent)) == (state, tries, sent)


def test_what_was_staged_is_stored_and_told_to_publish_and_to_the_next_stage(bench: Any) -> None:
    script = bench.channel(stages=True)
    script.stage.append(Staged(memory={"draft": "9"}))
    script.publish.append(Unsent(evidence="refused"))
    bench.queue("one")
    bench.run()
    assert script.sent[0].staged == {"draft": "9"}
    bench.clock.advance(minutes=1)
    bench.run()
    assert script.prepared[1].staged == {"draft": "9"}
    assert bench.tries() == [
        ("stage", "staged"),
        ("publish", "unsent"),
        ("stage", "staged"),
        ("publish", "published"),
    ]


@pytest.mark.parametrize(
    ("withdrawal", "state"),
    [
        (Retracted(evidence="gone"), State.RETRACTED),
        (Deferred(after=HOUR, reason="429"), State.PUBLISHED),
        (Unsent(evidence="refused"), State.PUBLISHED),
        (REFUSED, State.PUBLISHED),
        (Unknown(evidence="timeout"), State.RETRACTING),
        (RuntimeError("bug"), State.RETRACTING),
    ],
)
def test_every_withdrawal_leads_to_its_state(bench: Any, withdrawal: Any, state: State) -> None:
    script = bench.channel(retracts=True)
    bench.queue("one")
    bench.run()
    script.retract.append(withdrawal)
    result = retract(bench.desk, 1, ANNA)
    assert (result.delivery.state, bench.get().state) == (state, state)
    assert script.withdrawn[0][1].remote_id


@pytest.mark.parametrize(
    ("withdrawal", "state"),
    [
        (Retracted(evidence="the draft is deleted"), State.RETRACTED),
        (Deferred(after=HOUR, reason="429"), State.ACCEPTED),
        (Unsent(evidence="under review"), State.ACCEPTED),
        (REFUSED, State.ACCEPTED),
        (Unknown(evidence="timeout"), State.RETRACTING),
    ],
)
def test_what_was_only_handed_over_is_withdrawn_by_its_ticket_and_never_counted(
    bench: Any, withdrawal: Any, state: State
) -> None:
    script = bench.channel(retracts=True, confirms=True)
    script.publish.append(Accepted(ticket="draft:0:7", look_after=HOUR))
    bench.queue("one")
    bench.run()
    assert bench.get().state is State.ACCEPTED
    script.retract.append(withdrawal)
    assert retract(bench.desk, 1, ANNA).delivery.state is state
    assert script.withdrawn[0][1] == Receipt(remote_id="draft:0:7")
    assert (bench.get().look_at is None) is (state is State.RETRACTED)
    counted = count(bench.desk.store, Period(zone=bench.desk.zone))
    assert (counted.items, counted.retracted) == (0, 0)


def test_a_withdrawal_in_doubt_may_be_asked_for_again(bench: Any) -> None:
    script = bench.channel(retracts=True)
    bench.queue("one")
    bench.run()
    script.retract += [Unknown(evidence="timeout"), Retracted(evidence="gone")]
    retract(bench.desk, 1, ANNA)
    assert retract(bench.desk, 1, ANNA).delivery.state is State.RETRACTED


def test_a_look_is_counted_on_the_channels_rate_and_never_waits_for_it(bench: Any) -> None:
    script = bench.channel(confirms=True, limits=(Limit(2, timedelta(days=1)),))
    script.publish.append(Unknown(evidence="timeout"))
    script.confirm += [Unknown(evidence="not listed"), Unknown(evidence="not listed"), PUBLISHED]
    bench.queue("one")
    bench.run()
    for _ in range(3):
        bench.clock.advance(hours=1)
        bench.run()
    assert len(script.looked) == 3
    assert bench.get().state is State.PUBLISHED
    with bench.desk.store.read() as connection:
        assert len(channels.spent(connection, bench.get().channel, bench.clock() - timedelta(days=1))) == 4
    bench.queue("two")
    bench.run()
    assert len(script.sent) == 1
    bench.clock.advance(days=1)
    bench.run()
    assert len(script.sent) == 2


@pytest.mark.parametrize(
    ("evidence", "state"),
    [
        (PUBLISHED, State.PUBLISHED),
        (Accepted(ticket="u", look_after=HOUR), State.ACCEPTED),
        (Absent(evidence="not listed"), State.UNKNOWN),
        (REFUSED, State.REJECTED),
        (LOCKED_OUT, State.UNKNOWN),
        (Unknown(evidence="timeout"), State.UNKNOWN),
        (RuntimeError("bug"), State.UNKNOWN),
        # Impossible for confirm: says nothing.
        (Unsent(evidence="?"), State.UNKNOWN),
        (Deferred(after=HOUR, reason="429"), State.UNKNOWN),
    ],
)
def test_every_evidence_of_a_look_leads_to_its_state(bench: Any, evidence: Any, state: State) -> None:
    script = bench.channel(confirms=True)
    script.publish.append(Unknown(evidence="timeout"))
    script.confirm.append(evidence)
    bench.queue("one")
    bench.run()
    assert bench.get().state is State.UNKNOWN
    bench.clock.advance(seconds=61)
    bench.run()
    assert bench.get().state is state
    assert len(script.looked) == 1
    assert len(script.sent) == 1


def test_accepted_is_looked_at_with_its_ticket_until_it_is_published(bench: Any) -> None:
    script = bench.channel(confirms=True)
    script.publish.append(Accepted(ticket="t1", look_after=timedelta(seconds=30)))
    script.confirm += [Accepted(ticket="", look_after=timedelta(seconds=30)), PUBLISHED]
    bench.queue("one")
    bench.run()
    bench.clock.advance(seconds=29)
    bench.run()
    assert script.looked == []
    bench.clock.advance(seconds=1)
    bench.run()
    bench.clock.advance(seconds=30)
    bench.run()
    assert [ticket for _, ticket in script.looked] == ["t1", "t1"]
    assert bench.get().state is State.PUBLISHED


def test_accepted_without_a_time_to_look_waits_for_a_person(bench: Any) -> None:
    script = bench.channel()
    script.publish.append(Accepted(evidence="请人工完成最后一步"))
    bench.queue("one")
    bench.run()
    assert next_due_at(bench.desk) is None
    resolve_published(bench.desk, 1, "https://www.example.gov.cn/7", ANNA)
    assert bench.get().state is State.PUBLISHED


def test_a_deferral_is_obeyed_for_the_whole_channel_and_is_no_try(bench: Any) -> None:
    script = bench.channel()
    script.publish.append(Deferred(after=HOUR, reason="429"))
    bench.queue("one")
    bench.run()
    bench.queue("two")
    bench.clock.advance(minutes=59)
    bench.run()
    assert len(script.sent) == 1
    assert next_due_at(bench.desk) == bench.clock() + timedelta(minutes=1)
    bench.clock.advance(minutes=1)
    bench.run()
    assert [delivery.state for delivery in bench.all()] == [State.PUBLISHED] * 2
    assert bench.get().tries == 1


def test_a_shorter_deferral_does_not_cut_a_longer_one_short(bench: Any) -> None:
    script = bench.channel()
    script.publish += [Deferred(after=HOUR, reason="quota"), Deferred(after=timedelta(seconds=60), reason="429")]
    bench.queue("one", "two")
    bench.run()
    assert bench.standing()[1] == bench.clock() + HOUR


def test_waiting_for_a_channel_makes_nothing_late(bench: Any) -> None:
    script = bench.channel()
    script.publish.append(Deferred(after=timedelta(hours=3), reason="quota of the day"))
    bench.queue("one", "two")
    (job,) = bench.claim(places=1)
    bench.settle(perform(bench, job))
    bench.run()
    assert len(script.sent) == 1
    bench.clock.advance(hours=3)
    bench.run()
    assert [delivery.state for delivery in bench.all()] == [State.PUBLISHED] * 2


def test_unsent_is_tried_again_with_growing_capped_and_jittered_waits_and_then_fails(bench: Any) -> None:
    bench.policy = Policy(max_tries=6)
    script = bench.channel()
    script.publish += [Unsent(evidence="refused")] * 6
    bench.queue("one")
    waits = []
    for _ in range(6):
        bench.run()
        waits.append((bench.get().ready_at - bench.clock()).total_seconds())
        bench.clock.now = max(bench.get().ready_at, bench.clock())
    assert bench.get().state is State.FAILED
    assert bench.get().tries == len(script.sent) == 6
    for wait, middle in zip(waits, (30, 120, 600, 1800, 1800), strict=False):
        assert middle * 0.75 <= wait <= middle * 1.25
        assert wait != middle


def test_backoff_spreads_those_that_failed_together() -> None:
    chance = Random(1)  # noqa: S311 - for waits
    waits = {backoff(1, chance) for _ in range(100)}
    assert len(waits) > 90


def test_a_channel_to_blame_is_paused_and_the_other_channel_goes_on(bench: Any) -> None:
    script, other = bench.channel("a"), bench.channel("b")
    script.publish.append(LOCKED_OUT)
    bench.queue("one")
    bench.run()
    bench.queue("two", "three")
    bench.run()
    assert bench.standing() == (True, None)
    assert len(script.sent) == 1
    assert len(other.sent) == 3
    resume(bench.desk, "a", ANNA)
    bench.run()
    assert len(script.sent) == 4
    assert all(delivery.state is State.PUBLISHED for delivery in bench.all())


def test_an_absence_is_believed_when_seen_twice_two_minutes_apart(bench: Any) -> None:
    script = bench.channel(confirms=True)
    script.publish.append(Unknown(evidence="timeout"))
    script.confirm += [Absent(evidence="not listed")] * 2
    bench.queue("one")
    bench.run()
    bench.clock.advance(seconds=60)
    bench.run()
    bench.clock.advance(seconds=119)
    bench.run()
    assert (bench.get().state, len(script.looked)) == (State.UNKNOWN, 1)
    bench.clock.advance(seconds=1)
    bench.run()
    assert bench.get().state is State.PUBLISHED
    assert [order.key for order in script.sent] == [bench.get().key] * 2


def test_an_absence_seen_twice_too_close_together_is_seen_a_third_time(bench: Any) -> None:
    script = bench.channel(confirms=True)
    script.publish.append(Unknown(evidence="timeout"))
    script.confirm += [Absent(evidence="not listed")] * 2
    bench.queue("one")
    bench.run()
    bench.put(State.UNKNOWN, absent_at=bench.clock(), look_at=bench.clock() + timedelta(seconds=30))
    bench.clock.advance(seconds=30)
    bench.run()
    assert (bench.get().state, len(script.sent)) == (State.UNKNOWN, 1)


def test_proved_absences_do_not_send_for_ever(bench: Any) -> None:
    bench.policy = Policy(max_tries=3)
    script = bench.channel(confirms=True)
    script.publish += [Unknown(evidence="timeout")] * 10
    script.confirm += [Absent(evidence="not listed")] * 20
    bench.queue("one")
    for _ in range(30):
        bench.run()
        bench.clock.advance(minutes=2)
    assert (bench.get().state, len(script.sent)) == (State.FAILED, 3)


def test_looks_become_rarer_and_end_with_a_person(bench: Any) -> None:
    script = bench.channel(confirms=True)
    script.publish.append(Unknown(evidence="timeout"))
    bench.queue("one")
    bench.run()
    began, gaps = bench.clock(), []
    while bench.get().look_at is not None:
        gaps.append((bench.get().look_at - bench.clock()).total_seconds())
        bench.clock.now = bench.get().look_at
        bench.run()
        assert len(gaps) < 100
    assert gaps == sorted(gaps)
    assert gaps[-1] == 3600
    assert bench.clock() - began > timedelta(days=1)
    assert (bench.get().state, next_due_at(bench.desk)) == (State.UNKNOWN, None)
    assert "人工" in bench.get().reason


def test_an_accepted_one_that_never_finishes_ends_with_a_person(bench: Any) -> None:
    script = bench.channel(confirms=True)
    script.publish.append(Accepted(ticket="t", look_after=HOUR))
    script.confirm += [Accepted(look_after=HOUR)] * 100
    bench.queue("one")
    for _ in range(60):
        bench.run()
        bench.clock.advance(hours=1)
    assert (bench.get().state, len(script.looked)) == (State.UNKNOWN, 40)


def test_a_lapsed_lease_is_doubt_and_never_the_queue(bench: Any, lease: timedelta) -> None:
    bench.channel()
    bench.queue("one")
    bench.claim()
    assert lapse(bench.desk) == []
    bench.clock.now += lease
    assert [change.after.state for change in lapse(bench.desk)] == [State.UNKNOWN]
    bench.run()
    assert bench.tries() == [("publish", "lost")]
    assert next_due_at(bench.desk) is None


def test_a_lease_that_lapses_while_staging_goes_back_to_the_queue_and_counts(bench: Any, lease: timedelta) -> None:
    bench.channel(stages=True)
    bench.queue("one")
    bench.claim()
    bench.clock.now += lease
    assert [change.after.state for change in lapse(bench.desk)] == [State.SCHEDULED]
    assert bench.get().tries == 1


def test_what_was_sent_to_a_channel_that_has_been_removed_still_lapses(bench: Any, lease: timedelta) -> None:
    bench.channel("a")
    bench.channel("b")
    bench.queue("one")
    bench.claim()
    bench.clock.now += lease
    gone = bench.another(channels={"b": bench.channels["b"]})
    lapse(gone)
    assert [delivery.state for delivery in bench.all()] == [State.UNKNOWN] * 2


def test_what_waits_to_be_looked_at_on_a_removed_channel_disturbs_nobody(bench: Any) -> None:
    bench.channel("a", confirms=True).publish.append(Unknown(evidence="timeout"))
    bench.queue("one")
    bench.run()
    bench.clock.advance(minutes=2)
    gone = bench.another(channels={})
    assert bench.claim(desk=gone) == []
    assert next_due_at(gone) is None
    assert bench.get().state is State.UNKNOWN


def test_a_late_publication_settles_a_doubt(bench: Any, lease: timedelta) -> None:
    bench.channel()
    bench.queue("one")
    (job,) = bench.claim()
    bench.clock.now += lease
    lapse(bench.desk)
    bench.settle(perform(bench, job))
    assert bench.get().state is State.PUBLISHED


@pytest.mark.parametrize(
    ("ending", "state"),
    [
        (Accepted(ticket="t9", look_after=HOUR), State.ACCEPTED),
        (REFUSED, State.REJECTED),
        (Unsent(evidence="refused"), State.SCHEDULED),
        (Deferred(after=HOUR, reason="429"), State.SCHEDULED),
        (Unknown(evidence="timeout"), State.UNKNOWN),
        (LOCKED_OUT, State.SCHEDULED),
    ],
)
def test_a_late_answer_that_proves_something_settles_a_doubt(
    bench: Any, lease: timedelta, ending: Any, state: State
) -> None:
    bench.channel().publish.append(ending)
    bench.queue("one")
    (job,) = bench.claim()
    bench.clock.now += lease
    lapse(bench.desk)
    bench.settle(perform(bench, job))
    assert bench.get().state is state


def test_a_late_answer_is_only_noted_when_a_person_has_decided(bench: Any, lease: timedelta) -> None:
    bench.channel()
    bench.queue("one", "two")
    first, second = bench.claim()
    bench.clock.now += lease
    lapse(bench.desk)
    resolve_published(bench.desk, 1, "https://www.example.gov.cn/by-hand", ANNA)
    resolve_absent(bench.desk, 2, ANNA)
    bench.settle(perform(bench, first), Done(job=second, ending=Unsent(evidence="refused")))
    assert [delivery.state for delivery in bench.all()] == [State.PUBLISHED, State.SCHEDULED]
    assert bench.history(1)[-2:] == ["late_answer", "second_proof"], "it was seen at another address"
    assert bench.history(2)[-1] == "late_answer"
    with bench.desk.store.read() as connection:
        assert ledger.receipt(connection, 1).address.endswith("by-hand")


@pytest.mark.parametrize("confirms", [False, True])
@pytest.mark.parametrize("ending", [PUBLISHED, Accepted(ticket="t9", look_after=HOUR)])
def test_what_was_called_absent_is_not_sent_again_when_a_late_answer_says_that_it_is_there(
    bench: Any, lease: timedelta, ending: Any, confirms: bool
) -> None:
    script = bench.channel(confirms=confirms)
    script.publish.append(ending)
    script.confirm.append(PUBLISHED)
    bench.queue("one")
    (job,) = bench.claim()
    bench.clock.now += lease
    lapse(bench.desk)
    resolve_absent(bench.desk, 1, ANNA)
    bench.settle(perform(bench, job))
    assert bench.get().state is State.UNKNOWN
    assert bench.history()[-2:] == ["late_answer", "unknown"]
    bench.run()
    assert bench.get().state is (State.PUBLISHED if confirms else State.UNKNOWN)
    assert len(script.sent) == 1
    with bench.desk.store.read() as connection:
        assert (ledger.receipt(connection, 1) is not None) is confirms


def test_an_answer_of_an_earlier_attempt_changes_nothing(bench: Any, lease: timedelta) -> None:
    script = bench.channel()
    bench.queue("one")
    (old,) = bench.claim()
    bench.clock.now += lease
    lapse(bench.desk)
    resolve_absent(bench.desk, 1, ANNA)
    bench.claim()
    bench.settle(perform(bench, old))
    assert bench.get().state is State.PUBLISHING
    assert script.sent[0].attempt == 1


def test_a_late_answer_and_a_look_that_come_together_are_entered_once(bench: Any, lease: timedelta) -> None:
    script = bench.channel(confirms=True)
    bench.queue("one")
    (job,) = bench.claim()
    bench.clock.now += lease
    lapse(bench.desk)
    bench.clock.advance(seconds=60)
    (look,) = bench.claim()
    script.publish.append(PUBLISHED)
    script.confirm.append(PUBLISHED)
    bench.settle(perform(bench, job), perform(bench, look))
    assert bench.get().state is State.PUBLISHED
    assert sorted(bench.history()) == ["late_answer", "published", "scheduled", "unknown"]


def test_a_machine_that_slept_between_claim_and_request_sends_nothing(bench: Any) -> None:
    """Its lease has ended, so another process may have given the attempt up: the request must not leave any more."""
    script = bench.channel()
    bench.queue("one")
    (job,) = bench.claim(places=1)
    bench.clock.advance(seconds=bench.desk.lease.total_seconds())
    done = perform(bench, job, bench.clock)
    assert isinstance(done.ending, Unsent)
    assert not script.sent
