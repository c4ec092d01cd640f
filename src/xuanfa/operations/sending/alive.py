"""Alive: whether what was sending a delivery may still be there, and so may still send it.

A lease that has ended says that somebody else may judge; it does not stop a process that was halted between its last look at the clock and
the request. So nobody believes that a post is not out, neither looks nor a person, until whatever was sending it is known to be gone.
"""

from collections.abc import Callable, Collection, Iterable
from datetime import datetime

import sqlalchemy as sa

from xuanfa.domain.errors import StateError
from xuanfa.domain.language import say, together
from xuanfa.domain.person import Actor
from xuanfa.domain.process import Fate, Sender, how_to_end
from xuanfa.domain.remedy import Remedy, option
from xuanfa.operations.desk import Desk
from xuanfa.store import attempts, deliveries


def still_running(desk: Desk, connection: sa.Connection, delivery_id: int, now: datetime) -> list[Sender]:
    """Whoever may still be sending a delivery. Those that are found to be gone are noted, for machines that cannot see them."""
    left = attempts.may_still_run_for(connection, delivery_id)
    gone = [sender for sender in left if desk.fate(sender.process) is Fate.GONE]
    attempts.mark_gone(connection, gone, now, desk.node)
    return [sender for sender in left if sender not in gone]


def note_gone(desk: Desk) -> None:
    """Note which processes of this machine are gone that were sending what is in doubt now. Nothing is written where there are none."""
    _note(desk, lambda sender: desk.fate(sender.process) is Fate.GONE)


def note_own(desk: Desk, in_hand: Collection[tuple[int, int]]) -> None:
    """Note which attempts of this very process are over though they have no end: a commit whose answer was lost on the way, an outcome
    that could not be written. Only the thread that hands out the work may call this, with everything that is ``in_hand``."""
    _note(
        desk,
        lambda sender: (
            bool(desk.process)
            and sender.process == desk.process
            and (sender.delivery, sender.number) not in in_hand
        ),
    )  # fmt: skip


def _note(desk: Desk, is_over: Callable[[Sender], bool]) -> None:
    with desk.store.read() as connection:
        over = [sender for sender in attempts.may_still_run_in_doubt(connection) if is_over(sender)]
    if over:
        with desk.store.write() as connection:
            deliveries.get(
                connection, {sender.delivery for sender in over}
            )  # a delivery is locked before its attempts, always
            attempts.mark_gone(connection, over, desk.clock(), desk.node)


def require_gone(
    desk: Desk, connection: sa.Connection, delivery_id: int, now: datetime, *, said_by: Actor, why: str | None
) -> None:
    """Raise StateError while something may still be sending the delivery, with how to end it.

    With ``why``, the person ``said_by`` answers for the end of what cannot be seen from here, and that is kept. What this machine still
    sees is no matter of anybody's word.
    """
    left = still_running(desk, connection, delivery_id, now)
    if why is None:
        if left:
            raise StateError(_not_yet(desk, delivery_id, left))
        return
    seen = [sender for sender in left if desk.fate(sender.process) is not Fate.UNSEEN]
    if seen:
        raise StateError(_still_seen(desk, delivery_id, seen))
    attempts.mark_gone(connection, left, now, said_by)
    named = list({sender.node: sender for sender in left})
    deliveries.record_event(
        connection,
        now=now,
        after="node_gone",
        actor=said_by,
        why=say("：", ": ").join([*([say("、", ", ").join(named)] if named else []), why]),
        delivery_id=delivery_id,
    )


def require_over(desk: Desk, delivery_id: int, *, node_is_gone: bool) -> None:
    """Raise StateError, with how to end it, while something may still be sending the delivery, whatever a person has to say of its absence;
    ``node_is_gone``: but for what cannot be seen from here, for which they mean to answer."""
    with desk.store.write() as connection:
        left = still_running(desk, connection, delivery_id, desk.clock())
    seen = [sender for sender in left if desk.fate(sender.process) is not Fate.UNSEEN]
    if node_is_gone and seen:
        raise StateError(_still_seen(desk, delivery_id, seen))
    if left and not node_is_gone:
        raise StateError(_not_yet(desk, delivery_id, left))


def why_not_absent(desk: Desk, left: Iterable[Sender]) -> str:
    """Why a look that found nothing is not believed yet."""
    return say(
        "查询没有找到，但还不能认定没有发出：{how}",
        "a look did not find it, which is no proof yet: {how}",
        how=together(_ways(desk, left)),
    )


def _not_yet(desk: Desk, delivery_id: int, left: list[Sender]) -> str:
    unseen = any(desk.fate(sender.process) is Fate.UNSEEN for sender in left)
    gone = Remedy("resolve", delivery_id, absent=True, node_is_gone=True, why=None)
    return say(
        "投递 {id} 还不能认定没有发出。{how}。确认已结束后，请到渠道上再看一遍，仍然没有，再用 {resolve}。",
        "Delivery {id} cannot be called absent yet: {how}. When that has ended, look at the channel once more; if it is still not there, "
        "run {resolve}.",
        id=delivery_id,
        how=together(_ways(desk, left)),
        resolve=gone if unseen else Remedy("resolve", delivery_id, absent=True, why=None),
    )


def _still_seen(desk: Desk, delivery_id: int, seen: list[Sender]) -> str:
    return say(
        "投递 {id} 还不能认定没有发出。{how}。本机看得到的进程不能担保已经结束{by}：结束它，再到渠道上看一遍，仍然没有，再用 {resolve}。",
        "Delivery {id} cannot be called absent yet: {how}. Nobody can answer for a process that this machine sees{by}: "
        "end it, look at the channel once more, and if it is still not there, run {resolve}.",
        id=delivery_id,
        how=say("；", "; ").join(_ways(desk, seen)),
        by=option("--node-is-gone"),
        resolve=Remedy("resolve", delivery_id, absent=True, why=None),
    )


def _ways(desk: Desk, left: Iterable[Sender]) -> list[str]:
    """How to end each of the processes, once."""
    processes = {sender.node: sender for sender in left}
    return [how_to_end(sender, desk.fate(sender.process), desk.host) for sender in processes.values()]
