"""The access log as it is stored. Inside the caller's transaction."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime

import sqlalchemy as sa

from xuanfa.store.schema import visits

_V = visits.c


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitRow:
    """A request and how it was answered; ``user_name`` is empty for whoever is not signed in."""

    at: datetime
    user_name: str
    method: str
    path: str
    status: int
    place: str


def add(connection: sa.Connection, rows: Iterable[VisitRow]) -> None:
    """Keep them."""
    values = [asdict(row) for row in rows]
    if values:
        connection.execute(visits.insert(), values)


def newest(
    connection: sa.Connection, most: int, *, user: str = "", before: int | None = None
) -> list[tuple[int, VisitRow]]:
    """The newest ones with their numbers, of one person or of everybody; ``before`` a number, for the next page."""
    query = sa.select(visits).order_by(_V.id.desc()).limit(most)
    if user:
        query = query.where(_V.user_name == user)
    if before is not None:
        query = query.where(_V.id < before)
    names = ("at", "user_name", "method", "path", "status", "place")
    return [(row.id, VisitRow(**{name: getattr(row, name) for name in names})) for row in connection.execute(query)]


def forget_before(connection: sa.Connection, moment: datetime) -> None:
    """Take away what is older."""
    connection.execute(visits.delete().where(_V.at < moment))
