"""Papers: scans of signed forms, and the chain of packages."""

import sqlalchemy as sa
from alembic import op

from xuanfa.store.append_only import statements

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "scans",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("original", sa.String(length=64), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.String(length=100), nullable=False),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_scans_post_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scans")),
    )
    op.create_index(op.f("ix_scans_post_id"), "scans", ["post_id"])
    op.create_table(
        "packages",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.String(length=100), nullable=False),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_packages_post_id")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_packages")),
        sa.UniqueConstraint("previous", name=op.f("uq_packages_previous")),
        sa.UniqueConstraint("sha256", name=op.f("uq_packages_sha256")),
    )
    op.create_index(op.f("ix_packages_post_id"), "packages", ["post_id"])
    for table, keys in (("scans", ("id",)), ("packages", ("number", "sha256", "previous"))):
        for statement in statements(op.get_bind().dialect.name, table, keys):
            op.execute(sa.text(statement.replace(":", "\\:")))
