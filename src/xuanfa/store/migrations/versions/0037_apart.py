"""What is told beside the figures is read from its index alone, also of one department, column or channel."""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_receipts_apart", "receipts")
    op.create_index(
        "ix_receipts_apart",
        "receipts",
        ["published_at", "department", "column_id", "channel", "post_id", "retracted_at", "rehearsal"],
        sqlite_where=sa.text("retracted_at IS NOT NULL OR rehearsal = 1"),
        postgresql_where=sa.text("retracted_at IS NOT NULL OR rehearsal = true"),
    )
