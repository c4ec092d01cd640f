"""Afterwards: what became of a post once it was out, as its package holds it: withdrawals with what readers could see, and corrections with
what was out before."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from xuanfa.domain.correction import Correction
from xuanfa.domain.refusals import not_as_kept
from xuanfa.domain.rendition import Rendition
from xuanfa.domain.withdrawal_order import WithdrawalOrder, minutes
from xuanfa.operations.desk import Desk
from xuanfa.store import corrections, papers, withdrawals


def withdrawals_of(connection: sa.Connection, post_id: int) -> list[dict[str, Any]]:
    """Every order to take the post down, the oldest first, with its channels and minutes."""
    return [_order(connection, each) for each in withdrawals.of_post(connection, post_id)]


def snapshots_of(desk: Desk, connection: sa.Connection, post_id: int) -> Iterator[tuple[str, bytes]]:
    """What readers could see, by the name that it gets. Raises AlteredError where it is gone or is not what it was."""
    for order in withdrawals.of_post(connection, post_id):
        if order.snapshot:
            yield f"snapshots/{order.snapshot}.json", _kept(desk.withdrawn(order.snapshot), order.snapshot)


def corrections_of(connection: sa.Connection, post_id: int) -> list[dict[str, Any]]:
    """Every correction of the post, the oldest first."""
    return [_correction(each) for each in corrections.of_post(connection, post_id)]


def earlier_renditions(
    connection: sa.Connection, post_id: int, current: Sequence[Rendition | None]
) -> list[tuple[str, Rendition]]:
    """Channel and rendition of all that was frozen of a post that was corrected, but for what stands now: what was out before is among it."""
    if not corrections.of_post(connection, post_id):
        return []
    known = {each.digest for each in current if each is not None}
    return [(channel, each) for channel, each in papers.frozen_of(connection, post_id) if each.digest not in known]


def _order(connection: sa.Connection, order: WithdrawalOrder) -> dict[str, Any]:
    found = withdrawals.of_order(connection, order.id)
    down = withdrawals.down_since(connection, [it.delivery.id for it in found])
    return {
        "by": order.actor,
        "why": str(order.why),
        "how": order.how,
        "ordered_at": order.ordered_at,
        "ended_at": order.ended_at,
        "minutes": minutes(order.ordered_at, order.ended_at),
        "snapshot": order.snapshot or None,
        "approve_by": order.approve_by,
        "approved_at": order.approved_at,
        "approved_by": order.approved_by or None,
        "channels": [
            {
                "delivery": it.delivery.id,
                "channel": it.delivery.channel,
                "state": it.delivery.state.value,
                "address": it.address or None,
                "by_hand": it.by_hand,
                "down_at": down.get(it.delivery.id),
                "minutes": minutes(order.ordered_at, down.get(it.delivery.id)),
                "looks": it.looks,
                "seen": it.seen or None,
            }
            for it in found
        ],
    }


def _correction(it: Correction) -> dict[str, Any]:
    facts = asdict(it)
    del facts["try_at"]
    return facts | {"state": it.state.value, "why": str(it.why), "reason": str(it.reason)}


def _kept(path: Path, sha256: str) -> bytes:
    data = path.read_bytes() if path.is_file() else b""
    if hashlib.sha256(data).hexdigest() != sha256:
        raise not_as_kept(path)
    return data
