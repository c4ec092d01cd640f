"""Locks that are not rows, held until the transaction ends. SQLite needs none: whoever writes holds the whole file."""

import sqlalchemy as sa

#: The first of the two numbers of our locks on PostgreSQL, so that another program in the same database does not meet them. "xuan".
_OURS = 0x7875616E


def hold(connection: sa.Connection, name: str) -> None:
    """Wait until no other transaction holds the lock of this name, and hold it."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_OURS, sa.func.hashtext(name))))


def try_hold(connection: sa.Connection, name: str) -> bool:
    """Hold the lock of this name, unless another transaction does; whether it is held. Nobody waits, so nobody waits for each other."""
    if connection.dialect.name != "postgresql":
        return True
    return bool(connection.scalar(sa.select(sa.func.pg_try_advisory_xact_lock(_OURS, sa.func.hashtext(name)))))
