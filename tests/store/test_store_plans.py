"""What a pass costs: each question goes through its own small index, however much is queued for the future or lies in the past."""

# ruff: noqa: S608 - the statements are made of constants

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import event

from xuanfa.domain.delivery import WAITS_FOR_PERSON, State
from xuanfa.reports.listing import _LISTED, outstanding, restored
from xuanfa.reports.pages import count_waiting
from xuanfa.reports.today import _counts, _in_order
from xuanfa.store import attempts, deliveries, doubting, freshness, late_proofs, schema, waiting
from xuanfa.store.by_state import in_states
from xuanfa.store.database import Store

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
FUTURE = 50_000
ATTEMPTS = "INSERT INTO attempts (delivery_id, number, action, key, digest, node, started_at, lease_until, ended_at, outcome, evidence)"


@pytest.fixture(scope="module")
def crowded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A hundred posts on 500 channels each, due next year; a few due now, waiting, in doubt, under way. Written in SQL: it is quicker."""
    store = Store(f"sqlite:///{tmp_path_factory.mktemp('plans') / 'xuanfa.db'}")
    store.ready()
    at, later = (int(moment.timestamp() * 1_000_000) for moment in (NOW, NOW + timedelta(days=365)))
    numbers = "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < {last}) "
    scripts = [
        numbers.format(last=99)
        + "INSERT INTO posts (id, slug, path, revision, title, column_id, department, queued_at, zone) "
        f"SELECT i + 1, 's' || i, 'p', 1, 't', 'action', '', {at}, '' FROM n",
        numbers.format(last=99)
        + "INSERT INTO renditions SELECT i + 1, i + 1, 1, 'c', i, 't', '', 'text/plain', 'b', '', '', '' FROM n",
        numbers.format(last=FUTURE - 1)
        + "INSERT INTO deliveries (id, post_id, revision, column_id, channel, kind, state, reason, rehearsal, rendition_id, digest, "
        "key, due_at, ready_at, fresh_at, tries, attempt, waiting, ticket, staged, looks) SELECT i + 1, i % 100 + 1, 1, 'action', "
        f"'c' || (i / 100), 'webhook', 'scheduled', '', 0, i % 100 + 1, '', '', {later}, {later} + i, {later}, 0, 0, 0, '', '', 0 FROM n",
        f"UPDATE deliveries SET ready_at = {at} - id WHERE id <= 5",
        "UPDATE deliveries SET waiting = 1 WHERE id BETWEEN 6 AND 8",
        f"UPDATE deliveries SET state = 'unknown', look_at = {at} - id WHERE id BETWEEN 11 AND 13",
        ATTEMPTS
        + f" SELECT id, 1, 'publish', '', '', 'n', {at}, {at} - 1, NULL, NULL, '' FROM deliveries WHERE id = 20",
        ATTEMPTS
        + f" SELECT id, 1, 'publish', '', '', 'n', {at}, {at}, {at}, 'published', '' FROM deliveries WHERE id > 20000",
    ]
    with store.write() as connection:
        for script in scripts:
            connection.execute(sa.text(script.replace(":", r"\:")))
    yield store
    store.close()


Ask = Callable[[sa.Connection], Any]


def plan(store: Store, ask: Ask) -> list[str]:
    """How SQLite answers the one statement that ``ask`` executes, with its own parameters."""
    with store.read() as connection:
        return plan_of(store, lambda: ask(connection))


def plan_of(store: Store, ask: Callable[[], object]) -> list[str]:
    """The same, whoever opens the connection."""
    asked: list[tuple[str, Any]] = []

    def note(_c: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, _many: bool) -> None:
        if statement.startswith("SELECT"):  # not what opens a transaction
            asked.append((statement, parameters))

    event.listen(store.engine, "before_cursor_execute", note)
    try:
        ask()
    finally:
        event.remove(store.engine, "before_cursor_execute", note)
    with store.read() as connection:
        ((statement, parameters),) = asked
        explained = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
        return [row.detail for row in explained]


@pytest.mark.parametrize(
    ("ask", "index"),
    [
        (lambda c: deliveries.due(c, "c0", NOW, 20), "ix_deliveries_due"),
        (lambda c: deliveries.first_ready(c, [f"c{n}" for n in range(20)]), "ix_deliveries_due"),
        (deliveries.next_look_at, "ix_deliveries_look"),
        (lambda c: deliveries.to_look_at(c, NOW, 20), "ix_deliveries_look"),
        (lambda c: waiting.overdue(c, NOW), "ix_deliveries_waiting"),
        (lambda c: deliveries.unrendered(c, NOW), "ix_deliveries_person"),
        (lambda c: attempts.lapsed(c, NOW), "ix_attempts_open"),
    ],
    ids=["due", "first_ready", "next_look_at", "to_look_at", "overdue_waiting", "unrendered", "lapsed"],
)
def test_a_question_of_a_pass_goes_through_its_own_index(crowded: Store, ask: Ask, index: str) -> None:
    steps = plan(crowded, ask)
    assert any(index in step for step in steps), steps
    assert not [step for step in steps if "TEMP B-TREE" in step], steps
    scans = [step for step in steps if step.startswith("SCAN") and "deliveries" in step and index not in step]
    assert not scans, steps


@pytest.mark.parametrize(
    ("ask", "index"),
    [
        (lambda c: freshness.last_published(c, ["action"], []), "ix_receipts_by_column_id"),
        (lambda c: freshness.last_published(c, [], ["c0"]), "ix_receipts_by_channel"),
        (lambda c: freshness.scheduled(c, NOW), "ix_deliveries_time (state=? AND due_at<?)"),
    ],
    ids=["last_of_column", "last_of_channel", "scheduled_soon"],
)
def test_how_long_nothing_came_is_told_by_an_index(crowded: Store, ask: Ask, index: str) -> None:
    assert any(index in step for step in plan(crowded, ask)), plan(crowded, ask)


@pytest.mark.parametrize("question", [_counts, _in_order], ids=["counts", "in_order"])
def test_what_goes_out_today_is_counted_by_its_time(crowded: Store, question: Callable[[bool], sa.Select[Any]]) -> None:
    day = {"b_begin": NOW, "b_end": NOW + timedelta(days=1)}
    steps = plan(crowded, lambda c: c.execute(question(False), day).all())
    assert any("ix_deliveries_time (state=? AND due_at>? AND due_at<?)" in step for step in steps), steps


@pytest.mark.parametrize(
    "state",
    [
        State.AWAITING_REVIEW,
        State.SCHEDULED,
        State.ACCEPTED,
        State.CANCELLED,
        State.RETRACTED,
        *sorted(WAITS_FOR_PERSON),
    ],
)
def test_a_list_of_what_waits_is_read_from_an_index_and_whole(crowded: Store, state: State) -> None:
    steps = plan(crowded, lambda c: c.execute(_LISTED.where(in_states({state}))).all())
    assert not [step for step in steps if step == "SCAN deliveries"], steps


@pytest.mark.parametrize(
    "ask",
    [
        outstanding,
        restored,
        lambda store: count_waiting(store, (State.SCHEDULED, State.AWAITING_REVIEW)),
        lambda store: _read(store, doubting.first_looks),
        lambda store: _read(store, lambda connection: late_proofs.published_again(connection, 5_000_000)),
    ],
    ids=["outstanding", "restored", "waiting", "first_looks", "published_again"],
)
def test_what_every_page_of_the_console_asks_reads_no_table_whole(
    crowded: Store, ask: Callable[[Store], object]
) -> None:
    steps = plan_of(crowded, lambda: ask(crowded))
    small = (
        "ix_deliveries_review",
        "ix_deliveries_due",
        "ix_deliveries_waiting",
    )  # each of what waits, and of nothing else
    scans = [step for step in steps if re.match(r"SCAN (deliveries|events|again|earlier)\b", step)]
    assert not [step for step in scans if not step.endswith(small)], steps


def _read(store: Store, ask: Ask) -> object:
    with store.read() as connection:
        return ask(connection)


def test_a_list_by_state_misses_nothing(crowded: Store) -> None:
    """Every state, waiting, looked for or handed over, and each pair of them."""
    number, d = 101, schema.deliveries.c
    with crowded.engine.connect() as connection:
        for state in State:
            shelf = "lies" if state is State.SHELVED else ""
            for waiting_, look_at in ((0, "NULL"), (1, "NULL"), (0, "5"), (1, "5")):
                connection.exec_driver_sql(
                    f"UPDATE deliveries SET state = '{state}', shelf = '{shelf}', waiting = {waiting_}, look_at = {look_at} "
                    f"WHERE id = {number}"
                )
                number += 1
        for some in ({one, other} for one in State for other in State):
            asked = sa.select(sa.func.count()).select_from(schema.deliveries)
            by_value = connection.scalar(asked.where(d.state.in_([each.value for each in some])))
            assert connection.scalar(asked.where(in_states(some))) == by_value, some
        connection.rollback()


def test_the_answers_are_right_among_many(crowded: Store) -> None:
    with crowded.read() as connection:
        due = [loaded.delivery.id for loaded in deliveries.due(connection, "c0", NOW, 3)]
        first = deliveries.first_ready(connection, ["c0", "c1", "nosuch"])
        looks = [loaded.delivery.id for loaded in deliveries.to_look_at(connection, NOW, 2)]
        next_look = deliveries.next_look_at(connection)
        lapsed = attempts.lapsed(connection, NOW)
    assert due == [5, 4, 3]
    assert first.keys() == {"c0", "c1"}
    assert first["c0"] == NOW - timedelta(microseconds=5)
    assert looks == [13, 12]
    assert next_look == NOW - timedelta(microseconds=13)
    assert [(delivery, number) for delivery, number, _ in lapsed] == [(20, 1)]


def test_the_indexes_of_a_pass_hold_only_what_it_may_touch(crowded: Store) -> None:
    """What is published, held or cancelled is in none of them."""
    conditions = {index.name: str(index.dialect_options["sqlite"]["where"]) for index in schema.deliveries.indexes}
    # A receipt leads to its delivery by this one; it begins with the number, by which no pass asks for anything.
    assert next(iter(_index("ix_deliveries_place").columns)).name == "id"
    assert conditions.pop("ix_deliveries_place") == "None"
    assert all(where != "None" for where in conditions.values()), conditions


def _index(name: str) -> sa.Index:
    return next(index for index in schema.deliveries.indexes if index.name == name)


def test_a_small_database_has_the_same_plans(tmp_path: Path) -> None:
    """The plans do not depend on statistics that a fresh database lacks."""
    store = Store(f"sqlite:///{tmp_path / 'small.db'}")
    store.ready()
    assert any("ix_deliveries_due" in step for step in plan(store, lambda c: deliveries.due(c, "c0", NOW, 20)))
    store.close()
