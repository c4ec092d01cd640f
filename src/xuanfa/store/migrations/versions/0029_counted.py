"""What is counted is read from indexes alone: the ones by which the ledger is split hold the posts as well, and another one goes by time."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

_BY = {
    "time": ["published_at", "post_id"],
    "channel": ["channel", "published_at", "column_id", "post_id"],
    "column_id": ["column_id", "published_at", "channel", "post_id"],
    "department": ["department", "published_at", "channel", "post_id"],
    "author": ["author", "published_at", "post_id"],
    "kind": ["kind", "original", "published_at", "post_id"],
}


def upgrade() -> None:
    stands = "retracted_at IS NULL AND rehearsal = {no}"
    apart = "retracted_at IS NOT NULL OR rehearsal = {yes}"
    for name, columns in _BY.items():
        if name != "time":
            op.drop_index(f"ix_receipts_by_{name}", "receipts")
        _create(f"ix_receipts_by_{name}", columns, stands)
    op.drop_index("ix_receipts_apart", "receipts")
    _create("ix_receipts_apart", ["published_at", "retracted_at", "rehearsal"], apart)


def _create(name: str, columns: list[str], where: str) -> None:
    op.create_index(
        name,
        "receipts",
        columns,
        sqlite_where=sa.text(where.format(no="0", yes="1")),
        postgresql_where=sa.text(where.format(no="false", yes="true")),
    )
