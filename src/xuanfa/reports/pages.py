"""Deliveries page by page: filtered, searched and in order of their time, read by index from where the last page ended, never from the start.

Each state is asked for by itself, so that an index holds its rows in order, and only the first few of each are put together.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, NamedTuple

import sqlalchemy as sa

from xuanfa.domain.access import Veil
from xuanfa.domain.channel import practice_of
from xuanfa.domain.delivery import State
from xuanfa.domain.own import Own
from xuanfa.reports.listing import DeliveryRow, list_deliveries
from xuanfa.reports.mark import Mark
from xuanfa.store.by_state import in_states
from xuanfa.store.database import Store
from xuanfa.store.own import written_by
from xuanfa.store.schema import deliveries, listed, posts, receipts

_D, _P, _R = deliveries.c, posts.c, receipts.c
#: A page has so many rows; words are looked for in so many posts, the newest first.
PAGE: Final = 50
_POSTS_MAX: Final = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a list is to show. ``sought``: a part of a title, a slug or an address, or a number. ``handed_over``: of what is accepted only what no
    look will settle. ``own``: only this contributor's posts. ``soonest``: the next first, else the latest."""

    states: Collection[State] = tuple(State)
    channel: str = ""
    column: str = ""
    sought: str = ""
    own: Own | None = None
    handed_over: bool = False
    soonest: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Rows in their order; ``before`` and ``after`` are where the pages beside it begin, empty where there is none."""

    rows: tuple[DeliveryRow, ...] = ()
    before: str = ""
    after: str = ""


def page_of_deliveries(store: Store, asked: Asked, veil: Veil, *, after: str = "", before: str = "") -> Page:
    """The page behind ``after``, or the one that ends ahead of ``before``, else the first."""
    back = Mark.of(before) if before else None
    begin = back or (Mark.of(after) if after else None)
    downwards = asked.soonest is not (back is None)
    with store.read() as connection:
        where = _where(connection, asked, veil)
        found = [] if where is None else _ids(connection, asked, where, begin, downwards=downwards)
    more, found = len(found) > PAGE, found[:PAGE]
    if back is not None:
        found.reverse()
    by_id = {row.id: row for row in list_deliveries(store, ids=[mark.id for mark in found], veil=veil)} if found else {}
    first, last = (found[0], found[-1]) if found else (None, None)
    return Page(
        rows=tuple(by_id[mark.id] for mark in found if mark.id in by_id),
        before=str(first) if first and begin is not None and (back is None or more) else "",
        after=str(last) if last and (more or back is not None) else "",
    )


def count_waiting(store: Store, states: Collection[State]) -> int:
    """How many are in states that an index holds by themselves: what waits for its time or its review."""
    with store.read() as connection:
        query = sa.select(sa.func.count()).select_from(deliveries).where(in_states(states))
        return connection.scalar(query) or 0


def _where(connection: sa.Connection, asked: Asked, veil: Veil) -> list[sa.ColumnElement[bool]] | None:
    """What besides the state is asked for; ``None`` where nothing can be so."""
    found: list[sa.ColumnElement[bool]] = []
    if asked.channel:
        found.append(_D.channel.in_([asked.channel, practice_of(asked.channel)]))
    if asked.column:
        found.append(_D.column_id == asked.column)
    if asked.own is not None:
        found.append(_D.post_id.in_(written_by(asked.own)))
    if asked.sought:
        ids = _posts_with(connection, asked.sought, veil)
        either: list[sa.ColumnElement[bool]] = [_D.post_id.in_(ids)] if ids else []
        if asked.sought.isascii() and asked.sought.isdecimal() and len(asked.sought) < 10:  # noqa: PLR2004 - no number is longer
            either.append(_D.id == int(asked.sought))
        elif asked.sought.startswith(("http://", "https://")):
            seen = sa.select(_R.delivery_id).where(_R.address == asked.sought)
            either.append(sa.and_(_D.id.in_(seen), _D.post_id.not_in(list(veil.hidden))))
        if not either:
            return None
        found.append(sa.or_(*either))
    return found


def _posts_with(connection: sa.Connection, words: str, veil: Veil) -> list[int]:
    """Posts with these words in title or slug; nothing that is hidden is found by its words."""
    holds = _P.title.icontains(words, autoescape=True)
    if veil.hidden:
        holds = sa.and_(holds, _P.id.not_in(list(veil.hidden)))
    query = sa.select(_P.id).where(sa.or_(holds, _P.slug.icontains(words, autoescape=True)))
    return list(connection.scalars(query.order_by(_P.id.desc()).limit(_POSTS_MAX)))


def _ids(
    connection: sa.Connection,
    asked: Asked,
    where: list[sa.ColumnElement[bool]],
    begin: Mark | None,
    *,
    downwards: bool,
) -> list[Mark]:
    """One more than a page holds, in the order in which they are read."""
    shape = _Shape(tuple(asked.states), asked.handed_over, begin is not None, downwards)
    query = _question(shape, where) if where else _plain_question(shape)
    rows = connection.execute(query, {} if begin is None else {"b_at": begin.at, "b_id": begin.id})
    return [Mark(row.due_at, row.id) for row in rows]


class _Shape(NamedTuple):
    """What a question is made of, besides what else is asked for: the same for everybody who opens the page."""

    states: tuple[State, ...]
    handed_over: bool
    begins: bool
    downwards: bool


@lru_cache(64)
def _plain_question(shape: _Shape) -> sa.Select[Any]:
    """Built once: putting it together costs more than its answer."""
    return _question(shape, ())


def _question(shape: _Shape, where: Iterable[sa.ColumnElement[bool]]) -> sa.Select[Any]:
    order = (_D.due_at.desc(), _D.id.desc()) if shape.downwards else (_D.due_at, _D.id)
    parts = []
    for state in shape.states:
        part = sa.select(_D.id, _D.due_at).where(_D.state == state.value, listed, *where)
        if state is State.ACCEPTED and shape.handed_over:
            part = part.where(_D.look_at.is_(None))
        if shape.begins:
            part = part.where(_behind(downwards=shape.downwards))
        parts.append(sa.select(part.order_by(*order).limit(PAGE + 1).subquery()))
    whole = sa.union_all(*parts).subquery()
    due, number = whole.c.due_at, whole.c.id
    ordered = (due.desc(), number.desc()) if shape.downwards else (due, number)
    return sa.select(number, due).order_by(*ordered).limit(PAGE + 1)


def _behind(*, downwards: bool) -> sa.ColumnElement[bool]:
    at, number = sa.bindparam("b_at", type_=_D.due_at.type), sa.bindparam("b_id", type_=_D.id.type)
    if downwards:
        return sa.and_(_D.due_at <= at, sa.or_(_D.due_at < at, _D.id < number))
    return sa.and_(_D.due_at >= at, sa.or_(_D.due_at > at, _D.id > number))
