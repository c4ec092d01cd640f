"""The state ``awaiting_review``."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_STATES = "awaiting_review scheduled publishing accepted published unknown rejected failed held cancelled retracting retracted"


def upgrade() -> None:
    listed = ", ".join(f"'{state}'" for state in _STATES.split())
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint(op.f("ck_deliveries_state"), "deliveries")
        op.create_check_constraint(op.f("ck_deliveries_state"), "deliveries", f"state IN ({listed})")
        return
    _write_anew(op.get_bind(), listed)


def _write_anew(connection: sa.Connection, listed: str) -> None:
    """SQLite changes no constraint of a table that is there. Its rows wait beside it meanwhile; what refers to them is checked at the end."""
    connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
    ((made,),) = connection.exec_driver_sql(
        "SELECT sql FROM sqlite_master WHERE type = 'table' AND name = 'deliveries'"
    )
    others = connection.exec_driver_sql(
        "SELECT sql FROM sqlite_master WHERE tbl_name = 'deliveries' AND type IN ('index', 'trigger') AND sql IS NOT NULL"
    ).all()
    begun = made.index("state IN (")
    ended = made.index(")", begun)
    connection.exec_driver_sql("CREATE TEMP TABLE deliveries_waiting AS SELECT * FROM deliveries")
    connection.exec_driver_sql("DROP TABLE deliveries")
    connection.exec_driver_sql(made[:begun] + f"state IN ({listed}" + made[ended:])
    connection.exec_driver_sql("INSERT INTO deliveries SELECT * FROM deliveries_waiting")
    connection.exec_driver_sql("DROP TABLE deliveries_waiting")
    for (text,) in others:
        connection.exec_driver_sql(text)
    # From here on what refers to nothing is refused at once again: a restore fills the tables in the same transaction.
    connection.exec_driver_sql("PRAGMA defer_foreign_keys = OFF")
