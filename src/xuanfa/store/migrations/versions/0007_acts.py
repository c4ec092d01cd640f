"""Each line that a person has caused says by which act, how they were known, and from where."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name, length in (("act", 30), ("how", 20), ("place", 200)):
        op.add_column("events", sa.Column(name, sa.String(length=length), nullable=True))
