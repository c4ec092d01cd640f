"""A channel that honours our key: the same request may be repeated within its window, and nothing else."""

from datetime import timedelta
from typing import Any

import pytest

from tests.support.decisions import cancel, reschedule, resolve_absent
from xuanfa.domain.delivery import State
from xuanfa.domain.errors import StateError
from xuanfa.domain.finding import Finding
from xuanfa.domain.life import Policy
from xuanfa.domain.outcome import Blame, Deferred, Rejected, Unknown, Unsent
from xuanfa.domain.person import Person
from xuanfa.operations.sending.perform import perform
from xuanfa.operations.sending.settle import lapse

ANNA = Person(name="安娜", why="看过了")
HOUR = timedelta(hours=1)
TIMEOUT = Unknown(evidence="timeout")
EXISTS = Rejected(findings=(Finding(code="http.409", message="已存在"),), blame=Blame.CONTENT)


def in_doubt(bench: Any, *then: Any, replay: timedelta = HOUR, **known: Any) -> Any:
    """A delivery whose first request timed out, and that waits to be repeated."""
    script = bench.channel(replay=replay, **known)
    script.publish += [TIMEOUT, *then]
    bench.queue("one")
    bench.run()
    assert bench.get().may_be_public
    return script


def test_after_a_doubt_the_same_key_is_sent_again(bench: Any) -> None:
    script = in_doubt(bench)
    bench.clock.advance(minutes=1)
    bench.run()
    assert bench.get().state is State.PUBLISHED
    assert script.sent[0].key == script.sent[1].key


def test_after_a_crash_the_same_key_is_sent_again(bench: Any, lease: timedelta) -> None:
    script = bench.channel(replay=HOUR)
    bench.queue("one")
    bench.claim()
    bench.clock.now += lease
    lapse(bench.desk)
    bench.clock.advance(minutes=1)
    bench.run()
    assert (bench.get().state, len(script.sent)) == (State.PUBLISHED, 1)


def test_repeating_ends_when_the_tries_are_used_up(bench: Any) -> None:
    bench.policy = Policy(max_tries=3)
    script = in_doubt(bench, TIMEOUT, TIMEOUT, TIMEOUT)
    for _ in range(6):
        bench.clock.advance(minutes=10)
        bench.run()
    assert (bench.get().state, len(script.sent)) == (State.UNKNOWN, 3)


def test_repeating_ends_with_the_window(bench: Any) -> None:
    bench.policy = Policy(max_tries=50)
    script = in_doubt(bench, *[TIMEOUT] * 50)
    for _ in range(120):
        bench.clock.advance(minutes=1)
        bench.run()
    assert bench.get().state is State.UNKNOWN
    assert script.sent[-1].started_at - script.sent[0].started_at < HOUR


def test_what_comes_back_after_the_window_is_not_sent_again(bench: Any) -> None:
    script = in_doubt(bench, replay=timedelta(minutes=1), confirms=True)
    bench.clock.advance(minutes=1)
    bench.run()
    assert (bench.get().state, len(script.sent)) == (State.UNKNOWN, 1)
    assert bench.get().look_at is not None


def test_a_doubt_that_has_become_late_is_unknown_and_not_held(bench: Any) -> None:
    script = in_doubt(bench, replay=timedelta(days=3))
    bench.clock.advance(hours=5)
    bench.run()
    assert (bench.get().state, len(script.sent)) == (State.UNKNOWN, 1)


def test_a_doubt_that_has_expired_is_unknown_and_not_cancelled(bench: Any) -> None:
    bench.channel(replay=HOUR).publish.append(TIMEOUT)
    bench.write("one", expires_at="2026-03-02 09:10")
    bench.queue()
    bench.run()
    bench.clock.advance(minutes=11)
    bench.run()
    assert bench.get().state is State.UNKNOWN


def test_a_channel_that_no_longer_honours_keys_is_not_sent_to_again(bench: Any) -> None:
    script = in_doubt(bench)
    bench.channels["a"] = type(bench.channels["a"])(id="a", kind="scripted", title="a", budget="a")
    bench.clock.advance(minutes=1)
    bench.run()
    assert (bench.get().state, len(script.sent)) == (State.UNKNOWN, 1)


def test_a_repetition_that_is_refused_leaves_the_first_request_in_doubt(bench: Any) -> None:
    script = in_doubt(bench, EXISTS)
    bench.clock.advance(minutes=1)
    bench.run()
    assert (bench.get().state, len(script.sent)) == (State.UNKNOWN, 2)


def test_repetitions_that_never_leave_do_not_prove_that_the_first_one_did_not(bench: Any) -> None:
    bench.policy = Policy(max_tries=3)
    in_doubt(bench, *[Unsent(evidence="refused")] * 5)
    for _ in range(5):
        bench.clock.advance(minutes=10)
        bench.run()
    assert bench.get().state is State.UNKNOWN


def test_a_deferral_keeps_the_doubt(bench: Any) -> None:
    in_doubt(bench, Deferred(after=timedelta(minutes=5), reason="429"))
    bench.clock.advance(minutes=1)
    bench.run()
    assert bench.get().may_be_public
    bench.clock.advance(minutes=5)
    bench.run()
    assert bench.get().state is State.PUBLISHED


def test_requests_that_provably_did_nothing_leave_no_doubt(bench: Any) -> None:
    bench.channel(replay=HOUR).publish += [Unsent(evidence="refused"), Deferred(after=HOUR, reason="429")]
    bench.queue("one")
    bench.run()
    assert not bench.get().may_be_public
    bench.clock.advance(minutes=1)
    bench.run()
    assert not bench.get().may_be_public


def test_a_late_proof_about_the_repetition_says_nothing_of_the_first_request(bench: Any, lease: timedelta) -> None:
    bench.policy = Policy(max_tries=2)
    in_doubt(bench, Unsent(evidence="refused"))
    bench.clock.advance(minutes=1)
    (again,) = bench.claim()
    bench.clock.now += lease
    lapse(bench.desk)
    assert bench.get().state is State.UNKNOWN
    bench.settle(perform(bench, again))
    assert bench.get().state is State.UNKNOWN


def test_a_changed_file_does_not_reach_a_delivery_in_doubt(bench: Any) -> None:
    script = in_doubt(bench)
    bench.write("one", "另一段正文。")
    report = bench.queue()
    assert any("没有送到" in notice for notice in report.notices)
    bench.clock.advance(minutes=1)
    bench.run()
    assert len({order.key for order in script.sent}) == 1
    assert script.sent[1].rendition.body == script.sent[0].rendition.body


def test_cancelling_a_repetition_leaves_the_doubt(bench: Any) -> None:
    script = in_doubt(bench)
    assert cancel(bench.desk, 1, ANNA).state is State.UNKNOWN
    bench.clock.advance(minutes=1)
    bench.run()
    assert len(script.sent) == 1
    resolve_absent(bench.desk, 1, ANNA)
    assert not bench.get().may_be_public
    assert cancel(bench.desk, 1, ANNA).state is State.CANCELLED


def test_a_repetition_cannot_be_moved_to_another_time(bench: Any) -> None:
    in_doubt(bench)
    with pytest.raises(StateError, match="resolve"):
        reschedule(bench.desk, 1, bench.clock() + HOUR, ANNA)
