"""Solemn periods. Inside the caller's transaction."""

from dataclasses import fields
from datetime import datetime

import sqlalchemy as sa

from xuanfa.domain.solemn import Solemn
from xuanfa.store.solemn_schema import solemn_periods

_S = solemn_periods.c
_NAMES = tuple(each.name for each in fields(Solemn))
#: The lines of history about them.
SET, ENDED = "solemn_set", "solemn_ended"


def add(
    connection: sa.Connection, *, begins: datetime, ends: datetime, reason: str, actor: str, now: datetime
) -> Solemn:
    """Keep a period that somebody has set."""
    values = {"begins": begins, "ends": ends, "reason": reason, "actor": actor, "set_at": now, "ended_by": ""}
    result = connection.execute(solemn_periods.insert(), values)
    assert result.inserted_primary_key is not None  # noqa: S101 - one row was inserted
    return Solemn(id=int(result.inserted_primary_key[0]), **values)  # type: ignore[arg-type]


def end(connection: sa.Connection, number: int, *, actor: str, now: datetime) -> None:
    """Note that somebody has ended a period."""
    connection.execute(solemn_periods.update().where(_S.id == number).values(ended_at=now, ended_by=actor))


def find(connection: sa.Connection, number: int) -> Solemn | None:
    """The period of this number."""
    row = connection.execute(sa.select(solemn_periods).where(_S.id == number)).first()
    return None if row is None else _period(row)


def every(connection: sa.Connection) -> list[Solemn]:
    """All that were ever set, the latest first."""
    return [_period(row) for row in connection.execute(sa.select(solemn_periods).order_by(_S.begins.desc()))]


def standing(connection: sa.Connection, since: datetime) -> list[Solemn]:
    """Those that nobody has ended and that were not over at ``since``, in the order in which they begin."""
    return [_period(row) for row in connection.execute(_STANDING, {"b_since": since})]


_STANDING = (
    sa.select(solemn_periods)
    .where(_S.ended_at.is_(None), _S.ends > sa.bindparam("b_since", type_=_S.ends.type))
    .order_by(_S.begins)
)


def _period(row: sa.Row[tuple[object, ...]]) -> Solemn:
    return Solemn(**{name: getattr(row, name) for name in _NAMES})
