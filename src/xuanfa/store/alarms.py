"""Causes of alarm as they stand, and what they are read from. Inside the caller's transaction."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from xuanfa.domain.alarm import Cause, Standing
from xuanfa.store import locks
from xuanfa.store.ledger import title_as_sent
from xuanfa.store.schema import alarms, deliveries, posts, receipts, revisions

_A, _D, _P, _R = alarms.c, deliveries.c, posts.c, receipts.c


def lock(connection: sa.Connection) -> None:
    """Have the causes to oneself until the transaction ends, so that one process tells what two have seen."""
    locks.hold(connection, "alarms")


def standing(connection: sa.Connection) -> list[Standing]:
    """Every cause there is, the oldest first."""
    rows = connection.execute(sa.select(alarms).order_by(_A.raised_at, _A.cause))
    return [
        Standing(
            cause=Cause(name=row.cause, words=row.words, look=row.look), raised_at=row.raised_at, told_at=row.told_at
        )
        for row in rows
    ]


def raise_(connection: sa.Connection, causes: Iterable[Cause], now: datetime) -> None:
    """New causes."""
    rows = [{"cause": c.name, "words": c.words, "look": c.look, "raised_at": now} for c in causes]
    if rows:
        connection.execute(alarms.insert(), rows)


def reword(connection: sa.Connection, causes: Iterable[Cause]) -> None:
    """Causes that are known, with what is to be said of them now."""
    rows = [{"b_cause": c.name, "b_words": c.words, "b_look": c.look} for c in causes]
    if rows:
        change = alarms.update().where(_A.cause == sa.bindparam("b_cause"))
        connection.execute(change.values(words=sa.bindparam("b_words"), look=sa.bindparam("b_look")), rows)


def clear(connection: sa.Connection, names: Collection[str]) -> None:
    """Causes that are gone."""
    if names:
        connection.execute(alarms.delete().where(_A.cause == sa.bindparam("b_cause")), [{"b_cause": n} for n in names])


def take(
    connection: sa.Connection, now: datetime, retry_at: datetime, *, prefixes: Sequence[str] = ("",)
) -> list[Cause]:
    """The causes that are to be told now and whose names begin with one of these, which nobody else will take before ``retry_at``."""
    waits = sa.or_(_A.retry_at.is_(None), _A.retry_at <= now)
    wanted = sa.or_(*(_A.cause.startswith(prefix, autoescape=True) for prefix in prefixes))
    untold = sa.and_(_A.told_at.is_(None), waits, wanted)
    rows = connection.execute(sa.select(alarms).where(untold).order_by(_A.raised_at, _A.cause)).all()
    connection.execute(alarms.update().where(untold).values(retry_at=retry_at))
    return [Cause(name=row.cause, words=row.words, look=row.look) for row in rows]


def told(connection: sa.Connection, names: Sequence[str], now: datetime) -> None:
    """Note that these have been told."""
    change = alarms.update().where(_A.cause == sa.bindparam("b_cause")).values(told_at=now)
    connection.execute(change, [{"b_cause": name} for name in names])


def waiting_for_a_person(connection: sa.Connection, states: Collection[str]) -> Sequence[sa.Row[*tuple[Any, ...]]]:
    """Deliveries in these states with the title under which they go; a withdrawal only where it is in doubt."""
    waiting = (_D.state.in_(list(states)), sa.or_(_D.state != "retracting", _D.reason != ""))
    return connection.execute(_SHOWN.where(*waiting)).all()


def shown(connection: sa.Connection, delivery_ids: Collection[int]) -> Sequence[sa.Row[*tuple[Any, ...]]]:
    """The same of deliveries by their numbers."""
    return connection.execute(_SHOWN.where(_D.id.in_(list(delivery_ids)))).all() if delivery_ids else ()


_SHOWN = (
    sa.select(
        _D.id, _D.channel, _D.state, _D.reason, _D.rehearsal, _D.hold, _P.path, _P.slug, title_as_sent.label("title")
    )
    .join(posts, _P.id == _D.post_id)
    .outerjoin(revisions, sa.and_(revisions.c.post_id == _D.post_id, revisions.c.number == _D.revision))
    .outerjoin(receipts, _R.delivery_id == _D.id)
    .order_by(_D.id)
)
