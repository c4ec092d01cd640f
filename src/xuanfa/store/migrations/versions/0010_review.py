"""Reviews: their decisions, what they let leave, and that the database itself lets nothing else into the queue."""

import sqlalchemy as sa
from alembic import op

from xuanfa.store.append_only import statements

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_APPROVED = "NOT reviewed OR state NOT IN ('scheduled', 'publishing') OR approval IS NOT NULL"
_EXACT = ("approval", "channel", "digest", "due_at")
_UNSENT = "reviewed AND state IN ('awaiting_review', 'scheduled', 'rejected', 'failed', 'held')"
_WAITING = "state = 'awaiting_review'"


def upgrade() -> None:
    _tables()
    for table, keys in (
        ("reviews", ("id",)),
        ("decisions", ("id", ("review_id", "number"))),
        ("approvals", ("id",)),
        ("delegations", ("id",)),
    ):
        for statement in statements(op.get_bind().dialect.name, table, keys):
            op.execute(sa.text(statement.replace(":", "\\:")))
    op.add_column("posts", sa.Column("kind", sa.String(length=60), nullable=False, server_default=""))
    op.add_column("posts", sa.Column("review", sa.String(length=60), nullable=False, server_default=""))
    op.add_column("deliveries", sa.Column("reviewed", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("deliveries", sa.Column("at_once", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("deliveries", sa.Column("approval", sa.Integer(), nullable=True))
    if op.get_bind().dialect.name == "postgresql":
        op.create_check_constraint(op.f("ck_deliveries_approved"), "deliveries", _APPROVED)
        op.create_foreign_key("fk_deliveries_approval", "deliveries", "approvals", list(_EXACT), ["id", *_EXACT[1:]])
    else:
        _write_anew(op.get_bind())
    for name, columns, where in (
        ("ix_deliveries_review", ["due_at"], _WAITING),
        ("ix_deliveries_reviewed", ["post_id"], _UNSENT),
    ):
        condition = sa.text(where)
        op.create_index(name, "deliveries", columns, sqlite_where=condition, postgresql_where=condition)
    duty = sa.text("deed = 'emergency' OR called_at IS NOT NULL")
    op.create_index("ix_decisions_duty", "decisions", ["review_id"], sqlite_where=duty, postgresql_where=duty)


def _tables() -> None:
    op.create_table(
        "reviews",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("template", sa.Text(), nullable=False),
        sa.Column("level", sa.String(length=20), nullable=False),
        sa.Column("resumes_at_proof", sa.Boolean(), nullable=False),
        sa.Column("authors", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_reviews_post_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reviews")),
    )
    op.create_index(op.f("ix_reviews_post_id"), "reviews", ["post_id"])
    op.create_table(
        "decisions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("review_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("deed", sa.String(length=20), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.String(length=100), nullable=False),
        sa.Column("how", sa.String(length=20), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("principal", sa.String(length=100), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("checks", sa.Text(), nullable=False),
        sa.Column("places", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("snapshot", sa.Text(), nullable=False),
        sa.Column("entered_by", sa.String(length=100), nullable=False, server_default=""),
        sa.Column("called_at", sa.BigInteger(), nullable=True),
        sa.Column("called_number", sa.String(length=100), nullable=False, server_default=""),
        sa.ForeignKeyConstraint(["review_id"], ["reviews.id"], name=op.f("fk_decisions_review_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decisions")),
        sa.UniqueConstraint("review_id", "number", name=op.f("uq_decisions_review_id_number")),
    )
    op.create_table(
        "approvals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("review_id", sa.Integer(), nullable=False),
        sa.Column("decision", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=100), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("emergency", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.ForeignKeyConstraint(["review_id"], ["reviews.id"], name=op.f("fk_approvals_review_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approvals")),
        sa.UniqueConstraint("id", "channel", "digest", "due_at", name="uq_approvals_exact"),
    )
    op.create_index("ix_approvals_review_id", "approvals", ["review_id"])
    op.create_table(
        "delegations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("principal", sa.String(length=100), nullable=False),
        sa.Column("deputy", sa.String(length=100), nullable=False),
        sa.Column("begins", sa.BigInteger(), nullable=False),
        sa.Column("ends", sa.BigInteger(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delegations")),
    )
    op.create_index(op.f("ix_delegations_deputy"), "delegations", ["deputy"])


def _write_anew(connection: sa.Connection) -> None:
    """SQLite changes no constraint of a table that is there: as in 0008."""
    connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
    ((made,),) = connection.exec_driver_sql(
        "SELECT sql FROM sqlite_master WHERE type = 'table' AND name = 'deliveries'"
    )
    others = connection.exec_driver_sql(
        "SELECT sql FROM sqlite_master WHERE tbl_name = 'deliveries' AND type IN ('index', 'trigger') AND sql IS NOT NULL"
    ).all()
    more = (
        f"CONSTRAINT ck_deliveries_approved CHECK ({_APPROVED}), "
        f"CONSTRAINT fk_deliveries_approval FOREIGN KEY({', '.join(_EXACT)}) REFERENCES approvals (id, channel, digest, due_at)"
    )
    connection.exec_driver_sql("CREATE TEMP TABLE deliveries_waiting AS SELECT * FROM deliveries")
    connection.exec_driver_sql("DROP TABLE deliveries")
    connection.exec_driver_sql(f"{made[: made.rindex(')')].rstrip()}, {more})")
    connection.exec_driver_sql("INSERT INTO deliveries SELECT * FROM deliveries_waiting")
    connection.exec_driver_sql("DROP TABLE deliveries_waiting")
    for (text,) in others:
        connection.exec_driver_sql(text)
    # From here on what refers to nothing is refused at once again: a restore fills the tables in the same transaction.
    connection.exec_driver_sql("PRAGMA defer_foreign_keys = OFF")
