"""The tables of recurring posts: sources with their rules, and the occurrences that were made of them. A turn is made once: an occurrence stays here
whatever becomes of its file and its deliveries."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Integer, String, Table, Text, literal_column

from xuanfa.domain.recurring import Every, OnHoliday
from xuanfa.store import base
from xuanfa.store.base import partial_index
from xuanfa.store.columns import Json, Moment

#: A source is read, its file is gone or cannot be read as a post, or it does not recur any more.
STANDINGS = ("live", "gone", "broken", "ended")
#: An occurrence follows its source, is somebody's own by now (and they were asked whether it is still to go), or was taken back, since the rule does
#: not have its day any more.
OF_TURNS = ("made", "own", "asked", "dropped")


def _one_of(name: str, values: tuple[str, ...]) -> CheckConstraint:
    return CheckConstraint(f"{name} IN (" + ", ".join(f"'{value}'" for value in values) + ")", name=name)


series = Table(
    "series",
    base.metadata,
    Column("id", Integer, primary_key=True),
    # The name that begins those of its occurrences, for ever.
    Column("slug", String(200), nullable=False, unique=True),
    # Its file, and the digest of what that held when it was read last.
    Column("path", String(500), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("title", Text, nullable=False),
    Column("every", String(20), nullable=False),
    # The last day that may be meant (2026-12-31); empty where there is no end.
    Column("until", String(10), nullable=False),
    Column("on_holiday", String(10), nullable=False),
    Column("first_at", Moment, nullable=False),
    # Further moments of its front matter by their keys, as ISO 8601: each is as far from the first turn as it is from every other.
    Column("times", Json, nullable=False),
    Column("standing", String(10), nullable=False),
    Column("set_at", Moment, nullable=False),
    _one_of("every", tuple(each.value for each in Every)),
    _one_of("on_holiday", tuple(each.value for each in OnHoliday)),
    _one_of("standing", STANDINGS),
    info={base.SINCE: "0035"},
)

occurrences = Table(
    "occurrences",
    base.metadata,
    # The slug of its post, which names one for ever.
    Column("slug", String(200), primary_key=True),
    Column("series_id", ForeignKey("series.id"), nullable=False),
    Column("period", String(10), nullable=False),
    # The day for which it was made, 2026-12-07.
    Column("day", String(10), nullable=False),
    # Its file as it was written last, the digest of that, and of what it was made.
    Column("path", String(500), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("making", String(64), nullable=False),
    Column("standing", String(10), nullable=False),
    Column("made_at", Moment, nullable=False),
    _one_of("standing", OF_TURNS),
    Index("ix_occurrences_series_id", "series_id"),
    info={base.SINCE: "0035"},
)
#: A day has one occurrence of a source.
partial_index(
    "uq_occurrences_day",
    occurrences.c.series_id,
    occurrences.c.day,
    where=occurrences.c.standing != literal_column("'dropped'"),
    unique=True,
)
