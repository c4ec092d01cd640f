"""How the author of a revision is printed, where that is not as it was typed; and what was called off or taken down is found by an index."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("revisions", sa.Column("byline", sa.Text(), server_default="", nullable=False))
    where = sa.text("state IN ('cancelled', 'retracted')")
    op.create_index("ix_deliveries_called_off", "deliveries", ["state"], sqlite_where=where, postgresql_where=where)
