"""Reports: figures that come from the ledger and nothing else, whole days of the workspace's zone, and rehearsals told apart."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from tests.support.ledger_book import NOW, Book
from xuanfa.domain.counting import Count
from xuanfa.domain.delivery import WAITS_FOR_PERSON, State
from xuanfa.reports.counts import Period, count
from xuanfa.reports.listing import file_problems, history, list_deliveries, list_posts, outstanding, paused_channels
from xuanfa.store import schema
from xuanfa.store.database import Store

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Book]:
    store = Store(f"sqlite:///{tmp_path / 'xuanfa.db'}")
    store.ready()
    yield Book(store)
    store.close()


def everything(**changes: Any) -> Period:
    return Period(**{"zone": SHANGHAI} | changes)


def test_an_empty_ledger_counts_to_nothing(book: Book) -> None:
    assert count(book.store, everything()) == Count(posts=0, items=0, retracted=0, rehearsed=0, by={})


def test_one_post_on_three_channels_is_three_items_and_one_post(book: Book) -> None:
    book.post(1)
    book.post(2)
    for number, channel in enumerate(("site", "wecom", "cms"), start=1):
        book.delivery(number, 1, channel, at=NOW)
    book.delivery(4, 2, "site", at=NOW)
    found = count(book.store, everything())
    assert (found.posts, found.items) == (2, 4)
    assert list(found.by.items()) == [("site", 2), ("cms", 1), ("wecom", 1)]


def test_receipts_count_and_nothing_else(book: Book) -> None:
    """What was not published has none; what is being withdrawn counts until the withdrawal is certain."""
    book.post(1)
    beside = (State.SCHEDULED, State.PUBLISHING)  # they need a frozen rendition, which is beside the point
    for number, state in enumerate((state for state in State if state not in beside), start=1):
        book.delivery(number, 1, state.value, state)
    assert count(book.store, everything()) == Count(posts=0, items=0, retracted=0, rehearsed=0, by={})
    book.delivery(20, 1, "site", State.RETRACTING, at=NOW)
    assert count(book.store, everything()) == Count(posts=1, items=1, retracted=0, rehearsed=0, by={"site": 1})


def test_what_is_edited_afterwards_changes_no_figure(book: Book) -> None:
    book.post(1, department="宣传科")
    book.delivery(1, 1, "site", at=NOW)
    before = [count(book.store, everything(column="action"), by) for by in ("channel", "column", "month", "department")]
    with book.store.write() as connection:
        connection.execute(sa.update(schema.posts).values(title="改过", department="办公室", column_id="law"))
        connection.execute(sa.update(schema.deliveries).values(column_id="law", rehearsal=True))
    after = [count(book.store, everything(column="action"), by) for by in ("channel", "column", "month", "department")]
    assert after == before
    assert after[3].by == {"宣传科": 1}


def test_retracted_and_rehearsed_ones_are_counted_apart(book: Book) -> None:
    book.post(1)
    book.delivery(1, 1, "site", at=NOW)
    book.delivery(2, 1, "cms", State.RETRACTED, at=NOW)
    book.delivery(3, 1, "wecom", at=NOW, rehearsal=True)
    book.delivery(4, 1, "drill", State.RETRACTED, at=NOW, rehearsal=True)
    assert count(book.store, everything()) == Count(posts=1, items=1, retracted=1, rehearsed=1, by={"site": 1})


def test_days_are_those_of_the_workspace_and_both_ends_are_included(book: Book) -> None:
    """16:00 in UTC is midnight in Shanghai."""
    moments = [
        datetime(2026, 2, 28, 15, 59, 59, 999999, tzinfo=UTC),  # the last moment of February there
        datetime(2026, 2, 28, 16, 0, tzinfo=UTC),
        datetime(2026, 3, 31, 15, 59, 59, 999999, tzinfo=UTC),
        datetime(2026, 3, 31, 16, 0, tzinfo=UTC),
    ]
    book.post(1)
    for number, at in enumerate(moments, start=1):
        book.delivery(number, 1, f"c{number}", at=at)
    march = everything(since=date(2026, 3, 1), until=date(2026, 3, 31))
    assert count(book.store, march).by == {"c2": 1, "c3": 1}
    assert count(book.store, everything(since=date(2026, 4, 1))).by == {"c4": 1}
    assert count(book.store, everything(until=date(2026, 2, 28))).by == {"c1": 1}
    assert count(book.store, everything(), by="month").by == {"2026-02": 1, "2026-03": 2, "2026-04": 1}
    assert count(book.store, everything(zone=UTC), by="month").by == {"2026-02": 2, "2026-03": 2}


def test_every_split_sums_to_the_items(book: Book) -> None:
    for number in range(1, 7):
        book.post(number, department="宣传科" if number % 2 else "", column="action" if number < 5 else "law")
        column = "action" if number < 5 else "law"
        book.delivery(
            number, number, "site" if number % 3 else "cms", column=column, at=NOW + timedelta(days=number * 9)
        )
    for by in ("channel", "column", "month", "department"):
        found = count(book.store, everything(), by)  # type: ignore[arg-type]
        assert sum(found.by.values()) == found.items == 6
    assert count(book.store, everything(), "department").by == {"": 3, "宣传科": 3}
    assert count(book.store, everything(column="law"), "column").by == {"law": 2}
    assert count(book.store, everything(column="law")).posts == 2


def test_deliveries_are_listed_in_the_order_in_which_they_are_due(book: Book) -> None:
    book.post(1)
    book.delivery(2, 1, "cms", at=NOW)
    book.delivery(1, 1, "site", State.HELD, reason="太晚")
    rows = list_deliveries(book.store)
    assert [(row.id, row.state, row.reason, row.address) for row in rows] == [
        (1, State.HELD, "太晚", None),
        (2, State.PUBLISHED, "", "https://x.example/2"),
    ]
    assert [row.id for row in list_deliveries(book.store, states=[State.HELD])] == [1]
    assert [row.id for row in list_deliveries(book.store, ids=[2])] == [2]
    assert [row.id for row in list_deliveries(book.store, channel="cms", post="post-1")] == [2]
    assert list_deliveries(book.store, post="post-2") == []


def test_posts_are_listed_with_what_became_of_them(book: Book) -> None:
    book.post(1)
    book.post(2, queued_at=NOW + timedelta(hours=1))
    book.delivery(1, 1, "site", at=NOW)
    book.delivery(2, 1, "cms", at=NOW)
    book.delivery(3, 1, "wecom", State.HELD)
    newest, oldest = list_posts(book.store)
    assert (newest.slug, newest.states) == ("post-2", {})
    assert (oldest.slug, oldest.states) == ("post-1", {State.PUBLISHED: 2, State.HELD: 1})


def test_what_waits_for_a_person_is_counted_by_state(book: Book) -> None:
    book.post(1)
    for number, state in enumerate((s for s in State if s not in {State.SCHEDULED, State.PUBLISHING}), start=1):
        book.delivery(number, 1, f"c{number}", state)
    assert outstanding(book.store) == dict.fromkeys(WAITS_FOR_PERSON, 1)


def test_a_history_holds_moves_and_attempts_in_order(book: Book) -> None:
    book.post(1)
    book.delivery(1, 1, at=NOW)
    with book.store.write() as connection:
        for second, before, after in ((0, None, "scheduled"), (2, "publishing", "published")):
            row = {"at": NOW + timedelta(seconds=second), "delivery_id": 1, "before": before, "after": after}
            connection.execute(sa.insert(schema.events), row | {"actor": "node", "why": ""})
        attempt = {"delivery_id": 1, "number": 1, "action": "publish", "key": "", "digest": "", "node": "node"}
        times = {"started_at": NOW + timedelta(seconds=1), "lease_until": NOW, "evidence": ""}
        connection.execute(sa.insert(schema.attempts), attempt | times)
    whats = [line.what for line in history(book.store, 1)]
    assert whats == ["scheduled", "publish #1: …", "publishing → published"]
    assert history(book.store, 2) == []


def test_problems_of_files_are_listed_by_file(book: Book) -> None:
    with book.store.write() as connection:
        for path, problems in (("posts/b.md", ["b:1: 乙", "b:2: 丙"]), ("posts/a.md", ["a:1: 甲"]), ("posts/c.md", [])):
            row = {"path": path, "size": 1, "changed_ns": 1, "digest": "", "problems": problems, "read_at": NOW}
            connection.execute(sa.insert(schema.files), row)
    assert file_problems(book.store) == ["a:1: 甲", "b:1: 乙", "b:2: 丙"]


def test_only_paused_channels_are_named(book: Book) -> None:
    with book.store.write() as connection:
        for channel, paused_at, reason in (("cms", NOW, "401"), ("site", None, "慢")):
            row = {"channel": channel, "paused_at": paused_at, "reason": reason}
            connection.execute(sa.insert(schema.channel_states), row)
    assert paused_channels(book.store) == {"cms": "401"}
