"""The ledger page by page, and what each department has a share in: all of it once, in order, and the same sums as the count."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.support.ledger_book import NOW, Book
from xuanfa.domain.access import Veil
from xuanfa.domain.correction import Progress
from xuanfa.domain.delivery import State
from xuanfa.reports.counts import count
from xuanfa.reports.ledger import Publication, Which, newest, publications
from xuanfa.reports.mark import Mark
from xuanfa.reports.period import Period
from xuanfa.reports.shares import shares
from xuanfa.store.database import Store
from xuanfa.store.imported_schema import imported as imported_table
from xuanfa.store.imported_schema import imports
from xuanfa.store.withdrawals_schema import corrections

PERIOD = Period(zone=ZoneInfo("Asia/Shanghai"))


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Book]:
    store = Store(f"sqlite:///{tmp_path / 'xuanfa.db'}")
    store.ready()
    yield Book(store)
    store.close()


def imported(book: Book, numbers: range) -> None:
    """Rows of an import, all of one moment, as a list that names days alone has them."""
    place = {"origin": "import:old.csv", "digest": "d", "entries": len(numbers), "imported_at": NOW, "actor": "lina"}
    with book.store.write() as connection:
        import_id = connection.execute(imports.insert().values(**place).returning(imports.c.id)).scalar_one()
        for number in numbers:
            row: dict[str, Any] = {
                "import_id": import_id,
                "place": number,
                "title": f"旧闻 {number}",
                "title_key": str(number),
            }
            row |= {
                "address": f"https://old.example/{number}",
                "published_at": NOW,
                "column_id": "action",
                "column_title": "我们在行动",
            }
            row |= {
                "channel": "site",
                "channel_title": "网站",
                "department": "",
                "author": "",
                "key": f"k{number}",
                "stands": True,
            }
            connection.execute(imported_table.insert().values(**row))


def every(book: Book, which: Which, most: int) -> list[Publication]:
    """Read page by page to the end."""
    found: list[Publication] = []
    behind: Mark | None = None
    while some := newest(book.store, PERIOD, Veil(), which, most=most, behind=behind):
        found += some
        behind = Mark(some[-1].published_at, some[-1].id)
    return found


@pytest.mark.parametrize("most", [1, 2, 3, 50])
@pytest.mark.parametrize("which", list(Which))
def test_pages_hold_each_row_once_the_newest_first(book: Book, which: Which, most: int) -> None:
    book.post(1)
    book.post(2)
    for number, moment in enumerate((NOW, NOW, NOW - timedelta(days=1), NOW + timedelta(microseconds=1), NOW), 1):
        state = State.RETRACTED if number == 3 else State.PUBLISHED
        book.delivery(number, 1 + number % 2, f"c{number}", state, at=moment, rehearsal=number == 5)
    imported(book, range(1, 6))
    found = every(book, which, most)
    assert [row.id for row in found] == [row.id for row in publications(book.store, PERIOD, Veil(), parts=(which,))][
        ::-1
    ]
    marks = [(row.published_at, row.id) for row in found]
    assert marks == sorted(marks, reverse=True)


def test_shares_sum_to_the_count_and_a_successor_is_the_post_that_it_follows(book: Book) -> None:
    for number, department in ((1, "立案庭"), (2, "立案庭"), (3, "执行局"), (4, "立案庭"), (5, "")):
        book.post(number, department=department)
        book.delivery(number, number, at=NOW + timedelta(days=number))
    book.delivery(6, 1, "cms", at=NOW)
    book.delivery(7, 3, "cms", State.RETRACTED, at=NOW)
    with book.store.write() as connection:
        for successor, state in (("post-2", Progress.AGAIN), ("post-4", Progress.POST)):
            connection.execute(corrections.insert().values(**_correction(successor, state)))
    found = {each.name: (each.items, each.posts, each.last) for each in shares(book.store, PERIOD, "department")}
    whole = count(book.store, PERIOD, "department")
    assert {name: items for name, (items, _, _) in found.items()} == dict(whole.by)
    assert found["立案庭"][:2] == (3, 1), "1 and 2 are one post, and 4 only says what was wrong"
    assert found["执行局"] == (1, 1, NOW + timedelta(days=3))
    assert sum(posts for _, posts, _ in found.values()) == whole.posts == 3


def _correction(successor: str, state: Progress) -> dict[str, Any]:
    number = 1 if successor == "post-2" else 2
    row = {"id": number, "post_id": 1, "delivery_id": 1, "state": state.value, "successor": successor, "revision": 1}
    row |= dict.fromkeys(("digest", "key", "actor", "how", "place", "why", "reason"), "")
    return row | {"ordered_at": NOW}
