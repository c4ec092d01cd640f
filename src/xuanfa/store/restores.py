"""Restores: when a backup was put back, and whether a person has said since that sending may go on. Inside the caller's transaction."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from xuanfa.domain.delivery import State
from xuanfa.domain.person import Actor, name_of
from xuanfa.store.base import is_any
from xuanfa.store.schema import attempts, deliveries, needs_person, receipts, restores

_R = restores.c
#: Stands for the backup where none was put back: the database had forgotten what it had done.
FORGOTTEN = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Restore:
    """One of them. ``backup`` names it, ``taken_at`` is its moment; what happened after that is not known here."""

    id: int
    backup: str
    taken_at: datetime
    restored_at: datetime
    actor: str
    finished_at: datetime | None
    ended_at: datetime | None
    complete_at: datetime | None

    @property
    def is_forgotten(self) -> bool:
        """Whether no backup was put back, but something was found to be missing."""
        return self.backup == FORGOTTEN

    def covers(self, dated: datetime) -> bool:
        """Whether a post that is first read now, from a file of that date, may be one that was sent before and is not known here."""
        return self.complete_at is None and (self.ended_at is None or dated < self.ended_at)


def latest(connection: sa.Connection) -> Restore | None:
    """The newest one."""
    row = connection.execute(sa.select(restores).order_by(_R.id.desc()).limit(1)).mappings().first()
    return None if row is None else Restore(**row)


def standing(connection: sa.Connection) -> Restore | None:
    """The newest one, as long as no person has resumed sending since."""
    found = latest(connection)
    return found if found is not None and found.ended_at is None else None


def record(connection: sa.Connection, *, backup: str, taken_at: datetime, now: datetime, actor: Actor) -> None:
    """The database is as in this backup now."""
    connection.execute(
        restores.insert().values(backup=backup, taken_at=taken_at, restored_at=now, actor=name_of(actor))
    )


def finish(connection: sa.Connection, now: datetime) -> None:
    """The files are in place, too."""
    connection.execute(restores.update().where(_R.finished_at.is_(None)).values(finished_at=now))


def end(connection: sa.Connection, now: datetime) -> None:
    """A person has resumed sending."""
    connection.execute(restores.update().where(_R.ended_at.is_(None)).values(ended_at=now))


def complete(connection: sa.Connection, now: datetime) -> None:
    """A person has said that every post of before is in its place and has been read."""
    connection.execute(restores.update().where(_R.complete_at.is_(None)).values(complete_at=now))


def is_provisional(connection: sa.Connection) -> bool:
    """Whether there is nothing here but what was read from files since a new database was found to lack everything: nothing was sent, and
    no backup was put back."""
    first = connection.execute(sa.select(_R.backup, _R.taken_at, _R.restored_at).order_by(_R.id).limit(1)).first()
    if first is None or first.backup != FORGOTTEN or first.taken_at != first.restored_at:
        return False
    only = connection.scalar(sa.select(sa.func.count()).where(_R.backup != FORGOTTEN)) == 0
    return only and not any(
        connection.scalar(sa.select(sa.literal(1)).select_from(table).limit(1)) for table in (attempts, receipts)
    )


def undecided(connection: sa.Connection) -> int:
    """How many deliveries wait for a person because a restore brought them back."""
    return connection.scalar(_UNDECIDED) or 0


_UNDECIDED = sa.select(sa.func.count()).where(
    needs_person, is_any(deliveries.c.state, {State.UNKNOWN, State.HELD}), deliveries.c.restored == sa.true()
)
