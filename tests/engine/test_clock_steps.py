"""The clock is set an hour forward or back while it runs: nothing is sent twice, nothing is slept through, no lease ends wrongly."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

import pytest

from xuanfa.bootstrap import utc_now
from xuanfa.domain.delivery import State
from xuanfa.engine import embedded
from xuanfa.engine.embedded import Resident
from xuanfa.engine.evenness import Evenness
from xuanfa.operations.desk import Desk
from xuanfa.operations.intake.queue import queue

HOUR = timedelta(hours=1)


class Wall:
    """The machine's clock, which somebody sets: that of the program and of the scheduler alike."""

    def __init__(self) -> None:
        self.offset = timedelta(0)

    def __call__(self) -> datetime:
        return utc_now() + self.offset


@pytest.fixture
def wall(monkeypatch: pytest.MonkeyPatch) -> Wall:
    made = Wall()

    class Shifted(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
            return made().astimezone(tz)

    monkeypatch.setattr("apscheduler.schedulers.base.datetime", Shifted)
    return made


class Moves:
    """The moves that a desk told of, to wait for."""

    def __init__(self) -> None:
        self.seen: list[State] = []
        self.changed = threading.Condition()

    def __call__(self, change: Any) -> None:
        with self.changed:
            self.seen.append(change.after.state)
            self.changed.notify_all()

    def wait_for(self, state: State, count: int = 1) -> None:
        with self.changed:
            assert self.changed.wait_for(lambda: self.seen.count(state) >= count, 20), self.seen


@contextmanager
def resident(desk: Desk) -> Iterator[Resident]:
    made = Resident(desk, in_flight=4, scan_every=timedelta(seconds=0.05))
    thread = threading.Thread(target=made.run, daemon=True)
    thread.start()
    try:
        yield made
    finally:
        made.stop()
        thread.join(20)
        assert not thread.is_alive()


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded, "LOOK", 0.05)
    monkeypatch.setattr(embedded, "LONGEST_SLEEP", timedelta(seconds=0.2))


def test_an_appointment_made_before_the_clock_was_set_back_is_made_anew(workspace: Any, sink: Any, wall: Wall) -> None:
    moves, asleep = Moves(), threading.Event()
    wall.offset = HOUR
    desk = replace(workspace.desk(wall), emit=moves)
    made = Resident(desk, in_flight=4, scan_every=timedelta(seconds=0.05))
    real = made._wake_at

    def wake_at(moment: datetime) -> None:
        real(moment)
        asleep.set()

    made._wake_at = wake_at  # type: ignore[method-assign]
    thread = threading.Thread(target=made.run, daemon=True)
    thread.start()
    assert asleep.wait(10)
    workspace.post("one")
    wall.offset = timedelta(0)
    moves.wait_for(State.PUBLISHED)
    made.stop()
    thread.join(20)
    assert not thread.is_alive()


@pytest.mark.parametrize("step", [HOUR, -HOUR])
def test_nothing_is_sent_twice_and_nothing_is_lost_when_the_clock_is_set(
    workspace: Any, sink: Any, wall: Wall, step: timedelta
) -> None:
    moves = Moves()
    desk = replace(workspace.desk(wall), emit=moves)
    for number in range(3):
        workspace.post(f"before-{number}")
    with resident(desk):
        moves.wait_for(State.PUBLISHED, 3)
        wall.offset = step
        for number in range(3):
            workspace.post(f"after-{number}")
        moves.wait_for(State.PUBLISHED, 6)
        wall.offset = timedelta(0)
        workspace.post("again")
        moves.wait_for(State.PUBLISHED, 7)
    assert sorted(sink.keys.values()) == [1] * 7


@pytest.mark.parametrize("step", [HOUR, -HOUR])
def test_what_is_in_flight_while_the_clock_is_set_is_not_given_up(
    workspace: Any, sink: Any, wall: Wall, step: timedelta
) -> None:
    """Two processes: one waits for an answer, the other one looks for leases that have ended."""
    moves = Moves()
    sink.script.append("silent")
    workspace.post("one")
    with resident(replace(workspace.desk(wall), emit=moves)):
        sink.wait_for(1)
        with resident(replace(workspace.desk(wall), emit=moves)):
            for number in range(2, 5):
                workspace.post(f"post-{number}")
                moves.wait_for(State.PUBLISHED, number - 1)
                wall.offset = step
            sink.speak.set()
            moves.wait_for(State.PUBLISHED, 4)
    assert State.UNKNOWN not in moves.seen
    assert sorted(sink.keys.values()) == [1] * 4


class Even:
    """Two clocks set by hand: the machine's, and the one that cannot be set."""

    def __init__(self) -> None:
        self.wall, self.even = datetime(2026, 3, 2, tzinfo=UTC), 0.0

    def run(self, seconds: float, step: float = 0) -> None:
        self.wall += timedelta(seconds=seconds + step)
        self.even += seconds


LEASE = timedelta(seconds=120)


@pytest.mark.parametrize("step", [3600, -3600, 30, -30])
def test_leases_are_not_believed_until_one_has_passed_since_the_clock_was_set(step: float) -> None:
    clocks = Even()
    evenness = Evenness(lambda: clocks.wall, lambda: clocks.even)
    clocks.run(10)
    assert evenness.lasted(LEASE)
    clocks.run(10, step)
    assert not evenness.lasted(LEASE)
    clocks.run(119)
    assert not evenness.lasted(LEASE)
    clocks.run(2)
    assert evenness.lasted(LEASE)


@pytest.mark.parametrize("step", [1, -1, 0.5, 4])
def test_what_time_servers_and_leap_seconds_do_is_no_step(step: float) -> None:
    clocks = Even()
    evenness = Evenness(lambda: clocks.wall, lambda: clocks.even)
    for _ in range(100):
        clocks.run(5, step)
        assert evenness.lasted(LEASE)


def test_a_machine_that_slept_is_as_one_whose_clock_was_set() -> None:
    clocks = Even()
    evenness = Evenness(lambda: clocks.wall, lambda: clocks.even)
    clocks.run(0, 8 * 3600)
    assert not evenness.lasted(LEASE)


def test_queued_posts_keep_their_times_when_the_clock_is_set(workspace: Any, wall: Wall) -> None:
    desk = workspace.desk(wall)
    workspace.post("one", publish_at="2099-01-01 09:00")
    queue(desk)
    wall.offset = HOUR
    assert queue(desk).revised == []
