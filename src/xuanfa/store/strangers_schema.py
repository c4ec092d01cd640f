"""The table of strangers: what accounts show and this program has not sent, each once, with how it was explained."""

from sqlalchemy import CheckConstraint, Column, Integer, String, Table, Text, UniqueConstraint

from xuanfa.store import base
from xuanfa.store.base import partial_index
from xuanfa.store.columns import Moment, Words

strangers = Table(
    "strangers",
    base.metadata,
    Column("id", Integer, primary_key=True),
    Column("channel", String(100), nullable=False),
    # Whose account it is on, as deliveries name it, and what tells it from everything else there.
    Column("account", Text, nullable=False),
    Column("key", String(64), nullable=False),
    # As the platform showed it when it was found.
    Column("title", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("found_at", Moment, nullable=False),
    # By whom it was explained, and how: by a person, or because a delivery turned out to be it.
    Column("settled_at", Moment),
    Column("settled_by", String(100), nullable=False, server_default=""),
    Column("why", Words, nullable=False, server_default=""),
    UniqueConstraint("account", "key"),
    CheckConstraint("(settled_at IS NULL) = (settled_by = '')", name="settled"),
    CheckConstraint("settled_at IS NULL OR why <> ''", name="told"),
    info={base.SINCE: "0033"},
)
partial_index("ix_strangers_open", strangers.c.account, where=strangers.c.settled_at.is_(None))
