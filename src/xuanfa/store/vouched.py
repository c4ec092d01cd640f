"""What the history vouches for, compared with what is stored: renditions, revisions, attempts, pauses. Inside the caller's transaction."""

from collections.abc import Iterator
from datetime import datetime
from itertools import groupby

import sqlalchemy as sa

from xuanfa.domain.attempt import Action
from xuanfa.domain.channel import EVERYTHING
from xuanfa.domain.delivery import State
from xuanfa.store import attempts, records
from xuanfa.store.posts import REVISED, post_proof, revision_proof
from xuanfa.store.schema import attempts as attempt_rows
from xuanfa.store.schema import channel_states, deliveries, events, posts, renditions, restores, revisions

_D, _E, _P, _N, _V, _A = deliveries.c, events.c, posts.c, renditions.c, revisions.c, attempt_rows.c
_TOGETHER = 500


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


def altered_posts(connection: sa.Connection) -> Iterator[str]:
    """The slugs of posts of which a revision, or the title, column or department that the newest one gave them, is not what was read then."""
    query = sa.select(_E.post_id, _E.revision, _E.proof).where(_E.after == REVISED, _E.post_id.is_not(None))
    lines: dict[int, dict[int, str]] = {}
    for post_id, number, proof in connection.execute(query.order_by(_E.id)):
        lines.setdefault(post_id, {})[number] = proof or ""
    known = {row.id: row for row in connection.execute(sa.select(posts))}
    found: dict[int, dict[int, str]] = {}
    for row in connection.execute(sa.select(revisions).execution_options(yield_per=_TOGETHER)).mappings():
        slug = known[row["post_id"]].slug if row["post_id"] in known else ""
        found.setdefault(row["post_id"], {})[row["number"]] = revision_proof(slug, row)
    for post_id in sorted(lines.keys() | known.keys()):
        told = lines.get(post_id, {})
        whole = {number: proof[:32] for number, proof in told.items()} == found.get(post_id, {})
        if post_id not in known:
            yield f"#{post_id}"
        elif not whole or not _is_as_told(known[post_id], told):
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
        if proof is not None or before in _UNDER_WAY:
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


_UNDER_WAY = (State.PUBLISHING.value, State.RETRACTING.value)


_ACTIONS = frozenset(Action)


def _are_told(its: list[attempts.Vouched], told: dict[int, str | None]) -> bool:
    """Whether attempts are numbered without a gap, and a line tells of the end of each, but of a stage that the next one followed and of a
    withdrawal that was lost."""
    numbers = [each.number for each in its]
    untold = [
        each
        for each in its
        if each.ended_at is not None
        and each.number not in told
        and not (each.action == Action.STAGE.value and each.number < numbers[-1])
        and not (each.action == Action.RETRACT.value and each.outcome == "lost")
    ]
    known = all(each.action in _ACTIONS for each in its)
    return known and numbers == list(range(1, len(numbers) + 1)) and not untold


def untold_pauses(connection: sa.Connection) -> list[str]:
    """Channels whose pause is not what the newest line about it says: since when, why, or that there is none. ``*`` is everything."""
    lines: dict[str, tuple[datetime, str] | None] = {}
    query = sa.select(_E.channel, _E.after, _E.at, _E.why).where(
        _E.after.in_(["paused", "resumed"]), _E.channel.is_not(None)
    )
    for channel, after, at, why in connection.execute(query.order_by(_E.id)):
        standing = lines.get(channel)
        lines[channel] = None if after == "resumed" else (standing[0] if standing else at, why)
    c = channel_states.c
    rows = connection.execute(sa.select(c.channel, c.paused_at, c.reason).where(c.paused_at.is_not(None)))
    stands = {row.channel: (row.paused_at, row.reason) for row in rows}
    return sorted(name for name in lines.keys() | stands.keys() if lines.get(name) != stands.get(name))


def untold_resumptions(connection: sa.Connection) -> bool:
    """Whether a restore is over, or all posts are said to be in, without a person's having said so."""
    query = sa.select(_E.at).where(_E.after == "resumed", _E.channel == EVERYTHING)
    told = set(connection.scalars(query))
    query = sa.select(restores.c.ended_at, restores.c.complete_at)
    return any(at not in told for row in connection.execute(query) for at in row if at is not None)
