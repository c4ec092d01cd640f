"""Deliveries in any state, as if they had come there: of posts that were read by the real inbox."""

from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from tests.conftest import Workspace
from xuanfa.domain.delivery import ON_SHELF, Delivery, State
from xuanfa.operations.desk import Desk
from xuanfa.operations.intake.queue import queue
from xuanfa.store import deliveries


def stocked(workspace: Workspace, desk: Desk, slug: str, state: State = State.SCHEDULED, /, **changes: Any) -> Delivery:
    """A new post; its first delivery, put into this state."""
    workspace.post(slug, publish_at="2026-03-05 09:00")
    queue(desk)
    with desk.store.read() as connection:
        number = connection.scalar(sa.text("SELECT max(id) FROM deliveries"))
    assert isinstance(number, int)
    return put(desk, number, state, **changes)


def standing(desk: Desk, number: int) -> Delivery:
    """As it stands."""
    with desk.store.write() as connection:
        return deliveries.get(connection, [number])[number]


def put(desk: Desk, number: int, state: State, **changes: Any) -> Delivery:
    """Put it there by force."""
    before = standing(desk, number)
    changes = {"shelf": ON_SHELF, **changes} if state is State.SHELVED else changes
    after = replace(before, state=state, **changes)
    if after != before:
        with desk.store.write() as connection:
            deliveries.rewrite(connection, [deliveries.Change(before, after)], desk.clock(), "test")
    return after
