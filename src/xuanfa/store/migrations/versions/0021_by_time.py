"""Deliveries of a state in the order of their time: lists page by page, and a month in one question."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    listed = sa.text("id > 0")
    columns = ["state", "due_at", "id"]
    op.create_index("ix_deliveries_time", "deliveries", columns, sqlite_where=listed, postgresql_where=listed)
