"""The table of marks: one row for each moment at which readers' figures of a publication are taken, so that each is taken once."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, String, Table

from xuanfa.domain.reader_marks import Mark
from xuanfa.store import base
from xuanfa.store.base import partial_index
from xuanfa.store.columns import Moment, Words

_MARKS = ", ".join(f"'{mark.value}'" for mark in Mark)

reader_marks = Table(
    "reader_marks",
    base.metadata,
    Column("delivery_id", ForeignKey("deliveries.id"), primary_key=True),
    Column("mark", String(8), primary_key=True),
    Column("due_at", Moment, nullable=False),
    # When the platform is asked next; nothing once it is settled. Who asks has it until then.
    Column("next_at", Moment),
    Column("taken_until", Moment),
    # The snapshot that was taken for it; a mark that is settled without one was missed, and ``why`` says how that came.
    # Two marks at nearly one time may share one.
    Column("figure_id", ForeignKey("reader_figures.id")),
    Column("why", Words, nullable=False, server_default=""),
    CheckConstraint(f"mark IN ({_MARKS})", name="mark"),
    CheckConstraint("figure_id IS NULL OR next_at IS NULL", name="once"),
    CheckConstraint("figure_id IS NOT NULL OR next_at IS NOT NULL OR why <> ''", name="told"),
    info={base.SINCE: "0032"},
)
partial_index("ix_reader_marks_next", reader_marks.c.next_at, where=reader_marks.c.next_at.is_not(None))
