"""Waiting: scheduled deliveries that need the public address of their post on another channel, or whose own file is about to be read. Inside
the caller's transaction."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from xuanfa.domain.delivery import BY_FILE, BY_REVIEW, QUEUED, UNSENT, Delivery, State
from xuanfa.store import records
from xuanfa.store.base import is_any
from xuanfa.store.schema import deliveries, handed_over, needs_person, posts, renditions
from xuanfa.store.withdrawals_schema import corrections, is_live

_D, _R = deliveries.c, renditions.c


@dataclass(frozen=True, slots=True)
class Waiter:
    """A scheduled delivery that waits for the address of its post on the channels it ``needs``."""

    id: int
    post_id: int
    channel: str
    needs: tuple[str, ...]


_WAITERS = (
    sa.select(_D.id, _D.post_id, _D.channel, _R.needs)
    .join(renditions, _R.id == _D.rendition_id)
    .where(_D.post_id.in_(sa.bindparam("ids", expanding=True)), _D.waiting == sa.true())
)


def waiters(connection: sa.Connection, post_ids: Collection[int]) -> list[Waiter]:
    """Who waits for an address of these posts."""
    rows = connection.execute(_WAITERS, {"ids": list(post_ids)})
    return [Waiter(row.id, row.post_id, row.channel, tuple(row.needs or ())) for row in rows]


def wake(connection: sa.Connection, ids: Collection[int]) -> None:
    """What these waited for is there."""
    if ids:
        connection.execute(deliveries.update().where(_D.id.in_(list(ids))).values(waiting=False))


def overdue(connection: sa.Connection, before: datetime) -> list[Delivery]:
    """Deliveries that have been waiting for an address since before that moment, locked."""
    return [records.delivery(row) for row in connection.execute(_OVERDUE, {"before": before})]


_OVERDUE = (
    sa.select(*records.DELIVERY)
    .where(
        _D.state == sa.literal_column(f"'{State.SCHEDULED.value}'"),
        _D.waiting == sa.true(),
        _D.ready_at < sa.bindparam("before", type_=_D.ready_at.type),
    )
    .with_for_update(skip_locked=True)
)


def unsent_of(connection: sa.Connection, posts_: Collection[int]) -> set[int]:
    """Those of these posts of which something may still be sent, or changed where it is out: what changes them is to be read."""
    unsent = sa.or_(
        _D.state.in_([state.value for state in sorted(UNSENT - {State.REJECTED})]),
        sa.and_(_D.state == State.CANCELLED.value, _D.hold == BY_FILE),
    )
    found: set[int] = set()
    for some in _parts(posts_):
        found |= set(connection.scalars(sa.select(_D.post_id).where(_D.post_id.in_(some), unsent)))
        found |= set(
            connection.scalars(sa.select(corrections.c.post_id).where(corrections.c.post_id.in_(some), is_live))
        )
    return found


def withdrawn_of(connection: sa.Connection, posts_: Collection[int]) -> set[int]:
    """Those of these posts that were withdrawn, and of which nothing is out or may still be sent."""
    over, gone = (State.RETRACTED.value, State.CANCELLED.value), State.RETRACTED.value
    found: set[int] = set()
    for some in _parts(posts_):
        rows = connection.execute(sa.select(_D.post_id, _D.state).where(_D.post_id.in_(some))).all()
        ended = {row.post_id for row in rows} - {row.post_id for row in rows if row.state not in over}
        found |= ended & {row.post_id for row in rows if row.state == gone}
    return found


def scheduled_of(connection: sa.Connection, posts_: Collection[int]) -> list[Delivery]:
    """What is scheduled of these posts, locked."""
    found: list[Delivery] = []
    for some in _parts(posts_):
        query = sa.select(*records.DELIVERY).where(_D.post_id.in_(some), _SCHEDULED).order_by(_D.id).with_for_update()
        found += [records.delivery(row) for row in connection.execute(query)]
    return found


def queued_of(connection: sa.Connection, posts_: Collection[int]) -> list[Delivery]:
    """The same with what awaits its review or lies on the shelf."""
    found: list[Delivery] = []
    for some in _parts(posts_):
        query = sa.select(*records.DELIVERY).where(_D.post_id.in_(some), _QUEUED).order_by(_D.id).with_for_update()
        found += [records.delivery(row) for row in connection.execute(query)]
    return found


def unapproved(connection: sa.Connection, now: datetime) -> list[Delivery]:
    """What is due and awaits its review all the same, locked; what is due as soon as it may leave is never late for it."""
    return [records.delivery(row) for row in connection.execute(_UNAPPROVED, {"now": now})]


def is_any_unapproved(connection: sa.Connection, now: datetime) -> bool:
    """Whether there is any such. One look into an index."""
    return connection.scalar(_ANY_UNAPPROVED, {"now": now}) is not None


_OVERDUE_REVIEW = sa.and_(
    _D.state == sa.literal_column(f"'{State.AWAITING_REVIEW.value}'"),
    _D.due_at <= sa.bindparam("now", type_=_D.due_at.type),
    _D.at_once == sa.false(),
)
_UNAPPROVED = sa.select(*records.DELIVERY).where(_OVERDUE_REVIEW).order_by(_D.id).with_for_update(skip_locked=True)
_ANY_UNAPPROVED = sa.select(_D.id).where(_OVERDUE_REVIEW).limit(1)


def held_by_file(connection: sa.Connection) -> list[int]:
    """The posts of which something is held only because of their own files. Reads the index on what waits for a person."""
    query = sa.select(_D.post_id).where(needs_person, _HELD, _D.hold == BY_FILE).distinct().order_by(_D.post_id)
    return list(connection.scalars(query))


def held_by_review(connection: sa.Connection, now: datetime) -> list[tuple[str, str]]:
    """Slug and title of the posts of which something is due before its review had come to its end. Reads the index on what waits for a person."""
    query = (
        sa.select(posts.c.slug, posts.c.title)
        .join(deliveries, _D.post_id == posts.c.id)
        .where(needs_person, _HELD, _D.hold == BY_REVIEW, _D.due_at <= now, _D.at_once == sa.false())
        .distinct()
        .order_by(posts.c.slug)
    )
    return [(row.slug, row.title) for row in connection.execute(query)]


def held_of(connection: sa.Connection, posts_: Collection[int]) -> list[Delivery]:
    """What is held of these posts for something else than their files."""
    found: list[Delivery] = []
    for some in _parts(posts_):
        query = sa.select(*records.DELIVERY).where(_D.post_id.in_(some), _HELD, _D.hold != BY_FILE).order_by(_D.id)
        found += [records.delivery(row) for row in connection.execute(query)]
    return found


def withheld_of(connection: sa.Connection, posts_: Collection[int]) -> list[Delivery]:
    """What is held of these posts for their files, locked."""
    found: list[Delivery] = []
    for some in _parts(posts_):
        of_them = sa.and_(_D.post_id.in_(some), _HELD, _D.hold == BY_FILE)
        query = sa.select(*records.DELIVERY).where(of_them).order_by(_D.id).with_for_update()
        found += [records.delivery(row) for row in connection.execute(query)]
    return found


def await_file(connection: sa.Connection, posts_: Collection[int], until: datetime) -> None:
    """Let what would be due before ``until`` of these posts wait until then: their own files have changed and are about to be read. What awaits
    its review waits too, because its last step may be approved at any moment."""
    for some in _parts(posts_):
        of_them = sa.and_(_D.post_id.in_(some), _QUEUED, _D.ready_at < until)
        connection.execute(deliveries.update().where(of_them).values(ready_at=until))


def await_file_no_longer(connection: sa.Connection, posts_: Collection[int], until: datetime, now: datetime) -> None:
    """The files have been read: what still waits for them is due at its time, or now."""
    moment = sa.literal(now, _D.ready_at.type)
    for some in _parts(posts_):
        of_them = sa.and_(_D.post_id.in_(some), _QUEUED, _D.ready_at == until)
        ready_at = sa.case((_D.due_at > moment, _D.due_at), else_=moment)
        connection.execute(deliveries.update().where(of_them).values(ready_at=ready_at))


def _parts(ids: Collection[int]) -> Iterator[list[int]]:
    whole = list(ids)
    for start in range(0, len(whole), _TOGETHER):
        yield whole[start : start + _TOGETHER]


#: So many posts are named in one statement.
_TOGETHER = 500
_HELD = _D.state == sa.literal_column(f"'{State.HELD.value}'")
_SCHEDULED = _D.state == sa.literal_column(f"'{State.SCHEDULED.value}'")
_QUEUED = is_any(_D.state, QUEUED)
_EITHER = (_D.waiting == sa.false(), _D.waiting == sa.true())


def scheduled_channels(connection: sa.Connection) -> set[str]:
    """The channels for which anything is scheduled, whatever the settings say now. One look into an index for each."""
    found: set[str] = set()
    for query in _NEXT_CHANNEL:
        name: str | None = ""
        while (name := connection.scalar(query, {"after": name})) is not None:
            found.add(name)
    return found


_NEXT_CHANNEL = [
    sa.select(sa.func.min(_D.channel)).where(
        _SCHEDULED, either, _D.channel > sa.bindparam("after", type_=_D.channel.type)
    )
    for either in _EITHER
]


def scheduled_for(connection: sa.Connection, channel: str) -> list[Delivery]:
    """What is scheduled for a channel, locked."""
    query = sa.select(*records.DELIVERY).where(_SCHEDULED, _D.channel == channel).order_by(_D.id).with_for_update()
    return [records.delivery(row) for row in connection.execute(query)]


def to_publish_by_hand(connection: sa.Connection) -> int:
    """How many deliveries were handed over, and wait for a person to publish them."""
    return connection.scalar(sa.select(sa.func.count()).where(handed_over)) or 0


def posts_to_review(connection: sa.Connection) -> int:
    """How many posts have a delivery that awaits its review."""
    awaiting = _D.state == sa.literal_column(f"'{State.AWAITING_REVIEW.value}'")
    return connection.scalar(sa.select(sa.func.count(sa.distinct(_D.post_id))).where(awaiting)) or 0
