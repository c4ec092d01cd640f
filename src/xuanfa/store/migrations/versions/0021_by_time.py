"""Deliveries of a state in the order of their time: lists page by page, and a month in one question."""

from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_deliveries_time", "deliveries", ["state", "due_at", "id"])
