"""A pass with real threads: no outcome is lost, whatever the database does meanwhile."""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from xuanfa.domain.delivery import State
from xuanfa.domain.errors import StoreError
from xuanfa.engine import drain
from xuanfa.engine.drain import Drain
from xuanfa.engine.once import one_pass
from xuanfa.engine.workers import Workers
from xuanfa.operations.desk import Desk
from xuanfa.operations.intake.queue import queue
from xuanfa.operations.sending import claim as claiming
from xuanfa.store.database import Store


def states(desk: Desk) -> list[str]:
    with desk.store.read() as connection:
        return list(connection.scalars(sa.text("SELECT state FROM deliveries ORDER BY id")))


def fail_writes(monkeypatch: pytest.MonkeyPatch, store: Store, fails: Callable[[int], bool], when: str) -> list[int]:
    """Let some of the next writing transactions fail; the list grows with each that did."""
    real, counted, failed = store.write, [0], []

    @contextmanager
    def write() -> Iterator[sa.Connection]:
        counted[0] += 1
        if fails(counted[0]):
            failed.append(counted[0])
            if when == "commit":
                with suppress(ZeroDivisionError), real() as connection:
                    yield connection
                    raise ZeroDivisionError
            raise StoreError("database is locked")
        with real() as connection:
            yield connection

    monkeypatch.setattr(store, "write", write)
    return failed


def drained(desk: Desk, places: int = 4, **settings: Any) -> Any:
    with Workers(desk.adapters, places) as workers:
        return Drain(desk=desk, workers=workers, pause=lambda: None, **settings).run()


@pytest.mark.parametrize("when", ["begin", "commit"])
def test_an_outcome_that_cannot_be_written_is_kept_and_written_later(
    workspace: Any, sink: Any, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    desk = workspace.desk()
    for number in range(8):
        workspace.post(f"post-{number}")
    queue(desk)
    failed = fail_writes(monkeypatch, desk.store, lambda count: 1 < count < 20 and count % 3 > 0, when)
    while len(failed) < 12:
        with suppress(StoreError):  # a pass may end where nothing is in flight; the next one goes on
            drained(desk)
    assert states(desk) == ["published"] * 8
    assert sorted(sink.keys.values()) == [1] * 8


def test_a_real_lock_beyond_the_wait_loses_no_outcome(workspace: Any, sink: Any) -> None:
    made = workspace.desk()
    impatient = Store(str(made.store.url), 0.05)
    workspace.stack.callback(impatient.close)
    desk = replace(made, store=impatient)
    workspace.post("one")
    queue(desk)
    sink.script.append("silent")
    told: list[bool] = []
    with closing(sqlite3.connect(desk.store.file, isolation_level=None, check_same_thread=False)) as viewer:

        def lock_and_answer() -> None:
            sink.wait_for(1)
            viewer.execute("BEGIN IMMEDIATE")
            sink.speak.set()

        def unlock() -> None:
            told.append(True)
            if viewer.in_transaction:
                viewer.rollback()

        locker = threading.Thread(target=lock_and_answer)
        locker.start()
        with Workers(desk.adapters, 1) as workers:
            Drain(desk=desk, workers=workers, pause=unlock).run()
        locker.join()
    assert told
    assert states(desk) == ["published"]


def test_a_database_that_fails_between_two_answers_loses_neither(
    workspace: Any, sink: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A heartbeat without results fails to renew the leases while a request is under way."""
    monkeypatch.setattr(drain, "HEARTBEAT", 0.01)
    desk = workspace.desk()
    workspace.post("one")
    queue(desk)
    sink.script.append("silent")
    failed = fail_writes(monkeypatch, desk.store, lambda count: 1 < count < 5, "begin")

    def answer() -> None:
        if len(failed) >= 2:
            sink.speak.set()

    with Workers(desk.adapters, 1) as workers:
        Drain(desk=desk, workers=workers, pause=answer).run()
    assert states(desk) == ["published"]


def test_a_mistake_while_claiming_does_not_lose_what_is_in_flight(
    workspace: Any, sink: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = workspace.desk()
    for number in range(3):
        workspace.post(f"post-{number}")
    queue(desk)
    real, calls = claiming.Claiming._take, []

    def take(*arguments: Any) -> None:
        calls.append(1)
        if len(calls) > 1:
            raise RuntimeError("a bug")
        real(*arguments)

    monkeypatch.setattr(claiming.Claiming, "_take", take)
    with pytest.raises(RuntimeError, match="a bug"):
        drained(desk, places=1)
    assert states(desk) == ["published", "scheduled", "scheduled"]


def test_leases_are_renewed_while_a_request_takes_long(workspace: Any, sink: Any, clock: Any) -> None:
    desk = replace(workspace.desk(clock), lease=timedelta(seconds=0.3))
    workspace.post("one")
    queue(desk)
    sink.script.append("silent")
    watcher = workspace.desk(clock)
    leases: list[int] = []

    def watch() -> None:
        sink.wait_for(1)
        while len(set(leases)) < 3:
            clock.advance(seconds=0.2)
            with watcher.store.read() as connection:
                leases.append(connection.scalar(sa.text("SELECT lease_until FROM attempts")))
            renewed.wait(0.05)
        sink.speak.set()

    renewed = threading.Event()
    watching = threading.Thread(target=watch)
    watching.start()
    drained(desk, places=1)
    watching.join()
    assert leases == sorted(leases)
    assert states(desk) == ["published"]


@pytest.mark.parametrize(
    ("step", "state"),
    [
        ("ok", State.PUBLISHED),
        (429, State.SCHEDULED),
        (500, State.UNKNOWN),
        (401, State.SCHEDULED),
        (422, State.REJECTED),
        ("reset", State.UNKNOWN),
        ("half", State.UNKNOWN),
    ],
)
def test_what_a_real_server_does_becomes_a_true_state(workspace: Any, sink: Any, step: Any, state: State) -> None:
    desk = workspace.desk()
    workspace.post("one")
    sink.script.append(step)
    report = one_pass(desk, in_flight=2)
    assert states(desk) == [state.value]
    assert report.states[state] == 1
    assert sum(sink.keys.values()) == 1
    # A second pass at once repeats nothing.
    one_pass(desk, in_flight=2)
    assert sum(sink.keys.values()) == 1


def test_a_silent_server_is_a_doubt(workspace: Any, sink: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("xuanfa.bootstrap.binding.TIMEOUT", 0.2)
    desk = workspace.desk()
    workspace.post("one")
    sink.script.append("silent")
    one_pass(desk, in_flight=1)
    assert states(desk) == ["unknown"]


def test_a_retry_after_is_obeyed(workspace: Any, sink: Any, clock: Any) -> None:
    desk = workspace.desk(clock)
    workspace.post("one")
    sink.script.append(429)
    sink.retry_after = "300"
    one_pass(desk, in_flight=1)
    clock.advance(seconds=299)
    one_pass(desk, in_flight=1)
    assert len(sink.seen) == 1
    clock.advance(seconds=1)
    one_pass(desk, in_flight=1)
    assert states(desk) == ["published"]


def test_trouble_with_the_folder_of_posts_does_not_stop_what_is_queued(workspace: Any, sink: Any) -> None:
    desk = workspace.desk()
    workspace.post("one")
    queue(desk)
    (workspace.folder / "posts").rename(workspace.folder / "gone")
    report = one_pass(desk, in_flight=1)
    assert states(desk) == ["published"]
    assert len(report.queued.problems) == 1
    assert "posts" in report.queued.problems[0]


def test_stopping_finishes_what_is_in_flight_and_claims_nothing_more(workspace: Any, sink: Any) -> None:
    desk, stopping = workspace.desk(), threading.Event()
    for number in range(5):
        workspace.post(f"post-{number}")
    sink.script += ["silent", "silent"]

    def stop() -> None:
        sink.wait_for(2)
        stopping.set()
        sink.speak.set()

    stopper = threading.Thread(target=stop)
    stopper.start()
    one_pass(desk, in_flight=2, stopping=stopping)
    stopper.join()
    assert states(desk) == ["published"] * 2 + ["scheduled"] * 3


def test_many_deliveries_on_many_threads_each_arrive_once(workspace: Any, sink: Any) -> None:
    workspace.settle_in("a", "b", "c")
    desk = workspace.desk()
    for number in range(40):
        workspace.post(f"post-{number}")
    report = one_pass(desk, in_flight=16)
    assert states(desk) == ["published"] * 120
    assert report.states[State.PUBLISHED] == 120
    assert sorted(sink.keys.values()) == [1] * 120
