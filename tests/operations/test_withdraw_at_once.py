"""Two processes order a withdrawal, or a correction, at the same instant: there is one of it, and each interface is asked once."""

from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from tests.operations.test_correct import Changes
from tests.operations.test_races import at_once
from tests.support.decisions import ANNA, correct, withdraw
from tests.support.verified import troubles
from xuanfa.domain.delivery import State
from xuanfa.domain.errors import StateError
from xuanfa.domain.outcome import Retracted
from xuanfa.operations.withdrawing.carry_on import carry_on


def asked(bench: Any, action: str) -> int:
    with bench.desk.store.read() as connection:
        query = sa.text("SELECT count(*) FROM attempts WHERE action = :action")
        return int(connection.scalar(query, {"action": action}) or 0)


def count(bench: Any, table: str) -> int:
    with bench.desk.store.read() as connection:
        return int(connection.scalar(sa.text(f"SELECT count(*) FROM {table}")) or 0)  # noqa: S608 - names of this file


def said(order: Any) -> str:
    try:
        order()
    except StateError as error:
        return str(error)
    return ""


def test_of_two_orders_at_once_there_is_one(bench: Any) -> None:
    bench.channel("a", retracts=True).retract += [Retracted(evidence="gone")] * 3
    bench.channel("b")
    bench.queue("one")
    bench.run()

    def order(number: int, barrier: Any) -> str:
        desk = bench.another(process=f"process {number}")
        barrier.wait(30)
        return said(lambda: withdraw(desk, "one", replace(ANNA, name=f"clerk {number}")))

    answers = at_once(3, order)
    assert answers.count("") == 1
    assert all("已由" in each or each == "" for each in answers)
    assert (count(bench, "withdrawals"), asked(bench, "retract")) == (1, 1)
    assert [each.state for each in bench.all()] == [State.RETRACTED, State.PUBLISHED]
    assert troubles(bench) == []


def test_of_two_that_go_on_at_once_one_asks_the_interface(bench: Any) -> None:
    bench.channel("a", retracts=True).retract += [Retracted(evidence="gone")] * 3
    bench.queue("one")
    bench.run()
    with bench.desk.store.write() as connection:
        connection.execute(
            sa.text(
                "INSERT INTO withdrawals (post_id, actor, how, place, why, ordered_at) VALUES (1, 'anna', '', '', 'x', 1)"
            )
        )

    def go_on(number: int, barrier: Any) -> int:
        desk = bench.another(process=f"process {number}")
        barrier.wait(30)
        carry_on(desk)
        return number

    assert at_once(3, go_on) == [0, 1, 2]
    assert asked(bench, "retract") == 1
    assert bench.get().state is State.RETRACTED


def test_of_two_corrections_at_once_one_changes_what_is_out(bench: Any) -> None:
    bench.channel("a", corrects=True)
    bench.bound = lambda channel: Changes(bench.scripts[channel])
    bench.write("one", "三十人旁听。")
    bench.queue()
    bench.run()
    bench.clock.advance(minutes=1)
    bench.write("one", "二十人旁听。")

    def order(number: int, barrier: Any) -> str:
        desk = bench.another(process=f"process {number}")
        barrier.wait(30)
        return said(lambda: correct(desk, "one", replace(ANNA, name=f"clerk {number}")))

    at_once(2, order)
    for _ in range(3):
        bench.clock.advance(minutes=5)
        carry_on(bench.desk)
    with bench.desk.store.read() as connection:
        states = sorted(connection.scalars(sa.text("SELECT state FROM corrections")))
    assert states in (["done"], ["done", "replaced"], ["done", "done"])
    assert bench.get().revision == 2
    assert troubles(bench) == []
