"""The outbox: what receivers of webhooks are told, a row for each message, written with the transition that it tells of."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Integer, String, Table, UniqueConstraint, literal_column

from xuanfa.domain.webhook import Sent
from xuanfa.store import base
from xuanfa.store.base import partial_index
from xuanfa.store.columns import Json, Moment, Words

outbox = Table(
    "outbox",
    base.metadata,
    Column("id", Integer, primary_key=True),
    # The ``webhook-id``: by this a receiver knows what it has already.
    Column("message", String(40), nullable=False),
    Column("endpoint", String(60), nullable=False),
    Column("event", String(60), nullable=False),
    Column("at", Moment, nullable=False),
    Column("post_id", ForeignKey("posts.id"), nullable=False),
    Column("delivery_id", ForeignKey("deliveries.id")),
    # What is told besides; no text that people wrote.
    Column("facts", Json, nullable=False),
    Column("state", String(10), nullable=False),
    Column("tries", Integer, nullable=False),
    # Since when it is tried: a day later it is given up.
    Column("begun_at", Moment, nullable=False),
    Column("next_at", Moment),
    Column("ended_at", Moment),
    Column("why", Words, nullable=False),
    # A receiver is told once of one thing.
    UniqueConstraint("message", "endpoint"),
    CheckConstraint("state IN (" + ", ".join(f"'{each.value}'" for each in Sent) + ")", name="state"),
    # What waits has a next try and no end; what does not wait has an end and no next try.
    CheckConstraint(
        "(state = 'waiting') = (next_at IS NOT NULL) AND (state = 'waiting') = (ended_at IS NULL)", name="waits"
    ),
    info={base.SINCE: "0031"},
)
waits = outbox.c.state == literal_column("'waiting'")
partial_index("ix_outbox_due", outbox.c.next_at, where=waits)
partial_index("ix_outbox_order", outbox.c.endpoint, outbox.c.delivery_id, outbox.c.id, where=waits)
given_up = outbox.c.state == literal_column("'given_up'")
partial_index("ix_outbox_given_up", outbox.c.endpoint, outbox.c.id, where=given_up)
partial_index("ix_outbox_ended", outbox.c.ended_at, where=outbox.c.ended_at.is_not(None))
