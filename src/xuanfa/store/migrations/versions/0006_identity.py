"""Indexes for the lines of history that vouch for the database's identity and for revisions, a line for each sender known to be gone, and
revisions described as they are compared now: without comments, and with references read."""

import sqlalchemy as sa
from alembic import op

from xuanfa.domain.likeness import Sketch, body_of, comparable, title_key

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name, columns, where in (
        ("ix_events_identity", ["id"], "after = 'identity'"),
        ("ix_events_revised", ["post_id", "revision"], "after = 'revised'"),
    ):
        condition = sa.text(where)
        op.create_index(name, "events", columns, sqlite_where=condition, postgresql_where=condition)
    op.execute(
        "INSERT INTO events (at, delivery_id, channel, after, attempt, actor, why) "
        "SELECT a.gone_at, a.delivery_id, d.channel, 'gone', a.number, 'db upgrade', '' "
        "FROM attempts a JOIN deliveries d ON d.id = a.delivery_id WHERE a.gone_at IS NOT NULL "
        "AND NOT EXISTS (SELECT 1 FROM events e WHERE e.delivery_id = a.delivery_id AND e.attempt = a.number AND e.after = 'gone')"
    )
    _describe_anew(op.get_bind())


def _describe_anew(connection: sa.Connection) -> None:
    last = 0
    while rows := connection.execute(_SOME, {"last": last}).all():
        described = []
        for row in rows:
            sketch = Sketch.of(comparable(body_of(row.source)))
            described.append(
                {
                    "post_id": row.post_id,
                    "number": row.number,
                    "title_key": title_key(row.title),
                    "length": sketch.length,
                    "sketch": sketch.written,
                }
            )
        connection.execute(_DESCRIBE, described)
        last = rows[-1].post_id


#: Whole posts at a time: all revisions of a hundred.
_SOME = sa.text(
    "SELECT post_id, number, source, title FROM revisions "
    "WHERE post_id IN (SELECT id FROM posts WHERE id > :last ORDER BY id LIMIT 100) ORDER BY post_id"
)
_DESCRIBE = sa.text(
    "UPDATE revisions SET title_key = :title_key, length = :length, sketch = :sketch WHERE post_id = :post_id AND number = :number"
)
