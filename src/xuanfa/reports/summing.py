"""The figures of a period: the sums of its months as far as they are kept, and what its receipts answer for the rest."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

import sqlalchemy as sa

from xuanfa.domain.spans import Span
from xuanfa.reports.period import Period
from xuanfa.reports.questions import questions_of, values_of
from xuanfa.store.columns import microseconds, moment_of
from xuanfa.store.month_sums import PARTS, Month, Sums, kept, together

_BOUNDS: Final = frozenset({"begins", "ends"})
Bounds = tuple[datetime | None, datetime | None]


def summed(
    connection: sa.Connection, period: Period, name: str, *among: sa.ColumnElement[bool]
) -> dict[tuple[Any, ...], int]:
    """A part of what stands in a period, by what it is counted by. ``among`` are conditions that all of it fulfils anyway, and that help to find
    it where it is not kept."""
    values, part = values_of(period), PARTS[name]
    months = kept(connection, name, period.begins, period.ends) if is_whole(values) else []
    if not months:
        return together(part, [Sums(rows=_asked(connection, name, values, among))])
    between = [_between(connection, name, bounds, among) for bounds in _gaps(period, months)]
    return together(part, [*(month.sums for month in months), *between])


def kept_items(connection: sa.Connection, period: Period, every: Iterable[Span]) -> dict[Span, int]:
    """How many items stand in those of these spans, which follow each other, that months which are kept fill to the last moment."""
    if not is_whole(values_of(period)):
        return {}
    months, at = kept(connection, "items", period.begins, period.ends), 0
    found: dict[Span, int] = {}
    for span in every:
        reached, ends, items = microseconds(span.begins), microseconds(span.ends), 0
        while at < len(months) and months[at].ends <= ends:
            if months[at].begins == reached:
                reached, items = months[at].ends, items + months[at].sums.rows[0][0]
            at += 1
        if reached == ends:
            found[span] = items
    return found


def is_whole(named: Mapping[str, Any]) -> bool:
    """Whether nothing but days is named: months are kept of everything that stands."""
    return named.keys() <= _BOUNDS


def _between(connection: sa.Connection, name: str, bounds: Bounds, among: Sequence[sa.ColumnElement[bool]]) -> Sums:
    """A part of what lies between months that are kept; of what is counted once, each by itself, since any of it may stand in a month as well."""
    values = {key: at for key, at in zip(("begins", "ends"), bounds, strict=True) if at is not None}
    if PARTS[name].once is None:
        return Sums(rows=_asked(connection, name, values, among))
    members = _rows(connection, members_question(frozenset(values), name).where(*among), values)
    times = Counter(tuple(row[:-1]) for row in members)
    return Sums(rows=[(*key, number) for key, number in times.items()], shared=members)


def _asked(
    connection: sa.Connection, name: str, values: Mapping[str, Any], among: Sequence[sa.ColumnElement[bool]]
) -> Sequence[Sequence[Any]]:
    """What the receipts answer."""
    return _rows(connection, part_question(frozenset(values), name).where(*among), values)


def _rows(connection: sa.Connection, query: sa.Select[Any], values: Mapping[str, Any]) -> Sequence[Sequence[Any]]:
    return connection.execute(query, dict(values)).all()


@lru_cache(maxsize=256)
def part_question(shape: frozenset[str], name: str) -> sa.Select[Any]:
    """The question for a part of a period in which these things are named."""
    return PARTS[name].question(*questions_of(shape).days, *questions_of(shape).named)


@lru_cache(maxsize=64)
def members_question(shape: frozenset[str], name: str) -> sa.Select[Any]:
    """The question for each that is counted once."""
    return PARTS[name].members(*questions_of(shape).days)


def _gaps(period: Period, months: Sequence[Month]) -> Iterator[Bounds]:
    """The times of a period that no month covers."""
    at, is_open = period.begins, period.begins is None
    for month in months:
        begins = moment_of(month.begins)
        if is_open or (at is not None and at < begins):
            yield at, begins
        at, is_open = moment_of(month.ends), False
    if period.ends is None or (at is not None and at < period.ends):
        yield at, period.ends
