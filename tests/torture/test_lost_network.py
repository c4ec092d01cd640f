"""A machine loses the network to the database in the middle of a request: its late answer is neither lost nor overwrites anything."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from tests.support.decisions import resolve_absent, resolve_published
from tests.torture.wire import Loop, Wire
from xuanfa.domain.delivery import State
from xuanfa.domain.errors import StateError, StoreError
from xuanfa.domain.person import Person
from xuanfa.engine import drain
from xuanfa.engine.drain import Drain
from xuanfa.engine.workers import Workers
from xuanfa.operations.desk import Desk
from xuanfa.operations.intake.queue import queue
from xuanfa.operations.sending.settle import lapse
from xuanfa.store import deliveries, ledger
from xuanfa.store.database import Store

pytestmark = pytest.mark.postgres
ANNA = Person(name="安娜", why="looked")
LEASE = timedelta(seconds=121)


@pytest.fixture
def wire(postgres: Any) -> Iterator[tuple[Loop, Wire]]:
    loop, made = Loop(), Wire(postgres.port)
    loop.do(made.listen())
    yield loop, made
    loop.do(made.close())
    loop.close()


class Machine:
    """A machine whose pass runs on a thread of its own, with a wire to the database."""

    def __init__(self, desk: Desk, loop: Loop, wire: Wire) -> None:
        self._desk, self._loop, self._wire = desk, loop, wire
        #: Set when it has its answer and cannot write it.
        self.cannot_write, self._mended = threading.Event(), threading.Event()
        self.error: StoreError | None = None
        self._thread = threading.Thread(target=self._pass)

    def start(self) -> None:
        self._thread.start()

    def cut(self) -> None:
        self._loop.do(self._wire.cut())

    def mend(self) -> None:
        self._loop.do(self._wire.mend())
        self._mended.set()

    def end(self) -> None:
        self._thread.join(30)
        assert not self._thread.is_alive()

    def _pass(self) -> None:
        with Workers(self._desk.adapters, 2, self._desk.clock) as workers:
            try:
                Drain(desk=self._desk, workers=workers, pause=self._wait).run()
            except StoreError as error:
                self.error = error

    def _wait(self) -> None:
        self.cannot_write.set()
        assert self._mended.wait(30)


@pytest.fixture
def other(workspace: Any, clock: Any, postgres: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """A machine that keeps its network."""
    url = postgres.database()
    monkeypatch.setenv("XUANFA_DATABASE_URL", url)
    monkeypatch.setattr(drain, "HEARTBEAT", 60.0)  # nothing is being written when the cable is cut
    workspace.post("one")
    desk = workspace.desk(clock)
    queue(desk)
    yield desk
    desk.store.close()
    postgres.give_back(url)


@pytest.fixture
def machine(other: Desk, postgres: Any, wire: tuple[Loop, Wire]) -> Iterator[Machine]:
    far = Store(other.store.url.set(port=wire[1].port).render_as_string(hide_password=False))
    yield Machine(replace(other, store=far, node="cut off", process="on another machine"), *wire)
    far.close()


def cut_off_in_the_middle(machine: Machine, sink: Any, answers: str) -> None:
    """It has claimed and sent, and its cable is cut while the channel thinks."""
    sink.script.append(answers)
    machine.start()
    sink.wait_for(1)
    machine.cut()


def comes_back(machine: Machine, sink: Any) -> None:
    """It has its answer, cannot write it, and then can."""
    sink.speak.set()
    assert machine.cannot_write.wait(30)
    machine.mend()
    machine.end()


def standing(desk: Desk) -> tuple[State, str | None]:
    with desk.store.read() as connection:
        receipt = ledger.receipt(connection, 1)
        return deliveries.get(connection, [1])[1].state, receipt.address if receipt else None


def history(desk: Desk) -> list[tuple[str, str]]:
    with desk.store.read() as connection:
        found = connection.execute(sa.text("SELECT after, why FROM events WHERE delivery_id = 1 ORDER BY id"))
        return [(row.after, row.why) for row in found]


def test_an_answer_that_comes_before_the_lease_ends_is_as_any_other(other: Desk, machine: Machine, sink: Any) -> None:
    cut_off_in_the_middle(machine, sink, "silent")
    assert lapse(other) == []
    comes_back(machine, sink)
    assert standing(other)[0] is State.PUBLISHED
    assert len(sink.seen) == 1


def test_a_late_answer_settles_the_doubt(other: Desk, machine: Machine, sink: Any, clock: Any) -> None:
    cut_off_in_the_middle(machine, sink, "silent")
    clock.now += LEASE
    assert [change.after.state for change in lapse(other)] == [State.UNKNOWN]
    comes_back(machine, sink)
    assert standing(other)[0] is State.PUBLISHED
    assert [after for after, _ in history(other)][-2:] == ["unknown", "published"]
    assert len(sink.seen) == 1


def test_what_a_person_has_seen_stays_and_the_late_answer_is_kept(
    other: Desk, machine: Machine, sink: Any, clock: Any
) -> None:
    cut_off_in_the_middle(machine, sink, "silent")
    clock.now += LEASE
    lapse(other)
    resolve_published(other, 1, "https://www.example.gov.cn/seen", ANNA)
    comes_back(machine, sink)
    assert standing(other) == (State.PUBLISHED, "https://www.example.gov.cn/seen")
    after, why = history(other)[-1]
    assert after == "second_proof"
    assert sink.seen[0].key in why
    assert len(sink.seen) == 1


def test_what_a_person_has_not_found_is_not_sent_again_when_the_late_answer_shows_it(
    other: Desk, machine: Machine, sink: Any, clock: Any
) -> None:
    cut_off_in_the_middle(machine, sink, "silent")
    clock.now += LEASE
    lapse(other)
    with pytest.raises(StateError, match="--node-is-gone"):
        resolve_absent(other, 1, ANNA)
    resolve_absent(other, 1, ANNA, node_is_gone=True)
    comes_back(machine, sink)
    assert standing(other) == (State.UNKNOWN, None)
    assert [after for after, _ in history(other)][-2:] == ["late_answer", "unknown"]
    assert len(sink.seen) == 1


def test_a_claim_whose_commit_it_never_heard_of_is_never_sent(
    other: Desk, machine: Machine, sink: Any, clock: Any, wire: tuple[Loop, Wire]
) -> None:
    """The wire carries the commit and not its answer: the machine believes that it has claimed nothing."""
    loop, line = wire
    loop.do(line.deafen_after(b"INSERT INTO attempts", b"COMMIT"))
    machine.start()
    loop.do(line.swallow())
    assert standing(other)[0] is State.PUBLISHING
    machine.mend()
    machine.end()
    assert isinstance(machine.error, StoreError)
    clock.now += LEASE
    assert [change.after.state for change in lapse(other)] == [State.UNKNOWN]
    assert sink.seen == []


def test_an_outcome_whose_commit_it_never_heard_of_is_written_once(
    other: Desk, machine: Machine, sink: Any, wire: tuple[Loop, Wire]
) -> None:
    loop, line = wire
    loop.do(line.deafen_after(b"INSERT INTO receipts", b"COMMIT"))
    machine.start()
    loop.do(line.swallow())
    assert standing(other)[0] is State.PUBLISHED
    machine.mend()
    machine.end()
    assert machine.error is None
    assert [after for after, _ in history(other)] == ["scheduled", "published", "late_answer"]
    assert len(sink.seen) == 1
