"""Plan: when a post is due on each of its channels, and the deliveries that will bring it there."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial

import sqlalchemy as sa

from xuanfa.domain.attempt import delivery_key
from xuanfa.domain.channel import base_of
from xuanfa.domain.delivery import NOT_OUT, OFF_SHELF, ON_SHELF, UNSENT, Delivery, State
from xuanfa.domain.finding import blocking, in_words
from xuanfa.domain.planning import (
    Wish,
    added,
    after_recurring,
    after_withdrawal,
    back_in_its_file,
    in_need_of_review,
    in_queue,
    in_time,
    is_called_off,
    left_out,
    of_other_file,
    refused,
    remade,
    revised,
    succeeding,
    unmade,
    withheld,
)
from xuanfa.domain.post import Post
from xuanfa.domain.restoring import not_in_backup, not_known, remembered_elsewhere, since_forgotten
from xuanfa.domain.review import Ends
from xuanfa.domain.said import says_the_same
from xuanfa.domain.times import in_words as moment_in_words
from xuanfa.operations import links, solemnity
from xuanfa.operations.desk import Desk
from xuanfa.operations.intake.corrected import Correcting, remake
from xuanfa.operations.intake.due import due_times
from xuanfa.operations.intake.foresight import too_early, wrong_corrects
from xuanfa.operations.intake.gate import Gate, asked_again
from xuanfa.operations.intake.once import Judge
from xuanfa.operations.intake.render import OPERATOR, Rendered, post_channels
from xuanfa.operations.intake.samples import name_for, remarks_on
from xuanfa.operations.intake.series import stopped
from xuanfa.operations.intake.whose import NO_CLAIM, Claim
from xuanfa.operations.keeping.lost import source_in_words
from xuanfa.operations.reviewing.reconcile import reconcile
from xuanfa.store import deliveries, likeness, posts, recollections, restores, reviews, series, verdicts, withdrawals
from xuanfa.store.deliveries import Change
from xuanfa.store.likeness import Candidate
from xuanfa.store.posts import KnownPost
from xuanfa.store.recollections import Recollection
from xuanfa.store.restores import Restore


@dataclass(frozen=True, slots=True, kw_only=True)
class Planning:
    """One post's revision at one moment, inside the caller's transaction."""

    desk: Desk
    connection: sa.Connection
    post: Post
    known: KnownPost
    now: datetime
    #: When the file was last changed; ``None`` where that says nothing of how old the post is.
    dated: datetime | None = None
    #: Why the rules for texts could not be read; empty where they were.
    unruled: str = ""
    #: What the post makes of what is out, where a correction of it waits for its review.
    corrected: Mapping[str, Rendered] | None = None
    #: What its file has to do with the post.
    claim: Claim = NO_CLAIM

    @property
    def gate(self) -> Gate:
        """What the rules stop of it."""
        return Gate(
            desk=self.desk, connection=self.connection, slug=self.known.slug, path=self.known.path, trouble=self.unruled
        )


@dataclass(slots=True)
class Planned:
    """What planning one post did. ``fixed`` are channels on which it is out already, so that a change does not reach them."""

    changes: list[Change] = field(default_factory=list)
    fixed: list[str] = field(default_factory=list)
    #: Channels on which it was withdrawn, which nothing puts out again.
    withdrawn: list[str] = field(default_factory=list)
    #: Of deliveries that are out, whether the post makes something else now.
    differs: dict[int, bool] = field(default_factory=dict)
    #: Channels on which it was called off: they take the change and stay as they are.
    cancelled: list[str] = field(default_factory=list)
    #: Channels on which a person has set the time, which a changed file does not change back.
    rescheduled: list[str] = field(default_factory=list)
    #: Channels to which it does not go any more, so that what was not sent there is called off.
    left: list[str] = field(default_factory=list)
    #: Channels for which the same text makes another rendition now: a picture, a template or a setting has changed.
    remade: list[str] = field(default_factory=list)
    #: What their author should know of the times.
    remarks: list[str] = field(default_factory=list)
    #: Channels that the post goes to only when a person has released it there.
    added: list[str] = field(default_factory=list)
    #: Questions: why a delivery is held, because the same content goes to the same account already.
    questions: list[str] = field(default_factory=list)

    def stays(self, old: Delivery, made: Rendered) -> None:
        """What is out stays as it is, whatever the post makes now; where the machine lets nothing be made, nobody can tell whether that differs."""
        if any(finding.code == OPERATOR for finding in blocking(made.findings)):
            return
        self.differs[old.id] = is_other = _is_other(old, made)
        if is_other:
            (self.withdrawn if old.state is State.RETRACTED else self.fixed).append(old.channel)


def plan(work: Planning, rendered: Mapping[str, Rendered]) -> Planned:
    """Write the deliveries of a post's new revision."""
    connection, known, now = work.connection, work.known, work.now
    planned, new = Planned(), list[Change]()
    existing = {delivery.channel: delivery for delivery in deliveries.of_post(connection, known.id)}
    due = due_times(work.desk, connection, work.post, known.id, tuple(rendered), existing=existing.values())
    times, planned.remarks = due.times, due.remarks
    restore, remembered = restores.latest(connection), recollections.of_post(connection, work.post.slug)
    judge, was_withdrawn = Judge(work.desk, connection), withdrawals.is_withdrawn(connection, known.id)
    reviewed = _is_reviewed(work, existing.values())
    standing = {channel: old for channel, old in existing.items() if channel in rendered or old.state not in UNSENT}
    for channel, made in rendered.items():
        old = existing.get(channel)
        if old is not None and (old.may_be_public or old.state not in NOT_OUT):
            planned.stays(old, made)
            continue
        fresh = _fresh(work, channel, times[channel], old, reviewed=reviewed, at_once=channel in due.at_once)
        frozen = in_time(freeze(work, fresh, made), _wish(work, channel), old)
        if old is None:
            frozen = _held_back(work, frozen, restore, remembered.get(channel))
            frozen = after_withdrawal(frozen) if was_withdrawn else frozen
            frozen = after_recurring(frozen) if series.by_slug(connection, work.post.slug) is not None else frozen
        if frozen.is_queued and frozen.shelf != ON_SHELF:  # what lies there is asked about when it is released
            frozen = judge.judged(frozen if old is None else replace(frozen, id=old.id), _candidates(standing, known))
        if old is None or old.state is State.REJECTED:
            frozen = succeeding(frozen, _former(work, existing))
        frozen = work.gate.passed(frozen)
        if old is None:
            frozen = _asked_whose(work, frozen)
            number = deliveries.insert(connection, frozen, now, work.desk.node)
            standing[channel] = replace(frozen, id=number)
            new.append(Change(replace(fresh, id=number), standing[channel]))
        else:
            planned.cancelled.extend([channel] if is_called_off(old) else [])
            is_timed = _is_timed(work, old, frozen)
            planned.rescheduled.extend([channel] if is_timed else [])
            if is_timed or _has_no_time(old, frozen):
                frozen = replace(frozen, due_at=old.due_at, ready_at=old.ready_at, fresh_at=old.fresh_at)
                frozen = replace(frozen, at_once=old.at_once)
            standing[channel] = _asked_whose(work, work.gate.passed(revised(_answered(work, old), frozen)))
            planned.changes.append(Change(old, standing[channel]))
        if standing[channel].state is State.HELD and standing[channel].twin:
            planned.questions.append(standing[channel].reason)
    _leave(work, planned, [existing[channel] for channel in existing.keys() - rendered.keys()])
    deliveries.rewrite(connection, planned.changes, now, work.desk.node)
    planned.changes += [*new, *_under_review(work, reviewed=reviewed)]
    needs = {channel: made.rendition.needs for channel, made in rendered.items() if made.rendition is not None}
    planned.remarks += too_early(work.desk, standing, needs)
    planned.remarks += solemnity.remarks(work.desk, connection, standing.values(), now)
    planned.remarks += remarks_on(work.desk, known.digest)
    planned.remarks += filter(None, [wrong_corrects(connection, work.post)])
    return planned


def _is_timed(work: Planning, old: Delivery, frozen: Delivery) -> bool:
    """Whether a person has set its time, which a save does not set back; what comes onto the shelf or leaves it by its file has another one."""
    waits = old.is_queued or old.state is State.HELD
    return waits and ON_SHELF not in {old.shelf, frozen.shelf} and deliveries.was_rescheduled(work.connection, old.id)


def _has_no_time(old: Delivery, frozen: Delivery) -> bool:
    """Whether it is due as soon as it may leave, or lies on the shelf or was released from it: no save changes its time."""
    at_once = frozen.at_once and old.at_once and old.reviewed and old.state in UNSENT
    return at_once or bool(frozen.shelf and old.shelf)


def _asked_whose(work: Planning, delivery: Delivery) -> Delivery:
    """The delivery, held where the post's slug stands in another file with other words."""
    if not work.claim.taken_from:
        return delivery
    return of_other_file(delivery, work.claim.taken_from, work.post.path, work.known.slug)


def _answered(work: Planning, old: Delivery) -> Delivery:
    return back_in_its_file(old) if work.claim.is_back else old


def _is_reviewed(work: Planning, existing: Iterable[Delivery]) -> bool:
    """Whether the post needs a review, and if so it is noted by which template. What once needed one goes on needing it."""
    template = work.desk.reviews.template_for(work.post.column, work.post.kind)
    if template:
        reviews.note_kind(work.connection, work.known.id, work.post.kind, template)
    return bool(template) or any(old.reviewed for old in existing)


def _under_review(work: Planning, *, reviewed: bool) -> list[Change]:
    """What the change means for what people have decided about the post, and for its end."""
    connection, known, post = work.connection, work.known, work.post
    day = None if post.review_on is None else datetime.combine(post.review_on, datetime.min.time(), work.desk.zone)
    # What was never reviewed ends as its file says; what was, as people have approved.
    was = reviewed and any(each.reviewed for each in deliveries.of_post(connection, known.id))
    withdrawals.name_ends(connection, known.id, Ends(post.retract_at, day), reviewed=was)
    if work.corrected is not None:
        correcting = Correcting(desk=work.desk, connection=connection, known=known, post=post)
        remake(correcting, work.corrected)
    if not reviewed:
        return []
    again = asked_again(work.desk, connection, known.id, work.now)
    return [*again, *reconcile(connection, known.id, work.now, work.desk.node)]


def _leave(work: Planning, planned: Planned, others: Iterable[Delivery]) -> None:
    """Call off what has not been sent to channels that the post does not go to any more. One that the settings do not have is no such
    channel: it may have another name now, and a person decides."""
    for old in others:
        if old.may_be_public:
            planned.fixed.extend([old.channel] if base_of(old.channel) == old.channel else [])
            planned.differs[old.id] = True
        elif old.channel in work.desk.channels and old.state in UNSENT:
            planned.changes.append(Change(old, left_out(old)))
            planned.left.append(old.channel)


def _former(work: Planning, existing: Mapping[str, Delivery]) -> list[Delivery]:
    """The deliveries of the post to channels that the settings do not have any more."""
    return [
        old
        for channel, old in existing.items()
        if channel not in work.desk.channels and (old.may_be_public or old.state is not State.CANCELLED)
    ]


def _wish(work: Planning, channel: str) -> Wish:
    named = work.post.override(base_of(channel)).publish_at or work.post.publish_at
    at = named if isinstance(named, datetime) else None
    return Wish(
        at=at,
        shown=moment_in_words(at, work.desk.zone) if at else "",
        dated=work.dated,
        now=work.now,
        late_after=work.desk.policy.late_after,
    )


def _held_back(work: Planning, frozen: Delivery, restore: Restore | None, remembered: Recollection | None) -> Delivery:
    """A new delivery, held where somebody besides this database remembers it, or where nobody here can know."""
    if remembered is not None:
        at = moment_in_words(remembered.at, work.desk.zone)
        return remembered_elsewhere(frozen, at, source_in_words(remembered.source))
    if restore is None or not restore.covers(_dated(work, frozen)):
        return frozen
    if restore.is_forgotten:
        return not_known(frozen, since_forgotten(moment_in_words(restore.restored_at, work.desk.zone)))
    return not_in_backup(frozen, moment_in_words(restore.taken_at, work.desk.zone))


def _dated(work: Planning, delivery: Delivery) -> datetime:
    """How old the post is at least: its file may have been copied since, and the time for which it was meant says more then."""
    return min(work.dated or work.now, delivery.due_at)


def plan_again(work: Planning, rendered: Mapping[str, Rendered]) -> Planned:
    """Give deliveries of an unchanged post the rendition that it makes now: one that had none, and one whose picture, template or setting
    has changed. What only its file held goes on. Channels that its column has got or lost since are followed as long as nothing is out.

    Nobody has changed the post, so its time stays, and lateness counts from it: what has become too late meanwhile is held, not sent.
    """
    planned, existing = Planned(), {old.channel: old for old in deliveries.of_post(work.connection, work.known.id)}
    reviewed = _is_reviewed(work, existing.values())
    goes_to = {name_for(work.desk, work.known.digest, channel) for channel in post_channels(work.desk, work.post)}
    for old in existing.values():
        made = rendered.get(old.channel)
        if made is None:
            continue
        is_other, wish = _is_other(old, made), _wish(work, old.channel)
        asked = in_need_of_review(old) if reviewed and not old.reviewed else old
        after = remade(asked, partial(freeze, work, made=made), wish, is_other=is_other)
        if after is None and not is_called_off(old):
            planned.stays(old, made)
        _judged_anew(work, old, made)
        after = _with_its_source(work, work.gate.passed(asked if after is None else after))
        if after == old:
            continue
        if not _only_says_it_otherwise(old, after):
            planned.changes.append(Change(old, after))
            planned.remade.extend([old.channel] if old.digest and after.digest not in {"", old.digest} else [])
    _leave(work, planned, [old for old in existing.values() if old.channel not in goes_to and not old.may_be_public])
    deliveries.rewrite(work.connection, planned.changes, work.now, work.desk.node)
    if any(old.state in UNSENT for old in existing.values()):
        _add(work, {channel: made for channel, made in rendered.items() if channel not in existing}, existing, planned)
    planned.changes += _under_review(work, reviewed=reviewed)
    return planned


def _with_its_source(work: Planning, delivery: Delivery) -> Delivery:
    """An occurrence does not go on by itself as long as its source is gone or broken."""
    why = stopped(work.connection, work.known.slug) if delivery.is_queued and not delivery.may_be_public else ""
    return withheld(delivery, why) if why else delivery


def _add(work: Planning, rendered: Mapping[str, Rendered], existing: Mapping[str, Delivery], planned: Planned) -> None:
    """Deliveries of an unchanged post to channels that its column has been given since. Held: nobody has said that it is to go there."""
    due_at = max(old.due_at for old in existing.values())
    for channel, made in rendered.items():
        if not made.is_sendable:
            continue  # the question whether it is to go there would be forgotten; it is asked when something has been mended
        reviewed = _is_reviewed(work, existing.values())
        fresh = _fresh(work, channel, due_at, None, reviewed=reviewed, at_once=work.post.shelf)
        frozen = work.gate.passed(added(succeeding(freeze(work, fresh, made), _former(work, existing))))
        number = deliveries.insert(work.connection, frozen, work.now, work.desk.node)
        planned.changes.append(Change(replace(fresh, id=number), replace(frozen, id=number)))
        planned.added.extend([channel] if frozen.state is State.HELD else [])


def _judged_anew(work: Planning, old: Delivery, made: Rendered) -> None:
    """Keep what today's rules say of a rendition that stays as it is."""
    if made.verdict is None or old.rendition_id is None or _is_other(old, made):
        return
    node = work.desk.node
    verdicts.keep(
        work.connection, old.rendition_id, made.verdict, work.now, post=work.known.slug, digest=old.digest, actor=node
    )


def _only_says_it_otherwise(old: Delivery, after: Delivery) -> bool:
    """Whether nothing is new but how the reason is kept: nobody is to hear of it a second time."""
    return replace(after, reason=old.reason) == old and says_the_same(old.reason, after.reason)


def _is_other(old: Delivery, made: Rendered) -> bool:
    return not made.is_sendable or made.rendition is None or made.rendition.digest != old.digest


def _fresh(
    work: Planning,
    channel: str,
    due_at: datetime,
    old: Delivery | None,
    *,
    reviewed: bool = False,
    at_once: bool = False,
) -> Delivery:
    """A delivery as it begins, before anything is known of its rendition; what was released from the shelf stays so."""
    released = old is not None and old.shelf == OFF_SHELF
    settings = work.desk.channels[channel]
    fresh = Delivery(
        id=0,
        post_id=work.known.id,
        revision=work.known.revision,
        column=work.post.column,
        channel=channel,
        kind=settings.kind,
        rehearsal=settings.rehearsal,
        account=settings.account,
        state=State.SCHEDULED,
        due_at=due_at,
        ready_at=due_at,
        fresh_at=max(due_at, work.now),
        expires_at=work.post.expires_at,
        reviewed=reviewed,
        at_once=at_once,
        shelf=(OFF_SHELF if released else ON_SHELF) if work.post.shelf else "",
    )
    return in_queue(fresh)


def freeze(work: Planning, fresh: Delivery, made: Rendered) -> Delivery:
    """The delivery with its rendition frozen; waiting where an address is missing. Where a finding blocks it, it is rejected and nothing
    is frozen, so that no decision about the delivery can send it."""
    if made.rendition is None or not made.is_sendable:
        found = blocking(made.findings)
        machine = [finding for finding in found if finding.code == OPERATOR]
        return unmade(fresh, in_words(machine)) if machine else refused(fresh, in_words(found))
    known, needs = work.known, made.rendition.needs
    addresses = links.of_post(work.desk, work.connection, known.id, fresh.channel) if needs else {}
    waiting = any(channel not in addresses for channel in needs)
    number = posts.freeze(work.connection, known.id, known.revision, fresh.channel, made.rendition)
    if made.verdict is not None:
        digest, node = made.rendition.digest, work.desk.node
        verdicts.keep(work.connection, number, made.verdict, work.now, post=known.slug, digest=digest, actor=node)
    return replace(
        fresh,
        rendition_id=number,
        digest=made.rendition.digest,
        key=delivery_key(known.slug, fresh.channel, made.rendition.digest),
        waiting=waiting,
        reason=links.never_coming(work.desk, fresh.channel, needs) if waiting else "",
    )


def _candidates(standing: Mapping[str, Delivery], known: KnownPost) -> list[Candidate]:
    """The post's own deliveries that count: those that are out or may be, and those that have been planned just now."""
    return [Candidate(each, known.slug, "") for each in standing.values() if likeness.counts(each)]
