"""Embedded: one resident process. APScheduler wakes it at the next due time; the database remains the schedule."""

import logging
import time
from contextlib import suppress
from datetime import datetime, timedelta
from threading import Event, Lock

from apscheduler.jobstores.base import JobLookupError
from apscheduler.schedulers.background import BackgroundScheduler

from xuanfa.domain.errors import XuanfaError, broken_off
from xuanfa.engine.announcing import Announcing
from xuanfa.engine.evenness import Evenness
from xuanfa.engine.figures import Figures
from xuanfa.engine.heartbeat import Heartbeat
from xuanfa.engine.inbox import Inbox
from xuanfa.engine.notify import notify
from xuanfa.engine.once import PassReport, Progress, one_pass
from xuanfa.engine.proving import Proving
from xuanfa.engine.pulse import Pulse
from xuanfa.engine.telling import Telling
from xuanfa.engine.watch import Watch
from xuanfa.engine.workers import Workers
from xuanfa.operations.desk import Desk
from xuanfa.operations.sending.publish import next_due_at

log = logging.getLogger(__name__)

#: However far the next due time is, look again after this long: another process may have queued something sooner.
LONGEST_SLEEP = timedelta(seconds=5)
#: How often the resident sees to its appointment. Seconds.
LOOK = 1.0


class Resident:
    """``xuanfa run``, and the engine within ``xuanfa serve``, as ``role`` says: passes until told to stop. Where the settings change it finishes
    what is in flight and goes on by the new ones."""

    reads_inbox = True

    def __init__(
        self, desk: Desk, *, in_flight: int, scan_every: timedelta, figures: Figures | None = None, role: str = "run"
    ) -> None:
        self._role = role
        #: Whether it gets on with its work.
        self.pulse = Pulse()
        self._figures = figures
        self._telling = Telling()
        self._evenness = Evenness(desk.clock)
        self._stopping = Event()
        # APScheduler waits for the running pass while it holds the lock that ``add_job`` needs: no appointment may be made by then.
        self._appointing = Lock()
        self._begin(desk, in_flight, scan_every)

    def _begin(self, desk: Desk, in_flight: int, scan_every: timedelta) -> None:
        """What goes by the settings as they are now."""
        self._desk = desk
        self._workers = Workers(desk.adapters, in_flight, desk.clock)
        if self._figures is not None:
            self._workers.observe = self._figures.attempt
            self._figures.in_flight.set_function(lambda: self._workers.in_flight)
        self._watch = Watch(desk)
        self._proving = Proving(desk)
        self._announcing = Announcing(desk)
        self._inbox = Inbox(desk)
        self._scan_every = scan_every
        self._scanned_at: datetime | None = None
        #: Set when no pass may begin or claim by these settings any more.
        self._over = Event()
        self._scheduler = BackgroundScheduler(timezone=desk.zone)
        self._closed = False

    def run(self) -> None:
        """Until ``stop``. What is in flight then is finished and settled; nothing is left half done."""
        self._season()
        while not self._stopping.is_set():
            now = self._desk.newest()
            self._begin(now, now.in_flight, now.scan_every)
            self._season()

    def _season(self) -> None:
        """Until ``stop``, or until there are other settings."""
        with self._workers, self._watch, self._proving, self._announcing, Heartbeat(self._desk, self._role):
            self._scheduler.start()
            self._wake_at(self._desk.clock())
            notify("READY=1")
            while not self._stopping.wait(LOOK) and self._desk.newest() is self._desk:
                self._mind_the_clock()
                self.pulse.feed()
            self._over.set()
            if self._stopping.is_set():
                notify("STOPPING=1")
            with self._appointing:
                self._closed = True
            # This waits until APScheduler has handed out what is due: it calls itself stopped before it takes its own lock, and a thread
            # that is still handing out then no longer finds the job that it wants to strike off.
            self._scheduler.remove_all_jobs()
            self._scheduler.shutdown(wait=True)

    def stop(self) -> None:
        """End soon; may be called from a signal handler or another thread."""
        self._stopping.set()
        self._over.set()

    def tick(self) -> PassReport | None:
        """One pass, and the appointment for the next. Trouble with files or the database is logged and the next pass tries again."""
        report, begun, scan = None, time.monotonic(), self._scan_is_due()
        try:
            report = one_pass(
                self._desk,
                workers=self._workers,
                inbox=self._inbox,
                stopping=self._over,
                scan=scan,
                believe_leases=self._evenness.lasted(self._desk.lease),
                progress=Progress(read=self.pulse.beat, settled=self.pulse.beat),
            )
            self.pulse.beat()
            if scan:
                self._telling.tell(report.queued)
            if self._figures is not None:
                self._figures.passed(time.monotonic() - begun)
        except XuanfaError as error:
            log.error("%s", error)  # noqa: TRY400 - the message says what to do; a trace would bury it
        except OSError as error:
            log.error("%s", broken_off(error))  # noqa: TRY400 - see above
        except Exception:
            log.exception("a pass failed")
        finally:
            self._wake_at(self._next_wake())
        if report is not None and (report.states or report.second_proofs):
            self._watch.nudge()
        return report

    def _scan_is_due(self) -> bool:
        now = self._desk.clock()
        if self._scanned_at is not None and timedelta(0) <= now - self._scanned_at < self._scan_every:
            return False
        self._scanned_at = now
        return True

    def _next_wake(self) -> datetime:
        now = self._desk.clock()
        try:
            due_at = next_due_at(self._desk)
        except (XuanfaError, OSError) as error:
            log.error("%s", error)  # noqa: TRY400 - see above
            due_at = None
        latest = now + LONGEST_SLEEP
        return latest if due_at is None else max(now, min(due_at, latest))

    def _mind_the_clock(self) -> None:
        """Make an appointment anew that was made before the clock was set back: it would be slept through till then."""
        with self._appointing:
            now = self._desk.clock()
            for job in self._scheduler.get_jobs():
                if job.next_run_time - now > LONGEST_SLEEP + timedelta(seconds=LOOK):
                    with suppress(JobLookupError):  # it has just begun
                        job.modify(next_run_time=now)

    def _wake_at(self, moment: datetime) -> None:
        # A job of its own for each pass: under one id, APScheduler drops an appointment that comes while the pass that made it still
        # counts as running, and nothing would ever wake this process again. A new one is made only at the end of a pass.
        with self._appointing:
            if not self._closed:
                self._scheduler.add_job(self.tick, "date", run_date=moment, misfire_grace_time=None)
