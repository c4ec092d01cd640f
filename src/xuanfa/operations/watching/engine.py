"""How sending stands, for whoever looks at a page: does somebody send, what is next, is it stopped and by whom, is all of it a drill."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa

from xuanfa.domain.channel import EVERYTHING
from xuanfa.operations.desk import Desk
from xuanfa.operations.sending.publish import next_due_at
from xuanfa.store import alarms, channels, nodes, restores
from xuanfa.store.schema import events

#: What is due and has not left for so long shows that nobody sends.
_SILENT: Final = timedelta(minutes=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """Everything is stopped: since when, why, and who said so (a login name or an account; empty where it was no person)."""

    at: datetime
    why: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Engine:
    """``silent_since`` is set where something should have left long ago."""

    runs: bool
    next_at: datetime | None
    silent_since: datetime | None
    stop: Stop | None
    awaits_restored: bool
    only_drills: bool


def engine_of(desk: Desk) -> Engine:
    """As it stands now."""
    now = desk.clock()
    with desk.store.read() as connection:
        runs = any(node.sends and node.is_alive(now) for node in nodes.all_nodes(connection))
        standing = channels.standings(connection).get(EVERYTHING)
        stop = None
        if standing is not None and standing.paused_at is not None:
            stop = Stop(at=standing.paused_at, why=standing.reason, by=_who_paused(connection))
        restored = restores.undecided(connection)
    next_at = None if stop else next_due_at(desk)
    late = next_at is not None and now - next_at > _SILENT
    known = desk.channels.values()
    return Engine(
        runs=runs,
        next_at=None if late else next_at,
        silent_since=next_at if late else None,
        stop=stop,
        awaits_restored=bool(restored),
        only_drills=bool(known) and all(channel.rehearsal for channel in known),
    )


def endings(desk: Desk) -> dict[str, str]:
    """By channel: that its authorisation is near its end, in the channel's words, as far as an alarm stands for it."""
    with desk.store.read() as connection:
        standing = alarms.standing(connection)
    told: dict[str, str] = {}
    for each in standing:
        kind, _, of = each.cause.name.partition(":")
        channel = of.partition(":")[0]
        if kind == "ending" and channel in desk.channels:
            told[channel] = each.cause.words
    return told


def _who_paused(connection: sa.Connection) -> str:
    c = events.c
    query = sa.select(c.actor).where(c.channel == EVERYTHING, c.act == "pause").order_by(c.id.desc()).limit(1)
    return str(connection.scalar(query) or "")
