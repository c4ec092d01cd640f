"""Reviews as they are shown: the record of one, what it changes, and what waits for whom."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from typing import Any

import sqlalchemy as sa

from xuanfa.domain.access import Veil, readers_of, restricted_mark
from xuanfa.domain.differences import Difference, differences
from xuanfa.domain.review import Deed, Review, Sending, StepState
from xuanfa.domain.review_people import authors_of
from xuanfa.domain.review_policy import ReviewPolicy
from xuanfa.domain.review_record import ReviewRecord
from xuanfa.domain.review_turn import Turn, table_of, turn_of
from xuanfa.domain.reviewing import Members, Table
from xuanfa.store import access, posts, review_records, reviews, users
from xuanfa.store.database import Store
from xuanfa.store.moment import once
from xuanfa.store.review_records import is_out, snapshot_at, text_of, told_of


def review_record(store: Store, policy: ReviewPolicy, slug: str) -> ReviewRecord | None:
    """The record of a post's newest review; ``None`` where there is no such post."""
    with store.read() as connection:
        return review_records.review_record(connection, policy, slug)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What is different from the text that somebody saw: whose sight it was (a login name; empty where nobody saw one), and when."""

    by: str = ""
    at: datetime | None = None
    differences: Sequence[Difference] = ()
    #: Whether it is what readers see, beside which a correction is read.
    is_out: bool = False
    #: Channels whose renditions are other ones now, whatever changed them.
    channels: Sequence[str] = ()


def seen_before(store: Store, slug: str, reader: str = "") -> Seen:
    """What has changed since ``reader`` decided about the post last, or, where they never did, since anybody did."""
    with store.read() as connection:
        known = posts.by_slug(connection, slug)
        told = None if known is None else told_of(connection, known.id)
        if known is None or told is None:
            return Seen()
        people = [each for each in told.decisions if each.deed not in {Deed.CHANGED, Deed.MOVED, Deed.EXPIRED}]
        own = [each for each in people if each.by == reader and each.deed is not Deed.SUBMITTED]
        submitted = [each for each in people if each.by == reader]
        last, now = (own or submitted or people)[-1], told.stands.snapshot
        before = snapshot_at(told.decisions, last.number)
        earlier = text_of(connection, known.id, before)
        beside_out = told.review.correction and not own
        if beside_out:
            # What readers see is what a correction is read beside.
            before = {each.channel: Sending(each.digest, each.due_at) for each in is_out(connection, known.id)}
            earlier = text_of(connection, known.id, before)
        texts = (earlier, text_of(connection, known.id, now))
        return Seen(
            by=last.by,
            at=last.at,
            is_out=beside_out,
            differences=differences(*texts) if all(texts) else (),
            channels=sorted(
                channel for channel in now if channel not in before or before[channel].digest != now[channel].digest
            ),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A post whose review waits for somebody. ``due_at`` is when its step should be decided, by working hours, or when it is to be out."""

    post: str
    title: str
    revision: int
    step: int
    step_name: str
    role: str
    waiting_since: datetime | None
    due_at: datetime | None
    channels: tuple[str, ...]
    is_late: bool
    #: Who may decide it now, by login name and as printed; nobody where the step cannot be held.
    who: tuple[str, ...] = ()
    who_shown: tuple[str, ...] = ()
    #: Whether it is about changing what is out already.
    correction: bool = False
    restricted: bool = False

    def as_json(self) -> dict[str, Any]:
        """The contract for programs."""
        return {
            "post": self.post,
            "title": self.title,
            "revision": self.revision,
            "step": self.step,
            "step_name": self.step_name,
            "role": self.role,
            "waiting_since": self.waiting_since,
            "due_at": self.due_at,
            "channels": list(self.channels),
            "late": self.is_late,
            "who": list(self.who),
            "who_shown": list(self.who_shown),
            "correction": self.correction,
            "restricted": self.restricted,
        }


def waiting_reviews(
    store: Store,
    policy: ReviewPolicy,
    zone: tzinfo,
    now: datetime,
    mine: str | None = None,
    *,
    veil: Veil | None = None,
) -> list[Waiting]:
    """Posts whose review waits for a decision, the longest first; with ``mine``, those of which this person may decide the open step. Without
    a ``veil``, as the machine's account sees them."""
    with store.read() as connection:
        hidden = (veil or access.veil(connection)).slugs
        turns = once(connection, ("turns", id(policy), now), lambda: _turns(connection, policy, zone, now))
    rows = []
    for slug, title, table, turn in turns:
        if mine is None or (mine in turn.waits_for and slug not in hidden):
            row = _waiting(slug, title, table, turn, now)
            rows.append(replace(row, title=restricted_mark(), restricted=True) if slug in hidden else row)
    return sorted(rows, key=lambda row: (row.waiting_since or now, row.post))


def _turns(
    connection: sa.Connection, policy: ReviewPolicy, zone: tzinfo, now: datetime
) -> list[tuple[str, str, Table, Turn]]:
    """Slug and title of every post whose review waits for a decision, and whose it is."""
    every = _at_table(connection, policy, zone, now, reviews.under_review(connection))
    return [each for each in every if each[3].step is not None]


def _at_table(
    connection: sa.Connection, policy: ReviewPolicy, zone: tzinfo, now: datetime, found: list[tuple[str, str, Review]]
) -> list[tuple[str, str, Table, Turn]]:
    closed = {each.post_id: each for each in access.standing(connection)}
    decided = reviews.decided(connection, [review.id for _, _, review in found])
    named = reviews.named_in(connection, [review.post_id for _, _, review in found])
    members: Members = {user.name: user for user in users.all(connection)}
    delegations = reviews.all_delegations(connection)
    rows = []
    for slug, title, review in found:
        authors = authors_of(named[review.post_id], members)
        may_read = readers_of(closed.get(review.post_id), members)
        table = table_of(review, decided[review.id], may_read, delegations, now, named=authors)
        rows.append((slug, title, table, turn_of(table, policy, zone)))
    return rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Stands:
    """Where the review of a post in a list stands: the step that is asked, of whom (as printed), and until when; or who has sent it back
    (empty for what has expired), and when."""

    step_name: str = ""
    who_shown: tuple[str, ...] = ()
    until: datetime | None = None
    returned_by: str = ""
    returned_at: datetime | None = None


def stands_of(
    store: Store, policy: ReviewPolicy, zone: tzinfo, now: datetime, post_ids: Collection[int]
) -> Mapping[str, Stands]:
    """Of these posts, by slug, those whose review waits for somebody, or was sent back."""
    if not post_ids:
        return {}
    with store.read() as connection:
        rows = _at_table(connection, policy, zone, now, reviews.newest_of(connection, post_ids))
    return {slug: found for slug, _, table, turn in rows if (found := _stands(table, turn)) is not None}


def _stands(table: Table, turn: Turn) -> Stands | None:
    if turn.step is not None:
        shown = tuple(table.display(name) for name in turn.waits_for)
        return Stands(step_name=turn.step.step.name, who_shown=shown, until=turn.until)
    last = next((each.decision for each in table.stands.steps if each.state is StepState.RETURNED), None)
    if last is None or not table.stands.is_returned:
        return None
    return Stands(returned_by=table.display(last.by) if last.by else "", returned_at=last.at)


def _waiting(slug: str, title: str, table: Table, turn: Turn, now: datetime) -> Waiting:
    open_ = turn.step
    assert open_ is not None  # noqa: S101 - the caller has looked
    # What a correction changes was due long ago.
    is_correction = table.review.correction
    leaves = (
        None
        if is_correction
        else min(filter(None, (each.due_at for each in table.stands.snapshot.values())), default=None)
    )
    return Waiting(
        post=slug,
        title=title,
        revision=table.review.revision,
        step=open_.number,
        step_name=open_.step.name,
        role=open_.step.role,
        waiting_since=turn.since,
        due_at=turn.until or leaves,
        channels=tuple(table.stands.snapshot),
        is_late=turn.is_late(now),
        who=turn.waits_for,
        who_shown=tuple(table.display(name) for name in turn.waits_for),
        correction=is_correction,
    )
