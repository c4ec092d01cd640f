"""The audit chain: events in the order of their ids, hashed in batches, each over the one before. Inside the caller's transaction.

A seal says: these events, and no others, stood here. Whoever holds its hash can prove later that nothing up to it was rewritten.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

from xuanfa.store import locks
from xuanfa.store.columns import microseconds
from xuanfa.store.schema import events, seals

_E, _S = events.c, seals.c
#: What is hashed of an event, in this order, as it is stored.
_HASHED = (
    _E.id, sa.type_coerce(_E.at, sa.BigInteger), _E.delivery_id, _E.channel, _E.before, _E.after, _E.attempt, _E.actor,
    _E.why, _E.receipt,
)  # fmt: skip
#: What is hashed besides where there is any of it: lines of before 0005 have none, and their seals stay as they were.
_HASHED_TOO = (_E.post_id, _E.revision, _E.proof)
_NONE_OF_IT = (None,) * len(_HASHED_TOO)
#: An event as it is hashed; its id comes first.
Line = Sequence[Any]
# Built once: making an encoder costs as much as using it, and every publication does.
_ENCODE = json.JSONEncoder(separators=(",", ":")).encode
#: The hash that the first seal follows.
NOTHING = "0" * 64
#: How long sealing waits for transactions that are writing events. Short: those that begin meanwhile wait behind it.
_PATIENCE = "200ms"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seal:
    """One link: the events with ids from ``first`` to ``last``, of which there are ``count``."""

    number: int
    first: int
    last: int
    count: int
    hash: str
    previous: str
    sealed_at: datetime


def canonical(values: Sequence[Any]) -> bytes:
    """Values as they are hashed: JSON in ASCII, without spaces. A NUL is as PostgreSQL has to store it, so that rows may move."""
    return _ENCODE(values).replace("\\u0000", "\\u2400").encode()


def link(previous: Seal | None, lines: Iterable[Line], sealed_at: datetime) -> Seal:
    """The seal over these events, of which there is at least one."""
    number, before = (previous.number + 1, previous.hash) if previous else (1, NOTHING)
    digest = hashlib.sha256(canonical([number, before, microseconds(sealed_at)]))
    first = last = count = 0
    for line in lines:
        digest.update(b"\n" + canonical(line))
        first, last, count = first or line[0], line[0], count + 1
    return Seal(
        number=number,
        first=first,
        last=last,
        count=count,
        hash=digest.hexdigest(),
        previous=before,
        sealed_at=sealed_at,
    )


def latest(connection: sa.Connection) -> Seal | None:
    """The newest seal."""
    return next(iter(_seals(connection, sa.select(seals).order_by(_S.number.desc()).limit(1))), None)


def all_seals(connection: sa.Connection) -> list[Seal]:
    """Every seal, in order."""
    return list(_seals(connection, sa.select(seals).order_by(_S.number)))


def _seals(connection: sa.Connection, query: sa.Select[Any]) -> Iterator[Seal]:
    return (Seal(**row) for row in connection.execute(query).mappings())


def has(connection: sa.Connection, number: int, hash_: str) -> bool:
    """Whether the chain has this seal."""
    return connection.scalar(sa.select(_S.hash).where(_S.number == number)) == hash_


def newest(connection: sa.Connection) -> int:
    """The id of the newest event; 0 where there is none."""
    return connection.scalar(sa.select(sa.func.max(_E.id))) or 0


def count_after(connection: sa.Connection, event_id: int) -> int:
    """How many events are newer than that one."""
    return connection.scalar(sa.select(sa.func.count()).where(_E.id > event_id)) or 0


def settled(connection: sa.Connection) -> int | None:
    """The id up to which every event is committed or will never be; ``None`` where others are writing for too long to tell.

    SQLite numbers events in the order of their commits. PostgreSQL does not, so that nobody may be writing any while this looks.
    """
    if connection.dialect.name == "postgresql":
        try:
            with connection.begin_nested():
                connection.execute(sa.text(f"SET LOCAL lock_timeout = '{_PATIENCE}'"))
                connection.execute(sa.text(f"LOCK TABLE {events.name} IN SHARE ROW EXCLUSIVE MODE"))
        except OperationalError as error:
            if getattr(error.orig, "sqlstate", None) != "55P03":
                raise
            return None
    return newest(connection)


def lines(connection: sa.Connection, after: int, upto: int | None = None, most: int | None = None) -> Iterator[Line]:
    """Events as they are hashed, in order: those newer than ``after``, up to ``upto``, ``most`` of them at most."""
    query = sa.select(*_HASHED, *_HASHED_TOO).where(_E.id > after).order_by(_E.id).limit(most)
    if upto is not None:
        query = query.where(_E.id <= upto)
    return (_line(tuple(row)) for row in connection.execute(query.execution_options(yield_per=1000)))


def _line(row: Line) -> Line:
    return row[: len(_HASHED)] if row[len(_HASHED) :] == _NONE_OF_IT else row


def add(connection: sa.Connection, seal: Seal) -> bool:
    """Put a seal at the end of the chain, unless another process has put one there meanwhile; whether it was put."""
    locks.hold(connection, "seals")
    last = latest(connection)
    if (last.number if last else 0) != seal.number - 1:
        return False
    values = {
        name: getattr(seal, name) for name in ("number", "first", "last", "count", "hash", "previous", "sealed_at")
    }
    connection.execute(seals.insert().values(values))
    return True
