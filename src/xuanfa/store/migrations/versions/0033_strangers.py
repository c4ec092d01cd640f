"""Strangers: what accounts show and this program has not sent."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "strangers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=100), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("found_at", sa.BigInteger(), nullable=False),
        sa.Column("settled_at", sa.BigInteger(), nullable=True),
        sa.Column("settled_by", sa.String(length=100), nullable=False, server_default=""),
        sa.Column("why", sa.Text(), nullable=False, server_default=""),
        sa.CheckConstraint("(settled_at IS NULL) = (settled_by = '')", name=op.f("ck_strangers_settled")),
        sa.CheckConstraint("settled_at IS NULL OR why <> ''", name=op.f("ck_strangers_told")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_strangers")),
        sa.UniqueConstraint("account", "key", name=op.f("uq_strangers_account_key")),
    )
    where = sa.text("settled_at IS NULL")
    op.create_index(
        "ix_strangers_open", "strangers", ["account"], unique=False, sqlite_where=where, postgresql_where=where
    )
