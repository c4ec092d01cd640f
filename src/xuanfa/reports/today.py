"""What goes out in a day, as the desk shows it: counted by the database, and read only as far as it is shown."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

import sqlalchemy as sa

from xuanfa.domain.access import Veil
from xuanfa.domain.channel import base_of
from xuanfa.domain.delivery import State
from xuanfa.domain.own import Own
from xuanfa.reports.calendar import Planned, in_this_time, planned_between
from xuanfa.store.database import Store
from xuanfa.store.own import asked_with, written_by_asked
from xuanfa.store.schema import deliveries

_D = deliveries.c
_OVER: Final = frozenset({State.PUBLISHED, State.RETRACTED, State.CANCELLED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Today:
    """So many posts and deliveries are due, of which ``out`` are published, on these channels; and the posts that are shown of them."""

    posts: int
    deliveries: int
    out: int
    channels: frozenset[str]
    board: tuple[Planned, ...]


def due_between(store: Store, begin: datetime, end: datetime, veil: Veil, own: Own | None, *, most: int) -> Today:
    """Everything that is due in this time, or only what this contributor wrote. Of the posts at most ``most`` are shown: what is still to come
    or stands still, the soonest first, and then what went out last; in the order of their time."""
    given = {"b_begin": begin, "b_end": end} | ({} if own is None else asked_with(own))
    with store.read() as connection:
        counted = connection.execute(_counts(own is not None), given).all()
        found = connection.execute(_in_order(own is not None), given).all()
    still = [row.post_id for row in found if row.still][:most]
    over = [row.post_id for row in found if not row.still]
    shown = {*still, *over[max(0, len(over) + len(still) - most) :]}
    return Today(
        posts=len(found),
        deliveries=sum(row.number for row in counted),
        out=sum(row.number for row in counted if row.state == State.PUBLISHED.value),
        channels=frozenset(base_of(row.channel) for row in counted),
        board=tuple(planned_between(store, begin, end, veil, of=shown)) if shown else (),
    )


@lru_cache(2)
def _counts(of_one: bool) -> sa.Select[Any]:
    query = sa.select(_D.state, _D.channel, sa.func.count().label("number")).where(*_due(of_one))
    return query.group_by(_D.state, _D.channel)


@lru_cache(2)
def _in_order(of_one: bool) -> sa.Select[Any]:
    """The numbers of the posts by the time of their first delivery, and whether anything of them is still to come or stands still."""
    is_still = sa.case((_D.state.in_(sorted(_OVER)), 0), else_=1)
    query = sa.select(_D.post_id, sa.func.max(is_still).label("still")).where(*_due(of_one)).group_by(_D.post_id)
    return query.order_by(sa.func.min(_D.due_at), sa.func.min(_D.id))


def _due(of_one: bool) -> tuple[sa.ColumnElement[bool], ...]:
    """In any state: named, since the index by time goes by the state first."""
    found = (_D.state.in_(sorted(State)), *in_this_time())
    return (*found, _D.post_id.in_(written_by_asked())) if of_one else found
