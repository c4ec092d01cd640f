"""Looking: what was taken down is looked for again where readers saw it, until it has stayed away for a week."""

import logging
from datetime import datetime

from xuanfa.domain.delivery import Delivery
from xuanfa.domain.outcome import Absent, Published
from xuanfa.domain.page import Seen, seen_on
from xuanfa.domain.withdrawal_order import LOOKS, Takedown
from xuanfa.operations.deciding.bound import leads_there
from xuanfa.operations.desk import Desk
from xuanfa.operations.sending.perform import order_for
from xuanfa.store import deliveries, withdrawals

log = logging.getLogger(__name__)


def look_again(desk: Desk) -> None:
    """Look at what is due to be looked at, each once by one process or another: looking twice changes nothing."""
    now = desk.clock()
    with desk.store.read() as connection:
        due = withdrawals.to_look_at(connection, now)
    for it in due:
        seen = _seen(desk, it)
        with desk.store.write() as connection:
            withdrawals.note_look(connection, it, seen.value, desk.clock(), _next(it, seen, desk.clock()))


def _next(it: Takedown, seen: Seen, now: datetime) -> datetime | None:
    """When to look next; what is there again is looked at hourly until it is gone."""
    if seen is Seen.THERE:
        return now + LOOKS[2]
    return now + LOOKS[it.looks + 1] if it.looks + 1 < len(LOOKS) else None


def _seen(desk: Desk, it: Takedown) -> Seen:
    """What readers see; where no page can be fetched, what the channel's interface says."""
    with desk.store.read() as connection:
        loaded = deliveries.load(connection, it.delivery.id)
    if loaded is None:
        return Seen.UNKNOWN
    page = desk.pages(it.delivery.channel, it.address) if it.address else None
    seen = seen_on(page, loaded.rendition.title)
    return seen if seen is not Seen.UNKNOWN else _asked(desk, it.delivery, loaded)


def _asked(desk: Desk, delivery: Delivery, loaded: deliveries.Loaded) -> Seen:
    channel = desk.channels.get(delivery.channel)
    if channel is None or not channel.confirms or not leads_there(desk, delivery):
        return Seen.UNKNOWN
    order = order_for(delivery, loaded.post, loaded.rendition, desk.clock().astimezone(desk.zone))
    try:
        evidence = desk.adapters.bound(delivery.channel).confirm(order, None)
    except Exception:
        log.exception("looking for delivery %s on %s failed", delivery.id, delivery.channel)
        return Seen.UNKNOWN
    if isinstance(evidence, Absent):
        return Seen.GONE
    return Seen.THERE if isinstance(evidence, Published) else Seen.UNKNOWN
