"""Leases that lapse, and answers that come after them: what is doubt, what settles it, and what is only noted."""

from datetime import timedelta
from typing import Any

import pytest

from tests.support.decisions import ANNA, resolve_absent, resolve_published
from tests.support.endings import HOUR, LOCKED_OUT, PUBLISHED, REFUSED
from xuanfa.domain.delivery import State
from xuanfa.domain.outcome import Accepted, Deferred, Unknown, Unsent
from xuanfa.operations.sending.perform import Done, perform
from xuanfa.operations.sending.publish import next_due_at
from xuanfa.operations.sending.settle import lapse
from xuanfa.store import ledger


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
    assert sorted(bench.history()) == ["gone", "late_answer", "published", "scheduled", "unknown"]


def test_a_machine_that_slept_between_claim_and_request_sends_nothing(bench: Any) -> None:
    """Its lease has ended, so another process may have given the attempt up: the request must not leave any more."""
    script = bench.channel()
    bench.queue("one")
    (job,) = bench.claim(places=1)
    bench.clock.advance(seconds=bench.desk.lease.total_seconds())
    done = perform(bench, job, bench.clock)
    assert isinstance(done.ending, Unsent)
    assert not script.sent
