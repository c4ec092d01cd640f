"""The tables of reviews. All of them are append-only: where a review stands is computed from its decisions, and what may be sent is a row of
``approvals`` to which its delivery refers."""

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
    literal_column,
    or_,
)

from xuanfa.store import base
from xuanfa.store.append_only import guard
from xuanfa.store.columns import Json, Moment

reviews = Table(
    "reviews",
    base.metadata,
    Column("id", Integer, primary_key=True),
    Column("post_id", ForeignKey("posts.id"), nullable=False, index=True),
    Column("revision", Integer, nullable=False),
    # The template as it was that day, whole: what the settings say since concerns only reviews that are opened since.
    Column("template", Json, nullable=False),
    Column("level", String(20), nullable=False),
    Column("resumes_at_proof", Boolean, nullable=False),
    Column("authors", Json, nullable=False),
    Column("opened_at", Moment, nullable=False),
    # It is about changing what is out already.
    Column("correction", Boolean, nullable=False, server_default=false()),
    info={base.SINCE: "0010"},
)

decisions = Table(
    "decisions",
    base.metadata,
    Column("id", Integer, primary_key=True),
    Column("review_id", ForeignKey("reviews.id"), nullable=False),
    # Of two people who decide at the same instant, one has the number.
    Column("number", Integer, nullable=False),
    Column("deed", String(20), nullable=False),
    Column("at", Moment, nullable=False),
    Column("actor", String(100), nullable=False),
    Column("how", String(20), nullable=False),
    Column("step", Integer, nullable=False),
    # In whose name a deputy decided; empty for most.
    Column("principal", String(100), nullable=False),
    Column("note", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("checks", Json, nullable=False),
    # Words of the text, each with what is to be done there.
    Column("places", Json, nullable=False),
    # Over all that was decided about, and that itself where it was new: each channel with digest and time.
    Column("digest", String(64), nullable=False),
    Column("snapshot", Json, nullable=False),
    # A consent by telephone: who entered it, when the call was, by which number.
    Column("entered_by", String(100), nullable=False, server_default=""),
    Column("called_at", Moment),
    Column("called_number", String(100), nullable=False, server_default=""),
    UniqueConstraint("review_id", "number"),
    # What somebody has decided, the newest first.
    Index("ix_decisions_actor", "actor", "id"),
    info={base.SINCE: "0010"},
)

approvals = Table(
    "approvals",
    base.metadata,
    # The right of one rendition to leave by one channel at one time.
    Column("id", Integer, primary_key=True),
    Column("review_id", ForeignKey("reviews.id"), nullable=False),
    # By which decision of that review it was given.
    Column("decision", Integer, nullable=False),
    Column("channel", String(100), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("due_at", Moment, nullable=False),
    # Given before the review (先发后审).
    Column("emergency", Boolean, nullable=False, server_default=false()),
    # A delivery refers to all four, so that it cannot be anything else than what was approved.
    UniqueConstraint("id", "channel", "digest", "due_at", name="uq_approvals_exact"),
    Index("ix_approvals_review_id", "review_id"),
    info={base.SINCE: "0010"},
)

delegations = Table(
    "delegations",
    base.metadata,
    Column("id", Integer, primary_key=True),
    Column("principal", String(100), nullable=False),
    Column("deputy", String(100), nullable=False, index=True),
    Column("begins", Moment, nullable=False),
    Column("ends", Moment, nullable=False),
    Column("why", Text, nullable=False),
    Column("made_at", Moment, nullable=False),
    info={base.SINCE: "0010"},
)

#: Decisions of which somebody owes a word afterwards.
is_duty = or_(decisions.c.deed == literal_column("'emergency'"), decisions.c.called_at.is_not(None))
base.partial_index("ix_decisions_duty", decisions.c.review_id, where=is_duty)

guard(reviews, "id")
guard(decisions, "id", ("review_id", "number"))
guard(approvals, "id")
guard(delegations, "id")
