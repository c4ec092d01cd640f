"""Which deliveries may bring the same content as others: candidates by title and length, to be compared. Inside the caller's transaction."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from xuanfa.domain.delivery import MAY_BE_OUT, ON_SHELF, Delivery, State
from xuanfa.domain.likeness import Sketch, lengths_like
from xuanfa.store import records
from xuanfa.store.schema import deliveries, posts, revisions

_D, _P, _V = deliveries.c, posts.c, revisions.c
_TO_COME = frozenset({State.AWAITING_REVIEW, State.SCHEDULED})
#: States in which it is, may be or will be public. What was withdrawn makes room for its correction.
_COUNTS = MAY_BE_OUT | _TO_COME


def counts(delivery: Delivery) -> bool:
    """Whether another delivery of the same content would be the second one. What lies on the shelf may never go out; it is asked about when a
    person releases it."""
    return delivery.state in _COUNTS and delivery.shelf != ON_SHELF


@dataclass(frozen=True, slots=True)
class Candidate:
    """A delivery that counts, with the name of its post; ``sketch`` is that of the revision that it brings."""

    delivery: Delivery
    post: str
    sketch: str


@dataclass(frozen=True, slots=True)
class Content:
    """What is compared of a revision."""

    title_key: str
    sketch: Sketch
    source: str


def content(connection: sa.Connection, post_id: int, revision: int) -> Content:
    """The content of a revision."""
    row = connection.execute(_CONTENT, {"b_post": post_id, "b_number": revision}).one()
    return Content(row.title_key, Sketch.read(row.sketch), row.source)


_OF_REVISION = sa.and_(_V.post_id == sa.bindparam("b_post"), _V.number == sa.bindparam("b_number"))
_CONTENT = sa.select(_V.title_key, _V.sketch, _V.source).where(_OF_REVISION)


def of_posts(connection: sa.Connection, post_ids: Collection[int]) -> list[Candidate]:
    """The deliveries of these posts that count, in the order of their numbers."""
    rows = connection.execute(_OF_POSTS, {"ids": list(post_ids)})
    return [Candidate(records.delivery(row), row.slug, "") for row in rows]


_OF_POSTS = (
    sa.select(*records.DELIVERY, _P.slug)
    .join(posts, _P.id == _D.post_id)
    .where(_D.post_id.in_(sa.bindparam("ids", expanding=True)), _D.state.in_(sorted(_COUNTS)), _D.shelf != ON_SHELF)
    .order_by(_D.id)
)


def has_rivals(connection: sa.Connection, wanted: Content, *, but: int) -> bool:
    """Whether another post than ``but`` ever had this title over about so long a body."""
    return bool(wanted.title_key) and connection.scalar(_RIVAL, _asked(wanted, but)) is not None


def _asked(wanted: Content, but: int) -> dict[str, object]:
    shortest, longest = lengths_like(wanted.sketch.length)
    return {"b_key": wanted.title_key, "b_from": shortest, "b_to": longest, "b_but": but}


_RIVALS = sa.and_(
    _V.title_key == sa.bindparam("b_key"),
    _V.length.between(sa.bindparam("b_from"), sa.bindparam("b_to")),
    _V.post_id != sa.bindparam("b_but"),
)
_RIVAL = sa.select(_V.post_id).where(_RIVALS).limit(1)


def alike(connection: sa.Connection, wanted: Content, *, but: int, accounts: Sequence[str]) -> list[Candidate]:
    """Deliveries of other posts than ``but`` that count, with the same title and about the same length: those that went to one of
    ``accounts``, and those that are still to go wherever their channels lead. In the order of their numbers."""
    asked = _asked(wanted, but) | {"accounts": list(accounts)}
    return [Candidate(records.delivery(row), row.slug, row.sketch) for row in connection.execute(_ALIKE, asked)]


_ALIKE = (
    sa.select(*records.DELIVERY, _P.slug, _V.sketch)
    .select_from(revisions)
    .join(deliveries, sa.and_(_D.post_id == _V.post_id, _D.revision == _V.number))
    .join(posts, _P.id == _D.post_id)
    .where(
        _RIVALS,
        _D.state.in_(sorted(_COUNTS)),
        _D.shelf != ON_SHELF,
        sa.or_(_D.account.in_(sa.bindparam("accounts", expanding=True)), _D.state.in_(sorted(_TO_COME))),
    )
    .order_by(_D.id)
)


def slugs(connection: sa.Connection) -> Sequence[str]:
    """The names of all posts, the newest first."""
    return connection.scalars(sa.select(_P.slug).order_by(_P.id.desc())).all()
