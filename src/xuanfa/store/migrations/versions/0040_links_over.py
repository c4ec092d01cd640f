"""That the time of a link for leaders is over stands in the history, once."""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("leader_links", sa.Column("over_at", sa.BigInteger(), nullable=True))
    is_open = sa.text("over_at IS NULL AND revoked_at IS NULL")
    op.create_index("ix_leader_links_open", "leader_links", ["ends_at"], sqlite_where=is_open, postgresql_where=is_open)
