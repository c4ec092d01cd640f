"""The ledger (台账): receipts, the addresses they hold, and the figures that are derived from them."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import sqlalchemy as sa

from xuanfa.domain.delivery import Delivery, State
from xuanfa.domain.receipt import Receipt, page_of
from xuanfa.store.chain import canonical
from xuanfa.store.columns import microseconds
from xuanfa.store.schema import deliveries, receipts

_D = deliveries.c


def add_receipts(connection: sa.Connection, found: Sequence[tuple[int, Receipt]], now: datetime) -> None:
    """Enter publications in the ledger."""
    rows = [{"delivery_id": delivery_id, **_values(receipt, now)} for delivery_id, receipt in found]
    if rows:
        connection.execute(_ADD, rows)


_ADD = receipts.insert()


def _values(receipt: Receipt, now: datetime) -> dict[str, Any]:
    return {
        "remote_id": receipt.remote_id,
        "address": receipt.address,
        "published_at": receipt.published_at or now,
        "evidence": receipt.evidence[:2000],
    }


def proof(delivery: Delivery, receipt: Receipt, now: datetime) -> str:
    """The hash of a receipt and of what was sent under which key, for the line of history that tells of the publication."""
    return proof_of(delivery.key, delivery.digest, **_values(receipt, now))


def proof_of(
    key: str, digest: str, *, remote_id: str | None, address: str | None, published_at: datetime, evidence: str
) -> str:
    """The same from what is stored."""
    values = [key, digest, remote_id, address, microseconds(published_at), evidence]
    return hashlib.sha256(canonical(values)).hexdigest()


def receipt(connection: sa.Connection, delivery_id: int) -> Receipt | None:
    """The receipt of a delivery."""
    c = receipts.c
    query = sa.select(c.remote_id, c.address, c.published_at, c.evidence).where(c.delivery_id == delivery_id)
    row = connection.execute(query).first()
    return None if row is None else Receipt(**row._mapping)  # noqa: SLF001 - SQLAlchemy's public name


def mark_retracted(connection: sa.Connection, delivery_id: int, now: datetime) -> None:
    """Note in the ledger that it is public no longer."""
    connection.execute(receipts.update().where(receipts.c.delivery_id == delivery_id).values(retracted_at=now))


_ADDRESSES = (
    sa.select(_D.post_id, _D.channel, receipts.c.address)
    .join(receipts, receipts.c.delivery_id == _D.id)
    .where(
        _D.post_id.in_(sa.bindparam("ids", expanding=True)),
        _D.state == State.PUBLISHED.value,
        receipts.c.address.is_not(None),
    )
)


def addresses(connection: sa.Connection, post_ids: Collection[int]) -> Mapping[int, dict[str, str]]:
    """The public addresses of posts by channel, for late-bound links."""
    found: dict[int, dict[str, str]] = {}
    for row in connection.execute(_ADDRESSES, {"ids": list(post_ids)}):
        found.setdefault(row.post_id, {})[row.channel] = row.address
    return found


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


def drop_receipt(connection: sa.Connection, delivery_id: int) -> None:
    """Take a rehearsal's receipt out, so that the real publication can be entered."""
    connection.execute(receipts.delete().where(receipts.c.delivery_id == delivery_id))
