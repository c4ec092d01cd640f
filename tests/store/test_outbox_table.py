"""What the database itself keeps true of the outbox, on either database; and that of two who send, one takes a message."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from xuanfa.store import outbox, rows, schema
from xuanfa.store.database import Store

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
ROW: dict[str, Any] = {
    "message": "msg_1",
    "endpoint": "oa",
    "event": "delivery.scheduled",
    "at": NOW,
    "post_id": 1,
    "delivery_id": 1,
    "facts": {"revision": 1},
    "state": "waiting",
    "tries": 0,
    "begun_at": NOW,
    "next_at": NOW,
    "ended_at": None,
    "why": "",
}


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"message": "msg_2", "post_id": 99},
        {"message": "msg_2", "delivery_id": 99},
        {"message": "msg_2", "state": "lost"},
        {"message": "msg_2", "next_at": None},
        {"message": "msg_2", "ended_at": NOW},
        {"message": "msg_2", "state": "sent"},
        {"message": "msg_2", "state": "sent", "next_at": None},
    ],
)
def test_a_message_is_told_once_and_waits_or_has_an_end(filled: Callable[..., Store], changes: dict[str, Any]) -> None:
    with filled(1).write() as connection:
        connection.execute(sa.insert(schema.outbox), ROW)
        with pytest.raises(IntegrityError), connection.begin_nested():
            connection.execute(sa.insert(schema.outbox), ROW | changes)
        connection.execute(sa.insert(schema.outbox), ROW | {"endpoint": "portal"})


def test_of_each_delivery_the_first_is_taken_and_nobody_else_takes_it(filled: Callable[..., Store]) -> None:
    store = filled(3)
    lines = [
        ROW | {"message": f"msg_{number}_{place}", "delivery_id": number, "post_id": number}
        for place in range(3)
        for number in (1, 2, 3)
    ]
    lines += [ROW | {"message": f"post_{place}", "delivery_id": None} for place in range(2)]
    taking = outbox.Taking(endpoint="oa", now=NOW, until=NOW + timedelta(minutes=5), most=10)
    with store.write() as connection:
        connection.execute(sa.insert(schema.outbox), lines)
    with store.write() as connection:
        first = [each.message for each in outbox.take(connection, taking)]
    assert first == ["msg_1_0", "msg_2_0", "msg_3_0", "post_0"]
    with store.write() as connection:
        assert outbox.take(connection, taking) == []


def test_two_who_send_at_once_take_different_messages(filled: Callable[..., Store]) -> None:
    store = filled(2)
    with store.write() as connection:
        connection.execute(
            sa.insert(schema.outbox), [ROW | {"message": f"msg_{n}", "delivery_id": n, "post_id": n} for n in (1, 2)]
        )
    one = outbox.Taking(endpoint="oa", now=NOW, until=NOW + timedelta(minutes=5), most=1)
    if store.engine.dialect.name == "postgresql":
        with store.write() as first, store.write() as second:
            taken = [[each.message for each in outbox.take(connection, one)] for connection in (first, second)]
    else:  # one writes at a time
        taken = []
        for _ in range(2):
            with store.write() as connection:
                taken.append([each.message for each in outbox.take(connection, one)])
    assert taken == [["msg_1"], ["msg_2"]]


def test_a_backup_has_none_of_it() -> None:
    assert "outbox" not in rows.TABLES
