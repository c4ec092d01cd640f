"""Possible: what a person may do with a delivery as it stands, so that a page shows these buttons and no others. The door asks again."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from xuanfa.domain.accounts import is_drill
from xuanfa.domain.act import (
    Act,
    Cancel,
    Release,
    Reschedule,
    ResolveAbsent,
    ResolvePublished,
    Retract,
    RetractDone,
    Retry,
    Withdraw,
)
from xuanfa.domain.deciding import (
    being_withdrawn,
    called_off,
    let_go,
    put_off,
    seen_absent,
    seen_in_public,
    tried_anew,
)
from xuanfa.domain.delivery import MAY_BE_OUT, Delivery
from xuanfa.domain.errors import StateError
from xuanfa.domain.person import Person
from xuanfa.operations.desk import Desk
from xuanfa.store import posts, records
from xuanfa.store.schema import deliveries


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A delivery as it stands, the slug of its post, and the verbs that are open to the person."""

    delivery: Delivery
    slug: str
    may: frozenset[str]


def standing_of(desk: Desk, delivery_id: int, person: Person) -> Standing | None:
    """``None`` where there is no such delivery. Locks nothing."""
    query = sa.select(*records.DELIVERY).where(deliveries.c.id == delivery_id)
    with desk.store.read() as connection:
        row = connection.execute(query).first()
        if row is None:
            return None
        found = records.delivery(row)
        slug, _ = posts.name_of(connection, found.post_id)
    verbs = {verb for verb, one in _open(desk, found, slug, desk.clock()).items() if not desk.may(person, one)}
    return Standing(delivery=found, slug=slug, may=frozenset(verbs))


def _open(desk: Desk, it: Delivery, slug: str, now: datetime) -> dict[str, Act]:
    """What the state allows, by verb."""
    channel = desk.channels.get(it.channel)
    terms = desk.terms(it.channel, now)
    takes_back = channel is not None and channel.retracts
    tries: dict[str, tuple[Act, Callable[[], object]]] = {
        "cancel": (Cancel(delivery=it.id), lambda: called_off(it, terms, "")),
        "reschedule": (Reschedule(delivery=it.id, at=now), lambda: put_off(it, now, now)),
        "release": (Release(delivery=it.id), lambda: let_go(it, now)),
        "retry": (Retry(delivery=it.id), lambda: tried_anew(it, now)),
        "resolve_published": (ResolvePublished(delivery=it.id, address=""), lambda: seen_in_public(it)),
        "resolve_absent": (ResolveAbsent(delivery=it.id), lambda: seen_absent(it, now, "")),
        "retract" if takes_back else "retract_done": (
            Retract(delivery=it.id) if takes_back else RetractDone(delivery=it.id),
            lambda: being_withdrawn(it, ""),
        ),
    }
    found = {verb: act for verb, (act, made) in tries.items() if _allows(made)}
    if channel is not None and is_drill(it, channel):
        found = {verb: act for verb, act in found.items() if verb not in _OF_REAL} | {"retry": Retry(delivery=it.id)}
    if it.state in MAY_BE_OUT:
        found[Withdraw.verb] = Withdraw(post=slug)
    return found


#: What counts for a practice platform that its channel does not lead to any more is neither settled nor taken back.
_OF_REAL: Final = frozenset({"resolve_published", "resolve_absent", "retract", "retract_done"})


def _allows(made: Callable[[], object]) -> bool:
    try:
        made()
    except StateError:
        return False
    return True
