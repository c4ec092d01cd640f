"""Tables to which rows are added and never changed, as the database itself sees to it."""

from sqlalchemy import DDL, Table, event

_FUNCTION = (
    "CREATE OR REPLACE FUNCTION xuanfa_append_only() RETURNS trigger LANGUAGE plpgsql AS "
    "$$BEGIN RAISE EXCEPTION USING MESSAGE = TG_TABLE_NAME || ' is append-only'; END$$"
)
_TRIGGER = (
    "CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
    "FOR EACH STATEMENT EXECUTE FUNCTION xuanfa_append_only()"
)
_SQLITE = tuple(
    f"CREATE TRIGGER {{name}}_no_{what.lower()} BEFORE {what} ON {{table}} "
    "BEGIN SELECT RAISE(ABORT, '{name} is append-only'); END"
    for what in ("UPDATE", "DELETE")
)


def guard(table: Table) -> None:
    """Have the database refuse every change and removal of the table's rows, from when the table is made."""
    for dialect, statements in (("postgresql", (_FUNCTION, _TRIGGER)), ("sqlite", _SQLITE)):
        for statement in statements:
            ddl = DDL(statement.format(table="%(fullname)s", name=table.name))  # type: ignore[no-untyped-call]
            event.listen(table, "after_create", ddl.execute_if(dialect=dialect))
