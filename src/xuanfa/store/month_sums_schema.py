"""The table of what months that are over come to: derived from the receipts, and dropped as soon as one of a month changes."""

from sqlalchemy import CheckConstraint, Column, String, Table, Text

from xuanfa.store import base
from xuanfa.store.columns import Moment

month_sums = Table(
    "month_sums",
    base.metadata,
    # Which figure it is (``month_sums.PARTS``), of which days: from the first moment to the one that is the next month's.
    Column("part", String(20), primary_key=True),
    Column("begins", Moment, primary_key=True),
    Column("ends", Moment, nullable=False),
    # As JSON: the rows of the answer, and what stands in other days as well.
    Column("found", Text, nullable=False),
    CheckConstraint("begins < ends", name="ends"),
    info={base.SINCE: "0039"},
)
