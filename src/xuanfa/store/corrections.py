"""Corrections as they are kept. Inside the caller's transaction."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

import sqlalchemy as sa

from xuanfa.domain.correction import Correction, Progress
from xuanfa.domain.delivery import Delivery
from xuanfa.domain.person import Actor, Person
from xuanfa.store import attempts, deliveries, ledger, proofs, records, unreached
from xuanfa.store.deliveries import Change, record_event
from xuanfa.store.posts import KnownPost
from xuanfa.store.schema import posts, renditions, revisions
from xuanfa.store.withdrawals_schema import corrections, is_live, is_waiting

_C, _P = corrections.c, posts.c
#: The lines of history of a correction that has come about, and of a try that has not.
CORRECTED, NOT_CORRECTED = ledger.CORRECTED, "not_corrected"

#: Within which a corrected page is to be seen so: caches take a moment.
PAGES_CHANGE: Final = timedelta(minutes=2)

_ROW = sa.select(*(column for column in corrections.columns), _P.slug.label("post")).join(posts, _P.id == _C.post_id)
#: What ends with something newer: what is to be made or approved, and what a person has to look at.
_UNDONE = [Progress.REVIEW.value, Progress.OPEN.value, Progress.FAILED.value]


class Ordered(NamedTuple):
    """To which revision of which post, by whom and when."""

    known: KnownPost
    person: Person
    at: datetime


def add(
    connection: sa.Connection,
    delivery: Delivery,
    order: Ordered,
    state: Progress,
    *,
    made: tuple[int | None, str, str] | None = None,
    wish: str = "",
    reviewed: bool = False,
) -> None:
    """A correction of a delivery; ``made`` is its rendition's number, digest and key, where the channel can change it."""
    rendition_id, digest, key = made or (None, "", "")
    values = {
        "post_id": delivery.post_id,
        "delivery_id": delivery.id,
        "revision": order.known.revision,
        "rendition_id": rendition_id,
        "digest": digest,
        "key": key,
        "actor": order.person.name,
        "how": order.person.how,
        "place": order.person.place,
        "why": order.person.why,
        "ordered_at": order.at,
        "state": state.value,
        "reason": "",
        "wish": wish,
        "reviewed": reviewed,
        "channel": delivery.channel,
        "due_at": delivery.due_at,
    }
    connection.execute(corrections.insert().values(**values))


def left(connection: sa.Connection, it: Correction, state: Progress, successor: str, now: datetime) -> None:
    """What was chosen for a channel that cannot change it has been done: a person has seen that it cannot be changed there."""
    change = corrections.update().where(_C.id == it.id, is_waiting)
    values = {"state": state.value, "successor": successor, "reason": "", "done_at": now}
    if connection.execute(change.values(**values)).rowcount:
        unreached.note(connection, it.post_id, {it.delivery_id: False})


def live(connection: sa.Connection, post_id: int) -> list[Correction]:
    """What a review of its own lets, or may let, be made of a post, and has not been made yet."""
    return _found(connection, _ROW.where(_C.post_id == post_id, is_live))


def posts_with_live(connection: sa.Connection) -> set[str]:
    """The slugs of all posts of which there is any."""
    query = sa.select(_P.slug).join(corrections, _P.id == _C.post_id)
    return set(connection.scalars(query.where(is_live).distinct()))


def approve(connection: sa.Connection, rights: Mapping[int, int | None]) -> None:
    """These corrections may be made, each by its right; one that its channel cannot make needs none."""
    for number, right in rights.items():
        change = corrections.update().where(_C.id == number, _C.state == Progress.REVIEW.value)
        connection.execute(change.values(state=Progress.OPEN.value, approval=right, tries=0, try_at=None))


def fail(connection: sa.Connection, it: Correction, reason: str) -> None:
    """It cannot be made any more, and a person has to look."""
    change = corrections.update().where(_C.id == it.id)
    connection.execute(change.values(state=Progress.FAILED.value, reason=reason))


def name_successor(connection: sa.Connection, numbers: Sequence[int], slug: str) -> None:
    """By which post these corrections come, before its file is written: whoever goes on after a crash writes no second one."""
    connection.execute(corrections.update().where(_C.id.in_(list(numbers))).values(successor=slug))


def take_back(connection: sa.Connection, post_id: int) -> None:
    """What people decided is not what would be made any more: it awaits its review again."""
    change = corrections.update().where(_C.post_id == post_id, is_live, is_waiting)
    connection.execute(change.values(state=Progress.REVIEW.value, approval=None))


def replace_open(connection: sa.Connection, post_id: int, why: str) -> None:
    """Nothing of a post is corrected any more, nor waits for a person: something newer was decided."""
    change = corrections.update().where(_C.post_id == post_id, _C.state.in_(_UNDONE))
    connection.execute(change.values(state=Progress.REPLACED.value, reason=why))


def waiting(connection: sa.Connection, now: datetime) -> list[Correction]:
    """Those that are to be made now, the oldest first."""
    return _found(connection, _ROW.where(is_waiting, sa.or_(_C.try_at.is_(None), _C.try_at <= now)))


def of_post(connection: sa.Connection, post_id: int) -> list[Correction]:
    """All of a post, the oldest first."""
    return _found(connection, _ROW.where(_C.post_id == post_id))


def newest(connection: sa.Connection, post_id: int) -> dict[int, Correction]:
    """The newest of each delivery of a post, by the delivery's number."""
    return {it.delivery_id: it for it in of_post(connection, post_id)}


def failed(connection: sa.Connection) -> list[Correction]:
    """Those that a person has to look at."""
    return _found(connection, _ROW.where(_C.state == Progress.FAILED.value))


def get(connection: sa.Connection, number: int) -> Correction:
    """One, as it stands now."""
    return _found(connection, _ROW.where(_C.id == number))[0]


def _found(connection: sa.Connection, query: sa.Select[Any]) -> list[Correction]:
    rows = connection.execute(query.order_by(_C.id)).all()
    return [Correction(**(dict(row._mapping) | {"state": Progress(row.state)})) for row in rows]  # noqa: SLF001 - SQLAlchemy's public name


def rendition(connection: sa.Connection, rendition_id: int) -> Any:
    """The frozen rendition."""
    query = sa.select(*records.RENDITION).where(renditions.c.id == rendition_id)
    return records.rendition(tuple(connection.execute(query).one()))


def source_of(connection: sa.Connection, it: Correction) -> str:
    """The text of the revision that it is of."""
    query = sa.select(revisions.c.source).where(revisions.c.post_id == it.post_id, revisions.c.number == it.revision)
    return str(connection.execute(query).scalar_one())


def take_try(connection: sa.Connection, it: Correction, try_at: datetime) -> bool:
    """Count a try; False where another process has it, or something newer was decided."""
    change = corrections.update().where(_C.id == it.id, is_waiting, _C.tries == it.tries)
    return bool(connection.execute(change.values(tries=it.tries + 1, try_at=try_at)).rowcount)


def note(connection: sa.Connection, it: Correction, state: Progress, reason: str, now: datetime) -> None:
    """What a try has come to. What a newer decision has replaced stays so unless it has come about."""
    change = corrections.update().where(_C.id == it.id)
    if state is not Progress.DONE:
        change = change.where(is_waiting)
    done = {"done_at": now} if state is Progress.DONE else {}
    connection.execute(change.values(state=state.value, reason=reason, **done))


def apply(
    connection: sa.Connection,
    before: Delivery,
    after: Delivery,
    evidence: str,
    *,
    now: datetime,
    actor: Actor,
    why: str,
) -> None:
    """What is out is the corrected text from now on: in the delivery, in the ledger (its time of publication stays), and in the history,
    which vouches for all of it. The attempt has ended already."""
    deliveries.rewrite(connection, [Change(before, after)], now, actor)
    unreached.note(connection, after.post_id, {after.id: False})
    proofs.look_soon(connection, after.id, now + PAGES_CHANGE)
    proof = ledger.correct_receipt(connection, after, evidence)
    record_event(
        connection,
        now=now,
        after=CORRECTED,
        actor=actor,
        why=why,
        delivery_id=after.id,
        channel=after.channel,
        attempt=after.attempt,
        proof=attempts.proofs(connection, {after.id: after.attempt}).get(after.id),
        receipt=proof,
    )


def note_unmade(
    connection: sa.Connection, delivery: Delivery, number: int, *, now: datetime, actor: Actor, why: str
) -> None:
    """A try ended and left things as they were: the history vouches for that attempt, too."""
    record_event(
        connection,
        now=now,
        after=NOT_CORRECTED,
        actor=actor,
        why=why,
        delivery_id=delivery.id,
        channel=delivery.channel,
        attempt=number,
        proof=attempts.proofs(connection, {delivery.id: number}).get(delivery.id),
    )


def successors(connection: sa.Connection) -> Sequence[sa.Row[*tuple[Any, ...]]]:
    """Posts that bring a correction to channels that could not change theirs: slug, the post that they correct, and which way."""
    query = sa.select(_C.successor, _C.post_id, _C.state).where(_C.successor != "").distinct()
    return connection.execute(query).all()
