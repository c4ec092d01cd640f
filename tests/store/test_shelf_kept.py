"""The database itself sends nothing of what lies on the shelf, and takes nothing for lying there that does not."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from xuanfa.domain.delivery import OFF_SHELF, ON_SHELF, State
from xuanfa.store import schema
from xuanfa.store.database import Store


@pytest.mark.parametrize(
    ("state", "shelf"),
    [(State.SCHEDULED, ON_SHELF), (State.PUBLISHING, ON_SHELF), (State.SHELVED, OFF_SHELF), (State.SHELVED, "")],
)
def test_what_cannot_be_is_refused(
    filled: Callable[..., Store], delivery_row: Callable[..., dict[str, Any]], state: State, shelf: str
) -> None:
    with filled(1).write() as connection:
        row = delivery_row(2, 1, 1, channel="wecom", state=state.value)
        with pytest.raises(IntegrityError, match="ck_deliveries_shelf"), connection.begin_nested():
            connection.execute(sa.insert(schema.deliveries), row | {"shelf": shelf})
        right = ON_SHELF if state is State.SHELVED else OFF_SHELF
        connection.execute(sa.insert(schema.deliveries), row | {"shelf": right})
