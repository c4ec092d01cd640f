"""Attempts: recorded before the request, ended after it, lost when their lease ends. Inside the caller's transaction.

"Lost" is no end of its own: the process may still be there. Its own end, however late, takes that place.
"""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa

from xuanfa.domain.attempt import Action
from xuanfa.domain.delivery import Delivery, State
from xuanfa.domain.person import Actor
from xuanfa.domain.process import Sender
from xuanfa.domain.shown import EVIDENCE_MAX, clipped
from xuanfa.store.chain import canonical
from xuanfa.store.columns import as_stored
from xuanfa.store.schema import attempts, deliveries, events, may_still_run
from xuanfa.store.signed import signed

_A = attempts.c


def begin(
    connection: sa.Connection,
    records_: Iterable[Delivery],
    action: Action,
    *,
    node: str,
    process: str,
    now: datetime,
    lease_until: datetime,
) -> None:
    """Record tries that are about to be made; committed before the request."""
    rows = [
        {
            "delivery_id": record.id,
            "number": record.attempt,
            "action": action.value,
            "key": record.key,
            "digest": record.digest,
            "node": node,
            "rehearsal": record.rehearsal,
            "account": record.account,
            "process": process,
            "started_at": now,
            "lease_until": lease_until,
            "evidence": "",
        }
        for record in records_
    ]
    if rows:
        connection.execute(_BEGIN, rows)


_BEGIN = attempts.insert()


class End(NamedTuple):
    """How a try ended, and how many bytes of its last request left, of how many; ``None`` where that was not measured."""

    delivery: int
    number: int
    outcome: str
    evidence: str
    sent: int | None = None
    total: int | None = None


def end(connection: sa.Connection, ends: Sequence[End], now: datetime) -> None:
    """Record how tries ended. One that had been given up as lost, and answers after all, ends as it did."""
    rows = [
        {
            "b_id": each.delivery,
            "b_n": each.number,
            "b_now": now,
            "b_outcome": each.outcome,
            "b_evidence": clipped(each.evidence, EVIDENCE_MAX),
            "b_sent": each.sent,
            "b_total": each.total,
        }
        for each in ends
    ]
    if rows:
        connection.execute(_END, rows)


_END = (
    attempts.update()
    .where(_A.delivery_id == sa.bindparam("b_id"), _A.number == sa.bindparam("b_n"))
    .where(_A.ended_at.is_(None) | (_A.outcome == "lost"))
    .values(
        ended_at=sa.bindparam("b_now"),
        outcome=sa.bindparam("b_outcome"),
        evidence=sa.bindparam("b_evidence"),
        bytes_sent=sa.bindparam("b_sent"),
        bytes_total=sa.bindparam("b_total"),
    )
)


def as_kept(connection: sa.Connection, delivery_id: int, number: int) -> tuple[str, str | None] | None:
    """Key and outcome of an attempt; ``None`` where this database has none of these numbers."""
    query = sa.select(_A.key, _A.outcome).where(_A.delivery_id == delivery_id, _A.number == number)
    row = connection.execute(query).first()
    return None if row is None else (row.key, row.outcome)


def proofs(connection: sa.Connection, numbers: Mapping[int, int]) -> dict[int, str]:
    """The hash of an attempt of each of these deliveries (its number by the delivery's), for the line of history that tells how it ended.

    The stage that it began with is in it, since no line tells of that. One that is under way has none.
    """
    rows: dict[int, list[Vouched]] = {}
    for row in connection.execute(_OF, {"ids": list(numbers)}) if numbers else ():
        rows.setdefault(row.delivery_id, []).append(Vouched(*row))
    return {id_: proof for id_, found in rows.items() if (proof := proof_of(found, numbers[id_])) is not None}


class Vouched(NamedTuple):
    """What the history vouches for of an attempt: all but what is noted of it later."""

    delivery_id: int
    number: int
    action: str
    key: str
    digest: str
    node: str
    process: str
    rehearsal: bool
    account: str
    bytes_sent: int | None
    bytes_total: int | None
    started_at: int
    lease_until: int
    ended_at: int | None
    outcome: str | None
    evidence: str


def proof_of(attempts_: Iterable[Vouched], number: int) -> str | None:
    """The same from the attempts of one delivery."""
    by_number = {each.number: each for each in attempts_}
    its, before = by_number.get(number), by_number.get(number - 1)
    if its is None or its.outcome is None:
        return None
    followed = (
        before is not None
        and (before.action, before.outcome) == (Action.STAGE.value, "staged")
        and before.ended_at == its.started_at
    )
    return hashlib.sha256(canonical([*(before or () if followed else ()), *its])).hexdigest()


#: The columns of ``Vouched``, as they are stored.
VOUCHED = tuple(as_stored(_A[name]) for name in Vouched._fields)
_OF = (
    sa.select(*VOUCHED)
    .where(_A.delivery_id.in_(sa.bindparam("ids", expanding=True)))
    .order_by(_A.delivery_id, _A.number)
)


def renew_leases(
    connection: sa.Connection, held: Iterable[tuple[int, int]], lease_until: datetime
) -> list[tuple[int, int]]:
    """Keep the right to these attempts (delivery, number), as far as they have no outcome yet; those that were kept."""
    return [
        (delivery_id, number)
        for delivery_id, number in sorted(held)
        if connection.execute(_RENEW, {"b_id": delivery_id, "b_n": number, "b_until": lease_until}).rowcount
    ]


_RENEW = (
    attempts.update()
    .where(_A.delivery_id == sa.bindparam("b_id"), _A.number == sa.bindparam("b_n"), _A.ended_at.is_(None))
    .values(lease_until=sa.bindparam("b_until"))
)


def lapsed(connection: sa.Connection, now: datetime) -> list[tuple[int, int, Action]]:
    """Attempts without an outcome whose lease has ended: (delivery, number, action).

    Nothing is locked: a delivery is locked before its attempts, always, and then this has to be asked once more.
    """
    return [
        (delivery, number, Action(action)) for delivery, number, action in connection.execute(_LAPSED, {"now": now})
    ]


_LAPSED = sa.select(_A.delivery_id, _A.number, _A.action).where(
    _A.ended_at.is_(None), _A.lease_until < sa.bindparam("now", type_=_A.lease_until.type)
)


def may_still_run_for(connection: sa.Connection, delivery_id: int) -> list[Sender]:
    """Whoever may still be sending a delivery: attempts to publish it that have no end of their own."""
    sending = sa.and_(_A.ended_at.is_(None), _A.action == Action.PUBLISH.value)
    return _senders(connection, _A.delivery_id == delivery_id, sa.or_(sending, may_still_run))


def may_still_run_in_doubt(connection: sa.Connection) -> list[Sender]:
    """The same for every delivery of which it matters, because its outcome is not known."""
    in_doubt = sa.exists().where(deliveries.c.id == _A.delivery_id, deliveries.c.state == State.UNKNOWN.value)
    return _senders(connection, may_still_run, in_doubt)


def _senders(connection: sa.Connection, *where: sa.ColumnElement[bool]) -> list[Sender]:
    query = sa.select(_A.delivery_id, _A.number, _A.node, _A.process).where(*where)
    return [
        Sender(delivery=delivery_id, number=number, node=node, process=process)
        for delivery_id, number, node, process in connection.execute(query.order_by(_A.delivery_id, _A.number))
    ]


#: The event of a sender's being known to be gone.
GONE = "gone"


def mark_gone(connection: sa.Connection, senders: Iterable[Sender], now: datetime, actor: Actor) -> None:
    """Note of given up attempts that nothing of them can leave any more, each with its line of history: by this a look is believed."""
    for sender in senders:
        it = (_A.delivery_id == sender.delivery, _A.number == sender.number)
        if not connection.execute(attempts.update().where(*it, may_still_run).values(gone_at=now)).rowcount:
            continue  # another process has noted it, or it has an end of its own by now
        channel = sa.select(deliveries.c.channel).where(deliveries.c.id == sender.delivery).scalar_subquery()
        line = {"at": now, "delivery_id": sender.delivery, "channel": channel, "after": GONE, "attempt": sender.number}
        connection.execute(events.insert().values(**line, **signed(actor), why=sender.node))


def newest_of(connection: sa.Connection, ids: Collection[int]) -> dict[int, int]:
    """The number of the newest attempt of each of these deliveries; unknown ids are left out."""
    query = sa.select(deliveries.c.id, deliveries.c.attempt).where(deliveries.c.id.in_(sorted(ids)))
    return {row.id: row.attempt for row in connection.execute(query)} if ids else {}


def count_under_way(connection: sa.Connection, channels: Sequence[str]) -> int:
    """How many attempts on these channels are still without an outcome, over all processes."""
    query = (
        sa.select(sa.func.count())
        .select_from(attempts.join(deliveries, deliveries.c.id == _A.delivery_id))
        .where(_A.ended_at.is_(None), deliveries.c.channel.in_(channels))
    )
    return connection.scalar(query) or 0


def count_open(connection: sa.Connection, delivery_id: int) -> int:
    """How many attempts of a delivery are still without an outcome."""
    query = sa.select(sa.func.count()).where(_A.delivery_id == delivery_id, _A.ended_at.is_(None))
    return connection.scalar(query) or 0
