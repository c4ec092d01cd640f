"""No absence is believed while whatever was sending may still be there, and no longer than that."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from tests.support.decisions import resolve_absent
from xuanfa.domain.delivery import State
from xuanfa.domain.errors import StateError
from xuanfa.domain.outcome import Absent, Accepted, Unknown, Unsent
from xuanfa.domain.person import Person
from xuanfa.domain.process import Fate
from xuanfa.engine.drain import Drain
from xuanfa.engine.workers import Workers
from xuanfa.operations.desk import Desk
from xuanfa.operations.sending.alive import note_gone, note_own
from xuanfa.operations.sending.nodes import join
from xuanfa.operations.sending.perform import Done, perform
from xuanfa.operations.sending.publish import begin, turn
from xuanfa.operations.sending.settle import lapse
from xuanfa.operations.watching.examine import examine
from xuanfa.store.schema import attempts

ANNA = Person(name="anna", why="looked")


def given_up(bench: Any, lease: timedelta, **channel: Any) -> tuple[Desk, Any]:
    """A process has claimed and says no more; another one has given its attempt up. Its desk, and its job."""
    bench.channel(**channel)
    bench.queue("one")
    other = bench.another(node="far:4711:abc", process="the first")
    bench.alive.add("the first")
    (job,) = bench.claim(desk=other)
    bench.clock.now += lease
    lapse(bench.desk)
    assert bench.get().state is State.UNKNOWN
    return other, job


def gone_at(bench: Any) -> Any:
    with bench.desk.store.read() as connection:
        return connection.scalar(sa.select(attempts.c.gone_at))


def test_a_person_is_not_believed_while_the_process_is_there(bench: Any, lease: timedelta) -> None:
    given_up(bench, lease)
    with pytest.raises(StateError, match=r"kill 4711.*resolve 1 --absent --why"):
        resolve_absent(bench.desk, 1, ANNA)
    assert (bench.get().state, bench.history()[-1]) == (State.UNKNOWN, "refused")
    bench.alive.clear()
    assert resolve_absent(bench.desk, 1, ANNA).state is State.SCHEDULED


def test_who_is_sending_is_named_while_its_lease_lasts(bench: Any) -> None:
    bench.channel()
    bench.queue("one")
    bench.alive.add("the first")
    bench.claim(desk=bench.another(node="far:4711:abc", process="the first"))
    with pytest.raises(StateError, match="kill 4711"):
        resolve_absent(bench.desk, 1, ANNA)


def test_a_person_may_answer_for_a_machine_that_cannot_be_seen(bench: Any, lease: timedelta) -> None:
    given_up(bench, lease)
    bench.alive.clear()
    bench.unseen.add("the first")
    with pytest.raises(StateError, match=r"far.*没有心跳不算证据.*kill 4711.*--node-is-gone"):
        resolve_absent(bench.desk, 1, ANNA)
    assert resolve_absent(bench.desk, 1, ANNA, node_is_gone=True).state is State.SCHEDULED
    assert "node_gone" in bench.history()
    assert gone_at(bench) == bench.clock()


@pytest.mark.parametrize("seen", [Fate.RUNNING, Fate.STOPPED])
def test_nobody_answers_for_a_process_that_this_machine_sees(bench: Any, lease: timedelta, seen: Fate) -> None:
    given_up(bench, lease)
    desk = replace(bench.desk, fate=lambda _process: seen)
    with pytest.raises(StateError, match=r"kill 4711.*--node-is-gone.*resolve 1 --absent --why"):
        resolve_absent(desk, 1, ANNA, node_is_gone=True)
    assert (bench.get().state, bench.history()[-1], gone_at(bench)) == (State.UNKNOWN, "refused", None)


def test_an_answer_for_one_that_cannot_be_seen_says_nothing_of_one_that_can(bench: Any, lease: timedelta) -> None:
    """Two attempts of one delivery have no end: of one the person may speak, of the other one not."""
    bench.channel(replay=timedelta(hours=1))
    bench.queue("one")
    for name in ("far", "near"):
        bench.claim(desk=bench.another(node=f"{name}:47{len(name)}:abc", process=name))
        bench.clock.now += lease
        lapse(bench.desk)
        bench.clock.now = max(bench.clock.now, bench.get().ready_at)
    bench.unseen.add("far")
    bench.alive.add("near")
    bench.put(State.UNKNOWN)
    with pytest.raises(StateError, match=r"^(?!.*kill 473).*kill 474.*--node-is-gone"):
        resolve_absent(bench.desk, 1, ANNA, node_is_gone=True)
    bench.alive.clear()
    with pytest.raises(StateError, match="kill 473"):
        resolve_absent(bench.desk, 1, ANNA)
    resolve_absent(bench.desk, 1, ANNA, node_is_gone=True)
    assert "node_gone" in bench.history()


def test_what_one_machine_has_seen_another_one_believes(bench: Any, lease: timedelta) -> None:
    given_up(bench, lease)
    bench.alive.clear()
    blind = replace(bench.desk, fate=lambda _process: Fate.UNSEEN)
    note_gone(blind)
    assert gone_at(bench) is None
    note_gone(bench.desk)
    assert gone_at(bench) == bench.clock()
    assert resolve_absent(blind, 1, ANNA).state is State.SCHEDULED


def test_two_looks_are_not_believed_while_the_process_is_there(bench: Any, lease: timedelta) -> None:
    given_up(bench, lease, confirms=True)
    script = bench.scripts["a"]
    script.confirm += [Absent(evidence="not listed")] * 9
    for _ in range(4):
        bench.clock.now = bench.get().look_at
        bench.run()
    assert (bench.get().state, bench.get().absent_at, script.sent) == (State.UNKNOWN, None, [])
    assert "kill 4711" in bench.get().reason
    bench.alive.clear()
    for _ in range(2):
        bench.clock.now = bench.get().look_at
        bench.run()
    assert bench.get().state is State.PUBLISHED
    assert len(script.sent) == 1


def test_what_has_an_end_of_its_own_waits_for_nobody(bench: Any) -> None:
    """The process lives on and has nothing to do with it any more."""
    bench.channel("a").publish.append(Unknown(evidence="timeout"))
    bench.channel("b").publish.append(Accepted(ticket="t"))
    bench.alive.add(bench.desk.process)
    bench.queue("one")
    bench.run()
    for number in (1, 2):
        assert resolve_absent(bench.desk, number, ANNA).state is State.SCHEDULED


def test_an_answer_that_comes_after_all_is_the_end_of_the_attempt(bench: Any, lease: timedelta) -> None:
    _, job = given_up(bench, lease)
    bench.settle(Done(job=job, ending=Unknown(evidence="timeout")))
    assert bench.tries() == [("publish", "unknown")]
    assert bench.get().state is State.UNKNOWN
    assert resolve_absent(bench.desk, 1, ANNA).state is State.SCHEDULED


def test_what_wakes_after_its_lease_is_recorded_as_unsent_and_goes_back_to_the_queue(
    bench: Any, lease: timedelta
) -> None:
    _, job = given_up(bench, lease)
    done = perform(bench, job, bench.clock)
    assert isinstance(done.ending, Unsent)
    bench.settle(done)
    assert bench.tries() == [("publish", "unsent")]
    assert bench.get().state is State.SCHEDULED
    assert bench.scripts["a"].sent == []


def test_what_was_lost_while_it_was_prepared_may_be_tried_by_others_at_once(bench: Any, lease: timedelta) -> None:
    """Preparing shows nothing to anybody, and the publishing attempt would have been recorded first."""
    bench.channel(stages=True)
    bench.queue("one")
    other = bench.another(process="the first")
    bench.alive.add("the first")
    (job,) = bench.claim(desk=other)
    bench.clock.now += lease
    assert [change.after.state for change in lapse(bench.desk)] == [State.SCHEDULED]
    bench.clock.advance(minutes=2)
    bench.run()
    turn(other, begin(other), [perform(bench, job)], 0)
    assert bench.get().state is State.PUBLISHED
    assert len(bench.scripts["a"].sent) == 1


def test_a_process_knows_what_it_does_not_have_in_hand(bench: Any, lease: timedelta) -> None:
    """A claim of its own of which it has never heard: it lives on, and does nothing about it."""
    other, job = given_up(bench, lease)
    note_own(other, {job.mark})
    assert gone_at(bench) is None
    note_own(replace(other, process=""), ())
    assert gone_at(bench) is None
    with Workers(other.adapters, 1, other.clock) as workers:
        Drain(desk=other, workers=workers).run()
    assert gone_at(bench) == bench.clock()
    assert resolve_absent(bench.desk, 1, ANNA).state is State.SCHEDULED


def test_an_attempt_of_an_earlier_version_has_no_process_and_a_person_answers_for_it(
    bench: Any, lease: timedelta
) -> None:
    given_up(bench, lease)
    with bench.desk.store.write() as connection:
        connection.execute(attempts.update().values(process=""))
    bench.unseen.add("")
    with pytest.raises(StateError, match="kill 4711"):
        resolve_absent(bench.desk, 1, ANNA)
    assert resolve_absent(bench.desk, 1, ANNA, node_is_gone=True).state is State.SCHEDULED


def test_doctor_names_what_may_still_be_sending_and_tells_a_killed_node_from_one_that_cannot_be_seen(
    bench: Any, lease: timedelta
) -> None:
    other, _ = given_up(bench, lease)
    join(other, "worker")
    bench.clock.advance(minutes=5)
    said = " ".join(item.trouble for item in examine(bench.desk))
    assert "kill 4711" in said
    bench.alive.clear()
    said = " ".join(item.trouble for item in examine(bench.desk))
    assert "kill 4711" not in said
    assert "进程已不在" in said
