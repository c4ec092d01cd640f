"""Outward links of what is out: what each showed at first, and how it stands."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "out_links",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("host", sa.String(length=200), nullable=False),
        sa.Column("channel", sa.String(length=100), nullable=False),
        sa.Column("next_at", sa.BigInteger(), nullable=True),
        sa.Column("taken_until", sa.BigInteger(), nullable=True),
        sa.Column("looked_at", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False, server_default=""),
        sa.Column("words", sa.Text(), nullable=False, server_default=""),
        sa.Column("mark", sa.String(length=80), nullable=False, server_default=""),
        sa.Column("since", sa.BigInteger(), nullable=True),
        sa.Column("times", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("first_domain", sa.Text(), nullable=False, server_default=""),
        sa.Column("first_title", sa.Text(), nullable=False, server_default=""),
        sa.Column("first_signs", sa.Text(), nullable=False, server_default="[]"),
        sa.Column("accepted", sa.String(length=80), nullable=False, server_default=""),
        sa.CheckConstraint("state IN ('', 'ok', 'dead', 'severe', 'unreached')", name=op.f("ck_out_links_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_out_links")),
        sa.UniqueConstraint("key", name=op.f("uq_out_links_key")),
    )
    is_due, is_wrong = sa.text("next_at IS NOT NULL"), sa.text("state IN ('dead', 'severe', 'unreached')")
    op.create_index("ix_out_links_next", "out_links", ["next_at"], sqlite_where=is_due, postgresql_where=is_due)
    op.create_index("ix_out_links_wrong", "out_links", ["state"], sqlite_where=is_wrong, postgresql_where=is_wrong)
    op.create_table(
        "link_uses",
        sa.Column("link_id", sa.Integer(), nullable=False),
        sa.Column("delivery_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["delivery_id"], ["deliveries.id"], name=op.f("fk_link_uses_delivery_id")),
        sa.ForeignKeyConstraint(["link_id"], ["out_links.id"], name=op.f("fk_link_uses_link_id")),
        sa.PrimaryKeyConstraint("link_id", "delivery_id", name=op.f("pk_link_uses")),
    )
    op.create_index(op.f("ix_link_uses_delivery_id"), "link_uses", ["delivery_id"], unique=False)
