"""A station sends the batches that it is handed, beside each other, and says when each is over."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from xuanfa.domain.delivery import State
from xuanfa.domain.errors import StoreError
from xuanfa.domain.node import WORKER
from xuanfa.engine.cluster.station import Station
from xuanfa.engine.figures import Figures
from xuanfa.engine.heartbeat import Heartbeat
from xuanfa.engine.workers import Workers
from xuanfa.operations.intake.queue import queue
from xuanfa.operations.sending import publish
from xuanfa.reports.listing import list_deliveries


def states(desk: Any) -> list[str]:
    return sorted(row.state.value for row in list_deliveries(desk.store))


def test_a_batch_is_over_when_its_share_is_sent(workspace: Any, sink: Any) -> None:
    desk = workspace.desk()
    for number in range(5):
        workspace.post(f"post-{number}")
    queue(desk)
    with Workers(desk.adapters, 4) as workers, Station(desk, workers) as station:
        station.send("hook", 2, settles=True).result(20)
        assert states(desk).count("published") == 2
        assert len(sink.seen) == 2
        station.send("hook", 10, settles=True).result(20)
        assert states(desk) == ["published"] * 5
        station.send("hook", 10, settles=True).result(20)  # nothing is due any more
    assert set(sink.keys.values()) == {1}


def test_a_drain_is_a_pass_for_whoever_counts_them(workspace: Any, sink: Any) -> None:
    desk, passed = workspace.desk(), list[float]()
    workspace.post("one")
    queue(desk)
    figures = Figures(desk)

    def count(seconds: float) -> None:
        passed.append(seconds)
        figures.passed(seconds)

    assert b"xuanfa_last_pass_timestamp_seconds 0.0" in figures.page()[0]
    with Workers(desk.adapters, 1) as workers, Station(desk, workers, passed=count) as station:
        station.send("hook", 1, settles=True).result(20)
    assert passed
    assert b"xuanfa_last_pass_timestamp_seconds 0.0" not in figures.page()[0]


def test_an_idle_node_gets_on_as_long_as_the_database_takes_its_sign_of_life(
    workspace: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, beats = workspace.desk(), list[int]()
    with Heartbeat(desk, WORKER, beaten=lambda: beats.append(1)) as heart:
        assert len(beats) == 1

        @contextmanager
        def write() -> Iterator[Any]:
            raise StoreError("连不上数据库")
            yield

        with monkeypatch.context() as patch:
            patch.setattr(desk.store, "write", write)
            heart._beat()
        assert len(beats) == 1
        heart._beat()
        assert len(beats) == 2


def test_a_batch_that_need_not_settle_is_over_while_its_requests_are_under_way(workspace: Any, sink: Any) -> None:
    desk = workspace.desk()
    workspace.post("one")
    queue(desk)
    sink.script.append("silent")
    with Workers(desk.adapters, 4) as workers, Station(desk, workers) as station:
        station.send("hook", 10, settles=False).result(20)
        assert states(desk) == ["publishing"]
        settled = station.send("hook", 10, settles=True)
        sink.wait_for(1)
        assert not settled.done()
        sink.speak.set()
        settled.result(20)
        assert states(desk) == ["published"]


def test_a_channel_that_it_was_not_handed_is_left_alone(workspace: Any, sink: Any) -> None:
    workspace.settle_in("one", "two")
    desk = workspace.desk()
    workspace.post("post")
    queue(desk)
    with Workers(desk.adapters, 4) as workers, Station(desk, workers) as station:
        station.send("one", 10, settles=True).result(20)
    assert [seen.path for seen in sink.seen] == ["/one"]


def test_what_is_handed_over_while_it_sends_waits_for_nothing(workspace: Any, sink: Any) -> None:
    workspace.settle_in("slow", "quick")
    desk = workspace.desk()
    workspace.post("post")
    queue(desk)
    sink.script.append("silent")
    with Workers(desk.adapters, 4) as workers, Station(desk, workers) as station:
        slow = station.send("slow", 10, settles=True)
        sink.wait_for(1)
        station.send("quick", 10, settles=True).result(20)
        assert not slow.done()
        sink.speak.set()
        slow.result(20)
    assert states(desk) == ["published", "published"]


def test_looking_is_an_errand_too(workspace: Any, sink: Any) -> None:
    desk = workspace.desk()
    with Workers(desk.adapters, 4) as workers, Station(desk, workers) as station:
        station.look().result(20)


def test_leaving_settles_what_is_in_flight(workspace: Any, sink: Any) -> None:
    desk = workspace.desk()
    workspace.post("one")
    queue(desk)
    sink.script.append("silent")
    with Workers(desk.adapters, 4) as workers, Station(desk, workers) as station:
        over = station.send("hook", 10, settles=True)
        sink.wait_for(1)
        station.stop()
        threading.Timer(0.1, sink.speak.set).start()
    over.result(0)
    assert states(desk) == [State.PUBLISHED.value]


def test_whoever_waits_is_told_what_ended_the_sending_and_the_next_one_is_served(
    workspace: Any, sink: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = workspace.desk()
    workspace.post("one")
    queue(desk)
    real = publish.look

    def broken(*_: Any) -> None:
        raise StoreError("the database is away")

    with Workers(desk.adapters, 4) as workers, Station(desk, workers) as station:
        monkeypatch.setattr(publish, "look", broken)
        with pytest.raises(StoreError, match="away"):
            station.send("hook", 10, settles=True).result(20)
        monkeypatch.setattr(publish, "look", real)
        station.send("hook", 10, settles=True).result(20)
    assert states(desk) == [State.PUBLISHED.value]
