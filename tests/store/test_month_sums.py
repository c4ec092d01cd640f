"""What is kept of months is what their receipts come to, in any period, whatever is written to the ledger afterwards; on both databases."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from xuanfa.domain.receipt import Receipt
from xuanfa.domain.spans import spans
from xuanfa.reports.counts import count
from xuanfa.reports.figures import figures
from xuanfa.reports.period import Period
from xuanfa.reports.shares import shares
from xuanfa.reports.summing import summed
from xuanfa.store import ledger, month_sums
from xuanfa.store.database import Store
from xuanfa.store.schema import deliveries, posts, receipts, revisions
from xuanfa.store.schema import month_sums as kept_sums

ZONE: Final = ZoneInfo("Asia/Shanghai")
FIRST: Final = datetime(2026, 1, 20, tzinfo=UTC)
NOW: Final = datetime(2026, 8, 9, tzinfo=UTC)
POSTS: Final = 60
#: Periods that months fill, begin or end in, and that lie within one; of another zone, and without an end.
PERIODS: Final = (
    Period(zone=ZONE),
    Period(zone=ZONE, since=date(2026, 2, 1), until=date(2026, 4, 30)),
    Period(zone=ZONE, since=date(2026, 2, 11), until=date(2026, 6, 3)),
    Period(zone=ZONE, since=date(2026, 3, 2), until=date(2026, 3, 30)),
    Period(zone=ZONE, until=date(2026, 5, 31)),
    Period(zone=ZoneInfo("Europe/Berlin"), since=date(2026, 2, 1), until=date(2026, 7, 31)),
    Period(zone=ZONE, department="民一庭"),
)
Rows = Callable[..., dict[str, Any]]


@dataclass
class Ledger:
    """A store with publications of seven months on three channels; some deliveries have no receipt yet."""

    store: Store
    chance: random.Random
    unsent: list[int]

    def keep(self) -> int:
        """Keep the months that are over and are not kept."""
        over = [span for span in spans("month", FIRST, NOW, ZONE) if span.ends <= NOW]
        with self.store.write() as connection:
            known = month_sums.all_kept(connection)
            missing = [span for span in over if (span.begins, span.ends) not in known]
            for span in missing:
                month_sums.keep(connection, span.begins, span.ends)
        return len(missing)

    def moment(self) -> datetime:
        return FIRST + timedelta(seconds=self.chance.randrange(int((NOW - FIRST).total_seconds())))

    def receipt(self) -> Receipt:
        number, address = self.chance.choice([("p1", "a"), (None, "a"), (None, None)])
        number = number and f"p{self.chance.randrange(80)}"
        return Receipt(remote_id=number, address=address, published_at=self.moment(), evidence="e")

    def add(self) -> None:
        number = self.unsent.pop()
        with self.store.write() as connection:
            ledger.add_receipts(connection, [(number, self.receipt())], NOW)

    def numbers(self, *, rehearsal: bool = False) -> list[int]:
        query = sa.select(receipts.c.delivery_id).where(
            receipts.c.retracted_at.is_(None), receipts.c.rehearsal == rehearsal
        )
        with self.store.read() as connection:
            return sorted(connection.scalars(query))

    def retract(self) -> None:
        with self.store.write() as connection:
            ledger.mark_retracted(connection, self.chance.choice(self.numbers()), NOW)

    def forget(self) -> None:
        with self.store.write() as connection:
            ledger.drop_receipt(connection, self.chance.choice(self.numbers(rehearsal=True)))


@pytest.fixture
def books(store: Store, post_row: Rows, revision_row: Rows, delivery_row: Rows) -> Ledger:
    chance = random.Random(14)  # noqa: S311 - the same story each time
    channels = (("web", "site"), ("wx", "wechat"), ("hook", "webhook"))
    with store.write() as connection:
        connection.execute(posts.insert(), [post_row(n) for n in range(1, POSTS + 1)])
        some = [
            {"department": chance.choice(["", "民一庭", "执行局"]), "author": chance.choice(["", "张三"])}
            | {"kind": chance.choice(["", "case"]), "original": chance.random() < 0.7}
            for _ in range(POSTS)
        ]
        connection.execute(revisions.insert(), [revision_row(n, **each) for n, each in enumerate(some, 1)])
        rows = [
            delivery_row(post * 3 + at, post, None, channel=name, kind=kind, rehearsal=chance.random() < 0.15)
            | {"due_at": FIRST + timedelta(days=chance.randrange(200)), "state": "published"}
            for post in range(1, POSTS + 1)
            for at, (name, kind) in enumerate(channels)
        ]
        connection.execute(deliveries.insert(), rows)
    found = Ledger(store, chance, [row["id"] for row in rows])
    chance.shuffle(found.unsent)
    for _ in range(150):
        found.add()
    return found


def answers(store: Store) -> list[Any]:
    """Everything that is counted of every period."""
    told: list[Any] = []
    for period in PERIODS:
        with store.read() as connection:
            told += [summed(connection, period, name) for name in month_sums.PARTS]
        told += [count(store, period, by) for by in ("channel", "month", "quarter", "kind")]
        told += [figures(store, period), shares(store, period, "department"), shares(store, period, "author")]
    return told


def plainly(store: Store) -> list[Any]:
    """The same while nothing is kept."""
    with store.read() as connection:
        rows = [dict(row) for row in connection.execute(kept_sums.select()).mappings()]
    with store.write() as connection:
        connection.execute(kept_sums.delete())
    told = answers(store)
    with store.write() as connection:
        connection.execute(kept_sums.insert(), rows)
    return told


def without_nothing(told: list[Any]) -> list[Any]:
    """Nothing of something is said by leaving it out or by 0."""
    return [{key: n for key, n in each.items() if n} if isinstance(each, dict) else each for each in told]


def test_months_that_are_kept_count_as_their_receipts_do_whatever_is_written(books: Ledger) -> None:
    assert books.keep() == 7
    assert without_nothing(answers(books.store)) == without_nothing(plainly(books.store))
    for deed in (books.add, books.retract, books.forget):
        deed()
        with books.store.read() as connection:
            assert month_sums.altered(connection) == []
            assert month_sums.all_kept(connection)
    told = answers(books.store)
    assert 0 < books.keep() < 7
    assert without_nothing(told) == without_nothing(answers(books.store)) == without_nothing(plainly(books.store))


def test_figures_of_years_are_read_from_what_is_kept(books: Ledger) -> None:
    """Or the test above would compare counts with counts."""
    books.keep()
    with books.store.write() as connection:
        connection.execute(kept_sums.update().values(found="[[[1000]],[]]").where(kept_sums.c.part == "late"))
        assert len(month_sums.altered(connection)) == 7
    assert figures(books.store, PERIODS[0]).late >= 7000


def test_a_withdrawal_drops_its_month_and_those_in_which_the_same_post_or_push_stands(books: Ledger) -> None:
    books.keep()
    with books.store.write() as connection:
        mine = books.numbers()[0]
        expected = set(month_sums.concerned(connection, [mine]))
        ledger.mark_retracted(connection, mine, NOW)
        kept = {begins for begins, _ in month_sums.all_kept(connection)}
    over = [span for span in spans("month", FIRST, NOW, ZONE) if span.ends <= NOW]
    gone = {span.begins for span in over if span.begins not in kept}
    assert gone == {span.begins for span in over if any(span.begins <= at < span.ends for at in expected)}
    assert 0 < len(gone) < len(over)
