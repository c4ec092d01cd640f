"""The table of readers' figures. Rows are only added: a later figure stands beside the one before."""

from sqlalchemy import BigInteger, CheckConstraint, Column, ForeignKey, Index, Integer, String, Table

from xuanfa.domain.readers import MOST, NAMES
from xuanfa.store import base
from xuanfa.store.append_only import guard
from xuanfa.store.columns import Moment

reader_figures = Table(
    "reader_figures",
    base.metadata,
    Column("id", Integer, primary_key=True),
    Column("delivery_id", ForeignKey("deliveries.id"), nullable=False),
    # When they stood so, and when they were entered here.
    Column("at", Moment, nullable=False),
    Column("entered_at", Moment, nullable=False),
    # Nothing is not known, which is not nought.
    *(Column(name, BigInteger) for name in NAMES),
    # ``hand``, or ``import:FILE``.
    Column("origin", String(250), nullable=False),
    Column("actor", String(100), nullable=False),
    CheckConstraint(f"coalesce({', '.join(NAMES)}) IS NOT NULL", name="known"),
    *(CheckConstraint(f"{name} IS NULL OR {name} BETWEEN 0 AND {MOST}", name=name) for name in NAMES),
    CheckConstraint("at <= entered_at", name="at"),
    Index("ix_reader_figures_delivery_id_at", "delivery_id", "at"),
    info={base.SINCE: "0030"},
)
guard(reader_figures, "id")
