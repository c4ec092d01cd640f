"""Publish: settle what came back and claim what is due, together in one transaction.

A claim is committed before its request leaves, an outcome after it; both are written for many deliveries at a time. Nothing here waits
for the network: the engine performs the jobs in between.
"""

import logging
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa

from xuanfa.domain.language import say
from xuanfa.domain.lease import Lease
from xuanfa.domain.life import stranded
from xuanfa.domain.planning import unapproved
from xuanfa.domain.remedy import Remedy
from xuanfa.domain.times import in_words
from xuanfa.operations.desk import Desk
from xuanfa.operations.keeping.memory import note_turn, see
from xuanfa.operations.sending.claim import Claiming, Pass, look
from xuanfa.operations.sending.gates import open_channels
from xuanfa.operations.sending.orphans import hold_orphans
from xuanfa.operations.sending.perform import Done, Job
from xuanfa.operations.sending.settle import settle
from xuanfa.store import attempts, channels, deliveries, waiting
from xuanfa.store.deliveries import Change

__all__ = ["Pass", "begin", "hold_orphans", "hold_stranded", "hold_unapproved", "next_due_at", "refresh", "turn"]

log = logging.getLogger(__name__)


def turn(desk: Desk, run: Pass, results: Sequence[Done], places: int) -> list[Job]:
    """Write ``results``, claim up to ``places`` jobs, and return them with the publish jobs that follow finished stages.

    After a crash before the commit nothing was claimed; after it, the attempts lapse with their lease.
    """
    with desk.store.write() as connection:
        now = desk.clock()  # after waiting for the lock, or pace and leases would be counted from too early
        settled = settle(desk, connection, results, now)
        # Deliveries are locked before attempts, everywhere, so that nobody waits in a circle.
        kept = _renew(desk, connection, run, now)
        run.active = [channel for channel in run.active if channel not in settled.closed]
        busy = _busy(run, results, settled.follow)
        claimed = Claiming(desk, connection, now, places - len(settled.follow), busy).claim(run)
        woken = [channel for channel in settled.woken if channel not in run.active and run.share(channel) != 0]
        if woken:
            run.active.extend(woken)
            run.checked_at = None  # they may be closed
    # Before anything leaves: what may be out must not be forgotten.
    note_turn(desk, now, [*settled.follow, *claimed.jobs], results, settled.changes)
    for number in settled.second_proofs:
        log.error(
            "%s",
            say(
                "投递 {id} 可能发出了两次：{show}",
                "delivery {id} may be out twice: {show}",
                id=number,
                show=Remedy("show", number),
            ),
        )
    run.second_proofs += len(settled.second_proofs)
    run.busy = _busy(run, results, [*settled.follow, *claimed.jobs])
    for done in results:
        run.flying.pop(done.job.mark, None)
    run.flying |= {job.mark: job.lease for job in (*settled.follow, *claimed.jobs) if job.lease is not None}
    for lease in kept:
        lease.until = now + desk.lease
    run.count_off(loaded.delivery.channel for loaded, _, _ in claimed.claimed)
    moved = (change for change in claimed.refused if change.before.state is not change.after.state)
    for change in (*settled.changes, *moved):
        run.tally[change.after.state] += 1
        run.rehearsed[change.after.state] += change.after.rehearsal
        desk.emit(change)
    return [*settled.follow, *claimed.jobs]


def _busy(run: Pass, done: Sequence[Done], begun: Sequence[Job]) -> Counter[str]:
    """How many jobs of each channel are under way. ``run`` itself changes after the commit only: a turn that failed is made again."""
    busy = Counter(run.busy)
    busy.subtract(each.job.order.channel for each in done)
    busy.update(job.order.channel for job in begun)
    return busy


def begin(desk: Desk, run: Pass | None = None) -> Pass:
    """A pass over the channels that have something due now; one that is given says which channels it sees to. A database that has
    forgotten something is noticed here, and then everything is held."""
    run = run or Pass()
    see(desk)
    refresh(desk, run)
    return run


def refresh(desk: Desk, run: Pass) -> None:
    """Look again which channels have something due: time has passed, and others may have put something there."""
    now = desk.clock()
    with desk.store.read() as connection:
        look(desk, connection, run, now)


def next_due_at(desk: Desk) -> datetime | None:
    """When there will be something to claim or to look at; ``None`` when nothing is waiting for its time."""
    now = desk.clock()
    with desk.store.read() as connection:
        moments = [*deliveries.first_ready(connection, open_channels(desk, connection, now)).values()]
        standings = channels.standings(connection)
        moments += [s.deferred_until for s in standings.values() if s.deferred_until and s.deferred_until > now]
        look_at = deliveries.next_look_at(connection)
    return min((*moments, *([look_at] if look_at else [])), default=None)


def _renew(desk: Desk, connection: sa.Connection, run: Pass, now: datetime) -> list[Lease]:
    """Keep the leases of what is in flight, three times in a lease; those of them that may move when that is committed.

    A lease that others see moves for every job, so that nobody gives it up meanwhile. The job itself goes by it only while it prepares,
    which may take long: what is to be public leaves within the lease of its claim or not at all.

    Of nothing else: where a commit's answer was lost on the way, there are attempts in our name that nobody carries out, and only the end
    of their lease brings them back.
    """
    kept = []
    if run.renewed_at is None:
        run.renewed_at = now
    elif not timedelta(0) <= now - run.renewed_at <= desk.lease / 3:  # the clock may have been set back, too
        kept = attempts.renew_leases(connection, run.flying, now + desk.lease)
        run.renewed_at = now
    return [run.flying[attempt] for attempt in kept if run.flying[attempt].extends]


def hold_unapproved(desk: Desk) -> list[Change]:
    """Hold what is due and whose review has not come to its end: nothing passes a review because its time has come."""
    now = desk.clock()
    with desk.store.read() as connection:
        if not waiting.is_any_unapproved(connection, now):
            return []
    with desk.store.write() as connection:
        overdue = waiting.unapproved(connection, now)
        changes = [Change(each, unapproved(each, in_words(each.due_at, desk.zone))) for each in overdue]
        deliveries.write(connection, changes, now, desk.node)
    for change in changes:
        desk.emit(change)
    return changes


def hold_stranded(desk: Desk) -> list[Change]:
    """Hold what has waited too long for the address of the same post elsewhere, so that it is not forgotten in the queue."""
    now = desk.clock()
    with desk.store.write() as connection:
        overdue = waiting.overdue(connection, now - desk.policy.late_after)
        needs = {each.id: each.needs for each in waiting.waiters(connection, {one.post_id for one in overdue})}
        changes = [Change(one, stranded(one, needs.get(one.id, ()))) for one in overdue]
        changes = [change for change in changes if change.before.is_late(now, desk.policy.late_after)]
        deliveries.write(connection, changes, now, desk.node)
    for change in changes:
        desk.emit(change)
    return changes
