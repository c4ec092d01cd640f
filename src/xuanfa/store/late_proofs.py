"""Late proofs: what says that a delivery is out and has no place in the ledger. Inside the caller's transaction.

A proof counts for the mode that it was sent in: what was rehearsed proves nothing of what is real.
"""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from xuanfa.domain.attempt import Action
from xuanfa.domain.delivery import State
from xuanfa.domain.language import say
from xuanfa.domain.receipt import Receipt
from xuanfa.domain.shown import EVIDENCE_MAX, clipped
from xuanfa.store.schema import attempts, deliveries, events, is_of_proofs, late_proofs, remembered

_L, _D, _A, _E, _M = late_proofs.c, deliveries.c, attempts.c, events.c, remembered.c
#: The event of a second proof of publication, and that of a person's word that there is one publication all the same.
SECOND_PROOF, ONCE = "second_proof", "once"
#: Scope and name under which it is remembered up to which event the history was looked through for repeated publications.
SEEN = ("second proofs", "events")
#: Events are numbered before they are committed: so many of the newest are looked at once more.
_OVERLAP = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class LateProof:
    """One of them: the answer to an attempt, or to a look."""

    attempt: int
    action: Action
    rehearsal: bool
    receipt: Receipt


def keep(connection: sa.Connection, delivery_id: int, proof: LateProof, now: datetime) -> None:
    """One more."""
    receipt = proof.receipt
    values = {
        "remote_id": receipt.remote_id,
        "address": receipt.address,
        "evidence": clipped(receipt.evidence, EVIDENCE_MAX),
    }
    connection.execute(
        late_proofs.insert().values(
            delivery_id=delivery_id,
            attempt=proof.attempt,
            action=proof.action.value,
            at=now,
            rehearsal=proof.rehearsal,
            **values,
        )
    )


def of(connection: sa.Connection, delivery_id: int) -> list[Receipt]:
    """What the proofs of a delivery, in the mode that it has now, say that is out."""
    query = (
        sa.select(_L.remote_id, _L.address, _L.evidence)
        .join(deliveries, _D.id == _L.delivery_id)
        .where(_L.delivery_id == delivery_id, _L.rehearsal == _D.rehearsal)
        .order_by(_L.id)
    )
    return [Receipt(remote_id=row[0], address=row[1], evidence=row[2]) for row in connection.execute(query)]


def standing(connection: sa.Connection, delivery_id: int) -> Receipt | None:
    """The newest proof that no person has overruled."""
    query = (
        sa.select(_L.remote_id, _L.address, _L.evidence)
        .join(deliveries, _D.id == _L.delivery_id)
        .where(_L.delivery_id == delivery_id, _L.rehearsal == _D.rehearsal, _L.overruled_at.is_(None))
        .order_by(_L.id.desc())
        .limit(1)
    )
    row = connection.execute(query).first()
    return None if row is None else Receipt(remote_id=row[0], address=row[1], evidence=row[2])


def overrule(connection: sa.Connection, delivery_id: int, now: datetime) -> None:
    """A person has looked, and it is not there in spite of every proof so far."""
    change = late_proofs.update().where(_L.delivery_id == delivery_id, _L.overruled_at.is_(None))
    connection.execute(change.values(overruled_at=now))


def published_answers(connection: sa.Connection, delivery_id: int) -> int:
    """To how many requests the channel has answered that it is published, in the mode that the delivery has now."""
    query = (
        sa.select(sa.func.count())
        .select_from(attempts.join(deliveries, _D.id == _A.delivery_id))
        .where(
            _A.delivery_id == delivery_id,
            _A.action == Action.PUBLISH.value,
            _A.outcome == "published",
            _A.rehearsal == _D.rehearsal,
        )
    )
    return connection.scalar(query) or 0


def second(connection: sa.Connection) -> dict[int, str]:
    """Deliveries that seem to be out twice, each with what says so: those that are noted, and those that nobody has noted yet."""
    return dict.fromkeys(published_again(connection, seen(connection)), repeated_words()) | open_second(connection)


def open_second(connection: sa.Connection) -> dict[int, str]:
    """Deliveries with a second proof of which no person has said since that there is one publication, each with what was noted."""
    found: dict[int, str] = {}
    # Put in order here: asked for it, SQLite reads the whole history for the few lines that an index holds.
    for _, number, after, why in sorted(connection.execute(_OF_PROOFS), key=lambda row: int(row[0])):
        if after == SECOND_PROOF:
            found[number] = why
        else:
            found.pop(number, None)
    return found


def seen(connection: sa.Connection) -> int:
    """Up to which event the history was looked through for repeated publications."""
    kept = connection.scalar(_SEEN)
    return int(kept or 0)


def newest_event(connection: sa.Connection) -> int:
    """The number of the newest event; 0 where there is none."""
    return connection.scalar(sa.select(sa.func.max(_E.id))) or 0


def repeated_words() -> str:
    """What says that a delivery of ``published_again`` is out twice."""
    return say("历史里有两条“已发布”的记录", "the history has two lines that say that it was published")


_SEEN = sa.select(_M.value).where(_M.scope == SEEN[0], _M.name == SEEN[1])
_OF_PROOFS = sa.select(_E.id, _E.delivery_id, _E.after, _E.why).where(is_of_proofs)


def published_again(connection: sa.Connection, since: int = 0) -> list[int]:
    """Deliveries of which a newer event than ``since`` says that they were published, and an earlier one said so before.

    A withdrawal that did not come about leads back, and what was rehearsed may be published for real: neither is a second publication.
    Nor is one of which a person has said since that there is one.
    """
    # Each once and in order here: asked for that, SQLite goes through the whole history by delivery in place of its newest lines.
    return sorted(set(connection.scalars(_AGAIN, {"since": since - _OVERLAP})))


def _published(line: sa.FromClause) -> tuple[sa.ColumnElement[bool], ...]:
    came_back = sa.func.coalesce(line.c.before, "") == State.RETRACTING.value
    return line.c.after == State.PUBLISHED.value, ~came_back


def _again() -> sa.Select[tuple[int]]:
    again, before, between = events.alias("again"), events.alias("earlier"), events.alias("retried")
    retried = sa.exists().where(
        between.c.delivery_id == again.c.delivery_id,
        between.c.before == State.PUBLISHED.value,
        between.c.after.in_([State.SCHEDULED.value, State.AWAITING_REVIEW.value]),
        between.c.id > before.c.id,
        between.c.id < again.c.id,
    )
    settled = sa.exists().where(
        _E.delivery_id == again.c.delivery_id, _E.after == ONCE, _E.id > again.c.id, is_of_proofs
    )
    return (
        sa.select(again.c.delivery_id)
        .join(before, sa.and_(before.c.delivery_id == again.c.delivery_id, before.c.id < again.c.id))
        .where(
            again.c.id > sa.bindparam("since", type_=sa.Integer),
            *_published(again),
            *_published(before),
            ~retried,
            ~settled,
        )
    )


#: Built once: putting it together costs ten times what the answer does.
_AGAIN = _again()
