"""Intents as they are stored: each is claimed once, before anything is done, and keeps where its answer stands."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from xuanfa.store.schema import intents

_I = intents.c


@dataclass(frozen=True, slots=True)
class Intent:
    """What was claimed before. ``answer`` is empty as long as it is under way, or where the process ended in the midst of it."""

    user: str
    verb: str
    answer: str


def claim(connection: sa.Connection, mark: str, *, user: str, verb: str, now: datetime) -> Intent | None:
    """Have it to oneself: ``None``; or what became of it when it was claimed before."""
    try:
        with connection.begin_nested():
            connection.execute(intents.insert().values(id=mark, user_name=user, verb=verb, at=now))
    except IntegrityError:
        row = connection.execute(sa.select(_I.user_name, _I.verb, _I.answer).where(_I.id == mark)).one()
        return Intent(*row)
    return None


def answer(connection: sa.Connection, mark: str, path: str, now: datetime) -> None:
    """It is done, and this is where to see it."""
    connection.execute(intents.update().where(_I.id == mark).values(answer=path, done_at=now))


def give_up(connection: sa.Connection, mark: str) -> None:
    """Nothing was done: it was refused, and may be asked for again."""
    connection.execute(intents.delete().where(_I.id == mark, _I.done_at.is_(None)))


def forget_before(connection: sa.Connection, moment: datetime) -> None:
    """Take away old ones: no page lives so long."""
    connection.execute(intents.delete().where(_I.at < moment))


def get(connection: sa.Connection, mark: str) -> Intent | None:
    """What was claimed under this mark; ``None`` where nothing was."""
    row = connection.execute(sa.select(_I.user_name, _I.verb, _I.answer).where(_I.id == mark)).first()
    return None if row is None else Intent(*row)
