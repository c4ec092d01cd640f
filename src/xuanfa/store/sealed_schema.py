"""The table of sealed months: what each counted when it was sealed, kept as it was."""

from sqlalchemy import CheckConstraint, Column, Integer, String, Table, Text

from xuanfa.store import base
from xuanfa.store.append_only import guard
from xuanfa.store.columns import Moment

sealed_months = Table(
    "sealed_months",
    base.metadata,
    # A month is sealed once; nothing of it is ever changed, and the history vouches for its hash.
    Column("month", String(7), primary_key=True),
    Column("items", Integer, nullable=False),
    Column("posts", Integer, nullable=False),
    Column("retracted", Integer, nullable=False),
    # The items as JSON lists: by these it is told later what has been corrected since.
    Column("entries", Text, nullable=False),
    Column("hash", String(64), nullable=False),
    Column("sealed_at", Moment, nullable=False),
    Column("actor", String(100), nullable=False),
    CheckConstraint("length(month) = 7", name="month"),
    CheckConstraint("items >= 0", name="items"),
    info={base.SINCE: "0028"},
)
guard(sealed_months, "month")
