"""Settle: write what became of jobs, fenced by the attempt's number, so that a late answer neither is lost nor overwrites."""

import logging
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import sqlalchemy as sa

from xuanfa.domain.attempt import Action
from xuanfa.domain.delivery import Delivery, State
from xuanfa.domain.finding import in_words
from xuanfa.domain.language import say
from xuanfa.domain.life import (
    Terms,
    after_confirm,
    after_lapse,
    after_publish,
    after_retract,
    altered,
    move,
    stopped_before_sending,
)
from xuanfa.domain.outcome import (
    Absent,
    Accepted,
    Altered,
    Blame,
    Deferred,
    Published,
    Rejected,
    Retracted,
    Staged,
    Unknown,
    Unsent,
)
from xuanfa.operations import links
from xuanfa.operations.alive import note_gone, still_running, why_not_absent
from xuanfa.operations.desk import Desk
from xuanfa.operations.gates import stop_for
from xuanfa.operations.perform import Done, Ending, Job, published_next
from xuanfa.store import attempts, channels, deliveries, ledger
from xuanfa.store.deliveries import Change

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Settled:
    """What settling did: moves, publish jobs that follow stages, channels on which something was woken or that closed."""

    changes: list[Change] = field(default_factory=list)
    follow: list[Job] = field(default_factory=list)
    woken: list[str] = field(default_factory=list)
    #: Channels to which nothing more is to be sent for now.
    closed: set[str] = field(default_factory=set)


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
            ends = done.job.action is not Action.CONFIRM
            self.writes.append(Change(now_is, after, evidence_of(done.ending), receipt, ends_attempt=ends))
            # A look and a late answer may come together: the second one sees what the first one made of it.
            current[now_is.id] = after
            self._mind_channel(done)
            if isinstance(done.ending, Staged) and after.state is State.PUBLISHING:
                follow.append((done.job, done.ending.memory, after))
            if isinstance(done.ending, Published) and after.state is State.PUBLISHED:
                published.add(now_is.post_id)
            if isinstance(done.ending, Retracted):
                ledger.mark_retracted(self.connection, now_is.id, self.now)
        attempts.end(self.connection, self.ends, self.now)
        for done, now_is in self.late:
            self._note_late(done, now_is)
        self._write_and_follow(follow)
        self._wake(published)
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
        if now_is.attempt != job.order.attempt:
            return None
        if job.action is Action.CONFIRM:
            return _confirmed(now_is, self._believed(now_is, ending), self.desk.terms(now_is.channel, self.now))
        if job.action is Action.RETRACT:
            if now_is.state is not State.RETRACTING:
                return None
            return after_retract(now_is, _as_withdrawal(ending), was_public=job.was_public)
        if now_is.state is State.PUBLISHING:
            return self._published(now_is, job, ending)
        if now_is.state is State.SCHEDULED and not now_is.may_be_public and isinstance(ending, Published | Accepted):
            self.late.append((done, now_is))
            return _gone_out_after_all(now_is, done, self.desk.terms(now_is.channel, self.now))
        return _late_evidence(now_is, done, self.desk.terms(now_is.channel, self.now))

    def _believed(self, now_is: Delivery, ending: Ending) -> Ending:
        """What a look says, as far as it may be believed: nothing is absent that may still be sent."""
        running = isinstance(ending, Absent) and still_running(self.desk, self.connection, now_is.id, self.now)
        return Unknown(evidence=why_not_absent(self.desk, running)) if running else ending

    def _published(self, now_is: Delivery, job: Job, ending: Ending) -> Delivery:
        if isinstance(ending, Staged) and job.action is Action.STAGE:
            # Ready: the irreversible request is an attempt of its own, recorded before it leaves.
            why = stop_for(self.desk, self.connection, now_is, self.now)
            if why:
                return stopped_before_sending(replace(now_is, staged=ending.memory), why)
            first = now_is.first_sent_at or self.now
            return replace(now_is, staged=ending.memory, attempt=now_is.attempt + 1, first_sent_at=first)
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
            why = in_words(done.ending.findings)
            channels.pause(self.connection, channel, self.now, why)
            self.out.closed.add(channel)
            deliveries.record_event(
                self.connection, now=self.now, after="paused", actor=self.desk.node, why=why, channel=channel
            )
        if isinstance(done.ending, Deferred) and done.job.action is not Action.RETRACT:
            channels.defer(self.connection, channel, self.now + done.ending.after, done.ending.reason)
            self.out.closed.add(channel)

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
            "投递 {id}（{post}，{channel}）的结果无处登记（{ending}：{said}）：数据库里没有它，数据库多半被换过。请看 xuanfa recover",
            "what came of delivery {id} ({post}, {channel}) cannot be entered ({ending}: {said}): the database does not have it, and was "
            "probably replaced. See xuanfa recover",
            id=order.delivery,
            post=order.post,
            channel=order.channel,
            ending=_name(done.ending),
            said=evidence_of(done.ending),
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
            if before.attempt != number:
                continue
            if before.state is State.PUBLISHING:
                terms = desk.terms(before.channel, now)
                changes.append(Change(before, after_lapse(before, terms, staging=action is Action.STAGE)))
            elif before.state is State.RETRACTING:
                doubt = say(
                    "撤稿途中中断，请核实后再次撤稿", "interrupted while withdrawing: check, then retract again"
                )
                changes.append(Change(before, replace(before, reason=doubt)))
        deliveries.write(connection, changes, now, desk.node)
    for change in changes:
        desk.emit(change)
    note_gone(desk)
    return changes


def _confirmed(now_is: Delivery, ending: Ending, terms: Terms) -> Delivery | None:
    if now_is.state not in {State.ACCEPTED, State.UNKNOWN}:
        return None
    match ending:
        case Published() | Accepted() | Absent() | Rejected() | Unknown():
            return after_confirm(now_is, ending, terms)
        case _:
            return after_confirm(now_is, Unknown(evidence=evidence_of(ending)), terms)


def _late_evidence(now_is: Delivery, done: Done, terms: Terms) -> Delivery | None:
    """An answer to an attempt that was given up as unknown: proof still settles it, anything less changes nothing."""
    if now_is.state is not State.UNKNOWN or now_is.key != done.job.order.key:
        return None  # in a database that was put in this one's place the number may be another post's
    match done.ending:
        case Published() | Accepted() as proof:
            return after_confirm(now_is, proof, terms)
        case _ if done.job.repeats is not None:
            return None  # it says nothing of the request that this one repeated
        case Rejected(blame=Blame.CONTENT) as proof:
            return after_confirm(now_is, proof, terms)
        case Unsent() | Deferred() | Rejected() | Altered() as proof:
            wait = proof.after if isinstance(proof, Deferred) else timedelta(0)
            ready_at = terms.now + wait
            return move(
                now_is, State.SCHEDULED, evidence_of(proof), ready_at=ready_at, look_at=None, first_sent_at=None
            )
        case _:
            return None


def _gone_out_after_all(now_is: Delivery, done: Done, terms: Terms) -> Delivery:
    """It waits to be sent again because a person or two looks said that it is not there, and now the channel's answer to the first
    request says that it is. Sending again would show it twice, so that is decided anew."""
    text = say(
        "有人或查询认定没有发出，正待重发；迟到的渠道回答却说已经发出（{said}）。没有重发，请核实后用 resolve 说明结果",
        "it was found absent and was to be sent again, but a late answer of the channel says that it is there ({said}): "
        "not sent again; look, and settle it with resolve",
        said=evidence_of(done.ending),
    )
    look_at = terms.now if terms.channel.confirms else None
    return move(
        now_is,
        State.UNKNOWN,
        text,
        first_sent_at=done.job.order.first_sent_at or terms.now,
        ticket=done.ending.ticket if isinstance(done.ending, Accepted) else "",
        look_at=look_at,
        looks=0,
        absent_at=None,
    )


def _as_withdrawal(ending: Ending) -> Retracted | Deferred | Unsent | Rejected | Unknown:
    match ending:
        case Retracted() | Deferred() | Unsent() | Rejected() | Unknown():
            return ending
        case _:
            return Unknown(evidence=evidence_of(ending))


def _end(done: Done) -> attempts.End:
    order, ending = done.job.order, done.ending
    return attempts.End(order.delivery, order.attempt, _name(ending), evidence_of(ending), done.sent, done.total)


def _name(ending: Ending) -> str:
    return type(ending).__name__.lower()


def evidence_of(ending: Ending) -> str:
    """What an ending says of itself, for the record."""
    match ending:
        case Published(receipt=receipt):
            return receipt.evidence
        case Deferred(reason=reason):
            return reason
        case Rejected(findings=findings):
            return in_words(findings)
        case Staged():
            return ""
        case Accepted(evidence=text) | Unsent(evidence=text) | Unknown(evidence=text) | Absent(evidence=text):
            return text
        case Retracted(evidence=text) | Altered(evidence=text):
            return text
