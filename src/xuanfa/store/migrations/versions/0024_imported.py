"""What was imported into the ledger."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "imports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("origin", sa.String(length=250), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("imported_at", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.String(length=100), nullable=False),
        sa.Column("undone_at", sa.BigInteger(), nullable=True),
        sa.Column("undone_by", sa.String(length=100), server_default="", nullable=False),
        sa.CheckConstraint("origin LIKE '%:%'", name=op.f("ck_imports_origin")),
        sa.CheckConstraint("entries > 0", name=op.f("ck_imports_entries")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imports")),
    )
    op.create_table(
        "imported",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("title_key", sa.String(length=32), nullable=False),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("published_at", sa.BigInteger(), nullable=False),
        sa.Column("column_id", sa.String(length=100), nullable=False),
        sa.Column("column_title", sa.Text(), nullable=False),
        sa.Column("channel", sa.String(length=100), nullable=False),
        sa.Column("channel_title", sa.Text(), nullable=False),
        sa.Column("department", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("stands", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("delivery_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["import_id"], ["imports.id"], name=op.f("fk_imported_import_id")),
        sa.ForeignKeyConstraint(["delivery_id"], ["deliveries.id"], name=op.f("fk_imported_delivery_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imported")),
    )
    op.create_index(op.f("ix_imported_import_id"), "imported", ["import_id"])
    op.create_index(op.f("ix_imported_delivery_id"), "imported", ["delivery_id"])
    stands = {"sqlite_where": sa.text("stands = 1"), "postgresql_where": sa.text("stands = true")}
    op.create_index("ix_imported_once", "imported", ["key"], unique=True, **stands)  # type: ignore[arg-type]
    op.create_index(
        "ix_imported_counted",
        "imported",
        ["published_at", "channel", "column_id", "department", "author", "title_key"],
        sqlite_where=sa.text("stands = 1 AND delivery_id IS NULL"),
        postgresql_where=sa.text("stands = true AND delivery_id IS NULL"),
    )
