"""Solemn periods, as people set and end them."""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "solemn_periods",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("begins", sa.BigInteger(), nullable=False),
        sa.Column("ends", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("actor", sa.String(100), nullable=False),
        sa.Column("set_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("ended_by", sa.String(100), nullable=False),
        sa.CheckConstraint("begins < ends", name=op.f("ck_solemn_periods_ends")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_solemn_periods")),
    )
