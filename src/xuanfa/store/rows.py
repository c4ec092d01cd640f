"""Whole tables as plain rows, the same for every kind of database, so that a backup of one can be put back into another."""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import DataError, IntegrityError, NoSuchTableError

from xuanfa.domain.moments import BEGIN, END
from xuanfa.domain.strict_json import read_json
from xuanfa.store import schema
from xuanfa.store.base import SINCE
from xuanfa.store.columns import Json, ManyWords, Moment, as_stored, microseconds

#: ``remembered`` holds tokens, which are secrets and are obtained anew. Causes of alarm are seen anew, and told to those who have to know.
#: Nobody is signed in to what was restored, and second factors are secrets too: they are set up anew. What receivers of webhooks are still to be told
#: has been told since, or cannot be told from here: a backup brings none of it back.
_LEFT_OUT = frozenset(
    {"alarms", "factors", "intents", "nodes", "one_time_passwords", "outbox", "remembered", "sessions", "visits"}
)
#: Tables in an order in which each comes after those that it refers to.
TABLES = tuple(table.name for table in schema.metadata.sorted_tables if table.name not in _LEFT_OUT)
_TOGETHER = 500


def tables_of(version: str) -> tuple[str, ...]:
    """Those tables that a database of this version of the schema has; of versions before 0005 not known."""
    known = schema.metadata.tables
    return tuple(name for name in TABLES if known[name].info.get(SINCE, "") <= version)


def dump(connection: sa.Connection, name: str) -> Iterator[dict[str, Any]]:
    """The rows of a table as they are stored, by the names of their columns, in the order of their keys."""
    table = schema.metadata.tables[name]
    columns = [as_stored(c) for c in table.columns]
    names = [c.name for c in table.columns]
    query = sa.select(*columns).order_by(*table.primary_key.columns).execution_options(yield_per=_TOGETHER)
    return (dict(zip(names, row, strict=True)) for row in connection.execute(query))


class MisfitError(Exception):
    """A row is not one of the table: a column too many or too few, a value of another type, a row that is there or refers to none."""


def load(connection: sa.Connection, name: str, rows: Iterable[dict[str, Any]]) -> int:
    """Put rows into a table as the database has it now, which may be an older one than this program's; how many there were.

    Raises MisfitError.
    """
    try:
        table = sa.Table(name, sa.MetaData(), autoload_with=connection, resolve_fks=False)
    except NoSuchTableError as error:
        raise MisfitError(name) from error
    fits = {column.name: _fitting(name, column) for column in table.columns}
    count, left = 0, iter(rows)
    while some := list(islice(left, _TOGETHER)):
        if not all(row.keys() == fits.keys() and all(fits[key](value) for key, value in row.items()) for row in some):
            raise MisfitError(name)
        try:
            connection.execute(table.insert(), some)
        except (IntegrityError, DataError) as error:
            raise MisfitError(name) from error
        count += len(some)
    if count and connection.dialect.name == "postgresql":
        _set_sequence(connection, table)
    return count


def _fitting(table: str, column: sa.Column[Any]) -> Callable[[Any], bool]:
    """What may stand in a column of a database that may be older than this program; of our own columns we know more than their type."""
    ours = schema.metadata.tables[table].columns.get(column.name)
    if ours is not None and isinstance(ours.type, Moment):
        is_right = _is_moment
    elif ours is not None and isinstance(ours.type, Json | ManyWords):
        is_right = _is_json
    elif isinstance(column.type, sa.Boolean):
        is_right = _is_boolean
    elif isinstance(column.type, sa.Integer):
        is_right = _is_integer
    else:
        is_right = _is_text
    empty = bool(column.nullable) and not column.primary_key
    return lambda value: is_right(value) or (value is None and empty)


def _is_integer(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and -(2**63) <= value < 2**63


def _is_boolean(value: Any) -> bool:
    return isinstance(value, bool)


def _is_moment(value: Any) -> bool:
    """Microseconds of a moment that every zone can show."""
    return _is_integer(value) and microseconds(BEGIN) <= value < microseconds(END)


def _is_text(value: Any) -> bool:
    """Half of a surrogate pair is no character: no database takes it."""
    try:
        return isinstance(value, str) and bool(value.encode() or True)
    except UnicodeEncodeError:
        return False


def _is_json(value: Any) -> bool:
    try:
        return _is_text(value) and (not value or isinstance(read_json(value), dict | list))
    except ValueError:
        return False


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
