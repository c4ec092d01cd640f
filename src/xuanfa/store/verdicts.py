"""Verdicts and waivers as they are kept. Inside the caller's transaction."""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa

from xuanfa.domain.delivery import UNSENT, Delivery, State
from xuanfa.domain.language import say
from xuanfa.domain.person import Actor
from xuanfa.domain.rendition import Rendition
from xuanfa.domain.verdict import Note, Verdict, Waiver, stands
from xuanfa.store import found as found_lines
from xuanfa.store import records
from xuanfa.store.chain import canonical
from xuanfa.store.columns import microseconds
from xuanfa.store.schema import deliveries, events, is_of_waiver, needs_person, posts, renditions, revisions
from xuanfa.store.signed import signed
from xuanfa.store.verdicts_schema import stand, verdicts, waivers

_V, _W, _D, _R, _P = verdicts.c, waivers.c, deliveries.c, renditions.c, posts.c
#: The event of a waiver.
IGNORED, ACCEPTED = "finding_ignored", "finding_accepted"
_TOGETHER: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptVerdict:
    """A verdict with what stands of it."""

    verdict: Verdict
    stands: str


def keep(
    connection: sa.Connection,
    rendition_id: int,
    verdict: Verdict,
    now: datetime,
    *,
    post: str,
    digest: str,
    actor: Actor,
) -> str:
    """Keep what the rules say of a rendition; what stands of it: a level, or nothing."""
    found = stands(verdict, about(connection, post), post=post, digest=digest)
    values: dict[str, Any] = {
        "stamp": verdict.stamp,
        "since": verdict.since.isoformat(),
        "until": verdict.until.isoformat(),
        "notes": [note.data() for note in verdict.notes],
        "left_out": verdict.left_out,
        "stands": found.value if found else "",
        "read_at": now,
    }
    if not connection.execute(_UPDATE, {"b_id": rendition_id, **values}).rowcount:
        connection.execute(_INSERT, {"rendition_id": rendition_id, **values})
    found_lines.tell(connection, rendition_id, verdict, now, actor)
    return found.value if found else ""


_INSERT, _UPDATE = verdicts.insert(), verdicts.update().where(_V.rendition_id == sa.bindparam("b_id"))


def of_renditions(connection: sa.Connection, ids: Iterable[int]) -> dict[int, KeptVerdict]:
    """What is known of renditions; those that were never read are left out."""
    found: dict[int, KeptVerdict] = {}
    whole = sorted(set(ids))
    for start in range(0, len(whole), _TOGETHER):
        query = sa.select(verdicts).where(_V.rendition_id.in_(whole[start : start + _TOGETHER]))
        found |= {
            row.rendition_id: KeptVerdict(verdict=_verdict(row), stands=row.stands) for row in connection.execute(query)
        }
    return found


def of_post(connection: sa.Connection, post_id: int) -> list[KeptVerdict]:
    """What is known of what a post's deliveries are to bring, or have brought."""
    query = sa.select(verdicts).join(deliveries, _D.rendition_id == _V.rendition_id).where(_D.post_id == post_id)
    rows = connection.execute(query.order_by(_D.id))
    return [KeptVerdict(verdict=_verdict(row), stands=row.stands) for row in rows]


def of_digests(connection: sa.Connection, post_id: int, digests: Collection[str]) -> list[tuple[str, KeptVerdict]]:
    """What is known of a post's renditions by digest."""
    query = (
        sa.select(verdicts, _R.digest)
        .join(renditions, _R.id == _V.rendition_id)
        .where(_R.post_id == post_id, _R.digest.in_(sorted(digests)))
        .order_by(_V.rendition_id)
    )
    return [(row.digest, KeptVerdict(verdict=_verdict(row), stands=row.stands)) for row in connection.execute(query)]


def standing(connection: sa.Connection, ids: Collection[int]) -> dict[int, str]:
    """What stands of these renditions, by id; those that were never read are left out. For those that are about to leave: of one in which
    something was found, the history has to say the same, or it is ``ALTERED``."""
    if not ids:
        return {}
    kept = {row[0]: row[1] for row in connection.execute(_STANDING, {"ids": list(ids)})}
    for number, proof in found_lines.told(connection, kept.keys()).items():
        if not _is_as_told(connection, number, proof):
            kept[number] = ALTERED
    return kept


ALTERED: Final = found_lines.ALTERED


def _is_as_told(connection: sa.Connection, rendition_id: int, proof: str) -> bool:
    """Whether a verdict says what the line says that was written with it, and stands as people answer for it."""
    query = sa.select(verdicts, _R.digest, _P.slug).join(renditions, _R.id == _V.rendition_id)
    row = connection.execute(query.join(posts, _P.id == _R.post_id).where(_V.rendition_id == rendition_id)).first()
    if row is None:
        return True  # the rules are asked again
    try:
        verdict = _verdict(row)
        is_told = found_lines.proof_of(verdict) == proof
    except (AttributeError, KeyError, TypeError, ValueError):
        return False  # nothing that the program has written
    left = stands(verdict, about(connection, row.slug), post=row.slug, digest=row.digest)
    return is_told and row.stands == (left.value if left else "")


def forget(connection: sa.Connection, rendition_id: int) -> None:
    """Throw a verdict away: the rules are asked again."""
    connection.execute(verdicts.delete().where(_V.rendition_id == rendition_id))


def altered(connection: sa.Connection) -> list[str]:
    """The posts and channels of verdicts that are not what the history tells, nor what follows from what people answer for."""
    wrong = [number for number, proof in found_lines.all_told(connection) if not _is_as_told(connection, number, proof)]
    query = sa.select(_P.slug, _R.channel).join(posts, _P.id == _R.post_id).where(_R.id.in_(wrong)).order_by(_R.id)
    return [f"{row.slug} ({row.channel})" for row in connection.execute(query)] if wrong else []


_STANDING = sa.select(_V.rendition_id, _V.stands).where(_V.rendition_id.in_(sa.bindparam("ids", expanding=True)))


def _verdict(row: Any) -> Verdict:
    return Verdict(
        notes=tuple(Note.heard(data) for data in row.notes or ()),
        stamp=row.stamp,
        since=date.fromisoformat(row.since),
        until=date.fromisoformat(row.until),
        left_out=row.left_out,
    )


def about(connection: sa.Connection, post: str) -> list[Waiver]:
    """What people answer for in a post, and for ever, as far as the history vouches for it."""
    return _vouched(connection, connection.execute(_ABOUT, {"b_post": post}).all())


_ABOUT = sa.select(waivers).where(_W.post.in_([sa.bindparam("b_post"), sa.literal("")])).order_by(_W.id)


def for_ever(connection: sa.Connection) -> list[Waiver]:
    """What is ignored in every post."""
    return _vouched(connection, connection.execute(sa.select(waivers).where(_W.post == "").order_by(_W.id)).all())


def given_between(connection: sa.Connection, since: datetime, until: datetime) -> list[Waiver]:
    """What people have answered for from ``since`` to before ``until``, by time, as far as the history vouches for it."""
    query = sa.select(waivers).where(_W.at >= since, _W.at < until).order_by(_W.at, _W.id)
    return _vouched(connection, connection.execute(query).all())


def _vouched(connection: sa.Connection, rows: Sequence[Any]) -> list[Waiver]:
    """Those of these waivers of which a line tells: what was put there past the program answers for nothing."""
    proofs = [proof_of(row._mapping) for row in rows]  # noqa: SLF001 - SQLAlchemy's public name
    known: set[str | None] = set()
    for start in range(0, len(proofs), _TOGETHER):
        query = sa.select(events.c.proof).where(is_of_waiver, events.c.proof.in_(proofs[start : start + _TOGETHER]))
        known |= set(connection.scalars(query))
    return [_waiver(row) for row, proof in zip(rows, proofs, strict=True) if proof in known]


def _waiver(row: Any) -> Waiver:
    return Waiver(
        rule=row.rule, text=row.text, post=row.post, digest=row.digest, actor=row.actor, why=row.why, at=row.at
    )


def waive(connection: sa.Connection, given: Sequence[Waiver], actor: Actor, **where: Any) -> None:
    """Write down that somebody answers for findings, each with its line of the history."""
    for each in given:
        values = _values(each)
        connection.execute(waivers.insert(), values)
        line = {
            "at": each.at,
            "after": IGNORED if each.ignores else ACCEPTED,
            "why": say(
                "{rule}“{text}”：{why}", "{rule} “{text}”: {why}", rule=each.rule, text=each.shown, why=each.why
            ),
            "proof": proof_of(values),
            **signed(actor),
            **where,
        }
        connection.execute(events.insert(), line)


def _values(each: Waiver) -> dict[str, Any]:
    return {
        "rule": each.rule,
        "text": each.text,
        "post": each.post,
        "digest": each.digest,
        "actor": each.actor,
        "why": each.why,
        "at": each.at,
    }


def proof_of(values: Mapping[Any, Any]) -> str:
    """What the line of history vouches for: a hash of the waiver, given by the columns of its row."""
    plain = [
        [name, microseconds(value) if isinstance(value, datetime) else value]
        for name, value in sorted(values.items())
        if name != "id"
    ]
    return hashlib.sha256(canonical(plain)).hexdigest()


def forged(connection: sa.Connection) -> list[str]:
    """Waivers for which the history does not vouch, and lines of the history whose waiver is gone."""
    known = set(connection.scalars(sa.select(events.c.proof).where(is_of_waiver)))
    rows = list(connection.execute(sa.select(waivers).order_by(_W.id)).mappings())
    proofs = {proof_of(row): row for row in rows}
    found = [f"{row['post'] or '*'} {row['rule']}" for proof, row in proofs.items() if proof not in known]
    return [*found, *(str(proof)[:12] for proof in sorted(known - proofs.keys()))]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A rendition as it is frozen, with the delivery that it is for."""

    delivery: Delivery
    slug: str
    path: str
    source: str
    rendition: Rendition


_KEPT = (
    sa.select(*records.DELIVERY, _P.slug, _P.path, revisions.c.source, *records.RENDITION)
    .join(posts, _P.id == _D.post_id)
    .join(renditions, _R.id == _D.rendition_id)
    .join(revisions, sa.and_(revisions.c.post_id == _D.post_id, revisions.c.number == _D.revision))
    .outerjoin(verdicts, _V.rendition_id == _D.rendition_id)
)
_READ_AGAIN = [state.value for state in State if state in {*UNSENT, State.PUBLISHED, State.ACCEPTED}]


def _kept(row: Any) -> Kept:
    at = len(records.DELIVERY)
    return Kept(
        delivery=records.delivery(row),
        slug=row[at],
        path=row[at + 1],
        source=row[at + 2],
        rendition=records.rendition(row[at + 3 :]),
    )


def due_unread(connection: sa.Connection, now: datetime, most: int) -> list[Kept]:
    """What is due, or waits a moment for this, and was never read by any rules."""
    query = _KEPT.where(
        _D.state == sa.literal_column(f"'{State.SCHEDULED.value}'"),
        _D.waiting == sa.false(),
        _D.ready_at <= now + UNREAD_FOR,
        _D.first_sent_at.is_(None),
        _V.rendition_id.is_(None),
    )
    return [_kept(row) for row in connection.execute(query.order_by(_D.ready_at, _D.id).limit(most))]


#: So long what is due waits to be read.
UNREAD_FOR: Final = timedelta(seconds=10)


def stale(connection: sa.Connection, after: int, upto: int, *, stamp: str, today: date, most: int) -> list[Kept]:
    """What may be sent or is out, of the deliveries of these numbers, and was not read by these rules, or by those of another day."""
    query = _KEPT.where(
        _D.id > after,
        _D.id <= upto,
        _D.state.in_(_READ_AGAIN),
        sa.or_(
            _V.rendition_id.is_(None),
            _V.stamp != stamp,
            sa.and_(
                _V.until <= today.isoformat(), sa.or_(_D.state == State.PUBLISHED.value, _D.due_at <= _midnight(today))
            ),
        ),
    )
    return [_kept(row) for row in connection.execute(query.order_by(_D.id).limit(most))]


def _midnight(day: date) -> datetime:
    return datetime.combine(day, datetime.min.time(), UTC)


def last_delivery(connection: sa.Connection) -> int:
    """The largest number of a delivery."""
    return connection.scalar(sa.select(sa.func.max(_D.id))) or 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """Something that is out, and what today's rules say of it."""

    slug: str
    path: str
    channel: str
    digest: str
    verdict: Verdict
    stands: str


def published(connection: sa.Connection) -> list[Hit]:
    """What is out for real and in which the rules find something severe for which nobody answers. Costs what was found."""
    query = (
        sa.select(verdicts, _P.slug, _P.path, _D.channel, _D.digest)
        .join(renditions, _R.id == _V.rendition_id)
        .join(deliveries, sa.and_(_D.post_id == _R.post_id, _D.channel == _R.channel, _D.rendition_id == _R.id))
        .join(posts, _P.id == _D.post_id)
        .where(stand, _D.state == State.PUBLISHED.value, _D.rehearsal == sa.false())
        .order_by(_P.slug, _D.channel)
    )
    return [
        Hit(
            slug=row.slug,
            path=row.path,
            channel=row.channel,
            digest=row.digest,
            verdict=_verdict(row),
            stands=row.stands,
        )
        for row in connection.execute(query)
    ]


def _concerned(connection: sa.Connection, post: str) -> list[tuple[int, str, str]]:
    """The renditions that a new waiver about a post may concern, of every post where it is about all: number, slug, digest."""
    query = (
        sa.select(_V.rendition_id, _P.slug, _R.digest)
        .join(renditions, _R.id == _V.rendition_id)
        .join(posts, _P.id == _R.post_id)
        .where(stand)
        .order_by(_V.rendition_id)
    )
    if post:
        query = query.where(_P.slug == post)
    return [(row[0], row[1], row[2]) for row in connection.execute(query)]


def settle(connection: sa.Connection, post: str) -> list[int]:
    """See anew what stands of the renditions that a new waiver concerns; those of which nothing stands any more."""
    concerned = _concerned(connection, post)
    kept = of_renditions(connection, (number for number, _, _ in concerned))
    cleared = []
    for number, slug, digest in concerned:
        left = stands(kept[number].verdict, about(connection, slug), post=slug, digest=digest)
        now_stands = left.value if left else ""
        if now_stands != kept[number].stands:
            connection.execute(verdicts.update().where(_V.rendition_id == number).values(stands=now_stands))
        if not now_stands:
            cleared.append(number)
    return cleared


def held(connection: sa.Connection, hold: str) -> list[tuple[Delivery, str, str]]:
    """What is held for this, with slug and path of its post, locked. Reads the index on what waits for a person."""
    query = (
        sa.select(*records.DELIVERY, _P.slug, _P.path)
        .join(posts, _P.id == _D.post_id)
        .where(needs_person, _D.state == sa.literal_column(f"'{State.HELD.value}'"), _D.hold == hold)
        .order_by(_D.id)
        .with_for_update(of=deliveries)
    )
    at = len(records.DELIVERY)
    return [(records.delivery(row), row[at], row[at + 1]) for row in connection.execute(query)]


def held_reasons(connection: sa.Connection, hold: str) -> list[tuple[str, str, str]]:
    """Slug, path and reason of what is held for this, as many as are named."""
    query = (
        sa.select(_P.slug, _P.path, _D.reason)
        .join(posts, _P.id == _D.post_id)
        .where(needs_person, _D.state == sa.literal_column(f"'{State.HELD.value}'"), _D.hold == hold)
        .order_by(_D.id)
        .limit(_NAMED)
    )
    return [(row.slug, row.path, row.reason) for row in connection.execute(query)]


#: So many are named.
_NAMED: Final = 40
