"""Tables to which rows are added and never changed, as the database itself sees to it, and whether it still does."""

from collections.abc import Iterator, Sequence

import sqlalchemy as sa
from sqlalchemy import DDL, Table, event

_FUNCTION = (
    "CREATE OR REPLACE FUNCTION xuanfa_append_only() RETURNS trigger LANGUAGE plpgsql AS "
    "$$BEGIN RAISE EXCEPTION USING MESSAGE = TG_TABLE_NAME || ' is append-only'; END$$"
)
_TRIGGER = (
    "CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
    "FOR EACH STATEMENT EXECUTE FUNCTION xuanfa_append_only()"
)
_REFUSE = "BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
#: The tables that are guarded, with the columns that tell their rows apart.
_GUARDED: dict[str, tuple["Key", ...]] = {}
#: A unique column, or several that are so together.
Key = str | tuple[str, ...]


def guard(table: Table, *keys: Key) -> None:
    """Have the database refuse every change and removal of the table's rows, from when the table is made. ``keys`` are its unique columns."""
    _GUARDED[table.name] = keys
    for dialect, named in (("postgresql", "%(fullname)s"), ("sqlite", table.name)):
        for statement in statements(dialect, named, keys):
            ddl = DDL(statement)  # type: ignore[no-untyped-call]
            event.listen(table, "after_create", ddl.execute_if(dialect=dialect))


def statements(dialect: str, table: str, keys: Sequence[Key]) -> tuple[str, ...]:
    """What has a database refuse them."""
    if dialect == "postgresql":
        return (_FUNCTION, _TRIGGER.format(table=table))
    return (*_refusals(table), refuse_replacing(table, keys))


def _refusals(table: str) -> Iterator[str]:
    for what in ("UPDATE", "DELETE"):
        yield f"CREATE TRIGGER {table}_no_{what.lower()} BEFORE {what} ON {table} {_REFUSE.format(table=table)}"


def refuse_replacing(table: str, keys: Sequence[Key]) -> str:
    """SQLite's trigger against ``INSERT OR REPLACE``, which deletes the row that is in the way without asking the trigger on deletion."""
    each = ((key,) if isinstance(key, str) else key for key in keys)
    same = " OR ".join(" AND ".join(f"{name} = NEW.{name}" for name in key) for key in each)
    return (
        f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} "  # noqa: S608 - names of our own columns
        f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {same}) {_REFUSE.format(table=table)}"
    )


def troubles(connection: sa.Connection) -> list[str]:
    """What of the guard is missing or changed, and what else acts on our tables by itself: the names of the triggers."""
    expected, found = _expected(connection.dialect.name), dict(_found(connection))
    return sorted(name for name in expected.keys() | found.keys() if expected.get(name) != found.get(name))


def _expected(dialect: str) -> dict[str, str]:
    if dialect == "sqlite":
        every = (s for table, keys in _GUARDED.items() for s in (*_refusals(table), refuse_replacing(table, keys)))
        return {statement.split()[2]: statement for statement in every}
    body = _FUNCTION.split("$$")[1]
    return {f"{table}.append_only": f"O {_DEFINED.format(table=table)} {body}" for table in _GUARDED}


#: As PostgreSQL (13 and later) tells it, without the schema.
_DEFINED = "BEFORE DELETE OR UPDATE OR TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION xuanfa_append_only()"
_ON_SQLITE = sa.text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
_ON_POSTGRESQL = sa.text(
    "SELECT c.relname || '.' || t.tgname, t.tgenabled::text || ' ' || regexp_replace(regexp_replace(pg_get_triggerdef(t.oid), "
    "'^CREATE TRIGGER \\S+ ', ''), ' (ON|FUNCTION) \\w+\\.', ' \\1 ', 'g') || ' ' || p.prosrc "
    "FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid "
    "WHERE NOT t.tgisinternal AND c.relnamespace = current_schema()::regnamespace"
)


def _found(connection: sa.Connection) -> Iterator[tuple[str, str]]:
    asked = _ON_SQLITE if connection.dialect.name == "sqlite" else _ON_POSTGRESQL
    return ((name, definition) for name, definition in connection.execute(asked))
