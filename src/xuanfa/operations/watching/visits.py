"""Who asked the console for what: kept for a year, for whoever has to find out."""

from collections.abc import Sequence
from datetime import datetime

from xuanfa.operations.desk import Desk
from xuanfa.store import visits
from xuanfa.store.visits import VisitRow

__all__ = ["VisitRow", "forget_visits", "keep_visits", "list_visits"]


def keep_visits(desk: Desk, rows: Sequence[VisitRow]) -> None:
    """Write them down."""
    with desk.store.write() as connection:
        visits.add(connection, rows)


def forget_visits(desk: Desk, before: datetime) -> None:
    """Take away what is older."""
    with desk.store.write() as connection:
        visits.forget_before(connection, before)


def list_visits(desk: Desk, most: int, *, user: str = "", before: int | None = None) -> list[tuple[int, VisitRow]]:
    """The newest ones, with their numbers for the next page."""
    with desk.store.read() as connection:
        return visits.newest(connection, most, user=user, before=before)
