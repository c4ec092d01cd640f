"""An office that reports are made of: a desk with as much as a report needs, and a ledger of some months."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from tests.support.ledger_book import Book
from xuanfa.domain.channel import Channel
from xuanfa.domain.column import Column, Organisation
from xuanfa.domain.delivery import State
from xuanfa.domain.freshness import Watched
from xuanfa.domain.review_policy import ReviewPolicy
from xuanfa.reports.house import House
from xuanfa.store import names, schema
from xuanfa.store.database import Store

ZONE = ZoneInfo("Asia/Shanghai")
#: Noon of the first of April, in Shanghai: March is over.
NOW = datetime(2026, 4, 1, 4, 0, tzinfo=UTC)
CHANNELS = {"site": "政务网站", "wechat": "微信公众号", "weibo": "微博"}
#: Titles that a spreadsheet would take for a formula, and that HTML and XML would take for more than words.
NASTY = ("=HYPERLINK(1)", "+1+1", "-2", "@sum", "<b>粗</b>&amp;", "他说“好”")


@dataclass
class Office:
    """As much of a desk as a report needs."""

    store: Store
    clock: Callable[[], datetime] = lambda: NOW
    zone: ZoneInfo = ZONE
    organisation: Organisation = field(default_factory=lambda: Organisation(name="金昌市中级人民法院"))
    columns: Mapping[str, Column] = field(
        default_factory=lambda: {
            "action": Column(id="action", title="三抓三促，我们在行动"),
            "notices": Column(id="notices", title="公告通知"),
        }
    )
    channels: Mapping[str, Channel] = field(
        default_factory=lambda: {id_: Channel(id=id_, kind=id_, title=title) for id_, title in CHANNELS.items()}
    )
    watched: Watched = field(default_factory=Watched)
    reviews: ReviewPolicy = field(default_factory=ReviewPolicy)


def house(store: Store, now: datetime = NOW) -> House:
    """The office at that moment."""
    return House(desk=Office(store), now=now)


def fill(store: Store, posts: int = 24) -> Book:
    """Posts on one to three channels each, one every thirty hours from the first of March on; some withdrawn, some rehearsed, some late."""
    book, number = Book(store), 0
    with store.write() as connection:
        called = {("channel", id_): title for id_, title in CHANNELS.items()}
        called |= {("column", "action"): "三抓三促，我们在行动", ("column", "notices"): "公告通知"}
        names.note(connection, called, datetime(2026, 1, 1, tzinfo=UTC))  # type: ignore[arg-type]
    begin = datetime(2026, 3, 1, 1, 0, tzinfo=UTC)
    for post in range(1, posts + 1):
        column = "notices" if post % 5 == 0 else "action"
        book.post(post, column=column, department=("宣传科", "执行局", "")[post % 3])
        for channel in list(CHANNELS)[: 1 + post % 3]:
            number += 1
            at = begin + timedelta(hours=30 * post)
            state = State.RETRACTED if number % 11 == 0 else State.PUBLISHED
            book.delivery(number, post, channel, state, at=at, column=column, rehearsal=number % 13 == 0)
            with store.write() as connection:
                due = at - timedelta(minutes=200 if number % 7 == 0 else 1)
                connection.execute(
                    sa.update(schema.deliveries).where(schema.deliveries.c.id == number).values(due_at=due)
                )
                title = NASTY[post % len(NASTY)] if post % 4 == 0 else f"第 {post} 篇"
                values = {
                    "title": title,
                    "author": ("王敏", "李强")[post % 2],
                    "remote_id": f"22474836470000{number:03}",
                }
                own = schema.receipts.c.delivery_id == number
                connection.execute(sa.update(schema.receipts).where(own).values(**values, original=post % 6 != 0))
    return book
