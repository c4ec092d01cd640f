"""Waiting: scheduled deliveries that need the public address of their post on another channel. Inside the caller's transaction."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from xuanfa.domain.delivery import Delivery, State
from xuanfa.store import records
from xuanfa.store.schema import deliveries, renditions

_D, _R = deliveries.c, renditions.c


@dataclass(frozen=True, slots=True)
class Waiter:
    """A scheduled delivery that waits for the address of its post on the channels it ``needs``."""

    id: int
    post_id: int
    channel: str
    needs: tuple[str, ...]


_WAITERS = (
    sa.select(_D.id, _D.post_id, _D.channel, _R.needs)
    .join(renditions, _R.id == _D.rendition_id)
    .where(_D.post_id.in_(sa.bindparam("ids", expanding=True)), _D.waiting == sa.true())
)


def waiters(connection: sa.Connection, post_ids: Collection[int]) -> list[Waiter]:
    """Who waits for an address of these posts."""
    rows = connection.execute(_WAITERS, {"ids": list(post_ids)})
    return [Waiter(row.id, row.post_id, row.channel, tuple(row.needs or ())) for row in rows]


def wake(connection: sa.Connection, ids: Collection[int]) -> None:
    """What these waited for is there."""
    if ids:
        connection.execute(deliveries.update().where(_D.id.in_(list(ids))).values(waiting=False))


def overdue(connection: sa.Connection, before: datetime) -> list[Delivery]:
    """Deliveries that have been waiting for an address since before that moment, locked."""
    return [records.delivery(row) for row in connection.execute(_OVERDUE, {"before": before})]


_OVERDUE = (
    sa.select(*records.DELIVERY)
    .where(
        _D.state == sa.literal_column(f"'{State.SCHEDULED.value}'"),
        _D.waiting == sa.true(),
        _D.ready_at < sa.bindparam("before", type_=_D.ready_at.type),
    )
    .with_for_update(skip_locked=True)
)
