"""Withdrawals and corrections of what is out, and what a post says of its end."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _withdrawals()
    _takedowns()
    _endings()
    _corrections()


def _some(name: str, table: str, column: str, where: str) -> None:
    op.create_index(name, table, [column], sqlite_where=sa.text(where), postgresql_where=sa.text(where))


def _withdrawals() -> None:
    op.create_table(
        "withdrawals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("actor", sa.String(length=100), nullable=False),
        sa.Column("how", sa.String(length=20), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("ordered_at", sa.BigInteger(), nullable=False),
        sa.Column("snapshot", sa.String(length=64), server_default="", nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("approve_by", sa.BigInteger(), nullable=True),
        sa.Column("approved_at", sa.BigInteger(), nullable=True),
        sa.Column("approved_by", sa.String(length=100), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_withdrawals_post_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_withdrawals")),
    )
    op.create_index(op.f("ix_withdrawals_post_id"), "withdrawals", ["post_id"])
    _some("ix_withdrawals_open", "withdrawals", "post_id", "ended_at IS NULL")
    _some("ix_withdrawals_unapproved", "withdrawals", "approve_by", "approve_by IS NOT NULL AND approved_at IS NULL")


def _takedowns() -> None:
    op.create_table(
        "takedowns",
        sa.Column("withdrawal_id", sa.Integer(), nullable=False),
        sa.Column("delivery_id", sa.Integer(), nullable=False),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("try_at", sa.BigInteger(), nullable=True),
        sa.Column("by_hand", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("look_at", sa.BigInteger(), nullable=True),
        sa.Column("looks", sa.Integer(), server_default="0", nullable=False),
        sa.Column("seen", sa.String(length=10), server_default="", nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["withdrawal_id"], ["withdrawals.id"], name=op.f("fk_takedowns_withdrawal_id")),
        sa.ForeignKeyConstraint(["delivery_id"], ["deliveries.id"], name=op.f("fk_takedowns_delivery_id")),
        sa.PrimaryKeyConstraint("withdrawal_id", "delivery_id", name=op.f("pk_takedowns")),
    )
    op.create_index(op.f("ix_takedowns_delivery_id"), "takedowns", ["delivery_id"])
    _some("ix_takedowns_look", "takedowns", "look_at", "look_at IS NOT NULL")


def _endings() -> None:
    op.create_table(
        "endings",
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("retract_at", sa.BigInteger(), nullable=True),
        sa.Column("review_on", sa.BigInteger(), nullable=True),
        sa.Column("taken_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_endings_post_id")),
        sa.PrimaryKeyConstraint("post_id", name=op.f("pk_endings")),
    )
    _some("ix_endings_retract_at", "endings", "retract_at", "retract_at IS NOT NULL AND taken_at IS NULL")
    _some("ix_endings_review_on", "endings", "review_on", "review_on IS NOT NULL")


def _corrections() -> None:
    op.create_table(
        "corrections",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("delivery_id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("rendition_id", sa.Integer(), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("actor", sa.String(length=100), nullable=False),
        sa.Column("how", sa.String(length=20), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("ordered_at", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("successor", sa.String(length=200), server_default="", nullable=False),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("try_at", sa.BigInteger(), nullable=True),
        sa.Column("done_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_corrections_post_id")),
        sa.ForeignKeyConstraint(["delivery_id"], ["deliveries.id"], name=op.f("fk_corrections_delivery_id")),
        sa.ForeignKeyConstraint(["rendition_id"], ["renditions.id"], name=op.f("fk_corrections_rendition_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_corrections")),
    )
    op.create_index(op.f("ix_corrections_post_id"), "corrections", ["post_id"])
    _some("ix_corrections_open", "corrections", "delivery_id", "state = 'open'")
    _some("ix_corrections_successor", "corrections", "successor", "successor != ''")
