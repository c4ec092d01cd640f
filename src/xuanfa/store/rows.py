"""Whole tables as plain rows, the same for every kind of database, so that a backup of one can be put back into another."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

import sqlalchemy as sa

from xuanfa.store import schema

#: ``remembered`` holds tokens, which are secrets and are obtained anew. Causes of alarm are seen anew, and told to those who have to know.
_LEFT_OUT = frozenset({"alarms", "nodes", "remembered"})
#: Tables in an order in which each comes after those that it refers to.
TABLES = tuple(table.name for table in schema.metadata.sorted_tables if table.name not in _LEFT_OUT)
_TOGETHER = 500


def dump(connection: sa.Connection, name: str) -> Iterator[dict[str, Any]]:
    """The rows of a table as they are stored, by the names of their columns, in the order of their keys."""
    table = schema.metadata.tables[name]
    columns = [sa.type_coerce(c, c.type.impl) if isinstance(c.type, sa.TypeDecorator) else c for c in table.columns]
    names = [c.name for c in table.columns]
    query = sa.select(*columns).order_by(*table.primary_key.columns).execution_options(yield_per=_TOGETHER)
    return (dict(zip(names, row, strict=True)) for row in connection.execute(query))


def load(connection: sa.Connection, name: str, rows: Iterable[dict[str, Any]]) -> int:
    """Put rows into a table as the database has it now, which may be an older one than this program's; how many there were."""
    table = sa.Table(name, sa.MetaData(), autoload_with=connection, resolve_fks=False)
    count, left = 0, iter(rows)
    while some := list(islice(left, _TOGETHER)):
        connection.execute(table.insert(), some)
        count += len(some)
    if count and connection.dialect.name == "postgresql":
        _set_sequence(connection, table)
    return count


def _set_sequence(connection: sa.Connection, table: sa.Table) -> None:
    """PostgreSQL numbers new rows from a sequence, which has not seen the numbers of these."""
    for column in table.primary_key.columns:
        sequence = connection.scalar(sa.select(sa.func.pg_get_serial_sequence(table.name, column.name)))
        if sequence is not None:
            connection.execute(sa.select(sa.func.setval(sequence, sa.select(sa.func.max(column)).scalar_subquery())))


def is_empty(connection: sa.Connection) -> bool:
    """Whether the database holds nothing yet of posts, deliveries and history, whatever its version."""
    there = set(sa.inspect(connection).get_table_names())
    held = (name for name in ("posts", "deliveries", "events") if name in there)
    return not any(connection.scalar(sa.select(sa.literal(1)).select_from(sa.table(name)).limit(1)) for name in held)


def clear(connection: sa.Connection) -> None:
    """Take our tables away, so that they can be made at another version. Only for a database that ``is_empty``."""
    schema.metadata.drop_all(connection)
    connection.execute(sa.text("DROP TABLE IF EXISTS alembic_version"))
