"""Marks as they are kept: which are due, and what was taken for each. Inside the caller's transaction."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from xuanfa.domain.delivery import State
from xuanfa.domain.reader_marks import DueMark, Mark, MarkRow, ReadersAsked
from xuanfa.store import locks
from xuanfa.store.ledger import title_as_sent
from xuanfa.store.schema import deliveries, posts, reader_figures, reader_marks, receipts, revisions

_D, _M, _R, _F = deliveries.c, reader_marks.c, receipts.c, reader_figures.c
_IS_OUT: Final = sa.and_(_D.state == sa.literal_column(f"'{State.PUBLISHED.value}'"), _R.rehearsal == sa.false())


def unmarked_since(
    connection: sa.Connection, channels: Collection[str], since: datetime, most: int
) -> list[tuple[int, datetime]]:
    """What has come out since then on these channels and has no marks yet, with its time."""
    query = (
        sa.select(_R.delivery_id, _R.published_at)
        .join(deliveries, _D.id == _R.delivery_id)
        .where(_R.published_at >= since, _IS_OUT, _D.channel.in_(sorted(channels)))
        .where(~sa.exists().where(_M.delivery_id == _R.delivery_id))
        .order_by(_R.published_at)
        .limit(most)
    )
    return [(row.delivery_id, row.published_at) for row in connection.execute(query)]


def add(connection: sa.Connection, found: Iterable[tuple[int, Mark, datetime]]) -> None:
    """Marks with their time. One that is there stays as it is."""
    locks.hold(connection, "readers")
    wanted = {(number, mark.value): due for number, mark, due in found}
    known = connection.execute(
        sa.select(_M.delivery_id, _M.mark).where(_M.delivery_id.in_(sorted({number for number, _ in wanted})))
    )
    there = {(row.delivery_id, row.mark) for row in known}
    rows = [
        {"delivery_id": number, "mark": mark, "due_at": due, "next_at": due}
        for (number, mark), due in wanted.items()
        if (number, mark) not in there
    ]
    if rows:
        connection.execute(reader_marks.insert(), rows)


def next_due_at(connection: sa.Connection) -> datetime | None:
    """When the next platform is to be asked."""
    found: datetime | None = connection.scalar(sa.select(sa.func.min(_M.next_at)).where(_M.next_at.is_not(None)))
    return found


def take_due(connection: sa.Connection, now: datetime, until: datetime, most: int) -> list[DueMark]:
    """Marks whose time has come, the longest due first: nobody else gets them before ``until``. Of what is out no longer, they are settled."""
    locks.hold(connection, "readers")
    query = (
        sa.select(
            _M.delivery_id,
            _M.mark,
            _M.due_at,
            _D.channel,
            _D.account,
            _D.state,
            _R.remote_id,
            _R.address,
            _R.published_at,
            title_as_sent.label("title"),
        )
        .join(deliveries, _D.id == _M.delivery_id)
        .join(posts, posts.c.id == _D.post_id)
        .join(receipts, _R.delivery_id == _M.delivery_id)
        .outerjoin(revisions, sa.and_(revisions.c.post_id == _D.post_id, revisions.c.number == _D.revision))
        .where(_M.next_at.is_not(None), _M.next_at <= now, sa.or_(_M.taken_until.is_(None), _M.taken_until <= now))
        .order_by(_M.next_at, _M.delivery_id)
        .limit(most)
    )
    found = connection.execute(query).all()
    chosen = [_due(row) for row in found if row.state == State.PUBLISHED.value]
    for each in chosen:
        connection.execute(_one(each).values(taken_until=until))
    return chosen + [_due(row) for row in found if row.state != State.PUBLISHED.value]


def _due(row: Any) -> DueMark:
    asked = ReadersAsked(
        delivery=row.delivery_id,
        remote_id=row.remote_id or "",
        address=row.address or "",
        title=row.title or "",
        published_at=row.published_at,
        since=row.due_at,
    )
    is_out = row.state == State.PUBLISHED.value
    return DueMark(
        mark=Mark(row.mark), due_at=row.due_at, channel=row.channel, account=row.account, is_out=is_out, asked=asked
    )


def _one(each: DueMark) -> sa.Update:
    """Of a mark that is not settled yet: whoever comes second changes nothing."""
    return reader_marks.update().where(
        _M.delivery_id == each.asked.delivery, _M.mark == each.mark.value, _M.next_at.is_not(None)
    )


def put_off(connection: sa.Connection, some: Sequence[DueMark], at: datetime, why: str = "") -> None:
    """Ask again then; ``why`` is what kept them without figures this time."""
    for each in some:
        connection.execute(_one(each).values(next_at=at, taken_until=None, **({"why": why} if why else {})))


def settle(connection: sa.Connection, each: DueMark, *, figure: int | None, why: str) -> bool:
    """A snapshot was taken for it, or it was missed; whether it was still open."""
    change = _one(each).values(next_at=None, taken_until=None, figure_id=figure, why=why)
    return connection.execute(change).rowcount > 0


def is_open(connection: sa.Connection, each: DueMark) -> bool:
    """Whether it is not settled yet."""
    query = sa.select(_M.next_at).where(_M.delivery_id == each.asked.delivery, _M.mark == each.mark.value)
    return connection.scalar(query) is not None


def of_deliveries(connection: sa.Connection, ids: Collection[int]) -> list[MarkRow]:
    """The marks of deliveries, in the order of their times."""
    query = (
        sa.select(reader_marks, _F.at)
        .outerjoin(reader_figures, _F.id == _M.figure_id)
        .where(_M.delivery_id.in_(sorted(ids)))
        .order_by(_M.delivery_id, _M.due_at, _M.mark)
    )
    return [
        MarkRow(
            delivery=row.delivery_id,
            mark=Mark(row.mark),
            due_at=row.due_at,
            next_at=row.next_at,
            figure=row.figure_id,
            at=row.at,
            why=row.why,
        )
        for row in (connection.execute(query) if ids else ())
    ]
