"""Restricted posts as they are kept: which there are and to whom each is open, and which an administrator has opened. Inside the caller's
transaction."""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from xuanfa.domain.access import NOBODY, Access, Restriction, Veil, Viewer
from xuanfa.store.access_schema import openings, restrictions
from xuanfa.store.chain import canonical
from xuanfa.store.moment import once
from xuanfa.store.schema import deliveries, events, posts, receipts

_S, _O, _P, _E = restrictions.c, openings.c, posts.c, events.c
#: Lines of the history: a post is restricted, its list has become shorter, a longer one is wished for, and is confirmed, for some or for all.
RESTRICTED, NARROWED, WISHED = "restricted", "access_narrowed", "access_wished"
WIDENED, LIFTED = "access_widened", "restriction_lifted"

#: That a post is out, or was: for real, by the ledger's word. A drill tells nobody anything.
_is_out = sa.exists(
    sa.select(receipts.c.delivery_id)
    .join(deliveries, deliveries.c.id == receipts.c.delivery_id)
    .where(deliveries.c.post_id == _S.post_id, receipts.c.rehearsal == sa.false())
)
_ALL = sa.select(restrictions, _P.slug, _P.path).join(posts, _P.id == _S.post_id)
_STANDING = _ALL.where(~_is_out).order_by(_S.post_id)


def standing(connection: sa.Connection) -> list[Restriction]:
    """Every post that is restricted now. Costs what was ever restricted, not what there is."""
    return list(once(connection, "restrictions", lambda: [_restriction(row) for row in connection.execute(_STANDING)]))


def of_post(connection: sa.Connection, post_id: int) -> Restriction | None:
    """How a post is restricted now; ``None`` where it is not, or not any more."""
    row = connection.execute(_STANDING.where(_S.post_id == post_id)).first()
    return None if row is None else _restriction(row)


def kept(connection: sa.Connection, post_id: int) -> Restriction | None:
    """How a post is or was restricted, also where it is out by now."""
    row = connection.execute(_ALL.where(_S.post_id == post_id)).first()
    return None if row is None else _restriction(row)


def of_slug(connection: sa.Connection, slug: str) -> Restriction | None:
    """The same by its name."""
    row = connection.execute(_STANDING.where(_P.slug == slug)).first()
    return None if row is None else _restriction(row)


def of_path(connection: sa.Connection, path: str) -> Restriction | None:
    """The same by its file."""
    row = connection.execute(_STANDING.where(_P.path == path)).first()
    return None if row is None else _restriction(row)


def is_known(connection: sa.Connection, post_id: int) -> bool:
    """Whether a post is or was restricted."""
    return connection.scalar(sa.select(_S.post_id).where(_S.post_id == post_id)) is not None


def is_out(connection: sa.Connection, post_id: int) -> bool:
    """Whether a post is out, or was: then it cannot be restricted any more."""
    query = (
        sa.select(receipts.c.delivery_id)
        .join(deliveries, deliveries.c.id == receipts.c.delivery_id)
        .where(deliveries.c.post_id == post_id, receipts.c.rehearsal == sa.false())
    )
    return connection.scalar(query.limit(1)) is not None


def is_out_by_slug(connection: sa.Connection, slug: str) -> bool:
    """The same by its name."""
    number = connection.scalar(sa.select(_P.id).where(_P.slug == slug))
    return number is not None and is_out(connection, number)


def veil(connection: sa.Connection, viewer: Viewer = NOBODY, opened: Collection[str] = ()) -> Veil:
    """What is hidden from a viewer now; without one, from the machine's account."""
    return Veil.over(standing(connection), viewer, opened)


def note(connection: sa.Connection, restriction: Restriction, now: datetime) -> None:
    """How a post is restricted from now on."""
    values = {
        "access": sorted(restriction.access.words),
        "is_wished": restriction.wish is not None,
        "wish": sorted(restriction.wish.words) if restriction.wish else [],
        "authors": sorted(restriction.authors),
    }
    changed = connection.execute(restrictions.update().where(_S.post_id == restriction.post_id).values(**values))
    if not changed.rowcount:
        connection.execute(restrictions.insert().values(post_id=restriction.post_id, since=now, **values))


def lift(connection: sa.Connection, post_id: int) -> None:
    """A post is restricted no longer."""
    connection.execute(restrictions.delete().where(_S.post_id == post_id))


def proof_of(restriction: Restriction) -> str:
    """What the line of a change vouches for: a hash of the list in force, of what is wished for, and of the authors."""
    wish = None if restriction.wish is None else sorted(restriction.wish.words)
    said = [sorted(restriction.access.words), wish, sorted(restriction.authors)]
    return hashlib.sha256(canonical(said)).hexdigest()


def altered(connection: sa.Connection) -> list[str]:
    """The slugs of posts that are not restricted as the newest line about that says: more people are let in, or everybody is."""
    query = sa.select(_E.post_id, _E.after, _E.proof).where(
        _E.after.in_([RESTRICTED, NARROWED, WISHED, WIDENED, LIFTED]), _E.post_id.is_not(None)
    )
    told = {row.post_id: row for row in connection.execute(query.order_by(_E.id))}
    stands = {row.post_id: _restriction(row) for row in connection.execute(_ALL)}
    wrong = {number for number in told.keys() | stands.keys() if not _is_as_told(told.get(number), stands.get(number))}
    return sorted(connection.scalars(sa.select(_P.slug).where(_P.id.in_(wrong))))


def _is_as_told(line: Any, stands: Restriction | None) -> bool:
    if line is None or line.after == LIFTED:
        return stands is None
    return stands is not None and line.proof in {None, proof_of(stands)}


def _restriction(row: Any) -> Restriction:
    return Restriction(
        post_id=row.post_id,
        slug=row.slug,
        access=Access(frozenset(row.access or ())),
        wish=Access(frozenset(row.wish or ())) if row.is_wished else None,
        authors=frozenset(row.authors or ()),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """That an administrator has opened a restricted post."""

    id: int
    post_id: int
    slug: str
    actor: str
    why: str
    at: datetime


_OPENINGS = (
    sa.select(_O.id, _O.post_id, _P.slug, _O.actor, _O.why, _O.at)
    .join(posts, _P.id == _O.post_id)
    .join(restrictions, _S.post_id == _O.post_id)
)


def open_once(connection: sa.Connection, post_id: int, *, actor: str, why: str, now: datetime) -> None:
    """An administrator has opened a post, for one look."""
    connection.execute(openings.insert().values(post_id=post_id, actor=actor, why=why, at=now))


def unseen(connection: sa.Connection) -> list[Opening]:
    """Openings of which nobody whom they concern is known to have heard, the oldest first."""
    rows = connection.execute(_OPENINGS.where(_O.seen_at.is_(None)).order_by(_O.id))
    return [Opening(**row) for row in rows.mappings()]


def see(connection: sa.Connection, ids: Sequence[int], *, who: str, now: datetime) -> None:
    """Somebody whom they concern has seen these openings."""
    if ids:
        unseen_yet = openings.update().where(_O.id.in_(list(ids)), _O.seen_at.is_(None))
        connection.execute(unseen_yet.values(seen_at=now, seen_by=who))
