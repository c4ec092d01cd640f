"""Lists of posts and deliveries, and the history of one."""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from xuanfa.domain.access import Veil, restricted_mark
from xuanfa.domain.act import REFUSED
from xuanfa.domain.channel import EVERYTHING, base_of, practice_of
from xuanfa.domain.delivery import BY_CHECK, ON_SHELF, State
from xuanfa.domain.person import Signature
from xuanfa.domain.said import code_of, remedies_of
from xuanfa.reports.counts import Period
from xuanfa.store import access, late_proofs, restores, review_duties, verdicts
from xuanfa.store import deliveries as deliveries_store
from xuanfa.store.by_state import in_states
from xuanfa.store.database import Store
from xuanfa.store.ledger import title_as_sent
from xuanfa.store.reviews_schema import approvals, decisions
from xuanfa.store.schema import (
    attempts,
    channel_states,
    deliveries,
    events,
    files,
    needs_person,
    posts,
    receipts,
    renditions,
    revisions,
)

_D, _P, _R = deliveries.c, posts.c, receipts.c


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryRow:
    """A delivery for a list. ``title`` is the one under which it was sent or is to be; ``title_now`` is the post's today."""

    id: int
    post: str
    title: str
    title_now: str
    revision: int
    column: str
    channel: str
    kind: str
    state: State
    reason: str
    rehearsal: bool
    account: str
    #: The channels whose address of the same post it waits for.
    waits_for: tuple[str, ...]
    due_at: datetime
    ready_at: datetime
    attempts: int
    remote_id: str | None
    address: str | None
    published_at: datetime | None
    #: By which decision of its review it may leave: when, whose (a login name), and whether the review was to follow (先发后审).
    approved_at: datetime | None = None
    approved_by: str | None = None
    emergency: bool | None = None
    #: Whether what it carries is hidden from whoever looks.
    restricted: bool = False
    #: When the channel is asked for it next; nothing where only a person can tell.
    look_at: datetime | None = None
    #: Whether it lies on the shelf or was released from it (``domain.delivery.Delivery.shelf``).
    shelf: str = ""

    @property
    def has_no_time(self) -> bool:
        """Whether it lies on the shelf, so that ``due_at`` is only when it was put there."""
        return self.shelf == ON_SHELF

    @property
    def is_handed_over(self) -> bool:
        """Whether the channel has it, and a person takes the last step there."""
        return self.state is State.ACCEPTED and self.look_at is None

    def as_json(self) -> dict[str, Any]:
        """The contract for programs."""
        return {
            "id": self.id,
            "post": self.post,
            "revision": self.revision,
            "column": self.column,
            "channel": self.channel,
            "kind": self.kind,
            "state": self.state.value,
            "due_at": None if self.has_no_time else self.due_at,
            "shelf": self.has_no_time,
            "attempts": self.attempts,
            "remote_id": self.remote_id,
            "address": self.address,
            "published_at": self.published_at,
            "reason": self.reason,
            "reason_code": code_of(self.reason) or None,
            "remedies": [{"verb": each.verb, "subject": each.subject} for each in remedies_of(self.reason)],
            "rehearsal": self.rehearsal,
            "account": self.account,
            "title": self.title,
            "approved_at": self.approved_at,
            "approved_by": self.approved_by,
            "emergency": bool(self.emergency),
            "restricted": self.restricted,
        }


def list_deliveries(
    store: Store,
    *,
    states: Collection[State] = (),
    channel: str | None = None,
    post: str | None = None,
    ids: Collection[int] = (),
    period: Period | None = None,
    veil: Veil | None = None,
) -> list[DeliveryRow]:
    """Deliveries in the order in which they are due; without conditions, all. Without a ``veil``, as the machine's account sees them.

    ``period`` leaves those that were published in it; one without days only those of its column.
    """
    query = _LISTED
    if states:
        query = query.where(in_states(states))
    if channel is not None:
        query = query.where(_D.channel.in_([channel, practice_of(channel)]))
    if post is not None:
        query = query.where(_P.slug == post)
    if ids:
        query = query.where(_D.id.in_(list(ids)))
    if period is not None:
        query = query.where(*period.days(), *([_D.column_id == period.column] if period.column else []))
    with store.read() as connection:
        hidden = (veil or access.veil(connection)).hidden
        return [_row(row, is_hidden=row.post_id in hidden) for row in connection.execute(query)]


_LISTED = (
    sa.select(
        _D.id,
        _D.post_id,
        _P.slug.label("post"),
        title_as_sent.label("title"),
        _P.title.label("title_now"),
        _D.revision,
        _D.column_id.label("column"),
        _D.channel,
        _D.kind,
        _D.state,
        _D.reason,
        _D.rehearsal,
        _D.account,
        _D.waiting,
        renditions.c.needs,
        _D.due_at,
        _D.ready_at,
        _D.look_at,
        _D.shelf,
        _D.attempt.label("attempts"),
        _R.remote_id,
        _R.address,
        _R.published_at,
        decisions.c.at.label("approved_at"),
        decisions.c.actor.label("approved_by"),
        approvals.c.emergency,
    )
    .join(posts, _P.id == _D.post_id)
    .outerjoin(revisions, sa.and_(revisions.c.post_id == _D.post_id, revisions.c.number == _D.revision))
    .outerjoin(renditions, renditions.c.id == _D.rendition_id)
    .outerjoin(receipts, _R.delivery_id == _D.id)
    .outerjoin(approvals, approvals.c.id == _D.approval)
    .outerjoin(
        decisions,
        sa.and_(decisions.c.review_id == approvals.c.review_id, decisions.c.number == approvals.c.decision),
    )
    .order_by(_D.due_at, _D.id)
)


def _row(row: Any, *, is_hidden: bool) -> DeliveryRow:
    facts = row._asdict() | {"channel": base_of(row.channel)}
    del facts["post_id"]
    if is_hidden:
        facts |= _VEILED | {"title": restricted_mark(), "title_now": restricted_mark()}
    waiting, needs = facts.pop("waiting"), facts.pop("needs") or ()
    return DeliveryRow(**facts | {"state": State(row.state), "waits_for": tuple(needs) if waiting else ()})


#: What stands in place of what may hold words of a restricted post, or points to it.
_VEILED = {"reason": "", "column": "", "remote_id": None, "address": None, "restricted": True}


def columns_ever(store: Store) -> set[str]:
    """The ids of all columns that anything was ever queued for, whatever the settings say now."""
    with store.read() as connection:
        return set(connection.scalars(sa.select(_D.column_id).distinct()))


def channels_ever(store: Store) -> set[str]:
    """The same of channels."""
    with store.read() as connection:
        return set(connection.scalars(sa.select(_D.channel).distinct()))


@dataclass(frozen=True, slots=True, kw_only=True)
class PostRow:
    """A post for a list. ``states`` counts its deliveries."""

    slug: str
    title: str
    path: str
    column: str
    revision: int
    queued_at: datetime
    states: dict[State, int]
    #: Whether anything of it was ever let out before its review (先发后审).
    emergency: bool = False
    #: Whether all but its slug is hidden from whoever looks.
    restricted: bool = False


def list_posts(store: Store, veil: Veil | None = None) -> list[PostRow]:
    """All posts, the newest first. Without a ``veil``, as the machine's account sees them."""
    with store.read() as connection:
        hidden = (veil or access.veil(connection)).hidden
        counted: dict[int, dict[State, int]] = {}
        query = sa.select(_D.post_id, _D.state, sa.func.count()).group_by(_D.post_id, _D.state)
        for post_id, state, number in connection.execute(query):
            counted.setdefault(post_id, {})[State(state)] = number
        early = review_duties.emergency_posts(connection)
        rows = connection.execute(sa.select(posts).order_by(_P.queued_at.desc(), _P.id.desc()))
        return [
            PostRow(
                slug=row.slug,
                title=restricted_mark() if row.id in hidden else row.title,
                path="" if row.id in hidden else row.path,
                column="" if row.id in hidden else row.column_id,
                restricted=row.id in hidden,
                revision=row.revision,
                queued_at=row.queued_at,
                states=counted.get(row.id, {}),
                emergency=row.id in early,
            )
            for row in rows
        ]


def file_problems(store: Store) -> list[str]:
    """What is wrong with files of the inbox, in sentences with file and line."""
    with store.read() as connection:
        has_problems = sa.type_coerce(files.c.problems, sa.Text) != ""
        rows = connection.scalars(sa.select(files.c.problems).where(has_problems).order_by(files.c.path))
        return [problem for problems in rows for problem in problems]


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptFacts:
    """An attempt: which, what it did and how it ended; how many bytes of its last request left this machine, of how many (``None``: not measured)."""

    attempt: int
    action: str
    outcome: str | None
    bytes_sent: int | None
    bytes_total: int | None
    #: Whether it was a drill: what it says is true of the practice platform alone.
    rehearsal: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryRow:
    """One line of a delivery's history: a move, a decision or an attempt."""

    at: datetime
    what: str
    who: str
    why: str
    #: The facts of an attempt, for programs.
    attempt: AttemptFacts | None = None
    #: For what a person has done or was refused: by which act, how they were known, and from where.
    signature: Signature | None = None

    def as_json(self) -> dict[str, Any]:
        """The contract for programs."""
        facts = {"at": self.at, "what": self.what, "who": self.who, "why": self.why}
        if self.signature is not None:
            facts |= {"act": self.signature.act, "how": self.signature.how, "where": self.signature.place}
        return facts if self.attempt is None else facts | asdict(self.attempt)


def history(store: Store, delivery_id: int) -> list[HistoryRow]:
    """Everything that happened to a delivery, in order."""
    with store.read() as connection:
        moves = [line_of(row) for row in connection.execute(_MOVES, {"b_id": delivery_id})]
        tried = connection.execute(_TRIES, {"b_id": delivery_id})
        tries = [
            HistoryRow(
                at=row.started_at,
                what=f"{row.action} #{row.number}: {row.outcome or '…'}",
                who=row.node,
                why=row.evidence,
                attempt=AttemptFacts(
                    attempt=row.number,
                    action=row.action,
                    outcome=row.outcome,
                    bytes_sent=row.bytes_sent,
                    bytes_total=row.bytes_total,
                    rehearsal=row.rehearsal,
                ),
            )
            for row in tried
        ]
    return sorted((*moves, *tries), key=lambda row: row.at)


_MOVES: Final = sa.select(events).where(events.c.delivery_id == sa.bindparam("b_id")).order_by(events.c.id)
_TRIES: Final = sa.select(attempts).where(attempts.c.delivery_id == sa.bindparam("b_id")).order_by(attempts.c.number)


def line_of(row: sa.Row[Any]) -> HistoryRow:
    """A line of the history, as it is listed."""
    what = f"{row.before or ''} → {row.after}".strip(" →")
    signature = Signature(name=row.actor, act=row.act, how=row.how, place=row.place) if row.act else None
    if row.after == REFUSED:
        what = f"{row.act}: {REFUSED}"
    return HistoryRow(at=row.at, what=what, who=row.actor, why=row.why, signature=signature)


def outstanding(store: Store) -> dict[State, int]:
    """How many deliveries wait for a person, by state; a withdrawal that is in doubt too."""
    with store.read() as connection:
        return {State(state): number for state, number in connection.execute(_OUTSTANDING)}


#: So many due deliveries of a channel are counted.
_COUNTED: Final = 1000
_OUTSTANDING: Final = sa.select(_D.state, sa.func.count()).where(needs_person).group_by(_D.state)


def counted_due(store: Store, channels: Collection[str], now: datetime) -> int:
    """How many deliveries of these channels are due and have not left; no further than a thousand each."""
    with store.read() as connection:
        return sum(deliveries_store.count_due(connection, channel, now, _COUNTED) for channel in channels)


def stopped_by_checks(store: Store) -> list[tuple[str, str]]:
    """The files of posts that are held for what the rules found, each with why; why is not said of what is restricted."""
    with store.read() as connection:
        hidden = access.veil(connection)
        found = {path: hidden.text(slug, why) for slug, path, why in verdicts.held_reasons(connection, BY_CHECK)}
    return list(found.items())


def second_proofs(store: Store) -> dict[int, str]:
    """Deliveries that seem to be out twice, each with what says so."""
    with store.read() as connection:
        return late_proofs.second(connection)


def restored(store: Store) -> int:
    """How many deliveries wait for a person because a restore brought them back."""
    with store.read() as connection:
        return restores.undecided(connection)


def lacks_posts(store: Store) -> bool:
    """Whether a restore stands of which nobody has said yet that all newer posts are in."""
    with store.read() as connection:
        latest = restores.latest(connection)
        return latest is not None and latest.complete_at is None


def paused_channels(store: Store) -> dict[str, str]:
    """Channels that are paused by themselves, with the reason."""
    return {channel: reason for channel, reason in _pauses(store).items() if channel != EVERYTHING}


def everything_paused(store: Store) -> str | None:
    """Why everything is paused; ``None`` where it is not."""
    return _pauses(store).get(EVERYTHING)


def paused_since(store: Store, begun: datetime) -> bool:
    """Whether it is that everything is paused only since then."""
    c = channel_states.c
    with store.read() as connection:
        query = sa.select(c.channel).where(c.channel == EVERYTHING, c.paused_at >= begun)
        return connection.execute(query).first() is not None


def _pauses(store: Store) -> dict[str, str]:
    c = channel_states.c
    with store.read() as connection:
        rows = connection.execute(sa.select(c.channel, c.reason).where(c.paused_at.is_not(None)))
        return {row.channel: row.reason for row in rows}
