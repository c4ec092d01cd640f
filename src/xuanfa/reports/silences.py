"""Silences (断更) of a term: when an account or a column showed nothing new for a whole cycle, by the ledger."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time

from xuanfa.domain.freshness import Kind
from xuanfa.domain.term import Term
from xuanfa.reports.house import House
from xuanfa.reports.tally import Tally
from xuanfa.store.freshness import last_before


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """``since``: the day of the post before it, ``None`` where there never was one. ``until``: the day of the next one, or the last day that
    was looked at where it goes on (``open``)."""

    kind: Kind
    title: str
    since: date | None
    until: date
    open: bool

    @property
    def days(self) -> int | None:
        """How long it was."""
        return None if self.since is None else (self.until - self.since).days


def silences(house: House, term: Term, tally: Tally) -> list[Silence]:
    """Those of every account and column of the settings that reach into the term, in the order of the settings; the ones that are being
    looked at are those of the tally."""
    desk = house.desk
    end = min(term.until, house.today)
    subjects: list[tuple[Kind, str, str]] = [("channel", id_, each.title or id_) for id_, each in desk.channels.items()]
    subjects += [("column", id_, each.title) for id_, each in desk.columns.items()]
    found: list[Silence] = []
    with desk.store.read() as connection:
        for kind, name, title in subjects:
            if desk.watched.watches(kind, name):
                begin = datetime.combine(term.since, time(), desk.zone)
                before = last_before(connection, kind, name, begin)
                days = tally.shown.get((kind, name), [])
                first = None if before is None else before.astimezone(desk.zone).date()
                found += _of_one(house, kind, (name, title), [first, *days] if first else days, end)
    return found


def _of_one(house: House, kind: Kind, named: tuple[str, str], posts: list[date], end: date) -> Iterator[Silence]:
    name, title = named
    cycle = house.desk.watched.cycle_of(kind, name)
    if not posts:
        yield Silence(kind=kind, title=title, since=None, until=end, open=True)
        return
    for at, day in enumerate(posts):
        is_last = at + 1 == len(posts)
        until = end if is_last else posts[at + 1]
        if cycle.after(day) < until or (is_last and cycle.after(day) == end):
            yield Silence(kind=kind, title=title, since=day, until=until, open=is_last)
