"""Locks that are not rows, held until the transaction ends. SQLite needs none: whoever writes holds the whole file."""

from typing import Final

import sqlalchemy as sa

#: The first of the two numbers of our locks on PostgreSQL, so that another program in the same database does not meet them. "xuan".
_OURS = 0x7875616E


#: Under this option a connection says that its transaction only reads.
READS: Final = "xuanfa_read"


def only_reads(connection: sa.Connection) -> bool:
    """Whether the transaction only reads: then no row is locked. A reader waits for nobody, and one of PostgreSQL, which sees one moment in all
    its statements, could not lock what has moved since."""
    return bool(connection.get_execution_options().get(READS, False))


def hold(connection: sa.Connection, name: str) -> None:
    """Wait until no other transaction holds the lock of this name, and hold it."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_OURS, sa.func.hashtext(name))))


def try_hold(connection: sa.Connection, name: str) -> bool:
    """Hold the lock of this name, unless another transaction does; whether it is held. Nobody waits, so nobody waits for each other."""
    if connection.dialect.name != "postgresql":
        return True
    return bool(connection.scalar(sa.select(sa.func.pg_try_advisory_xact_lock(_OURS, sa.func.hashtext(name)))))
