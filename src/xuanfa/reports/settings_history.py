"""Who changed which settings last."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from xuanfa.store.database import Store
from xuanfa.store.schema import events, is_signed

_E: Final = events.c
#: The line of history of a change of settings.
_CHANGED: Final = "settings_changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class LastChange:
    """The newest change of what one page of the settings shows."""

    who: str
    at: datetime
    what: str


def last_changes(store: Store) -> Mapping[str, LastChange]:
    """The newest change of each area, and of each channel by ``channels.ID``."""
    of_channel = sa.func.coalesce(_E.channel, "")
    newest = (
        sa.select(sa.func.max(_E.id).label("id"))
        .where(is_signed, _E.after == _CHANGED)
        .group_by(_E.before, of_channel)
        .scalar_subquery()
    )
    query = sa.select(_E.at, _E.actor, _E.why, _E.before, _E.channel).where(_E.id.in_(newest)).order_by(_E.id)
    found: dict[str, LastChange] = {}
    with store.read() as connection:
        for row in connection.execute(query):
            change = LastChange(who=row.actor, at=row.at, what=row.why)
            found[row.before or ""] = change
            if row.channel:
                found[f"channels.{row.channel}"] = change
    return found
