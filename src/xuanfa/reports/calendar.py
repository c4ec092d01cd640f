"""What goes out in a time: one question by index, whatever else there is; posts by the moment at which the first of their channels is due."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Final, NamedTuple

import sqlalchemy as sa

from xuanfa.domain.access import Veil, restricted_mark
from xuanfa.domain.channel import base_of, practice_of
from xuanfa.domain.delivery import ON_SHELF, PLANNED, State
from xuanfa.store.database import Store
from xuanfa.store.ledger import title_as_sent
from xuanfa.store.schema import deliveries, listed, posts, receipts, revisions

_D, _P, _V = deliveries.c, posts.c, revisions.c
_MOVES: Final = PLANNED - {State.SHELVED}
#: The state that a post shows of those of its channels: the first of these that it has.
_FIRST: Final = (
    State.UNKNOWN,
    State.RETRACTING,
    State.FAILED,
    State.REJECTED,
    State.HELD,
    State.PUBLISHING,
    State.AWAITING_REVIEW,
    State.SCHEDULED,
    State.SHELVED,
    State.ACCEPTED,
    State.PUBLISHED,
    State.CANCELLED,
    State.RETRACTED,
)


class Channeled(NamedTuple):
    """One of its deliveries: a month has thousands of them."""

    id: int
    channel: str
    state: State
    due_at: datetime
    look_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """A post in the calendar."""

    slug: str
    title: str
    column: str
    at: datetime
    state: State
    #: The delivery by which it is moved, and whether it can be.
    delivery: int
    moves: bool
    channels: tuple[Channeled, ...]
    restricted: bool


def planned_between(
    store: Store,
    begin: datetime,
    end: datetime,
    veil: Veil,
    *,
    column: str = "",
    channel: str = "",
    states: Collection[State] = tuple(State),
    of: Collection[int] | None = None,
) -> list[Planned]:
    """Posts of which something is due in this time, in order; only those with these numbers, where ``of`` is given."""
    shape = (tuple(states), bool(column), bool(channel), of is not None)
    given: dict[str, Any] = {"b_begin": begin, "b_end": end}
    if of is not None:
        given["b_posts"] = list(of)
    if column:
        given["b_column"] = column
    if channel:
        given["b_channels"] = [channel, practice_of(channel)]
    with store.read() as connection:
        rows = connection.execute(_question(*shape), given).all()
    found: dict[int, list[sa.Row[tuple[object, ...]]]] = {}
    for row in rows:
        found.setdefault(row.post_id, []).append(row)
    return [_planned(of_post, is_hidden=number in veil.hidden) for number, of_post in found.items()]


@lru_cache(32)
def _question(states: tuple[State, ...], of_column: bool, of_channel: bool, of_posts: bool) -> sa.Select[Any]:
    """Built once for each shape: putting it together costs more than a day's answer."""
    query = (
        sa.select(
            _D.id,
            _D.post_id,
            _D.channel,
            _D.column_id,
            _D.state,
            _D.due_at,
            _D.look_at,
            _P.slug,
            title_as_sent.label("title"),
        )
        .join(posts, _P.id == _D.post_id)
        .outerjoin(revisions, sa.and_(_V.post_id == _D.post_id, _V.number == _D.revision))
        .outerjoin(receipts, receipts.c.delivery_id == _D.id)
        .where(_D.state.in_([state.value for state in states]), *in_this_time())
        .order_by(_D.due_at, _D.id)
    )
    if of_column:
        query = query.where(_D.column_id == sa.bindparam("b_column"))
    if of_channel:
        query = query.where(_D.channel.in_(sa.bindparam("b_channels", expanding=True)))
    if of_posts:
        query = query.where(_D.post_id.in_(sa.bindparam("b_posts", expanding=True)))
    return query


def in_this_time() -> tuple[sa.ColumnElement[bool], ...]:
    """What is due from ``b_begin`` up to ``b_end``; not what lies on the shelf, which has no time."""
    begin, end = sa.bindparam("b_begin", type_=_D.due_at.type), sa.bindparam("b_end", type_=_D.due_at.type)
    return _D.due_at >= begin, _D.due_at < end, listed, _D.shelf != ON_SHELF


def _planned(rows: "list[sa.Row[tuple[object, ...]]]", *, is_hidden: bool) -> Planned:
    first = rows[0]
    channels = tuple(Channeled(row.id, base_of(row.channel), State(row.state), row.due_at, row.look_at) for row in rows)
    states = {each.state for each in channels}
    movable = next((each for each in channels if each.state in _MOVES), None)
    return Planned(
        slug=first.slug,
        title=restricted_mark() if is_hidden else first.title,
        column="" if is_hidden else first.column_id,
        at=first.due_at,
        state=next(state for state in _FIRST if state in states),
        delivery=(movable or channels[0]).id,
        moves=movable is not None and not is_hidden,
        channels=channels,
        restricted=is_hidden,
    )
