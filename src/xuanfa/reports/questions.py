"""The questions by which the ledger is counted: built once for each shape of period, since putting one together costs more than asking it."""

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, Final

import sqlalchemy as sa

from xuanfa.domain.channel import practice_of
from xuanfa.reports.followers import corrected, following
from xuanfa.reports.period import Period
from xuanfa.store.ledger_schema import apart, stands
from xuanfa.store.own import asked_with, written_by_asked
from xuanfa.store.schema import receipts

_R = receipts.c
#: What is read of publications that are counted one by one.
_KNOWN: Final = (
    _R.delivery_id, _R.post_id, _R.channel, _R.column_id, _R.department, _R.author, _R.kind, _R.original, _R.published_at,
)  # fmt: skip
#: So many spans of different length stand in one question.
PIECES: Final = 12
Question = sa.Select[*tuple[Any, ...]]


def values_of(period: Period) -> dict[str, Any]:
    """What its questions are asked with."""
    given = {
        "begins": period.begins,
        "ends": period.ends,
        "column": period.column,
        "channel": period.channel,
        "practice": None if period.channel is None else practice_of(period.channel),
        "department": period.department,
    }
    own = {} if period.own is None else asked_with(period.own)
    return {name: value for name, value in given.items() if value is not None} | own


def questions(period: Period) -> "Questions":
    """Those of a period like this one."""
    return questions_of(frozenset(values_of(period)))


@lru_cache(maxsize=64)
def questions_of(shape: frozenset[str]) -> "Questions":
    """Those of a period in which these things are named."""
    return Questions(shape)


@dataclass(frozen=True)
class Questions:
    """Of periods in which the same things are named; the values are given when they are asked."""

    shape: frozenset[str]

    @cached_property
    def days(self) -> tuple[sa.ColumnElement[bool], ...]:
        """The days."""
        begins = (_R.published_at >= sa.bindparam("begins", type_=_R.published_at.type),)
        ends = (_R.published_at < sa.bindparam("ends", type_=_R.published_at.type),)
        return (*(begins if "begins" in self.shape else ()), *(ends if "ends" in self.shape else ()))

    @cached_property
    def _named(self) -> tuple[sa.ColumnElement[bool], ...]:
        found = {"column": _R.column_id, "department": _R.department}
        own = (_R.post_id.in_(written_by_asked()),) if "own_name" in self.shape else ()
        return (*(column == sa.bindparam(name) for name, column in found.items() if name in self.shape), *own)

    @cached_property
    def named(self) -> tuple[sa.ColumnElement[bool], ...]:
        """What is named beside them."""
        return (*self._named, *((_R.channel == sa.bindparam("channel"),) if "channel" in self.shape else ()))

    @cached_property
    def where(self) -> tuple[sa.ColumnElement[bool], ...]:
        """What stands in it."""
        return (stands, *self.days, *self.named)

    @cached_property
    def following(self) -> Question:
        """What stands of posts that follow from corrections."""
        return sa.select(*_KNOWN).where(*self.where, _R.post_id.in_(following))

    @cached_property
    def corrected(self) -> Question:
        """Of which of the posts that they correct anything stands."""
        return sa.select(_R.post_id).where(*self.where, _R.post_id.in_(corrected)).distinct()

    @cached_property
    def beside(self) -> Question:
        """What was withdrawn, and what stands on practice platforms. There a channel may have another name."""
        gone = _R.retracted_at.is_not(None)
        retracted = sa.func.count().filter(gone, _R.rehearsal == sa.false())
        rehearsed = sa.func.count().filter(~gone, _R.rehearsal == sa.true())
        either = sa.or_(_R.channel == sa.bindparam("channel"), _R.channel == sa.bindparam("practice"))
        named = (*self._named, *((either,) if "channel" in self.shape else ()))
        return sa.select(retracted, rehearsed).where(apart, *self.days, *named)

    @cached_property
    def ends(self) -> Question:
        """The first time and the last. Each by itself is one step in an index; both at once would be all of them."""
        first, last = (sa.select(end(_R.published_at)).where(*self.where) for end in (sa.func.min, sa.func.max))
        return sa.select(first.scalar_subquery(), last.scalar_subquery())

    @cached_property
    def within(self) -> Question:
        """How many stand in each span of a run, which lies within the period: each is a piece of the index by time. The days of the period would
        have the database look through all of them for each."""
        first, step, most = (sa.bindparam(name, type_=sa.BigInteger) for name in ("first", "step", "most"))
        number = sa.cast(sa.literal_column("0"), sa.BigInteger).label("number")
        each = sa.select(number, first.label("begins")).cte("each", recursive=True)
        each = each.union_all(sa.select(each.c.number + 1, each.c.begins + step).where(each.c.number + 1 < most))
        at = sa.type_coerce(_R.published_at, sa.BigInteger)
        inside = (at >= each.c.begins, at < each.c.begins + step)
        counted = sa.select(sa.func.count()).select_from(receipts).where(stands, *self.named, *inside)
        return sa.select(each.c.number, counted.correlate(each).scalar_subquery()).order_by(each.c.number)

    @cached_property
    def pieces(self) -> Question:
        """How many stand in each of ``PIECES`` spans of any length, which lie within the period (``from0``, ``to0``, …); an empty span has none."""
        at = sa.type_coerce(_R.published_at, sa.BigInteger)

        def one(number: int) -> sa.ScalarSelect[int]:
            begins, ends = (sa.bindparam(f"{name}{number}", type_=sa.BigInteger) for name in ("from", "to"))
            query = sa.select(sa.func.count()).select_from(receipts)
            return query.where(stands, *self.named, at >= begins, at < ends).scalar_subquery()

        return sa.select(*(one(number).label(f"in{number}") for number in range(PIECES)))
