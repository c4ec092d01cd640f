"""The ledger: a row for each receipt, as it was then, read one after the other."""

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import fields
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from tests.support.ledger_book import NOW, Book
from xuanfa.domain.access import Access, Restriction, Veil
from xuanfa.domain.delivery import State
from xuanfa.domain.language import say
from xuanfa.domain.reader import Reader, process_read_by
from xuanfa.reports.ledger import KEYS, Publication, publications
from xuanfa.reports.period import Period
from xuanfa.store import names, schema
from xuanfa.store.database import Store
from xuanfa.wording.command_line import worded

DAY = timedelta(days=1)


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Book]:
    store = Store(f"sqlite:///{tmp_path / 'xuanfa.db'}")
    store.ready()
    yield Book(store)
    store.close()


@pytest.fixture
def rows(book: Book) -> Callable[..., list[Publication]]:
    def read(veil: Veil | None = None, **changes: Any) -> list[Publication]:
        return list(publications(book.store, Period(**{"zone": ZoneInfo("Asia/Shanghai")} | changes), veil))

    return read


def test_a_row_has_the_keys_of_the_contract_and_no_other(book: Book, rows: Callable[..., list[Publication]]) -> None:
    book.post(1, department="民一庭")
    book.delivery(7, 1, at=NOW + timedelta(minutes=90))
    (row,) = rows()
    assert tuple(row.as_json()) == KEYS
    assert set(KEYS) < {field.name for field in fields(Publication)}
    assert (row.id, row.post, row.department, row.origin, row.state) == (7, "post-1", "民一庭", "own", "published")
    assert (row.minutes, row.address, row.rehearsal, row.counts) == (89, "https://x.example/7", False, True)


def test_rows_come_by_time_and_tell_what_does_not_count(book: Book, rows: Callable[..., list[Publication]]) -> None:
    book.post(1)
    book.delivery(1, 1, "site", at=NOW + DAY)
    book.delivery(2, 1, "cms", State.RETRACTED, at=NOW)
    book.delivery(3, 1, "wecom", at=NOW - DAY, rehearsal=True)
    found = rows()
    assert [(row.id, row.counts) for row in found] == [(3, False), (2, False), (1, True)]
    assert [row.retracted_at for row in found] == [None, NOW, None]
    assert [row.first for row in found] == [False, False, True]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"since": date(2026, 3, 2)}, [1, 2, 3]),
        ({"until": date(2026, 3, 2)}, [1, 2]),
        ({"since": date(2026, 3, 3)}, [3]),
        ({"column": "law"}, [2]),
        ({"channel": "cms"}, [2, 3]),
        ({"department": "办公室"}, [2]),
        ({"department": ""}, [1, 3]),
        ({"channel": "cms", "column": "action"}, [3]),
        ({"since": date(1970, 1, 1), "until": date(1970, 1, 1)}, []),
    ],
)
def test_rows_are_left_out_by_day_column_channel_and_department(
    book: Book, rows: Callable[..., list[Publication]], changes: dict[str, Any], expected: list[int]
) -> None:
    """09:00 in Shanghai is 01:00 UTC: the day is the office's."""
    book.post(1)
    book.post(2, department="办公室", column="law")
    book.delivery(1, 1, "site", at=NOW)
    book.delivery(2, 2, "cms", at=NOW + timedelta(hours=14), column="law")
    book.delivery(3, 1, "cms", at=NOW + timedelta(hours=15))
    assert [row.id for row in rows(**changes)] == expected


def test_titles_are_those_of_then_also_where_the_settings_have_lost_them(
    book: Book, rows: Callable[..., list[Publication]]
) -> None:
    book.post(1)
    for number, at in enumerate((NOW - DAY, NOW + DAY, NOW + 3 * DAY), start=1):
        book.delivery(number, 1, f"c{number}", at=at)
    with book.store.write() as connection:
        names.note(connection, {("column", "action"): "在行动"}, NOW)
        names.note(connection, {("column", "action"): "我们在行动"}, NOW + 2 * DAY)
        names.note(connection, {("channel", "c2"): "公众号"}, NOW)
    assert [row.column_title for row in rows()] == ["在行动", "在行动", "我们在行动"]
    assert [row.channel_title for row in rows()] == ["c1", "公众号", "c3"]


def test_a_title_that_was_not_changed_is_not_noted_twice(book: Book) -> None:
    for at, title in ((NOW, "甲"), (NOW + DAY, "甲"), (NOW + 2 * DAY, "乙"), (NOW + 3 * DAY, "甲")):
        with book.store.write() as connection:
            names.note(connection, {("column", "action"): title}, at)
    with book.store.read() as connection:
        found = names.all_names(connection)
        assert found.all_of("column") == {"action": ["甲", "乙", "甲"]}
        assert not names.are_noted(connection, {("column", "action"): "乙"})


def test_a_name_in_two_languages_is_one_name(book: Book) -> None:
    """A channel without a title is called by its kind; whoever reads English must not seem to have renamed it."""
    for reader in (Reader("zh", worded), Reader("en", worded), Reader("zh", worded)):
        with process_read_by(reader), book.store.write() as connection:
            names.note(connection, {("channel", "site"): say("网站", "website")}, NOW)
    with book.store.read() as connection:
        assert names.all_names(connection).all_of("channel") == {"site": ["网站"]}


def test_what_is_restricted_tells_only_that_it_is_there(book: Book, rows: Callable[..., list[Publication]]) -> None:
    book.post(1, department="刑庭")
    book.delivery(1, 1, "site", at=NOW, rehearsal=True)
    hidden = Restriction(post_id=1, slug="post-1", access=Access(frozenset({"@zhang"})))
    veil = Veil.over([hidden])
    (row,) = rows(veil)
    assert row.restricted
    assert (row.title, row.column, row.department, row.address) == ("限阅", "", "", None)
    assert rows(veil, column="action") == rows(veil, department="刑庭") == []
    assert len(rows(column="action")) == 1


def test_what_is_not_read_to_its_end_is_given_back(book: Book) -> None:
    book.post(1)
    for number in range(1, 6):
        book.delivery(number, 1, f"c{number}", at=NOW)
    with closing(publications(book.store, Period(zone=ZoneInfo("UTC")))) as found:
        assert next(found).id == 1
    with book.store.write() as connection:
        connection.execute(sa.delete(schema.receipts))
