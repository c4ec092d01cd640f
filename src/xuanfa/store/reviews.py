"""Reviews: their decisions, and what they let leave. Rows are only added. Inside the caller's transaction."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import sqlalchemy as sa

from xuanfa.domain.delivery import WAS_PUBLIC, State
from xuanfa.domain.person import Actor
from xuanfa.domain.review import (
    Consent,
    Decision,
    Deed,
    Ends,
    Level,
    Review,
    ReviewState,
    Sending,
    Snapshot,
    Step,
    StepKind,
    Template,
    standing,
)
from xuanfa.domain.review_leaving import OUT
from xuanfa.domain.reviewing import Delegation
from xuanfa.domain.webhook import Happening, of_decision
from xuanfa.store import outbox
from xuanfa.store.base import is_any
from xuanfa.store.chain import canonical
from xuanfa.store.columns import microseconds
from xuanfa.store.reviews_schema import approvals, decisions, delegations, is_duty, reviews
from xuanfa.store.schema import deliveries, events, is_of_revision, needs_person, posts, revisions, unsent_reviewed
from xuanfa.store.signed import signed
from xuanfa.store.withdrawals_schema import corrections, endings, is_asked, is_live

_R, _D, _A, _G, _P, _E = reviews.c, decisions.c, approvals.c, delegations.c, posts.c, endings.c
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
#: The longest sentence that a decision keeps. Characters.
SAID_MAX = 2_000


def latest(connection: sa.Connection, post_id: int) -> Review | None:
    """The newest review of a post."""
    row = connection.execute(_LATEST, {"b_post": post_id}).first()
    return None if row is None else _review(row)


_LATEST = sa.select(reviews).where(_R.post_id == sa.bindparam("b_post")).order_by(_R.id.desc()).limit(1)


def by_ids(connection: sa.Connection, ids: Collection[int]) -> dict[int, Review]:
    """Reviews by number."""
    whole, found = sorted(ids), dict[int, Review]()
    for start in range(0, len(whole), _TOGETHER):
        query = sa.select(reviews).where(_R.id.in_(whole[start : start + _TOGETHER]))
        found |= {row.id: _review(row) for row in connection.execute(query)}
    return found


def of_post(connection: sa.Connection, post_id: int) -> list[Review]:
    """All reviews of a post, the oldest first."""
    return [_review(row) for row in connection.execute(sa.select(reviews).where(_R.post_id == post_id).order_by(_R.id))]


def under_review(connection: sa.Connection) -> list[tuple[str, str, Review]]:
    """Slug and title of every post of which anything still awaits its review, or may have to be asked again, with its newest review: what is
    to be sent, what is to be changed, and another end of what is out."""
    return [(row.slug, row.title, _review(row)) for row in connection.execute(_under_review())]


@cache
def _under_review() -> sa.Select[Any]:
    """Built once: every page of the console counts what waits for whoever looks."""
    newest = sa.select(sa.func.max(_R.id)).group_by(_R.post_id).where(_R.post_id.in_(_waiting()))
    query = sa.select(reviews, _P.slug, _P.title).join(posts, _P.id == _R.post_id).where(_R.id.in_(newest))
    return query.order_by(_R.id)


def newest_of(connection: sa.Connection, post_ids: Collection[int]) -> list[tuple[str, str, Review]]:
    """The same of these posts, whatever has come of their reviews."""
    newest = sa.select(sa.func.max(_R.id)).group_by(_R.post_id).where(_R.post_id.in_(post_ids))
    query = sa.select(reviews, _P.slug, _P.title).join(posts, _P.id == _R.post_id).where(_R.id.in_(newest))
    return [(row.slug, row.title, _review(row)) for row in connection.execute(query)]


def _waiting() -> sa.CompoundSelect[Any]:
    is_out = sa.exists().where(deliveries.c.post_id == _E.post_id, is_any(deliveries.c.state, OUT))
    return sa.union(
        sa.select(deliveries.c.post_id).where(unsent_reviewed),
        sa.select(deliveries.c.post_id).where(needs_person, _BROUGHT_BACK),
        sa.select(corrections.c.post_id).where(is_live),
        sa.select(_E.post_id).where(is_asked, is_out),
    )


#: Nothing of it had left when the database was copied that a restore has put back. It is in doubt now, and its review goes on as it was.
_BROUGHT_BACK = sa.and_(
    deliveries.c.state == sa.literal_column(f"'{State.UNKNOWN}'"),
    deliveries.c.reviewed == sa.true(),
    deliveries.c.unplaced == sa.true(),
)


def with_duties(connection: sa.Connection) -> list[tuple[str, str, Review]]:
    """The same of posts that an emergency or a consent by telephone has let go: somebody may still owe a word."""
    newest = sa.select(sa.func.max(_R.id)).group_by(_R.post_id)
    owing = sa.select(_D.review_id).where(is_duty)
    query = sa.select(reviews, _P.slug, _P.title).join(posts, _P.id == _R.post_id)
    query = query.where(_R.id.in_(owing), _R.id.in_(newest.where(_R.id.in_(owing)))).order_by(_R.id)
    return [(row.slug, row.title, _review(row)) for row in connection.execute(query)]


def _review(row: Any) -> Review:
    return Review(
        id=row.id,
        post_id=row.post_id,
        revision=row.revision,
        template=_template(row.template),
        level=Level(row.level),
        authors=frozenset(row.authors or ()),
        opened_at=row.opened_at,
        resumes_at_proof=row.resumes_at_proof,
        correction=row.correction,
    )


def _template(kept: Mapping[str, Any]) -> Template:
    steps = (
        Step(**(step | {"kind": StepKind(step["kind"]), "checks": tuple(step["checks"])})) for step in kept["steps"]
    )
    return Template(id=kept["id"], name=kept["name"], basis=kept["basis"], steps=tuple(steps))


def _kept_template(template: Template) -> dict[str, Any]:
    return {
        "id": template.id,
        "name": template.name,
        "basis": template.basis,
        "steps": [
            {
                "name": step.name,
                "kind": step.kind.value,
                "role": str(step.role),
                "checks": list(step.checks),
                "hours": step.hours,
                "may_edit": step.may_edit,
            }
            for step in template.steps
        ],
    }


def open_review(connection: sa.Connection, review: Review) -> int:
    """A new review, whose number the database gives."""
    result = connection.execute(
        reviews.insert(),
        {
            "post_id": review.post_id,
            "revision": review.revision,
            "template": _kept_template(review.template),
            "level": review.level.value,
            "resumes_at_proof": review.resumes_at_proof,
            "authors": sorted(review.authors),
            "opened_at": review.opened_at,
            "correction": review.correction,
        },
    )
    assert result.inserted_primary_key is not None  # noqa: S101 - one row was inserted
    return int(result.inserted_primary_key[0])


def decided(connection: sa.Connection, review_ids: Collection[int]) -> dict[int, list[Decision]]:
    """All decisions of these reviews, in order."""
    found: dict[int, list[Decision]] = {id_: [] for id_ in review_ids}
    whole = sorted(review_ids)
    for start in range(0, len(whole), _TOGETHER):
        for row in connection.execute(_DECIDED, {"ids": whole[start : start + _TOGETHER]}):
            found[row.review_id].append(_decision(row))
    return found


_TOGETHER = 500
_DECIDED = (
    sa.select(decisions).where(_D.review_id.in_(sa.bindparam("ids", expanding=True))).order_by(_D.review_id, _D.number)
)


def _decision(row: Any) -> Decision:
    snapshot = row.snapshot
    return Decision(
        number=row.number,
        deed=Deed(row.deed),
        at=row.at,
        by=row.actor,
        how=row.how,
        step=row.step,
        principal=row.principal,
        note=row.note,
        why=row.why,
        checks=tuple(row.checks or ()),
        places=tuple((place, words) for place, words in row.places or ()),
        digest=row.digest,
        snapshot=None if snapshot is None else _snapshot(snapshot),
        consent=(
            Consent(entered_by=row.entered_by, at=row.called_at, number=row.called_number)
            if row.called_at is not None
            else None
        ),
    )


def _snapshot(kept: Mapping[str, Sequence[Any]]) -> Snapshot:
    return {channel: _sending(*row) for channel, row in kept.items() if channel}


def _sending(digest: str, *moments: int | None) -> Sending:
    due_at, *times = [at if at is None else _EPOCH + timedelta(microseconds=at) for at in moments]
    sending = Sending(digest, due_at)
    return sending if not times else sending._replace(expires_at=times[0], ends=Ends(*times[1:]))


def add(connection: sa.Connection, review: Review, decision: Decision, actor: Actor) -> None:
    """One decision more, with its line of history, which vouches for it."""
    values = _values(review.id, decision)
    connection.execute(decisions.insert(), values)
    connection.execute(
        events.insert(),
        {
            "at": decision.at,
            "after": decision.deed.value,
            "why": decision.why or decision.note,
            "post_id": review.post_id,
            "proof": proof_of(values),
            **signed(actor),
        },
    )
    if outbox.receivers(connection):
        _tell(connection, review, decision)


def _tell(connection: sa.Connection, review: Review, decision: Decision) -> None:
    """Receivers of webhooks hear of each line, and of the one with which the review ends as such."""
    stands = standing(review, decided(connection, [review.id])[review.id])
    event = of_decision(decision.deed, is_approved=stands.state is ReviewState.APPROVED)
    facts = {"revision": review.revision, "step": decision.step or None, "steps": len(review.template.steps)}
    outbox.tell(connection, [Happening(event=event, post_id=review.post_id, facts=facts)], decision.at)


def _values(review_id: int, decision: Decision) -> dict[str, Any]:
    consent = decision.consent
    return {
        "review_id": review_id,
        "number": decision.number,
        "deed": decision.deed.value,
        "at": decision.at,
        "actor": decision.by,
        "how": decision.how,
        "step": decision.step,
        "principal": decision.principal,
        "note": decision.note[:SAID_MAX],
        "why": decision.why[:SAID_MAX],
        "checks": list(decision.checks),
        "places": [list(each) for each in decision.places],
        "digest": decision.digest,
        "snapshot": _kept_snapshot(decision.snapshot),
        "entered_by": consent.entered_by if consent else "",
        "called_at": consent.at if consent else None,
        "called_number": consent.number if consent else "",
    }


def _kept_snapshot(snapshot: Snapshot | None) -> dict[str, Any] | None:
    if snapshot is None:
        return None
    # An empty one is one, too: a container without anything is kept as nothing at all.
    return {channel: _kept_sending(each) for channel, each in snapshot.items()} or {"": ["", 0]}


def _kept_sending(sending: Sending) -> list[Any]:
    """What has no times besides the one at which it is due names no others, as before there were any."""
    others = (sending.expires_at, *sending.ends)
    named = [at and microseconds(at) for at in others] if any(others) else []
    return [sending.digest, sending.due_at and microseconds(sending.due_at), *named]


def proof_of(values: Mapping[str, Any]) -> str:
    """What the line of history vouches for: a hash of the decision, given by the columns of its row."""
    plain = {
        name: microseconds(value) if isinstance(value, datetime) else value or None
        for name, value in values.items()
        if name != "id"
    }
    return hashlib.sha256(canonical([[name, plain[name]] for name in sorted(plain)])).hexdigest()


def submitters(connection: sa.Connection, post_id: int) -> frozenset[str]:
    """Who has submitted a post in any review that it has had: they stay its authors in the next one."""
    query = sa.select(_D.actor).join(reviews, _R.id == _D.review_id)
    return frozenset(connection.scalars(query.where(_R.post_id == post_id, _D.deed == Deed.SUBMITTED.value).distinct()))


def broken(connection: sa.Connection) -> list[str]:
    """Reviews with a decision that is not what the history vouches for: post and number of the decision."""
    known = set(connection.scalars(sa.select(events.c.proof).where(events.c.after.in_([each.value for each in Deed]))))
    query = sa.select(decisions, _P.slug).join(reviews, _R.id == _D.review_id).join(posts, _P.id == _R.post_id)
    found = []
    for row in connection.execute(query.order_by(_D.id)).mappings():
        values = {name: value for name, value in row.items() if name != "slug"}
        if proof_of(values) not in known:
            found.append(f"{row['slug']} #{row['number']}")
    return found


def grant(
    connection: sa.Connection, review: Review, decision: int, snapshot: Snapshot, *, emergency: bool = False
) -> dict[str, int]:
    """The right to leave, for each of these, which have a time; their numbers by channel."""
    given: dict[str, int] = {}
    for channel, sending in snapshot.items():
        values = {
            "review_id": review.id,
            "decision": decision,
            "channel": channel,
            "digest": sending.digest,
            "due_at": sending.due_at,
            "emergency": emergency,
        }
        result = connection.execute(approvals.insert(), values)
        assert result.inserted_primary_key is not None  # noqa: S101 - one row was inserted
        given[channel] = int(result.inserted_primary_key[0])
    return given


def with_right(connection: sa.Connection) -> list[int]:
    """The posts of which something may leave, or might once it is released, retried or settled."""
    c, was_public = deliveries.c, sorted(state.value for state in WAS_PUBLIC)
    query = sa.select(c.post_id).where(c.approval.is_not(None), c.state.not_in(was_public))
    changing = sa.select(corrections.c.post_id).where(is_live, corrections.c.approval.is_not(None))
    return sorted({*connection.scalars(query.distinct()), *connection.scalars(changing.distinct())})


def delegate(connection: sa.Connection, delegation: Delegation, actor: Actor, now: datetime) -> None:
    """One person may decide in the name of another for a time; the history vouches for it."""
    values = {
        "principal": delegation.principal,
        "deputy": delegation.deputy,
        "begins": delegation.begins,
        "ends": delegation.ends,
        "why": delegation.why[:SAID_MAX],
        "made_at": now,
    }
    connection.execute(delegations.insert(), values)
    line = {"at": now, "after": "delegated", "why": f"{delegation.deputy}: {delegation.why}", "proof": proof_of(values)}
    connection.execute(events.insert(), line | signed(actor))


def delegations_to(connection: sa.Connection, deputy: str) -> list[Delegation]:
    """Every time in which somebody stands in for another."""
    return [_delegation(row) for row in connection.execute(sa.select(delegations).where(_G.deputy == deputy))]


def all_delegations(connection: sa.Connection) -> list[Delegation]:
    """The same of everybody."""
    return [_delegation(row) for row in connection.execute(sa.select(delegations).order_by(_G.id))]


def _delegation(row: Any) -> Delegation:
    return Delegation(principal=row.principal, deputy=row.deputy, begins=row.begins, ends=row.ends, why=row.why)


def authors_named(connection: sa.Connection, post_id: int) -> set[str]:
    """The authors that the post's revisions name, and whoever has said to have edited one."""
    return named_in(connection, [post_id])[post_id]


def named_in(connection: sa.Connection, post_ids: Collection[int]) -> dict[int, set[str]]:
    """The same of several posts."""
    found: dict[int, set[str]] = {id_: set() for id_ in post_ids}
    whole, c = sorted(found), events.c
    for start in range(0, len(whole), _TOGETHER):
        some = whole[start : start + _TOGETHER]
        named = sa.select(revisions.c.post_id, revisions.c.author).where(revisions.c.post_id.in_(some))
        edited = sa.select(c.post_id, c.actor).where(is_of_revision, c.post_id.in_(some), c.act == EDITED)
        for query in (named, edited):
            for post_id, name in connection.execute(query.distinct()):
                found[post_id].add(name)
    return found


#: What whoever has edited a post signs.
EDITED = "edit"


def idle_since(connection: sa.Connection, moment: datetime) -> list[tuple[str, str, Review]]:
    """Those of the posts under review about which nothing was decided since that moment."""
    newest = sa.select(sa.func.max(_R.id)).group_by(_R.post_id).where(_R.post_id.in_(_waiting()))
    since = sa.exists().where(_D.review_id == _R.id, _D.at > moment)
    query = sa.select(reviews, _P.slug, _P.title).join(posts, _P.id == _R.post_id).where(_R.id.in_(newest), ~since)
    return [(row.slug, row.title, _review(row)) for row in connection.execute(query.order_by(_R.id))]


def kinds_of(connection: sa.Connection, post_ids: Collection[int]) -> dict[int, str]:
    """The kinds that these posts' authors have chosen."""
    rows = connection.execute(sa.select(_P.id, _P.kind).where(_P.id.in_(list(post_ids))))
    return {row.id: row.kind for row in rows}


def note_kind(connection: sa.Connection, post_id: int, kind: str, template: str) -> None:
    """Note a post's kind, and by which template it is to be reviewed."""
    connection.execute(posts.update().where(_P.id == post_id).values(kind=kind, review=template))


def template_of(connection: sa.Connection, post_id: int) -> str:
    """By which template a post is to be reviewed; empty where it needs no review."""
    found: str = connection.scalar(sa.select(_P.review).where(_P.id == post_id)) or ""
    return found
