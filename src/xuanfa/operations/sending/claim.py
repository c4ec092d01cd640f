"""Claim: take what is due, as far as pace, places, pauses and silent periods allow. Part of ``publish``'s transaction."""

import logging
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial

import sqlalchemy as sa

from xuanfa.domain.accounts import is_drill, is_same
from xuanfa.domain.attempt import Action
from xuanfa.domain.channel import Channel
from xuanfa.domain.delivery import Delivery, State
from xuanfa.domain.language import say
from xuanfa.domain.lease import Lease
from xuanfa.domain.life import (
    elsewhere,
    expired,
    kept_solemn,
    may_repeat,
    not_for_real,
    silenced,
    stop_repeating,
    taken,
    too_late,
)
from xuanfa.domain.pacing import Budget, free_at, longest, room
from xuanfa.domain.planning import in_need_of_review, stopped_by_check, taken_back
from xuanfa.domain.restoring import not_unasked
from xuanfa.domain.review import Sending
from xuanfa.domain.solemn import LONGEST, Solemn
from xuanfa.domain.withdrawal_order import stopped
from xuanfa.operations.desk import Desk
from xuanfa.operations.intake.gate import Gate
from xuanfa.operations.intake.once import Judge, is_judged
from xuanfa.operations.links import Addresses, addresses_for
from xuanfa.operations.restricting.rule import is_restricted
from xuanfa.operations.sending.gates import open_channels, silence_over
from xuanfa.operations.sending.perform import Job, order_for
from xuanfa.operations.solemnity import keeping_back
from xuanfa.store import attempts, channels, deliveries, likeness, posts, reviews, rights, solemn, verdicts, withdrawals
from xuanfa.store.deliveries import Change, Loaded

log = logging.getLogger(__name__)

#: How long a pass relies on what it knew of the channels. Less than the second within which a pause has to hold.
PAUSE_SEEN = timedelta(seconds=0.5)
#: How long a channel is left alone whose places are all taken by others. Nobody tells when one is free again.
SHARED_SEEN = timedelta(seconds=1)
#: The action that an adapter with a stage begins with.
_FIRST = {True: Action.STAGE, False: Action.PUBLISH}


@dataclass(slots=True)
class Pass:
    """One pass over what is due: which channels still have something, and what became of everything so far."""

    active: list[str] = field(default_factory=list)
    #: Whether there may still be outcomes to look for.
    looking: bool = True
    tally: Counter[State] = field(default_factory=Counter)
    #: Those of them that were only rehearsed.
    rehearsed: Counter[State] = field(default_factory=Counter)
    #: How many deliveries have been found that seem to be out twice.
    second_proofs: int = 0
    renewed_at: datetime | None = None
    #: When it was last seen which channels are open and have something.
    checked_at: datetime | None = None
    #: Jobs under way, by channel.
    busy: Counter[str] = field(default_factory=Counter)
    #: The leases of jobs under way, by delivery and number of attempt.
    flying: dict[tuple[int, int], Lease] = field(default_factory=dict)
    #: The channels that this pass sees to, each with how many deliveries it may still claim there; ``None``: all channels, without end.
    shares: dict[str, int] | None = None
    #: Whether this pass looks for outcomes, too.
    looks: bool = True

    def share(self, channel: str) -> int | None:
        """How many deliveries of a channel may still be claimed; ``None`` where any number may."""
        return None if self.shares is None else self.shares.get(channel, 0)

    def count_off(self, channels_: Iterable[str]) -> None:
        """What has been claimed; a channel whose share is used up is done with."""
        if self.shares is not None:
            for channel in channels_:
                self.shares[channel] -= 1
            self.active = [channel for channel in self.active if self.share(channel) != 0]


@dataclass(slots=True)
class Claiming:
    """The claims of one turn."""

    desk: Desk
    connection: sa.Connection
    now: datetime
    places: int
    #: Jobs under way, by channel.
    busy: Counter[str] = field(default_factory=Counter)
    jobs: list[Job] = field(default_factory=list)
    claimed: list[tuple[Loaded, Delivery, Action]] = field(default_factory=list)
    #: What was due but is not sent: held or expired.
    refused: list[Change] = field(default_factory=list)
    #: Public addresses by the channel that may show them and the post, for late-bound links.
    addresses: dict[tuple[str, int], Addresses] = field(default_factory=dict)
    #: Posts that are being taken down; ``None`` until that is asked.
    withdrawn: set[int] | None = None
    #: Solemn periods that may keep something back, as they were at the beginning of the turn.
    solemn: list[Solemn] | None = None

    def claim(self, run: Pass) -> "Claiming":
        """Fill the free places, beginning where the last turn ended, so that every channel gets its turn.

        While several channels have something, none gets more than three quarters of all places: one that answers slowly would
        otherwise hold them all, and the rest would wait for it. Looks leave a quarter to what is due.
        """
        if self.places > 0:
            self._look_again(run)
            most = self.places + self.busy.total()
            self._claim_each(run, max(1, most * 3 // 4))
            if self.places > 0 and run.looking:
                run.looking = self._claim_looks(self.places - most // 4)
        self._write()
        return self

    def _look_again(self, run: Pass) -> None:
        """A pause that somebody has made meanwhile holds within a second, and what has become due meanwhile waits for no other channel."""
        if run.checked_at is None or self.now - run.checked_at > PAUSE_SEEN or self.now < run.checked_at:
            look(self.desk, self.connection, run, self.now)

    def _claim_each(self, run: Pass, share: int) -> None:
        for channel in tuple(run.active):
            if self.places <= 0:
                return
            run.active.remove(channel)
            most = min(self.places, share - self.busy[channel]) if run.active else self.places
            left = run.share(channel)
            if most <= 0 or self._claim_from(self.desk.channels[channel], most if left is None else min(most, left)):
                run.active.append(channel)

    def _claim_from(self, channel: Channel, most: int) -> bool:
        """Claim from one channel; whether it may have more."""
        if not all(channels.lock_budget(self.connection, budget.name) for budget in channel.budgets):
            return True  # another node is spending from it just now; it is asked again
        paced = min((self._paced(channel, budget, most) for budget in channel.budgets), default=most)
        found = deliveries.due(self.connection, channel.id, self.now, paced) if paced else []
        sent, judged = 0, self._judged(channel, found)
        unreviewed = self._unreviewed(found)
        unchecked = self._unchecked(found)
        needing = [loaded.delivery.post_id for loaded in found if loaded.rendition.needs]
        if needing:
            for post_id, addresses in addresses_for(self.desk, self.connection, needing, channel).items():
                self.addresses[channel.id, post_id] = addresses
        for loaded in found:
            if loaded.delivery.id not in judged:
                continue
            id_ = loaded.delivery.id
            refusal = unreviewed.get(id_) or unchecked.get(id_) or self._refusal(loaded) or judged[id_]
            if refusal is not None:
                self.refused.append(Change(loaded.delivery, refusal))
                continue
            self._take(channel, loaded)
            sent += 1
        for budget in channel.budgets:
            if budget.limits:
                channels.spend(self.connection, budget.name, sent, self.now)
        self.places -= sent
        under_way = self.busy[channel.id] + sent
        # What only waits for its own requests to come back is asked again when they do.
        return len(found) == most or len(judged) < len(found) or (paced < most and under_way > 0 and channel.is_narrow)

    def _unreviewed(self, found: Sequence[Loaded]) -> dict[int, Delivery]:
        """Those that may not leave for want of a review, as they are instead: what people decided about them has been taken back since, or
        was about something else, or their column asks for a review only now. Costs nothing where nothing is reviewed."""
        approvals = {each.delivery.approval for each in found if each.delivery.reviewed}
        granted = rights.still_granted(self.connection, {id_ for id_ in approvals if id_ is not None})
        bare = [each.delivery for each in found if not each.delivery.reviewed and not each.delivery.may_be_public]
        asks = bare if self.desk.reviews.asks else []
        kinds = reviews.kinds_of(self.connection, {each.post_id for each in asks}) if asks else {}
        refused = {
            each.id: in_need_of_review(each)
            for each in asks
            if self.desk.reviews.template_for(each.column, kinds[each.post_id])
        }
        for each in (loaded.delivery for loaded in found):
            exact = (each.channel, Sending(each.digest, each.due_at))
            if each.reviewed and (each.approval is None or granted.get(each.approval) != exact):
                terms = self.desk.terms(each.channel, self.now)
                refused[each.id] = stop_repeating(each, terms) if each.may_be_public else taken_back(each, _void())
        return refused

    def _unchecked(self, found: Sequence[Loaded]) -> dict[int, Delivery]:
        """Those in which the rules found something for which nobody answers, held; and those of which nobody has asked them (an older program
        queued them), which wait for that. Costs one look by key."""
        if self.desk.rules is None:
            return {}
        bare = [each.delivery for each in found if not each.delivery.may_be_public]
        known = verdicts.standing(
            self.connection, {each.rendition_id for each in bare if each.rendition_id is not None}
        )
        refused = {}
        for each in bare:
            stands = known.get(each.rendition_id or 0)
            if stands == verdicts.ALTERED:
                self._ask_rules_again(each)
            if stands is None or stands == verdicts.ALTERED:
                refused[each.id] = replace(each, ready_at=self.now + verdicts.UNREAD_FOR)
            elif stands:
                refused[each.id] = self._stopped_by_check(each)
        return refused

    def _ask_rules_again(self, delivery: Delivery) -> None:
        """What was kept of their verdict is not what they said: it is thrown away, and told."""
        why = say(
            "检查结论与历史不符，有人绕过程序改过：作废，重新检查",
            "what was kept of the checks is not what they said, somebody has changed it past the program: it is thrown away and they are asked "
            "again",
        )
        log.error("%s", say("投递 {id}：{why}", "delivery {id}: {why}", id=delivery.id, why=why))
        verdicts.forget(self.connection, delivery.rendition_id or 0)
        deliveries.record_event(
            self.connection,
            now=self.now,
            after=verdicts.ALTERED,
            actor=self.desk.node,
            why=why,
            delivery_id=delivery.id,
            channel=delivery.channel,
        )

    def _stopped_by_check(self, delivery: Delivery) -> Delivery:
        gate = Gate.of_post(self.desk, self.connection, delivery.post_id)
        found = verdicts.of_renditions(self.connection, [delivery.rendition_id or 0])[delivery.rendition_id or 0]
        return stopped_by_check(delivery, gate.reason(delivery, found))

    def _judged(self, channel: Channel, found: Sequence[Loaded]) -> dict[int, Delivery | None]:
        """Those that may be looked at in this turn, each with the question for which it is held instead, if there is one.

        Nothing is asked of the database about what was judged when it was planned, which is nearly all. The rest waits a turn where
        another process holds the lock of the inbox.
        """
        known: dict[int, Delivery | None] = dict.fromkeys(loaded.delivery.id for loaded in found)
        asked = [
            each.delivery for each in found if not each.delivery.may_be_public and not is_judged(each.delivery, channel)
        ]
        if not asked:
            return known
        if not posts.try_lock_inbox(self.connection):
            return {id_: None for id_ in known if id_ not in {delivery.id for delivery in asked}}
        judge, siblings = (
            Judge(self.desk, self.connection),
            likeness.of_posts(self.connection, {d.post_id for d in asked}),
        )
        for delivery in asked:
            after = judge.judged(delivery, [each for each in siblings if each.delivery.post_id == delivery.post_id])
            known[delivery.id] = after if after.state is State.HELD else None
        return known

    def _paced(self, channel: Channel, budget: Budget, most: int) -> int:
        """How many of ``most`` a budget allows now; what does not fit waits in the queue."""
        if budget.limits:
            since = self.now - longest(budget.limits)
            channels.forget_spent(self.connection, budget.name, since)
            spent = channels.spent(self.connection, budget.name, since)
            allowed = room(budget.limits, spent, self.now) or 0
            if not allowed:
                why = say("已到渠道的频率上限，稍后继续", "the channel's rate is used up; going on later")
                channels.defer(self.connection, channel.id, free_at(budget.limits, spent, self.now), why)
            most = min(most, allowed)
        if budget.in_flight is not None and most:
            free = budget.in_flight - self._under_way(budget)
            if free <= 0 and not self.busy[channel.id]:
                why = say(
                    "同时进行的请求已到上限，稍后继续", "as many requests as may be are under way; going on later"
                )
                channels.defer(self.connection, channel.id, self.now + SHARED_SEEN, why)
            most = min(most, max(0, free))
        return most

    def _under_way(self, budget: Budget) -> int:
        """Requests of a budget that some process has claimed and that have not come back."""
        just_claimed = sum(after.channel in budget.channels for _, after, _ in self.claimed)
        return attempts.count_under_way(self.connection, budget.channels) + just_claimed

    def _refusal(self, loaded: Loaded) -> Delivery | None:
        delivery = loaded.delivery
        if delivery.post_id in self._stopped():
            return stopped(delivery, self.desk.terms(delivery.channel, self.now))
        if any(need not in self._known_to(delivery) for need in loaded.rendition.needs):
            return replace(
                delivery, waiting=True
            )  # what it links to was retracted since it was woken, or leads elsewhere now
        silence = silence_over(self.desk, self.connection, delivery, self.now) if self.desk.silences else None
        back = keeping_back(self.connection, self._solemn(), delivery, self.now)
        if delivery.may_be_public:
            terms = self.desk.terms(delivery.channel, self.now)
            repeats = silence is None and back is None and may_repeat(delivery, terms)
            return None if repeats and not delivery.restored else stop_repeating(delivery, terms)
        if delivery.restored:
            return not_unasked(delivery)
        if is_drill(delivery, self.desk.channels[delivery.channel]):
            return not_for_real(delivery, self.desk.terms(delivery.channel, self.now))
        if delivery.is_expired(self.now):
            return expired(delivery)
        if silence is not None:
            return silenced(delivery, silence.in_words(self.desk.zone))
        if back is not None:
            return kept_solemn(delivery, back[0].in_words(self.desk.zone), back[1])
        if delivery.is_late(self.now, self.desk.policy.late_after) and not self._was_deferred(delivery.channel):
            return too_late(delivery, self.desk.policy)
        return None

    def _solemn(self) -> list[Solemn]:
        """What keeps something back now, or would have when it was due; asked once in a turn."""
        if self.solemn is None:
            self.solemn = solemn.standing(self.connection, self.now - LONGEST)
        return self.solemn

    def _stopped(self) -> set[int]:
        """The posts that are being taken down, asked once in a turn."""
        if self.withdrawn is None:
            self.withdrawn = withdrawals.stops(self.connection)
        return self.withdrawn

    def _known_to(self, delivery: Delivery) -> Addresses:
        return self.addresses.get((delivery.channel, delivery.post_id), {})

    def _was_deferred(self, channel: str) -> bool:
        """Whether the channel wanted to be left alone until lately: waiting for that, or for its pace, makes nothing late."""
        standing = channels.standings(self.connection).get(channel)
        until = standing.deferred_until if standing else None
        return until is not None and self.now - until <= self.desk.policy.late_after

    def _take(self, channel: Channel, loaded: Loaded) -> None:
        action = _FIRST[channel.stages]
        after = taken(loaded.delivery, channel, self.now)
        self.claimed.append((loaded, after, action))

    def _claim_looks(self, most: int) -> bool:
        """Claim looks at what is accepted or unknown; whether there may be more. Pushing the next look away is claim enough."""
        if most <= 0:
            return True
        found = deliveries.to_look_at(self.connection, self.now, most)
        changes = []
        for loaded in found:
            if loaded.delivery.channel not in self.desk.channels:
                # Its channel is gone from the settings: only a person can tell.
                changes.append(Change(loaded.delivery, replace(loaded.delivery, look_at=None)))
                continue
            terms = self.desk.terms(loaded.delivery.channel, self.now)
            if not is_same(loaded.delivery, terms.channel):
                self.refused.append(Change(loaded.delivery, elsewhere(loaded.delivery, terms)))
                continue
            after = replace(loaded.delivery, look_at=self.now + self.desk.lease)
            changes.append(Change(loaded.delivery, after))
            self.jobs.append(self._job(loaded, after, Action.CONFIRM, {}))
        deliveries.write(self.connection, changes, self.now, self.desk.node)
        self._spend_looks(Counter(change.after.channel for change in changes if change.after.look_at is not None))
        self.places -= len(found)
        return len(found) == most

    def _spend_looks(self, looks: Counter[str]) -> None:
        """A look is a request too, where requests are counted. It is never put off for that: what is in doubt goes before what is new."""
        for channel, count in looks.items():
            known = self.desk.channels[channel]
            if known.limits:
                channels.spend(self.connection, known.budget, count, self.now)

    def _write(self) -> None:
        deliveries.write(self.connection, self.refused, self.now, self.desk.node)
        lease_until = self.now + self.desk.lease
        for action in (Action.STAGE, Action.PUBLISH):
            begun = [after for _, after, its in self.claimed if its is action]
            deliveries.claim(self.connection, begun, self.now)
            moved = [
                after.id
                for before, after, its in self.claimed
                if its is action and before.delivery.staged and not after.staged
            ]
            deliveries.forget_prepared(self.connection, moved)
            attempts.begin(
                self.connection,
                begun,
                action,
                node=self.desk.node,
                process=self.desk.process,
                now=self.now,
                lease_until=lease_until,
            )
        kept = posts.kept(self.connection, {(after.post_id, after.revision) for _, after, _ in self.claimed})
        for loaded, after, action in self.claimed:
            addresses = self._known_to(after) if loaded.rendition.needs else {}
            job, its = self._job(loaded, after, action, addresses), kept.get((after.post_id, after.revision))
            self.jobs.append(replace(job, is_as_read=its.is_as_read) if its is not None else job)

    def _job(self, loaded: Loaded, delivery: Delivery, action: Action, addresses: dict[str, str]) -> Job:
        return Job(
            action=action,
            delivery=delivery,
            order=order_for(delivery, loaded.post, loaded.rendition, self.now.astimezone(self.desk.zone)),
            proof=loaded.proof,
            addresses=addresses,
            ticket=delivery.ticket or None,
            repeats=loaded.delivery.first_sent_at,
            lease=_lease(self.desk, action, self.now),
            is_restricted=partial(is_restricted, self.desk, delivery.post_id),
        )


def _void() -> str:
    return say("审核已失效，要重新审", "what was decided about it is void: it is asked again")


def _lease(desk: Desk, action: Action, now: datetime) -> Lease | None:
    return None if action is Action.CONFIRM else desk.lease_from(now, extends=action is Action.STAGE)


def look(desk: Desk, connection: sa.Connection, run: Pass, now: datetime) -> None:
    """See which channels are open and have something due. Those that have been served keep their place in the row."""
    # Where the file of the database was taken away or replaced, nothing more leaves: the next pass opens what is there now.
    opened = [] if desk.store.is_replaced() else open_channels(desk, connection, now)
    concerned = [channel for channel in opened if run.share(channel) != 0]
    firsts = deliveries.first_ready(connection, concerned)
    due = sorted((channel for channel, at in firsts.items() if at <= now), key=lambda channel: firsts[channel])
    look_at = deliveries.next_look_at(connection) if run.looks else None
    run.active = [*(channel for channel in run.active if channel in due), *(c for c in due if c not in run.active)]
    run.looking = look_at is not None and look_at <= now
    run.checked_at = now
