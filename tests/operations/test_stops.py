"""Stopping: the pause of everything, silent periods, and a slow channel that does not take every place."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.support.decisions import pause, release, reschedule, resume
from xuanfa.domain.channel import EVERYTHING
from xuanfa.domain.delivery import State
from xuanfa.domain.outcome import Staged, Unknown, Unsent
from xuanfa.domain.pacing import Limit
from xuanfa.domain.person import Person
from xuanfa.domain.silence import Silence
from xuanfa.operations.sending.perform import Done, perform
from xuanfa.operations.sending.publish import begin, next_due_at, turn
from xuanfa.operations.watching.examine import examine

ANNA = Person(name="安娜", why="舆情")
DAY = timedelta(days=1)


def mourning(bench: Any, **changes: Any) -> Silence:
    """The clock's own day, from an hour ago."""
    begins = bench.clock() - timedelta(hours=1)
    return Silence(**{"begins": begins, "ends": begins + DAY, "reason": "国家公祭日"} | changes)


def silent(bench: Any, **changes: Any) -> None:
    bench._desk = replace(bench.desk, silences=(mourning(bench, **changes),))


def test_a_pause_of_everything_sends_nothing_anywhere_until_it_ends(bench: Any) -> None:
    for name in "ab":
        bench.channel(name)
    bench.queue("one")
    pause(bench.desk, EVERYTHING, ANNA)
    bench.run()
    assert {delivery.state for delivery in bench.all()} == {State.SCHEDULED}
    assert next_due_at(bench.desk) is None
    resume(bench.desk, EVERYTHING, ANNA)
    bench.run()
    assert {delivery.state for delivery in bench.all()} == {State.PUBLISHED}


def test_the_end_of_the_pause_of_everything_does_not_resume_a_channel_that_was_paused_by_itself(bench: Any) -> None:
    for name in "ab":
        bench.channel(name)
    bench.queue("one")
    pause(bench.desk, "a", ANNA)
    pause(bench.desk, EVERYTHING, ANNA)
    resume(bench.desk, EVERYTHING, ANNA)
    bench.run()
    assert [delivery.state for delivery in bench.all()] == [State.SCHEDULED, State.PUBLISHED]


def test_a_pass_under_way_stops_claiming_within_half_a_second(bench: Any) -> None:
    bench.channel()
    bench.queue("one", "two", "three")
    run = begin(bench.desk)
    assert len(turn(bench.desk, run, [], 1)) == 1
    pause(bench.another(), EVERYTHING, ANNA)
    bench.clock.advance(seconds=0.6)
    assert turn(bench.desk, run, [], 10) == []


@pytest.mark.parametrize("name", ["a", EVERYTHING])
def test_what_was_being_prepared_goes_back_to_the_queue_and_keeps_what_was_prepared(bench: Any, name: str) -> None:
    script = bench.channel(stages=True)
    bench.queue("one")
    (job,) = bench.claim()
    pause(bench.another(), name, ANNA)
    bench.settle(Done(job=job, ending=Staged(memory={"draft": "9"})))
    assert (bench.get().state, bench.get().staged, bench.get().first_sent_at) == (State.SCHEDULED, {"draft": "9"}, None)
    assert script.sent == []
    assert bench.tries() == [("stage", "staged")]
    resume(bench.desk, name, ANNA)
    bench.run()
    assert script.prepared[0].staged == {"draft": "9"}
    assert bench.get().state is State.PUBLISHED


def test_looking_goes_on_while_everything_is_paused(bench: Any) -> None:
    script = bench.channel(confirms=True)
    script.publish.append(Unknown(evidence="timeout"))
    bench.queue("one")
    bench.run()
    pause(bench.desk, EVERYTHING, ANNA)
    bench.clock.advance(minutes=2)
    (job,) = bench.claim()
    assert job.action == "confirm"


def test_the_stop_is_what_doctor_says_first_of_the_channels(bench: Any) -> None:
    bench.channel()
    pause(bench.desk, EVERYTHING, ANNA)
    (found,) = [item for item in examine(bench.desk) if item.what == "发送"]
    assert "xuanfa resume" in found.trouble
    assert "舆情" in found.trouble


def test_what_is_due_in_a_silent_period_is_held_with_its_reason(bench: Any) -> None:
    bench.channel()
    bench.queue("one")
    silent(bench)
    bench.run()
    assert bench.get().state is State.HELD
    assert "国家公祭日" in bench.get().reason
    assert "2026-03-02 08:00" in bench.get().reason


def test_nothing_of_it_is_sent_when_the_period_is_over(bench: Any) -> None:
    bench.channel()
    bench.queue("one")
    silent(bench)
    bench.run()
    bench.clock.advance(days=2)
    bench.run()
    assert bench.get().state is State.HELD


def test_what_was_due_in_it_is_held_even_where_nothing_ran_until_it_was_over(bench: Any) -> None:
    bench.channel()
    bench.queue("one")
    silent(bench, ends=bench.clock() + timedelta(minutes=1))
    bench.clock.advance(minutes=5)
    bench.run()
    assert bench.get().state is State.HELD


def test_a_person_may_release_it_while_the_period_lasts(bench: Any) -> None:
    bench.channel().publish.append(Unsent(evidence="refused"))
    bench.queue("one")
    silent(bench)
    bench.run()
    bench.clock.advance(minutes=5)
    release(bench.desk, 1, ANNA)
    bench.run()
    bench.clock.advance(minutes=5)
    bench.run()
    assert bench.get().state is State.PUBLISHED, "and the second try needs no second release"


def test_one_that_was_released_before_the_period_is_held_in_it(bench: Any) -> None:
    bench.channel()
    bench.queue("one")
    bench.put(State.HELD)
    release(bench.desk, 1, ANNA)
    bench.clock.advance(minutes=5)
    silent(bench, begins=bench.clock())
    bench.run()
    assert bench.get().state is State.HELD


def test_one_that_was_moved_to_another_time_in_the_period_is_held_again(bench: Any) -> None:
    bench.channel()
    bench.queue("one")
    silent(bench)
    bench.run()
    reschedule(bench.desk, 1, bench.clock() + timedelta(hours=1), ANNA)
    bench.clock.advance(hours=1)
    bench.run()
    assert bench.get().state is State.HELD


def test_one_that_was_moved_out_of_the_period_is_published_then(bench: Any) -> None:
    bench.channel()
    bench.queue("one")
    silent(bench)
    bench.run()
    reschedule(bench.desk, 1, bench.clock() + DAY, ANNA)
    bench.clock.advance(days=1)
    bench.run()
    assert bench.get().state is State.PUBLISHED


@pytest.mark.parametrize(
    ("names", "states"),
    [
        ({"channels": frozenset("a")}, [State.HELD, State.PUBLISHED]),
        ({"columns": frozenset({"action"})}, [State.HELD, State.HELD]),
        ({"columns": frozenset({"other"})}, [State.PUBLISHED, State.PUBLISHED]),
        ({"channels": frozenset("b"), "columns": frozenset({"other"})}, [State.PUBLISHED, State.PUBLISHED]),
    ],
)
def test_a_period_concerns_the_channels_and_columns_it_names(bench: Any, names: Any, states: list[State]) -> None:
    for name in "ab":
        bench.channel(name)
    bench.queue("one")
    silent(bench, **names)
    bench.run()
    assert [delivery.state for delivery in bench.all()] == states


def test_a_repetition_is_not_made_in_a_silent_period_and_its_doubt_stays(bench: Any) -> None:
    script = bench.channel(replay=DAY)
    script.publish.append(Unknown(evidence="timeout"))
    bench.queue("one")
    bench.run()
    assert bench.get().may_be_public
    silent(bench)
    bench.clock.advance(minutes=5)
    bench.run()
    assert (bench.get().state, len(script.sent)) == (State.UNKNOWN, 1)


def test_what_is_prepared_when_a_period_begins_is_not_sent(bench: Any) -> None:
    script = bench.channel(stages=True)
    bench.queue("one")
    (job,) = bench.claim()
    silent(bench)
    bench.settle(Done(job=job, ending=Staged(memory={"draft": "9"})))
    bench.run()
    assert (bench.get().state, script.sent) == (State.HELD, [])


def test_the_hours_of_a_silence_are_those_of_its_zone_to_the_minute() -> None:
    begins = datetime(2026, 12, 12, 16, 0, tzinfo=UTC)
    silence = Silence(begins=begins, ends=begins + DAY, reason="x")
    assert [
        silence.holds(begins + each) for each in (-timedelta.resolution, timedelta(0), DAY, DAY - timedelta.resolution)
    ] == [
        False,
        True,
        False,
        True,
    ]


def test_doctor_tells_of_silent_periods_that_are_not_over(bench: Any) -> None:
    bench.channel()
    now = bench.clock()
    periods = [
        mourning(bench, begins=now - 2 * DAY, ends=now - DAY, reason="过去"),
        mourning(bench, reason="现在"),
        mourning(bench, begins=now + DAY, ends=now + 2 * DAY, reason="以后"),
    ]
    found = [item for item in examine(bench.another(silences=tuple(periods))) if "静默期" in item.what]
    assert [(item.what[-2:], bool(item.trouble), item.fatal) for item in found] == [
        ("现在", True, False),
        ("以后", False, False),
    ]


def places(jobs: Any) -> Counter[str]:
    return Counter(job.order.channel for job in jobs)


def test_a_channel_has_at_most_three_quarters_of_the_places_while_another_one_has_something(bench: Any) -> None:
    for name in "ab":
        bench.channel(name)
    bench.queue(*(f"p{number}" for number in range(30)))
    run = begin(bench.desk)
    assert places(turn(bench.desk, run, [], 20)) == {"a": 15, "b": 5}


def test_one_that_does_not_answer_leaves_the_others_their_places(bench: Any) -> None:
    for name in "ab":
        bench.channel(name)
    bench.queue(*(f"p{number}" for number in range(60)))
    run = begin(bench.desk)
    under_way = turn(bench.desk, run, [], 20)
    for _ in range(10):  # only b answers
        done = [perform(bench, job) for job in under_way if job.order.channel == "b"]
        under_way = [job for job in under_way if job.order.channel == "a"]
        under_way += turn(bench.desk, run, done, 20 - len(under_way))
        assert places(under_way)["a"] == 15
        assert len(under_way) == 20
    assert sum(delivery.state is State.PUBLISHED for delivery in bench.all()) == 50


def test_a_channel_alone_has_every_place(bench: Any) -> None:
    bench.channel()
    bench.queue(*(f"p{number}" for number in range(30)))
    assert places(bench.claim(20)) == {"a": 20}


def test_a_single_place_is_shared_in_turns(bench: Any) -> None:
    for name in "ab":
        bench.channel(name)
    bench.queue("one", "two")
    run, seen, done = begin(bench.desk), [], []
    for _ in range(4):
        (job,) = turn(bench.desk, run, done, 1)
        seen.append(job.order.channel)
        done = [perform(bench, job)]
    assert seen == ["a", "b", "a", "b"]


def test_a_throttled_channel_leaves_its_places_to_the_others(bench: Any) -> None:
    bench.channel("a", limits=(Limit(2, timedelta(minutes=1)),))
    bench.channel("b")
    bench.queue(*(f"p{number}" for number in range(30)))
    run = begin(bench.desk)
    first = places(turn(bench.desk, run, [], 20))
    assert first["a"] == 2
    assert first["b"] >= 15


def test_what_becomes_due_on_another_channel_does_not_wait_for_a_slow_one(bench: Any) -> None:
    for name in "ab":
        bench.channel(name)
    bench.queue("one")
    later = bench.clock() + timedelta(seconds=10)
    reschedule(bench.desk, 2, later, ANNA)
    run = begin(bench.desk)
    assert places(turn(bench.desk, run, [], 20)) == {"a": 1}
    bench.clock.advance(seconds=10)
    assert places(turn(bench.desk, run, [], 19)) == {"b": 1}, "a has not answered yet"


def test_looks_leave_a_quarter_of_the_places_to_what_is_due(bench: Any) -> None:
    script = bench.channel(confirms=True)
    script.publish.extend([Unknown(evidence="timeout")] * 12)
    bench.queue(*(f"p{number}" for number in range(12)))
    bench.run()
    bench.clock.advance(minutes=5)
    assert len(bench.claim(8)) == 6
