"""What the console stands on is kept once each, on both databases."""

from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from xuanfa.store import schema
from xuanfa.store.database import Store

NOW = datetime(2026, 3, 1, tzinfo=UTC)
ROWS: dict[str, tuple[sa.Table, dict[str, Any]]] = {
    "a session": (
        schema.sessions,
        {"hash": "x", "user_name": "wang", "made_at": NOW, "seen_at": NOW, "place": "", "agent": ""},
    ),
    "a draft": (
        schema.drafts,
        {"slug": "a", "user_name": "wang", "base": "", "text": "", "sequence": 1, "saved_at": NOW},
    ),
    "an intent": (schema.intents, {"id": "x", "user_name": "wang", "verb": "pause", "at": NOW}),
    "a first word": (schema.absences, {"delivery_id": 1, "attempt": 1, "user_name": "wang", "why": "", "at": NOW}),
}


@pytest.mark.parametrize("what", ROWS)
def test_there_is_one(store: Store, what: str) -> None:
    table, row = ROWS[what]
    with store.write() as connection:
        connection.execute(table.insert().values(row))
        with pytest.raises(IntegrityError), connection.begin_nested():
            connection.execute(table.insert().values(row))
