"""Whose account, how many bytes, what was published as it was then, which database this is, and a history that vouches for what is frozen."""

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from itertools import chain
from typing import Any

import sqlalchemy as sa
from alembic import op

from xuanfa.domain.likeness import Sketch, body_of, comparable, title_key
from xuanfa.domain.post import Picture
from xuanfa.domain.rendition import Rendition
from xuanfa.store.append_only import refuse_replacing
from xuanfa.store.posts import post_proof, revision_proof

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("attempts", "receipts"):
        op.add_column(table, sa.Column("rehearsal", sa.Boolean(), nullable=False, server_default=sa.false()))
    for table in ("deliveries", "attempts", "receipts"):
        op.add_column(table, sa.Column("account", sa.Text(), nullable=False, server_default=""))
    op.add_column("deliveries", sa.Column("hold", sa.String(length=20), nullable=False, server_default=""))
    for name in ("bytes_sent", "bytes_total"):
        op.add_column("attempts", sa.Column(name, sa.BigInteger(), nullable=True))
    _processes()
    op.add_column("receipts", sa.Column("column_id", sa.String(length=100), nullable=False, server_default=""))
    for table in ("receipts", "revisions"):
        for name in ("title", "department", "author"):
            op.add_column(table, sa.Column(name, sa.Text(), nullable=False, server_default=""))
    for table in ("attempts", "receipts"):
        op.execute(f"UPDATE {table} SET rehearsal = (SELECT rehearsal FROM deliveries WHERE id = {table}.delivery_id)")  # noqa: S608
    for name, source in (
        ("title", "posts.title"),
        ("column_id", "deliveries.column_id"),
        ("department", "posts.department"),
    ):
        op.execute(
            f"UPDATE receipts SET {name} = (SELECT {source} FROM deliveries JOIN posts ON posts.id = deliveries.post_id "  # noqa: S608
            "WHERE deliveries.id = receipts.delivery_id)"
        )
    op.add_column("posts", sa.Column("zone", sa.String(length=100), nullable=False, server_default=""))
    _describe_revisions()
    _index_deliveries()
    op.add_column("files", sa.Column("crashes", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("files", sa.Column("program", sa.String(length=40), nullable=False, server_default=""))
    op.add_column("files", sa.Column("parts", sa.Text(), nullable=False, server_default=""))
    op.add_column("files", sa.Column("making", sa.String(length=64), nullable=False, server_default=""))
    op.create_table(
        "identity",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("database", sa.String(length=32), nullable=False),
        sa.Column("workspace", sa.String(length=32), nullable=False),
        sa.Column("salt", sa.String(length=64), nullable=False),
        sa.Column("accounted", sa.Text(), nullable=False, server_default=""),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity")),
        sa.CheckConstraint("id = 1", name=op.f("ck_identity_one")),
    )
    op.create_table(
        "recollections",
        sa.Column("slug", sa.String(length=200), nullable=False),
        sa.Column("channel", sa.String(length=100), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("slug", "channel", name=op.f("pk_recollections")),
    )
    for column in (("post_id", sa.Integer()), ("revision", sa.Integer()), ("proof", sa.String(length=64))):
        op.add_column("events", sa.Column(*column, nullable=True))
    op.add_column("restores", sa.Column("complete_at", sa.BigInteger(), nullable=True))
    op.execute("UPDATE restores SET complete_at = ended_at")  # as it was understood until now
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        op.execute(refuse_replacing("events", ("id",)))
        op.execute(refuse_replacing("seals", ("number", "last")))
    at = (datetime.now(UTC) - _EPOCH) // timedelta(microseconds=1)
    for lines in chain(_by_parts(connection, "posts", _revisions), _by_parts(connection, "deliveries", _frozen)):
        empty = {"at": at, "delivery_id": None, "channel": None, "post_id": None}
        connection.execute(_ADD, [empty | line for line in lines])


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ADD = sa.text(
    "INSERT INTO events (at, delivery_id, channel, after, actor, why, post_id, revision, proof) "
    "VALUES (:at, :delivery_id, :channel, :after, 'db upgrade', :why, :post_id, :revision, :proof)"
)


def _by_parts(
    connection: sa.Connection, table: str, lines: Callable[[sa.Connection, dict[str, int]], Iterator[dict[str, Any]]]
) -> Iterator[list[dict[str, Any]]]:
    """The lines for a table's rows, some at a time: all texts of some years together are more than a machine should hold."""
    last = connection.scalar(sa.text(f"SELECT max(id) FROM {table}")) or 0  # noqa: S608 - a name of ours
    for first in range(0, last + 1, 200):
        if found := list(lines(connection, {"first": first, "beyond": first + 200})):
            yield found


def _revisions(connection: sa.Connection, part: dict[str, int]) -> Iterator[dict[str, Any]]:
    """A line for each revision as it stands at the upgrade: what it is changed to afterwards is found."""
    query = (
        "SELECT p.slug, p.title AS now_called, p.column_id, p.department AS now_of, v.post_id, v.number, v.digest, v.source, v.created_at, "
        "v.title, v.department, v.author "
        "FROM revisions v JOIN posts p ON p.id = v.post_id WHERE p.id >= :first AND p.id < :beyond ORDER BY p.id, v.number"
    )
    for row in connection.execute(sa.text(query), part).mappings():
        its_row = dict(row) | {"created_at": _EPOCH + timedelta(microseconds=row["created_at"])}
        yield {
            "after": "revised",
            "why": "",
            "post_id": row["post_id"],
            "revision": row["number"],
            "proof": revision_proof(row["slug"], its_row)
            + post_proof(row["now_called"], row["column_id"], row["now_of"]),
        }


def _frozen(connection: sa.Connection, part: dict[str, int]) -> Iterator[dict[str, Any]]:
    """A line for each delivery with a rendition, likewise."""
    query = (
        "SELECT d.id, d.digest, d.revision, d.channel, d.column_id, p.slug, n.title, n.body, n.media_type, n.summary, n.pictures, n.needs, "
        "n.extra FROM deliveries d JOIN posts p ON p.id = d.post_id JOIN renditions n ON n.id = d.rendition_id "
        "WHERE d.id >= :first AND d.id < :beyond ORDER BY d.id"
    )
    for row in connection.execute(sa.text(query), part):
        rendition = Rendition(
            title=row.title,
            body=row.body,
            media_type=row.media_type,
            summary=row.summary,
            pictures=tuple(Picture(**picture) for picture in json.loads(row.pictures or "[]")),
            needs=tuple(json.loads(row.needs or "[]")),
            extra=json.loads(row.extra or "{}"),
        )
        proof = rendition.proof(
            row.digest, post=row.slug, channel=row.channel, column=row.column_id, revision=row.revision
        )
        line = {"after": "frozen", "why": "", "delivery_id": row.id, "channel": row.channel}
        yield line | {"revision": row.revision, "proof": proof}


def _processes() -> None:
    """Who sent what, and what came too late for the ledger."""
    for table in ("attempts", "nodes"):
        op.add_column(table, sa.Column("process", sa.String(length=200), nullable=False, server_default=""))
    op.add_column("attempts", sa.Column("gone_at", sa.BigInteger(), nullable=True))
    lost = sa.text("outcome = 'lost' AND action = 'publish' AND gone_at IS NULL")
    op.create_index("ix_attempts_lost", "attempts", ["delivery_id"], sqlite_where=lost, postgresql_where=lost)
    of_proofs = sa.text("after IN ('second_proof', 'once')")
    op.create_index("ix_events_proofs", "events", ["delivery_id"], sqlite_where=of_proofs, postgresql_where=of_proofs)
    op.create_table(
        "late_proofs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("delivery_id", sa.Integer(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("action", sa.String(length=10), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("rehearsal", sa.Boolean(), nullable=False),
        sa.Column("remote_id", sa.Text(), nullable=True),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("overruled_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_late_proofs")),
        sa.ForeignKeyConstraint(["delivery_id"], ["deliveries.id"], name=op.f("fk_late_proofs_delivery_id")),
    )
    op.create_index(op.f("ix_late_proofs_delivery_id"), "late_proofs", ["delivery_id"])


def _describe_revisions() -> None:
    """What is known of revisions: the post's title of today, since that of then was not kept. Who wrote it stands in the source only."""
    op.add_column("revisions", sa.Column("title_key", sa.String(length=32), nullable=False, server_default=""))
    op.add_column("revisions", sa.Column("length", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("revisions", sa.Column("sketch", sa.Text(), nullable=False, server_default=""))
    connection, last = op.get_bind(), 0
    while rows := connection.execute(_SOME, {"last": last}).mappings().all():
        connection.execute(_DESCRIBE, [_described(row) for row in rows])
        last = rows[-1]["post_id"]
    op.create_index("ix_revisions_title_key", "revisions", ["title_key", "length"])


def _described(row: Mapping[Any, Any]) -> dict[str, object]:
    sketch = Sketch.of(comparable(body_of(row["source"])))
    described = {"title_key": title_key(row["title"]), "length": sketch.length, "sketch": sketch.written}
    return described | {name: row[name] for name in ("post_id", "number", "title", "department")}


#: Whole posts at a time: all revisions of a hundred.
_SOME = sa.text(
    "SELECT revisions.post_id, number, source, posts.title, posts.department FROM revisions JOIN posts ON posts.id = revisions.post_id "
    "WHERE posts.id IN (SELECT id FROM posts WHERE id > :last ORDER BY id LIMIT 100) ORDER BY posts.id"
)
_DESCRIBE = sa.text(
    "UPDATE revisions SET title = :title, department = :department, title_key = :title_key, length = :length, sketch = :sketch "
    "WHERE post_id = :post_id AND number = :number"
)


def _index_deliveries() -> None:
    op.add_column("deliveries", sa.Column("twin", sa.Integer(), nullable=True))
    for name, where in (
        ("ix_deliveries_handed_over", "state = 'accepted' AND look_at IS NULL"),
        ("ix_deliveries_unnamed", "account = '' AND attempt > 0"),
    ):
        condition = sa.text(where)
        op.create_index(name, "deliveries", ["channel"], sqlite_where=condition, postgresql_where=condition)
    op.create_index(
        "ix_deliveries_waiting_on",
        "deliveries",
        ["channel"],
        sqlite_where=sa.text("state = 'scheduled' AND waiting = 1"),
        postgresql_where=sa.text("state = 'scheduled' AND waiting = true"),
    )
