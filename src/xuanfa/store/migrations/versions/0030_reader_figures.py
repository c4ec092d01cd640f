"""Readers' figures: snapshots that are only added."""

import sqlalchemy as sa
from alembic import op

from xuanfa.store.append_only import statements

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None
NAMES = ("reads", "likes", "forwards", "comments", "followers")


def upgrade() -> None:
    op.create_table(
        "reader_figures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("delivery_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("entered_at", sa.BigInteger(), nullable=False),
        *(sa.Column(name, sa.BigInteger(), nullable=True) for name in NAMES),
        sa.Column("origin", sa.String(length=250), nullable=False),
        sa.Column("actor", sa.String(length=100), nullable=False),
        sa.CheckConstraint(f"coalesce({', '.join(NAMES)}) IS NOT NULL", name=op.f("ck_reader_figures_known")),
        *(
            sa.CheckConstraint(f"{n} IS NULL OR {n} BETWEEN 0 AND 10000000000", name=op.f(f"ck_reader_figures_{n}"))
            for n in NAMES
        ),
        sa.CheckConstraint("at <= entered_at", name=op.f("ck_reader_figures_at")),
        sa.ForeignKeyConstraint(["delivery_id"], ["deliveries.id"], name=op.f("fk_reader_figures_delivery_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reader_figures")),
    )
    op.create_index("ix_reader_figures_delivery_id_at", "reader_figures", ["delivery_id", "at"], unique=False)
    for statement in statements(op.get_bind().dialect.name, "reader_figures", ["id"]):
        op.execute(statement)
