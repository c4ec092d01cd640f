"""The trace of a delivery: everything that happened to it, as data for sentences, with when it is looked for next."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from xuanfa.domain.access import Veil
from xuanfa.reports.listing import HistoryRow, history
from xuanfa.store.database import Store
from xuanfa.store.schema import deliveries, receipts

_D, _R = deliveries.c, receipts.c


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """The receipt: what says that it is public."""

    address: str
    remote_id: str
    published_at: datetime
    retracted_at: datetime | None
    evidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """Its history, when it is looked for next, how often it was, and its receipt."""

    rows: tuple[HistoryRow, ...]
    look_at: datetime | None
    looks: int
    proof: Proof | None


def trace_of(store: Store, delivery_id: int, slug: str, veil: Veil) -> Trace:
    """What is restricted has no trace for whoever may not read it."""
    if veil.hides(slug):
        return Trace(rows=(), look_at=None, looks=0, proof=None)
    with store.read() as connection:
        row = connection.execute(sa.select(_D.look_at, _D.looks).where(_D.id == delivery_id)).one()
        kept = connection.execute(sa.select(receipts).where(_R.delivery_id == delivery_id)).first()
    proof = None
    if kept is not None:
        proof = Proof(
            address=kept.address or "",
            remote_id=kept.remote_id or "",
            published_at=kept.published_at,
            retracted_at=kept.retracted_at,
            evidence=kept.evidence,
        )
    return Trace(rows=tuple(history(store, delivery_id)), look_at=row.look_at, looks=row.looks, proof=proof)


def others_of(store: Store, delivery_id: int) -> int:
    """How many other deliveries its post has."""
    with store.read() as connection:
        post = sa.select(_D.post_id).where(_D.id == delivery_id).scalar_subquery()
        query = sa.select(sa.func.count()).select_from(deliveries).where(_D.post_id == post, _D.id != delivery_id)
        return connection.scalar(query) or 0
