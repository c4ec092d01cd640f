"""The audit chain: events in the order of their ids, hashed in batches, each over the one before. Inside the caller's transaction.

A seal says: these events, and no others, stood here. Whoever holds its hash can prove later that nothing up to it was rewritten.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import accumulate
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

from xuanfa.store import locks
from xuanfa.store.columns import as_stored, microseconds
from xuanfa.store.schema import events, seals

_E, _S = events.c, seals.c
#: What is hashed of an event, in this order, as it is stored.
_HASHED = (
    _E.id, as_stored(_E.at), _E.delivery_id, _E.channel, _E.before, _E.after, _E.attempt, _E.actor,
    as_stored(_E.why), _E.receipt,
)  # fmt: skip
#: What is hashed besides where there is any of it: lines of before 0005 have none, and their seals stay as they were.
_HASHED_TOO = (_E.post_id, _E.revision, _E.proof)
#: The same of before 0007.
_SIGNED = (_E.act, _E.how, _E.place)
#: The same of before 0009.
_ABOUT = (_E.subject,)
#: In the order in which versions have added them.
_GROUPS = (_HASHED, _HASHED_TOO, _SIGNED, _ABOUT)
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
    #: The number and a short hash of each line, by which one that was changed is named. Nothing in seals of before 0009; proves nothing.
    lines: str | None = field(default=None, compare=False, repr=False)


def canonical(values: Sequence[Any]) -> bytes:
    """Values as they are hashed: JSON in ASCII, without spaces. A NUL is as PostgreSQL has to store it, so that rows may move."""
    return _ENCODE(values).replace("\\u0000", "\\u2400").encode()


def link(previous: Seal | None, lines: Iterable[Line], sealed_at: datetime) -> Seal:
    """The seal over these events, of which there is at least one."""
    number, before = (previous.number + 1, previous.hash) if previous else (1, NOTHING)
    digest = hashlib.sha256(canonical([number, before, microseconds(sealed_at)]))
    first = last = 0
    named: list[str] = []
    for line in lines:
        digest.update(b"\n" + canonical(line))
        first, last = first or line[0], line[0]
        named.append(f"{line[0]}:{short_hash(line)}")
    return Seal(
        number=number,
        first=first,
        last=last,
        count=len(named),
        hash=digest.hexdigest(),
        previous=before,
        sealed_at=sealed_at,
        lines=" ".join(named),
    )


def short_hash(line: Line) -> str:
    """Of what a line says, without its number: it is the same wherever the line stands."""
    return hashlib.sha256(canonical(line[1:])).hexdigest()[:16]


def long_hash(line: Line) -> str:
    """Of a line as it is stored, with its number, for whoever keeps it elsewhere."""
    return hashlib.sha256(canonical(line)).hexdigest()


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


def lines(
    connection: sa.Connection, after: int | None, upto: int | None = None, most: int | None = None
) -> Iterator[Line]:
    """Events as they are hashed, in order: those newer than ``after`` (all, where nothing is sealed), up to ``upto``, ``most`` of them at
    most."""
    query = sa.select(*(column for group in _GROUPS for column in group)).order_by(_E.id).limit(most)
    if after is not None:
        query = query.where(_E.id > after)
    if upto is not None:
        query = query.where(_E.id <= upto)
    return (_line(tuple(row)) for row in connection.execute(query.execution_options(yield_per=1000)))


#: Where a line may end: behind each group but the last.
_ENDS = tuple(accumulate(len(group) for group in _GROUPS[:-1]))


def _line(row: Line) -> Line:
    for end in _ENDS:
        if not any(value is not None for value in row[end:]):
            return row[:end]
    return row


def add(connection: sa.Connection, seal: Seal) -> bool:
    """Put a seal at the end of the chain, unless another process has put one there meanwhile; whether it was put."""
    locks.hold(connection, "seals")
    last = latest(connection)
    if (last.number if last else 0) != seal.number - 1:
        return False
    values = {
        name: getattr(seal, name)
        for name in ("number", "first", "last", "count", "hash", "previous", "sealed_at", "lines")
    }
    connection.execute(seals.insert().values(values))
    return True
