"""Solemn periods (肃穆期), for whoever looks: all that were set, and those that keep something back, beside the silent periods of the settings."""

from collections.abc import Sequence
from datetime import datetime

from xuanfa.domain.silence import Silence
from xuanfa.domain.solemn import Solemn
from xuanfa.store import solemn
from xuanfa.store.database import Store


def every_period(store: Store) -> list[Solemn]:
    """All that were ever set, the latest first."""
    with store.read() as connection:
        return solemn.every(connection)


def period_at(store: Store, moment: datetime) -> Solemn | None:
    """The one that is on; where there are several, the one that ends last."""
    with store.read() as connection:
        on = [each for each in solemn.standing(connection, moment) if each.holds(moment)]
    return max(on, key=lambda each: each.over_at, default=None)


def quiet_periods(store: Store, silences: Sequence[Silence], since: datetime) -> list[Silence]:
    """The silent periods of the settings, and solemn ones that nobody has ended and that were not over at ``since``."""
    with store.read() as connection:
        periods = solemn.standing(connection, since)
    return [*silences, *(each.as_silence() for each in periods)]
