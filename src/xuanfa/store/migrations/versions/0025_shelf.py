"""The shelf: what lies there has a state of its own, and the database sends none of it."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

_STATES = "awaiting_review shelved scheduled publishing accepted published unknown rejected failed held cancelled retracting retracted"
_SHELF = "(state <> 'shelved' OR shelf = 'lies') AND (shelf <> 'lies' OR state NOT IN ('scheduled', 'publishing'))"
_UNSENT = "reviewed AND state IN ('awaiting_review', 'shelved', 'scheduled', 'rejected', 'failed', 'held')"


def upgrade() -> None:
    listed = ", ".join(f"'{state}'" for state in _STATES.split())
    op.drop_index("ix_deliveries_reviewed", "deliveries")
    op.add_column("deliveries", sa.Column("shelf", sa.String(length=10), nullable=False, server_default=""))
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint(op.f("ck_deliveries_state"), "deliveries")
        op.create_check_constraint(op.f("ck_deliveries_state"), "deliveries", f"state IN ({listed})")
        op.create_check_constraint(op.f("ck_deliveries_shelf"), "deliveries", _SHELF)
    else:
        _write_anew(op.get_bind(), listed)
    for name, where in (("ix_deliveries_shelf", "shelf = 'lies'"), ("ix_deliveries_reviewed", _UNSENT)):
        condition = sa.text(where)
        op.create_index(name, "deliveries", ["post_id"], sqlite_where=condition, postgresql_where=condition)


def _write_anew(connection: sa.Connection, listed: str) -> None:
    """SQLite changes no constraint of a table that is there: as in 0008."""
    connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
    ((made,),) = connection.exec_driver_sql(
        "SELECT sql FROM sqlite_master WHERE type = 'table' AND name = 'deliveries'"
    )
    others = connection.exec_driver_sql(
        "SELECT sql FROM sqlite_master WHERE tbl_name = 'deliveries' AND type IN ('index', 'trigger') AND sql IS NOT NULL"
    ).all()
    begun = made.index("state IN (")
    ended = made.index(")", begun)
    made = made[:begun] + f"state IN ({listed}" + made[ended:]
    connection.exec_driver_sql("CREATE TEMP TABLE deliveries_waiting AS SELECT * FROM deliveries")
    connection.exec_driver_sql("DROP TABLE deliveries")
    connection.exec_driver_sql(f"{made[: made.rindex(')')].rstrip()}, CONSTRAINT ck_deliveries_shelf CHECK ({_SHELF}))")
    for (text,) in others:  # receipts refer to one of them
        connection.exec_driver_sql(text)
    connection.exec_driver_sql("INSERT INTO deliveries SELECT * FROM deliveries_waiting")
    connection.exec_driver_sql("DROP TABLE deliveries_waiting")
    # From here on what refers to nothing is refused at once again: a restore fills the tables in the same transaction.
    connection.exec_driver_sql("PRAGMA defer_foreign_keys = OFF")
