"""The record of a review, put together from its rows: what is shown, printed and archived. Inside the caller's transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import sqlalchemy as sa

from xuanfa.domain.correction import Correction
from xuanfa.domain.delivery import Delivery
from xuanfa.domain.differences import counted, differences
from xuanfa.domain.language import say
from xuanfa.domain.likeness import body_of
from xuanfa.domain.review import (
    Decision,
    Deed,
    Review,
    Snapshot,
    Standing,
    StepStanding,
    digest_of,
    standing,
)
from xuanfa.domain.review_leaving import OUT, snapshot_of
from xuanfa.domain.review_people import authors_of
from xuanfa.domain.review_policy import ReviewPolicy
from xuanfa.domain.review_record import (
    ConsentRecord,
    CorrectionRecord,
    EmergencyRecord,
    ReviewRecord,
    StepRecord,
    VoidRecord,
)
from xuanfa.domain.reviewing import Members
from xuanfa.store import corrections, deliveries, posts, reviews, users, withdrawals
from xuanfa.store.schema import renditions, revisions

_N, _V = renditions.c, revisions.c


@dataclass(frozen=True, slots=True)
class Told:
    """A review with its decisions and where it stands."""

    review: Review
    decisions: Sequence[Decision]
    stands: Standing


def review_record(connection: sa.Connection, policy: ReviewPolicy, slug: str) -> ReviewRecord | None:
    """The record of a post's newest review; ``None`` where there is no such post. One that nobody has submitted has its template's steps."""
    known = posts.by_slug(connection, slug)
    if known is None:
        return None
    members: Members = {user.name: user for user in users.all(connection)}
    named = authors_of(reviews.authors_named(connection, known.id), members)
    told = told_of(connection, known.id)
    if told is None:
        sending = [each for each in deliveries.of_post(connection, known.id) if each.reviewed]
        snapshot = snapshot_of(sending, {}, withdrawals.named_ends(connection, known.id))
        template = reviews.template_of(connection, known.id)
        steps = policy.templates[template].steps if template in policy.templates else ()
        return ReviewRecord(
            post=slug,
            revision=known.revision,
            template=template,
            digest=digest_of(snapshot),
            state="none",
            author=tuple(sorted(named)),
            author_shown=_shown(sorted(named), members),
            steps=tuple(
                StepRecord(
                    number=number,
                    name=step.name,
                    kind=step.kind.value,
                    role=step.role,
                    state="waiting",
                    checks=step.checks,
                )
                for number, step in enumerate(steps, 1)
            ),
            renditions={channel: each.digest for channel, each in snapshot.items()},
            times=_times(snapshot),
        )
    counts = _corrections(connection, told)
    record = _record(slug, known.revision, told, members=members, named=named, counts=counts)
    return replace(record, correction=_correction(connection, told)) if told.review.correction else record


def _times(snapshot: Snapshot) -> dict[str, dict[str, datetime | None]]:
    """The times that are approved with each rendition."""
    return {
        channel: {
            "due_at": each.due_at,
            "expires_at": each.expires_at,
            "retract_at": each.ends.retract_at,
            "review_on": each.ends.review_on,
        }
        for channel, each in snapshot.items()
    }


def _correction(connection: sa.Connection, told: Told) -> CorrectionRecord:
    """What the correction under review makes of each channel: the newest of those that were ordered with this review, or since."""
    asked = next((each for each in told.decisions if each.deed is Deed.SUBMITTED), None)
    ordered = told.review.opened_at
    newest = {
        each.channel: each
        for each in corrections.of_post(connection, told.review.post_id)
        if each.ordered_at >= ordered and each.reviewed
    }
    return CorrectionRecord(
        why=asked.why if asked else "",
        by=asked.by if asked else "",
        at=ordered,
        channels={channel: _becomes(each) for channel, each in newest.items()},
    )


def _becomes(it: Correction) -> str:
    """``change``, or what was chosen for a channel that cannot."""
    return "change" if it.is_in_place else (it.wish or it.state.value)


def told_of(connection: sa.Connection, post_id: int) -> Told | None:
    review = reviews.latest(connection, post_id)
    if review is None:
        return None
    decisions = reviews.decided(connection, [review.id])[review.id]
    return Told(review, decisions, standing(review, decisions))


def _record(
    slug: str,
    revision: int,
    told: Told,
    *,
    members: Members,
    named: frozenset[str],
    counts: Mapping[int, Mapping[str, int]],
) -> ReviewRecord:
    submitted = [each.by for each in told.decisions if each.deed is Deed.SUBMITTED]
    authors = tuple(dict.fromkeys([*submitted, *sorted(told.review.authors | named)]))
    stands = told.stands
    return ReviewRecord(
        post=slug,
        revision=revision,
        template=told.review.template.id,
        digest=stands.digest,
        state=stands.state.value,
        author=authors,
        author_shown=_shown(authors, members),
        steps=tuple(_step(each, members, counts.get(each.number, {})) for each in stands.steps),
        renditions={channel: each.digest for channel, each in stands.snapshot.items()},
        times=_times(stands.snapshot),
        voided=tuple(_voided(each, members) for each in stands.voided),
        opened_at=told.review.opened_at,
        emergency=_emergency(stands, members),
    )


def _voided(line: Decision, members: Members) -> VoidRecord:
    """What the program found to have changed says so itself; of what a person has taken back, who that was."""
    if line.deed is not Deed.RECALLED:
        return VoidRecord(at=line.at, why=line.why)
    who = _shown([line.by], members)[0]
    words = say("{who}收回签发：{why}", "{who} took the approval back: {why}", who=who, why=line.why)
    return VoidRecord(at=line.at, why=words, recalled_by=who, said=line.why)


def _emergency(stands: Standing, members: Members) -> EmergencyRecord | None:
    given = stands.emergency
    if given is None:
        return None
    shown = _shown([given.by], members)[0]
    return EmergencyRecord(at=given.at, by=given.by, by_shown=shown, why=given.why, is_owed=stands.is_owed)


def _shown(names: Sequence[str], members: Members) -> tuple[str, ...]:
    return tuple(members[name].display if name in members else name for name in names)


def _step(each: StepStanding, members: Members, corrections: Mapping[str, int]) -> StepRecord:
    decision = each.decision
    by, principal = (decision.by, decision.principal) if decision else ("", "")
    return StepRecord(
        number=each.number,
        name=each.step.name,
        kind=each.step.kind.value,
        role=each.step.role,
        state=each.state.value,
        by=by,
        by_shown=_shown([by], members)[0],
        at=decision.at if decision else None,
        on_behalf_of=principal,
        on_behalf_of_shown=_shown([principal], members)[0],
        how=decision.how if decision else "",
        note=_note(decision) if decision else "",
        checks=each.step.checks,
        ticked=decision.checks if decision else (),
        corrections=corrections,
        consent=_consent(each, members),
    )


def _consent(each: StepStanding, members: Members) -> ConsentRecord | None:
    given = each.decision.consent if each.decision is not None else None
    if given is None:
        return None
    return ConsentRecord(
        entered_by=given.entered_by,
        entered_by_shown=_shown([given.entered_by], members)[0],
        called_at=given.at,
        number=given.number,
        confirmed_at=each.confirmed_at,
    )


def _note(decision: Decision) -> str:
    return "\n".join(filter(None, [decision.why, decision.note, *(f"“{p}”：{w}" for p, w in decision.places)]))


def _corrections(connection: sa.Connection, told: Told) -> dict[int, dict[str, int]]:
    """What has been corrected since the text last lay before each step that stands, or else before whoever decided last before it, by class."""
    found, texts = dict[int, dict[str, int]](), dict[str, str]()
    people = [each for each in told.decisions if each.deed in _READING]

    def text(decision: Decision) -> str:
        """Looked up once for each state of the text."""
        snapshot = snapshot_at(told.decisions, decision.number)
        digest = digest_of(snapshot)
        if digest not in texts:
            texts[digest] = text_of(connection, told.review.post_id, snapshot)
        return texts[digest]

    for number, decision in told.stands.holders.items():
        before = [each for each in people if each.number < decision.number]
        own = [each for each in before if each.step == number]
        if before:
            old, new = text((own or before)[-1]), text(decision)
            if old and new and old != new:
                found[number] = counted(differences(old, new))
    return found


#: What people have decided with the text before them.
_READING = frozenset({Deed.SUBMITTED, Deed.APPROVED, Deed.RETURNED})


def snapshot_at(decisions: Sequence[Decision], number: int) -> Snapshot:
    """What was to be sent when that decision was made."""
    kept = [each.snapshot for each in decisions if each.number <= number and each.snapshot is not None]
    return kept[-1] if kept else {}


def is_out(connection: sa.Connection, post_id: int) -> list[Delivery]:
    """What readers see of a post."""
    return [each for each in deliveries.of_post(connection, post_id) if each.state in OUT]


def text_of(connection: sa.Connection, post_id: int, snapshot: Snapshot) -> str:
    """Title and text of the newest revision that a snapshot's renditions were made of."""
    digests = [each.digest for each in snapshot.values()]
    number = connection.scalar(sa.select(sa.func.max(_N.revision)).where(_N.post_id == post_id, _N.digest.in_(digests)))
    row = connection.execute(sa.select(_V.title, _V.source).where(_V.post_id == post_id, _V.number == number)).first()
    return "" if row is None else f"{row.title}\n{body_of(row.source)}"
