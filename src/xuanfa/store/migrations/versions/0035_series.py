"""Recurring posts: sources with their rules, and the occurrences that were made of them."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def _one_of(table: str, name: str, values: str) -> sa.CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values.split())
    return sa.CheckConstraint(f"{name} IN ({listed})", name=op.f(f"ck_{table}_{name}"))


def upgrade() -> None:
    op.create_table(
        "series",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(200), nullable=False),
        sa.Column("path", sa.String(500), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("every", sa.String(20), nullable=False),
        sa.Column("until", sa.String(10), nullable=False),
        sa.Column("on_holiday", sa.String(10), nullable=False),
        sa.Column("first_at", sa.BigInteger(), nullable=False),
        sa.Column("times", sa.Text(), nullable=False),
        sa.Column("standing", sa.String(10), nullable=False),
        sa.Column("set_at", sa.BigInteger(), nullable=False),
        _one_of("series", "every", "daily weekly monthly last-workday"),
        _one_of("series", "on_holiday", "keep skip before after"),
        _one_of("series", "standing", "live gone broken ended"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_series")),
        sa.UniqueConstraint("slug", name=op.f("uq_series_slug")),
    )
    op.create_table(
        "occurrences",
        sa.Column("slug", sa.String(200), nullable=False),
        sa.Column("series_id", sa.Integer(), nullable=False),
        sa.Column("period", sa.String(10), nullable=False),
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("path", sa.String(500), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("making", sa.String(64), nullable=False),
        sa.Column("standing", sa.String(10), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        _one_of("occurrences", "standing", "made own asked dropped"),
        sa.ForeignKeyConstraint(["series_id"], ["series.id"], name=op.f("fk_occurrences_series_id")),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_occurrences")),
    )
    op.create_index("ix_occurrences_series_id", "occurrences", ["series_id"], unique=False)
    condition = sa.text("standing != 'dropped'")
    op.create_index(
        "uq_occurrences_day",
        "occurrences",
        ["series_id", "day"],
        unique=True,
        sqlite_where=condition,
        postgresql_where=condition,
    )
