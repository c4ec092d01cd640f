"""What somebody has decided in reviews is found by the person."""

from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_decisions_actor", "decisions", ["actor", "id"])
