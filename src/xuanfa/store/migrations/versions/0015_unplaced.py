"""Deliveries brought back by a restore of which nothing had left before: nobody knows where they went since."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("deliveries", sa.Column("unplaced", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute("UPDATE deliveries SET unplaced = restored WHERE attempt = 0")
