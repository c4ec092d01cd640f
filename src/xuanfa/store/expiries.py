"""Expiries: that a delivery has a time after which it must not leave, or has none any more, is a line of the history, and is compared with it.

Inside the caller's transaction.
"""

import hashlib
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from xuanfa.domain.delivery import Delivery
from xuanfa.domain.person import Actor
from xuanfa.store.columns import microseconds
from xuanfa.store.schema import deliveries, events
from xuanfa.store.signed import signed

_D, _E = deliveries.c, events.c
#: The event of getting such a time, another one, or none in place of one.
EXPIRES = "expires"


def lines(pairs: Iterable[tuple[Delivery | None, Delivery]], now: datetime, actor: Actor) -> list[dict[str, Any]]:
    """The lines that deliveries need that have become what they are now; ``None`` is one that is new."""
    return [
        {
            "at": now,
            "delivery_id": after.id,
            "channel": after.channel,
            "after": EXPIRES,
            "why": "",
            **signed(actor),
            "proof": _proof(after.expires_at),
        }
        for before, after in pairs
        if after.expires_at != (before.expires_at if before else None)
    ]


def altered(connection: sa.Connection) -> Iterator[int]:
    """Deliveries whose expiry is not the one that their newest line tells of. What an older program has planned has no such line."""
    query = sa.select(_E.delivery_id, _E.proof).where(_E.after == EXPIRES).order_by(_E.id)
    told = {row.delivery_id: row.proof for row in connection.execute(query)}
    rows = (
        connection.execute(sa.select(_D.id, _D.expires_at).where(_D.id.in_(sorted(told))).order_by(_D.id))
        if told
        else ()
    )
    return (number for number, expires_at in rows if _proof(expires_at) != told[number])


def _proof(expires_at: datetime | None) -> str:
    return hashlib.sha256(str(expires_at and microseconds(expires_at)).encode()).hexdigest()
