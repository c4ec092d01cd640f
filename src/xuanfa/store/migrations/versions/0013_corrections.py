"""A correction has a review of its own where its post is reviewed, and what counts of a post's end is what was approved."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_APPROVED = "NOT reviewed OR rendition_id IS NULL OR state NOT IN ('open', 'done') OR approval IS NOT NULL"
_EXACT = "approval IS NULL OR due_at IS NOT NULL"
_RIGHT = ("approval", "channel", "digest", "due_at")


def upgrade() -> None:
    op.add_column("reviews", sa.Column("correction", sa.Boolean(), nullable=False, server_default=sa.false()))
    _endings()
    for column in (
        sa.Column("wish", sa.String(length=10), nullable=False, server_default=""),
        sa.Column("reviewed", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("approval", sa.Integer(), nullable=True),
        sa.Column("channel", sa.String(length=100), nullable=False, server_default=""),
        sa.Column("due_at", sa.BigInteger(), nullable=True),
    ):
        op.add_column("corrections", column)
    op.execute(
        "UPDATE corrections SET channel = (SELECT channel FROM deliveries WHERE deliveries.id = corrections.delivery_id), "
        "due_at = (SELECT due_at FROM deliveries WHERE deliveries.id = corrections.delivery_id)"
    )
    if op.get_bind().dialect.name == "postgresql":
        op.create_check_constraint(op.f("ck_corrections_approved"), "corrections", _APPROVED)
        op.create_check_constraint(op.f("ck_corrections_exact"), "corrections", _EXACT)
        op.create_foreign_key("fk_corrections_approval", "corrections", "approvals", list(_RIGHT), ["id", *_RIGHT[1:]])
    else:
        _write_anew(op.get_bind())
    live = sa.text("reviewed AND state IN ('review', 'open')")
    op.create_index("ix_corrections_reviewed", "corrections", ["post_id"], sqlite_where=live, postgresql_where=live)


def _endings() -> None:
    op.add_column("endings", sa.Column("named_retract_at", sa.BigInteger(), nullable=True))
    op.add_column("endings", sa.Column("named_review_on", sa.BigInteger(), nullable=True))
    op.add_column("endings", sa.Column("asked", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute("UPDATE endings SET named_retract_at = retract_at, named_review_on = review_on")
    asked = sa.text("asked")
    op.create_index("ix_endings_asked", "endings", ["post_id"], sqlite_where=asked, postgresql_where=asked)


def _write_anew(connection: sa.Connection) -> None:
    """SQLite changes no constraint of a table that is there: as in 0010."""
    connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
    ((made,),) = connection.exec_driver_sql(
        "SELECT sql FROM sqlite_master WHERE type = 'table' AND name = 'corrections'"
    )
    others = connection.exec_driver_sql(
        "SELECT sql FROM sqlite_master WHERE tbl_name = 'corrections' AND type IN ('index', 'trigger') AND sql IS NOT NULL"
    ).all()
    more = (
        f"CONSTRAINT ck_corrections_approved CHECK ({_APPROVED}), CONSTRAINT ck_corrections_exact CHECK ({_EXACT}), "
        f"CONSTRAINT fk_corrections_approval FOREIGN KEY({', '.join(_RIGHT)}) REFERENCES approvals (id, channel, digest, due_at)"
    )
    connection.exec_driver_sql("CREATE TEMP TABLE corrections_waiting AS SELECT * FROM corrections")
    connection.exec_driver_sql("DROP TABLE corrections")
    connection.exec_driver_sql(f"{made[: made.rindex(')')].rstrip()}, {more})")
    connection.exec_driver_sql("INSERT INTO corrections SELECT * FROM corrections_waiting")
    connection.exec_driver_sql("DROP TABLE corrections_waiting")
    for (text,) in others:
        connection.exec_driver_sql(text)
    # From here on what refers to nothing is refused at once again: a restore fills the tables in the same transaction.
    connection.exec_driver_sql("PRAGMA defer_foreign_keys = OFF")
