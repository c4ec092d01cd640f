"""Sealed months beside the ledger of today: what was corrected since shows as such."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, tzinfo
from typing import Any

import sqlalchemy as sa

from xuanfa.domain.access import Veil
from xuanfa.domain.correction import Progress
from xuanfa.domain.language import say
from xuanfa.domain.sealed_month import Counted, Entry, Later, SealedMonth, differences
from xuanfa.domain.term import month_of
from xuanfa.reports.counts import Counting
from xuanfa.reports.ledger import Which, publications_in
from xuanfa.reports.period import Period
from xuanfa.store import sealed_months
from xuanfa.store.columns import microseconds
from xuanfa.store.database import Store
from xuanfa.store.withdrawals_schema import corrections


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """A sealed month, and what was corrected since."""

    month: SealedMonth
    later: Sequence[Later]

    def in_words(self) -> str:
        """When it was sealed at what, and what was corrected since."""
        counted = Counter(each.label for each in self.later)
        later = say("、", ", ").join(
            say("{what} {n} 条", "{n} {what}", what=label, n=n) for label, n in counted.items()
        )
        return say(
            "封存：{month} 封存时 {items} 条（去重稿件 {posts} 篇），{later}。",
            "Sealed: {month} at {items} items ({posts} distinct posts), {later}.",
            month=self.month.month,
            items=self.month.items,
            posts=self.month.posts,
            later=later or say("此后没有更正", "nothing corrected since"),
        )

    def as_json(self) -> dict[str, Any]:
        """For programs; the titles of what was corrected are not among it."""
        month = self.month
        return {
            "month": month.month,
            "items": month.items,
            "posts": month.posts,
            "sealed_at": month.sealed_at,
            "sealed_by": month.actor,
            "corrections": [
                {"what": each.what, "delivery": each.entry.id, "post": each.entry.post} for each in self.later
            ],
        }


def counted_in(connection: sa.Connection, zone: tzinfo, since: date, until: date) -> Counted:
    """What these days count, whoever may see it."""
    period = Period(zone=zone, since=since, until=until)
    counting = Counting(connection, period)
    rows = publications_in(connection, period, Veil(), parts=(Which.COUNTED,))
    return Counted(
        posts=counting.posts(),
        retracted=counting.beside()[0],
        entries=[
            Entry(
                id=row.id,
                post=row.post,
                title=row.title,
                column=row.column_title,
                channel=row.channel_title,
                department=row.department,
                author=row.author,
                at=microseconds(row.published_at),
            )
            for row in rows
        ],
    )


def sealed_within(store: Store, zone: tzinfo, since: date | None, until: date | None) -> list[Sealed]:
    """The sealed months that these days touch, each with its corrections."""
    with store.read() as connection:
        found = sealed_months.between(
            connection, "" if since is None else f"{since:%Y-%m}", "" if until is None else f"{until:%Y-%m}"
        )
        return [Sealed(month=each, later=tuple(_later(connection, zone, each))) for each in found]


def _later(connection: sa.Connection, zone: tzinfo, sealed: SealedMonth) -> Sequence[Later]:
    term = month_of(sealed.month)
    counting = Counting(connection, Period(zone=zone, since=term.since, until=term.until))
    corrected = sa.select(sa.func.count()).where(
        corrections.c.state == Progress.DONE.value, corrections.c.done_at > sealed.sealed_at
    )
    items = sum(counting.split("channel").values())
    same = (items, counting.posts(), counting.beside()[0]) == (sealed.items, sealed.posts, sealed.retracted)
    if same and not connection.scalar(corrected):
        return ()  # so that a count costs what it did before
    now = counted_in(connection, zone, term.since, term.until)
    return tuple(differences(sealed.month, sealed_months.entries(connection, sealed.month), now.entries))
