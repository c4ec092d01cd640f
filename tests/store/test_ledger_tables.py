"""What the database itself sees to in the ledger: a receipt cannot speak of another delivery's post, and names are never rewritten."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, IntegrityError

from xuanfa.store import schema
from xuanfa.store.database import Store

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
Filled = Callable[..., Store]


@pytest.mark.parametrize("wrong", [{"post_id": 2}, {"channel": "wecom"}, {"post_id": None}, {"channel": None}])
def test_a_receipt_names_the_post_and_the_channel_of_its_delivery(filled: Filled, wrong: dict[str, Any]) -> None:
    receipt = {"delivery_id": 1, "post_id": 1, "channel": "cms", "published_at": NOW, "evidence": ""}
    with filled(2).write() as connection:
        with pytest.raises(IntegrityError), connection.begin_nested():
            connection.execute(sa.insert(schema.receipts), receipt | wrong)
        connection.execute(sa.insert(schema.receipts), receipt)


def test_a_delivery_has_one_receipt(filled: Filled) -> None:
    receipt = {"delivery_id": 1, "post_id": 1, "channel": "cms", "published_at": NOW, "evidence": ""}
    with filled(1).write() as connection:
        connection.execute(sa.insert(schema.receipts), receipt)
        named = r"(?i)receipts\.delivery_id|pk_receipts"
        with pytest.raises(IntegrityError, match=named), connection.begin_nested():
            connection.execute(sa.insert(schema.receipts), receipt)


@pytest.mark.parametrize("change", [sa.update(schema.names).values(title="乙"), sa.delete(schema.names)])
def test_names_of_columns_and_channels_are_only_added_to(store: Store, change: sa.Executable) -> None:
    with store.write() as connection:
        connection.execute(sa.insert(schema.names), {"what": "column", "named": "a", "title": "甲", "since": NOW})
    with store.engine.begin() as connection, pytest.raises(DBAPIError, match="append-only"):
        connection.execute(change)
    with store.read() as connection:
        assert connection.execute(sa.select(schema.names.c.title)).scalars().all() == ["甲"]
