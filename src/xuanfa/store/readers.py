"""Readers' figures as they are kept. Inside the caller's transaction."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from xuanfa.domain.delivery import State
from xuanfa.domain.public import Public
from xuanfa.domain.readers import NAMES, Figures, Snapshot
from xuanfa.domain.receipt import page_of
from xuanfa.store import locks, proofs
from xuanfa.store.ledger import title_as_sent
from xuanfa.store.schema import deliveries, posts, reader_figures, receipts, revisions

_F = reader_figures.c
_IS_OUT: Final = sa.and_(deliveries.c.state == State.PUBLISHED.value, receipts.c.rehearsal == sa.false())
#: The line of history.
ENTERED: Final = "readers_entered"
#: So many numbers are asked for at once: databases bound what a query may hold.
_AT_ONCE: Final = 500


def add(connection: sa.Connection, found: Sequence[Figures], *, origin: str, actor: str, now: datetime) -> int:
    """Snapshots more; how many. What stands there just so, of the same time, is not entered again, whoever asks at the same moment."""
    locks.hold(connection, "readers")
    there = {each.figures for each in of_deliveries(connection, {each.delivery for each in found})}
    rows = [
        {"delivery_id": each.delivery, "at": each.at, "entered_at": now, "origin": origin, "actor": actor}
        | {name: getattr(each, name) for name in NAMES}
        for each in found
        if each not in there
    ]
    if rows:
        connection.execute(reader_figures.insert(), rows)
    return len(rows)


def put(connection: sa.Connection, figures: Figures, *, origin: str, actor: str, now: datetime) -> int:
    """One snapshot more, and its number; of what stands there just so, that one's."""
    locks.hold(connection, "readers")
    for each in of_deliveries(connection, [figures.delivery]):
        if each.figures == figures:
            return each.id
    values = {name: getattr(figures, name) for name in NAMES}
    change = reader_figures.insert().values(
        delivery_id=figures.delivery, at=figures.at, entered_at=now, origin=origin, actor=actor, **values
    )
    result = connection.execute(change)
    assert result.inserted_primary_key is not None  # noqa: S101 - one row was inserted
    return int(result.inserted_primary_key[0])


def of_deliveries(connection: sa.Connection, ids: Collection[int]) -> list[Snapshot]:
    """The snapshots of deliveries, by the time at which they stood so; of one time, in the order in which they were entered."""
    found: list[Snapshot] = []
    for some in _some(ids):
        query = sa.select(reader_figures).where(_F.delivery_id.in_(some)).order_by(_F.at, _F.id)
        found += [_snapshot(row) for row in connection.execute(query)]
    return found


def newest(connection: sa.Connection, most: int | None) -> list[tuple[int, str, str, str, datetime, Snapshot | None]]:
    """What is out for real, the newest first: delivery, post, title, channel, when it came out, and its newest snapshot."""
    each = reader_figures.alias("each_of_them")
    last = (
        sa.select(each.c.id)
        .where(each.c.delivery_id == deliveries.c.id)
        .order_by(each.c.at.desc(), each.c.id.desc())
        .limit(1)
        .correlate(deliveries)
        .scalar_subquery()
    )
    query = (
        sa.select(
            deliveries.c.id.label("number"),
            posts.c.slug,
            title_as_sent.label("title"),
            deliveries.c.channel,
            receipts.c.published_at,
            reader_figures,
        )
        .join(posts, posts.c.id == deliveries.c.post_id)
        .join(receipts, receipts.c.delivery_id == deliveries.c.id)
        .outerjoin(
            revisions,
            sa.and_(revisions.c.post_id == deliveries.c.post_id, revisions.c.number == deliveries.c.revision),
        )
        .outerjoin(reader_figures, _F.id == last)
        .where(_IS_OUT)
        .order_by(receipts.c.published_at.desc(), deliveries.c.id.desc())
        .limit(most)
    )
    return [
        (row.number, row.slug, row.title, row.channel, row.published_at, None if row.id is None else _snapshot(row))
        for row in connection.execute(query)
    ]


def out(connection: sa.Connection, ids: Collection[int]) -> dict[int, Public]:
    """Deliveries that are or were out for real, by number."""
    found: dict[int, Public] = {}
    for some in _some(ids):
        found |= proofs.get(connection, some)
    return found


def at_pages(connection: sa.Connection, wanted: Collection[str]) -> dict[str, list[int]]:
    """What is out for real at these pages (``page_of``), by page."""
    found: dict[str, list[int]] = {}
    query = (
        sa.select(deliveries.c.id, receipts.c.address)
        .join(receipts, receipts.c.delivery_id == deliveries.c.id)
        .where(_IS_OUT, receipts.c.address.is_not(None))
        .order_by(deliveries.c.id)
    )
    for number, address in connection.execute(query) if wanted else ():
        page = page_of(address)
        if page in wanted:
            found.setdefault(page, []).append(number)
    return found


def _some(ids: Collection[int]) -> Iterator[list[int]]:
    every = sorted(ids)
    return (every[at : at + _AT_ONCE] for at in range(0, len(every), _AT_ONCE))


def _snapshot(row: Any) -> Snapshot:
    values = {name: getattr(row, name) for name in NAMES}
    return Snapshot(
        id=row.id,
        figures=Figures(delivery=row.delivery_id, at=row.at, **values),
        origin=row.origin,
        entered_at=row.entered_at,
        actor=row.actor,
    )
