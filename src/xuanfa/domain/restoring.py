"""What a backup that was put back, or a database that has forgotten, makes of deliveries: it knows nothing of what was sent after it, so that
only people and proof may say."""

from dataclasses import replace
from datetime import datetime

from xuanfa.domain.accounts import is_unplaced
from xuanfa.domain.delivery import NOT_OUT, ON_SHELF, WAS_PUBLIC, Delivery, State
from xuanfa.domain.language import say
from xuanfa.domain.life import FIRST_LOOK, move
from xuanfa.domain.remedy import Remedy


def since_backup(shown: str) -> str:
    """Why nobody knows here what was sent: the database is as in the backup of that moment."""
    return say("从 {at} 的备份恢复", "restored from the backup of {at}", at=shown).coded("restoring.since_backup")


def since_forgotten(shown: str) -> str:
    """Why nobody knows here what was sent: at that moment the database was found to be new, or older than what is remembered outside it."""
    return say(
        "数据库丢失或换成了旧的（{at} 发现）",
        "the database was lost or replaced by an older one (noticed {at})",
        at=shown,
    ).coded("restoring.since_forgotten")


def brought_back(delivery: Delivery, taken_at: datetime, now: datetime, since: str) -> Delivery:
    """The delivery in a database that stands at ``taken_at``, and whoever opens it ``now`` does not know what was sent after that;
    ``since`` says why.

    What may have been sent since is in doubt, and the channel is asked. What is not due yet is held: a person may have moved its time.
    """
    if delivery.state in WAS_PUBLIC:
        return delivery  # whatever happened since, these send nothing
    return replace(_doubted(delivery, taken_at, now, since), restored=True, unplaced=_had_not_left(delivery))


def _had_not_left(delivery: Delivery) -> bool:
    """Whether nothing of it had left when the database was copied, whatever was tried, or that of an earlier copy."""
    return is_unplaced(delivery) or (delivery.first_sent_at is None and delivery.state in NOT_OUT)


def _doubted(delivery: Delivery, taken_at: datetime, now: datetime, since: str) -> Delivery:
    if delivery.is_queued and delivery.shelf == ON_SHELF:
        why = say(
            "{since}，这是保底稿，期间可能已经放行发出：没有发出就放行（{release}），回到架上；已发出就登记（{resolve}）",
            "{since}, and it lay on the shelf; it may have been released and published since: if not, release it, and it lies there again; if so, "
            "resolve it with --published",
            since=since,
            release=Remedy("release"),
            resolve=Remedy("resolve", published=None),
        ).coded("restoring.on_shelf")
        return move(delivery, State.HELD, why)
    if delivery.is_queued and not delivery.may_be_public and min(delivery.due_at, delivery.ready_at) > now:
        why = say(
            "{since}，还没到发布时间；若期间没有改期提前发出，放行（{release}），到时间再发",
            "{since}, and it is not due yet: unless it was moved forward and published since, release it",
            since=since,
            release=Remedy("release"),
        ).coded("restoring.not_due_yet")
        return move(delivery, State.HELD, why)
    if delivery.is_queued or delivery.state in {State.PUBLISHING, State.ACCEPTED, State.UNKNOWN}:
        why = say(
            "{since}，期间可能已经发出：请到渠道上看，再登记结果（{resolve}）",
            "{since}; it may have been published since: look at the channel, then resolve it",
            since=since,
            resolve=Remedy("resolve"),
        ).coded("restoring.may_be_out")
        doubted = delivery if delivery.state is State.UNKNOWN else move(delivery, State.UNKNOWN)
        sent_at = delivery.first_sent_at or taken_at
        return replace(doubted, reason=why, first_sent_at=sent_at, look_at=now + FIRST_LOOK, looks=0, absent_at=None)
    warning = say(
        "（{since}，期间可能另有处理或已发出，决定前请先到渠道上看）",
        " ({since}; it may have been sent since: look at the channel before you decide)",
        since=since,
    ).coded("restoring.look_first")
    return replace(delivery, reason=delivery.reason + warning)


def not_in_backup(delivery: Delivery, shown: str) -> Delivery:
    """A new delivery of a post that is read for the first time after a restore: it may have been queued and published before."""
    if not delivery.is_queued:
        return replace(delivery, restored=True, unplaced=True)
    why = say(
        "{at} 的备份里没有这篇稿件，可能是备份之后写的并且已经发出："
        "没有发出就放行（{release}），已发出就登记（{resolve}）",
        "the backup of {at} has no such post; it may have been written and published since: if not, release it; if so, resolve it with "
        "--published",
        at=shown,
        release=Remedy("release"),
        resolve=Remedy("resolve", published=None),
    ).coded("restoring.not_in_backup")
    return replace(delivery, state=State.HELD, reason=why, restored=True, unplaced=True)


def not_known(delivery: Delivery, since: str) -> Delivery:
    """A new delivery of a post that is read for the first time since the database was found to have forgotten."""
    if not delivery.is_queued:
        return replace(delivery, restored=True, unplaced=True)
    why = say(
        "{since}，不记得这篇稿件，可能已经发出：没有发出就放行（{release}），已发出就登记（{resolve}）",
        "{since} and does not know this post, which may be out: if not, release it; if so, resolve it with --published",
        since=since,
        release=Remedy("release"),
        resolve=Remedy("resolve", published=None),
    ).coded("restoring.not_known")
    return replace(delivery, state=State.HELD, reason=why, restored=True, unplaced=True)


def remembered_elsewhere(delivery: Delivery, shown: str, source: str) -> Delivery:
    """A new delivery of which somebody besides the database remembers that it was sent at that moment."""
    if not delivery.is_queued:
        return replace(delivery, restored=True, unplaced=True)
    why = say(
        "数据库里没有，但{source}记得它在 {at} 已经发过：确实没有发出才放行（{release}），已发出就登记（{resolve}）",
        "this database does not know it, but it was sent at {at}, says {source}: release it only if it is really not out; if it is, resolve it "
        "with --published",
        source=source,
        at=shown,
        release=Remedy("release"),
        resolve=Remedy("resolve", published=None),
    ).coded("restoring.remembered_elsewhere")
    return replace(delivery, state=State.HELD, reason=why, restored=True, unplaced=True)


def not_unasked(delivery: Delivery) -> Delivery:
    """A delivery that a restore brought back, or that is remembered elsewhere, and that something other than a person has put into the
    queue: held."""
    why = say(
        "从备份恢复或数据库丢失过的稿件，可能已经发出：没有发出就放行（{release}），已发出就登记（{resolve}）",
        "restored from a backup, or remembered elsewhere, it may be out already: if not, release it; if so, resolve it with --published",
        release=Remedy("release"),
        resolve=Remedy("resolve", published=None),
    ).coded("restoring.not_unasked")
    return move(delivery, State.HELD, why)
