"""Which publications a list or a figure is about: whole days of the workspace's zone, and one column, channel or department, or all."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

import sqlalchemy as sa

from xuanfa.domain.channel import practice_of
from xuanfa.domain.own import Own
from xuanfa.store.own import written_by
from xuanfa.store.schema import receipts

_R = receipts.c


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """Whole days in the workspace's zone, both ends included, and what is named beside them; ``None`` is all of it.

    ``department`` is as it was typed in the post; an empty one is what names none.
    """

    zone: tzinfo
    since: date | None = None
    until: date | None = None
    column: str | None = None
    channel: str | None = None
    department: str | None = None
    #: Whose posts alone; nothing for everybody's.
    own: Own | None = None

    @property
    def begins(self) -> datetime | None:
        """The first moment that belongs to it."""
        return None if self.since is None else datetime.combine(self.since, time(), self.zone)

    @property
    def ends(self) -> datetime | None:
        """The first moment that does not belong to it any more."""
        return None if self.until is None else datetime.combine(self.until + timedelta(days=1), time(), self.zone)

    @property
    def asks_what_is_hidden(self) -> bool:
        """Whether what it leaves tells of a post in which column or of which department it is."""
        return self.column is not None or self.department is not None

    def days(self) -> list[sa.ColumnElement[bool]]:
        """The days as conditions on the ledger."""
        begins, ends = self.begins, self.ends
        found: list[sa.ColumnElement[bool]] = []
        if begins is not None:
            found.append(_R.published_at >= begins)
        if ends is not None:
            found.append(_R.published_at < ends)
        return found

    def conditions(self) -> list[sa.ColumnElement[bool]]:
        """As conditions on the ledger."""
        return [*self.days(), *self.named()]

    def named(self) -> list[sa.ColumnElement[bool]]:
        """What is named beside the days, as conditions on the ledger."""
        found: list[sa.ColumnElement[bool]] = []
        if self.column is not None:
            found.append(_R.column_id == self.column)
        if self.channel is not None:
            found.append(_R.channel.in_([self.channel, practice_of(self.channel)]))
        if self.department is not None:
            found.append(_R.department == self.department)
        if self.own is not None:
            found.append(_R.post_id.in_(written_by(self.own)))
        return found
