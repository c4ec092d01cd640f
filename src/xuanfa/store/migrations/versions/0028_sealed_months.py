"""Months that are over can be sealed: what each counted then is kept."""

import sqlalchemy as sa
from alembic import op

from xuanfa.store.append_only import statements

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sealed_months",
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("items", sa.Integer(), nullable=False),
        sa.Column("posts", sa.Integer(), nullable=False),
        sa.Column("retracted", sa.Integer(), nullable=False),
        sa.Column("entries", sa.Text(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("sealed_at", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.String(length=100), nullable=False),
        sa.CheckConstraint("length(month) = 7", name=op.f("ck_sealed_months_month")),
        sa.CheckConstraint("items >= 0", name=op.f("ck_sealed_months_items")),
        sa.PrimaryKeyConstraint("month", name=op.f("pk_sealed_months")),
    )
    for statement in statements(op.get_bind().dialect.name, "sealed_months", ("month",)):
        op.execute(statement)
