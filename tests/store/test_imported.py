"""What was imported, as the database keeps it: one row for a page, whoever brings it; the program's own proof goes before; vouched for."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from xuanfa.domain.imported import Past, page_key, row_key
from xuanfa.domain.receipt import Receipt
from xuanfa.store import deliveries, imported, ledger, schema
from xuanfa.store.database import Store

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
WHEN = datetime(2019, 5, 6, tzinfo=UTC)
Filled = Callable[..., Store]


def past(address: str | None = "https://a.cn/1", **changes: Any) -> Past:
    values: dict[str, Any] = {"title": "旧稿", "address": address, "published_at": WHEN, "place": "3"}
    values |= {"column": "action", "column_title": "在行动", "channel": "cms", "channel_title": "门户"}
    values["key"] = page_key(address) if address else row_key("cms", WHEN.date(), "旧稿")
    return Past(**values | changes)


def bring(connection: sa.Connection, *rows: Past, origin: str = "import:a.xlsx") -> int:
    made, proof = imported.add(connection, rows, origin=origin, digest="", actor="王", now=NOW)
    deliveries.record_event(
        connection, now=NOW, after=imported.IMPORTED, actor="王", why="", revision=made.id, proof=proof
    )
    return made.id


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("http://www.court.cn/a/1.html", "https://WWW.court.cn:443/a/1.html/#top"),
        ("https://a.cn/%E7%94%B2", "https://a.cn/甲"),
        (
            "http://mp.weixin.qq.com/s?__biz=MzA=&mid=265&idx=1&sn=ab&chksm=cd&scene=27#wechat_redirect",
            "https://mp.weixin.qq.com/s?__biz=MzA=&idx=1&mid=265&sn=ab",
        ),
    ],
)
def test_one_page_has_one_key_however_it_is_spelt(one: str, other: str) -> None:
    assert page_key(one) == page_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://a.cn/1", "https://a.cn/2"),
        ("https://a.cn/?id=1", "https://a.cn/?id=2"),
        ("https://a.cn/#/detail/1", "https://a.cn/#/detail/2"),
        ("https://mp.weixin.qq.com/s?__biz=M&mid=1&idx=1", "https://mp.weixin.qq.com/s?__biz=M&mid=1&idx=2"),
        ("https://mp.weixin.qq.com/s/abc", "https://mp.weixin.qq.com/s/abd"),
    ],
)
def test_two_pages_have_two_keys(one: str, other: str) -> None:
    assert page_key(one) != page_key(other)


def test_a_page_stands_once_and_may_come_again_when_its_import_was_taken_back(store: Store) -> None:
    with store.write() as connection:
        number = bring(connection, past())
        with pytest.raises(IntegrityError), connection.begin_nested():
            bring(connection, past("http://a.cn/1/"))
        assert imported.known_keys(connection, [page_key("https://A.cn/1")]) == {past().key: "import:a.xlsx"}
        imported.undo(connection, number, actor="李", now=NOW)
        assert imported.known_keys(connection, [past().key]) == {}
        bring(connection, past(), origin="feed:a.cn")
        first, second = reversed(imported.all_imports(connection))
    assert (first.undone_at, first.undone_by, second.undone_at) == (NOW, "李", None)


@pytest.mark.parametrize("wrong", [{"origin": "own"}, {"entries": 0}])
def test_an_import_says_where_it_comes_from_and_holds_something(store: Store, wrong: dict[str, Any]) -> None:
    row = {"origin": "import:a", "digest": "", "entries": 1, "imported_at": NOW, "actor": "王"}
    with store.write() as connection, pytest.raises(IntegrityError), connection.begin_nested():
        connection.execute(schema.imports.insert(), row | wrong)


def test_a_row_belongs_to_an_import(store: Store) -> None:
    row = imported._values(past()) | {"import_id": 7}
    with store.write() as connection, pytest.raises(IntegrityError), connection.begin_nested():
        connection.execute(schema.imported.insert(), row)


def test_what_this_program_proves_itself_goes_before_what_was_imported(filled: Filled) -> None:
    with filled(3).write() as connection:
        bring(connection, past("http://a.cn/1"), past("http://a.cn/2"), past("http://a.cn/9"))
        found = [(1, Receipt(address="https://A.cn/1/")), (2, Receipt(address="https://b.cn/1")), (3, Receipt())]
        assert ledger.add_receipts(connection, found, NOW) == []
        rows = connection.execute(sa.select(schema.imported.c.address, schema.imported.c.delivery_id)).all()
        assert dict(map(tuple, rows)) == {"http://a.cn/1": 1, "http://a.cn/2": None, "http://a.cn/9": None}
        assert imported.own_pages(connection, {"a.cn"}) == {page_key("http://a.cn/1"): 1}
        assert imported.own_pages(connection, {"c.cn"}) == {}
        assert list(imported.altered(connection)) == []


def test_a_drill_proves_nothing(filled: Filled) -> None:
    store = filled(1)
    with store.write() as connection:
        connection.execute(schema.deliveries.update().values(rehearsal=True))
        bring(connection, past("http://a.cn/1"))
        ledger.add_receipts(connection, [(1, Receipt(address="http://a.cn/1"))], NOW)
        assert connection.scalar(sa.select(schema.imported.c.delivery_id)) is None
        assert imported.own_pages(connection, {"a.cn"}) == {}


@pytest.mark.parametrize(
    "change",
    [
        schema.imported.update().values(title="别的"),
        schema.imported.update().values(published_at=WHEN + timedelta(days=400)),
        schema.imported.update().where(schema.imported.c.place == "4").values(stands=False),
        schema.imported.delete().where(schema.imported.c.place == "4"),
        schema.imports.update().values(undone_at=NOW),
    ],
)
def test_what_is_changed_by_hand_is_found(store: Store, change: Any) -> None:
    with store.write() as connection:
        bring(connection, past("https://b.cn/1"), origin="feed:b.cn")
        connection.execute(schema.imported.update().values(place="0"))
    with store.write() as connection:
        assert list(imported.altered(connection)) == [1]
    with store.write() as connection:
        number = bring(connection, past(), past(None, place="4"))
        assert list(imported.altered(connection)) == [1]
        connection.execute(change)
        assert number in list(imported.altered(connection))


def test_names_are_the_last_that_they_were_called_by(store: Store) -> None:
    with store.write() as connection:
        bring(connection, past(column_title="旧名", channel="tt", channel_title="头条"))
        bring(
            connection, past("https://a.cn/2", column_title="新名"), past("https://a.cn/3", column="", column_title="")
        )
        columns, channels = imported.names_in(connection)
    assert (columns, channels) == ({"action": "新名"}, {"tt": "头条", "cms": "门户"})
