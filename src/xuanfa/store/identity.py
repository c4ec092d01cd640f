"""Which database this is, and whose: one row that goes with a backup. Inside the caller's transaction."""

import secrets
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from xuanfa.store.schema import identity

_I = identity.c
_READ = sa.select(_I.database, _I.workspace, _I.salt)


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """``database`` and ``workspace`` are names that chance has given; ``salt`` is a secret key for hashes, which stays for ever."""

    database: str
    workspace: str
    salt: str


def find(connection: sa.Connection) -> Identity | None:
    """The identity; ``None`` where the database has none yet."""
    row = connection.execute(_READ).mappings().first()
    return None if row is None else Identity(**row)


def ensure(connection: sa.Connection) -> None:
    """Give the database an identity, unless it has one. Of two that do it at once, the second finds that of the first."""
    if find(connection) is not None:
        return
    row = {"id": 1, "database": new_name(), "workspace": "", "salt": secrets.token_hex(32)}
    try:
        with connection.begin_nested():
            connection.execute(identity.insert().values(row))
    except IntegrityError:
        return  # it is there by now


def get(connection: sa.Connection) -> Identity:
    """The identity of a database that ``Store.ready`` has seen to."""
    found = find(connection)
    assert found is not None  # noqa: S101 - made when the database was opened
    return found


def new_name() -> str:
    """A name that nothing else has."""
    return secrets.token_hex(16)
