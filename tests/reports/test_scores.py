"""What departments' posts come to: each post once a level, what follows a correction not at all, and the total from January on."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.support.ledger_book import Book
from xuanfa.domain.access import Access, Restriction, Veil
from xuanfa.domain.scoring import Level, Score, ranked
from xuanfa.reports.period import Period
from xuanfa.reports.scores import scores
from xuanfa.store.database import Store

ZONE = ZoneInfo("Asia/Shanghai")
LEVELS = (
    Level(id="local", title="本级采用", points=5, channels=("site", "wechat")),
    Level(id="higher", title="上级采用", points=10, channels=("net",)),
)
AUTUMN = Period(zone=ZONE, since=date(2026, 10, 1), until=date(2026, 12, 31))
TODAY = date(2027, 1, 4)


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Book]:
    store = Store(f"sqlite:///{tmp_path / 'xuanfa.db'}")
    store.ready()
    yield Book(store)
    store.close()


def test_a_post_counts_once_a_level_and_the_total_goes_from_january(book: Book) -> None:
    spring, autumn, before = (
        datetime(2026, 3, 1, tzinfo=UTC),
        datetime(2026, 11, 1, tzinfo=UTC),
        datetime(2025, 12, 1, tzinfo=UTC),
    )
    for number, (department, at) in enumerate(
        [("民一庭", autumn), ("民一庭", spring), ("民一庭", before), ("执行局", autumn)], start=1
    ):
        book.post(number, department=department, queued_at=at)
    for number, post, channel, at in (
        (1, 1, "site", autumn), (2, 1, "wechat", autumn), (3, 1, "net", autumn), (4, 2, "site", spring), (5, 3, "net", before),
    ):  # fmt: skip
        book.delivery(number, post, channel, at=at)
    found = scores(book.store, AUTUMN, LEVELS, ["立案庭", "民一庭"], today=TODAY)
    assert found == [
        Score(name="立案庭", submitted=0, taken={"local": 0, "higher": 0}, points=0, since_january=0),
        Score(name="民一庭", submitted=1, taken={"local": 1, "higher": 1}, points=15, since_january=20),
        Score(name="执行局", submitted=1, taken={"local": 0, "higher": 0}, points=0, since_january=0),
    ]


def test_what_whoever_asks_may_not_see_is_not_sent_in_for_them(book: Book) -> None:
    book.post(1, department="刑庭", queued_at=datetime(2026, 11, 1, tzinfo=UTC))
    veil = Veil.over([Restriction(post_id=1, slug="post-1", access=Access(frozenset({"@zhang"})))])
    assert scores(book.store, AUTUMN, LEVELS, [], today=TODAY, veil=veil) == []
    assert [score.name for score in scores(book.store, AUTUMN, LEVELS, [], today=TODAY)] == ["刑庭"]


def test_whoever_has_as_many_points_has_the_same_place() -> None:
    def score(name: str, points: int) -> Score:
        return Score(name=name, submitted=0, points=points, since_january=0)

    found = ranked([score("丙", 5), score("甲", 10), score("乙", 5), score("丁", 0)])
    assert [(place, each.name) for place, each in found] == [(1, "甲"), (2, "丙"), (2, "乙"), (4, "丁")]
