"""What somebody has decided in reviews, and what still waits for a word of theirs: for the lists of 审校."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from xuanfa.domain.access import Veil, restricted_mark
from xuanfa.domain.differences import Difference, differences
from xuanfa.domain.review import Decision, Deed, Review, ReviewState, digest_of, standing
from xuanfa.domain.reviewing import Delegation
from xuanfa.store import posts, reviews, users
from xuanfa.store.database import Store
from xuanfa.store.review_records import snapshot_at, text_of, told_of
from xuanfa.store.reviews_schema import decisions
from xuanfa.store.reviews_schema import reviews as reviews_table
from xuanfa.store.schema import posts as posts_table

_D, _R, _P = decisions.c, reviews_table.c, posts_table.c


@dataclass(frozen=True, slots=True, kw_only=True)
class DecidedRow:
    """A decision of somebody for a list: ``number`` is where the next page begins; ``stands`` is where that review stands now."""

    number: int
    post: str
    title: str
    at: datetime
    step_name: str
    why: str
    stands: ReviewState
    #: The name of the step that is asked now; empty where none is.
    open_step: str = ""
    restricted: bool = False


def decided_by(
    store: Store, name: str, deeds: Sequence[Deed], veil: Veil, *, before: int | None = None, most: int = 50
) -> list[DecidedRow]:
    """What this person has decided, the newest first; ``before`` a number, for the next page."""
    query = (
        sa.select(_D.id, _D.review_id, _D.number, _P.slug, _P.title)
        .join(reviews_table, _R.id == _D.review_id)
        .join(posts_table, _P.id == _R.post_id)
        .where(_D.actor == name, _D.deed.in_([deed.value for deed in deeds]), *([_D.id < before] if before else []))
        .order_by(_D.id.desc())
        .limit(most)
    )
    with store.read() as connection:
        rows = connection.execute(query).all()
        ids = {row.review_id for row in rows}
        found, decided = reviews.by_ids(connection, ids), reviews.decided(connection, ids)
    return [_row(row, found[row.review_id], decided[row.review_id], veil) for row in rows]


def _row(row: Any, review: Review, decided: Sequence[Decision], veil: Veil) -> DecidedRow:
    line = next(each for each in decided if each.number == row.number)
    stands, hidden = standing(review, decided), veil.hides(row.slug)
    steps, open_ = review.template.steps, stands.open_step
    return DecidedRow(
        number=row.id,
        post=row.slug,
        title=restricted_mark() if hidden else row.title,
        at=line.at,
        step_name=steps[line.step - 1].name if 0 < line.step <= len(steps) else "",
        why="" if hidden else line.why,
        stands=stands.state,
        open_step=open_.step.name if open_ else "",
        restricted=hidden,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentRow:
    """A consent by telephone that its leader has still to confirm."""

    post: str
    title: str
    step_name: str
    entered_by: str
    called_at: datetime


def consents_of(store: Store, leader: str) -> list[ConsentRow]:
    """What this leader has agreed to by telephone and has not said so himself yet."""
    with store.read() as connection:
        owing = reviews.with_duties(connection)
        decided = reviews.decided(connection, [review.id for _, _, review in owing])
        shown = {user.name: user.display for user in users.all(connection)}
    return [
        ConsentRow(
            post=slug,
            title=title,
            step_name=each.step.name,
            entered_by=shown.get(each.decision.consent.entered_by, each.decision.consent.entered_by),
            called_at=each.decision.consent.at,
        )
        for slug, title, review in owing
        for each in standing(review, decided[review.id]).steps
        if each.waits_for_confirmation and each.decision and each.decision.consent and each.decision.by == leader
    ]


def principals_of(store: Store, deputy: str, now: datetime) -> list[str]:
    """In whose names this person may decide now."""
    with store.read() as connection:
        return sorted({each.principal for each in reviews.delegations_to(connection, deputy) if each.holds(now)})


def list_delegations(store: Store) -> list[Delegation]:
    """Who stood, stands or will stand in for whom; the newest first."""
    with store.read() as connection:
        return reviews.all_delegations(connection)[::-1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """What has happened to a review since a page of it was made: the last line, and what is different in the text."""

    deed: Deed
    by: str
    at: datetime
    why: str
    differences: Sequence[Difference] = ()


def moved_since(store: Store, slug: str, digest: str) -> Moved | None:
    """The newest line of a post's review, beside the text as it was when it stood at ``digest``; ``None`` where it has no review."""
    with store.read() as connection:
        known = posts.by_slug(connection, slug)
        told = None if known is None else told_of(connection, known.id)
        if known is None or told is None or not told.decisions:
            return None
        last = told.decisions[-1]
        shown = {user.name: user.display for user in users.all(connection)}
        before = [snapshot_at(told.decisions, each.number) for each in told.decisions]
        was = next((each for each in reversed(before) if digest_of(each) == digest), None)
        texts = (
            ("", "")
            if was is None
            else (
                text_of(connection, known.id, was),
                text_of(connection, known.id, told.stands.snapshot),
            )
        )
    return Moved(
        deed=last.deed,
        by=shown.get(last.by, last.by),
        at=last.at,
        why=last.why,
        differences=differences(*texts) if all(texts) else (),
    )
