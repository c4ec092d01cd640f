"""What two people have to say of a doubt before it is sent again, and who wants to look once more when. Inside the caller's transaction."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from xuanfa.domain.delivery import State
from xuanfa.store.by_state import in_states
from xuanfa.store.schema import absences, deliveries, reminders

_A, _R, _D = absences.c, reminders.c, deliveries.c


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstLook:
    """The first of two has looked and found nothing."""

    delivery: int
    attempt: int
    user: str
    why: str
    at: datetime


def first_look(connection: sa.Connection, delivery_id: int, attempt: int) -> FirstLook | None:
    """What the first one has said of this attempt; a later attempt is another question."""
    query = sa.select(absences).where(_A.delivery_id == delivery_id, _A.attempt == attempt)
    row = connection.execute(query).first()
    return None if row is None else _first(row)


def first_looks(connection: sa.Connection) -> list[FirstLook]:
    """All that still wait for the second one."""
    query = sa.select(absences).join(
        deliveries, sa.and_(_D.id == _A.delivery_id, _D.attempt == _A.attempt, in_states({State.UNKNOWN}))
    )
    return [_first(row) for row in connection.execute(query.order_by(_A.at))]


def note_first_look(connection: sa.Connection, look: FirstLook) -> None:
    """Keep it."""
    connection.execute(
        absences.insert().values(
            delivery_id=look.delivery, attempt=look.attempt, user_name=look.user, why=look.why, at=look.at
        )
    )


def forget_first_look(connection: sa.Connection, delivery_id: int, attempt: int) -> None:
    """It was a change of heart; the history keeps both."""
    connection.execute(absences.delete().where(_A.delivery_id == delivery_id, _A.attempt == attempt))


def remind(connection: sa.Connection, delivery_id: int, user: str, at: datetime) -> None:
    """This person wants to look again then, and not earlier or later."""
    connection.execute(reminders.delete().where(_R.delivery_id == delivery_id, _R.user_name == user))
    connection.execute(reminders.insert().values(delivery_id=delivery_id, user_name=user, at=at))


def reminders_of(connection: sa.Connection, user: str) -> dict[int, datetime]:
    """When this person wants to look again, by delivery."""
    rows = connection.execute(sa.select(_R.delivery_id, _R.at).where(_R.user_name == user))
    return {row.delivery_id: row.at for row in rows}


def _first(row: sa.Row[tuple[object, ...]]) -> FirstLook:
    return FirstLook(delivery=row.delivery_id, attempt=row.attempt, user=row.user_name, why=row.why, at=row.at)
