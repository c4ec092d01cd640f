"""What months that are over come to is kept beside the receipts, and the articles of one push are found by its number."""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "month_sums",
        sa.Column("part", sa.String(length=20), nullable=False),
        sa.Column("begins", sa.BigInteger(), nullable=False),
        sa.Column("ends", sa.BigInteger(), nullable=False),
        sa.Column("found", sa.Text(), nullable=False),
        sa.CheckConstraint("begins < ends", name=op.f("ck_month_sums_ends")),
        sa.PrimaryKeyConstraint("part", "begins", name=op.f("pk_month_sums")),
    )
    op.create_index(
        "ix_receipts_by_push",
        "receipts",
        ["remote_id", "channel", "published_at"],
        sqlite_where=sa.text("retracted_at IS NULL AND rehearsal = 0"),
        postgresql_where=sa.text("retracted_at IS NULL AND rehearsal = false"),
    )
