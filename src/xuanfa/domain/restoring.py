"""What a backup that was put back makes of deliveries: it knows nothing of what was sent after it, so that only people and proof may say."""

from dataclasses import replace
from datetime import datetime

from xuanfa.domain.delivery import Delivery, State
from xuanfa.domain.language import say
from xuanfa.domain.life import FIRST_LOOK, move

#: States in which it was public already when the backup was made. Whatever happened since, these send nothing.
_WAS_PUBLIC = frozenset({State.PUBLISHED, State.RETRACTING, State.RETRACTED})


def brought_back(delivery: Delivery, taken_at: datetime, now: datetime, shown: str) -> Delivery:
    """The delivery after a restore; ``shown`` is ``taken_at``, the moment of the backup, for people.

    What may have been sent since is in doubt, and the channel is asked. What is not due yet is held: a person may have moved its time.
    """
    if delivery.state in _WAS_PUBLIC:
        return delivery
    if (
        delivery.state is State.SCHEDULED
        and not delivery.may_be_public
        and min(delivery.due_at, delivery.ready_at) > now
    ):
        why = say(
            "从 {at} 的备份恢复，还没到发布时间；若期间没有改期提前发出，用 release 放行，到时间再发",
            "restored from the backup of {at}, and not due yet: unless it was moved forward and published since, release it",
            at=shown,
        )
        return replace(move(delivery, State.HELD, why), restored=True)
    if delivery.state in {State.SCHEDULED, State.PUBLISHING, State.ACCEPTED, State.UNKNOWN}:
        why = say(
            "从 {at} 的备份恢复，期间可能已经发出：请到渠道上看，再用 resolve 说明结果",
            "restored from the backup of {at}; it may have been published since: look at the channel, then resolve it",
            at=shown,
        )
        doubted = delivery if delivery.state is State.UNKNOWN else move(delivery, State.UNKNOWN)
        sent_at = delivery.first_sent_at or taken_at
        return replace(
            doubted, reason=why, restored=True, first_sent_at=sent_at, look_at=now + FIRST_LOOK, looks=0, absent_at=None
        )
    warning = say(
        "（从 {at} 的备份恢复，期间可能另有处理或已发出，决定前请先到渠道上看）",
        " (restored from the backup of {at}; it may have been sent since: look at the channel before you decide)",
        at=shown,
    )
    return replace(delivery, reason=delivery.reason + warning, restored=True)


def not_in_backup(delivery: Delivery, shown: str) -> Delivery:
    """A new delivery of a post that is read for the first time after a restore: it may have been queued and published before."""
    if delivery.state is not State.SCHEDULED:
        return replace(delivery, restored=True)
    why = say(
        "{at} 的备份里没有这篇稿件，可能是备份之后写的并且已经发出：没有发出就用 release 放行，已发出就用 resolve --published 登记",
        "the backup of {at} has no such post; it may have been written and published since: if not, release it; if so, resolve it with "
        "--published",
        at=shown,
    )
    return replace(delivery, state=State.HELD, reason=why, restored=True)


def not_unasked(delivery: Delivery) -> Delivery:
    """A delivery that a restore brought back and something other than a person has put into the queue: held."""
    why = say(
        "从备份恢复的稿件，可能已经发出：没有发出就用 release 放行，已发出就用 resolve --published 登记",
        "restored from a backup, it may be out already: if not, release it; if so, resolve it with --published",
    )
    return move(delivery, State.HELD, why)
