"""Sealed months: what a month counted is kept, by an act that the history vouches for, and what is corrected later shows as such."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from tests.support.decisions import retract
from xuanfa.domain.errors import StateError
from xuanfa.domain.outcome import Retracted
from xuanfa.domain.person import Person
from xuanfa.domain.sealed_month import SealMonth
from xuanfa.engine.proving import prove_once
from xuanfa.operations.deciding.door import carry_out
from xuanfa.operations.keeping.verify import verify
from xuanfa.reports.counts import Period, count
from xuanfa.reports.sealed import counted_in, sealed_within
from xuanfa.store import append_only, month_sums
from xuanfa.store.sealed_schema import sealed_months

ANNA = Person(name="安娜", why="核对无误")
MARCH = SealMonth(month="2026-03")


@pytest.fixture
def march(bench: Any) -> Any:
    """Two posts on two channels in March; it is the third of April."""
    bench.channel("a", retracts=True)
    bench.channel("b", retracts=True)
    zone = bench.desk.zone
    bench._desk = replace(bench.desk, counted=lambda c, since, until: counted_in(c, zone, since, until))
    bench.queue("one", "two")
    bench.run()
    bench.clock.advance(days=32)
    return bench


def later(bench: Any) -> list[tuple[str, str]]:
    (found,) = sealed_within(bench.desk.store, bench.desk.zone, date(2026, 3, 1), date(2026, 3, 31))
    return [(each.what, each.entry.post) for each in found.later]


def test_a_month_that_is_over_is_sealed_once_and_the_history_tells_it(march: Any) -> None:
    sealed = carry_out(march.desk, MARCH, ANNA)
    assert (sealed.items, sealed.posts, sealed.actor) == (4, 2, "安娜")
    with march.desk.store.read() as connection:
        lines = connection.execute(
            sa.text(
                "SELECT after, act, actor, proof FROM events WHERE after IN ('month_sealed', 'refused') ORDER BY id"
            )
        ).all()
    assert [tuple(line) for line in lines] == [("month_sealed", "seal_month", "安娜", sealed.hash)]
    with pytest.raises(StateError, match="2026-03 已由 安娜 封存过"):
        carry_out(march.desk, MARCH, ANNA)
    assert later(march) == []


@pytest.mark.parametrize("month", ["2026-04", "2027-01"])
def test_a_month_that_is_not_over_is_not_sealed(march: Any, month: str) -> None:
    with pytest.raises(StateError, match=f"{month} 还没有过完"):
        carry_out(march.desk, SealMonth(month=month), ANNA)
    with march.desk.store.read() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(sealed_months)) == 0


def test_what_is_withdrawn_or_entered_later_shows_as_such(march: Any) -> None:
    carry_out(march.desk, MARCH, ANNA)
    march.scripts["a"].retract.append(Retracted(evidence="gone"))
    retract(march.desk, 1, ANNA)
    assert later(march) == [("withdrawn", "one")]
    with march.desk.store.write() as connection:  # as an answer that came late enters it
        connection.exec_driver_sql("UPDATE receipts SET title = 'other' WHERE delivery_id = 2")
    assert later(march) == [("withdrawn", "one"), ("changed", "one")]
    (found,) = sealed_within(march.desk.store, march.desk.zone, None, None)
    assert found.in_words() == "封存：2026-03 封存时 4 条（去重稿件 2 篇），封存后撤回 1 条、封存后更正 1 条。"
    assert found.as_json()["items"] == 4
    assert count(march.desk.store, Period(zone=march.desk.zone)).items == 3
    april = sealed_within(march.desk.store, march.desk.zone, date(2026, 4, 1), None)
    assert april == []


def test_an_entry_that_comes_after_the_seal_is_told(march: Any) -> None:
    carry_out(march.desk, MARCH, ANNA)
    march.queue("three")
    march.run()
    at = datetime(2026, 3, 20, tzinfo=march.clock().tzinfo)
    micro = int(at.timestamp() * 1_000_000)
    with march.desk.store.write() as connection:
        connection.exec_driver_sql(f"UPDATE receipts SET published_at = {micro} WHERE delivery_id > 4")  # noqa: S608
    assert later(march) == [("added", "three"), ("added", "three")]


def test_nothing_changes_a_sealed_month_and_verify_names_one_that_was(march: Any) -> None:
    carry_out(march.desk, MARCH, ANNA)
    assert not [each for each in verify(march.desk) if each.trouble and "封存" in each.what]
    with pytest.raises(Exception, match="append-only"), march.desk.store.write() as connection:
        connection.execute(sa.update(sealed_months).values(items=99))
    with march.desk.store.write() as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("DROP TRIGGER sealed_months_no_update")
        else:
            connection.exec_driver_sql("ALTER TABLE sealed_months DISABLE TRIGGER ALL")
        connection.execute(sa.update(sealed_months).values(posts=99))
    (trouble,) = [each.trouble for each in verify(march.desk) if each.what == "封存的月份与历史一致"]
    assert "2026-03" in trouble
    with march.desk.store.read() as connection:
        assert append_only.troubles(connection)
    with march.desk.store.write() as connection:
        if connection.dialect.name == "postgresql":  # its tests share a database, a schema of tables is made once
            connection.exec_driver_sql("ALTER TABLE sealed_months ENABLE TRIGGER ALL")


def test_a_month_without_a_post_is_sealed_too(march: Any) -> None:
    sealed = carry_out(march.desk, SealMonth(month="2025-01"), ANNA)
    assert (sealed.items, sealed.posts) == (0, 0)
    assert march.clock() - sealed.sealed_at == timedelta(0)


def test_a_month_that_is_over_is_kept_by_a_pass_and_verify_tells_where_it_does_not_come_to_its_receipts(
    march: Any,
) -> None:
    prove_once(march.desk)
    with march.desk.store.read() as connection:
        assert len(month_sums.all_kept(connection)) == 1
        assert month_sums.altered(connection) == []
    with march.desk.store.write() as connection:
        connection.exec_driver_sql("UPDATE receipts SET department = '执行局' WHERE delivery_id = 2")
    told = {item.what: item.trouble for item in verify(march.desk)}["各月合计与回执一致"]
    assert told.startswith("1 个月的合计与回执不符（如从 2026-02-28 16:00 UTC 起的一个月）")
