"""Whose posts they are, by indexes: bylines, and who has said to have edited what."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_revisions_author", "revisions", ["author", "post_id"])
    edited = sa.text("after = 'revised' AND act = 'edit'")
    op.create_index("ix_events_edited", "events", ["actor", "post_id"], sqlite_where=edited, postgresql_where=edited)
