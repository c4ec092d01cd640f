"""The history vouches for what the rules found that stops something, and posts are found by their files.

What was found by the version before is read once more, so that there is a line about it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(op.f("ix_posts_path"), "posts", ["path"])
    for name, columns, where in (
        ("ix_events_found", ["revision", "id"], "after = 'found'"),
        ("ix_events_waived", ["proof"], "after IN ('finding_ignored', 'finding_accepted')"),
    ):
        op.create_index(name, "events", columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))
    op.execute("UPDATE verdicts SET stamp = '' WHERE notes LIKE '%\"severe\"%' OR notes LIKE '%\"veto\"%'")
    op.execute("DELETE FROM remembered WHERE scope = 'rules' AND name = 'read_again'")
