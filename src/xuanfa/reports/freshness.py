"""How long nothing was published in a column or on a channel, and when the next thing is due; looked for in a bounded past, by the ledger."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Any, Final

import sqlalchemy as sa

from xuanfa.domain.channel import base_of
from xuanfa.domain.delivery import State
from xuanfa.store.by_state import in_states
from xuanfa.store.database import Store
from xuanfa.store.schema import deliveries, receipts

_D, _R = deliveries.c, receipts.c
#: So far back is looked.
BACK: Final = timedelta(days=60)
#: From then on a column or a channel counts as broken off; what comes near it, and what is nearest.
ENDS, NEAR, NEXT = 14, 7, 11


@dataclass(frozen=True, slots=True, kw_only=True)
class Fresh:
    """``days`` since the last one, ``None`` where there was none in that past; ``next_at`` where something is due."""

    name: str
    is_channel: bool
    days: int | None
    next_at: datetime | None

    @property
    def level(self) -> str:
        """The class of the styles."""
        if self.days is None or self.days >= NEXT:
            return "red"
        return "near" if self.days >= NEAR else ""


def freshness(
    store: Store, now: datetime, zone: tzinfo, columns: Iterable[str], channels: Iterable[str]
) -> list[Fresh]:
    """Of these columns and channels, the worst first."""
    since = now - BACK
    real = sa.and_(_R.published_at >= since, _R.retracted_at.is_(None), _R.rehearsal == sa.false())
    joined = sa.join(receipts, deliveries, _D.id == _R.delivery_id)
    last, waits = sa.func.max(_R.published_at), in_states({State.SCHEDULED, State.AWAITING_REVIEW})
    with store.read() as connection:
        by_column = _pairs(connection, sa.select(_R.column_id, last).where(real).group_by(_R.column_id))
        by_channel = _pairs(
            connection, sa.select(_D.channel, last).select_from(joined).where(real).group_by(_D.channel)
        )
        first = sa.func.min(_D.due_at)
        due_column = _pairs(connection, sa.select(_D.column_id, first).where(waits).group_by(_D.column_id))
        due_channel = _pairs(connection, sa.select(_D.channel, first).where(waits).group_by(_D.channel))
    today = now.astimezone(zone).date()

    def one(name: str, seen: Mapping[str, datetime], due: Mapping[str, datetime], *, is_channel: bool) -> Fresh:
        at = seen.get(name)
        days = None if at is None else (today - at.astimezone(zone).date()).days
        return Fresh(name=name, is_channel=is_channel, days=days, next_at=due.get(name))

    found = [one(name, by_column, due_column, is_channel=False) for name in columns]
    found += [one(name, by_channel, due_channel, is_channel=True) for name in channels]
    return sorted(found, key=lambda each: -(each.days if each.days is not None else BACK.days + 1))


def _pairs(connection: sa.Connection, query: "sa.Select[Any]") -> dict[str, datetime]:
    return {base_of(row[0]): row[1] for row in connection.execute(query) if row[1] is not None}
