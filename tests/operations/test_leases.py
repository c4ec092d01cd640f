"""Leases: kept for what is in flight, and for nothing else."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa

from xuanfa.domain.delivery import State
from xuanfa.domain.errors import StoreError
from xuanfa.operations.sending.perform import Done, perform
from xuanfa.operations.sending.publish import begin, turn
from xuanfa.operations.sending.settle import lapse
from xuanfa.store.database import Store


class CutOff:
    """A store whose commits arrive, and whose answers to them do not: the cable was pulled in between."""

    def __init__(self, store: Store) -> None:
        self._store = store

    @contextmanager
    def write(self) -> Iterator[sa.Connection]:
        with self._store.write() as connection:
            yield connection
        raise StoreError("the connection was lost")


def test_what_is_in_flight_keeps_its_lease(bench: Any) -> None:
    bench.channel()
    bench.queue("one")
    run = begin(bench.desk)
    (job,) = turn(bench.desk, run, [], 1)
    for _ in range(6):
        bench.clock.advance(seconds=50)
        turn(bench.desk, run, [], 0)
        assert lapse(bench.desk) == []
    turn(bench.desk, run, [perform(bench, job)], 0)
    assert bench.get().state is State.PUBLISHED
    assert run.flying == {}


def test_a_claim_that_nobody_heard_of_lapses_while_the_process_lives_on(bench: Any) -> None:
    script = bench.channel()
    bench.queue("one", "two")
    run = begin(bench.desk)
    (first,) = turn(bench.desk, run, [], 1)
    with pytest.raises(StoreError):
        turn(replace(bench.desk, store=CutOff(bench.desk.store)), run, [], 1)
    assert [delivery.state for delivery in bench.all()] == [State.PUBLISHING] * 2
    bench.clock.advance(seconds=50)
    turn(bench.desk, run, [], 0)
    bench.clock.advance(seconds=75)
    assert [change.after.id for change in lapse(bench.desk)] == [2]
    turn(bench.desk, run, [perform(bench, first)], 0)
    assert [delivery.state for delivery in bench.all()] == [State.PUBLISHED, State.UNKNOWN]
    assert len(script.sent) == 1


def test_an_outcome_whose_commit_nobody_heard_of_is_written_once(bench: Any) -> None:
    """The engine writes it again, since it cannot know: the second writing finds it there."""
    bench.channel()
    bench.queue("one")
    run = begin(bench.desk)
    done: list[Done] = [perform(bench, job) for job in turn(bench.desk, run, [], 1)]
    with pytest.raises(StoreError):
        turn(replace(bench.desk, store=CutOff(bench.desk.store)), run, done, 0)
    turn(bench.desk, run, done, 0)
    assert bench.get().state is State.PUBLISHED
    assert bench.tries() == [("publish", "published")]
    assert run.busy.total() == 0
