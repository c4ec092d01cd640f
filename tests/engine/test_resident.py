"""The resident process: awake at the due instant, and never asleep for good."""

import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from apscheduler.events import EVENT_JOB_MAX_INSTANCES, EVENT_JOB_SUBMITTED
from apscheduler.schedulers.background import BackgroundScheduler

from xuanfa.bootstrap import utc_now
from xuanfa.domain.alarm import Alarms, Told
from xuanfa.domain.delivery import State
from xuanfa.domain.errors import StoreError
from xuanfa.engine import embedded, watch
from xuanfa.engine.embedded import Resident
from xuanfa.operations.desk import Desk
from xuanfa.operations.intake.queue import queue


def states(desk: Desk) -> list[str]:
    with desk.store.read() as connection:
        return list(connection.scalars(sa.text("SELECT state FROM deliveries ORDER BY id")))


@contextmanager
def resident(desk: Desk, **settings: Any) -> Iterator[Resident]:
    """A resident that runs on another thread."""
    made = Resident(desk, in_flight=4, **{"scan_every": timedelta(seconds=30)} | settings)
    thread = threading.Thread(target=made.run, daemon=True)
    thread.start()
    try:
        yield made
    finally:
        made.stop()
        thread.join(20)
        assert not thread.is_alive()


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


def in_seconds(seconds: float) -> str:
    return (utc_now() + timedelta(seconds=seconds)).isoformat()


def test_it_publishes_at_the_due_instant_and_not_at_the_next_look(
    workspace: Any, sink: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedded, "LONGEST_SLEEP", timedelta(minutes=10))
    moves = Moves()
    desk = replace(workspace.desk(), emit=moves)
    due = utc_now() + timedelta(seconds=1.5)
    workspace.post("one", publish_at=due.isoformat())
    queue(desk)
    with desk.store.read() as connection:  # a front matter knows no fractions, or it does: the row says
        at = connection.scalar(sa.text("SELECT due_at FROM deliveries")) / 1e6
    with resident(desk):
        moves.wait_for(State.PUBLISHED)
    assert 0 <= sink.seen[0].at - at < 1


def test_what_is_due_again_at_the_end_of_a_pass_is_not_slept_through(
    workspace: Any, sink: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The appointment for the next pass is made while this one still counts as running."""
    monkeypatch.setattr(embedded, "LONGEST_SLEEP", timedelta(0))
    judged, appointments = threading.Event(), threading.Semaphore(0)
    real = Resident._wake_at

    def wake_and_linger(self: Resident, moment: Any) -> None:
        """Return only when the scheduler has done something about the appointment."""
        self._scheduler.add_listener(lambda _event: judged.set(), EVENT_JOB_SUBMITTED | EVENT_JOB_MAX_INSTANCES)
        judged.clear()
        real(self, moment)
        while not self._stopping.is_set() and not judged.wait(0.05):
            continue
        appointments.release()

    monkeypatch.setattr(Resident, "_wake_at", wake_and_linger)
    with resident(workspace.desk()):
        for number in range(5):
            assert appointments.acquire(timeout=5), f"asleep after {number} passes"


def test_stopping_does_not_wait_for_a_pass_that_waits_for_the_stopping(
    workspace: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The scheduler holds its lock while it waits for the running pass, which was about to make an appointment."""
    entered, shut = threading.Event(), threading.Event()
    real = BackgroundScheduler.shutdown

    def due(_desk: Desk) -> None:
        entered.set()
        assert shut.wait(10)

    def shutdown(self: BackgroundScheduler, *, wait: bool) -> None:
        threading.Timer(0.1, shut.set).start()
        real(self, wait=wait)

    monkeypatch.setattr(embedded, "next_due_at", due)
    monkeypatch.setattr(BackgroundScheduler, "shutdown", shutdown)
    with resident(workspace.desk()):
        assert entered.wait(10)


def test_new_files_are_found_while_it_runs(workspace: Any, sink: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded, "LONGEST_SLEEP", timedelta(seconds=0.05))
    moves = Moves()
    with resident(replace(workspace.desk(), emit=moves), scan_every=timedelta(seconds=0.05)):
        workspace.post("one")
        moves.wait_for(State.PUBLISHED)
        workspace.post("two")
        moves.wait_for(State.PUBLISHED, 2)
    assert len(sink.seen) == 2


class Slow:
    """A teller that does not come back until it is let go."""

    def __init__(self) -> None:
        self.telling, self.let_go = threading.Event(), threading.Event()

    def targets(self) -> tuple[Told, ...]:
        return ()

    def tell(self, _title: str, _body: str) -> tuple[Told, ...]:
        self.telling.set()
        self.let_go.wait(20)
        return (Told(target="slow"),)


def test_alarms_are_told_beside_publishing_and_hold_nothing_up(
    workspace: Any, sink: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedded, "LONGEST_SLEEP", timedelta(seconds=0.05))
    monkeypatch.setattr(watch, "PARTING", 0.1)
    moves, slow = Moves(), Slow()
    desk = replace(workspace.desk(), emit=moves, alarms=Alarms(teller=slow))
    sink.script.append("reset")
    workspace.post("one")
    with resident(desk, scan_every=timedelta(seconds=0.05)):
        moves.wait_for(State.UNKNOWN)
        assert slow.telling.wait(20)
        workspace.post("two")
        moves.wait_for(State.PUBLISHED)
    slow.let_go.set()


def test_a_teller_that_breaks_stops_nothing(workspace: Any, sink: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded, "LONGEST_SLEEP", timedelta(seconds=0.05))
    moves, slow = Moves(), Slow()

    def tell(*_: str) -> None:
        slow.telling.set()
        raise RuntimeError("a bug")

    monkeypatch.setattr(slow, "tell", tell)
    desk = replace(workspace.desk(), emit=moves, alarms=Alarms(teller=slow))
    sink.script.append("reset")
    workspace.post("one")
    with resident(desk, scan_every=timedelta(seconds=0.05)):
        assert slow.telling.wait(20)
        workspace.post("two")
        moves.wait_for(State.PUBLISHED)


def test_it_outlives_trouble_with_the_database(workspace: Any, sink: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded, "LONGEST_SLEEP", timedelta(seconds=0.05))
    moves, desk = Moves(), workspace.desk()
    desk = replace(desk, emit=moves)
    workspace.post("one")
    real, failing = desk.store.write, [StoreError("locked"), RuntimeError("a bug"), StoreError("full")]

    @contextmanager
    def write() -> Iterator[sa.Connection]:
        if failing:
            raise failing.pop()
        with real() as connection:
            yield connection

    monkeypatch.setattr(desk.store, "write", write)
    with resident(desk, scan_every=timedelta(0)):
        moves.wait_for(State.PUBLISHED)


def run_command(workspace: Any, *arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "xuanfa", *arguments, "-w", str(workspace.folder)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_lets_what_is_in_flight_finish_and_be_recorded(workspace: Any, sink: Any, number: int) -> None:
    workspace.settle_in(settings="[publish]\nin_flight = 1\n")
    for name in ("one", "two"):
        workspace.post(name)
    sink.script.append("silent")
    child = run_command(workspace, "run")
    sink.wait_for(1)
    child.send_signal(number)
    threading.Timer(0.3, sink.speak.set).start()
    out, err = child.communicate(timeout=30)
    assert child.returncode == 0, err
    assert "已停止" in out
    assert states(workspace.desk()) == ["published", "scheduled"]
    assert len(sink.seen) == 1


def test_publishing_twice_at_once_sends_each_post_once(workspace: Any, sink: Any) -> None:
    for number in range(30):
        workspace.post(f"post-{number}")
    children = [run_command(workspace, "publish") for _ in range(2)]
    for child in children:
        _, err = child.communicate(timeout=60)
        assert child.returncode == 0, err
    assert states(workspace.desk()) == ["published"] * 30
    assert sorted(sink.keys.values()) == [1] * 30
