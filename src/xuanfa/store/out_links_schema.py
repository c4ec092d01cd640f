"""The tables of outward links: each address that readers of what is out can follow, what it showed at first, and how it stands; and who shows it."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    literal_column,
)

from xuanfa.store import base
from xuanfa.store.base import partial_index
from xuanfa.store.columns import Json, Moment, Words

_STATES = "'ok', 'dead', 'severe', 'unreached'"

out_links = Table(
    "out_links",
    base.metadata,
    Column("id", Integer, primary_key=True),
    # Of the address as it is written: an index holds hashes of any length.
    Column("key", String(64), nullable=False),
    Column("address", Text, nullable=False),
    # Whose server it is on: of one host so much is asked at a time; and through which channel's way out.
    Column("host", String(200), nullable=False),
    Column("channel", String(100), nullable=False),
    Column("next_at", Moment),
    Column("taken_until", Moment),
    Column("looked_at", Moment),
    # What the newest look has shown, since when and how often in a row; empty before the first.
    Column("state", String(12), nullable=False, server_default=""),
    Column("words", Words, nullable=False, server_default=""),
    Column("mark", String(80), nullable=False, server_default=""),
    Column("since", Moment),
    Column("times", Integer, nullable=False, server_default="0"),
    # What it showed at the first look, with which every other one is compared: never written again.
    Column("first_domain", Text, nullable=False, server_default=""),
    Column("first_title", Text, nullable=False, server_default=""),
    Column("first_signs", Json, nullable=False, server_default="[]"),
    # Which trouble a person has taken for none.
    Column("accepted", String(80), nullable=False, server_default=""),
    UniqueConstraint("key"),
    CheckConstraint(f"state IN ('', {_STATES})", name="state"),
    info={base.SINCE: "0034"},
)
partial_index("ix_out_links_next", out_links.c.next_at, where=out_links.c.next_at.is_not(None))
partial_index(
    "ix_out_links_wrong",
    out_links.c.state,
    where=out_links.c.state.in_([literal_column("'dead'"), literal_column("'severe'"), literal_column("'unreached'")]),
)

link_uses = Table(
    "link_uses",
    base.metadata,
    Column("link_id", ForeignKey("out_links.id"), primary_key=True),
    Column("delivery_id", ForeignKey("deliveries.id"), primary_key=True, index=True),
    info={base.SINCE: "0034"},
)
