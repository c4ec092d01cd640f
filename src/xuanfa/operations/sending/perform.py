"""Perform: one remote action on a worker thread. It knows the adapter and the order, and nothing of the store."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import assert_never

from xuanfa.adapters.protocol import Adapter, Corrects, Retracts, Stages
from xuanfa.checks.rendition import checked
from xuanfa.domain.attempt import Action, Order, delivery_key
from xuanfa.domain.delivery import Delivery
from xuanfa.domain.errors import AlteredError, MachineError, PictureGoneError, XuanfaError, where_it_broke
from xuanfa.domain.finding import Finding, blocking
from xuanfa.domain.language import say
from xuanfa.domain.lease import PERMIT, Lease, Measured, Permit
from xuanfa.domain.outcome import (
    Accepted,
    Altered,
    Blame,
    Ending,
    Published,
    Rejected,
    Staged,
    Unknown,
    Unsent,
)
from xuanfa.domain.receipt import Receipt, from_outside, seen
from xuanfa.domain.remedy import Remedy
from xuanfa.domain.rendition import Rendition, bind
from xuanfa.operations.desk import Adapters

log = logging.getLogger(__name__)

#: The actions with which the rendition leaves.
_SENDING = frozenset({Action.STAGE, Action.PUBLISH, Action.CORRECT})


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """An action that has been recorded and may now be performed. ``delivery`` is as it was then, and ``order`` has its rendition as frozen."""

    action: Action
    delivery: Delivery
    order: Order
    #: What the history vouches for since the rendition was frozen.
    proof: str | None = None
    #: Whether the revision that is sent is what was read, by the history's word: the ledger will get title, department and author from it.
    is_as_read: Callable[[], bool] = lambda: False
    #: Whether its post is restricted: then no trace of it gets into the log.
    is_restricted: Callable[[], bool] = lambda: False
    #: The addresses of the same post on other channels, for its late-bound marks.
    addresses: Mapping[str, str] = field(default_factory=dict)
    #: When an earlier request left of which nobody knows what became of it: this one repeats it under the same key.
    repeats: datetime | None = None
    ticket: str | None = None
    receipt: Receipt | None = None
    #: For a withdrawal: whether it had been published, and not only handed over.
    was_public: bool = True
    #: The right to it; ``None`` for what only looks.
    lease: Lease | None = None

    @property
    def leave_by(self) -> datetime | None:
        """After this moment nothing of it must leave any more: another process may have given it up. ``None`` for what only looks."""
        return None if self.lease is None else self.lease.leave_by

    @property
    def mark(self) -> tuple[int, int]:
        """Delivery and number of the attempt."""
        return self.order.delivery, self.order.attempt


def order_for(delivery: Delivery, post: str, rendition: Rendition, started_at: datetime) -> Order:
    """What the adapter is told of a delivery; ``started_at`` is the attempt's, in the workspace's zone."""
    return Order(
        delivery=delivery.id,
        attempt=delivery.attempt,
        key=delivery.key,
        post=post,
        revision=delivery.revision,
        channel=delivery.channel,
        column=delivery.column,
        rendition=rendition,
        started_at=started_at,
        first_sent_at=delivery.first_sent_at,
        staged=dict(delivery.staged),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """A job and how it ended. ``sent`` of ``total`` bytes of its last request left; ``None`` where that was not measured."""

    job: Job
    ending: Ending
    sent: int | None = None
    total: int | None = None


def perform(adapters: Adapters, job: Job, clock: Callable[[], datetime] | None = None) -> Done:
    """Carry a job out. Never raises: whatever goes wrong is an ending, and the default is doubt.

    A machine that slept between the claim and now finds its lease ended: nothing leaves then.
    """
    permit = Permit(job.lease, clock)
    if not permit.allows():
        late = say(
            "发送前停顿太久，租约已过或所剩无几，没有发出",
            "paused for too long before sending: the lease has ended, or too little of it is left; nothing was sent",
        )
        return Done(job=job, ending=Unsent(evidence=late))
    if job.action in _SENDING and _is_altered(job):
        return Done(job=job, ending=_altered())
    if job.action in _SENDING and not job.is_as_read():
        return Done(job=job, ending=_read_otherwise())
    try:
        adapter = adapters.bound(job.order.channel)
        order = _bound(job)
        if job.action in _SENDING:
            # Late-bound marks were filled in just now, and settings may have changed: what is sent is what was checked.
            found = blocking(checked(adapter, order.rendition, rehearsal=job.delivery.rehearsal))
            if found:
                return Done(job=job, ending=Rejected(findings=found, blame=Blame.CONTENT))
    except MachineError as error:
        return Done(job=job, ending=_machines(job, error))
    except Exception as error:  # noqa: BLE001 - nothing has left yet, whatever it was
        return Done(job=job, ending=Unsent(evidence=_surprise(job, error)))
    token = PERMIT.set(permit)
    try:
        ending = _act(adapter, job, order)
    except MachineError as error:
        ending = broken_off(job, error).ending if permit.has_sent else _machines(job, error)
    except Exception as error:  # noqa: BLE001 - design 5, rule 2: the default is doubt
        ending = broken_off(job, error).ending
    finally:
        PERMIT.reset(token)
    return _measured(adapter, job, ending, permit.last)


def _measured(adapter: Adapter, job: Job, ending: Ending, last: Measured | None) -> Done:
    """The ending with what was counted. What left in part was not read whole, but this channel may act on less."""
    ending = _kept(ending, () if last is None else last.secrets)
    if last is None:
        return Done(job=job, ending=ending)
    cut = last.total is not None and 0 < last.sent < last.total
    if cut and isinstance(ending, Unsent) and adapter.traits.acts_on_half and job.action is not Action.STAGE:
        said = say(
            "{evidence}；不过这个渠道没有收全也可能处理",
            "{evidence}; this channel, however, may act on less than the whole",
            evidence=ending.evidence,
        )
        ending = Unknown(evidence=said)
    return Done(job=job, ending=ending, sent=last.sent, total=last.total)


def _machines(job: Job, error: MachineError) -> Ending:
    """Trouble of the machine, before anything has left: no post is to blame. The delivery waits, and the channel is paused unless it passes."""
    log.error("%s: %s", job.order.channel, error)
    if job.action is Action.CONFIRM:
        return Unknown(evidence=str(error))
    if error.passes:
        return Unsent(evidence=str(error))
    return Rejected(findings=(Finding(code="machine", message=str(error)),), blame=Blame.CHANNEL)


def _is_altered(job: Job) -> bool:
    """Whether what is about to leave is not what was frozen: rendition, pictures, key, slug and column, by the history's word."""
    order = job.order
    try:
        digest = order.rendition.digest
        proof = order.rendition.proof(
            digest, post=order.post, channel=order.channel, column=order.column, revision=order.revision
        )
        key = delivery_key(order.post, order.channel, digest)
    except (TypeError, ValueError, AttributeError):
        return True  # not even of the types that we write
    return (job.delivery.digest, order.key, job.proof) != (digest, key, proof)


def _altered() -> Altered:
    return Altered(
        evidence=say(
            "成稿在定稿之后被改动，与历史记录里登记的不符，没有发出。请用 {verify} 查明；改动稿件并重新保存会生成新的成稿，确认后再放行（{release}）",
            "the rendition was changed after it was frozen and is not the one that the history vouches for; nothing has left. Find out with "
            "{verify}; a change of the post makes a new rendition, which release then sends",
            verify=Remedy("verify"),
            release=Remedy("release"),
        )
    )


def _read_otherwise() -> Altered:
    return Altered(
        evidence=say(
            "稿件的标题、部门、作者或原文在读入之后被改动，与历史记录里登记的不符，没有发出：台账会照假的登记。"
            "请用 {verify} 查明；改动稿件并重新保存会重新读入，"
            "确认后再放行（{release}）",
            "title, department, author or source of the post were changed after it was read and are not what the history vouches for; "
            "nothing has left, since the ledger would have it wrong. Find out with {verify}; a change of the post is read anew, which "
            "release then sends",
            verify=Remedy("verify"),
            release=Remedy("release"),
        )
    )


def _bound(job: Job) -> Order:
    """The order as it leaves; what only looks or withdraws gets the rendition as it was frozen."""
    if job.action not in _SENDING or job.order.rendition.is_bound:
        return job.order
    return replace(job.order, rendition=bind(job.order.rendition, job.addresses, job.order.started_at))


def _kept(ending: Ending, secrets: tuple[str, ...]) -> Ending:
    """The ending with what came from outside as it may be kept."""
    match ending:
        case Published(receipt=receipt):
            return Published(receipt=from_outside(receipt, secrets))
        case Accepted(ticket=ticket):
            return replace(ending, ticket=seen(ticket))
        case _:
            return ending


def broken_off(job: Job, error: BaseException) -> Done:
    """The ending of a job that an error broke off: doubt, unless nothing public could have come of it."""
    if job.action in _SENDING and isinstance(error, AlteredError | PictureGoneError):
        # Adapters take pictures before their irreversible request (``Tools.picture``).
        return Done(job=job, ending=Altered(evidence=str(error)))
    text = _surprise(job, error)
    return Done(job=job, ending=Unsent(evidence=text) if job.action is Action.STAGE else Unknown(evidence=text))


def _act(adapter: Adapter, job: Job, order: Order) -> Ending:
    match job.action:
        case Action.STAGE:
            return adapter.stage(order) if isinstance(adapter, Stages) else Staged(memory={})
        case Action.PUBLISH:
            return adapter.publish(order)
        case Action.CONFIRM:
            return adapter.confirm(order, job.ticket)
        case Action.RETRACT:
            if isinstance(adapter, Retracts) and job.receipt is not None:
                return adapter.retract(order, job.receipt)
            return Unsent(evidence=say("这个渠道不能用接口撤稿", "this channel has no interface for withdrawing"))
        case Action.CORRECT:
            if isinstance(adapter, Corrects) and job.receipt is not None:
                return adapter.correct(order, job.receipt)
            return Unsent(evidence=say("这个渠道不能改已发的", "this channel cannot change what is out"))
        case _:
            assert_never(job.action)


def _surprise(job: Job, error: BaseException) -> str:
    """An adapter raised: the log has the trace, the record the kind. The text is left out, since it may hold a secret; our own words hold none,
    and say what to do (a disk that fails under what is remembered for the account)."""
    if isinstance(error, XuanfaError):
        log.error("%s", error)
        return str(error)
    what = f"{job.action} of delivery {job.order.delivery} on {job.order.channel} failed"
    if job.is_restricted():
        log.error("%s: %s", what, where_it_broke(error))
    else:
        log.error("%s", what, exc_info=error)
    return say(
        "渠道程序出错（{kind}），详见日志", "the adapter failed ({kind}); see the log", kind=type(error).__name__
    )


def published_next(job: Job, memory: dict[str, str], delivery: Delivery, lease: Lease) -> Job:
    """The publish job that follows a finished stage."""
    order = replace(job.order, staged=memory, attempt=delivery.attempt)
    return replace(job, action=Action.PUBLISH, delivery=delivery, order=order, lease=lease)
