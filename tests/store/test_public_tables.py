"""What the database itself keeps true of page proofs: they are only added to, and say whether anybody compared them."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, IntegrityError

from xuanfa.store import append_only, schema
from xuanfa.store.database import Store

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
Filled = Callable[..., Store]


def proof_row(**changes: Any) -> dict[str, Any]:
    texts = dict.fromkeys(("sha256", "difference", "mark", "screenshot", "screenshot_type", "note"), "")
    row = {"delivery_id": 1, "at": NOW, "origin": "fetched", "address": "https://www.example.gov.cn/1", "state": "same"}
    return row | texts | {"status": 200, "digest": "0" * 64, "actor": "node"} | changes


@pytest.mark.parametrize(
    "changes",
    [
        {"delivery_id": 99},
        {"origin": "heard"},
        {"state": "fine"},
        {"state": None},
        {"origin": "picture", "state": "same", "screenshot": "0" * 64},
        {"origin": "picture", "state": None},
    ],
)
def test_a_proof_is_of_a_delivery_and_says_how_it_came(filled: Filled, changes: dict[str, Any]) -> None:
    with filled(1).write() as connection:
        connection.execute(sa.insert(schema.page_proofs), proof_row())
        connection.execute(sa.insert(schema.page_proofs), proof_row(origin="picture", state=None, screenshot="0" * 64))
        with pytest.raises(IntegrityError), connection.begin_nested():
            connection.execute(sa.insert(schema.page_proofs), proof_row(**changes))


@pytest.mark.parametrize("change", ["UPDATE page_proofs SET difference = ''", "DELETE FROM page_proofs"])
def test_a_proof_is_never_changed_or_taken_away(filled: Filled, change: str) -> None:
    store = filled(1)
    with store.write() as connection:
        connection.execute(sa.insert(schema.page_proofs), proof_row())
        assert append_only.troubles(connection) == []
    with pytest.raises(DBAPIError, match="append-only"), store.engine.begin() as connection:
        connection.execute(sa.text(change))


def test_a_page_stands_in_one_way_and_is_of_a_delivery(filled: Filled) -> None:
    row = {"delivery_id": 1, "digest": "", "host": "www.example.gov.cn", "next_at": NOW}
    with filled(1).write() as connection:
        connection.execute(sa.insert(schema.page_watch), row)
        for changes in ({}, {"delivery_id": 99}, {"delivery_id": 1, "state": "fine"}):
            with pytest.raises(IntegrityError), connection.begin_nested():
                connection.execute(sa.insert(schema.page_watch), row | changes)
        with pytest.raises(IntegrityError), connection.begin_nested():
            connection.execute(schema.page_watch.update().values(state="fine"))
