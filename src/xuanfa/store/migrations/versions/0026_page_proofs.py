"""Page proofs: what was at the public address of a delivery, and how it stands."""

import sqlalchemy as sa
from alembic import op

from xuanfa.store.append_only import statements

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    states = "'same', 'changed', 'gone', 'sign_in', 'unreached', 'unseen'"
    op.create_table(
        "page_proofs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("delivery_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("origin", sa.String(length=10), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=True),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("difference", sa.Text(), nullable=False),
        sa.Column("mark", sa.String(length=80), nullable=False),
        sa.Column("screenshot", sa.String(length=64), nullable=False),
        sa.Column("screenshot_type", sa.String(length=20), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("actor", sa.String(length=100), nullable=False),
        sa.CheckConstraint("origin IN ('fetched', 'picture')", name=op.f("ck_page_proofs_origin")),
        sa.CheckConstraint(f"state IS NULL OR state IN ({states})", name=op.f("ck_page_proofs_state")),
        sa.CheckConstraint("(origin = 'picture') = (state IS NULL)", name=op.f("ck_page_proofs_compared")),
        sa.CheckConstraint("origin = 'fetched' OR screenshot <> ''", name=op.f("ck_page_proofs_shown")),
        sa.ForeignKeyConstraint(["delivery_id"], ["deliveries.id"], name=op.f("fk_page_proofs_delivery_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_page_proofs")),
    )
    op.create_index(op.f("ix_page_proofs_delivery_id"), "page_proofs", ["delivery_id"], unique=False)
    for statement in statements(op.get_bind().dialect.name, "page_proofs", ["id"]):
        op.execute(sa.text(statement.replace(":", "\\:")))
    op.create_table(
        "page_watch",
        sa.Column("delivery_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("host", sa.String(length=200), nullable=False),
        sa.Column("next_at", sa.BigInteger(), nullable=True),
        sa.Column("taken_until", sa.BigInteger(), nullable=True),
        sa.Column("looked_at", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.String(length=12), server_default="", nullable=False),
        sa.Column("words", sa.Text(), server_default="", nullable=False),
        sa.Column("mark", sa.String(length=80), server_default="", nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=True),
        sa.Column("times", sa.Integer(), server_default="0", nullable=False),
        sa.Column("seen", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("accepted", sa.String(length=80), server_default="", nullable=False),
        sa.CheckConstraint(f"state IN ('', {states})", name=op.f("ck_page_watch_state")),
        sa.ForeignKeyConstraint(["delivery_id"], ["deliveries.id"], name=op.f("fk_page_watch_delivery_id")),
        sa.PrimaryKeyConstraint("delivery_id", name=op.f("pk_page_watch")),
    )
    is_due, is_wrong = sa.text("next_at IS NOT NULL"), sa.text("state IN ('changed', 'gone', 'sign_in', 'unreached')")
    op.create_index("ix_page_watch_next", "page_watch", ["next_at"], sqlite_where=is_due, postgresql_where=is_due)
    op.create_index("ix_page_watch_wrong", "page_watch", ["state"], sqlite_where=is_wrong, postgresql_where=is_wrong)
