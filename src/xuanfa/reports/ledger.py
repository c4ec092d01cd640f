"""The ledger (台账): one row for each publication, as it was then, read one after the other however many there are.

A *publication* is a receipt: item × channel × time × address × state. Rows of other origins than this program's own join in ``SOURCES``.
"""

from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from heapq import merge
from itertools import islice
from typing import Any, Final

import sqlalchemy as sa

from xuanfa.domain.access import Veil, restricted_mark
from xuanfa.domain.channel import base_of
from xuanfa.domain.correction import Progress
from xuanfa.reports.followers import followers
from xuanfa.reports.imported import imported_rows
from xuanfa.reports.mark import Mark
from xuanfa.reports.period import Period
from xuanfa.store import access, names
from xuanfa.store.database import Store
from xuanfa.store.ledger_schema import apart, is_first, stands
from xuanfa.store.names import Names
from xuanfa.store.reviews_schema import approvals, decisions
from xuanfa.store.schema import deliveries, posts, receipts
from xuanfa.store.withdrawals_schema import corrections as corrections_table

#: The origin of what this program has published and proved.
OWN: Final = "own"
#: The keys of a row for programs, in their order.
KEYS: Final = (
    "id", "post", "title", "column", "column_title", "channel", "channel_title", "department", "author", "kind", "state", "origin", "due_at",
    "published_at", "minutes", "address", "remote_id", "approved_by", "rehearsal", "retracted_at", "corrected_at",
)  # fmt: skip
_TOGETHER = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """A row of the ledger. Titles of column and channel, department and author are those of then.

    ``kind`` is the post's (which template it is reviewed by, or its author has chosen), ``channel_kind`` that of the channel (``wechat``).
    ``state`` is where its delivery stands. ``approved_by`` is a login name.
    """

    id: int
    post: str
    title: str
    column: str
    column_title: str
    channel: str
    channel_title: str
    department: str
    author: str
    kind: str
    state: str
    origin: str = OWN
    due_at: datetime | None
    published_at: datetime
    #: From due to published, in whole minutes; less than nought where it was out before.
    minutes: int | None
    address: str | None
    remote_id: str | None
    approved_by: str | None = None
    rehearsal: bool = False
    retracted_at: datetime | None = None
    corrected_at: datetime | None = None
    channel_kind: str = ""
    #: Whether the office wrote it itself (原创); a repost (转载) names a source.
    original: bool = True
    #: Whether it is the first publication of an original post that stands (首发).
    first: bool = False
    #: Whether it only says what was wrong in another one (更正说明), so that it is no item of its own.
    notice: bool = False
    #: When it was brought in; nothing of what this program has published.
    imported_at: datetime | None = None
    #: Whether what it carries is hidden from whoever looks.
    restricted: bool = False

    @property
    def counts(self) -> bool:
        """Whether it is an item: out for real by this program's proof, not withdrawn, and no notice of a correction."""
        return self.origin == OWN and not self.rehearsal and self.retracted_at is None and not self.notice

    @property
    def which(self) -> "Which":
        """In which part of the ledger it stands."""
        if self.origin != OWN:
            return Which.IMPORTED
        return Which.COUNTED if self.counts else Which.APART

    def as_json(self) -> dict[str, Any]:
        """The contract for programs."""
        return {key: getattr(self, key) for key in KEYS}


class Which(Enum):
    """The parts of the ledger: all of it; what counts; what was imported, which nobody here has proved; and what was withdrawn or rehearsed, or
    only says what was wrong."""

    ALL = "all"
    COUNTED = "counted"
    IMPORTED = "imported"
    APART = "apart"

    def has(self, row: Publication) -> bool:
        """Whether a row is in it."""
        return self in {Which.ALL, row.which}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What every source of rows is read with: inside one transaction, so that all of it is of one moment. A source may give more rows than
    ``which`` asks for: they are left out behind it."""

    connection: sa.Connection
    period: Period
    veil: Veil
    names: Names
    which: Which
    newest_first: bool = False
    behind: Mark | None = None
    #: So many rows are taken from the database at a time: a page needs few of what may be a million.
    together: int = _TOGETHER

    def laid_out(
        self, query: "sa.Select[Any]", at: "sa.Column[Any]", number: "sa.Column[Any]", *, least: int = 0
    ) -> "sa.Select[Any]":
        """The rows in the order that is asked for, from the mark on. The numbers of this source begin at ``least`` in the ledger."""
        if not self.newest_first:
            return query.order_by(at, number)
        if self.behind is not None:
            other = sa.or_(at < self.behind.at, number < self.behind.id - least)
            query = query.where(at <= self.behind.at, other)
        return query.order_by(at.desc(), number.desc())


def publications(
    store: Store, period: Period, veil: Veil | None = None, *, parts: Sequence[Which] = (Which.ALL,)
) -> Generator[Publication]:
    """The publications of a period by time, those that were withdrawn or rehearsed among them; ``Publication.counts`` tells them apart.
    With several ``parts``, one part after the other.

    Without a ``veil``, as the machine's account sees them. Close what is not read to its end (``contextlib.closing``): a transaction is open
    until then.
    """
    with store.read() as connection:
        yield from publications_in(connection, period, veil or access.veil(connection), parts=parts)


def publications_in(
    connection: sa.Connection, period: Period, veil: Veil, *, parts: Sequence[Which] = (Which.ALL,)
) -> Generator[Publication]:
    """The same inside a transaction."""
    known = names.all_names(connection)
    for which in parts:
        reading = Reading(connection=connection, period=period, veil=veil, names=known, which=which)
        rows = merge(*(source(reading) for source in SOURCES), key=lambda row: row.published_at)
        yield from (row for row in rows if which.has(row))


def newest(
    store: Store, period: Period, veil: Veil, which: Which, *, most: int, behind: Mark | None = None
) -> list[Publication]:
    """At most so many rows of one part of the ledger, the newest first, from behind a mark on."""
    with store.read() as connection:
        known = names.all_names(connection)
        reading = Reading(
            connection=connection,
            period=period,
            veil=veil,
            names=known,
            which=which,
            newest_first=True,
            behind=behind,
            together=most + 1,
        )
        found = [source(reading) for source in SOURCES]
        rows = merge(*found, key=lambda row: (row.published_at, row.id), reverse=True)
        return list(islice((row for row in rows if which.has(row)), most))


_D, _P, _R = deliveries.c, posts.c, receipts.c
_ROWS = (
    sa.select(
        _R.delivery_id.label("id"),
        _R.post_id,
        _P.slug.label("post"),
        sa.func.coalesce(sa.func.nullif(_R.title, ""), _P.title).label("title"),
        _R.column_id.label("column"),
        _R.channel,
        _R.department,
        _R.author,
        _R.kind,
        _D.state,
        _D.due_at,
        _R.published_at,
        _R.address,
        _R.remote_id,
        decisions.c.actor.label("approved_by"),
        _R.rehearsal,
        _R.retracted_at,
        _D.kind.label("channel_kind"),
        _R.original,
        sa.and_(_R.original, stands, is_first).label("first"),
    )
    .join(deliveries, _D.id == _R.delivery_id)
    .join(posts, _P.id == _R.post_id)
    .outerjoin(approvals, approvals.c.id == _D.approval)
    .outerjoin(
        decisions,
        sa.and_(decisions.c.review_id == approvals.c.review_id, decisions.c.number == approvals.c.decision),
    )
)


def _own(reading: Reading) -> Iterator[Publication]:
    """What this program has published."""
    if reading.which is Which.IMPORTED:
        return
    corrected = _corrected(reading.connection)
    after = followers(reading.connection)
    query = reading.laid_out(_ROWS.where(*reading.period.conditions()), _R.published_at, _R.delivery_id)
    if reading.which is Which.COUNTED:
        query = query.where(stands)
    elif reading.which is Which.APART and not after.notices:
        query = query.where(apart)
    for row in reading.connection.execute(query.execution_options(yield_per=reading.together)):
        is_hidden = row.post_id in reading.veil.hidden
        if is_hidden and reading.period.asks_what_is_hidden:
            continue
        facts = row._asdict()
        del facts["post_id"]
        facts |= {
            "channel": base_of(row.channel),
            "column_title": reading.names.at("column", row.column, row.published_at) or row.column,
            "channel_title": _called(reading.names, base_of(row.channel), row.published_at),
            "minutes": int((row.published_at - row.due_at).total_seconds() / 60),
            "corrected_at": corrected.get(row.id),
            "notice": row.post_id in after.notices,
            "first": bool(row.first) and row.post_id not in after.roots,
        }
        yield Publication(**facts | (_veiled() if is_hidden else {}))


def _called(known: Names, channel: str, when: datetime) -> str:
    return known.at("channel", channel, when) or channel


def _corrected(connection: sa.Connection) -> Mapping[int, datetime]:
    """When what is out was last changed in its place, by delivery."""
    c = corrections_table.c
    query = sa.select(c.delivery_id, sa.func.max(c.done_at)).where(c.state == Progress.DONE.value)
    return {row[0]: row[1] for row in connection.execute(query.group_by(c.delivery_id)) if row[1] is not None}


def _veiled() -> dict[str, Any]:
    """What stands in place of whatever may hold words of a restricted post, or points to it."""
    empty = dict.fromkeys(("column", "column_title", "department", "author", "kind"), "")
    hidden = {"title": restricted_mark(), "address": None, "remote_id": None, "restricted": True}
    return empty | hidden


def _imported(reading: Reading) -> Iterator[Publication]:
    """What was imported from elsewhere; whether the office wrote it, or which was first, nobody has said."""
    if reading.which in {Which.ALL, Which.IMPORTED}:
        yield from (Publication(**facts) for facts in imported_rows(reading))


#: Where rows come from, each by the time of publication.
SOURCES: Final[tuple[Callable[[Reading], Iterator[Publication]], ...]] = (_own, _imported)
