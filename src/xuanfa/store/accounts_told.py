"""What the history has to tell somebody about their own account. Inside the caller's transaction."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from xuanfa.store.console_schema import factors
from xuanfa.store.schema import events, is_of_user

_E, _F = events.c, factors.c
#: The line of an administrator's taking away somebody's second factor.
FACTOR_DROPPED: Final = "factor_dropped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dropped:
    """That somebody has taken away a person's second factor, and why."""

    by: str
    at: datetime
    why: str


def factor_dropped(connection: sa.Connection, name: str, since: datetime) -> Dropped | None:
    """The newest time since then that it was taken away, for as long as the person has set up no other one."""
    if connection.scalar(sa.select(_F.user_name).where(_F.user_name == name, _F.proved_at.is_not(None))) is not None:
        return None
    query = sa.select(_E.actor, _E.at, _E.why).where(is_of_user, _E.subject == name, _E.after == FACTOR_DROPPED)
    row = connection.execute(query.where(_E.at >= since).order_by(_E.id.desc()).limit(1)).first()
    return None if row is None else Dropped(by=row.actor, at=row.at, why=row.why)
