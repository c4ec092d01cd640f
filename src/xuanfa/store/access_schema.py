"""The tables of restricted posts (限阅): to whom each is open, and when an administrator has opened one."""

from sqlalchemy import Boolean, Column, ForeignKey, Integer, String, Table, Text, false

from xuanfa.store import base
from xuanfa.store.columns import Json, Moment

restrictions = Table(
    "restrictions",
    base.metadata,
    # One row for a post that is or was restricted. Whether it still is, the ledger says: what is out is for everybody.
    Column("post_id", ForeignKey("posts.id"), primary_key=True),
    # The list in force, as it is kept: roles, and login names behind "@".
    Column("access", Json, nullable=False),
    # Whether its file says otherwise in a way that lets more people in, and what; an empty list is everybody.
    Column("is_wished", Boolean, nullable=False, server_default=false()),
    Column("wish", Json, nullable=False, server_default=""),
    # Its authors among the users, as the file had them when it was restricted: a later file may name anybody.
    Column("authors", Json, nullable=False, server_default=""),
    Column("since", Moment, nullable=False),
    info={base.SINCE: "0014"},
)

openings = Table(
    "openings",
    base.metadata,
    # An administrator has opened a restricted post, and its author is to know. The history has it under its seal.
    Column("id", Integer, primary_key=True),
    Column("post_id", ForeignKey("posts.id"), nullable=False, index=True),
    Column("actor", String(100), nullable=False),
    Column("why", Text, nullable=False),
    Column("at", Moment, nullable=False),
    # When somebody whom it concerns has seen that, and who.
    Column("seen_at", Moment),
    Column("seen_by", String(100), nullable=False, server_default=""),
    info={base.SINCE: "0014"},
)
base.partial_index("ix_openings_unseen", openings.c.post_id, where=openings.c.seen_at.is_(None))
