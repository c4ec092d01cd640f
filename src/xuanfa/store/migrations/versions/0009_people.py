"""People: their accounts and tokens, whom a line of the history is about, and a short hash of each line under a seal."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "users",
        sa.Column("name", sa.String(length=50), nullable=False),
        sa.Column("display", sa.String(length=100), nullable=False),
        sa.Column("department", sa.String(length=100), nullable=False, server_default=""),
        sa.Column("roles", sa.Text(), nullable=False, server_default=""),
        sa.Column("staff", sa.String(length=20), nullable=False),
        sa.Column("disabled", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("password", sa.Text(), nullable=False),
        sa.Column("wrong", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("locked_at", sa.BigInteger(), nullable=True),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_users")),
    )
    op.create_table(
        "tokens",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_name", sa.String(length=50), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("scopes", sa.Text(), nullable=False, server_default=""),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("revoked_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["user_name"], ["users.name"], name=op.f("fk_tokens_user_name")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tokens")),
        sa.UniqueConstraint("hash", name=op.f("uq_tokens_hash")),
    )
    op.create_index(op.f("ix_tokens_user_name"), "tokens", ["user_name"])
    op.add_column("events", sa.Column("subject", sa.String(length=100), nullable=True))
    op.add_column("seals", sa.Column("lines", sa.Text(), nullable=True))
    for name, columns, where in (
        ("ix_events_user", ["subject", "id"], "subject IS NOT NULL AND proof IS NOT NULL"),
        ("ix_events_signed", ["id"], "act IS NOT NULL"),
    ):
        condition = sa.text(where)
        op.create_index(name, "events", columns, sqlite_where=condition, postgresql_where=condition)
