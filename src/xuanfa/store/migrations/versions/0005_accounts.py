"""Whose account, how many bytes, what was published as it was then, and which database this is."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("attempts", "receipts"):
        op.add_column(table, sa.Column("rehearsal", sa.Boolean(), nullable=False, server_default=sa.false()))
    for table in ("deliveries", "attempts", "receipts"):
        op.add_column(table, sa.Column("account", sa.String(length=300), nullable=False, server_default=""))
    for name in ("bytes_sent", "bytes_total"):
        op.add_column("attempts", sa.Column(name, sa.BigInteger(), nullable=True))
    op.add_column("receipts", sa.Column("title", sa.Text(), nullable=False, server_default=""))
    for name, length in (("column_id", 100), ("department", 200), ("author", 200)):
        op.add_column("receipts", sa.Column(name, sa.String(length=length), nullable=False, server_default=""))
    for table in ("attempts", "receipts"):
        op.execute(f"UPDATE {table} SET rehearsal = (SELECT rehearsal FROM deliveries WHERE id = {table}.delivery_id)")  # noqa: S608
    for name, source in (
        ("title", "posts.title"),
        ("column_id", "deliveries.column_id"),
        ("department", "posts.department"),
    ):
        op.execute(
            f"UPDATE receipts SET {name} = (SELECT {source} FROM deliveries JOIN posts ON posts.id = deliveries.post_id "  # noqa: S608
            "WHERE deliveries.id = receipts.delivery_id)"
        )
    op.create_table(
        "identity",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("database", sa.String(length=32), nullable=False),
        sa.Column("workspace", sa.String(length=32), nullable=False),
        sa.Column("salt", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity")),
        sa.CheckConstraint("id = 1", name=op.f("ck_identity_one")),
    )
