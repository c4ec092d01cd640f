"""Publish: settle what came back and claim what is due, together in one transaction.

A claim is committed before its request leaves, an outcome after it; both are written for many deliveries at a time. Nothing here waits
for the network: the engine performs the jobs in between.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import sqlalchemy as sa

from xuanfa.domain.attempt import Action
from xuanfa.domain.channel import Channel
from xuanfa.domain.delivery import Delivery, State
from xuanfa.domain.language import say
from xuanfa.domain.life import expired, may_repeat, move, stop_repeating, too_late
from xuanfa.domain.pacing import free_at, longest, room
from xuanfa.domain.rendition import bind
from xuanfa.operations.desk import Desk
from xuanfa.operations.perform import Done, Job, order_for
from xuanfa.operations.settle import settle
from xuanfa.store import attempts, channels, deliveries, ledger
from xuanfa.store.deliveries import Change, Loaded

#: How long a pass relies on what it knew of paused channels. Less than the second within which a pause has to hold.
PAUSE_SEEN = timedelta(seconds=0.5)
#: The action that an adapter with a stage begins with.
_FIRST = {True: Action.STAGE, False: Action.PUBLISH}


@dataclass(slots=True)
class Pass:
    """One pass over what is due: which channels still have something, and what became of everything so far."""

    active: list[str] = field(default_factory=list)
    #: Whether there may still be outcomes to look for.
    looking: bool = True
    tally: Counter[State] = field(default_factory=Counter)
    renewed_at: datetime | None = None
    #: When it was last seen which channels are open.
    checked_at: datetime | None = None


def turn(desk: Desk, run: Pass, results: Sequence[Done], places: int) -> list[Job]:
    """Write ``results``, claim up to ``places`` jobs, and return them with the publish jobs that follow finished stages.

    After a crash before the commit nothing was claimed; after it, the attempts lapse with their lease.
    """
    with desk.store.write() as connection:
        now = desk.clock()  # after waiting for the lock, or pace and leases would be counted from too early
        _renew(desk, connection, run, now)
        settled = settle(desk, connection, results, now)
        run.active = [channel for channel in run.active if channel not in settled.closed]
        claimed = _Claiming(desk, connection, now, places - len(settled.follow)).claim(run)
        woken = [channel for channel in settled.woken if channel not in run.active]
        if woken:
            run.active.extend(woken)
            run.checked_at = None  # they may be closed
    moved = (change for change in claimed.refused if change.before.state is not change.after.state)
    for change in (*settled.changes, *moved):
        run.tally[change.after.state] += 1
        desk.emit(change)
    return [*settled.follow, *claimed.jobs]


def begin(desk: Desk) -> Pass:
    """A pass over the channels that have something due now."""
    run = Pass()
    refresh(desk, run)
    return run


def refresh(desk: Desk, run: Pass) -> None:
    """Look again which channels have something due: time has passed, and others may have put something there."""
    now = desk.clock()
    with desk.store.read() as connection:
        firsts = deliveries.first_ready(connection, _open_channels(desk, connection, now))
        look_at = deliveries.next_look_at(connection)
    run.active = sorted((channel for channel, at in firsts.items() if at <= now), key=lambda channel: firsts[channel])
    run.looking = look_at is not None and look_at <= now
    run.checked_at = now


def next_due_at(desk: Desk) -> datetime | None:
    """When there will be something to claim or to look at; ``None`` when nothing is waiting for its time."""
    now = desk.clock()
    with desk.store.read() as connection:
        moments = [*deliveries.first_ready(connection, _open_channels(desk, connection, now)).values()]
        standings = channels.standings(connection)
        moments += [s.deferred_until for s in standings.values() if s.deferred_until and s.deferred_until > now]
        look = deliveries.next_look_at(connection)
    return min((*moments, *([look] if look else [])), default=None)


def _open_channels(desk: Desk, connection: sa.Connection, now: datetime) -> list[str]:
    """Channels that may be sent to: neither paused nor asking to be left alone."""
    standings = channels.standings(connection)

    def is_open(channel: str) -> bool:
        standing = standings.get(channel)
        if standing is None:
            return True
        return standing.paused_at is None and (standing.deferred_until is None or standing.deferred_until <= now)

    return [channel for channel in desk.channels if is_open(channel)]


def _renew(desk: Desk, connection: sa.Connection, run: Pass, now: datetime) -> None:
    """Keep the leases of what is in flight, three times in a lease."""
    if run.renewed_at is None:
        run.renewed_at = now
    elif now - run.renewed_at > desk.lease / 3:
        attempts.renew_leases(connection, desk.node, now + desk.lease)
        run.renewed_at = now


@dataclass(slots=True)
class _Claiming:
    """The claims of one turn."""

    desk: Desk
    connection: sa.Connection
    now: datetime
    places: int
    jobs: list[Job] = field(default_factory=list)
    claimed: list[tuple[Loaded, Delivery, Action]] = field(default_factory=list)
    #: What was due but is not sent: held or expired.
    refused: list[Change] = field(default_factory=list)
    #: Public addresses by post and channel, for late-bound links.
    addresses: dict[int, dict[str, str]] = field(default_factory=dict)

    def claim(self, run: Pass) -> "_Claiming":
        """Fill the free places, beginning where the last turn ended, so that every channel gets its turn."""
        if self.places > 0 and run.active:
            self._close_paused(run)
            for channel in tuple(run.active):
                if self.places <= 0:
                    break
                run.active.remove(channel)
                if self._claim_from(self.desk.channels[channel], self.places):
                    run.active.append(channel)
        if self.places > 0 and run.looking:
            run.looking = self._claim_looks()
        self._write()
        return self

    def _close_paused(self, run: Pass) -> None:
        """A pause that somebody has made meanwhile holds within a second."""
        if run.checked_at is None or self.now - run.checked_at > PAUSE_SEEN:
            still_open = set(_open_channels(self.desk, self.connection, self.now))
            run.active = [channel for channel in run.active if channel in still_open]
            run.checked_at = self.now

    def _claim_from(self, channel: Channel, most: int) -> bool:
        """Claim from one channel; whether it may have more."""
        paced = self._paced(channel, most)
        found = deliveries.due(self.connection, channel.id, self.now, paced) if paced else []
        sent = 0
        needing = [loaded.delivery.post_id for loaded in found if loaded.rendition.needs]
        self.addresses.update(ledger.addresses(self.connection, needing) if needing else {})
        for loaded in found:
            refusal = self._refusal(loaded)
            if refusal is not None:
                self.refused.append(Change(loaded.delivery, refusal))
                continue
            self._take(channel, loaded)
            sent += 1
        if channel.limits:
            channels.spend(self.connection, channel.budget, sent, self.now)
        self.places -= sent
        return len(found) == most

    def _paced(self, channel: Channel, most: int) -> int:
        """How many the channel's pace allows now; what does not fit waits in the queue."""
        if not channel.limits:
            return most
        channels.lock_budget(self.connection, channel.budget)
        since = self.now - longest(channel.limits)
        channels.forget_spent(self.connection, channel.budget, since)
        spent = channels.spent(self.connection, channel.budget, since)
        allowed = room(channel.limits, spent, self.now)
        if allowed == 0:
            why = say("已到渠道的频率上限，稍后继续", "the channel's rate is used up; going on later")
            channels.defer(self.connection, channel.id, free_at(channel.limits, spent, self.now), why)
        return most if allowed is None else min(most, allowed)

    def _refusal(self, loaded: Loaded) -> Delivery | None:
        delivery = loaded.delivery
        if any(need not in self.addresses.get(delivery.post_id, {}) for need in loaded.rendition.needs):
            return replace(delivery, waiting=True)  # what it links to was retracted since it was woken
        if delivery.may_be_public:
            terms = self.desk.terms(delivery.channel, self.now)
            return None if may_repeat(delivery, terms) else stop_repeating(delivery, terms)
        if delivery.is_expired(self.now):
            return expired(delivery)
        if delivery.is_late(self.now, self.desk.policy.late_after) and not self._was_deferred(delivery.channel):
            return too_late(delivery, self.desk.policy)
        return None

    def _was_deferred(self, channel: str) -> bool:
        """Whether the channel wanted to be left alone until lately: waiting for that, or for its pace, makes nothing late."""
        standing = channels.standings(self.connection).get(channel)
        until = standing.deferred_until if standing else None
        return until is not None and self.now - until <= self.desk.policy.late_after

    def _take(self, channel: Channel, loaded: Loaded) -> None:
        action = _FIRST[channel.stages]
        sends = action is Action.PUBLISH
        before = loaded.delivery
        after = move(
            before,
            State.PUBLISHING,
            attempt=before.attempt + 1,
            rehearsal=channel.rehearsal,
            first_sent_at=before.first_sent_at or (self.now if sends else None),
        )
        self.claimed.append((loaded, after, action))

    def _claim_looks(self) -> bool:
        """Claim looks at what is accepted or unknown; whether there may be more. Pushing the next look away is claim enough."""
        found = deliveries.to_look_at(self.connection, self.now, self.places)
        changes = []
        for loaded in found:
            if loaded.delivery.channel not in self.desk.channels:
                # Its channel is gone from the settings: only a person can tell.
                changes.append(Change(loaded.delivery, replace(loaded.delivery, look_at=None)))
                continue
            after = replace(loaded.delivery, look_at=self.now + self.desk.lease)
            changes.append(Change(loaded.delivery, after))
            self.jobs.append(self._job(loaded, after, Action.CONFIRM, {}))
        deliveries.write(self.connection, changes, self.now, self.desk.node)
        more = len(found) == self.places
        self.places -= len(found)
        return more

    def _write(self) -> None:
        deliveries.write(self.connection, self.refused, self.now, self.desk.node)
        lease_until = self.now + self.desk.lease
        for action in (Action.STAGE, Action.PUBLISH):
            begun = [after for _, after, its in self.claimed if its is action]
            deliveries.claim(self.connection, begun)
            attempts.begin(self.connection, begun, action, node=self.desk.node, now=self.now, lease_until=lease_until)
        for loaded, after, action in self.claimed:
            addresses = self.addresses.get(after.post_id, {}) if loaded.rendition.needs else {}
            self.jobs.append(self._job(loaded, after, action, addresses))

    def _job(self, loaded: Loaded, delivery: Delivery, action: Action, addresses: dict[str, str]) -> Job:
        shown_at = self.now.astimezone(self.desk.zone)
        unbound = action is not Action.CONFIRM and not loaded.rendition.is_bound
        rendition = bind(loaded.rendition, addresses, shown_at) if unbound else loaded.rendition
        order = order_for(delivery, loaded.post, rendition, shown_at)
        return Job(
            action=action,
            delivery=delivery,
            order=order,
            was_bound=bool(addresses),
            ticket=delivery.ticket or None,
            repeats=loaded.delivery.first_sent_at,
        )


def hold_stranded(desk: Desk) -> list[Change]:
    """Hold what has waited too long for the address of the same post elsewhere, so that it is not forgotten in the queue."""
    now = desk.clock()
    with desk.store.write() as connection:
        stranded = deliveries.overdue_waiting(connection, now - desk.policy.late_after)
        why = say(
            "一直等不到本稿在另一渠道的地址：请先处理那个渠道的投递，再 release（放行）",
            "still waiting for this post's address on another channel: see to that delivery first, then release this one",
        )
        changes = [Change(delivery, move(delivery, State.HELD, why)) for delivery in stranded]
        changes = [change for change in changes if change.before.is_late(now, desk.policy.late_after)]
        deliveries.write(connection, changes, now, desk.node)
    for change in changes:
        desk.emit(change)
    return changes
