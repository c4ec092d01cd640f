"""Working days as the office has brought them in. Inside the caller's transaction."""

from collections.abc import Iterable
from datetime import date, datetime

import sqlalchemy as sa

from xuanfa.domain.working_days import DayKind, Marked
from xuanfa.store.working_days_schema import workdays

_W = workdays.c


def all_marks(connection: sa.Connection) -> list[Marked]:
    """What was brought in, by day."""
    return [
        Marked(day=date.fromisoformat(row.day), kind=DayKind(row.kind), name=row.name, origin=row.origin)
        for row in connection.execute(sa.select(workdays).order_by(_W.day))
    ]


def put(connection: sa.Connection, marks: Iterable[Marked], now: datetime) -> None:
    """Each of these takes the place of what was said of its day."""
    rows = [
        {"day": each.day.isoformat(), "kind": each.kind.value, "name": each.name, "origin": each.origin, "set_at": now}
        for each in marks
    ]
    take_away(connection, (each["day"] for each in rows))
    if rows:
        connection.execute(workdays.insert(), rows)


def take_away(connection: sa.Connection, days: Iterable[date | str]) -> None:
    """Of these days nothing is said any more."""
    names = [day if isinstance(day, str) else day.isoformat() for day in days]
    if names:
        connection.execute(workdays.delete().where(_W.day.in_(names)))
