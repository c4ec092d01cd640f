"""Working days that were brought in: one word for a day, the newest, and no other kind than there is."""

from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from xuanfa.domain.working_days import DayKind, Marked
from xuanfa.store import schema, working_days
from xuanfa.store.database import Store

NOW = datetime(2026, 11, 20, 1, tzinfo=UTC)
SPRING = date(2027, 2, 6)


def mark(day: date, kind: DayKind = DayKind.OFF, name: str = "春节", origin: str = "2027.xlsx") -> Marked:
    return Marked(day=day, kind=kind, name=name, origin=origin)


def test_a_day_has_the_newest_word(store: Store) -> None:
    with store.write() as connection:
        working_days.put(connection, [mark(SPRING), mark(SPRING + timedelta(days=1))], NOW)
        working_days.put(connection, [mark(SPRING, DayKind.WORKED, "", "更正.csv")], NOW)
        assert working_days.all_marks(connection) == [
            mark(SPRING, DayKind.WORKED, "", "更正.csv"),
            mark(SPRING + timedelta(days=1)),
        ]
        working_days.take_away(connection, [SPRING, date(2027, 3, 1)])
        assert [each.day for each in working_days.all_marks(connection)] == [SPRING + timedelta(days=1)]


def test_nothing_is_nothing(store: Store) -> None:
    with store.write() as connection:
        working_days.put(connection, [], NOW)
        working_days.take_away(connection, [])
        assert working_days.all_marks(connection) == []


@pytest.mark.parametrize("kind", ["holiday", "", "OFF"])
def test_the_database_takes_no_other_kind(store: Store, kind: str) -> None:
    row = {"day": "2027-02-06", "kind": kind, "name": "", "origin": "x", "set_at": NOW}
    with store.write() as connection, pytest.raises(IntegrityError), connection.begin_nested():
        connection.execute(schema.workdays.insert().values(row))
    with store.read() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(schema.workdays)) == 0
