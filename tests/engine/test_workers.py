"""Worker threads: whatever happens to one, every job that was started comes back with an ending, or a pass would wait for ever."""

import threading
from typing import Any

import pytest

from xuanfa.domain.delivery import State
from xuanfa.engine.once import one_pass
from xuanfa.engine.workers import Workers
from xuanfa.operations.desk import Desk
from xuanfa.store import deliveries


def state(desk: Desk, number: int = 1) -> State:
    with desk.store.read() as connection:
        return deliveries.get(connection, [number])[number].state


@pytest.mark.parametrize("error", [SystemExit(1), KeyboardInterrupt(), GeneratorExit(), MemoryError()])
def test_an_error_that_nobody_catches_is_a_doubt(
    workspace: Any, sink: Any, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    desk = workspace.desk()
    workspace.post("one")
    adapter = type(desk.adapters.bound("hook"))

    def leave(*_: Any) -> None:
        raise error

    monkeypatch.setattr(adapter, "publish", leave)
    assert one_pass(desk).states[State.UNKNOWN] == 1
    assert state(desk) is State.UNKNOWN


def test_figures_that_fail_cost_no_outcome(workspace: Any, sink: Any) -> None:
    desk = workspace.desk()
    for name in ("one", "two", "three"):
        workspace.post(name)

    def observe(*_: Any) -> None:
        raise ValueError("a broken gauge")

    with Workers(desk.adapters, 1) as workers:
        workers.observe = observe
        report = one_pass(desk, workers=workers)
    assert report.states == {State.PUBLISHED: 3}
    assert sorted(sink.keys.values()) == [1, 1, 1]


@pytest.mark.parametrize("there", [0, 1])
def test_a_system_that_gives_no_thread_costs_no_outcome(
    workspace: Any, sink: Any, monkeypatch: pytest.MonkeyPatch, there: int
) -> None:
    """Where there is one, it does all the work; where there is none, nothing leaves."""
    desk = workspace.desk()
    for name in ("one", "two", "three"):
        workspace.post(name)
    real, begun = threading.Thread.start, []

    def start(self: threading.Thread) -> None:
        if self.name.removeprefix("xuanfa-").isdigit():
            if len(begun) == there:
                raise RuntimeError("can't start new thread")
            begun.append(self)
        real(self)

    monkeypatch.setattr(threading.Thread, "start", start)
    with Workers(desk.adapters, 3) as workers:
        report = one_pass(desk, workers=workers)
        assert workers.in_flight == 0
    assert report.states == ({State.PUBLISHED: 3} if there else {State.SCHEDULED: 3})
    assert len(sink.seen) == (3 if there else 0)
