"""The count, from the ledger: each figure is a question that an index can answer, whatever has been published."""

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime
from itertools import islice
from typing import Any, Final

import sqlalchemy as sa

from xuanfa.domain.channel import base_of
from xuanfa.domain.counting import BY_TIME, ORIGINAL, REPOST, By, Count
from xuanfa.reports.followers import Followers, followers
from xuanfa.reports.imported_counts import imported_count
from xuanfa.reports.period import Period
from xuanfa.reports.spans import Span, bounds_of, spans
from xuanfa.store import late_proofs, names, review_duties
from xuanfa.store.database import Store
from xuanfa.store.ledger import published_values
from xuanfa.store.ledger_schema import apart, stands
from xuanfa.store.reviews_schema import approvals
from xuanfa.store.schema import deliveries, receipts

__all__ = ["Period", "columns_counted", "count"]

_D, _R = deliveries.c, receipts.c
#: So many values, or spans, stand in one statement.
_TOGETHER: Final = 500
_Condition = sa.ColumnElement[bool]


def count(store: Store, period: Period, by: By = "channel") -> Count:
    """The figures of a period, with the items split by ``by``: ids of channels or columns, names of others, days, weeks, months …; what has
    none of it is under the empty name. Splits by time are in order, others by size."""
    with store.read() as connection:
        counting = Counting(connection, period)
        split = counting.split(by)
        return Count(
            posts=counting.posts(),
            items=sum(split.values()),
            retracted=counting.retracted(),
            rehearsed=counting.rehearsed(),
            emergency=counting.emergency(),
            twice=counting.twice(),
            by=split,
            imported=imported_count(connection, period, by),
        )


def columns_counted(store: Store) -> set[str]:
    """The columns of which anything was ever published, whatever the settings say now."""
    with store.read() as connection:
        return set(published_values(connection, _R.column_id))


class Counting:
    """Counts what stands in a period, inside one transaction."""

    def __init__(self, connection: sa.Connection, period: Period) -> None:
        self.connection, self.period = connection, period
        self.followers: Followers = followers(connection)
        self.where = (stands, *period.conditions())

    def split(self, by: By) -> dict[str, int]:
        """The items, by what is named."""
        if by in BY_TIME:
            return self._by_time(by)
        if by == "campaign":
            found = self._by_campaign()
        elif by == "channel":
            found = Counter[str]()
            for channel, items in self.items(_R.channel).items():
                found[base_of(channel)] += items
        elif by == "original":
            found = Counter({ORIGINAL if own else REPOST: n for own, n in self.items(_R.original).items()})
        else:
            found = self.items(_R.column_id if by == "column" else _R[by])
        return dict(sorted(((str(name), items) for name, items in found.items() if items), key=_largest))

    def items(self, *columns: sa.ColumnElement[Any]) -> Counter[Any]:
        """How many items there are of each value of a column, or of each pair of values."""
        found = self._grouped(columns)
        # Notices are few, and no index has them: they are counted by themselves and taken off.
        for some in by_some(self.followers.notices):
            found.subtract(self._grouped(columns, _R.post_id.in_(some)))
        return found

    def _grouped(self, columns: tuple[sa.ColumnElement[Any], ...], *more: _Condition) -> Counter[Any]:
        query = sa.select(*columns, sa.func.count()).where(*self.where, *more).group_by(*columns)
        rows = self.connection.execute(query)
        return Counter({(row[0] if len(columns) == 1 else tuple(row[:-1])): row[-1] for row in rows})

    def posts(self) -> int:
        """The distinct posts: a notice is none of its own, and what took another's place is that post."""
        distinct = sa.select(_R.post_id).where(*self.where).distinct().subquery()
        found = self.connection.scalar(sa.select(sa.func.count()).select_from(distinct)) or 0
        following = self._present(self.followers.roots)
        roots = {self.followers.roots[number] for number in following if number not in self.followers.notices}
        return found - len(following) + len(roots - self._present(roots))

    def _present(self, numbers: Iterable[int]) -> set[int]:
        """Those of these posts of which something is among the items."""
        found: set[int] = set()
        for some in by_some(numbers):
            query = sa.select(_R.post_id).where(*self.where, _R.post_id.in_(some)).distinct()
            found |= set(self.connection.scalars(query))
        return found

    def retracted(self) -> int:
        """How many were out for real, and are not any more."""
        return self._beside(_R.retracted_at.is_not(None), _R.rehearsal == sa.false())

    def rehearsed(self) -> int:
        """How many stand on practice platforms."""
        return self._beside(_R.retracted_at.is_(None), _R.rehearsal == sa.true())

    def _beside(self, *conditions: _Condition) -> int:
        query = sa.select(sa.func.count()).select_from(receipts).where(apart, *conditions, *self.period.conditions())
        return self.connection.scalar(query) or 0

    def emergency(self) -> int:
        """How many items went out before their review."""
        query = (
            sa.select(sa.func.count())
            .select_from(sa.join(receipts, deliveries, _D.id == _R.delivery_id))
            .join(approvals, approvals.c.id == _D.approval)
            .where(approvals.c.emergency == sa.true(), *self.where)
        )
        let_out = review_duties.emergency_posts(self.connection) - self.followers.notices
        return sum(self.connection.scalar(query.where(_R.post_id.in_(some))) or 0 for some in by_some(let_out))

    def twice(self) -> int:
        """How many deliveries have a second proof of publication that nobody has explained."""
        second = late_proofs.second(self.connection)
        real = (_R.rehearsal == sa.false(), *self.period.conditions())
        query = sa.select(sa.func.count()).select_from(receipts).where(*real)
        return sum(self.connection.scalar(query.where(_R.delivery_id.in_(some))) or 0 for some in by_some(second))

    def _by_campaign(self) -> Counter[str]:
        """By the campaign that each column belonged to then: of the times between two changes by themselves."""
        known = names.all_names(self.connection)
        changes = known.changes("campaign")
        found = Counter[str]()
        if not changes:
            for column, items in self.items(_R.column_id).items():
                found[known.newest("campaign", column) or ""] += items
            return found
        passed = [sa.case((_R.published_at >= at, 1), else_=0) for at in changes]
        for (column, number), items in self.items(_R.column_id, sum(passed[1:], start=passed[0])).items():
            when = changes[number - 1] if number else _BEGINNING
            found[known.at("campaign", column, when) or ""] += items
        return found

    def _by_time(self, by: By) -> dict[str, int]:
        ends = self.connection.execute(
            sa.select(sa.func.min(_R.published_at), sa.func.max(_R.published_at)).where(*self.where)
        ).one()
        if ends[0] is None:
            return {}
        found: dict[str, int] = {}
        every = spans(by, ends[0], ends[1], self.period.zone)
        while some := list(islice(every, _TOGETHER)):
            for span, items in zip(some, self._within(some), strict=True):
                if items:
                    found[span.name] = items
        return found

    def _within(self, some: list[Span]) -> list[int]:
        """How many items each of these spans has: each is a piece of the index by time."""
        bounds = bounds_of(some)
        at = sa.type_coerce(_R.published_at, sa.BigInteger)
        inside = (at >= bounds.c.begins, at < bounds.c.ends)
        counted = sa.select(sa.func.count()).select_from(receipts).where(*self.where, *inside)
        rows = self.connection.execute(
            sa.select(bounds.c.number, counted.correlate(bounds).scalar_subquery()).order_by(bounds.c.number)
        )
        found = [row[1] for row in rows]
        for part in by_some(self.followers.notices):
            less = sa.select(_R.published_at).where(*self.where, _R.post_id.in_(part))
            for at in self.connection.scalars(less):
                for place, span in enumerate(some):
                    found[place] -= span.begins <= at < span.ends
        return found


_BEGINNING: Final = datetime.min.replace(tzinfo=UTC)


def by_some(numbers: Iterable[int]) -> list[list[int]]:
    """Numbers in order, as many at a time as one statement takes."""
    every = sorted(numbers)
    return [every[start : start + _TOGETHER] for start in range(0, len(every), _TOGETHER)]


def _largest(entry: tuple[str, int]) -> tuple[int, str]:
    return -entry[1], entry[0]
