"""The table of solemn periods (肃穆), as people have set and ended them. The history tells of each."""

from sqlalchemy import CheckConstraint, Column, Integer, String, Table, Text

from xuanfa.store import base
from xuanfa.store.columns import Moment

solemn_periods = Table(
    "solemn_periods",
    base.metadata,
    Column("id", Integer, primary_key=True),
    Column("begins", Moment, nullable=False),
    # It always has an end.
    Column("ends", Moment, nullable=False),
    Column("reason", Text, nullable=False),
    Column("actor", String(100), nullable=False),
    Column("set_at", Moment, nullable=False),
    Column("ended_at", Moment),
    Column("ended_by", String(100), nullable=False),
    CheckConstraint("begins < ends", name="ends"),
    info={base.SINCE: "0036"},
)
