"""What lies on the shelf (保底稿): which posts, whether each may be released, and until when it holds."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from itertools import groupby
from operator import attrgetter
from typing import Any, Final

import sqlalchemy as sa

from xuanfa.domain.access import Veil, restricted_mark
from xuanfa.domain.channel import base_of
from xuanfa.domain.delivery import State
from xuanfa.domain.language import say
from xuanfa.store.database import Store
from xuanfa.store.reviews_schema import approvals, decisions
from xuanfa.store.schema import deliveries, on_shelf, posts
from xuanfa.store.withdrawals_schema import endings

_D, _P, _E = deliveries.c, posts.c, endings.c
#: The state that a post shows of those of its channels: the first of these that it has.
_FIRST: Final = (State.HELD, State.REJECTED, State.AWAITING_REVIEW, State.SHELVED)


@dataclass(frozen=True, slots=True, kw_only=True)
class OnShelf:
    """A post on the shelf. ``why`` says what keeps it from being released; empty where nothing does."""

    slug: str
    title: str
    column: str
    department: str
    channels: tuple[str, ...]
    state: State
    why: str
    since: datetime
    #: The last day on which it may be released without its department's word, and until when it may leave at all.
    review_on: date | None
    expires_at: datetime | None
    ids: tuple[int, ...]
    restricted: bool
    revision: int = 0
    #: Who approved it last (a login name) and when; nothing where it needs no review, or has none yet.
    approved_by: str | None = None
    approved_at: datetime | None = None
    #: Names what would leave: another one where any text, picture or channel is another one.
    mark: str = ""

    #: Whether its review date is over, so that its department has to say that it still holds.
    is_past: bool = False

    @property
    def is_ready(self) -> bool:
        """Whether it can be released now."""
        return not self.why

    def as_json(self) -> dict[str, Any]:
        """The contract for programs."""
        return {
            "post": self.slug,
            "title": self.title,
            "column": self.column,
            "department": self.department,
            "channels": list(self.channels),
            "state": self.state.value,
            "ready": self.is_ready,
            "why": self.why,
            "since": self.since,
            "review_on": self.review_on and self.review_on.isoformat(),
            "expires_at": self.expires_at,
            "deliveries": list(self.ids),
            "restricted": self.restricted,
        }


def posts_on_shelf(store: Store, veil: Veil, now: datetime, zone: tzinfo) -> list[OnShelf]:
    """What lies there: what may be released first, then by name."""
    query = (
        sa.select(
            _D.id, _D.post_id, _D.channel, _D.state, _D.reason, _D.due_at, _D.expires_at, _D.column_id,
            _D.revision, _D.digest, _P.slug, _P.title, _P.department, _E.named_review_on,
            decisions.c.at.label("approved_at"), decisions.c.actor.label("approved_by"),
        )
        .join(posts, _P.id == _D.post_id)
        .outerjoin(approvals, approvals.c.id == _D.approval)
        .outerjoin(
            decisions,
            sa.and_(decisions.c.review_id == approvals.c.review_id, decisions.c.number == approvals.c.decision),
        )
        .outerjoin(endings, _E.post_id == _D.post_id)
        .where(on_shelf, _D.state != State.CANCELLED.value)
    )  # fmt: skip
    with store.read() as connection:
        rows = connection.execute(query).all()
    by_post = groupby(sorted(rows, key=attrgetter("post_id", "id")), key=attrgetter("post_id"))
    lying = [_lying(list(some), veil, now, zone) for _, some in by_post]
    return sorted(lying, key=lambda each: (not each.is_ready, each.slug))


def _lying(rows: Sequence[Any], veil: Veil, now: datetime, zone: tzinfo) -> OnShelf:
    first, states = rows[0], {State(row.state) for row in rows}
    is_hidden = first.post_id in veil.hidden
    review_on = None if first.named_review_on is None else first.named_review_on.astimezone(zone).date()
    state = State.SHELVED if State.SHELVED in states else next(each for each in _FIRST if each in states)
    held = next((row for row in rows if row.state == state), first)
    reason, is_past = "" if is_hidden else held.reason, _is_past(review_on, now, zone)
    approved = next((row for row in rows if row.approved_at is not None), first)
    expires_at = min((row.expires_at for row in rows if row.expires_at is not None), default=None)
    return OnShelf(
        slug=first.slug,
        title=restricted_mark() if is_hidden else first.title,
        column="" if is_hidden else first.column_id,
        department=first.department,
        channels=tuple(base_of(row.channel) for row in rows),
        state=state,
        why=_why_not(state, reason, expires_at, now) or _past_its_day(is_past),
        is_past=is_past,
        since=min(row.due_at for row in rows),
        review_on=review_on,
        expires_at=expires_at,
        ids=tuple(row.id for row in rows),
        restricted=is_hidden,
        revision=first.revision,
        approved_by=approved.approved_by,
        approved_at=approved.approved_at,
        mark=_mark(rows),
    )


def _mark(rows: Sequence[Any]) -> str:
    """Of what would leave on which channel, by which approval."""
    parts = [f"{row.channel} {row.state} {row.digest} {row.approved_at}" for row in rows]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _why_not(state: State, reason: str, expires_at: datetime | None, now: datetime) -> str:
    """What keeps it from being released now, whatever the day."""
    if state is State.AWAITING_REVIEW:
        return say("还没有审核通过", "not approved yet")
    if state is not State.SHELVED:
        return reason or state.label
    return say("已过失效时间", "past its expires_at") if expires_at is not None and now >= expires_at else ""


def _is_past(review_on: date | None, now: datetime, zone: tzinfo) -> bool:
    return review_on is not None and now.astimezone(zone).date() >= review_on + timedelta(days=1)


def _past_its_day(is_past: bool) -> str:
    return say("过了复核日期", "past its review date") if is_past else ""
