"""What the history says of a delivery, where its row does not."""

from datetime import datetime

import sqlalchemy as sa

from xuanfa.domain.act import Release
from xuanfa.domain.delivery import State
from xuanfa.store.expiries import EXPIRES
from xuanfa.store.found import FOUND
from xuanfa.store.schema import events, is_of_identity

_E = events.c


def was_released(connection: sa.Connection, delivery_id: int, since: datetime) -> bool:
    """Whether a person has let a held delivery go since then, approved already or not. Moving it to another time is not that: its new time is
    judged anew; nor is what goes on by itself, because its file was put right."""
    released = (_E.before == State.HELD.value, _E.after.in_(_QUEUED_AGAIN), _E.act == Release.verb)
    query = sa.select(_E.id).where(_E.delivery_id == delivery_id, _E.at >= since, *released).limit(1)
    return connection.scalar(query) is not None


_QUEUED_AGAIN = (State.SCHEDULED.value, State.AWAITING_REVIEW.value)


def newest_at(connection: sa.Connection) -> datetime | None:
    """When the newest line was written; ``None`` where there is none."""
    moment: datetime | None = connection.scalar(sa.select(_E.at).order_by(_E.id.desc()).limit(1))
    return moment


def far(connection: sa.Connection) -> int:
    """The number of the newest line that tells of something done; 0 where there is none. Those of the database's own identity do not."""
    query = sa.select(_E.id).where(~is_of_identity).order_by(_E.id.desc()).limit(1)
    return connection.scalar(query) or 0


#: So long a history is asked whether it tells of anything: a longer one surely does, and asking would take its time.
_SHORT = 2_000
#: Lines that tell of reading posts and of failing to reach a channel, and of nothing else.
_READING = ("revised", "frozen", "identity", FOUND, EXPIRES, State.SCHEDULED.value, State.FAILED.value)
_QUEUED = (State.SCHEDULED.value, State.PUBLISHING.value)


def is_blank(connection: sa.Connection, upto: int) -> bool:
    """Whether nothing up to that line was published, decided, paused or held."""
    if upto > _SHORT:
        return False
    tells = sa.or_(_E.after.not_in(_READING), _E.before.not_in(_QUEUED), _E.act.is_not(None))
    return connection.scalar(sa.select(_E.id).where(tells).limit(1)) is None
