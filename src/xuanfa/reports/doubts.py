"""Doubts: of each delivery whose outcome is not known, what was sent when, what is known, and when it is looked for again.

What was sent in another mode is left out: a drill says nothing of what is real.
"""

from collections.abc import Collection
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from xuanfa.domain.access import Veil
from xuanfa.domain.attempt import Action
from xuanfa.domain.delivery import State
from xuanfa.domain.process import Sender
from xuanfa.reports.listing import DeliveryRow, list_deliveries
from xuanfa.store.attempts import may_still_run_in_doubt
from xuanfa.store.database import Store
from xuanfa.store.schema import attempts, deliveries, events

_A, _D, _E = attempts.c, deliveries.c, events.c


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """One request that may have made it public, and what came back; ``outcome`` is ``None`` while nothing has."""

    at: datetime
    node: str
    outcome: str | None
    evidence: str
    #: How many bytes of it left this machine, of how many; ``None`` where that was not measured.
    bytes_sent: int | None
    bytes_total: int | None

    def as_json(self) -> dict[str, Any]:
        """The contract for programs."""
        return asdict(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """A delivery that is ``unknown``. ``since`` is when it became so; ``look_at`` is ``None`` where only a person can tell."""

    row: DeliveryRow
    since: datetime | None
    sent: tuple[Sent, ...]
    looks: int
    look_at: datetime | None
    #: Whoever was sending it and is not known to have ended.
    senders: tuple[Sender, ...] = ()

    def without(self, gone: Collection[str]) -> "Doubt":
        """The same, where these nodes are known to have ended."""
        return replace(self, senders=tuple(sender for sender in self.senders if sender.node not in gone))

    def as_json(self) -> dict[str, Any]:
        """The contract for programs: a delivery, and what is known of it."""
        nodes = list(dict.fromkeys(sender.node for sender in self.senders))
        known = {"since": self.since, "sent": [each.as_json() for each in self.sent], "may_still_run": nodes}
        return self.row.as_json() | known | {"looks": self.looks, "look_at": self.look_at}


def list_doubts(
    store: Store, *, channel: str | None = None, post: str | None = None, veil: Veil | None = None
) -> list[Doubt]:
    """Every delivery in doubt, in the order in which they were due. Without a ``veil``, as the machine's account sees them."""
    rows = list_deliveries(store, states=[State.UNKNOWN], channel=channel, post=post, veil=veil)
    veiled = {row.id for row in rows if row.restricted}
    in_doubt = sa.select(_D.id).where(_D.state == State.UNKNOWN.value)
    with store.read() as connection:
        looks = {
            row.id: row for row in connection.execute(sa.select(_D.id, _D.looks, _D.look_at).where(_D.id.in_(in_doubt)))
        }
        became = sa.select(_E.delivery_id, sa.func.max(_E.at).label("at")).where(
            _E.delivery_id.in_(in_doubt), _E.after == State.UNKNOWN.value
        )
        since = {row.delivery_id: row.at for row in connection.execute(became.group_by(_E.delivery_id))}
        sent: dict[int, list[Sent]] = {}
        tries = (
            sa.select(attempts)
            .join(deliveries, _D.id == _A.delivery_id)
            .where(_D.state == State.UNKNOWN.value, _A.rehearsal == _D.rehearsal)
        )
        of_this_mode = connection.execute(tries.order_by(_A.number)).all()
        for row in of_this_mode:
            if row.action != Action.PUBLISH.value:
                continue
            sent.setdefault(row.delivery_id, []).append(
                Sent(
                    at=row.started_at,
                    node=row.node,
                    outcome=row.outcome,
                    evidence="" if row.delivery_id in veiled else row.evidence,
                    bytes_sent=row.bytes_sent,
                    bytes_total=row.bytes_total,
                )
            )
        matter = {(row.delivery_id, row.number) for row in of_this_mode}
        senders = [each for each in may_still_run_in_doubt(connection) if (each.delivery, each.number) in matter]
    return [
        Doubt(
            row=row,
            since=since.get(row.id),
            sent=tuple(sent.get(row.id, ())),
            looks=looks[row.id].looks,
            look_at=looks[row.id].look_at,
            senders=tuple(sender for sender in senders if sender.delivery == row.id),
        )
        for row in rows
        if row.id in looks  # settled between the two readings
    ]
