"""Figures: how many deliveries stand where, what is due, and since when."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from xuanfa.domain.channel import EVERYTHING
from xuanfa.domain.language import say
from xuanfa.domain.remedy import Remedy
from xuanfa.operations.desk import Desk
from xuanfa.operations.intake.folder import trouble
from xuanfa.operations.intake.inbox import require_folder
from xuanfa.store import channels, figures, restores


@dataclass(frozen=True, slots=True, kw_only=True)
class Stock:
    """One look at the database. ``paused`` holds ``*`` for everything; ``oldest`` is how long the first of what is due has waited."""

    states: Mapping[tuple[str, str], int]
    due: Mapping[str, int]
    oldest: Mapping[str, timedelta]
    paused: Mapping[str, bool]


def stock(desk: Desk) -> Stock:
    """The figures of all channels there are or have been."""
    now = desk.clock()
    with desk.store.read() as connection:
        states = figures.by_state(connection)
        due = figures.due(connection, tuple(desk.channels), now)
        standings = channels.standings(connection)
    return Stock(
        states=states,
        due={channel: due[channel][0] if channel in due else 0 for channel in desk.channels},
        oldest={channel: now - first for channel, (_, first) in due.items()},
        paused={
            channel: channel in standings and standings[channel].paused_at is not None
            for channel in (EVERYTHING, *desk.channels)
        },
    )


def unreadiness(desk: Desk, *, reads_inbox: bool = True) -> str:
    """What keeps this process from its work: a database that is gone or was lost, a folder of posts that cannot be read, if it reads it;
    empty where nothing does. Raises StoreError in words where the database does not answer, ConfigError for the folder."""
    if desk.store.is_replaced():
        return say("数据库文件不见了，或被换过", "the file of the database is gone or was replaced")
    with desk.store.read() as connection:
        restore = restores.standing(connection)
        if restore is not None and restore.is_forgotten:
            return say(
                "数据库丢失或换成了旧的，已全部暂停：{recover}",
                "the database was lost or replaced by an older one, and everything is paused: {recover}",
                recover=Remedy("recover"),
            )
        met = trouble(connection, desk.clock(), desk.node) if reads_inbox else ""
    if reads_inbox:
        require_folder(desk.posts_folder)
    return met
