"""The ledger says by itself which post went where, of which kind it was and whether the office wrote it; names of columns and channels are
kept with since when; and every count has its index."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import sqlalchemy as sa
from alembic import op

from xuanfa.domain.review_templates import SHIPPED
from xuanfa.store.append_only import statements

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

_PLACE = ("delivery_id", "post_id", "channel")
_EXTRA = (
    ("post_id", "INTEGER NOT NULL"),
    ("channel", "VARCHAR(100) NOT NULL"),
    ("kind", "VARCHAR(60) DEFAULT '' NOT NULL"),
    ("original", "BOOLEAN DEFAULT {true} NOT NULL"),
)


def upgrade() -> None:
    connection = op.get_bind()
    op.create_table(
        "names",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(length=10), nullable=False),
        sa.Column("named", sa.String(length=100), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_names")),
    )
    op.create_index("ix_names_named", "names", ["what", "named", "since"])
    for statement in statements(connection.dialect.name, "names", ("id",)):
        op.execute(statement)
    op.add_column("revisions", sa.Column("kind", sa.String(length=60), nullable=False, server_default=""))
    op.add_column("revisions", sa.Column("original", sa.Boolean(), nullable=False, server_default=sa.true()))
    _describe_revisions(connection)
    op.create_index("ix_deliveries_place", "deliveries", ["id", "post_id", "channel"], unique=True)
    if connection.dialect.name == "sqlite":
        _write_anew(connection)
    else:
        _add_columns()
    _index()


def _describe_revisions(connection: sa.Connection) -> None:
    """Of what kind each revision is, and whether it is a repost, as its front matter says."""
    last = 0
    while rows := connection.execute(_SOME, {"last": last}).mappings().all():
        if described := list(_described(rows)):
            connection.execute(_DESCRIBE, described)
        last = rows[-1]["post_id"]


def _described(rows: Iterable[Mapping[Any, Any]]) -> Iterator[dict[str, Any]]:
    for row in rows:
        kind, original = _of_source(row)
        if kind or not original:
            yield {"kind": kind, "original": original, "b_post": row["post_id"], "b_number": row["number"]}


def _of_source(row: Mapping[Any, Any]) -> tuple[str, bool]:
    """Kind and originality by the keys of the front matter; where it names no kind, what is noted of its post."""
    matter = _MATTER.match(row["source"])
    keys = dict(_KEY.findall(matter[1])) if matter else {}
    named = keys.get("kind", "").strip().strip("\"'")
    return _IDS.get(named, named)[:60] or row["review"], "source" not in keys


_IDS = {template.name: id_ for id_, template in SHIPPED.items()}
_MATTER = re.compile(r"\ufeff?\s*---[^\n]*\n(.*?)\n---", re.DOTALL)
_KEY = re.compile(r"^[\"']?(kind|source)[\"']?[ \t]*[:：]([^\n#]*)", re.MULTILINE)
_SOME = sa.text(
    "SELECT v.post_id, v.number, v.source, p.review FROM revisions v JOIN posts p ON p.id = v.post_id "
    "WHERE p.id IN (SELECT id FROM posts WHERE id > :last ORDER BY id LIMIT 100) ORDER BY p.id"
)
_DESCRIBE = (
    sa.table(
        "revisions", *(sa.column(name) for name in ("post_id", "number", "kind")), sa.column("original", sa.Boolean)
    )
    .update()
    .where(sa.column("post_id") == sa.bindparam("b_post"), sa.column("number") == sa.bindparam("b_number"))
    .values(kind=sa.bindparam("kind"), original=sa.bindparam("original"))
)
#: What a receipt gets of its delivery and of the revision that was sent.
_FOUND = (
    "SELECT r.*, d.post_id, d.channel, coalesce(v.kind, ''), coalesce(v.original, {true}) FROM {receipts} r "
    "JOIN deliveries d ON d.id = r.delivery_id "
    "LEFT JOIN revisions v ON v.post_id = d.post_id AND v.number = d.revision"
)


def _write_anew(connection: sa.Connection) -> None:
    """SQLite changes no constraint of a table that is there: as in 0008."""
    connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
    ((made,),) = connection.exec_driver_sql("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = 'receipts'")
    others = connection.exec_driver_sql(
        "SELECT sql FROM sqlite_master WHERE tbl_name = 'receipts' AND type IN ('index', 'trigger') AND sql IS NOT NULL"
    ).all()
    columns = made[: made.index("CONSTRAINT")].rstrip().rstrip(",")
    constraints = made[made.index("CONSTRAINT") : made.rindex(")")].rstrip()
    extra = ", ".join(f"{name} {kind.format(true=1)}" for name, kind in _EXTRA)
    place = (
        f"CONSTRAINT fk_receipts_place FOREIGN KEY({', '.join(_PLACE)}) REFERENCES deliveries (id, post_id, channel)"
    )
    connection.exec_driver_sql("CREATE TEMP TABLE receipts_waiting AS SELECT * FROM receipts")
    connection.exec_driver_sql("DROP TABLE receipts")
    connection.exec_driver_sql(f"{columns}, {extra}, {constraints}, {place})")
    connection.exec_driver_sql("INSERT INTO receipts " + _FOUND.format(receipts="receipts_waiting", true=1))
    connection.exec_driver_sql("DROP TABLE receipts_waiting")
    for (text,) in others:
        connection.exec_driver_sql(text)
    # From here on what refers to nothing is refused at once again: a restore fills the tables in the same transaction.
    connection.exec_driver_sql("PRAGMA defer_foreign_keys = OFF")


def _add_columns() -> None:
    op.add_column("receipts", sa.Column("post_id", sa.Integer(), nullable=True))
    op.add_column("receipts", sa.Column("channel", sa.String(length=100), nullable=True))
    op.add_column("receipts", sa.Column("kind", sa.String(length=60), nullable=False, server_default=""))
    op.add_column("receipts", sa.Column("original", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.execute(
        "UPDATE receipts SET post_id = d.post_id, channel = d.channel, kind = coalesce(v.kind, ''), "
        "original = coalesce(v.original, true) FROM deliveries d "
        "LEFT JOIN revisions v ON v.post_id = d.post_id AND v.number = d.revision WHERE d.id = receipts.delivery_id"
    )
    for name in ("post_id", "channel"):
        op.alter_column("receipts", name, nullable=False)
    op.create_foreign_key("fk_receipts_place", "receipts", "deliveries", list(_PLACE), ["id", "post_id", "channel"])


def _index() -> None:
    stands = {
        "sqlite_where": sa.text("retracted_at IS NULL AND rehearsal = 0"),
        "postgresql_where": sa.text("retracted_at IS NULL AND rehearsal = false"),
    }
    covering = ["published_at", "channel", "column_id", "department", "author", "kind", "original", "post_id"]
    op.create_index("ix_receipts_counted", "receipts", covering, **stands)  # type: ignore[arg-type]
    for name in ("channel", "column_id", "department", "author", "kind"):
        op.create_index(f"ix_receipts_by_{name}", "receipts", [name, "published_at"], **stands)  # type: ignore[arg-type]
    op.create_index("ix_receipts_by_post", "receipts", ["post_id", "published_at"], **stands)  # type: ignore[arg-type]
    op.create_index(
        "ix_receipts_apart",
        "receipts",
        ["published_at"],
        sqlite_where=sa.text("retracted_at IS NOT NULL OR rehearsal = 1"),
        postgresql_where=sa.text("retracted_at IS NOT NULL OR rehearsal = true"),
    )
