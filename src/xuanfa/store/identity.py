"""Which database this is, and whose: one row that goes with a backup. Inside the caller's transaction.

When the history is first sealed a line vouches for the row, and each change of the row adds another one: who changes the row past the
program, above all its ``salt``, by which accounts are known again, is found when the database is opened.
"""

import hashlib
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from xuanfa.domain.person import Actor
from xuanfa.store.chain import canonical
from xuanfa.store.schema import events, identity, is_of_identity
from xuanfa.store.signed import signed

_I = identity.c
#: The event that vouches for the row.
EVENT = "identity"
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


def take(connection: sa.Connection, workspace: str, now: datetime, actor: Actor) -> Identity:
    """Have the database belong to a workspace, unless it belongs to one already; what it is then."""
    with _vouching(connection, now, actor):
        connection.execute(identity.update().where(_I.workspace == "").values(workspace=workspace))
    return get(connection)


def adopt(connection: sa.Connection, workspace: str, now: datetime, actor: Actor) -> None:
    """Have the database belong to this workspace, whichever it belonged to."""
    with _vouching(connection, now, actor):
        connection.execute(identity.update().values(workspace=workspace))


def rename(connection: sa.Connection, now: datetime, actor: Actor) -> None:
    """Call the database something else: what its marks have said so far was said by one that knew more."""
    with _vouching(connection, now, actor):
        connection.execute(identity.update().values(database=new_name()))


def account_for(connection: sa.Connection, marks: Iterable[str], now: datetime, actor: Actor) -> None:
    """Note that everything has been held because of these marks, and those before them."""
    with _vouching(connection, now, actor):
        known = get(connection).accounted
        connection.execute(identity.update().values(accounted=sorted(known.union(marks))))


@contextmanager
def _vouching(connection: sa.Connection, now: datetime, actor: Actor) -> Iterator[None]:
    """Have the history vouch for what is changed within. What was altered past the program before stays found out."""
    connection.execute(_LOCK)
    before, was_as_told = find(connection), is_as_told(connection)
    yield
    if was_as_told and find(connection) != before and is_vouched_for(connection):
        vouch(connection, now, actor)


# Nobody changes it meanwhile, and the newest line is always of the newest change.
_LOCK = sa.select(_I.id).with_for_update()


def is_vouched_for(connection: sa.Connection) -> bool:
    """Whether a line of the history has vouched for the identity yet."""
    return connection.scalar(_NEWEST) is not None


def vouch_first(connection: sa.Connection, now: datetime, actor: Actor) -> None:
    """Have the history vouch for the identity, unless it does so already."""
    if is_vouched_for(connection):
        return
    connection.execute(_LOCK)
    if not is_vouched_for(connection):  # asked again: another process may have been first
        vouch(connection, now, actor)


def vouch(connection: sa.Connection, now: datetime, actor: Actor) -> None:
    """Have the history vouch for the identity as it is now."""
    connection.execute(_LOCK)
    line = {"at": now, "after": EVENT, "why": "", **signed(actor), "proof": _proof(get(connection))}
    connection.execute(events.insert().values(**line))


def is_as_told(connection: sa.Connection) -> bool:
    """Whether the identity is the one that the history vouches for, as far as it does yet. One look into an index of its own."""
    told, me = connection.scalar(_NEWEST), find(connection)
    return told is None or (me is not None and _proof(me) == told)


_NEWEST = sa.select(events.c.proof).where(is_of_identity).order_by(events.c.id.desc()).limit(1)


def _proof(me: Identity) -> str:
    return hashlib.sha256(canonical([me.database, me.workspace, me.salt, *sorted(me.accounted)])).hexdigest()


def new_name() -> str:
    """A name that nothing else has."""
    return secrets.token_hex(16)
