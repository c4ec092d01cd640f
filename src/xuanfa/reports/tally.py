"""The tally of a report: what its tables say, from one reading of the ledger's rows, so that every table adds up to the same."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, tzinfo

from xuanfa.domain.figures import ON_TIME
from xuanfa.reports.ledger import OWN, Publication

#: So many of what was withdrawn, or was late, are kept by name.
NAMED = 20


@dataclass(slots=True)
class Line:
    """The figures of one channel, column, department or author: items, and what they are."""

    items: int = 0
    original: int = 0
    first: int = 0
    on_time: int = 0
    late: int = 0
    last: Publication | None = None

    def add(self, row: Publication) -> None:
        """One item more."""
        is_late = row.due_at is not None and row.published_at - row.due_at > ON_TIME
        self.items += 1
        self.original += row.original
        self.first += row.first
        self.late += is_late
        self.on_time += not is_late
        self.last = row


@dataclass(kw_only=True)
class Tally:
    """The items of one term, and beside them what is none: withdrawn, notices of corrections, imported. Rehearsals are left out."""

    zone: tzinfo
    whole: Line = field(default_factory=Line)
    channels: dict[str, Line] = field(default_factory=dict)
    columns: dict[str, Line] = field(default_factory=dict)
    departments: dict[str, Line] = field(default_factory=dict)
    authors: dict[str, Line] = field(default_factory=dict)
    cross: Counter[tuple[str, str]] = field(default_factory=Counter)
    days: Counter[date] = field(default_factory=Counter)
    #: The days on which each channel and column had an item, by time.
    shown: dict[tuple[str, str], list[date]] = field(default_factory=dict)
    #: Titles of then by id; of several the newest.
    titles: dict[tuple[str, str], str] = field(default_factory=dict)
    #: Items on channels of a kind, by the column: what a website's own tables ask for.
    kinds: Counter[tuple[str, str]] = field(default_factory=Counter)
    corrected: int = 0
    withdrawn: int = 0
    withdrawn_named: list[Publication] = field(default_factory=list)
    late_named: list[Publication] = field(default_factory=list)
    notices: int = 0
    #: Items of other origins, by origin, and by channel: nobody here has proved them.
    imported: Counter[str] = field(default_factory=Counter)
    imported_channels: Counter[str] = field(default_factory=Counter)

    def add(self, row: Publication) -> None:
        """One row more, whatever it is."""
        if row.counts:
            self._item(row)
        elif row.origin != OWN:
            self.imported[row.origin] += 1
            self.imported_channels[row.channel_title] += 1
        elif row.retracted_at is not None and not row.rehearsal:
            self.withdrawn += 1
            if len(self.withdrawn_named) < NAMED:
                self.withdrawn_named.append(row)
        elif row.notice:
            self.notices += 1

    def _item(self, row: Publication) -> None:
        for lines, name in (
            (self.channels, row.channel),
            (self.columns, row.column),
            (self.departments, row.department),
            (self.authors, row.author),
        ):
            line = lines.get(name)
            if line is None:
                line = lines[name] = Line()
            line.add(row)
        late = self.whole.late
        self.whole.add(row)
        if self.whole.late > late and len(self.late_named) < NAMED:
            self.late_named.append(row)
        self.corrected += row.corrected_at is not None
        day = row.published_at.astimezone(self.zone).date()
        self.days[day] += 1
        self.cross[row.column, row.channel] += 1
        self.kinds[row.channel_kind, row.column] += 1
        for kind, name, title in (
            ("channel", row.channel, row.channel_title),
            ("column", row.column, row.column_title),
        ):
            self.titles[kind, name] = title
            shown = self.shown.setdefault((kind, name), [])
            if not shown or shown[-1] != day:
                shown.append(day)
