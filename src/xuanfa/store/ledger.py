"""The ledger (台账): receipts, the addresses they hold, and the figures that are derived from them."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import sqlalchemy as sa
from sqlalchemy.dialects import sqlite

from xuanfa.domain.delivery import Delivery, State
from xuanfa.domain.receipt import Receipt, page_of
from xuanfa.domain.said import kept
from xuanfa.domain.shown import EVIDENCE_MAX, clipped
from xuanfa.store import imported, month_sums
from xuanfa.store.chain import canonical
from xuanfa.store.columns import microseconds
from xuanfa.store.ledger_schema import stands
from xuanfa.store.schema import deliveries, posts, receipts, revisions

_D, _R, _V = deliveries.c, receipts.c, revisions.c
#: What the ledger keeps of a publication besides the receipt, as it was then: nothing that anybody edits afterwards changes it.
AS_SENT = ("rehearsal", "account", "title", "column_id", "department", "author")
#: What it keeps besides, of the delivery and of the revision that was sent: by these it is counted. No hash has them; they are compared.
COUNTED_BY = ("post_id", "channel", "kind", "original")


#: The title of a delivery in a query over deliveries, posts, revisions and receipts. Rows of before 0005 have only the post's of today.
title_as_sent = sa.func.coalesce(sa.func.nullif(_R.title, ""), sa.func.nullif(_V.title, ""), posts.c.title)


def as_sent(connection: sa.Connection, ids: Collection[int]) -> dict[int, dict[str, Any]]:
    """To whom and in which mode deliveries went, of what, and the title, column, department, author and kind of the revision that was sent."""
    if not ids:
        return {}
    rows = connection.execute(_AS_SENT, {"ids": list(ids)})
    return {row[0]: dict(zip(AS_SENT + COUNTED_BY, row[1:], strict=True)) for row in rows}


_AS_SENT = (
    sa.select(
        _D.id,
        _D.rehearsal,
        _D.account,
        _V.title,
        _D.column_id,
        _V.department,
        _V.author,
        _D.post_id,
        _D.channel,
        _V.kind,
        _V.original,
    )
    .join(revisions, sa.and_(_V.post_id == _D.post_id, _V.number == _D.revision))
    .where(_D.id.in_(sa.bindparam("ids", expanding=True)))
)


def add_receipts(
    connection: sa.Connection,
    found: Sequence[tuple[int, Receipt]],
    now: datetime,
    sent: Mapping[int, Mapping[str, Any]] | None = None,
) -> list[tuple[int, Receipt]]:
    """Enter publications in the ledger; ``sent`` is what ``as_sent`` said of them, where the caller has asked already.

    Returned are those of deliveries that have a receipt already: that one stays.
    """
    if not found:
        return []
    known = as_sent(connection, [number for number, _ in found]) if sent is None else sent
    rows = [{"delivery_id": number, **_values(receipt, now), **known[number]} for number, receipt in found]
    proved = {row["delivery_id"]: row["address"] for row in rows if row["address"] and not row["rehearsal"]}
    imported.note_own(connection, proved)
    is_all = connection.execute(_add(connection.dialect.name), rows).rowcount == len(rows)
    _drop_sums(connection, [number for number, _ in found])
    if is_all:
        return []
    entered = {row[0]: tuple(row[1:]) for row in connection.execute(_ENTERED, {"ids": [number for number, _ in found]})}
    return [each for each, row in zip(found, rows, strict=True) if entered[each[0]] != tuple(row[n] for n in _RECEIPT)]


@cache
def _add(kind: str) -> sa.Insert:
    """Receipts are entered. One delivery that has a receipt must not keep the outcomes of all others from being written."""
    if kind == "sqlite":
        return sqlite.insert(receipts).on_conflict_do_nothing()
    from sqlalchemy.dialects import postgresql  # noqa: PLC0415 - heavy, and of no use beside SQLite

    return postgresql.insert(receipts).on_conflict_do_nothing()


_RECEIPT = ("remote_id", "address", "published_at", "evidence")
_ENTERED = sa.select(_R.delivery_id, *(_R[name] for name in _RECEIPT)).where(
    _R.delivery_id.in_(sa.bindparam("ids", expanding=True))
)


def _values(receipt: Receipt, now: datetime) -> dict[str, Any]:
    return {
        "remote_id": receipt.remote_id,
        "address": receipt.address,
        "published_at": receipt.published_at or now,
        "evidence": clipped(receipt.evidence, EVIDENCE_MAX),
    }


def proof(delivery: Delivery, receipt: Receipt, now: datetime, sent: Mapping[str, Any]) -> str:
    """The hash of an entry of the ledger and of what was sent under which key, for the line of history that tells of the publication."""
    return proofs_of({"key": delivery.key, "digest": delivery.digest, **_values(receipt, now), **sent})[0]


def proofs_of(stored: Mapping[str, Any]) -> tuple[str, str]:
    """The same from what is stored: as it is made, and as it was made before the ledger kept what was sent (0005)."""
    receipt = [stored[name] for name in ("key", "digest", "remote_id", "address")]
    receipt += [microseconds(stored["published_at"]), kept(stored["evidence"])]
    whole = [*receipt, *(stored[name] for name in AS_SENT)]
    return hashlib.sha256(canonical(whole)).hexdigest(), hashlib.sha256(canonical(receipt)).hexdigest()


def receipt(connection: sa.Connection, delivery_id: int) -> Receipt | None:
    """The receipt of a delivery."""
    c = receipts.c
    query = sa.select(c.remote_id, c.address, c.published_at, c.evidence).where(c.delivery_id == delivery_id)
    row = connection.execute(query).first()
    return None if row is None else Receipt(**row._mapping)  # noqa: SLF001 - SQLAlchemy's public name


def mark_retracted(connection: sa.Connection, delivery_id: int, now: datetime) -> None:
    """Note in the ledger that it is public no longer."""
    connection.execute(receipts.update().where(receipts.c.delivery_id == delivery_id).values(retracted_at=now))
    _drop_sums(connection, [delivery_id])


def published_values(connection: sa.Connection, column: sa.Column[str]) -> list[str]:
    """The different values that a column of the ledger has in what stands, in order: one step in its index for each, whatever there is."""
    found: list[str] = []
    query = sa.select(sa.func.min(column)).where(stands)
    value = connection.scalar(query)
    while value is not None:
        found.append(value)
        value = connection.scalar(query.where(column > value))
    return found


@dataclass(frozen=True, slots=True)
class Address:
    """Where a post is public on a channel, in which mode and on whose account."""

    post_id: int
    channel: str
    address: str
    rehearsal: bool
    account: str


_ADDRESSES = (
    sa.select(_D.post_id, _D.channel, _R.address, _R.rehearsal, _R.account)
    .join(receipts, receipts.c.delivery_id == _D.id)
    .where(
        _D.post_id.in_(sa.bindparam("ids", expanding=True)),
        _D.state == State.PUBLISHED.value,
        receipts.c.address.is_not(None),
    )
)


def addresses(connection: sa.Connection, post_ids: Collection[int]) -> list[Address]:
    """The public addresses of posts, for late-bound links."""
    return [Address(*row) for row in connection.execute(_ADDRESSES, {"ids": list(post_ids)})]


def delivery_at(connection: sa.Connection, address: str, *, but: int) -> tuple[int, str] | None:
    """Number and channel of another delivery than ``but`` that is public at this page, however its address is spelt."""
    page = page_of(address)
    host = urlsplit(address).hostname or ""
    query = (
        sa.select(_D.id, _D.channel, receipts.c.address)
        .join(receipts, receipts.c.delivery_id == _D.id)
        .where(
            sa.func.lower(receipts.c.address).contains(host, autoescape=True),
            receipts.c.retracted_at.is_(None),
            _D.id != but,
        )
        .order_by(_D.id)
    )
    return next(((row.id, row.channel) for row in connection.execute(query) if page_of(row.address) == page), None)


#: The event of a correction of what is out. Its line vouches for the receipt from then on, as that of a publication does.
CORRECTED = "corrected"


def correct_receipt(connection: sa.Connection, delivery: Delivery, evidence: str) -> str:
    """Enter that a corrected text is out: title, department and author of its revision and the channel's evidence; where and since when it is
    public stays. The delivery is written already. Its new proof."""
    sent = as_sent(connection, [delivery.id])[delivery.id]
    changed = {name: sent[name] for name in ("title", "department", "author", "kind", "original")} | {
        "evidence": clipped(evidence, EVIDENCE_MAX)
    }
    connection.execute(receipts.update().where(_R.delivery_id == delivery.id).values(**changed))
    _drop_sums(connection, [delivery.id])
    row = connection.execute(sa.select(receipts).where(_R.delivery_id == delivery.id)).mappings().one()
    return proofs_of({"key": delivery.key, "digest": delivery.digest, **row})[0]


def drop_receipt(connection: sa.Connection, delivery_id: int) -> None:
    """Take a rehearsal's receipt out, so that the real publication can be entered."""
    moments = month_sums.concerned(connection, [delivery_id])
    connection.execute(receipts.delete().where(receipts.c.delivery_id == delivery_id))
    month_sums.drop_those_of(connection, moments)


def _drop_sums(connection: sa.Connection, ids: Collection[int]) -> None:
    """What was kept of the months of these receipts, which are written already, holds no longer."""
    month_sums.drop_those_of(connection, month_sums.concerned(connection, ids))
