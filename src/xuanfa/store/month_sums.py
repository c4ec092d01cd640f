"""What months that are over come to, kept beside the receipts: ten years are then the sum of their months. Inside the caller's transaction.

A month is kept as one question to its receipts answers it, and everything that writes a receipt (``store/ledger``) drops the months that it
concerns: its own, and those of what is counted once however often it stands (a post on several channels, the articles of one push). What is not
kept is counted. Posts that stand in several months are kept by their numbers, so that those of many months together are exact.
"""

import json
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from xuanfa.domain.figures import ON_TIME
from xuanfa.store.columns import microseconds
from xuanfa.store.ledger_schema import is_first, stands
from xuanfa.store.month_sums_schema import month_sums
from xuanfa.store.schema import deliveries, receipts

_D, _R, _S = deliveries.c, receipts.c, month_sums.c
_other = receipts.alias("other")
_O = _other.c
_other_stands = sa.and_(_O.retracted_at.is_(None), _O.rehearsal == sa.false())
_same_post = _O.post_id == _R.post_id
_same_push = sa.and_(_O.channel == _R.channel, _O.remote_id == _R.remote_id)
PLACE: Final = sa.join(receipts, deliveries, _D.id == _R.delivery_id)
#: A push by the platform's number; an article without one is a push by itself, told by its address. No address begins with that sign.
_push: Final[sa.ColumnElement[Any]] = sa.func.coalesce(
    sa.literal_column("'#'").concat(_R.remote_id), _R.address, sa.cast(_R.delivery_id, sa.Text)
)
_late: Final = sa.type_coerce(_R.published_at, sa.BigInteger) - sa.type_coerce(_D.due_at, sa.BigInteger)
#: No time that is stored lies behind it: the end of the year 9999.
LAST: Final = 253_402_300_800_000_000
#: The kind of channel whose publications are pushed in sets.
WECHAT: Final = "wechat"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A figure of what stands in some days, by columns of the ledger: how many there are, or of ``once`` how many different ones, or when the
    newest was published. ``same`` is how the ``once`` of another receipt is known, and ``loose`` which cannot be known so."""

    by: tuple[sa.ColumnElement[Any], ...] = ()
    once: sa.ColumnElement[Any] | None = None
    same: sa.ColumnElement[bool] | None = None
    loose: sa.ColumnElement[bool] | None = None
    newest: bool = False
    of: sa.FromClause = receipts
    only: tuple[sa.ColumnElement[bool], ...] = ()

    def question(self, *where: sa.ColumnElement[bool]) -> sa.Select[Any]:
        """Its rows: what it is counted by, and the figure."""
        conditions = (stands, *where, *self.only)
        if self.once is not None and not self.by:
            distinct = sa.select(self.once).select_from(self.of).where(*conditions).distinct().subquery()
            return sa.select(sa.func.count()).select_from(distinct)
        figure: sa.ColumnElement[Any] = sa.func.count() if self.once is None else sa.func.count(self.once.distinct())
        if self.newest:
            figure = sa.func.max(sa.type_coerce(_R.published_at, sa.BigInteger))
        return sa.select(*self.by, figure).select_from(self.of).where(*conditions).group_by(*self.by)

    def members(self, *where: sa.ColumnElement[bool]) -> sa.Select[Any]:
        """Each that is counted once, by what it is counted by."""
        once = () if self.once is None else (self.once,)
        return sa.select(*self.by, *once).select_from(self.of).where(stands, *where, *self.only).distinct()

    def shared(self, begins: datetime, ends: datetime, *where: sa.ColumnElement[bool]) -> sa.Select[Any] | None:
        """Those of them that stand outside of these days as well; nothing of a figure that simply adds up."""
        if self.same is None:
            return None
        outside = sa.or_(_O.published_at < begins, _O.published_at >= ends)
        elsewhere: sa.ColumnElement[bool] = sa.exists().where(self.same, _other_stands, outside)
        return self.members(*where, elsewhere if self.loose is None else sa.or_(self.loose, elsewhere))


def late(grace: int) -> sa.ColumnElement[bool]:
    """Whether a publication was out later than so many microseconds after its time."""
    return _late > sa.literal(grace, sa.BigInteger)


#: All that is kept, by name. A part that is added here makes no month known that is kept without it: empty the table in its migration.
PARTS: Final = {
    "items": Part(),
    **{name: Part(by=(_R[name],)) for name in ("channel", "column_id", "department", "author")},
    "kind": Part(by=(_R.kind, _R.original)),
    "late": Part(of=PLACE, only=(late(ON_TIME.seconds * 1_000_000),)),
    "first": Part(only=(_R.original == sa.true(), is_first)),
    "newest-department": Part(by=(_R.department,), newest=True),
    "newest-author": Part(by=(_R.author,), newest=True),
    "posts": Part(once=_R.post_id, same=_same_post),
    "posts-department": Part(by=(_R.department,), once=_R.post_id, same=_same_post),
    "posts-author": Part(by=(_R.author,), once=_R.post_id, same=_same_post),
    "articles": Part(by=(_R.channel,), of=PLACE, only=(_D.kind == WECHAT,)),
    "pushes": Part(
        by=(_R.channel,),
        once=_push,
        same=_same_push,
        loose=_R.remote_id.is_(None),
        of=PLACE,
        only=(_D.kind == WECHAT,),
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """The rows of a part of some days, and what of it stands in other days too."""

    rows: Sequence[Sequence[Any]]
    shared: Sequence[Sequence[Any]] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """A month that is kept: its days, in microseconds, and a part of it."""

    begins: int
    ends: int
    sums: Sums


def together(part: Part, several: Sequence[Sums]) -> dict[tuple[Any, ...], int]:
    """The figures of several times that do not overlap, by what they are counted by."""
    found: dict[tuple[Any, ...], int] = {}
    for each in several:
        for *key, figure in each.rows:
            name = tuple(key)
            known = found.get(name, 0)
            found[name] = max(known, figure) if part.newest else known + figure
    times = Counter(tuple(one) for each in several for one in each.shared)
    for (*key, _), number in times.items():
        if number > 1:
            found[tuple(key)] -= number - 1
    return found


def kept(connection: sa.Connection, part: str, begins: datetime | None, ends: datetime | None) -> list[Month]:
    """The months that are kept and lie within these bounds, in order; none overlaps another, whatever zones they were made for."""
    asked = {
        "part": part,
        "first": 0 if begins is None else microseconds(begins),
        "last": LAST if ends is None else microseconds(ends),
    }
    found: list[Month] = []
    for since, until, text in connection.execute(_KEPT, asked):
        if not found or since >= found[-1].ends:
            found.append(Month(begins=since, ends=until, sums=_read(text)))
    return found


def all_kept(connection: sa.Connection) -> set[tuple[datetime, datetime]]:
    """The days of every month that is kept."""
    rows = connection.execute(sa.select(_S.begins, _S.ends).where(_S.part == "items"))
    return {(row.begins, row.ends) for row in rows}


def first_publication(connection: sa.Connection) -> datetime | None:
    """When the earliest publication that stands was published."""
    found: datetime | None = connection.scalar(sa.select(sa.func.min(_R.published_at)).where(stands))
    return found


def keep(connection: sa.Connection, begins: datetime, ends: datetime) -> None:
    """Count a month and keep what it comes to. Nobody writes receipts meanwhile: SQLite has one writer, and PostgreSQL has the others wait."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text(f"LOCK TABLE {receipts.name} IN SHARE MODE"))
    connection.execute(month_sums.delete().where(_S.begins < ends, _S.ends > begins))
    rows = [
        {"part": name, "begins": begins, "ends": ends, "found": _counted(connection, part, begins, ends)}
        for name, part in PARTS.items()
    ]
    connection.execute(month_sums.insert(), rows)


def drop(connection: sa.Connection, begins: datetime) -> None:
    """Keep a month no longer."""
    connection.execute(month_sums.delete().where(_S.begins == begins))


def concerned(connection: sa.Connection, ids: Collection[int]) -> list[datetime]:
    """When what these deliveries published stands, with all that is counted once with it: as far back as months are kept."""
    if not ids:
        return []
    return list(connection.scalars(_CONCERNED, {"ids": list(ids)}))


def drop_those_of(connection: sa.Connection, moments: Iterable[datetime]) -> None:
    """Drop the months of these moments. After the receipts are written: whoever counts a month meanwhile waits for them, and not they for it."""
    for moment in moments:
        connection.execute(_DROP, {"moment": moment})


def altered(connection: sa.Connection) -> list[datetime]:
    """The months that do not come to what is kept of them, by their first moment."""
    found: set[datetime] = set()
    for row in connection.execute(sa.select(month_sums).order_by(_S.begins)).all():
        part = PARTS.get(row.part)
        if part is None or row.found != _counted(connection, part, row.begins, row.ends):
            found.add(row.begins)
    return sorted(found)


def _counted(connection: sa.Connection, part: Part, begins: datetime, ends: datetime) -> str:
    days = (_R.published_at >= begins, _R.published_at < ends)
    rows = sorted(_plain(row) for row in connection.execute(part.question(*days)))
    query = part.shared(begins, ends, *days)
    shared = [] if query is None else sorted(_plain(row) for row in connection.execute(query))
    return json.dumps([rows, shared], ensure_ascii=False, separators=(",", ":"))


def _plain(row: Iterable[Any]) -> list[Any]:
    return [int(value) if isinstance(value, bool) else value for value in row]


def _read(text: str) -> Sums:
    rows, shared = json.loads(text)
    return Sums(rows=rows, shared=shared)


_begins, _ends = (sa.type_coerce(each, sa.BigInteger) for each in (_S.begins, _S.ends))
_KEPT: Final = (
    sa.select(_begins, _ends, _S.found)
    .where(_S.part == sa.bindparam("part"), _begins >= sa.bindparam("first"), _ends <= sa.bindparam("last"))
    .order_by(_S.begins)
)
_last = sa.select(_S.ends).where(_S.part == "items").order_by(_S.begins.desc()).limit(1).scalar_subquery()
_written = _R.delivery_id.in_(sa.bindparam("ids", expanding=True))
_CONCERNED: Final = sa.union(
    sa.select(_R.published_at).where(_written, _R.published_at < _last),
    *(
        sa.select(_O.published_at)
        .select_from(sa.join(receipts, _other, same))
        .where(_written, _other_stands, _O.published_at < _last)
        for same in (_same_post, _same_push)
    ),
)
_moment = sa.bindparam("moment", type_=_S.begins.type)
_DROP: Final = month_sums.delete().where(_S.begins <= _moment, _S.ends > _moment)
