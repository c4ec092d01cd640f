"""What the database itself keeps true of marks, on either database."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from xuanfa.store import schema
from xuanfa.store.database import Store

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
ROW: dict[str, Any] = {"delivery_id": 1, "mark": "day", "due_at": NOW, "next_at": NOW}
FIGURE: dict[str, Any] = {
    "delivery_id": 1, "at": NOW, "entered_at": NOW, "origin": "channel:x", "actor": "node", "reads": 5
}  # fmt: skip


@pytest.mark.parametrize(
    "changes",
    [
        {"delivery_id": 99, "mark": "week"},
        {},  # the same mark again
        {"mark": "year"},
        {"mark": "week", "next_at": None},  # settled, and nothing says how
        {"mark": "week", "figure_id": 1},  # taken, and yet to be taken
        {"mark": "week", "next_at": None, "figure_id": 99},
    ],
)
def test_a_mark_is_of_a_publication_and_is_met_once(filled: Callable[..., Store], changes: dict[str, Any]) -> None:
    with filled(1).write() as connection:
        connection.execute(sa.insert(schema.reader_figures), FIGURE)
        connection.execute(sa.insert(schema.reader_marks), ROW)
        with pytest.raises(IntegrityError), connection.begin_nested():
            connection.execute(sa.insert(schema.reader_marks), ROW | changes)
        connection.execute(sa.insert(schema.reader_marks), ROW | {"mark": "week", "next_at": None, "figure_id": 1})
        connection.execute(sa.insert(schema.reader_marks), ROW | {"mark": "month", "next_at": None, "why": "没有取到"})
