"""The count, from the ledger: each figure is a question that an index can answer, whatever has been published."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any, Final

import sqlalchemy as sa

from xuanfa.domain.channel import base_of
from xuanfa.domain.counting import BY_TIME, ORIGINAL, REPOST, By, Count
from xuanfa.domain.spans import Span, clipped, runs, spans
from xuanfa.reports.followers import Followers, followers
from xuanfa.reports.imported_counts import imported_count
from xuanfa.reports.period import Period
from xuanfa.reports.questions import PIECES, Question, questions, values_of
from xuanfa.reports.summing import kept_items, summed
from xuanfa.store import late_proofs, names, review_duties
from xuanfa.store.columns import microseconds
from xuanfa.store.database import Store
from xuanfa.store.ledger import published_values
from xuanfa.store.reviews_schema import approvals
from xuanfa.store.schema import deliveries, receipts

__all__ = ["Period", "columns_counted", "count"]

_D, _R = deliveries.c, receipts.c
#: Splits whose spans differ in length.
_UNEVEN: Final = frozenset({"month", "quarter", "year"})
#: So many values, or spans, stand in one statement.
_TOGETHER: Final = 500


def count(store: Store, period: Period, by: By = "channel") -> Count:
    """The figures of a period, with the items split by ``by``: ids of channels or columns, names of others, days, weeks, months …; what has
    none of it is under the empty name. Splits by time are in order, others by size."""
    with store.read() as connection:
        counting = Counting(connection, period)
        split = counting.split(by)
        retracted, rehearsed = counting.beside()
        return Count(
            posts=counting.posts(),
            items=sum(split.values()),
            retracted=retracted,
            rehearsed=rehearsed,
            emergency=counting.emergency(),
            twice=counting.twice(),
            by=split,
            imported=imported_count(connection, period, by),
        )


def columns_counted(store: Store) -> set[str]:
    """The columns of which anything was ever published, whatever the settings say now."""
    with store.read() as connection:
        return set(published_values(connection, _R.column_id))


class Counting:
    """Counts what stands in a period, inside one transaction.

    What an index can count is counted there; the few publications of posts that follow from corrections are read beside it.
    """

    def __init__(self, connection: sa.Connection, period: Period) -> None:
        self.connection, self.period = connection, period
        self.questions, self.values = questions(period), values_of(period)
        self.followers: Followers = followers(connection)
        #: What stands of such posts; and of it, what is no item.
        self.following: Sequence[Any] = self.ask(self.questions.following).all() if self.followers.roots else ()
        self.notices = [row for row in self.following if row.post_id in self.followers.notices]

    def ask(self, question: Question, **more: Any) -> sa.CursorResult[*tuple[Any, ...]]:
        """The answer to a question about the period."""
        return self.connection.execute(question, self.values | more)

    def summed(self, part: str, *among: sa.ColumnElement[bool]) -> dict[tuple[Any, ...], int]:
        """A figure of what stands in the period, by what it is counted by (``store/month_sums``)."""
        return summed(self.connection, self.period, part, *among)

    def split(self, by: By) -> dict[str, int]:
        """The items, by what is named."""
        if by in BY_TIME:
            return self._by_time(by)
        if by == "campaign":
            found = self._by_campaign()
        elif by == "channel":
            found = Counter[str]()
            for channel, items in self.items("channel").items():
                found[base_of(channel)] += items
        elif by == "original":
            original, reposted = self.originals()
            found = Counter({ORIGINAL: original, REPOST: reposted})
        else:
            found = self.items("column_id" if by == "column" else by)
        return dict(sorted(((str(name), items) for name, items in found.items() if items), key=_largest))

    def items(self, name: str) -> Counter[Any]:
        """How many items there are of each value of a column of the ledger."""
        found = Counter[Any]()
        for key, items in self.summed(name).items():
            found[key[0]] += items
        found.subtract(Counter(getattr(row, name) for row in self.notices))
        return found

    def originals(self) -> tuple[int, int]:
        """How many items the office wrote itself, and how many are reposts."""
        # By kind, too: in the order of the index in which both stand.
        found = Counter[bool]()
        for (_, is_original), items in self.summed("kind").items():
            found[bool(is_original)] += items
        found.subtract(Counter(bool(row.original) for row in self.notices))
        return found[True], found[False]

    def posts(self) -> int:
        """The distinct posts: a notice is none of its own, and what took another's place is that post."""
        found = self.summed("posts")[()]
        present = {row.post_id for row in self.following}
        roots = {self.followers.roots[number] for number in present - self.followers.notices}
        if roots:
            roots -= set(self.ask(self.questions.corrected).scalars())
        return found - len(present) + len(roots)

    def beside(self) -> tuple[int, int]:
        """How many were out for real and are not any more, and how many stand on practice platforms."""
        found = self.ask(self.questions.beside).one()
        return found[0], found[1]

    def emergency(self) -> int:
        """How many items went out before their review."""
        let_out = review_duties.emergency_posts(self.connection) - self.followers.notices
        if not let_out:  # putting the question together costs more than most answers
            return 0
        query = (
            sa.select(sa.func.count())
            .select_from(sa.join(receipts, deliveries, _D.id == _R.delivery_id))
            .join(approvals, approvals.c.id == _D.approval)
            .where(approvals.c.emergency == sa.true(), *self.questions.where)
        )
        return sum(self.ask(query.where(_R.post_id.in_(some))).scalar_one() for some in by_some(let_out))

    def twice(self) -> int:
        """How many deliveries have a second proof of publication that nobody has explained."""
        second = late_proofs.second(self.connection)
        if not second:
            return 0
        real = (_R.rehearsal == sa.false(), *self.period.conditions())
        query = sa.select(sa.func.count()).select_from(receipts).where(*real)
        return sum(self.connection.scalar(query.where(_R.delivery_id.in_(some))) or 0 for some in by_some(second))

    def _by_campaign(self) -> Counter[str]:
        """By the campaign that each column belonged to then: of the times between two changes by themselves."""
        known = names.all_names(self.connection)
        changes = known.changes("campaign")
        found = Counter[str]()
        if not changes:
            for column, items in self.items("column_id").items():
                found[known.newest("campaign", column) or ""] += items
            return found
        passed = [sa.case((_R.published_at >= at, 1), else_=0) for at in changes]
        number = sum(passed[1:], start=passed[0]).label("number")
        where = self.questions.where
        query = sa.select(_R.column_id, number, sa.func.count()).where(*where).group_by(_R.column_id, number)
        for column, at, items in self.ask(query):
            found[known.at("campaign", column, changes[at - 1] if at else _BEGINNING) or ""] += items
        found.subtract(Counter(known.at("campaign", row.column_id, row.published_at) or "" for row in self.notices))
        return found

    def _by_time(self, by: By) -> dict[str, int]:
        first, last = self.ask(self.questions.ends).one()
        if first is None:
            return {}
        found: dict[str, int] = {}
        notices = sorted(microseconds(row.published_at) for row in self.notices)
        every = spans(by, first, last, self.period.zone)
        if by in _UNEVEN:
            return self._by_uneven(list(clipped(every, self.period.begins, self.period.ends)), notices)
        for some in runs(every, self.period.begins, self.period.ends):
            begins, step = microseconds(some.begins), some.microseconds
            counted = self.ask(self.questions.within, first=begins, step=step, most=len(some.spans))
            for span, (_, items) in zip(some.spans, counted, strict=True):
                less = bisect_left(notices, begins + step) - bisect_left(notices, begins) if notices else 0
                begins += step
                if items > less:
                    found[span.name] = items - less
        return found

    def _by_uneven(self, every: Sequence[Span], notices: Sequence[int]) -> dict[str, int]:
        """Spans of all lengths: as they are kept by months, and the others by their pieces of the index."""
        counted = kept_items(self.connection, self.period, every)
        counted |= self._in_pieces([span for span in every if span not in counted])
        found: dict[str, int] = {}
        for span in every:
            begins, ends = microseconds(span.begins), microseconds(span.ends)
            less = bisect_left(notices, ends) - bisect_left(notices, begins)
            if counted[span] > less:
                found[span.name] = counted[span] - less
        return found

    def _in_pieces(self, every: Sequence[Span]) -> dict[Span, int]:
        """What stands in each span, so many in one question: a question for each costs more than its answer."""
        found: dict[Span, int] = {}
        for start in range(0, len(every), PIECES):
            some = every[start : start + PIECES]
            bounds = [(microseconds(span.begins), microseconds(span.ends)) for span in some]
            bounds += [(0, 0)] * (PIECES - len(some))
            asked = {
                f"{name}{at}": moment
                for at, pair in enumerate(bounds)
                for name, moment in zip(("from", "to"), pair, strict=True)
            }
            found.update(zip(some, self.ask(self.questions.pieces, **asked).one(), strict=False))
        return found


_BEGINNING: Final = datetime.min.replace(tzinfo=UTC)


def by_some(numbers: Iterable[int]) -> list[list[int]]:
    """Numbers in order, as many at a time as one statement takes."""
    every = sorted(numbers)
    return [every[start : start + _TOGETHER] for start in range(0, len(every), _TOGETHER)]


def _largest(entry: tuple[str, int]) -> tuple[int, str]:
    return -entry[1], entry[0]
