"""What looking for a delivery makes of it: by its ticket, on its channel's rate, seldom and more seldom, absences believed when seen twice."""

from datetime import timedelta
from typing import Any

import pytest

from tests.support.decisions import ANNA, resolve_published
from tests.support.endings import HOUR, LOCKED_OUT, PUBLISHED, REFUSED
from xuanfa.domain.delivery import State
from xuanfa.domain.life import Policy
from xuanfa.domain.outcome import Absent, Accepted, Deferred, Unknown, Unsent
from xuanfa.domain.pacing import Limit
from xuanfa.operations.sending.publish import next_due_at
from xuanfa.store import channels


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


def test_what_waits_to_be_looked_at_on_a_removed_channel_disturbs_nobody(bench: Any) -> None:
    bench.channel("a", confirms=True).publish.append(Unknown(evidence="timeout"))
    bench.queue("one")
    bench.run()
    bench.clock.advance(minutes=2)
    gone = bench.another(channels={})
    assert bench.claim(desk=gone) == []
    assert next_due_at(gone) is None
    assert bench.get().state is State.UNKNOWN
