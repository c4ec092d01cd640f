"""The outbox of webhooks: messages are written with the transition that they tell of, and taken by whoever sends. Inside the caller's transaction.

Which receivers there are, a connection knows (``Store.announce_to``), so that nothing that moves a delivery has to think of it; without any,
nothing is written and nothing is asked.
"""

import secrets
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa

from xuanfa.domain.delivery import Delivery, State
from xuanfa.domain.receipt import Receipt
from xuanfa.domain.webhook import Endpoint, Happening, Message, Sent
from xuanfa.store.outbox_schema import given_up, outbox, waits
from xuanfa.store.schema import posts, revisions

_O = outbox.c
#: Under this option a connection knows the receivers: a mapping that whoever has opened the database may change.
OUTBOX: Final = "xuanfa_outbox"
#: So long what was taken, and what was not and nobody sends any more, is kept to be looked up.
KEPT_SENT: Final = timedelta(days=14)
KEPT_UNSENT: Final = timedelta(days=90)


def receivers(connection: sa.Connection) -> Collection[Endpoint]:
    """Who is told of what this transaction does; mostly nobody."""
    known: Mapping[str, Endpoint] = connection.get_execution_options().get(OUTBOX) or {}
    return known.values()


def tell(connection: sa.Connection, happenings: Iterable[Happening], now: datetime) -> None:
    """Write a message for each receiver that wants one."""
    known, rows = receivers(connection), []
    for each in happenings if known else ():
        message = f"msg_{secrets.token_hex(16)}"
        rows += [_row(message, endpoint.id, each, now) for endpoint in known if endpoint.wants(each.event)]
    if rows:
        connection.execute(_INSERT, rows)


_INSERT = outbox.insert()


def _row(message: str, endpoint: str, it: Happening, now: datetime) -> dict[str, Any]:
    return {
        "message": message,
        "endpoint": endpoint,
        "event": it.event,
        "at": now,
        "post_id": it.post_id,
        "delivery_id": it.delivery_id,
        "facts": dict(it.facts),
        "state": Sent.WAITING.value,
        "tries": 0,
        "begun_at": now,
        "next_at": now,
        "ended_at": None,
        "why": "",
    }


def of_move(before: State | None, after: Delivery, receipt: Receipt | None = None) -> Happening:
    """A delivery has come to another state; ``before`` is ``None`` where it is new."""
    facts = {
        "revision": after.revision,
        "channel": after.channel,
        "kind": after.kind,
        "column": after.column,
        "before": before.value if before is not None else None,
        "after": after.state.value,
        "attempt": after.attempt,
        "rehearsal": after.rehearsal,
        "due_at": after.due_at.astimezone(UTC).isoformat(timespec="microseconds"),
        "address": (receipt.address or None) if receipt is not None else None,
    }
    return Happening(event=f"delivery.{after.state.value}", post_id=after.post_id, delivery_id=after.id, facts=facts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Taking:
    """What may be taken: of these receivers, what is due now; nobody else takes it before ``until``."""

    endpoint: str
    now: datetime
    until: datetime
    most: int


def is_any_due(connection: sa.Connection, endpoints: Collection[str], now: datetime) -> bool:
    """Whether anything is to be sent to one of these."""
    query = sa.select(_O.id).where(waits, _O.next_at <= now, _O.endpoint.in_(list(endpoints))).limit(1)
    return connection.scalar(query) is not None


def take(connection: sa.Connection, it: Taking) -> list[Message]:
    """The oldest that are due for one receiver. Of one delivery only the first that waits: a receiver hears of its moves in their order."""
    earlier = outbox.alias()
    is_first = ~sa.exists().where(
        earlier.c.state == sa.literal_column("'waiting'"),
        earlier.c.endpoint == _O.endpoint,
        earlier.c.delivery_id == _O.delivery_id,
        earlier.c.id < _O.id,
    )
    of_post = ~sa.exists().where(
        earlier.c.state == sa.literal_column("'waiting'"),
        earlier.c.endpoint == _O.endpoint,
        earlier.c.delivery_id.is_(None),
        _O.delivery_id.is_(None),
        earlier.c.post_id == _O.post_id,
        earlier.c.id < _O.id,
    )
    query = (
        sa.select(outbox)
        .where(waits, _O.endpoint == it.endpoint, _O.next_at <= it.now, is_first, of_post)
        .order_by(_O.id)
        .limit(it.most)
        .with_for_update(of=outbox, skip_locked=True)
    )
    found = [_message(row) for row in connection.execute(query)]
    if found:
        change = outbox.update().where(_O.id.in_([each.id for each in found]))
        connection.execute(change.values(next_at=it.until))
    return found


def give_back(connection: sa.Connection, numbers: Collection[int], now: datetime) -> None:
    """These were taken and not come to."""
    if numbers:
        connection.execute(outbox.update().where(waits, _O.id.in_(list(numbers))).values(next_at=now))


def note(
    connection: sa.Connection, it: Message, state: Sent, *, now: datetime, next_at: datetime | None, why: str
) -> bool:
    """What one more try came to; False where somebody else has seen to it meanwhile."""
    change = outbox.update().where(waits, _O.id == it.id, _O.tries == it.tries)
    values = {
        "state": state.value,
        "tries": it.tries + 1,
        "next_at": next_at,
        "ended_at": now if next_at is None else None,
        "why": why,
    }
    return bool(connection.execute(change.values(**values)).rowcount)


def give_up(
    connection: sa.Connection,
    now: datetime,
    why: str,
    *,
    endpoint: str = "",
    begun: datetime | None = None,
    before: datetime | None = None,
) -> int:
    """All that waits, of one receiver or of all, of those that began by ``begun``, or were written before a moment, is given up; how many that
    were."""
    change = outbox.update().where(waits)
    if endpoint:
        change = change.where(_O.endpoint == endpoint)
    if begun is not None:
        change = change.where(_O.begun_at <= begun)
    if before is not None:
        change = change.where(_O.at < before)
    values = {"state": Sent.GIVEN_UP.value, "next_at": None, "ended_at": now, "why": why}
    return connection.execute(change.values(**values)).rowcount


def send_again(connection: sa.Connection, numbers: Collection[int], now: datetime) -> int:
    """These are to be sent once more from now on, by the same ``webhook-id``; what waits already is tried at once. How many."""
    change = outbox.update().where(_O.id.in_(list(numbers)))
    values = {"state": Sent.WAITING.value, "tries": 0, "begun_at": now, "next_at": now, "ended_at": None, "why": ""}
    return connection.execute(change.values(**values)).rowcount


def drop(connection: sa.Connection, numbers: Collection[int], now: datetime) -> int:
    """These are not sent any more, and nobody is reminded of them; how many that concerned."""
    change = outbox.update().where(_O.id.in_(list(numbers)), sa.or_(waits, given_up))
    return connection.execute(change.values(state=Sent.DROPPED.value, next_at=None, ended_at=now)).rowcount


def prune(connection: sa.Connection, now: datetime) -> None:
    """Forget what has been taken, or given up, for long."""
    ended = _O.ended_at.is_not(None)
    sent = sa.and_(_O.state == Sent.SENT.value, _O.ended_at < now - KEPT_SENT)
    connection.execute(outbox.delete().where(ended, sa.or_(sent, _O.ended_at < now - KEPT_UNSENT)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How many messages of one receiver stand where; ``since`` is when the oldest of those that wait was written, ``why`` what the newest try of
    one that has failed came to."""

    endpoint: str
    counts: Mapping[Sent, int]
    since: datetime | None
    why: str


def tallies(connection: sa.Connection) -> list[Tally]:
    """Every receiver of which anything is kept, in the order of their names."""
    query = sa.select(_O.endpoint, _O.state, sa.func.count(), sa.func.min(_O.at)).group_by(_O.endpoint, _O.state)
    counts: dict[str, dict[Sent, int]] = {}
    since: dict[str, datetime] = {}
    for endpoint, state, count, oldest in connection.execute(query):
        counts.setdefault(endpoint, {})[Sent(state)] = count
        if state == Sent.WAITING.value:
            since[endpoint] = oldest
    return [
        Tally(endpoint=name, counts=counts[name], since=since.get(name), why=_newest_why(connection, name))
        for name in sorted(counts)
    ]


def _newest_why(connection: sa.Connection, endpoint: str) -> str:
    failed = sa.and_(sa.or_(given_up, waits), _O.tries > 0, _O.endpoint == endpoint)
    query = sa.select(_O.why).where(failed).order_by(_O.id.desc()).limit(1)
    return connection.scalar(query) or ""


def messages(
    connection: sa.Connection,
    *,
    endpoint: str = "",
    states: Collection[Sent] = (),
    most: int = 50,
    before: int | None = None,
) -> list[Message]:
    """The newest messages, of one receiver or all, in these states; ``before`` a number, for the next page."""
    query = sa.select(outbox).order_by(_O.id.desc()).limit(most)
    if endpoint:
        query = query.where(_O.endpoint == endpoint)
    if states:
        query = query.where(_O.state.in_([each.value for each in states]))
    if before is not None:
        query = query.where(_O.id < before)
    return [_message(row) for row in connection.execute(query)]


def numbered(connection: sa.Connection, numbers: Sequence[int]) -> list[Message]:
    """The messages of these numbers."""
    query = sa.select(outbox).where(_O.id.in_(list(numbers))).order_by(_O.id)
    return [_message(row) for row in connection.execute(query)]


def named(connection: sa.Connection, of: Collection[Message]) -> dict[int, tuple[str, str]]:
    """Slug and title of the post of each message, by its number: the title of the revision that it is about."""
    query = (
        sa.select(_O.id, posts.c.slug, posts.c.title, revisions.c.number, revisions.c.title)
        .join(posts, posts.c.id == _O.post_id)
        .join(revisions, revisions.c.post_id == _O.post_id)
        .where(_O.id.in_([each.id for each in of]))
    )
    about, found = {each.id: each.facts.get("revision") for each in of}, dict[int, tuple[str, str]]()
    for number, slug, newest, revision, title in connection.execute(query):
        if revision == about[number] and title:
            found[number] = (slug, title)
        found.setdefault(number, (slug, newest))
    return found


def _message(row: Any) -> Message:
    return Message(
        **(
            {name: getattr(row, name) for name in Message.__dataclass_fields__}
            | {"state": Sent(row.state), "facts": row.facts or {}}
        )
    )
