"""The table of working days: what the office has brought in besides what the program knows of a year."""

from sqlalchemy import CheckConstraint, Column, String, Table, Text

from xuanfa.domain.working_days import DayKind
from xuanfa.store import base
from xuanfa.store.columns import Moment

workdays = Table(
    "workdays",
    base.metadata,
    # A day has one word, the newest: as it is written, 2027-02-06.
    Column("day", String(10), primary_key=True),
    Column("kind", String(10), nullable=False),
    Column("name", Text, nullable=False),
    # The file that said so.
    Column("origin", Text, nullable=False),
    Column("set_at", Moment, nullable=False),
    CheckConstraint("kind IN (" + ", ".join(f"'{kind.value}'" for kind in DayKind) + ")", name="kind"),
    info={base.SINCE: "0022"},
)
