"""What the history vouches for, compared with what is stored: renditions, revisions, attempts, pauses. Inside the caller's transaction."""

from collections.abc import Collection, Iterator
from datetime import datetime
from itertools import groupby

import sqlalchemy as sa

from xuanfa.domain.attempt import Action
from xuanfa.domain.channel import EVERYTHING
from xuanfa.domain.delivery import UNDER_WAY, State
from xuanfa.store import attempts, channels, invariants, records
from xuanfa.store.columns import as_stored
from xuanfa.store.posts import is_sketched, post_proof, revision_proof
from xuanfa.store.schema import attempts as attempt_rows
from xuanfa.store.schema import (
    channel_states,
    deliveries,
    events,
    is_of_revision,
    posts,
    remembered,
    renditions,
    restores,
    revisions,
)

_D, _E, _P, _N, _V, _A = deliveries.c, events.c, posts.c, renditions.c, revisions.c, attempt_rows.c
_TOGETHER = 500
#: The event of a withdrawal that was refused because of its receipt, and the scope under which that is remembered.
RECEIPT_ALTERED = "receipt_altered"


def altered_renditions(connection: sa.Connection) -> Iterator[int]:
    """Deliveries whose frozen rendition is not the one that was approved: by its digest, or by the newest line that tells of a freezing."""
    newest = (
        sa.select(sa.func.max(_E.id).label("id"))
        .where(_E.delivery_id.is_not(None), _E.revision.is_not(None))
        .group_by(_E.delivery_id)
        .subquery()
    )
    lines = sa.select(_E.delivery_id, _E.proof).join(newest, newest.c.id == _E.id).subquery()
    query = (
        sa.select(
            _D.id,
            _D.digest,
            _N.digest,
            _P.slug,
            _D.channel,
            _D.column_id,
            _D.revision,
            lines.c.proof,
            *records.RENDITION,
        )
        .join(renditions, _N.id == _D.rendition_id)
        .join(posts, _P.id == _D.post_id)
        .outerjoin(lines, lines.c.delivery_id == _D.id)
        .order_by(_D.id)
    )
    for row in connection.execute(query.execution_options(yield_per=_TOGETHER)):
        number, of_delivery, of_rendition, slug, channel, column, revision, proof = row[:8]
        rendition = records.rendition(row[8:])
        digest = rendition.digest
        vouched = rendition.proof(digest, post=slug, channel=channel, column=column, revision=revision)
        if (of_delivery, of_rendition, proof) != (digest, digest, vouched):
            yield number


def altered_leftovers(connection: sa.Connection) -> Iterator[str]:
    """The slugs of posts with a rendition that no delivery has any more, and that is not what its digest says."""
    query = (
        sa.select(_P.slug, _N.digest, *records.RENDITION)
        .join(posts, _P.id == _N.post_id)
        .where(~sa.exists().where(_D.rendition_id == _N.id))
        .order_by(_N.id)
    )
    for row in connection.execute(query.execution_options(yield_per=_TOGETHER)):
        if records.rendition(row[2:]).digest != row.digest:
            yield row.slug


def altered_posts(connection: sa.Connection) -> Iterator[str]:
    """The slugs of posts of which a revision, or what the first one and the newest one have made of them, is not what was read then."""
    query = sa.select(_E.post_id, _E.revision, _E.proof).where(is_of_revision, _E.post_id.is_not(None))
    lines: dict[int, dict[int, str]] = {}
    for post_id, number, proof in connection.execute(query.order_by(_E.id)):
        lines.setdefault(post_id, {})[number] = proof or ""
    known = {row.id: row for row in connection.execute(sa.select(posts))}
    found: dict[int, dict[int, str]] = {}
    began: dict[int, datetime] = {}
    for row in connection.execute(sa.select(revisions).execution_options(yield_per=_TOGETHER)).mappings():
        slug = known[row["post_id"]].slug if row["post_id"] in known else ""
        alike = is_sketched(row)
        found.setdefault(row["post_id"], {})[row["number"]] = revision_proof(slug, row) if alike else ""
        if row["number"] == 1:
            began[row["post_id"]] = row["created_at"]
    for post_id in sorted(lines.keys() | known.keys()):
        told = lines.get(post_id, {})
        whole = {number: proof[:32] for number, proof in told.items()} == found.get(post_id, {})
        if post_id not in known:
            yield f"#{post_id}"
        elif not whole or not _is_as_told(known[post_id], told) or known[post_id].queued_at != began.get(post_id):
            yield known[post_id].slug


def _is_as_told(post: sa.Row[tuple[object, ...]], told: dict[int, str]) -> bool:
    """Whether a post has what its newest revision has made of it."""
    number = max(told, default=0)
    return post.revision == number and told[number].endswith(post_proof(post.title, post.column_id, post.department))


def altered_attempts(connection: sa.Connection) -> Iterator[int]:
    """Deliveries of which an attempt is not as the line that tells of its end says, or which has one that no line tells of."""
    query = sa.select(_E.delivery_id, _E.attempt, _E.before, _E.proof).where(
        _E.delivery_id.is_not(None), _E.attempt > 0, _E.after != State.RETRACTING.value
    )
    lines: dict[int, dict[int, str | None]] = {}
    for delivery_id, number, before, proof in connection.execute(query.order_by(_E.id)):
        if proof is not None or before in UNDER_WAY:
            lines.setdefault(delivery_id, {})[number] = proof
    rows = connection.execute(
        sa.select(*attempts.VOUCHED).order_by(_A.delivery_id, _A.number).execution_options(yield_per=_TOGETHER)
    )
    seen = set[int]()
    for delivery_id, some in groupby((attempts.Vouched(*row) for row in rows), key=lambda row: row.delivery_id):
        its, told = list(some), lines.get(delivery_id, {})
        seen.add(delivery_id)
        proofs = {number: proof for number, proof in told.items() if proof is not None}
        if any(attempts.proof_of(its, number) != proof for number, proof in proofs.items()) or not _are_told(its, told):
            yield delivery_id
    yield from sorted(lines.keys() - seen)


def lines_of(connection: sa.Connection, delivery_ids: Collection[int]) -> list[int]:
    """The numbers of the lines that vouch for attempts or receipts of these deliveries and are not kept to; all of them where each is."""
    query = (
        sa.select(_E.id, _E.delivery_id, _E.attempt, _E.proof)
        .where(_E.delivery_id.in_(list(delivery_ids)), sa.or_(_E.proof.is_not(None), _E.receipt.is_not(None)))
        .order_by(_E.id)
    )
    told = connection.execute(query).all()
    by_delivery: dict[int, list[attempts.Vouched]] = {}
    kept = (
        sa.select(*attempts.VOUCHED).where(_A.delivery_id.in_(list(delivery_ids))).order_by(_A.delivery_id, _A.number)
    )
    for row in connection.execute(kept):
        vouched = attempts.Vouched(*row)
        by_delivery.setdefault(vouched.delivery_id, []).append(vouched)
    broken = [
        line.id
        for line in told
        if line.attempt
        and line.proof is not None
        and attempts.proof_of(by_delivery.get(line.delivery_id, []), line.attempt) != line.proof
    ]
    return broken or [line.id for line in told]


def wrongly_gone(connection: sa.Connection) -> list[int]:
    """Deliveries of which an attempt is said to have ended for good, or not, against what the history tells: by this a look is believed."""
    query = sa.select(_E.delivery_id, _E.attempt, _E.at).where(_E.after == attempts.GONE, _E.delivery_id.is_not(None))
    told = {(delivery_id, number): at for delivery_id, number, at in connection.execute(query.order_by(_E.id.desc()))}
    query = sa.select(_A.delivery_id, _A.number, _A.gone_at).where(_A.gone_at.is_not(None))
    noted = {(delivery_id, number): at for delivery_id, number, at in connection.execute(query)}
    return sorted({each[0] for each in told.keys() | noted.keys() if told.get(each) != noted.get(each)})


_ACTIONS = frozenset(Action)


def _are_told(its: list[attempts.Vouched], told: dict[int, str | None]) -> bool:
    """Whether attempts are numbered without a gap, and a line tells of the end of each, but of a stage that the next one followed and of a
    withdrawal that had no clear answer in an earlier version."""
    numbers = [each.number for each in its]
    untold = [
        each
        for each in its
        if each.ended_at is not None
        and each.number not in told
        and not (each.action == Action.STAGE.value and each.number < numbers[-1])
        and not (each.action == Action.RETRACT.value and each.outcome in {"lost", "unknown"})
    ]
    known = all(each.action in _ACTIONS for each in its)
    return known and numbers == list(range(1, len(numbers) + 1)) and not untold


def untold_pauses(connection: sa.Connection) -> list[str]:
    """Channels whose pause is not what the lines about it say: since when, why (in one of them), or that there is none. ``*`` is everything."""
    lines: dict[str, tuple[datetime, set[str]] | None] = {}
    query = sa.select(_E.channel, _E.after, _E.at, as_stored(_E.why).label("why")).where(
        _E.after.in_(["paused", "resumed"]), _E.channel.is_not(None)
    )
    for channel, after, at, why in connection.execute(query.order_by(_E.id)):
        standing = lines.get(channel)
        lines[channel] = None if after == "resumed" else (standing[0], standing[1] | {why}) if standing else (at, {why})
    c = channel_states.c
    rows = connection.execute(
        sa.select(c.channel, c.paused_at, as_stored(c.reason).label("reason")).where(c.paused_at.is_not(None))
    )
    stands = {row.channel: (row.paused_at, row.reason) for row in rows}
    return sorted(name for name in lines.keys() | stands.keys() if not _tells(lines.get(name), stands.get(name)))


def _tells(line: tuple[datetime, set[str]] | None, stands: tuple[datetime, str] | None) -> bool:
    if line is None or stands is None:
        return line is None and stands is None
    return line[0] == stands[0] and stands[1] in line[1]


def untold_resumptions(connection: sa.Connection) -> bool:
    """Whether a restore is over, or all posts are said to be in, without a person's having said so."""
    query = sa.select(_E.at).where(_E.after == "resumed", _E.channel == EVERYTHING)
    told = set(connection.scalars(query))
    query = sa.select(restores.c.ended_at, restores.c.complete_at)
    return any(at not in told for row in connection.execute(query) for at in row if at is not None)


def note_altered_receipt(connection: sa.Connection, delivery_id: int) -> None:
    """A withdrawal was asked for and refused because of the receipt."""
    channels.keep(connection, RECEIPT_ALTERED, str(delivery_id), "1", None)


def altered_receipts(connection: sa.Connection) -> list[int]:
    """The deliveries that were noted so, as far as they are still to be withdrawn and their receipts are not right again."""
    query = sa.select(remembered.c.name).where(remembered.c.scope == RECEIPT_ALTERED)
    noted = {int(name) for name in connection.scalars(query)}
    still = sa.select(_D.id).where(_D.id.in_(noted), _D.state != State.RETRACTED.value).order_by(_D.id)
    return [number for number in connection.scalars(still) if not invariants.receipt_is_sound(connection, number)]
