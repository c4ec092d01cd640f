"""When the history is sealed: at once, when it is calm, after a minute, when there is much; in one chain, and never before an earlier number."""

import threading
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from tests.support.verified import troubles
from xuanfa.engine.once import one_pass
from xuanfa.operations.keeping.seal import MANY, seal, seal_if_due
from xuanfa.operations.keeping.verify import newest_seal, verify
from xuanfa.store import chain
from xuanfa.store.schema import events, seals


def test_a_pass_seals_at_once_what_was_never_sealed_and_then_every_minute(bench: Any) -> None:
    bench.channel()
    bench.queue("one")
    assert newest_seal(bench.desk) is None
    one_pass(bench.desk, scan=False)
    first = newest_seal(bench.desk)
    assert first is not None
    bench.queue("two")
    one_pass(bench.desk, scan=False)
    assert newest_seal(bench.desk) == first
    bench.queue("three")
    bench.clock.advance(minutes=1)
    one_pass(bench.desk, scan=False)
    assert newest_seal(bench.desk) != first


def test_a_calm_pass_leaves_no_line_without_a_seal(bench: Any) -> None:
    bench.channel()
    bench.queue("one")
    one_pass(bench.desk, scan=False)
    bench.queue("two")
    one_pass(bench.desk, scan=False)
    one_pass(bench.desk, scan=False)
    last = newest_seal(bench.desk)
    assert last is not None
    with bench.desk.store.read() as connection:
        assert chain.count_after(connection, last.last) == 0


def test_much_is_sealed_without_waiting_for_the_time(bench: Any) -> None:
    bench.channel()
    bench.queue("one")
    seal(bench.desk)
    row = {"at": bench.clock(), "after": "paused", "actor": "安娜", "why": ""}
    with bench.desk.store.write() as connection:
        connection.execute(events.insert(), [row] * (MANY - 1))
    seal_if_due(bench.desk)
    with bench.desk.store.write() as connection:
        connection.execute(events.insert(), [row])
    before = newest_seal(bench.desk)
    seal_if_due(bench.desk)
    after = newest_seal(bench.desk)
    assert before is not None
    assert after is not None
    assert (before.number, after.number, after.count) == (1, 2, MANY)


@pytest.mark.parametrize("database", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True)
def test_nothing_is_sealed_while_an_earlier_number_may_still_be_committed(bench: Any) -> None:
    """On PostgreSQL the later number may be committed first: a seal over it alone would call the earlier one an insertion."""
    bench.channel()
    bench.queue("one")
    seal(bench.desk)
    row = {"at": bench.clock(), "after": "paused", "actor": "安娜", "why": ""}
    slow = bench.another().store
    with slow.write() as connection:
        connection.execute(events.insert().values(row))
        with bench.desk.store.write() as other:
            other.execute(events.insert().values(row))
        before = newest_seal(bench.desk)
        assert seal(bench.desk) == before
    after = seal(bench.desk)
    assert after is not None
    assert after.count == 2
    assert troubles(bench) == []


def test_two_who_seal_at_once_make_one_chain(bench: Any) -> None:
    bench.channel()
    bench.queue("one", "two", "three")
    bench.run()
    desks = [bench.another() for _ in range(4)]
    start = threading.Barrier(len(desks))

    def sealing(desk: Any) -> None:
        start.wait()
        seal(desk)

    threads = [threading.Thread(target=sealing, args=(desk,)) for desk in desks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with bench.desk.store.read() as connection:
        assert len(chain.all_seals(connection)) == 1
    assert troubles(bench) == []


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("keys", [{"number": 1, "last": 9}, {"number": 9}])
def test_a_seal_cannot_be_replaced_by_any_of_its_keys(bench: Any, keys: dict[str, int]) -> None:
    bench.channel()
    bench.queue("one")
    kept = seal(bench.desk)
    assert kept is not None
    statement = sa.text(
        "REPLACE INTO seals (number, first, last, count, hash, previous, sealed_at) VALUES (:number, 1, :last, 9, '', '', 0)"
    )
    with bench.desk.store.engine.connect() as connection, pytest.raises(DBAPIError, match="append-only"):
        connection.execute(statement, {"last": kept.last} | keys)
    assert newest_seal(bench.desk) == kept


def test_verifying_waits_for_nobody_and_sees_one_moment(bench: Any) -> None:
    bench.channel()
    bench.queue("one")
    checks = verify(bench.desk)
    next(checks)
    desk = bench.another()
    with desk.store.write() as connection:
        connection.execute(sa.text("UPDATE deliveries SET digest = '0'"))
    assert [item.trouble for item in checks if item.trouble] == []
    assert troubles(bench)


def test_no_seal_is_half_there(bench: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    bench.channel()
    bench.queue("one")

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(chain, "add", killed)
    with pytest.raises(KeyboardInterrupt):
        seal(bench.desk)
    monkeypatch.undo()
    with bench.desk.store.read() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(seals)) == 0
    assert seal(replace(bench.desk)) is not None
    assert troubles(bench) == []
