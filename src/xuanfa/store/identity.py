"""Which database this is, and whose: one row that goes with a backup. Inside the caller's transaction."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from xuanfa.store.schema import identity

_I = identity.c
_READ = sa.select(_I.database, _I.workspace, _I.salt, _I.accounted)


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """``database`` and ``workspace`` are names that chance has given; ``salt`` is a secret key for hashes, which stays for ever.

    ``accounted`` names the marks for which everything has been held already.
    """

    database: str
    workspace: str
    salt: str
    accounted: frozenset[str] = frozenset()


def find(connection: sa.Connection) -> Identity | None:
    """The identity; ``None`` where the database has none yet."""
    row = connection.execute(_READ).first()
    if row is None:
        return None
    database, workspace, salt, accounted = row
    return Identity(database=database, workspace=workspace, salt=salt, accounted=frozenset(accounted or ()))


def ensure(connection: sa.Connection, salt: str = "") -> None:
    """Give the database an identity, unless it has one. Of two that do it at once, the second finds that of the first."""
    if find(connection) is not None:
        return
    row = {"id": 1, "database": new_name(), "workspace": "", "salt": salt or secrets.token_hex(32), "accounted": []}
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


def take(connection: sa.Connection, workspace: str) -> Identity:
    """Have the database belong to a workspace, unless it belongs to one already; what it is then."""
    connection.execute(identity.update().where(_I.workspace == "").values(workspace=workspace))
    return get(connection)


def adopt(connection: sa.Connection, workspace: str) -> None:
    """Have the database belong to this workspace, whichever it belonged to."""
    connection.execute(identity.update().values(workspace=workspace))


def rename(connection: sa.Connection) -> None:
    """Call the database something else: what its marks have said so far was said by one that knew more."""
    connection.execute(identity.update().values(database=new_name()))


def account_for(connection: sa.Connection, marks: Iterable[str]) -> None:
    """Note that everything has been held because of these marks, and those before them."""
    known = get(connection).accounted
    connection.execute(identity.update().values(accounted=sorted(known.union(marks))))


def new_name() -> str:
    """A name that nothing else has."""
    return secrets.token_hex(16)
