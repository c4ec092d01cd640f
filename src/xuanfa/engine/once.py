"""Once: one pass, for cron and timers. Safe to run every minute, and while another pass is running."""

import logging
from collections import Counter
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, field
from threading import Event

from xuanfa.domain.delivery import State
from xuanfa.domain.errors import ConfigError
from xuanfa.engine.drain import Drain
from xuanfa.engine.workers import Workers
from xuanfa.operations.bound import leave_elsewhere
from xuanfa.operations.desk import Desk
from xuanfa.operations.memory import note_end, see
from xuanfa.operations.publish import hold_orphans, hold_stranded
from xuanfa.operations.queue import QueueReport, queue
from xuanfa.operations.seal import seal_if_due
from xuanfa.operations.settle import lapse

log = logging.getLogger(__name__)


@dataclass(slots=True, kw_only=True)
class PassReport:
    """What a pass did: what was read, and how many deliveries came to each state."""

    queued: QueueReport = field(default_factory=QueueReport)
    states: Counter[State] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Who is told how far a pass has come. Counts only; the wording is the caller's."""

    read: Callable[[int, int], None] = lambda _done, _all: None
    settled: Callable[[int], None] = lambda _count: None


def one_pass(
    desk: Desk,
    *,
    in_flight: int = 0,
    workers: Workers | None = None,
    stopping: Event | None = None,
    scan: bool = True,
    believe_leases: bool = True,
    progress: Progress | None = None,
) -> PassReport:
    """Read ``posts/`` (if ``scan``), give up what was lost, publish what is due, settle what can be settled, and seal the history now and then.

    ``in_flight`` is how many requests may be under way at once (0: as the settings say); a resident process gives its own ``workers``, so
    that connections outlive the pass. Without ``believe_leases`` nothing is given up as lost: the clock has just been set. Setting
    ``stopping`` ends the pass early and leaves nothing half done.
    """
    told, stop = progress or Progress(), stopping or Event()
    report = PassReport()
    see(desk)
    if scan:
        report.queued = _read_inbox(desk, told)
    for change in (
        *(lapse(desk) if believe_leases else ()),
        *hold_stranded(desk),
        *hold_orphans(desk),
        *leave_elsewhere(desk),
    ):
        report.states[change.after.state] += 1
    with (
        nullcontext(workers) if workers else Workers(desk.adapters, in_flight or desk.in_flight, desk.clock) as senders
    ):
        run = Drain(desk=desk, workers=senders, stopping=stop, progress=told.settled).run()
    report.states.update(run.tally)
    seal_if_due(desk)
    note_end(desk)
    return report


def _read_inbox(desk: Desk, told: Progress) -> QueueReport:
    """Trouble with the folder or the disk is told, and stops nothing of what is queued already."""
    try:
        return queue(desk, told.read)
    except ConfigError as error:
        log.error("%s", error)  # noqa: TRY400 - the message says what to do; a trace would bury it
        return QueueReport(problems=[str(error)])
