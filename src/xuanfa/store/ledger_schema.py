"""The tables of the ledger: receipts, proofs that came too late for it, and what columns and channels were called when."""

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Table,
    Text,
    and_,
    exists,
    false,
    or_,
    true,
)

from xuanfa.store import base
from xuanfa.store.append_only import guard
from xuanfa.store.base import partial_index
from xuanfa.store.columns import Moment, Words

receipts = Table(
    "receipts",
    base.metadata,
    # The ledger: one receipt for a published delivery, and every count is derived from these rows.
    Column("delivery_id", ForeignKey("deliveries.id"), primary_key=True),
    Column("remote_id", Text),
    Column("address", Text),
    Column("published_at", Moment, nullable=False, index=True),
    Column("retracted_at", Moment),
    Column("evidence", Words, nullable=False),
    # What was published, as it was then: an edit of the post changes none of it.
    Column("rehearsal", Boolean, nullable=False, server_default=false()),
    Column("account", Text, nullable=False, server_default=""),
    Column("title", Text, nullable=False, server_default=""),
    Column("column_id", String(100), nullable=False, server_default=""),
    Column("department", Text, nullable=False, server_default=""),
    Column("author", Text, nullable=False, server_default=""),
    # Which post went to which channel, as its delivery says, so that an index alone can count; and what the revision that was sent says of
    # its kind, and whether the office wrote it itself.
    Column("post_id", Integer, nullable=False),
    Column("channel", String(100), nullable=False),
    Column("kind", String(60), nullable=False, server_default=""),
    Column("original", Boolean, nullable=False, server_default=true()),
    ForeignKeyConstraint(
        ["delivery_id", "post_id", "channel"],
        ["deliveries.id", "deliveries.post_id", "deliveries.channel"],
        name="fk_receipts_place",
    ),
)
_r = receipts.c
#: What counts, but for notices of corrections: out for real, and not withdrawn.
stands = and_(_r.retracted_at.is_(None), _r.rehearsal == false())
# For what is asked of some time: how much and how many posts, and by whatever else.
partial_index("ix_receipts_by_time", _r.published_at, _r.post_id, where=stands)
partial_index(
    "ix_receipts_counted",
    _r.published_at,
    _r.channel,
    _r.column_id,
    _r.department,
    _r.author,
    _r.kind,
    _r.original,
    _r.post_id,
    where=stands,
)
# For each question about all time, or about one of them: read in the order by which it is split, and nothing but the index.
partial_index("ix_receipts_by_channel", _r.channel, _r.published_at, _r.column_id, _r.post_id, where=stands)
partial_index("ix_receipts_by_column_id", _r.column_id, _r.published_at, _r.channel, _r.post_id, where=stands)
partial_index("ix_receipts_by_department", _r.department, _r.published_at, _r.channel, _r.post_id, where=stands)
partial_index("ix_receipts_by_author", _r.author, _r.published_at, _r.post_id, where=stands)
partial_index("ix_receipts_by_kind", _r.kind, _r.original, _r.published_at, _r.post_id, where=stands)
partial_index("ix_receipts_by_post", _r.post_id, _r.published_at, where=stands)
# In which months the articles of one push stand.
partial_index("ix_receipts_by_push", _r.remote_id, _r.channel, _r.published_at, where=stands)
_earlier = receipts.alias("earlier")
#: Whether nothing of the same post that stands was published before: found in the index by post.
is_first = ~exists().where(
    _earlier.c.post_id == _r.post_id,
    _earlier.c.retracted_at.is_(None),
    _earlier.c.rehearsal == false(),
    or_(
        _earlier.c.published_at < _r.published_at,
        and_(_earlier.c.published_at == _r.published_at, _earlier.c.delivery_id < _r.delivery_id),
    ),
)
#: What is told beside the figures: withdrawn, or rehearsed.
apart = or_(_r.retracted_at.is_not(None), _r.rehearsal == true())
partial_index(
    "ix_receipts_apart",
    _r.published_at,
    _r.department,
    _r.column_id,
    _r.channel,
    _r.post_id,
    _r.retracted_at,
    _r.rehearsal,
    where=apart,
)

late_proofs = Table(
    "late_proofs",
    base.metadata,
    # What says that a delivery is out and came when something else had been decided: it has no place in the ledger and must not be lost.
    Column("id", Integer, primary_key=True),
    Column("delivery_id", ForeignKey("deliveries.id"), nullable=False, index=True),
    Column("attempt", Integer, nullable=False),
    Column("action", String(10), nullable=False),
    Column("at", Moment, nullable=False),
    Column("rehearsal", Boolean, nullable=False),
    Column("remote_id", Text),
    Column("address", Text),
    Column("evidence", Words, nullable=False),
    # When a person who has looked said that it is not there after all.
    Column("overruled_at", Moment),
)

names = Table(
    "names",
    base.metadata,
    # What a column, its campaign or a channel was called from when on: written when the settings are seen to call it otherwise. Receipts keep
    # ids alone, and whatever leaves the settings keeps the names that it had.
    Column("id", Integer, primary_key=True),
    # ``column``, ``campaign`` (of a column), ``channel`` or ``kind`` (of a channel).
    Column("what", String(10), nullable=False),
    Column("named", String(100), nullable=False),
    # A channel without a title is called by its kind, in the language of whoever reads.
    Column("title", Words, nullable=False),
    Column("since", Moment, nullable=False),
    Index("ix_names_named", "what", "named", "since"),
    info={base.SINCE: "0023"},
)
guard(names, "id")
