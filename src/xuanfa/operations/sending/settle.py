"""Settle: write what became of jobs, fenced by the attempt's number, so that a late answer neither is lost nor overwrites."""

import logging
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

import sqlalchemy as sa

from xuanfa.domain.attempt import Action
from xuanfa.domain.delivery import NOT_OUT, UNSETTLED, Delivery, State
from xuanfa.domain.evidence import (
    as_withdrawal,
    confirmed,
    evidence_of,
    gone_out_after_all,
    late_evidence,
    said_otherwise,
    withdrawn_after_all,
)
from xuanfa.domain.finding import in_words
from xuanfa.domain.language import say
from xuanfa.domain.life import (
    after_lapse,
    after_publish,
    after_retract,
    altered,
    lapsed_withdrawal,
    prepared,
    stopped_before_sending,
)
from xuanfa.domain.outcome import (
    Absent,
    Accepted,
    Altered,
    Blame,
    Deferred,
    Ending,
    Published,
    Rejected,
    Retracted,
    Staged,
    Unknown,
    Unsent,
)
from xuanfa.domain.receipt import Receipt
from xuanfa.domain.remedy import Remedy
from xuanfa.operations import links
from xuanfa.operations.desk import Desk
from xuanfa.operations.sending.alive import note_gone, still_running, why_not_absent
from xuanfa.operations.sending.gates import stop_for
from xuanfa.operations.sending.perform import Done, Job, published_next
from xuanfa.operations.sending.second_proof import weigh
from xuanfa.store import access, attempts, channels, corrections, deliveries, late_proofs, ledger
from xuanfa.store.deliveries import Change
from xuanfa.store.late_proofs import LateProof

#: The actions whose answers say something of a publication, and the states in which a look is waited for.
_SENDING = frozenset({Action.STAGE, Action.PUBLISH})

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Settled:
    """What settling did: moves, publish jobs that follow stages, channels on which something was woken or that closed."""

    changes: list[Change] = field(default_factory=list)
    follow: list[Job] = field(default_factory=list)
    woken: list[str] = field(default_factory=list)
    #: Channels to which nothing more is to be sent for now.
    closed: set[str] = field(default_factory=set)
    #: Deliveries that seem to be out twice.
    second_proofs: list[int] = field(default_factory=list)


def settle(desk: Desk, connection: sa.Connection, results: Sequence[Done], now: datetime) -> Settled:
    """Write results inside the caller's transaction."""
    if not results:
        return Settled()
    return _Settling(desk, connection, now).settle(results)


@dataclass(slots=True)
class _Settling:
    desk: Desk
    connection: sa.Connection
    now: datetime
    out: Settled = field(default_factory=Settled)
    #: Moves and refreshed fields alike; ``out.changes`` are those that anyone is told of.
    writes: list[Change] = field(default_factory=list)
    ends: list[attempts.End] = field(default_factory=list)
    #: Answers that came after another decision, each with the delivery as it stood.
    late: list[tuple[Done, Delivery]] = field(default_factory=list)
    #: Withdrawals without a clear answer: they move nothing, and are told all the same.
    withdrawals: list[tuple[Done, Delivery]] = field(default_factory=list)
    #: Deliveries for which there is a proof of publication beside the ledger's, or may be.
    proved: set[int] = field(default_factory=set)

    def settle(self, results: Sequence[Done]) -> Settled:
        current = self._current(results)
        follow: list[tuple[Job, dict[str, str], Delivery]] = []
        published: set[int] = set()
        for done in _here(results, current):
            now_is = current[done.job.delivery.id]
            after = self._after(done, now_is)
            if done.job.action is not Action.CONFIRM:
                self.ends.append(_end(done))
            if after is None:
                self.late.append((done, now_is))
                continue
            receipt = done.ending.receipt if isinstance(done.ending, Published) else None
            ends = done.job.action is not Action.CONFIRM and now_is.attempt == done.job.order.attempt
            self.writes.append(Change(now_is, after, evidence_of(done.ending), receipt, ends_attempt=ends))
            # A look and a late answer may come together: the second one sees what the first one made of it.
            current[now_is.id] = after
            self._mind_channel(done)
            if isinstance(done.ending, Staged) and after.state is State.PUBLISHING:
                follow.append((done.job, done.ending.memory, after))
            if isinstance(done.ending, Published) and after.state is State.PUBLISHED:
                published.add(now_is.post_id)
                if now_is.state is not State.PUBLISHING or done.job.order.attempt > 1:
                    self.proved.add(now_is.id)  # something may have come before it
            if done.job.action is Action.RETRACT and after.state is State.RETRACTING is now_is.state and ends:
                self.withdrawals.append((done, now_is))
            if isinstance(done.ending, Retracted) and after.state is State.RETRACTED:
                ledger.mark_retracted(self.connection, now_is.id, self.now)
        attempts.end(self.connection, self.ends, self.now)
        for done, now_is in self.late:
            self._note_late(done, now_is)
        for done, now_is in self.withdrawals:
            why = evidence_of(done.ending)
            _note_withdrawal(self.connection, now_is, done.job.order.attempt, why, actor=self.desk.node, now=self.now)
        self._write_and_follow(follow)
        self._wake(published)
        self.out.second_proofs = weigh(self.desk, self.connection, self.proved, self.now)
        return self.out

    def _current(self, results: Sequence[Done]) -> dict[int, Delivery]:
        """The deliveries of results as they are now, locked."""
        ids = sorted({done.job.delivery.id for done in results})
        looks = any(done.job.action is Action.CONFIRM for done in results)
        current = {} if looks else deliveries.still(self.connection, [done.job.delivery for done in results])
        missing = [number for number in ids if number not in current]
        return current | (deliveries.get(self.connection, missing) if missing else {})

    def _after(self, done: Done, now_is: Delivery) -> Delivery | None:
        """The delivery after this result; ``None`` where another one has decided meanwhile."""
        job, ending = done.job, done.ending
        if now_is.attempt == job.order.attempt:
            if job.action is Action.CONFIRM and now_is.state in UNSETTLED:
                return confirmed(now_is, self._believed(now_is, ending), self.desk.terms(now_is.channel, self.now))
            if job.action is Action.RETRACT and now_is.state is State.RETRACTING:
                return after_retract(now_is, as_withdrawal(ending), was_public=job.was_public)
            if job.action in _SENDING and now_is.state is State.PUBLISHING:
                return self._published(now_is, job, ending)
        return self._late(done, now_is)

    def _late(self, done: Done, now_is: Delivery) -> Delivery | None:
        """An answer that came when something else had been decided. What it proves counts all the same."""
        known = attempts.as_kept(self.connection, now_is.id, done.job.order.attempt)
        if known is None or known[0] != done.job.order.key:
            return None  # in a database that was put in this one's place the number may be another post's
        terms = self.desk.terms(now_is.channel, self.now)
        of_this = done.job.action in _SENDING and now_is.attempt == done.job.order.attempt
        if of_this and (isinstance(done.ending, Published) or not late_proofs.standing(self.connection, now_is.id)):
            settled = late_evidence(now_is, done.ending, terms, repeats=done.job.repeats)
            if settled is not None:
                return settled
        if isinstance(done.ending, Retracted) and done.job.delivery.rehearsal is now_is.rehearsal:
            withdrawn = withdrawn_after_all(now_is, done.ending.evidence)
            if withdrawn is not None:
                self.late.append((done, now_is))
            return withdrawn
        # Where its end is written already, the answer to that commit was lost on the way, and this says nothing new.
        again = done.job.action is not Action.CONFIRM and known[1] not in {None, "lost"}
        if again or not isinstance(done.ending, Published | Accepted) or not self._keep_late(done, now_is):
            return None
        if now_is.state not in NOT_OUT or now_is.may_be_public:
            return None
        self.late.append((done, now_is))
        ticket = done.ending.ticket if isinstance(done.ending, Accepted) else ""
        sent_at = done.job.order.first_sent_at or self.now
        return gone_out_after_all(now_is, evidence_of(done.ending), sent_at, terms, ticket=ticket)

    def _keep_late(self, done: Done, now_is: Delivery) -> bool:
        """Keep what has no place in the ledger; whether it says anything of the mode that the delivery is in now."""
        job, order, ending = done.job, done.job.order, done.ending
        if job.delivery.rehearsal is not now_is.rehearsal:
            return False
        if isinstance(ending, Published) or now_is.attempt != order.attempt:
            late_proofs.keep(self.connection, now_is.id, _proof(done, now_is.rehearsal), self.now)
            self.proved.add(now_is.id)
        return True

    def _believed(self, now_is: Delivery, ending: Ending) -> Ending:
        """What a look says, as far as it may be believed: nothing is absent that may still be sent."""
        if not isinstance(ending, Absent):
            return ending
        running = still_running(self.desk, self.connection, now_is.id, self.now)
        if running:
            return Unknown(evidence=why_not_absent(self.desk, running))
        proof = late_proofs.standing(self.connection, now_is.id)
        return Unknown(evidence=said_otherwise(proof)) if proof else ending

    def _published(self, now_is: Delivery, job: Job, ending: Ending) -> Delivery:
        if job.order.attempt > 1 and not isinstance(ending, Published | Accepted):
            proof = late_proofs.standing(self.connection, now_is.id)
            if proof is not None:  # of an earlier attempt, and it came while this one was under way
                sent_at, terms = now_is.first_sent_at or self.now, self.desk.terms(now_is.channel, self.now)
                return gone_out_after_all(now_is, proof.evidence, sent_at, terms)
        if isinstance(ending, Staged) and job.action is Action.STAGE:
            # Ready: the irreversible request is an attempt of its own, recorded before it leaves.
            why = stop_for(self.desk, self.connection, now_is, self.now)
            if why:
                return stopped_before_sending(now_is, ending.memory, why)
            return prepared(now_is, ending.memory, self.now)
        if isinstance(ending, Absent | Retracted | Staged):
            ending = Unknown(evidence=say("渠道程序给出了不该有的结果", "the adapter gave an impossible outcome"))
        if isinstance(ending, Deferred | Unsent | Rejected | Altered):
            # Nothing came of this request; one that it repeated may still have arrived.
            now_is = replace(now_is, first_sent_at=job.repeats)
        if isinstance(ending, Altered):
            return altered(now_is, ending.evidence, self.desk.terms(now_is.channel, self.now))
        return after_publish(now_is, ending, self.desk.terms(now_is.channel, self.now))

    def _mind_channel(self, done: Done) -> None:
        """A channel that is to blame is paused, one that asks for quiet is left alone: every other post would fare the same."""
        channel = done.job.order.channel
        if isinstance(done.ending, Rejected) and done.ending.blame is Blame.CHANNEL:
            why = self._for_everybody(done, in_words(done.ending.findings))
            channels.pause(self.connection, channel, self.now, why)
            self.out.closed.add(channel)
            deliveries.record_event(
                self.connection, now=self.now, after="paused", actor=self.desk.node, why=why, channel=channel
            )
        if isinstance(done.ending, Deferred) and done.job.action is not Action.RETRACT:
            why = self._for_everybody(done, done.ending.reason)
            channels.defer(self.connection, channel, self.now + done.ending.after, why)
            self.out.closed.add(channel)

    def _for_everybody(self, done: Done, said: str) -> str:
        """What is said of a channel everybody sees, in alarms too: nothing of what it has said of a restricted post."""
        closed = access.of_post(self.connection, done.job.delivery.post_id)
        if closed is None:
            return said
        return say(
            "限阅稿件 {slug} 没有发成，渠道说的原因只有名单上的人能看：{show}",
            "the restricted post {slug} could not be sent; what the channel has said is for those on its list: {show}",
            slug=closed.slug,
            show=Remedy("show", done.job.delivery.id),
        )

    def _write_and_follow(self, follow: Sequence[tuple[Job, dict[str, str], Delivery]]) -> None:
        deliveries.write(self.connection, self.writes, self.now, self.desk.node)
        self.out.changes = [change for change in self.writes if change.before.state is not change.after.state]
        attempts.begin(
            self.connection,
            [after for _, _, after in follow],
            Action.PUBLISH,
            node=self.desk.node,
            process=self.desk.process,
            now=self.now,
            lease_until=self.now + self.desk.lease,
        )
        self.out.follow = [
            published_next(job, memory, after, self.desk.lease_from(self.now)) for job, memory, after in follow
        ]

    def _wake(self, post_ids: set[int]) -> None:
        """Deliveries of the same posts that waited for an address may have it now."""
        self.out.woken = links.wake(self.desk, self.connection, post_ids)

    def _note_late(self, done: Done, now_is: Delivery) -> None:
        """An answer that came after another decision: kept in the history, for whoever has to judge."""
        number = done.job.order.attempt
        ended = {} if done.job.action is Action.CONFIRM else {now_is.id: number}
        deliveries.record_event(
            self.connection,
            now=self.now,
            after="late_answer",
            actor=self.desk.node,
            why=f"{_name(done.ending)}: {evidence_of(done.ending)}",
            delivery_id=now_is.id,
            channel=now_is.channel,
            attempt=number,
            proof=attempts.proofs(self.connection, ended).get(now_is.id),
        )


def _here(results: Sequence[Done], current: Collection[int]) -> Iterator[Done]:
    """The results whose deliveries the database has. One that was put in its place meanwhile may not: that is said, and the mark of what
    was sent, which was written before it left, holds the post there."""
    for done in results:
        order = done.job.order
        if order.delivery in current:
            yield done
            continue
        text = say(
            "投递 {id}（{post}，{channel}）的结果无处登记（{ending}：{said}）：数据库里没有它，数据库多半被换过。请看 {recover}",
            "what came of delivery {id} ({post}, {channel}) cannot be entered ({ending}: {said}): the database does not have it, and was "
            "probably replaced. See {recover}",
            id=order.delivery,
            post=order.post,
            channel=order.channel,
            ending=_name(done.ending),
            said=evidence_of(done.ending),
            recover=Remedy("recover"),
        )
        log.error("%s", text)


def lapse(desk: Desk) -> list[Change]:
    """Attempts whose node is gone: what was being sent is in doubt, what was being staged goes back to the queue."""
    now = desk.clock()
    changes: list[Change] = []
    with desk.store.write() as connection:
        current = deliveries.get(connection, [delivery_id for delivery_id, _, _ in attempts.lapsed(connection, now)])
        # Asked again under the lock: what another process has settled, renewed or given up meanwhile is no longer ours to judge.
        lost = [each for each in attempts.lapsed(connection, now) if each[0] in current]
        why = say("租约到期，没有回音", "the lease ended without a sign")
        attempts.end(
            connection, [attempts.End(delivery_id, number, "lost", why) for delivery_id, number, _ in lost], now
        )
        for delivery_id, number, action in lost:
            before = current[delivery_id]
            if action is Action.CORRECT:
                corrections.note_unmade(connection, before, number, now=now, actor=desk.node, why=why)
            if before.attempt != number:
                continue
            if before.state is State.PUBLISHING:
                terms = desk.terms(before.channel, now)
                changes.append(Change(before, after_lapse(before, terms, staging=action is Action.STAGE)))
            elif before.state is State.RETRACTING:
                changes.append(Change(before, lapsed_withdrawal(before)))
                _note_withdrawal(connection, before, number, why, actor=desk.node, now=now)
        deliveries.write(connection, changes, now, desk.node)
    for change in changes:
        desk.emit(change)
    note_gone(desk)
    return changes


def _note_withdrawal(
    connection: sa.Connection, delivery: Delivery, number: int, why: str, *, actor: str, now: datetime
) -> None:
    """A withdrawal ended and left things as they were: the history vouches for that attempt, too."""
    deliveries.record_event(
        connection,
        now=now,
        after="withdrawal_unknown",
        actor=actor,
        why=why,
        delivery_id=delivery.id,
        channel=delivery.channel,
        attempt=number,
        proof=attempts.proofs(connection, {delivery.id: number}).get(delivery.id),
    )


def _proof(done: Done, rehearsal: bool) -> LateProof:
    ending, order = done.ending, done.job.order
    said = ending.receipt if isinstance(ending, Published) else Receipt(evidence=evidence_of(ending))
    return LateProof(attempt=order.attempt, action=done.job.action, rehearsal=rehearsal, receipt=said)


def _end(done: Done) -> attempts.End:
    order, ending = done.job.order, done.ending
    return attempts.End(order.delivery, order.attempt, _name(ending), evidence_of(ending), done.sent, done.total)


def _name(ending: Ending) -> str:
    return type(ending).__name__.lower()
