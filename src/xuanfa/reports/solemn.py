"""Solemn periods (肃穆期), for whoever looks: all that were set, and those that keep something back, beside the silent periods of the settings."""

from datetime import datetime

from xuanfa.domain.silence import Silence
from xuanfa.domain.solemn import Solemn
from xuanfa.operations.desk import Desk
from xuanfa.store import solemn


def every_period(desk: Desk) -> list[Solemn]:
    """All that were ever set, the latest first."""
    with desk.store.read() as connection:
        return solemn.every(connection)


def quiet_periods(desk: Desk, since: datetime) -> list[Silence]:
    """Silent periods of the settings, and solemn ones that nobody has ended and that were not over at ``since``."""
    with desk.store.read() as connection:
        periods = solemn.standing(connection, since)
    return [*desk.silences, *(each.as_silence() for each in periods)]
