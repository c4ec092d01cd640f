"""Marks: when readers' figures of a publication are asked for by itself, and what was taken for each."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "reader_marks",
        sa.Column("delivery_id", sa.Integer(), nullable=False),
        sa.Column("mark", sa.String(length=8), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("next_at", sa.BigInteger(), nullable=True),
        sa.Column("taken_until", sa.BigInteger(), nullable=True),
        sa.Column("figure_id", sa.Integer(), nullable=True),
        sa.Column("why", sa.Text(), nullable=False, server_default=""),
        sa.CheckConstraint("mark IN ('day', 'week', 'month')", name=op.f("ck_reader_marks_mark")),
        sa.CheckConstraint("figure_id IS NULL OR next_at IS NULL", name=op.f("ck_reader_marks_once")),
        sa.CheckConstraint(
            "figure_id IS NOT NULL OR next_at IS NOT NULL OR why <> ''", name=op.f("ck_reader_marks_told")
        ),
        sa.ForeignKeyConstraint(["delivery_id"], ["deliveries.id"], name=op.f("fk_reader_marks_delivery_id")),
        sa.ForeignKeyConstraint(["figure_id"], ["reader_figures.id"], name=op.f("fk_reader_marks_figure_id")),
        sa.PrimaryKeyConstraint("delivery_id", "mark", name=op.f("pk_reader_marks")),
    )
    where = sa.text("next_at IS NOT NULL")
    op.create_index(
        "ix_reader_marks_next", "reader_marks", ["next_at"], unique=False, sqlite_where=where, postgresql_where=where
    )
