"""The tables of withdrawals and corrections of what is out, and of what a post's front matter says of its end."""

from typing import Any

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ColumnElement,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    String,
    Table,
    and_,
    false,
    literal_column,
)

from xuanfa.store import base
from xuanfa.store.base import partial_index
from xuanfa.store.columns import Moment, Words
from xuanfa.store.reviews_schema import approvals

withdrawals = Table(
    "withdrawals",
    base.metadata,
    # One row for an order to take a post down everywhere.
    Column("id", Integer, primary_key=True),
    Column("post_id", ForeignKey("posts.id"), nullable=False, index=True),
    # Who ordered it, how they were known and from where: what a crash has left is gone on with in their name.
    Column("actor", String(100), nullable=False),
    Column("how", String(20), nullable=False),
    Column("place", String(200), nullable=False),
    Column("why", Words, nullable=False),
    Column("ordered_at", Moment, nullable=False),
    # SHA-256 of what readers could see then; empty until it is kept.
    Column("snapshot", String(64), nullable=False, server_default=""),
    # When nothing of the post was out any more on any channel.
    Column("ended_at", Moment),
    # Until when another person has to approve it; nothing where nobody has to.
    Column("approve_by", Moment),
    Column("approved_at", Moment),
    Column("approved_by", String(100), nullable=False, server_default=""),
    info={base.SINCE: "0012"},
)
#: Orders that are not at their end: nothing of their posts is sent meanwhile.
is_open = withdrawals.c.ended_at.is_(None)
partial_index("ix_withdrawals_open", withdrawals.c.post_id, where=is_open)
#: Where nobody has approved yet what has to be.
is_unapproved = withdrawals.c.approve_by.is_not(None) & withdrawals.c.approved_at.is_(None)
partial_index("ix_withdrawals_unapproved", withdrawals.c.approve_by, where=is_unapproved)

takedowns = Table(
    "takedowns",
    base.metadata,
    # What an order has to do about one delivery.
    Column("withdrawal_id", ForeignKey("withdrawals.id"), primary_key=True),
    Column("delivery_id", ForeignKey("deliveries.id"), primary_key=True, index=True),
    # How often the interface was asked, and when it may be again.
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("try_at", Moment),
    # Only a person can take it down.
    Column("by_hand", Boolean, nullable=False, server_default=false()),
    # When it is looked for next where readers saw it, how often it was, and what the last look has shown.
    Column("look_at", Moment),
    Column("looks", Integer, nullable=False, server_default="0"),
    Column("seen", String(10), nullable=False, server_default=""),
    Column("seen_at", Moment),
    info={base.SINCE: "0012"},
)
partial_index("ix_takedowns_look", takedowns.c.look_at, where=takedowns.c.look_at.is_not(None))

endings = Table(
    "endings",
    base.metadata,
    # What counts of a post's end: where the post is reviewed, what was approved last.
    Column("post_id", ForeignKey("posts.id"), primary_key=True),
    Column("retract_at", Moment),
    # The beginning of the day on which the department is asked whether it still holds.
    Column("review_on", Moment),
    # What the front matter of its newest revision says, and whether that is still to be approved.
    Column("named_retract_at", Moment),
    Column("named_review_on", Moment),
    Column("asked", Boolean, nullable=False, server_default=false()),
    # When it was taken down because of ``retract_at``.
    Column("taken_at", Moment),
    info={base.SINCE: "0012"},
)
partial_index(
    "ix_endings_retract_at",
    endings.c.retract_at,
    where=endings.c.retract_at.is_not(None) & endings.c.taken_at.is_(None),
)
partial_index("ix_endings_review_on", endings.c.review_on, where=endings.c.review_on.is_not(None))
is_asked: ColumnElement[Any] = literal_column("asked")
partial_index("ix_endings_asked", endings.c.post_id, where=is_asked)

corrections = Table(
    "corrections",
    base.metadata,
    # What a correction makes of one delivery that is out.
    Column("id", Integer, primary_key=True),
    Column("post_id", ForeignKey("posts.id"), nullable=False, index=True),
    Column("delivery_id", ForeignKey("deliveries.id"), nullable=False),
    # Which revision it is corrected to, as a rendition with digest and key of its own; no rendition where the channel cannot change it.
    Column("revision", Integer, nullable=False),
    Column("rendition_id", ForeignKey("renditions.id")),
    Column("digest", String(64), nullable=False),
    Column("key", String(32), nullable=False),
    Column("actor", String(100), nullable=False),
    Column("how", String(20), nullable=False),
    Column("place", String(200), nullable=False),
    Column("why", Words, nullable=False),
    Column("ordered_at", Moment, nullable=False),
    # ``review``, ``open``, ``done``, ``failed`` or ``replaced``; of a channel that cannot change it what was chosen: ``leave``, ``again``, ``post``.
    Column("state", String(10), nullable=False),
    Column("reason", Words, nullable=False),
    # The slug of the post that brings the correction to that channel.
    Column("successor", String(200), nullable=False, server_default=""),
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("try_at", Moment),
    Column("done_at", Moment),
    # What was chosen for a channel that cannot change it, as long as it is still to be done.
    Column("wish", String(10), nullable=False, server_default=""),
    # Whether it needs a review, and then the right to be made, which is of exactly this.
    Column("reviewed", Boolean, nullable=False, server_default=false()),
    Column("approval", Integer),
    Column("channel", String(100), nullable=False, server_default=""),
    Column("due_at", Moment),
    CheckConstraint(
        "NOT reviewed OR rendition_id IS NULL OR state NOT IN ('open', 'done') OR approval IS NOT NULL", name="approved"
    ),
    # A right that is named is named whole: what has no time would refer to nothing.
    CheckConstraint("approval IS NULL OR due_at IS NOT NULL", name="exact"),
    ForeignKeyConstraint(
        ["approval", "channel", "digest", "due_at"],
        [approvals.c.id, approvals.c.channel, approvals.c.digest, approvals.c.due_at],
        name="fk_corrections_approval",
    ),
    info={base.SINCE: "0012"},
)
is_waiting = corrections.c.state == literal_column("'open'")
partial_index("ix_corrections_open", corrections.c.delivery_id, where=is_waiting)
#: What a review of its own lets be made, as long as it is not.
is_reviewed: ColumnElement[Any] = literal_column("reviewed")
is_live = and_(is_reviewed, corrections.c.state.in_([literal_column(f"'{state}'") for state in ("review", "open")]))
partial_index("ix_corrections_reviewed", corrections.c.post_id, where=is_live)
_is_post = corrections.c.successor != literal_column("''")
partial_index("ix_corrections_successor", corrections.c.successor, where=_is_post)
