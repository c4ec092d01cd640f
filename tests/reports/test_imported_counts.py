"""What was imported is counted by the same splits as the rest, apart from it, and every split sums to the same."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.ledger_book import NOW, Book
from xuanfa.domain.counting import ALL_BY, ImportedCount, sentence
from xuanfa.domain.imported import Past, page_key
from xuanfa.reports.counts import Period, count
from xuanfa.reports.ledger import Which, publications
from xuanfa.store import imported
from xuanfa.store.database import Store

ZONE = ZoneInfo("Asia/Shanghai")
ALL = Period(zone=ZONE)


@pytest.fixture
def store(database: str) -> Iterator[Store]:
    opened = Store(database)
    opened.ready()
    yield opened
    opened.close()


def past(number: int, at: datetime, **changes: Any) -> Past:
    address = f"https://old.example/{number}"
    values: dict[str, Any] = {
        "title": f"旧稿{number}",
        "address": address,
        "published_at": at,
        "key": page_key(address),
    }
    values |= {"column": "action", "column_title": "在行动", "channel": "site", "channel_title": "网站"}
    return Past(**values | changes)


def bring(store: Store, *rows: Past, origin: str = "import:2019.xlsx") -> int:
    with store.write() as connection:
        made, _ = imported.add(connection, rows, origin=origin, digest="", actor="王", now=NOW)
    return made.id


def test_what_was_imported_stands_beside_the_figures_and_never_in_them(store: Store) -> None:
    book = Book(store)
    book.post(1)
    book.delivery(1, 1, at=datetime(2019, 5, 6, tzinfo=UTC))
    one = datetime(2019, 5, 6, 15, 59, tzinfo=UTC)
    rows = [past(1, one), past(2, one + timedelta(minutes=1), channel="wb", title="旧稿1！"), past(3, one, column="")]
    bring(store, *rows)
    bring(store, past(4, one, department="研究室"), origin="feed:old.example")
    found = count(store, ALL, "day")
    assert (found.items, found.by) == (1, {"2019-05-06": 1})
    assert found.imported == ImportedCount(
        posts=3,
        items=4,
        by={"2019-05-06": 3, "2019-05-07": 1},
        origins={"import:2019.xlsx": 3, "feed:old.example": 1},
    )
    assert sentence(found, "").endswith(
        "另有导入的 4 条（去重 3 篇；导入：2019.xlsx 3 条、导入：网站 old.example 1 条），未经本系统证明，不计入；合计 5 条。"
    )
    by_column = count(store, ALL, "column").imported
    assert by_column is not None
    assert by_column.by == {"action": 3, "": 1}
    only = count(store, Period(zone=ZONE, since=date(2019, 5, 7), channel="wb"), "channel").imported
    assert only is not None
    assert only.by == {"wb": 1}
    assert count(store, Period(zone=ZONE, department="宣传科")).imported is None


def test_nothing_imported_is_nothing_said(store: Store) -> None:
    assert count(store, ALL).imported is None
    assert "导入" not in sentence(count(store, ALL), "")


def test_taken_back_or_proved_by_this_program_it_counts_no_more(store: Store) -> None:
    book = Book(store)
    book.post(1)
    book.delivery(1, 1)
    number = bring(store, past(1, NOW))
    bring(store, past(2, NOW))
    with store.write() as connection:
        imported.undo(connection, number, actor="王", now=NOW)
    found = count(store, ALL).imported
    assert found is not None
    assert found.items == 1
    with store.write() as connection:
        imported.note_own(connection, {1: "http://OLD.example/2/"})
    assert count(store, ALL).imported is None


Times = st.datetimes(datetime(2018, 1, 1), datetime(2021, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
Rows = st.lists(
    st.tuples(
        Times,
        st.sampled_from(["site", "wb", "wx"]),
        st.sampled_from(["action", "news", ""]),
        st.sampled_from(["研究室", ""]),
        st.sampled_from(["甲", "乙", "丙"]),
    ),
    max_size=12,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lists=st.lists(Rows, min_size=1, max_size=3), undone=st.sets(st.integers(1, 3)))
def test_every_split_sums_to_the_rows_of_the_ledger(tmp_path: Path, lists: list[list[Any]], undone: set[int]) -> None:
    store, number = Store(f"sqlite:///{tmp_path / uuid4().hex}.db"), 0
    store.ready()
    for rows in lists:
        made = []
        for at, channel, column, department, title in rows:
            number += 1
            made.append(past(number, at, channel=channel, column=column, department=department, title=title))
        if not made:
            continue
        import_id = bring(store, *made, origin=f"import:{number}.csv")
        if import_id in undone:
            with store.write() as connection:
                imported.undo(connection, import_id, actor="王", now=NOW)
    listed = [row for row in publications(store, ALL) if row.which is Which.IMPORTED]
    for by in ALL_BY:
        found = count(store, ALL, by)
        assert (found.items, found.posts) == (0, 0)
        if found.imported is None:
            assert listed == []
            continue
        assert sum(found.imported.by.values()) == found.imported.items == len(listed)
        assert sum(found.imported.origins.values()) == len(listed)
        assert found.imported.posts == len({row.title for row in listed})
        if by == "month":
            months = [f"{row.published_at.astimezone(ZONE):%Y-%m}" for row in listed]
            assert found.imported.by == {month: months.count(month) for month in sorted(months)}
    store.close()
