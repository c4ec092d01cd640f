"""Planning: what a reading of its file makes of a delivery that is not out. Pure, like ``life``; the rendition is frozen by the caller."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from xuanfa.domain.delivery import (
    BY_CHECK,
    BY_FILE,
    BY_MACHINE,
    BY_REVIEW,
    BY_TIME,
    NOT_OUT,
    ON_SHELF,
    UNSENT,
    Delivery,
    State,
)
from xuanfa.domain.language import say, together
from xuanfa.domain.life import Terms, move, stop_repeating
from xuanfa.domain.remedy import Remedy
from xuanfa.domain.said import code_of, under_code

#: So long after the time that it names a file may be saved and still have meant the present.
WRITING = timedelta(minutes=1)

#: Freezes what the post makes now: the delivery with its rendition, rejected where a finding blocks it.
Freeze = Callable[[Delivery], Delivery]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """When a post's front matter wants it out on a channel. ``at`` is ``None`` where it leaves that to the timetable, ``shown`` is that
    moment for people; ``dated`` is when the file was last changed, ``None`` where that says nothing of how old the post is."""

    at: datetime | None
    shown: str
    dated: datetime | None
    now: datetime
    late_after: timedelta


def is_called_off(old: Delivery) -> bool:
    """Whether a person has called it off, or it had expired; what its own file has called off, that brings back."""
    return old.state is State.CANCELLED and old.hold != BY_FILE


def in_time(frozen: Delivery, wish: Wish, old: Delivery | None) -> Delivery:
    """The delivery, held where its post names a time that is past: a mistyped year is not "now".

    A file that was written before the time it names only took its way here: it counts as late, like any other. Who edits a post whose
    time has just come has not named that time now.
    """
    if wish.at is None or wish.at >= wish.now or not frozen.is_queued:
        return frozen
    if old is not None and old.due_at == wish.at and old.hold != BY_TIME:
        return frozen
    was_to_come = wish.dated is not None and wish.dated <= wish.at + WRITING
    if was_to_come and wish.now - wish.at <= wish.late_after:
        return replace(frozen, fresh_at=wish.at)
    why = say(
        "稿头写的发布时间 {at} 已经过去，是不是写错了？改正 publish_at 后保存；确实要现在发，就放行（{release}）",
        "the time {at} in the front matter is past: a mistake? Mend publish_at and save the file; to publish it now, release it",
        at=wish.shown,
        release=Remedy("release"),
    ).coded("planning.past")
    return move(frozen, State.HELD, why, hold=BY_TIME)


def refused(fresh: Delivery, why: str) -> Delivery:
    """A finding blocks it: there is nothing that could be sent."""
    return move(_bare(fresh), State.REJECTED, why)


def unmade(fresh: Delivery, why: str) -> Delivery:
    """The machine, a template or a setting lets nothing be rendered: it waits for that to be mended, and the post is not to blame."""
    mended = say(
        "修好后自动恢复，稿件不用改", "it goes on by itself when that is mended, and the post need not change"
    ).coded("planning.goes_on")
    reason = under_code(together([why, mended]), "planning.machine")
    return move(_bare(fresh), State.HELD, reason, hold=BY_MACHINE, twin=fresh.twin)


def _bare(delivery: Delivery) -> Delivery:
    """Without what was frozen before: it is not what the post makes now, and nobody may let it go."""
    return replace(delivery, rendition_id=None, digest="", key="")


def succeeding(frozen: Delivery, former: Sequence[Delivery]) -> Delivery:
    """A first delivery to a channel, held where that may only be another name of the channel of one of ``former``, which the settings do not
    have any more."""
    if not former or not frozen.is_queued:
        return frozen
    why = say(
        "本稿已有{former}，设置里没有那个渠道了：{channel}{account}若是它的新名字，要在这里发就放行，那边的取消；已经发过就取消这一条",
        "the post has {former} already, and the settings do not have that channel any more. If {channel}{account} is its new name, release this "
        "to publish it here and cancel the other; cancel this if it is out already",
        former=say("、", ", ").join(_former_in_words(each) for each in former),
        channel=frozen.channel,
        account=_account_in_words(frozen),
    ).coded("planning.succeeds_channel")
    return move(frozen, State.HELD, why)


def _account_in_words(delivery: Delivery) -> str:
    return delivery.account and say("（账号 {account}）", " (account {account})", account=delivery.account)


def _former_in_words(delivery: Delivery) -> str:
    account = delivery.account and say("，账号 {account}", ", account {account}", account=delivery.account)
    return say(
        "投递 {id}（渠道 {channel}{account}，{state}）",
        "the delivery {id} ({channel}{account}; {state})",
        id=delivery.id,
        channel=delivery.channel,
        account=account,
        state=delivery.state.label,
    )


def added(frozen: Delivery) -> Delivery:
    """A first delivery of an unchanged post to a channel that its column has been given since: nobody has said that it is to go there."""
    if not frozen.is_queued or frozen.shelf == ON_SHELF:
        return frozen
    why = say(
        "渠道 {channel} 是稿件排入之后才加到专栏的：要发就放行，不发就取消",
        "the column was given the channel {channel} after the post was queued: release it to publish it there, or cancel it",
        channel=frozen.channel,
    ).coded("planning.channel_added")
    return move(frozen, State.HELD, why)


def of_other_file(delivery: Delivery, before: str, path: str, slug: str) -> Delivery:
    """Held where another file has taken the name of the post over and says something else: whether that is the same post, a person knows."""
    if not delivery.is_queued:
        return delivery
    why = say(
        "稿件 {slug} 的文件原是 {before}，现在 {path} 写了同一个 slug，标题或内容不同，没有发出：确是这一篇的新稿就放行，是另一篇就取消，并给 {path} "
        "换一个 slug",
        "the post {slug} was {before}; {path} has the same slug now and another title or text, and it was not sent. Release it if that is the same "
        "post anew; if it is another one, cancel it and give {path} a slug of its own",
        slug=slug,
        before=before,
        path=path,
    ).coded(_OTHER_FILE)
    return move(delivery, State.HELD, why)


def back_in_its_file(delivery: Delivery) -> Delivery:
    """What was held for the words of another file, now that its own has it again: held for that file only, which is read just now."""
    is_asked = delivery.state is State.HELD and code_of(delivery.reason) == _OTHER_FILE
    return replace(delivery, hold=BY_FILE) if is_asked else delivery


_OTHER_FILE = "planning.other_file"


def after_withdrawal(frozen: Delivery) -> Delivery:
    """A first delivery of a post that was taken down: nobody has said that it is to come back."""
    if not frozen.is_queued:
        return frozen
    why = say(
        "本稿撤过：还要在这里发就放行，不发就取消",
        "the post was withdrawn: release it to publish it here all the same, or cancel it",
    ).coded("planning.after_withdrawal")
    return move(frozen, State.HELD, why)


def after_recurring(frozen: Delivery) -> Delivery:
    """A first delivery of what was the source of occurrences: whether it is to go out by itself, nobody has said."""
    if not frozen.is_queued:
        return frozen
    why = say(
        "本稿原是重复稿件的底稿，去掉 repeat 之后成了单独的一篇：要发这一篇就放行，不发就取消",
        "this was the source of a recurring post, and is a post of its own without `repeat`: release it to publish it, or cancel it",
    ).coded("planning.after_recurring")
    return move(frozen, State.HELD, why)


def no_more_recurring(old: Delivery, why: str) -> Delivery:
    """Called off by its source, which does not recur on its day any more."""
    return move(old, State.CANCELLED, why, hold=BY_FILE)


def asked_to_stay(old: Delivery, why: str) -> Delivery:
    """An occurrence that somebody has made their own and whose day its source does not have any more: whether it is to go, they say."""
    return move(old, State.HELD, why)


def left_out(old: Delivery) -> Delivery:
    """Called off by its own file: the post does not go to this channel any more."""
    return move(
        old,
        State.CANCELLED,
        say("稿件不再发往这个渠道", "the post no longer goes to this channel").coded("planning.left_out"),
        hold=BY_FILE,
    )


def withheld(delivery: Delivery, why: str) -> Delivery:
    """Held, because its own file stands in the way; it goes on by itself when that is put right. What is held for its file already learns
    what stands in the way now."""
    if delivery.state is State.HELD:
        return replace(delivery, reason=why)
    return move(delivery, State.HELD, why, hold=BY_FILE)


def orphaned(delivery: Delivery, terms: Terms) -> Delivery:
    """Held, because the settings do not have its channel any more: nobody would ever send it, and nobody be told."""
    if delivery.may_be_public:
        return stop_repeating(delivery, terms)
    why = say(
        "渠道 {channel} 已不在设置里（改名或删除）：要发往新渠道，就在那里放行；不发了就取消；改回原名后放行也可以",
        "the channel {channel} is no longer in the settings (renamed or removed): release the post on the new one, cancel this, or give the "
        "channel its name back and release it",
        channel=delivery.channel,
    ).coded("planning.channel_gone")
    return move(delivery, State.HELD, why)


def revised(old: Delivery, frozen: Delivery) -> Delivery:
    """An unsent delivery with the new revision in place of the old one. What was staged is kept: a draft is updated, not made again.

    A held one stays held, and a cancelled one cancelled: a new text does not answer why, unless the question was whether it is the same
    text as another one. Tries begin anew where the content is another one.
    """
    same = old.digest == frozen.digest
    after = replace(
        frozen,
        id=old.id,
        attempt=old.attempt,
        staged=old.staged,
        first_sent_at=old.first_sent_at if same else None,
        restored=old.restored,
        unplaced=old.unplaced,
        tries=old.tries if same else 0,
        approval=old.approval if same and old.due_at == frozen.due_at and frozen.reviewed else None,
    )
    after = in_queue(after) if after.is_queued else after
    if old.attempt:  # what was prepared, or rehearsed, is bound to where that was
        after = replace(after, rehearsal=old.rehearsal, account=old.account)
    if is_called_off(old):
        return replace(after, state=State.CANCELLED, reason=old.reason, twin=None)
    if old.is_queued and old.twin and old.twin == frozen.twin:
        return replace(after, state=after.queued_as, reason="")  # a person has let it go, knowing of the other one
    if old.state in {State.HELD, State.CANCELLED} and old.hold in {BY_TIME, BY_FILE, BY_MACHINE, BY_REVIEW, BY_CHECK}:
        return after  # the file itself, or the machine, was the question, and has answered it
    if old.state is State.HELD and (frozen.is_queued or frozen.state is State.HELD) and (same or not old.twin):
        return replace(after, state=State.HELD, reason=old.reason, twin=old.twin, hold="")
    if old.state is State.FAILED and same:
        return replace(after, state=State.FAILED, reason=old.reason, twin=None)
    return after


def remade(old: Delivery, freeze: Freeze, wish: Wish, *, is_other: bool) -> Delivery | None:
    """An unsent delivery with what its unchanged post makes now, which ``is_other`` says is not what was frozen; ``None`` where it is out,
    under way or called off."""
    if old.state is State.REJECTED and old.rendition_id is None:
        # As if it were planned now: nobody has looked yet whether its time is past, or whether it is the first of its content.
        return in_time(freeze(replace(move(old, State.SCHEDULED), ready_at=old.due_at, twin=None)), wish, None)
    if old.state is State.HELD and old.hold == BY_MACHINE:
        again = in_time(freeze(_put_right(old, wish.now)), wish, old)
        still = again.state is State.HELD and again.hold == BY_MACHINE
        return (
            replace(old, reason=again.reason) if still else again
        )  # nothing has moved, whatever the trouble is called by now
    if old.state is State.CANCELLED and old.hold == BY_FILE:
        begun = _put_right(old, wish.now)
        return revised(begun, in_time(freeze(begun), wish, old))
    if old.may_be_public or old.state not in UNSENT:
        return None
    answered = {BY_FILE, BY_CHECK} if is_other else {BY_FILE}  # what was found in another text is looked for anew
    begun = _put_right(old, wish.now) if old.state is State.HELD and old.hold in answered else old
    if not is_other:
        return begun
    if begun.state is State.HELD:
        return _held_on(begun, freeze)
    return revised(begun, freeze(_to_be_frozen(replace(begun, reason="", hold=""))))


def stopped_by_check(delivery: Delivery, why: str) -> Delivery:
    """Held: the rules found something for which nobody answers. What may be out already is not stopped by that."""
    if delivery.may_be_public or not (delivery.is_queued or delivery.hold == BY_CHECK):
        return delivery
    if delivery.state is State.HELD:
        return replace(delivery, reason=why)
    return move(delivery, State.HELD, why, hold=BY_CHECK, twin=delivery.twin)


def unread(delivery: Delivery, why: str) -> Delivery:
    """Held: the rules cannot be read, so that nobody knows what they say of it; it goes on by itself when that is mended."""
    if delivery.may_be_public or not delivery.is_queued:
        return delivery
    return move(delivery, State.HELD, why, hold=BY_MACHINE, twin=delivery.twin)


def passed_check(delivery: Delivery, now: datetime) -> Delivery:
    """What only the rules held, now that nothing of it stands any more."""
    return _put_right(delivery, now) if delivery.state is State.HELD and delivery.hold == BY_CHECK else delivery


def _held_on(old: Delivery, freeze: Freeze) -> Delivery:
    """One that a person has to decide about, with another rendition. Nothing else has changed, so that the question stays; without a
    rendition nobody can let it go."""
    frozen = freeze(_to_be_frozen(old))
    if not frozen.is_queued:
        frozen = _bare(old)
    return replace(frozen, state=State.HELD, reason=old.reason, hold=old.hold)


def _to_be_frozen(old: Delivery) -> Delivery:
    """In the queue, with no right of what it was before."""
    return in_queue(replace(old, approval=None))


def in_queue(delivery: Delivery) -> Delivery:
    """As it waits for its turn, or for its review first."""
    return replace(delivery, state=delivery.queued_as)


def in_need_of_review(delivery: Delivery) -> Delivery:
    """One that was queued when its column asked for no review, which it does now."""
    if delivery.may_be_public or delivery.state not in NOT_OUT:
        return delivery
    asked = replace(delivery, reviewed=True)
    return move(asked, State.SCHEDULED) if delivery.state in {State.SCHEDULED, State.SHELVED} else asked


def let_leave(delivery: Delivery, approval: int, now: datetime) -> Delivery:
    """Its review has come to its end: what only waited for that is in the queue, and what a person holds may be released."""
    approved = replace(delivery, approval=approval)
    if delivery.state is not State.AWAITING_REVIEW and delivery.hold != BY_REVIEW:
        return approved
    at = max(delivery.due_at, now)
    return move(approved, State.SCHEDULED, ready_at=max(at, delivery.ready_at), fresh_at=at)


def taken_back(delivery: Delivery, why: str) -> Delivery:
    """What people decided is not what would be sent any more: it awaits its review again. What has left stays what it was."""
    if delivery.approval is None or delivery.may_be_public or delivery.state not in NOT_OUT:
        return delivery
    bare = replace(delivery, approval=None)
    return move(bare, State.SCHEDULED, why) if delivery.state in {State.SCHEDULED, State.SHELVED} else bare


def unapproved(delivery: Delivery, shown: str) -> Delivery:
    """Held: it is due (``shown``), and its review has not come to its end."""
    why = say(
        "到了发布时间（{at}）还没有审核通过，没有发出：各步通过后自动发出，不发就取消（{cancel}）",
        "due at {at}, and its review has not come to its end, so it was not sent: it goes out when all steps are approved; cancel it if it is "
        "not to",
        at=shown,
        cancel=Remedy("cancel"),
    ).coded("planning.unapproved")
    return move(delivery, State.HELD, why, hold=BY_REVIEW)


def waited_too_long(delivery: Delivery, days: int) -> Delivery:
    """Held: nobody has decided about it for so many days, and its review has expired."""
    if delivery.may_be_public or not (delivery.is_queued or delivery.hold == BY_REVIEW):
        return delivery
    why = say(
        "审核已过期（{n} 天没有人审），没有发出：作者重新送审（{submit}），不发就取消（{cancel}）",
        "its review has expired (nobody has decided for {n} days), so it was not sent: its author submits it again; cancel it if it is not to go",
        n=days,
        submit=Remedy("submit_review"),
        cancel=Remedy("cancel"),
    ).coded("planning.review_expired")
    bare = replace(delivery, approval=None)
    if bare.state is State.HELD:
        return replace(bare, reason=why)
    return move(bare, State.HELD, why, hold=BY_REVIEW)


def under_review_again(delivery: Delivery) -> Delivery:
    """What only an expired review held awaits its review again."""
    if delivery.state is State.HELD and delivery.hold == BY_REVIEW and code_of(delivery.reason) == _EXPIRED:
        return move(delivery, State.SCHEDULED)
    return delivery


_EXPIRED = "planning.review_expired"


def _put_right(old: Delivery, now: datetime) -> Delivery:
    """Back in the queue, now that what held it is right. Another post may have brought its content meanwhile: that is asked again."""
    return move(old, State.SCHEDULED, ready_at=max(old.due_at, now), twin=old.twin or None)
