"""The tables of what the rules say: verdicts about renditions, and waivers by which people answer for findings."""

from sqlalchemy import Column, ForeignKey, Integer, String, Table, Text, literal_column

from xuanfa.store import base
from xuanfa.store.columns import Json, Moment

verdicts = Table(
    "verdicts",
    base.metadata,
    # What the rules found in what a channel gets. It follows from rendition, rules and day, so that it is made again where it is lost; of what
    # stops something the history tells.
    Column("rendition_id", ForeignKey("renditions.id"), primary_key=True),
    # By which rules, and the days on which they find the same.
    Column("stamp", String(64), nullable=False),
    Column("since", String(10), nullable=False),
    Column("until", String(10), nullable=False),
    Column("notes", Json, nullable=False),
    Column("left_out", Integer, nullable=False),
    # The heaviest finding that stops something and for which nobody answers: ``veto``, ``severe``, or nothing.
    Column("stands", String(10), nullable=False),
    Column("read_at", Moment, nullable=False),
    info={base.SINCE: "0016"},
)
#: Literal words, as in every condition of an index.
stand = verdicts.c.stands != literal_column("''")
base.partial_index("ix_verdicts_stands", verdicts.c.rendition_id, where=stand)

waivers = Table(
    "waivers",
    base.metadata,
    # Somebody answers for a finding: never changed, never taken away. The history vouches for each.
    Column("id", Integer, primary_key=True),
    Column("rule", String(100), nullable=False),
    Column("text", Text, nullable=False),
    # The slug of a post; nothing for every post. A post may not be queued yet.
    Column("post", String(200), nullable=False, index=True),
    # Of exactly this rendition, where the finding was accepted; nothing where it is ignored.
    Column("digest", String(64), nullable=False),
    Column("actor", String(100), nullable=False),
    Column("why", Text, nullable=False),
    Column("at", Moment, nullable=False),
    info={base.SINCE: "0016"},
)
