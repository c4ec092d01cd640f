"""Time: a machine that was off, zones whose clocks change, and a new time that meets a claim."""

import threading
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.decisions import cancel, release, reschedule
from xuanfa.domain.delivery import Delivery, State
from xuanfa.domain.errors import StateError
from xuanfa.domain.person import Person
from xuanfa.operations.intake.queue import queue
from xuanfa.operations.sending.perform import Job, perform
from xuanfa.operations.sending.publish import begin, turn

ANNA = Person(name="安娜", why="改期")


@pytest.mark.parametrize(
    ("off", "state"),
    [
        (timedelta(minutes=119), State.PUBLISHED),
        (timedelta(minutes=120), State.PUBLISHED),
        (timedelta(minutes=120, seconds=1), State.HELD),
        (timedelta(days=3), State.HELD),
    ],
)
def test_a_machine_that_was_off_sends_what_is_still_fresh_and_holds_the_rest(
    bench: Any, off: timedelta, state: State
) -> None:
    bench.channel()
    bench.write("one", publish_at=(bench.clock() + timedelta(hours=1)).isoformat())
    bench.queue()
    bench.clock.now += timedelta(hours=1) + off
    bench.run()
    assert bench.get().state is state


def test_what_was_held_for_its_lateness_goes_when_a_person_releases_it(bench: Any) -> None:
    script = bench.channel()
    bench.queue("one")
    bench.clock.advance(hours=5)
    bench.run()
    assert (bench.get().state, script.sent) == (State.HELD, [])
    release(bench.desk, 1, ANNA)
    bench.run()
    assert (bench.get().state, len(script.sent)) == (State.PUBLISHED, 1)


def test_lateness_counts_from_the_new_time_of_one_that_was_moved(bench: Any) -> None:
    bench.channel()
    bench.queue("one")
    reschedule(bench.desk, 1, bench.clock() + timedelta(days=1), ANNA)
    bench.clock.advance(days=1, hours=1)
    bench.run()
    assert bench.get().state is State.PUBLISHED


BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("starts", "sent"),
    [
        # Clocks go forward over 02:30 on 29 March: no slot that night.
        (datetime(2026, 3, 27, 12, tzinfo=UTC), ["2026-03-28 02:30 +0100", "2026-03-30 02:30 +0200"]),
        # 02:30 comes twice on 25 October: one slot, at the first.
        (datetime(2026, 10, 23, 12, tzinfo=UTC), ["2026-10-24 02:30 +0200", "2026-10-25 02:30 +0200"]),
    ],
)
def test_a_timetable_fires_once_a_night_whatever_the_clocks_do(bench: Any, starts: datetime, sent: list[str]) -> None:
    script, bench.timetable, bench.clock.now = bench.channel(), ("daily 02:30",), starts
    desk = bench.another(zone=BERLIN)
    for slug in ("one", "two"):
        bench.write(slug, publish_at="")
    queue(desk)
    for _ in range(24 * 4):
        run = begin(desk)
        turn(desk, run, [perform(bench, job) for job in turn(desk, run, [], 20)], 0)
        bench.clock.advance(hours=1)
    assert [f"{order.started_at:%Y-%m-%d}" for order in script.sent] == [each[:10] for each in sent]
    assert [f"{each.due_at.astimezone(BERLIN):%Y-%m-%d %H:%M %z}" for each in bench.all()] == sent


@pytest.mark.parametrize(
    ("written", "due"),
    [("2026-10-25 02:30", "00:30"), ("2026-10-25 02:30+02:00", "00:30"), ("2026-10-25 02:30+01:00", "01:30")],
)
def test_a_time_that_comes_twice_is_the_first_unless_its_offset_is_written(bench: Any, written: str, due: str) -> None:
    bench.channel()
    bench.write("one", publish_at=f'"{written}"')
    queue(bench.another(zone=BERLIN))
    assert f"{bench.get().due_at:%H:%M}" == due


@pytest.mark.parametrize("written", ["2026-03-29 02:30", "2016-12-31 23:59:60"])
def test_a_time_that_never_comes_is_a_problem_of_the_file(bench: Any, written: str) -> None:
    bench.channel()
    bench.write("one", publish_at=f'"{written}"')
    (problem,) = queue(bench.another(zone=BERLIN)).problems
    assert "one.md:4" in problem


def _race(*steps: Any) -> list[Any]:
    """Begin each on a thread of its own at one instant; what came of them, errors included."""
    ready, came = threading.Barrier(len(steps)), [None] * len(steps)

    def work(at: int) -> None:
        ready.wait(10)
        try:
            came[at] = steps[at]()
        except StateError as error:
            came[at] = error

    threads = [threading.Thread(target=work, args=(at,)) for at in range(len(steps))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
        assert not thread.is_alive()
    return came


def _spun(turns: int, step: Any) -> Any:
    """The step, a little later."""

    def spin() -> Any:
        for _ in range(turns):
            pass
        return step()

    return spin


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    decides=st.sampled_from(["later", "now", "cancel"]),
    early=st.integers(0, 40_000),
    late=st.integers(0, 40_000),
)
def test_a_decision_and_a_claim_that_meet_end_in_one_of_the_two(
    bench: Any, decides: str, early: int, late: int
) -> None:
    if not bench.channels:
        bench.channel()
        bench.decider = bench.another()
    slug = f"post-{bench.clock.advance(minutes=1):%d%H%M}"
    bench.queue(slug)
    before: Delivery = bench.all()[-1]
    at = bench.clock() + (timedelta(hours=1) if decides == "later" else timedelta(0))

    def decide() -> Delivery:
        if decides == "cancel":
            return cancel(bench.decider, before.id, ANNA)
        return reschedule(bench.decider, before.id, at, ANNA)

    def claim() -> list[Job]:
        return bench.claim()

    decision, jobs = _race(_spun(early, decide), _spun(late, claim))
    after, sent = bench.get(before.id), len(jobs)
    if isinstance(decision, StateError):
        assert (after.state, sent, after.due_at) == (State.PUBLISHING, 1, before.due_at)
    elif decides == "now":
        assert sent == (after.state is State.PUBLISHING)
    else:
        expected = State.CANCELLED if decides == "cancel" else State.SCHEDULED
        assert (after.state, sent, bench.claim()) == (expected, 0, [])
        if decides == "later":
            assert (after.due_at, after.ready_at) == (at, at)
            cancel(bench.decider, before.id, ANNA)
    bench.settle(*(perform(bench, job) for job in jobs))
    if after.state is State.SCHEDULED and decides == "now":
        bench.run()
    assert len([order for order in bench.scripts["a"].sent if order.delivery == before.id]) <= 1
