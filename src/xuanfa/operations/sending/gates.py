"""Gates: whether anything may be sent now: pauses that people and refusals made, a channel's wish to be left alone, silent periods."""

from datetime import datetime

import sqlalchemy as sa

from xuanfa.domain.channel import EVERYTHING, Channels
from xuanfa.domain.delivery import Delivery
from xuanfa.domain.language import say
from xuanfa.domain.silence import Silence
from xuanfa.domain.solemn import LONGEST
from xuanfa.operations.desk import Desk
from xuanfa.operations.solemnity import keeping_back
from xuanfa.store import channels, history, solemn, withdrawals


def open_channels(desk: Desk, connection: sa.Connection, now: datetime) -> list[str]:
    """Channels that may be sent to: not paused, nor everything paused, nor asking to be left alone."""
    standings = channels.standings(connection)
    if EVERYTHING in standings and standings[EVERYTHING].paused_at is not None:
        return []

    def is_open(channel: str) -> bool:
        standing = standings.get(channel)
        if standing is None:
            return True
        return standing.paused_at is None and (standing.deferred_until is None or standing.deferred_until <= now)

    known = desk.channels.names if isinstance(desk.channels, Channels) else desk.channels
    return [channel for channel in known if is_open(channel)]


def silence_over(desk: Desk, connection: sa.Connection, delivery: Delivery, now: datetime) -> Silence | None:
    """The silent period in which a delivery is due, or in which it would leave; ``None`` once a person has released it since."""
    for silence in desk.silences:
        if (
            (silence.holds(now) or silence.holds(delivery.due_at))
            and silence.concerns(delivery.channel, delivery.column)
            and not history.was_released(connection, delivery.id, silence.begins)
        ):
            return silence
    return None


def stop_for(desk: Desk, connection: sa.Connection, delivery: Delivery, now: datetime) -> str:
    """Why a delivery that has been prepared must not be sent after all; empty where it may.

    Preparing can take minutes, and an emergency stop holds within a second.
    """
    standings = channels.standings(connection)
    for name in (EVERYTHING, delivery.channel):
        if name in standings and standings[name].paused_at is not None:
            return say("准备好时渠道已暂停，没有发出", "the channel was paused before it was sent; nothing has left")
    if silence_over(desk, connection, delivery, now) is not None:
        return say("准备好时静默期已开始，没有发出", "a silent period began before it was sent; nothing has left")
    if keeping_back(connection, solemn.standing(connection, now - LONGEST), delivery, now) is not None:
        return say("准备好时肃穆期已开始，没有发出", "a solemn period began before it was sent; nothing has left")
    if delivery.post_id in withdrawals.stops(connection):
        return say("准备好时本稿已下令撤稿，没有发出", "the post was withdrawn before it was sent; nothing has left")
    return ""
