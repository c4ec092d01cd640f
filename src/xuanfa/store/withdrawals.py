"""Withdrawal orders as they are kept, and what front matter says of a post's end. Inside the caller's transaction."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from xuanfa.domain.delivery import State
from xuanfa.domain.person import Person
from xuanfa.domain.review import NO_ENDS, Ends
from xuanfa.domain.withdrawal_order import DOWN, LOOKS, Takedown, WithdrawalOrder
from xuanfa.store import deliveries as delivery_rows
from xuanfa.store.people import users
from xuanfa.store.schema import deliveries, events, posts, receipts
from xuanfa.store.withdrawals_schema import endings, is_open, is_unapproved, takedowns, withdrawals

_W, _T, _E, _D, _P, _R = withdrawals.c, takedowns.c, endings.c, deliveries.c, posts.c, receipts.c

_ORDER = sa.select(
    _W.id,
    _W.post_id,
    _P.slug.label("post"),
    _P.title,
    _W.actor,
    _W.how,
    _W.place,
    _W.why,
    _W.ordered_at,
    _W.snapshot,
    _W.ended_at,
    _W.approve_by,
    _W.approved_at,
    _W.approved_by,
).join(posts, _P.id == _W.post_id)


def add(connection: sa.Connection, post_id: int, person: Person, now: datetime, approve_by: datetime | None) -> int:
    """A new order; its number."""
    values = {
        "post_id": post_id,
        "actor": person.name,
        "how": person.how,
        "place": person.place,
        "why": person.why,
        "ordered_at": now,
        "approve_by": approve_by,
    }
    result = connection.execute(withdrawals.insert().values(**values))
    assert result.inserted_primary_key is not None  # noqa: S101 - one row was inserted
    return int(result.inserted_primary_key[0])


def standing(connection: sa.Connection) -> list[WithdrawalOrder]:
    """The orders that are not at their end, the oldest first."""
    return _orders(connection, _ORDER.where(is_open))


def newest(connection: sa.Connection, post_id: int) -> WithdrawalOrder | None:
    """The newest order about a post."""
    found = of_post(connection, post_id)
    return found[-1] if found else None


def of_post(connection: sa.Connection, post_id: int) -> list[WithdrawalOrder]:
    """All orders about a post, the oldest first."""
    return _orders(connection, _ORDER.where(_W.post_id == post_id))


def snapshots(connection: sa.Connection) -> set[str]:
    """The hashes of everything that readers could see of what was withdrawn."""
    return set(connection.scalars(sa.select(_W.snapshot).where(_W.snapshot != "")))


def get(connection: sa.Connection, order_id: int) -> WithdrawalOrder:
    """An order by its number."""
    return _orders(connection, _ORDER.where(_W.id == order_id))[0]


def to_tell(connection: sa.Connection, since: datetime) -> list[WithdrawalOrder]:
    """Orders that are open, lack their approval, or were given after ``since``."""
    return _orders(connection, _ORDER.where(sa.or_(is_open, is_unapproved, _W.ordered_at >= since)))


def _orders(connection: sa.Connection, query: sa.Select[Any]) -> list[WithdrawalOrder]:
    return [WithdrawalOrder(**row._mapping) for row in connection.execute(query.order_by(_W.id))]  # noqa: SLF001 - SQLAlchemy's public name


def stops(connection: sa.Connection) -> set[int]:
    """The posts of which nothing is sent, because they are being taken down."""
    return set(connection.scalars(_STOPS))


_STOPS = sa.select(_W.post_id).where(is_open)


def is_withdrawn(connection: sa.Connection, post_id: int) -> bool:
    """Whether a post was ever ordered to be taken down."""
    return connection.scalar(sa.select(_W.id).where(_W.post_id == post_id).limit(1)) is not None


def note_snapshot(connection: sa.Connection, order_id: int, digest: str) -> None:
    """What readers could see is kept."""
    connection.execute(withdrawals.update().where(_W.id == order_id).values(snapshot=digest))


def approve(connection: sa.Connection, order_id: int, name: str, now: datetime) -> bool:
    """Another person approves it; False where somebody has already."""
    change = withdrawals.update().where(_W.id == order_id, _W.approved_at.is_(None))
    return bool(connection.execute(change.values(approved_at=now, approved_by=name)).rowcount)


def concern(connection: sa.Connection, order_id: int, delivery_ids: Sequence[int]) -> None:
    """The order is about these deliveries too."""
    known = set(connection.scalars(sa.select(_T.delivery_id).where(_T.withdrawal_id == order_id)))
    rows = [{"withdrawal_id": order_id, "delivery_id": number} for number in delivery_ids if number not in known]
    if rows:
        connection.execute(takedowns.insert(), rows)


def of_order(connection: sa.Connection, order_id: int) -> list[Takedown]:
    """What an order is about, by delivery."""
    return _found(connection, _T.withdrawal_id == order_id)


def to_look_at(connection: sa.Connection, now: datetime) -> list[Takedown]:
    """What is to be looked for at its public address now."""
    return _found(connection, _T.look_at.is_not(None), _T.look_at <= now)


def back_again(connection: sa.Connection) -> list[Takedown]:
    """What was taken down and is there all the same, as the last look has shown."""
    return _found(connection, _T.seen == "there", _T.look_at.is_not(None))


def _found(connection: sa.Connection, *where: sa.ColumnElement[bool]) -> list[Takedown]:
    query = (
        sa.select(takedowns, _R.address)
        .outerjoin(receipts, _R.delivery_id == _T.delivery_id)
        .where(*where)
        .order_by(_T.withdrawal_id, _T.delivery_id)
    )
    rows = connection.execute(query).all()
    known = delivery_rows.get(connection, [row.delivery_id for row in rows]) if rows else {}
    return [
        Takedown(
            withdrawal=row.withdrawal_id,
            delivery=known[row.delivery_id],
            address=row.address or "",
            tries=row.tries,
            try_at=row.try_at,
            by_hand=row.by_hand,
            looks=row.looks,
            seen=row.seen,
        )
        for row in rows
    ]


def take_try(connection: sa.Connection, it: Takedown, try_at: datetime) -> bool:
    """Count a try of the interface; False where another process has it."""
    change = takedowns.update().where(*_is(it), _T.tries == it.tries)
    return bool(connection.execute(change.values(tries=it.tries + 1, try_at=try_at)).rowcount)


def leave_to_hand(connection: sa.Connection, it: Takedown) -> None:
    """Only a person can take it down."""
    connection.execute(takedowns.update().where(*_is(it)).values(by_hand=True))


def note_done_by_hand(connection: sa.Connection, delivery_id: int) -> None:
    """A person has taken it down, whatever its channel could."""
    connection.execute(takedowns.update().where(_T.delivery_id == delivery_id).values(by_hand=True))


def note_look(connection: sa.Connection, it: Takedown, seen: str, now: datetime, look_at: datetime | None) -> None:
    """What a look has shown, and when the next one is."""
    values = {"seen": seen, "seen_at": now, "looks": it.looks + 1, "look_at": look_at}
    connection.execute(takedowns.update().where(*_is(it)).values(**values))


def _is(it: Takedown) -> tuple[sa.ColumnElement[bool], sa.ColumnElement[bool]]:
    return (_T.withdrawal_id == it.withdrawal, _T.delivery_id == it.delivery.id)


def end_if_down(connection: sa.Connection, post_id: int, now: datetime) -> bool:
    """End the open orders of a post of which nothing is out any more; whether that was so. What was taken down is looked for from then on."""
    query = sa.select(_W.id).where(_W.post_id == post_id, is_open)
    orders = list(connection.scalars(query))
    if not orders or connection.scalar(sa.select(_D.id).where(_D.post_id == post_id, _D.state.not_in(_DOWN)).limit(1)):
        return False
    connection.execute(withdrawals.update().where(_W.id.in_(orders)).values(ended_at=now))
    was_out = sa.select(_D.id).where(_D.post_id == post_id, _D.state == State.RETRACTED.value)
    change = takedowns.update().where(_T.withdrawal_id.in_(orders), _T.delivery_id.in_(was_out), _T.look_at.is_(None))
    connection.execute(change.values(look_at=now + LOOKS[0], looks=0))
    return True


_DOWN = sorted(state.value for state in DOWN)


def down_since(connection: sa.Connection, delivery_ids: Sequence[int]) -> dict[int, datetime]:
    """When deliveries were taken down or called off, by the history."""
    e = events.c
    query = (
        sa.select(e.delivery_id, sa.func.max(e.at))
        .where(e.delivery_id.in_(list(delivery_ids)), e.after.in_(_DOWN))
        .group_by(e.delivery_id)
    )
    return {number: at for number, at in connection.execute(query) if at is not None}


def name_ends(connection: sa.Connection, post_id: int, named: Ends, *, reviewed: bool) -> None:
    """What the newest revision of a post says of its end. It counts at once, unless the post is reviewed: then once it is approved."""
    values: dict[str, Any] = {"named_retract_at": named.retract_at, "named_review_on": named.review_on}
    if not reviewed:
        values |= {"retract_at": named.retract_at, "review_on": named.review_on, "asked": False}
    columns = [_E[name] for name in values]
    known = connection.execute(sa.select(*columns).where(_E.post_id == post_id)).first()
    if known is None and named != NO_ENDS:
        connection.execute(endings.insert().values(post_id=post_id, **values))
    elif known is not None and tuple(known) != tuple(values.values()):
        connection.execute(endings.update().where(_E.post_id == post_id).values(**values))


def named_ends(connection: sa.Connection, post_id: int) -> Ends:
    """What the front matter of a post's newest revision says of its end."""
    query = sa.select(_E.named_retract_at, _E.named_review_on).where(_E.post_id == post_id)
    row = connection.execute(query).first()
    return NO_ENDS if row is None else Ends(*row)


def let_end(connection: sa.Connection, post_id: int, *, approved: bool) -> None:
    """What the front matter says of a post's end counts from now on, if it is approved; else that is asked, and what counted goes on."""
    row = connection.execute(sa.select(endings).where(_E.post_id == post_id)).first()
    if row is None:
        return
    named = {"retract_at": row.named_retract_at, "review_on": row.named_review_on}
    is_other = (row.retract_at, row.review_on) != tuple(named.values())
    values: dict[str, Any] = (named if approved else {}) | {"asked": is_other and not approved}
    if is_other or row.asked != values["asked"]:
        connection.execute(endings.update().where(_E.post_id == post_id).values(**values))


def due_by_time(connection: sa.Connection, now: datetime) -> list[tuple[int, str, datetime]]:
    """Posts whose ``retract_at`` has come: number, slug, and that time."""
    query = (
        sa.select(_E.post_id, _P.slug, _E.retract_at)
        .join(posts, _P.id == _E.post_id)
        .where(_E.retract_at.is_not(None), _E.retract_at <= now, _E.taken_at.is_(None))
    )
    return [(row.post_id, row.slug, row.retract_at) for row in connection.execute(query.order_by(_E.retract_at))]


def note_taken(connection: sa.Connection, post_id: int, now: datetime) -> bool:
    """The order by ``retract_at`` is given; False where another process has given it."""
    change = endings.update().where(_E.post_id == post_id, _E.taken_at.is_(None))
    return bool(connection.execute(change.values(taken_at=now)).rowcount)


def to_be_asked(connection: sa.Connection, now: datetime) -> Sequence[sa.Row[*tuple[Any, ...]]]:
    """Posts that are out and whose department is to say whether they still hold."""
    out = sa.exists().where(_D.post_id == _E.post_id, _D.state == State.PUBLISHED.value)
    query = (
        sa.select(_P.slug, _P.title, _P.department, _E.review_on)
        .join(posts, _P.id == _E.post_id)
        .where(_E.review_on.is_not(None), _E.review_on <= now, out)
    )
    return connection.execute(query.order_by(_E.review_on, _P.slug)).all()


def has_users(connection: sa.Connection) -> bool:
    """Whether the workspace has users, so that a second person can be asked."""
    return connection.scalar(sa.select(users.c.name).limit(1)) is not None
