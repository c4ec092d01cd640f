"""By which settings each running process goes."""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("nodes", sa.Column("settings", sa.String(length=64), nullable=False, server_default=""))
    op.add_column("nodes", sa.Column("settings_of", sa.BigInteger(), nullable=True))
    op.add_column("nodes", sa.Column("trouble", sa.Text(), nullable=False, server_default=""))
    op.add_column("nodes", sa.Column("trouble_at", sa.BigInteger(), nullable=True))
