"""What the history says of a delivery, where its row does not."""

from datetime import datetime

import sqlalchemy as sa

from xuanfa.domain.delivery import State
from xuanfa.store.schema import events

_E = events.c


def was_released(connection: sa.Connection, delivery_id: int, since: datetime) -> bool:
    """Whether a person has let a held delivery go since then. Moving it to another time is not that: its new time is judged anew."""
    query = sa.select(_E.at, _E.before, _E.after).where(_E.delivery_id == delivery_id, _E.at >= since)
    rows = connection.execute(query).all()
    moved = {row.at for row in rows if row.after == "rescheduled"}
    return any(
        row.before == State.HELD.value and row.after == State.SCHEDULED.value and row.at not in moved for row in rows
    )


def newest_at(connection: sa.Connection) -> datetime | None:
    """When the newest line was written; ``None`` where there is none."""
    moment: datetime | None = connection.scalar(sa.select(_E.at).order_by(_E.id.desc()).limit(1))
    return moment
