"""Deliveries: what is due, claiming it, and writing what became of it. Every function works inside the caller's transaction."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from operator import attrgetter
from typing import Any

import sqlalchemy as sa

from xuanfa.domain.attempt import Action
from xuanfa.domain.delivery import UNDER_WAY, UNSETTLED, WAS_PUBLIC, Delivery, State
from xuanfa.domain.person import Actor
from xuanfa.domain.receipt import Receipt
from xuanfa.domain.rendition import Rendition
from xuanfa.store import attempts, expiries, late_proofs, ledger, outbox, records
from xuanfa.store.late_proofs import LateProof
from xuanfa.store.locks import only_reads
from xuanfa.store.schema import deliveries, events, needs_person, posts, renditions
from xuanfa.store.signed import signed

_D, _R = deliveries.c, renditions.c
# Statements are built once: putting one together costs more than SQLite needs to carry it out.
# The state is a literal, so that the planner can prove that the partial index holds every such row.
_SCHEDULED = _D.state == sa.literal_column(f"'{State.SCHEDULED.value}'")
_READY = sa.and_(_SCHEDULED, _D.waiting == sa.false())


@dataclass(frozen=True, slots=True)
class Loaded:
    """A delivery with what is needed to send it."""

    delivery: Delivery
    post: str
    rendition: Rendition
    #: What the history vouches for since the rendition was frozen (``Rendition.proof``).
    proof: str | None


@dataclass(frozen=True, slots=True)
class Change:
    """A move to write: from ``before`` to ``after``, with who and why for the history."""

    before: Delivery
    after: Delivery
    why: str = ""
    #: What the ledger gets of a publication.
    receipt: Receipt | None = None
    #: Whether it tells of an attempt's end though the delivery was no longer under way: an answer that came late.
    ends_attempt: bool = False

    @property
    def enters(self) -> bool:
        """Whether it puts a publication into the ledger."""
        return (
            self.receipt is not None
            and self.after.state is State.PUBLISHED
            and self.before.state is not State.PUBLISHED
        )


def first_ready(connection: sa.Connection, channels: Collection[str]) -> dict[str, datetime]:
    """When the first scheduled delivery of each of these channels is ready; channels without one are left out.

    One look into the index for each channel, so that it costs the same however much is queued for the future.
    """
    found: dict[str, datetime] = {}
    names = list(channels)
    for start in range(0, len(names), _TOGETHER):
        some = names[start : start + _TOGETHER]
        rows = connection.execute(_firsts(len(some)), {f"c{at}": name for at, name in enumerate(some)})
        found |= {some[at]: ready_at for at, ready_at in rows if ready_at is not None}
    return found


#: Channels asked for in one query. SQLite takes at most 500 parts.
_TOGETHER = 100


@lru_cache(maxsize=_TOGETHER)
def _firsts(count: int) -> sa.CompoundSelect[int, datetime]:
    """The first moment of each of ``count`` channels, numbered; built once, because putting it together costs more than asking."""
    parts = (
        sa.select(sa.literal_column(str(at), sa.Integer), sa.func.min(_D.ready_at)).where(
            _READY, _D.channel == sa.bindparam(f"c{at}")
        )
        for at in range(count)
    )
    return sa.union_all(*parts)


def next_look_at(connection: sa.Connection) -> datetime | None:
    """When confirm has to look next."""
    found: datetime | None = connection.scalar(_NEXT_LOOK)
    return found


_NEXT_LOOK = sa.select(sa.func.min(_D.look_at)).where(_D.look_at.is_not(None))


_FROZEN = (
    sa.select(events.c.proof)
    .where(events.c.delivery_id == _D.id, events.c.revision.is_not(None))
    .order_by(events.c.id.desc())
    .limit(1)
    .scalar_subquery()
)
_LOADED = (
    sa.select(*records.DELIVERY, posts.c.slug, _FROZEN, *records.RENDITION)
    .join(posts, posts.c.id == _D.post_id)
    .join(renditions, _R.id == _D.rendition_id)
)
_NOW, _MOST = sa.bindparam("now", type_=_D.ready_at.type), sa.bindparam("most", type_=sa.Integer)
_DUE = (
    _LOADED.where(_READY, _D.channel == sa.bindparam("channel"), _D.ready_at <= _NOW)
    .order_by(_D.ready_at, _D.id)
    .limit(_MOST)
    .with_for_update(of=deliveries, skip_locked=True)
)
_TO_LOOK_AT = (
    _LOADED.where(_D.look_at <= _NOW, _D.state.in_(sorted(UNSETTLED)))
    .order_by(_D.look_at)
    .limit(_MOST)
    .with_for_update(of=deliveries, skip_locked=True)
)
# Always in one order, or two that lock the same rows could wait for each other.
_BY_ID = sa.select(*records.DELIVERY).where(_D.id.in_(sa.bindparam("ids", expanding=True))).order_by(_D.id)
_BY_ID_LOCKED = _BY_ID.with_for_update()


def due(connection: sa.Connection, channel: str, now: datetime, most: int) -> list[Loaded]:
    """Up to ``most`` deliveries of ``channel`` that are due, the oldest first, locked for this transaction."""
    return [_loaded(row) for row in connection.execute(_DUE, {"channel": channel, "now": now, "most": most})]


def count_due(connection: sa.Connection, channel: str, now: datetime, most: int) -> int:
    """How many deliveries of ``channel`` are due; not counted beyond ``most``."""
    return connection.scalar(_COUNT_DUE, {"channel": channel, "now": now, "most": most}) or 0


_COUNT_DUE = sa.select(sa.func.count()).select_from(
    sa.select(_D.id).where(_READY, _D.channel == sa.bindparam("channel"), _D.ready_at <= _NOW).limit(_MOST).subquery()
)


def to_look_at(connection: sa.Connection, now: datetime, most: int) -> list[Loaded]:
    """Up to ``most`` deliveries whose outcome is to be looked for, locked."""
    return [_loaded(row) for row in connection.execute(_TO_LOOK_AT, {"now": now, "most": most})]


def _loaded(row: sa.Row[*tuple[Any, ...]]) -> Loaded:
    at = len(records.DELIVERY)
    return Loaded(records.delivery(row), row[at], records.rendition(row[at + 2 :]), row[at + 1])


def get(connection: sa.Connection, ids: Collection[int]) -> dict[int, Delivery]:
    """Deliveries by id, locked for a transaction that writes; unknown ids are left out."""
    query = _BY_ID if only_reads(connection) else _BY_ID_LOCKED
    return {row[0]: records.delivery(row) for row in connection.execute(query, {"ids": list(ids)})}


def unrendered(connection: sa.Connection, since: datetime) -> dict[int, frozenset[str]]:
    """Posts with the channels for which a check, a template or the machine let no rendition come about, wanted after ``since``."""
    found: dict[int, set[str]] = {}
    for post_id, channel in connection.execute(_UNRENDERED, {"since": since}):
        found.setdefault(post_id, set()).add(channel)
    return {post_id: frozenset(channels) for post_id, channels in found.items()}


# The state stands in the words of the partial index on what waits for a person, so that the planner may use it.
_UNRENDERED = sa.select(_D.post_id, _D.channel).where(
    needs_person,
    _D.state.in_((State.REJECTED.value, State.HELD.value)),
    _D.rendition_id.is_(None),
    _D.fresh_at > sa.bindparam("since", type_=_D.fresh_at.type),
)


def still(connection: sa.Connection, claimed: Sequence[Delivery]) -> dict[int, Delivery]:
    """Those that stand as they were claimed, locked for this transaction, by id. Nobody changes what is under way but by a new attempt
    or another state, so that these two are all that has to be read."""
    mine = {record.id: record for record in claimed}
    rows = connection.execute(_STANDING, {"ids": list(mine)})
    return {
        id_: mine[id_]
        for id_, attempt, state in rows
        if mine[id_].attempt == attempt and state == State.PUBLISHING.value == mine[id_].state.value
    }


_STANDING = (
    sa.select(_D.id, _D.attempt, _D.state)
    .where(_D.id.in_(sa.bindparam("ids", expanding=True)))
    .order_by(_D.id)
    .with_for_update()
)


def load(connection: sa.Connection, delivery_id: int) -> Loaded | None:
    """One delivery with its post and rendition."""
    row = connection.execute(_LOADED.where(_D.id == delivery_id)).first()
    return None if row is None else _loaded(row)


def of_post(connection: sa.Connection, post_id: int) -> list[Delivery]:
    """All deliveries of a post, locked for a transaction that writes."""
    query = _OF_POST if only_reads(connection) else _OF_POST_LOCKED
    return [records.delivery(row) for row in connection.execute(query, {"b_post": post_id})]


def lock_reviewed(connection: sa.Connection, delivery_id: int) -> None:
    """Lock all deliveries of the post of one that needs a review: a decision about one may move the others, and all lock in one order."""
    row = connection.execute(_POST_OF, {"b_id": delivery_id}).first()
    if row is not None and row.reviewed:
        of_post(connection, row.post_id)


_POST_OF = sa.select(_D.post_id, _D.reviewed).where(_D.id == sa.bindparam("b_id"))
_OF_POST = sa.select(*records.DELIVERY).where(_D.post_id == sa.bindparam("b_post")).order_by(_D.id)
_OF_POST_LOCKED = _OF_POST.with_for_update()


def unfinished(connection: sa.Connection) -> list[Delivery]:
    """Every delivery that is not public, nor has been, locked."""
    over = sorted(WAS_PUBLIC)
    query = sa.select(*records.DELIVERY).where(_D.state.not_in(over)).order_by(_D.id).with_for_update()
    return [records.delivery(row) for row in connection.execute(query)]


def insert(connection: sa.Connection, record: Delivery, now: datetime, actor: Actor) -> int:
    """A new delivery with its first line of history; its ``id`` is given by the database and returned."""
    result = connection.execute(_INSERT, records.delivery_values(record))
    assert result.inserted_primary_key is not None  # noqa: S101 - one row was inserted
    number = int(result.inserted_primary_key[0])
    record_event(
        connection,
        now=now,
        after=record.state.value,
        actor=actor,
        why=record.reason,
        delivery_id=number,
        channel=record.channel,
        **_proofs(connection, [number]).get(number, {}),
    )
    outbox.tell(connection, [outbox.of_move(None, replace(record, id=number))], now)
    _record_expiries(connection, [(None, replace(record, id=number))], now, actor)
    return number


_INSERT = deliveries.insert()
_CLAIM = (
    deliveries.update()
    .where(_D.id.in_(sa.bindparam("ids", expanding=True)))
    .values(
        state=State.PUBLISHING.value,
        reason="",
        attempt=_D.attempt + 1,
        rehearsal=sa.bindparam("b_rehearsal"),
        account=sa.bindparam("b_account"),
        twin=sa.func.coalesce(_D.twin, 0),
        first_sent_at=sa.func.coalesce(_D.first_sent_at, sa.bindparam("b_first", type_=_D.first_sent_at.type)),
    )
)


def claim(connection: sa.Connection, claimed: Sequence[Delivery], now: datetime) -> None:
    """Write deliveries that have just been claimed. Their attempts are their history, so no line of it is written here."""
    shapes: dict[tuple[bool, str, datetime | None], list[int]] = {}
    for delivery in claimed:
        shapes.setdefault((delivery.rehearsal, delivery.account, delivery.first_sent_at), []).append(delivery.id)
    for (rehearsal, account, first), ids in shapes.items():
        values = {"b_rehearsal": rehearsal, "b_account": account, "b_first": first}
        connection.execute(_CLAIM, {"ids": ids, **values})
    outbox.tell(connection, (outbox.of_move(State.SCHEDULED, each) for each in claimed), now)


def forget_prepared(connection: sa.Connection, ids: Sequence[int]) -> None:
    """What was prepared at another account means nothing at the one to which these go now."""
    if ids:
        connection.execute(_FORGET, {"ids": list(ids)})


_FORGET = deliveries.update().where(_D.id.in_(sa.bindparam("ids", expanding=True))).values(staged={}, ticket="")


def write(connection: sa.Connection, changes: Sequence[Change], now: datetime, actor: Actor) -> None:
    """Write moves, their history and the ledger. The caller has read ``before`` in this transaction, so nothing is overwritten unseen."""
    steps: dict[int, tuple[Delivery, Delivery]] = {}
    for change in changes:
        # The last of several moves of one delivery stands.
        first, _ = steps.get(change.after.id, (change.before, change.after))
        steps[change.after.id] = (first, change.after)
    alike: dict[str, tuple[dict[str, Any], list[int]]] = {}
    for before, after in steps.values():
        values = records.differing_values(before, after)
        if values:
            # Deliveries that fare alike are written together: most of a turn's do.
            alike.setdefault(repr(values), (values, []))[1].append(after.id)
    for values, ids in alike.values():
        connection.execute(_UPDATE_ALIKE, {"ids": ids, **values})
    _record_moves(connection, changes, now, actor)
    _record_absences(connection, steps.values(), now, actor)
    _record_expiries(connection, steps.values(), now, actor)


def _record_expiries(
    connection: sa.Connection, steps: Iterable[tuple[Delivery | None, Delivery]], now: datetime, actor: Actor
) -> None:
    lines = expiries.lines(steps, now, actor)
    if lines:
        connection.execute(_EVENTS, lines)


def _record_absences(
    connection: sa.Connection, steps: Iterable[tuple[Delivery, Delivery]], now: datetime, actor: Actor
) -> None:
    """A line for each look that found nothing and is the first of two by which that is believed: it moves nothing, and decides all the same."""
    for before, after in steps:
        if after.absent_at is not None and before.absent_at is None:
            record_event(
                connection,
                now=after.absent_at,
                after=NOT_FOUND,
                actor=actor,
                why=after.reason,
                delivery_id=after.id,
                channel=after.channel,
            )


#: The event of a look that did not find what it looked for.
NOT_FOUND = "not_found"


def rewrite(connection: sa.Connection, changes: Sequence[Change], now: datetime, actor: Actor) -> None:
    """Write deliveries that have got another revision, with their history: the line of a freezing has the proof of what was frozen."""
    if changes:
        connection.execute(
            _UPDATE, [{"b_id": change.after.id, **records.delivery_values(change.after)} for change in changes]
        )
    _record_moves(connection, changes, now, actor)
    frozen = {c.after.id: c.after for c in changes if _FREEZING(c.before) != _FREEZING(c.after)}
    lines = [
        {
            "at": now,
            "delivery_id": id_,
            "channel": frozen[id_].channel,
            "after": FROZEN,
            "why": "",
            **signed(actor),
            **proof,
        }
        for id_, proof in _proofs(connection, frozen).items()
    ]
    if lines:
        connection.execute(_EVENTS, lines)
    _record_expiries(connection, [(change.before, change.after) for change in changes], now, actor)


#: The event of a rendition's being frozen anew.
FROZEN = "frozen"
_FREEZING = attrgetter("rendition_id", "digest", "revision", "column")


def _proofs(connection: sa.Connection, ids: Collection[int]) -> dict[int, dict[str, Any]]:
    """What the history is to vouch for of deliveries with a rendition, by id: as it is stored, which is what will be sent."""
    rows = connection.execute(_TO_VOUCH, {"ids": list(ids)}) if ids else ()
    return {
        row.id: {
            "revision": row.revision,
            "proof": records.rendition(row[6:]).proof(
                row.digest, post=row.slug, channel=row.channel, column=row.column_id, revision=row.revision
            ),
        }
        for row in rows
    }


_TO_VOUCH = (
    sa.select(_D.id, _D.digest, _D.revision, _D.channel, _D.column_id, posts.c.slug, *records.RENDITION)
    .join(posts, posts.c.id == _D.post_id)
    .join(renditions, _R.id == _D.rendition_id)
    .where(_D.id.in_(sa.bindparam("ids", expanding=True)))
    .order_by(_D.id)
)


def _record_moves(connection: sa.Connection, changes: Sequence[Change], now: datetime, actor: Actor) -> None:
    moved = [change for change in changes if change.before.state is not change.after.state]
    entering = [(change.after.id, change.receipt) for change in moved if change.enters and change.receipt is not None]
    sent = ledger.as_sent(connection, [number for number, _ in entering])
    if moved:
        ended = {c.after.id: c.after.attempt for c in moved if c.ends_attempt or c.before.state in UNDER_WAY}
        proofs = attempts.proofs(connection, ended)
        by = signed(actor)
        connection.execute(_EVENTS, [_event(c, now, by, sent) | {"proof": proofs.get(c.after.id)} for c in moved])
        outbox.tell(connection, (outbox.of_move(c.before.state, c.after, c.receipt) for c in moved), now)
    second = dict(ledger.add_receipts(connection, entering, now, sent))
    for after in (change.after for change in moved if change.after.id in second):
        proof = LateProof(
            attempt=after.attempt, action=Action.PUBLISH, rehearsal=after.rehearsal, receipt=second[after.id]
        )
        late_proofs.keep(connection, after.id, proof, now)


_UPDATE = deliveries.update().where(_D.id == sa.bindparam("b_id"))
_UPDATE_ALIKE = deliveries.update().where(_D.id.in_(sa.bindparam("ids", expanding=True)))
_EVENTS = events.insert()


def _event(
    change: Change, now: datetime, by: Mapping[str, Any], sent: Mapping[int, Mapping[str, Any]]
) -> dict[str, Any]:
    entered = change.receipt if change.enters else None
    return {
        "at": now,
        "delivery_id": change.after.id,
        "channel": change.after.channel,
        "before": change.before.state.value,
        "after": change.after.state.value,
        "attempt": change.after.attempt,
        "why": change.why or change.after.reason,
        **by,
        "receipt": None if entered is None else ledger.proof(change.after, entered, now, sent[change.after.id]),
    }


def record_event(connection: sa.Connection, *, now: datetime, after: str, actor: Actor, why: str, **where: Any) -> None:
    """A line of history that is not a delivery's move: a queueing, a pause, late evidence."""
    connection.execute(_EVENTS, {"at": now, "after": after, "why": why, **signed(actor), **where})


#: The event of a person's setting another time.
RESCHEDULED = "rescheduled"


def was_rescheduled(connection: sa.Connection, delivery_id: int) -> bool:
    """Whether a person has ever set the time of a delivery."""
    query = sa.select(events.c.id).where(events.c.delivery_id == delivery_id, events.c.after == RESCHEDULED).limit(1)
    return connection.scalar(query) is not None
