"""What must be true of the rows, each as a sentence and as a query for the deliveries of which it is not. Inside the caller's transaction."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from xuanfa.domain.attempt import delivery_key
from xuanfa.domain.delivery import MOVES, State
from xuanfa.store.ledger import CORRECTED, proofs_of
from xuanfa.store.schema import attempts, deliveries, events, metadata, posts, receipts, renditions, revisions

_D, _A, _R, _E, _P, _N = deliveries.c, attempts.c, receipts.c, events.c, posts.c, renditions.c
_PUBLIC = ("published", "retracting", "retracted")
_STATES = {state.value: state for state in State}


@dataclass(frozen=True, slots=True)
class Invariant:
    """``words`` are the sentence in Chinese and in English; ``query`` finds the ids of deliveries that break it."""

    words: tuple[str, str]
    query: sa.Select[Any]


def _having(table: sa.Table, *conditions: sa.ColumnElement[bool]) -> sa.Exists:
    return sa.exists().where(table.c.delivery_id == _D.id, *conditions)


def _deliveries(*conditions: sa.ColumnElement[bool]) -> sa.Select[Any]:
    return sa.select(_D.id).where(*conditions).order_by(_D.id)


_open = _having(attempts, _A.ended_at.is_(None), _A.number == _D.attempt)
_last = sa.select(sa.func.coalesce(sa.func.max(_A.number), 0)).where(_A.delivery_id == _D.id).scalar_subquery()

_other = receipts.alias()
_its = deliveries.alias()
# Both its number and its page: a receiver that gives everything one of them tells nothing by it.
_has_twin = sa.exists().where(
    _other.c.delivery_id == _its.c.id,
    _other.c.delivery_id != _D.id,
    _its.c.channel == _D.channel,
    _other.c.remote_id == _R.remote_id,
    _other.c.address == _R.address,
    _other.c.retracted_at.is_(None),
    _R.retracted_at.is_(None),
)

_began, _published = events.alias("began"), events.alias("published")
# What was only handed over (a draft, a pack) can be taken back; it never had a receipt.
_was_handed_over = sa.exists().where(
    _D.state != State.PUBLISHED.value,
    _began.c.delivery_id == _D.id,
    _began.c.before == State.ACCEPTED.value,
    _began.c.after == State.RETRACTING.value,
    ~sa.exists().where(
        _published.c.delivery_id == _D.id, _published.c.after == State.PUBLISHED.value, _published.c.id > _began.c.id
    ),
)

#: Those that speak of receipts: what they find, no withdrawal goes by.
OF_RECEIPTS = (
    Invariant(
        ("已发布、撤稿中、已撤回的投递都有回执", "What is published, retracting or retracted has its receipt"),
        _deliveries(_D.state.in_(_PUBLIC), ~_having(receipts), ~_was_handed_over),
    ),
    Invariant(
        ("没有发布的投递没有回执", "What was not published has no receipt"),
        _deliveries(_D.state.not_in(_PUBLIC), _having(receipts)),
    ),
    Invariant(
        ("撤回的回执记有撤回时间，其余没有", "A receipt has a time of withdrawal exactly when it was withdrawn"),
        sa.select(_D.id)
        .join(receipts, _R.delivery_id == _D.id)
        .where((_D.state == "retracted") != _R.retracted_at.is_not(None))
        .order_by(_D.id),
    ),
    Invariant(
        ("回执的账号和模式就是投递的账号和模式", "A receipt has the account and the mode of its delivery"),
        sa.select(_D.id)
        .join(receipts, _R.delivery_id == _D.id)
        .where(sa.or_(_D.rehearsal != _R.rehearsal, sa.and_(_R.account != "", _D.account != _R.account)))
        .order_by(_D.id),
    ),
    Invariant(
        ("有回执的投递都有一行写明发布的历史", "What has a receipt has a line of history that tells of its publication"),
        _deliveries(_having(receipts), ~_having(events, _E.after == State.PUBLISHED.value, _E.before.is_not(None))),
    ),
)  # fmt: skip

BY_QUERY = (
    *OF_RECEIPTS,
    Invariant(
        ("发布中的投递都有一次进行中的尝试", "What is publishing has an attempt that is under way"),
        _deliveries(_D.state == "publishing", ~_open),
    ),
    Invariant(
        ("投递的尝试序号等于最后一次尝试", "A delivery's attempt is its latest one"),
        _deliveries(_D.attempt != _last),
    ),
    Invariant(
        ("投递的成稿就是送审冻结的那一份", "A delivery's digest is that of its frozen rendition"),
        sa.select(_D.id)
        .join(renditions, _N.id == _D.rendition_id)
        .where(sa.or_(_N.digest != _D.digest, _N.channel != _D.channel, _N.post_id != _D.post_id))
        .order_by(_D.id),
    ),
    Invariant(
        ("没有两张回执登记同一次发布", "No two receipts are of one publication"),
        sa.select(_D.id)
        .join(receipts, _R.delivery_id == _D.id)
        .where(_has_twin)
        .order_by(_D.id),
    ),
    Invariant(
        ("回执的标题、专栏、部门、作者就是所发版本的", "A receipt has the title, column, department and author of the revision that was sent"),
        sa.select(_D.id)
        .join(receipts, _R.delivery_id == _D.id)
        .join(revisions, sa.and_(revisions.c.post_id == _D.post_id, revisions.c.number == _D.revision))
        .where(
            _R.title != "",
            sa.or_(_R.column_id != _D.column_id, *(_R[name] != revisions.c[name] for name in ("title", "department", "author"))),
        )
        .order_by(_D.id),
    ),
    Invariant(
        ("台账的类型、原创与转载就是所发版本的", "The ledger has the kind of the revision that was sent, and whether that was the office's own"),
        sa.select(_D.id)
        .join(receipts, _R.delivery_id == _D.id)
        .join(revisions, sa.and_(revisions.c.post_id == _D.post_id, revisions.c.number == _D.revision))
        .where(sa.or_(*(_R[name] != revisions.c[name] for name in ("kind", "original"))))
        .order_by(_D.id),
    ),
    Invariant(
        ("投递的稿件版本都在", "The revision that a delivery names is there"),
        _deliveries(
            ~sa.exists().where(revisions.c.post_id == _D.post_id, revisions.c.number == _D.revision)
        ),
    ),
)  # fmt: skip


def orphans(connection: sa.Connection) -> Iterator[str]:
    """Rows that refer to rows that are not there: the table and how many. A database should not let it come to that."""
    for table in metadata.sorted_tables:
        for key in sorted(table.foreign_key_constraints, key=lambda key: list(key.column_keys)):
            target = key.referred_table.alias()
            same = (target.c[each.column.name] == each.parent for each in key.elements)
            lost = sa.and_(*(column.is_not(None) for column in key.columns), ~sa.exists().where(*same))
            count = connection.scalar(sa.select(sa.func.count()).select_from(table).where(lost))
            if count:
                yield f"{table.name}.{key.column_keys[0]}: {count}"


def damage(connection: sa.Connection) -> list[str]:
    """What SQLite finds wrong with its file; PostgreSQL looks after its own pages."""
    if connection.dialect.name != "sqlite":
        return []
    return [text for text in connection.scalars(sa.text("PRAGMA integrity_check(20)")) if text != "ok"]


def wrong_keys(connection: sa.Connection) -> Iterator[int]:
    """Deliveries whose idempotency key is not the one of their post, channel and digest: a channel would not know them again."""
    query = sa.select(_D.id, _D.key, _D.channel, _D.digest, _P.slug).join(posts, _P.id == _D.post_id)
    for row in connection.execute(query.where(_D.rendition_id.is_not(None)).order_by(_D.id)):
        if row.key != delivery_key(row.slug, row.channel, row.digest):
            yield row.id


def wrong_receipts(connection: sa.Connection, only: int | None = None) -> Iterator[int]:
    """Deliveries whose receipt is not the one that the history has put under the seal. Publications of before 0003 have none there.

    With ``only``, one delivery is looked at.
    """
    newest = (
        sa.select(sa.func.max(_E.id).label("id"))
        .where(sa.or_(_publishes, _E.after == CORRECTED))
        .where(_is(_E.delivery_id, only))
        .group_by(_E.delivery_id)
        .subquery()
    )
    query = (
        sa.select(
            _D.id,
            _D.key,
            _D.digest,
            _E.receipt.label("sealed"),
            *(c for c in receipts.columns if c.name != "delivery_id"),
        )
        .join(newest, newest.c.id == _E.id)
        .join(deliveries, _D.id == _E.delivery_id)
        .join(receipts, _R.delivery_id == _D.id)
        .where(_E.receipt.is_not(None))
        .order_by(_D.id)
    )
    for row in connection.execute(query.execution_options(yield_per=500)).mappings():
        if row["sealed"] not in proofs_of(dict(row)):
            yield row["id"]


_publishes = sa.and_(_E.after == State.PUBLISHED.value, _E.before.is_not(None), _E.before != State.RETRACTING.value)


def _is(column: sa.Column[int], only: int | None) -> sa.ColumnElement[bool]:
    return sa.true() if only is None else column == only


def receipt_is_sound(connection: sa.Connection, delivery_id: int) -> bool:
    """Whether the receipt of one delivery is what the history has put under the seal, or there is rightly none."""
    broken = any(connection.scalar(each.query.where(_D.id == delivery_id)) for each in OF_RECEIPTS)
    return not broken and not list(wrong_receipts(connection, delivery_id))


def broken_histories(connection: sa.Connection) -> list[int]:
    """Deliveries whose moves in the history do not follow from each other by the table of moves, or do not end where they stand."""
    stands, broken = dict[int, str](), set[int]()
    query = sa.select(_E.delivery_id, _E.before, _E.after).where(_E.delivery_id.is_not(None)).order_by(_E.id)
    for number, before, after in connection.execute(query.execution_options(yield_per=1000)):
        if after not in _STATES or (before is None and number in stands):
            continue  # a line that is no move
        if before is not None and not _follows(stands.get(number), before, after):
            broken.add(number)
        stands[number] = after
    for number, state in connection.execute(sa.select(_D.id, _D.state)):
        last = stands.get(number)
        if last is None or (state != last and (last, state) != _CLAIM):
            broken.add(number)
    return sorted(broken)


#: A claim writes no line of its own: its attempt says the same.
_CLAIM = (State.SCHEDULED.value, State.PUBLISHING.value)
#: What earlier versions wrote as one line: a withdrawal by hand.
_AT_ONCE = (State.PUBLISHED.value, State.RETRACTED.value)


def _follows(stood: str | None, before: str, after: str) -> bool:
    known = stood is None or stood == before or (stood, before) == _CLAIM
    allowed = before in _STATES and _STATES[after] in MOVES[_STATES[before]]
    return known and (allowed or (before, after) == _AT_ONCE)
