"""Sealed months. Inside the caller's transaction."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime

import sqlalchemy as sa

from xuanfa.domain.sealed_month import Counted, Entry, SealedMonth
from xuanfa.store.schema import events
from xuanfa.store.sealed_schema import sealed_months

_S, _E = sealed_months.c, events.c
#: The line of history that vouches for a sealed month; its reason begins with the month.
SEALED = "month_sealed"
_FACTS = [name for name in sealed_months.c.keys() if name != "entries"]  # noqa: SIM118 - a collection of columns


def add(connection: sa.Connection, month: str, counted: Counted, *, actor: str, now: datetime) -> SealedMonth:
    """Keep what a month counts."""
    text = json.dumps([list(asdict(entry).values()) for entry in counted.entries], ensure_ascii=False)
    sealed = SealedMonth(
        month=month,
        items=len(counted.entries),
        posts=counted.posts,
        retracted=counted.retracted,
        hash=_hash(month, counted.posts, counted.retracted, text),
        sealed_at=now,
        actor=actor,
    )
    connection.execute(sealed_months.insert().values(**asdict(sealed), entries=text))
    return sealed


def _hash(month: str, posts: int, retracted: int, entries: str) -> str:
    return hashlib.sha256(f"{month}\n{posts}\n{retracted}\n{entries}".encode()).hexdigest()


def find(connection: sa.Connection, month: str) -> SealedMonth | None:
    """The seal of a month."""
    row = connection.execute(sa.select(*(_S[name] for name in _FACTS)).where(_S.month == month)).mappings().first()
    return None if row is None else SealedMonth(**row)


def between(connection: sa.Connection, first: str, last: str) -> list[SealedMonth]:
    """The sealed months from one to another, both included; empty texts are no bounds."""
    query = sa.select(*(_S[name] for name in _FACTS)).order_by(_S.month)
    query = query.where(_S.month >= first) if first else query
    query = query.where(_S.month <= last) if last else query
    return [SealedMonth(**row) for row in connection.execute(query).mappings()]


def entries(connection: sa.Connection, month: str) -> list[Entry]:
    """What it counted when it was sealed."""
    text = connection.scalar(sa.select(_S.entries).where(_S.month == month)) or "[]"
    names = list(Entry.__dataclass_fields__)
    return [Entry(**dict(zip(names, values, strict=True))) for values in json.loads(text)]


def altered(connection: sa.Connection) -> Iterator[str]:
    """Sealed months that are not as the history tells of them."""
    told = {
        why.split("：")[0].split(":")[0]: proof
        for why, proof in connection.execute(sa.select(_E.why, _E.proof).where(_E.after == SEALED))
    }
    seen = set[str]()
    for row in connection.execute(sa.select(sealed_months)):
        seen.add(row.month)
        made = _hash(row.month, row.posts, row.retracted, row.entries)
        if not made == row.hash == told.get(row.month):
            yield row.month
    yield from sorted(told.keys() - seen)
