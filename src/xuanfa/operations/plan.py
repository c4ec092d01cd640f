"""Plan: when a post is due on each of its channels, and the deliveries that will bring it there."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import sqlalchemy as sa

from xuanfa.domain.attempt import delivery_key
from xuanfa.domain.delivery import BY_FILE, BY_TIME, CHANGEABLE, Delivery, State
from xuanfa.domain.errors import StateError
from xuanfa.domain.finding import blocking, in_words
from xuanfa.domain.language import say
from xuanfa.domain.life import move
from xuanfa.domain.post import Due, Post
from xuanfa.domain.restoring import not_in_backup, not_known, remembered_elsewhere, since_forgotten
from xuanfa.domain.times import in_words as moment_in_words
from xuanfa.operations import links
from xuanfa.operations.desk import Desk
from xuanfa.operations.lost import source_in_words
from xuanfa.operations.once import Judge
from xuanfa.operations.render import Rendered
from xuanfa.store import deliveries, likeness, posts, recollections, restores
from xuanfa.store.deliveries import Change
from xuanfa.store.likeness import Candidate
from xuanfa.store.posts import KnownPost
from xuanfa.store.recollections import Recollection
from xuanfa.store.restores import Restore

#: So long after the time that it names a file may be saved and still have meant the present.
WRITING = timedelta(minutes=1)


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


@dataclass(slots=True)
class Planned:
    """What planning one post did. ``fixed`` are channels on which it is out already, so that a change does not reach them."""

    changes: list[Change] = field(default_factory=list)
    fixed: list[str] = field(default_factory=list)
    #: Channels on which it was called off: they take the change and stay as they are.
    cancelled: list[str] = field(default_factory=list)
    #: Channels on which a person has set the time, which a changed file does not change back.
    rescheduled: list[str] = field(default_factory=list)
    #: Channels for which the same text makes another rendition now: a picture, a template or a setting has changed.
    remade: list[str] = field(default_factory=list)
    #: Questions: why a delivery is held, because the same content goes to the same account already.
    questions: list[str] = field(default_factory=list)


def plan(work: Planning, rendered: Mapping[str, Rendered]) -> Planned:
    """Write the deliveries of a post's new revision."""
    connection, known, now = work.connection, work.known, work.now
    planned, new = Planned(), list[Change]()
    times = due_times(work, tuple(rendered))
    existing = {delivery.channel: delivery for delivery in deliveries.of_post(connection, known.id)}
    restore, remembered = restores.latest(connection), recollections.of_post(connection, work.post.slug)
    judge = Judge(work.desk, connection)
    standing = {channel: old for channel, old in existing.items() if channel in rendered or old.state not in CHANGEABLE}
    for channel, made in rendered.items():
        old = existing.get(channel)
        if old is not None and (old.may_be_public or old.state not in CHANGEABLE | {State.CANCELLED}):
            planned.fixed.append(channel)
            continue
        fresh = _fresh(work, channel, times[channel])
        frozen = _in_time(work, freeze(work, fresh, made), old)
        if old is None:
            frozen = _held_back(work, frozen, restore, remembered.get(channel))
        if frozen.state is State.SCHEDULED:
            frozen = judge.judged(frozen if old is None else replace(frozen, id=old.id), _candidates(standing, known))
        if old is None:
            number = deliveries.insert(connection, frozen, now, work.desk.node)
            standing[channel] = replace(frozen, id=number)
            new.append(Change(replace(fresh, id=number), standing[channel]))
        else:
            planned.cancelled.extend([channel] if old.state is State.CANCELLED else [])
            if old.state in {State.SCHEDULED, State.HELD} and deliveries.was_rescheduled(connection, old.id):
                planned.rescheduled.append(channel)
                frozen = replace(frozen, due_at=old.due_at, ready_at=old.ready_at, fresh_at=old.fresh_at)
            standing[channel] = _revised(old, frozen)
            planned.changes.append(Change(old, standing[channel]))
        if standing[channel].state is State.HELD and standing[channel].twin:
            planned.questions.append(standing[channel].reason)
    for channel in existing.keys() - rendered.keys():
        if existing[channel].may_be_public:
            planned.fixed.append(channel)
        elif existing[channel].state in CHANGEABLE:
            why = say("稿件不再发往这个渠道", "the post no longer goes to this channel")
            planned.changes.append(Change(existing[channel], move(existing[channel], State.CANCELLED, why)))
    deliveries.rewrite(connection, planned.changes, now, work.desk.node)
    planned.changes += new
    return planned


def _in_time(work: Planning, frozen: Delivery, old: Delivery | None) -> Delivery:
    """The delivery, held where its post names a time that is past: a mistyped year is not "now".

    A file that was written before the time it names only took its way here: it counts as late, like any other. Who edits a post whose
    time has just come has not named that time now.
    """
    wish = work.post.override(frozen.channel).publish_at or work.post.publish_at
    if not isinstance(wish, datetime) or wish >= work.now or frozen.state is not State.SCHEDULED:
        return frozen
    was_to_come = work.dated is not None and work.dated <= wish + WRITING
    if old is not None and old.due_at == wish and old.hold != BY_TIME:
        return frozen
    if was_to_come and work.now - wish <= work.desk.policy.late_after:
        return replace(frozen, fresh_at=wish)
    why = say(
        "稿头写的发布时间 {at} 已经过去，是不是写错了？改正 publish_at 后保存；确实要现在发，就用 release 放行",
        "the time {at} in the front matter is past: a mistake? Mend publish_at and save the file; to publish it now, release it",
        at=moment_in_words(wish, work.desk.zone),
    )
    return replace(frozen, state=State.HELD, reason=why, hold=BY_TIME)


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
    has changed. What only its file held goes on.

    Nobody has changed the post, so its time stays, and lateness counts from it: what has become too late meanwhile is held, not sent.
    """
    planned = Planned()
    for old in deliveries.of_post(work.connection, work.known.id):
        made = rendered.get(old.channel)
        if made is None:
            continue
        after = _rendered_again(work, old, made)
        if after is None:
            planned.fixed.extend([old.channel] if _is_other(old, made) else [])
        elif after != old:
            planned.changes.append(Change(old, after))
            planned.remade.extend([old.channel] if old.digest not in {"", after.digest} else [])
    deliveries.rewrite(work.connection, planned.changes, work.now, work.desk.node)
    return planned


def _rendered_again(work: Planning, old: Delivery, made: Rendered) -> Delivery | None:
    """An unsent delivery with what its post makes now; ``None`` where it is out, under way or called off."""
    if old.state is State.REJECTED and old.rendition_id is None:
        return freeze(work, replace(old, state=State.SCHEDULED, reason="", ready_at=old.due_at), made)
    if old.may_be_public or old.state not in CHANGEABLE:
        return None
    begun = old
    if old.state is State.HELD and old.hold == BY_FILE:
        begun = replace(move(old, State.SCHEDULED), ready_at=max(old.due_at, work.now))
    if not _is_other(old, made):
        return begun
    return _revised(begun, freeze(work, replace(begun, state=State.SCHEDULED, reason="", hold=""), made))


def _is_other(old: Delivery, made: Rendered) -> bool:
    return not made.is_sendable or made.rendition is None or made.rendition.digest != old.digest


def due_times(work: Planning, channels: tuple[str, ...]) -> dict[str, datetime]:
    """When the post is due on each channel: what the channel's override says, then the post, then the column's slot, then now."""
    post, now = work.post, work.now
    wishes = {channel: post.override(channel).publish_at or post.publish_at for channel in channels}
    slot = None
    if any(wish is None for wish in wishes.values()) and work.desk.columns[post.column].timetable:
        slot = posts.slot_of(work.connection, post.column, work.known.id) or _reserve_next_slot(work)
    else:
        posts.free_slot(work.connection, work.known.id)
    return {channel: _moment(wish, slot or now, now) for channel, wish in wishes.items()}


def _reserve_next_slot(work: Planning) -> datetime:
    """The column's next free slot, reserved by a unique row. Raises StateError where the timetable has none left."""
    column = work.post.column
    posts.free_slot(work.connection, work.known.id)  # one of another column, from before the post changed its own
    taken = posts.taken_slots(work.connection, column, work.now)
    for at in work.desk.columns[column].timetable.slots(work.now, work.desk.zone):
        if at not in taken and posts.reserve_slot(work.connection, column, at, work.known.id):
            return at
    raise StateError(
        say(
            "专栏 {column} 的排期里再没有空位：请在稿件里写 publish_at。",
            "The timetable of the column {column} has no free slot left: write publish_at into the post.",
            column=column,
        )
    )


def _moment(wish: datetime | Due | None, otherwise: datetime, now: datetime) -> datetime:
    if wish is None:
        return otherwise
    return now if isinstance(wish, Due) else wish


def _fresh(work: Planning, channel: str, due_at: datetime) -> Delivery:
    """A delivery as it begins, before anything is known of its rendition."""
    settings = work.desk.channels[channel]
    return Delivery(
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
    )


def freeze(work: Planning, fresh: Delivery, made: Rendered) -> Delivery:
    """The delivery with its rendition frozen; waiting where an address is missing. Where a finding blocks it, it is rejected and nothing
    is frozen, so that no decision about the delivery can send it."""
    if made.rendition is None or not made.is_sendable:
        return replace(fresh, state=State.REJECTED, reason=in_words(blocking(made.findings)))
    known, needs = work.known, made.rendition.needs
    addresses = links.of_post(work.desk, work.connection, known.id, fresh.channel) if needs else {}
    waiting = any(channel not in addresses for channel in needs)
    return replace(
        fresh,
        rendition_id=posts.freeze(work.connection, known.id, known.revision, fresh.channel, made.rendition),
        digest=made.rendition.digest,
        key=delivery_key(known.slug, fresh.channel, made.rendition.digest),
        waiting=waiting,
        reason=links.never_coming(work.desk, fresh.channel, needs) if waiting else "",
    )


def _candidates(standing: Mapping[str, Delivery], known: KnownPost) -> list[Candidate]:
    """The post's own deliveries that count: those that are out or may be, and those that have been planned just now."""
    return [Candidate(each, known.slug, "") for each in standing.values() if likeness.counts(each)]


def _revised(old: Delivery, frozen: Delivery) -> Delivery:
    """An unsent delivery with the new revision in place of the old one. What was staged is kept: a draft is updated, not made again.

    A held one stays held, and a cancelled one cancelled: a new text does not answer why, unless the question was whether it is the same
    text as another one. Tries begin anew where the content is another one.
    """
    same = old.digest == frozen.digest
    revised = replace(
        frozen,
        id=old.id,
        attempt=old.attempt,
        staged=old.staged,
        first_sent_at=old.first_sent_at if same else None,
        restored=old.restored,
        tries=old.tries if same else 0,
    )
    if old.attempt:  # what was prepared, or rehearsed, is bound to where that was
        revised = replace(revised, rehearsal=old.rehearsal, account=old.account)
    if old.state is State.CANCELLED:
        return replace(revised, state=State.CANCELLED, reason=old.reason, twin=None)
    if old.state is State.SCHEDULED and old.twin and old.twin == frozen.twin:
        return replace(revised, state=State.SCHEDULED, reason="")  # a person has let it go, knowing of the other one
    if old.state is State.HELD and old.hold in {BY_TIME, BY_FILE}:
        return revised  # the file itself was the question, and has answered it
    if old.state is State.HELD and frozen.state in {State.SCHEDULED, State.HELD} and (same or not old.twin):
        return replace(revised, state=State.HELD, reason=old.reason, twin=old.twin)
    if old.state is State.FAILED and same:
        return replace(revised, state=State.FAILED, reason=old.reason, twin=None)
    return revised
