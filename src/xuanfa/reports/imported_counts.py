"""The count of what was imported: by the same splits and times as the count, and never in its figures."""

from collections import Counter
from collections.abc import Iterator
from itertools import islice
from typing import Any, Final

import sqlalchemy as sa

from xuanfa.domain.counting import BY_TIME, By, ImportedCount
from xuanfa.domain.spans import Span, spans
from xuanfa.reports.imported import conditions
from xuanfa.reports.period import Period
from xuanfa.store import names
from xuanfa.store.columns import microseconds
from xuanfa.store.imported_schema import counted, imported, imports

_I, _M = imported.c, imports.c
#: So many spans stand in one statement.
_TOGETHER: Final = 500
#: What no list says: they are under the empty name.
_UNSAID: Final = frozenset({"kind", "original"})


def imported_count(connection: sa.Connection, period: Period, by: By) -> ImportedCount | None:
    """What was imported of a period; ``None`` where there is nothing of it."""
    if connection.scalar(_ANY) is None:  # as in most offices: a condition for nothing costs more than this
        return None
    where = conditions(period)
    if connection.scalar(sa.select(_I.id).where(*where).limit(1)) is None:
        return None
    counting = _Counting(connection, period, where)
    split = dict(counting.split(by))
    origins = connection.execute(
        sa.select(_M.origin, sa.func.count())
        .select_from(imported)
        .join(imports, _M.id == _I.import_id)
        .where(*where)
        .group_by(_M.origin)
        .order_by(sa.func.count().desc(), _M.origin)
    )
    titles = sa.select(_I.title_key).where(*where).distinct().subquery()
    return ImportedCount(
        posts=connection.scalar(sa.select(sa.func.count()).select_from(titles)) or 0,
        items=sum(split.values()),
        by=split,
        origins={row[0]: row[1] for row in origins},
    )


_ANY: Final = sa.select(_I.id).where(counted).limit(1)


class _Counting:
    """Counts what was imported in a period, inside one transaction."""

    def __init__(self, connection: sa.Connection, period: Period, where: list[sa.ColumnElement[bool]]) -> None:
        self.connection, self.period, self.where = connection, period, where

    def split(self, by: By) -> Iterator[tuple[str, int]]:
        """The items, by what is named: by time in order, others by size."""
        if by in BY_TIME:
            yield from self._by_time(by)
            return
        if by in _UNSAID:
            found = Counter({"": self.connection.scalar(sa.select(sa.func.count()).where(*self.where)) or 0})
        elif by == "campaign":
            found = self._by_campaign()
        else:
            found = Counter(dict(self._grouped(_I.column_id if by == "column" else _I[by])))
        yield from sorted(found.items(), key=lambda entry: (-entry[1], entry[0]))

    def _grouped(self, *columns: sa.ColumnElement[Any]) -> Iterator[tuple[Any, int]]:
        query = sa.select(*columns, sa.func.count()).where(*self.where).group_by(*columns)
        for row in self.connection.execute(query):
            yield (row[0] if len(columns) == 1 else tuple(row[:-1])), row[-1]

    def _by_campaign(self) -> Counter[str]:
        """By the campaign of each column now: of the time before this program none was noted."""
        known = names.all_names(self.connection)
        found = Counter[str]()
        for column, items in self._grouped(_I.column_id):
            found[known.newest("campaign", column) or ""] += items
        return found

    def _by_time(self, by: By) -> Iterator[tuple[str, int]]:
        first, last = self.connection.execute(
            sa.select(sa.func.min(_I.published_at), sa.func.max(_I.published_at)).where(*self.where)
        ).one()
        every = spans(by, first, last, self.period.zone)
        at = sa.type_coerce(_I.published_at, sa.BigInteger)
        while some := list(islice(every, _TOGETHER)):
            bounds = _bounds_of(some)
            inside = (at >= bounds.c.begins, at < bounds.c.ends)
            each = sa.select(sa.func.count()).select_from(imported).where(*self.where, *inside)
            query = sa.select(each.correlate(bounds).scalar_subquery()).select_from(bounds).order_by(bounds.c.number)
            for span, items in zip(some, self.connection.scalars(query), strict=True):
                if items:
                    yield span.name, items


def _bounds_of(some: list[Span]) -> sa.CTE:
    """The spans as a table of a question, in their order: ``number``, ``begins``, ``ends``."""
    values = sa.values(
        sa.column("number", sa.Integer),
        sa.column("begins", sa.BigInteger),
        sa.column("ends", sa.BigInteger),
        name="spans",
        literal_binds=True,
    )
    rows = [(at, microseconds(span.begins), microseconds(span.ends)) for at, span in enumerate(some)]
    return values.data(rows).cte("spans")
