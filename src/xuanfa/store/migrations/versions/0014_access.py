"""Restricted posts: to whom each is open, and when an administrator has opened one."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "restrictions",
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("access", sa.Text(), nullable=False),
        sa.Column("is_wished", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("wish", sa.Text(), server_default="", nullable=False),
        sa.Column("authors", sa.Text(), server_default="", nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_restrictions_post_id")),
        sa.PrimaryKeyConstraint("post_id", name=op.f("pk_restrictions")),
    )
    op.create_table(
        "openings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("actor", sa.String(length=100), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=True),
        sa.Column("seen_by", sa.String(length=100), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_openings_post_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_openings")),
    )
    op.create_index(op.f("ix_openings_post_id"), "openings", ["post_id"])
    unseen = sa.text("seen_at IS NULL")
    op.create_index("ix_openings_unseen", "openings", ["post_id"], sqlite_where=unseen, postgresql_where=unseen)
