"""Once: one pass, for cron and timers. Safe to run every minute, and while another pass is running."""

from collections import Counter
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, field
from threading import Event

from xuanfa.domain.delivery import State
from xuanfa.engine.drain import Drain
from xuanfa.engine.inbox import Inbox
from xuanfa.engine.workers import Workers
from xuanfa.operations.deciding.bound import leave_elsewhere
from xuanfa.operations.desk import Desk
from xuanfa.operations.intake.queued import QueueReport
from xuanfa.operations.keeping.memory import note_end, see
from xuanfa.operations.keeping.seal import seal_if_due
from xuanfa.operations.restricting.links import end_links
from xuanfa.operations.reviewing.expiry import expire_reviews
from xuanfa.operations.sending.greying import grey_sites
from xuanfa.operations.sending.publish import hold_orphans, hold_stranded, hold_unapproved
from xuanfa.operations.sending.settle import lapse
from xuanfa.operations.withdrawing.carry_on import carry_on


@dataclass(slots=True, kw_only=True)
class PassReport:
    """What a pass did: what was read, and how many deliveries came to each state."""

    queued: QueueReport = field(default_factory=QueueReport)
    states: Counter[State] = field(default_factory=Counter)
    #: Those of them that were only rehearsed.
    rehearsed: Counter[State] = field(default_factory=Counter)
    #: How many deliveries were found that seem to be out twice.
    second_proofs: int = 0


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
    inbox: Inbox | None = None,
    stopping: Event | None = None,
    scan: bool = True,
    believe_leases: bool = True,
    progress: Progress | None = None,
) -> PassReport:
    """Give up what was lost, publish what is due, settle what can be settled, and seal the history now and then and once it is calm;
    meanwhile read ``posts/`` (if ``scan``), and publish what is due of that.

    ``in_flight`` is how many requests may be under way at once (0: as the settings say); a resident process gives its own ``workers``, so
    that connections outlive the pass, and its ``inbox``. Without ``believe_leases`` nothing is given up as lost: the clock has just been set. Setting
    ``stopping`` ends the pass early and leaves nothing half done.
    """
    told, stop = progress or Progress(), stopping or Event()
    report = PassReport()
    see(desk)
    look = (inbox or Inbox(desk)).look(told.read, stop) if scan else None
    if look is not None:
        look.wait_until_looked()
    end_links(desk)
    for change in (
        *(lapse(desk) if believe_leases else ()),
        *hold_stranded(desk),
        *expire_reviews(desk),
        *hold_unapproved(desk),
        *hold_orphans(desk),
        *leave_elsewhere(desk),
    ):
        report.states[change.after.state] += 1
        report.rehearsed[change.after.state] += change.after.rehearsal
    with (
        nullcontext(workers) if workers else Workers(desk.adapters, in_flight or desk.in_flight, desk.clock) as senders
    ):
        goes_on = True
        while goes_on:
            taken = look.taken if look is not None else 0
            run = Drain(desk=desk, workers=senders, stopping=stop, progress=told.settled).run()
            report.states.update(run.tally)
            report.rehearsed.update(run.rehearsed)
            report.second_proofs += run.second_proofs
            goes_on = look is not None and look.goes_on(taken)
            told.settled(0)
    if look is not None:
        report.queued = look.end()
    carry_on(desk)
    grey_sites(desk)
    for change in hold_unapproved(desk):  # what was read meanwhile may be due
        report.states[change.after.state] += 1
        report.rehearsed[change.after.state] += change.after.rehearsal
    seal_if_due(desk, calm=not report.states)
    note_end(desk)
    return report
