"""What the database itself keeps true of readers' figures, on either database."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, IntegrityError

from xuanfa.domain.readers import Figures
from xuanfa.store import append_only, readers, schema
from xuanfa.store.database import Store

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
ROW: dict[str, Any] = {"delivery_id": 1, "at": NOW, "entered_at": NOW, "origin": "hand", "actor": "anna", "reads": 5}


@pytest.mark.parametrize(
    "changes",
    [{"delivery_id": 99}, {"reads": None}, {"reads": -1}, {"likes": 10**11}, {"at": NOW + timedelta(hours=1)}],
)
def test_a_snapshot_is_of_a_delivery_and_holds_a_figure(filled: Callable[..., Store], changes: dict[str, Any]) -> None:
    with filled(1).write() as connection:
        connection.execute(sa.insert(schema.reader_figures), ROW)
        with pytest.raises(IntegrityError), connection.begin_nested():
            connection.execute(sa.insert(schema.reader_figures), ROW | changes)


@pytest.mark.parametrize("change", ["UPDATE reader_figures SET reads = 6", "DELETE FROM reader_figures"])
def test_a_snapshot_is_never_changed_or_taken_away(filled: Callable[..., Store], change: str) -> None:
    store = filled(1)
    with store.write() as connection:
        connection.execute(sa.insert(schema.reader_figures), ROW)
        assert append_only.troubles(connection) == []
    with pytest.raises(DBAPIError, match="append-only"), store.engine.begin() as connection:
        connection.execute(sa.text(change))


def test_what_stands_there_just_so_is_not_added_again(filled: Callable[..., Store]) -> None:
    figures = [Figures(delivery=n, at=NOW, reads=n, likes=None if n % 2 else 0) for n in range(1, 601)]
    with filled(600).write() as connection:
        assert readers.add(connection, figures, origin="hand", actor="anna", now=NOW) == 600
        assert readers.add(connection, figures, origin="import:a.csv", actor="anna", now=NOW) == 0
        other = Figures(delivery=1, at=NOW, reads=2)
        assert readers.add(connection, [other], origin="hand", actor="anna", now=NOW) == 1
        kept = readers.of_deliveries(connection, range(1, 601))
    assert [each.figures for each in kept if each.figures.delivery == 1] == [figures[0], other]
    assert len(kept) == 601
