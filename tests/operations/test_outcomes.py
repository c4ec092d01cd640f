"""What each ending of publishing, staging and withdrawing makes of a delivery, written to a real database."""

from datetime import timedelta
from random import Random
from typing import Any

import pytest

from tests.support.decisions import ANNA, resume, retract
from tests.support.endings import HOUR, LOCKED_OUT, PUBLISHED, REFUSED
from xuanfa.domain.attempt import backoff
from xuanfa.domain.delivery import State
from xuanfa.domain.errors import MachineError
from xuanfa.domain.life import Policy
from xuanfa.domain.outcome import (
    Absent,
    Accepted,
    Deferred,
    Retracted,
    Staged,
    Unknown,
    Unsent,
)
from xuanfa.domain.receipt import Receipt
from xuanfa.operations.sending.perform import perform
from xuanfa.operations.sending.publish import next_due_at
from xuanfa.reports.counts import Period, count
from xuanfa.store import ledger


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
        (MachineError("ca_file 读不出"), State.SCHEDULED, 0),
        (MachineError("数据库正忙", passes=True), State.SCHEDULED, 1),
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
        (MachineError("ca_file 读不出"), State.SCHEDULED, 0, 0),
        (MachineError("数据库正忙", passes=True), State.SCHEDULED, 1, 0),
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
        (MachineError("ca_file 读不出"), State.PUBLISHED),
    ],
)
def test_every_withdrawal_leads_to_its_state(bench: Any, withdrawal: Any, state: State) -> None:
    script = bench.channel(retracts=True)
    bench.queue("one")
    bench.run()
    script.retract.append(withdrawal)
    result = retract(bench.desk, 1, ANNA)
    assert (result.state, bench.get().state) == (state, state)
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
    assert retract(bench.desk, 1, ANNA).state is state
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
    assert retract(bench.desk, 1, ANNA).state is State.RETRACTED


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
