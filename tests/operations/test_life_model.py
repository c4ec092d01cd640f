"""The life of a delivery against a model that knows only what the platforms really hold and what the system was told.

Hypothesis plays two processes on one database, each on a machine of its own that cannot see the other one's; platforms that take, refuse,
stay silent or answer late; kills, and processes that are stopped and go on whenever it pleases, after their last look at the clock too;
clocks that are set, settings that lead a channel to another account or to a practice platform, and people; after each step the database
must agree with the truth. ``XUANFA_LIFE=2000`` plays so many stories, and at random.
"""

import os
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    precondition,
    rule,
    run_state_machine_as_test,
)

from tests.operations.models.life_people import People
from tests.operations.models.life_truth import CHANNELS, ENDS, FATES, STEPS, Fate, Process
from tests.support import decisions as decide
from tests.support.decisions import ANNA
from xuanfa.domain.channel import EVERYTHING
from xuanfa.domain.delivery import State
from xuanfa.domain.outcome import (
    Unsent,
)
from xuanfa.operations.deciding.bound import leave_elsewhere
from xuanfa.operations.sending.perform import Done, Job
from xuanfa.operations.sending.publish import hold_stranded, next_due_at, refresh, turn
from xuanfa.operations.sending.settle import lapse
from xuanfa.store.schema import attempts

STORIES = int(os.environ.get("XUANFA_LIFE", "0"))
#: More passes than any story needs to come to its end.
PASSES_MAX = 100


class Life(People):
    """One story: processes that work, die, stand still and go on, and time that passes."""

    @rule(
        which=st.integers(0, 1),
        fates=st.lists(st.sampled_from(FATES), min_size=1, max_size=4),
        end=st.sampled_from(["written", "written", "kept", "killed"]),
        later=st.sampled_from(STEPS),
    )
    def work(self, which: int, fates: list[Fate], end: str, later: timedelta) -> None:
        """What a pass does: claim, carry out, write; or die in between, whereupon the other process finds out later."""
        process = self.processes[which]
        self.pass_on(which, 4, 4)
        for fate in fates:
            if process.jobs:
                process.back.append(self.done(process, process.jobs.pop(0), fate, lag=False))
        match end:
            case "written":
                self.pass_on(which, 0, 9)
            case "killed":
                self.begin_anew(which)
        self.clock.now += later
        lapse(self.processes[1 - which].desk)

    @rule(which=st.integers(0, 1), places=st.sampled_from([1, 4, 20]), some=st.integers(0, 4))
    def pass_on(self, which: int, places: int, some: int) -> None:
        """One turn: write what has come back, claim what is due."""
        process = self.processes[which]
        refresh(process.desk, process.run)
        results, process.back = process.back[:some], process.back[some:]
        process.jobs += turn(process.desk, process.run, results, places)
        process.written = results

    @rule(which=st.integers(0, 1))
    @precondition(lambda self: any(process.written for process in self.processes))
    def write_again(self, which: int) -> None:
        """The answer to a commit was lost on the way, so that it is made again."""
        process = self.processes[which]
        process.jobs += turn(process.desk, process.run, process.written, 0)
        process.written = []

    @rule(which=st.integers(0, 1), number=st.integers(0, 30), fate=st.sampled_from(FATES), lag=st.booleans())
    @precondition(lambda self: any(process.jobs for process in self.processes))
    def carry_out(self, which: int, number: int, fate: Fate, lag: bool) -> None:
        process = self.processes[which] if self.processes[which].jobs else self.processes[1 - which]
        job = process.jobs.pop(number % len(process.jobs))
        process.back.append(self.done(process, job, fate, lag=lag))

    @rule(which=st.integers(0, 1), number=st.integers(0, 30), fate=st.sampled_from(FATES))
    @precondition(lambda self: any(process.jobs for process in self.processes))
    def kill(self, which: int, number: int, fate: Fate) -> None:
        """One more job may still be carried out, and then the process is gone with all that it knew."""
        process = self.processes[which]
        if process.jobs:
            self.done(process, process.jobs[number % len(process.jobs)], fate, lag=True)
        self.begin_anew(which)

    @rule(which=st.integers(0, 1), on_its_lips=st.booleans(), later=st.sampled_from([None, *STEPS]))
    @precondition(lambda self: len(self.halted) < 2)
    def stop(self, which: int, on_its_lips: bool, later: timedelta | None) -> None:
        """It stands still with all that it has in hand, perhaps between its last look at the clock and the request; another one begins,
        which may find out later what has become of it."""
        self.pass_on(which, 4, 4)
        process, now = self.processes[which], self.clock()
        if not process.jobs:
            return
        ready = [job for job in process.jobs if job.leave_by is not None and job.leave_by > now]
        process.on_its_lips = ready[0] if on_its_lips and ready else None
        self.halted.append(process)
        self.bench.stopped.add(process.desk.process)
        self.processes[which] = self.started(which)
        if later is not None:
            self.clock.now += later
            lapse(self.processes[1 - which].desk)

    @rule(
        number=st.integers(0, 1), fates=st.lists(st.sampled_from(FATES), min_size=4, max_size=4), killed=st.booleans()
    )
    @precondition(lambda self: self.halted)
    def go_on(self, number: int, fates: list[Fate], killed: bool) -> None:
        """It goes on where it stopped, writes what came of it, and ends; or is killed while it stands still."""
        process = self.halted.pop(number % len(self.halted))
        self.bench.stopped.discard(process.desk.process)
        if not killed:
            for job, fate in zip(process.jobs, fates * len(process.jobs), strict=False):
                process.back.append(self.awoken(process, job, fate))
            process.jobs = []
            turn(process.desk, process.run, process.back, 0)
        self.bury(process)

    def awoken(self, process: Process, job: Job, fate: Fate) -> Done:
        """A job of a process that stood still: past its lease nothing of it leaves, unless it was on its lips already."""
        script, now = self.bench.scripts[job.order.channel], self.clock()
        sent, shown = len(script.sent), self.truth.shown.total()
        if job is process.on_its_lips:
            return self.done(process, job, fate, lag=False, checked=True)
        done = self.done(process, job, fate, lag=False)
        if job.leave_by is not None and job.leave_by <= now:
            assert isinstance(done.ending, Unsent)
            assert (len(script.sent), self.truth.shown.total()) == (sent, shown)
        return done

    @rule(which=st.integers(0, 1))
    def give_up_the_lost(self, which: int) -> None:
        lapse(self.processes[which].desk)
        hold_stranded(self.processes[which].desk)
        leave_elsewhere(self.processes[which].desk)

    @rule(step=st.sampled_from(STEPS))
    def wait(self, step: timedelta) -> None:
        self.clock.now += step

    @rule()
    def wait_for_the_next(self) -> None:
        at = next_due_at(self.processes[0].desk)
        self.clock.now = max(self.clock.now, at or self.clock.now)

    @rule(minutes=st.sampled_from([5, 60]))
    def clock_is_set_back(self, minutes: int) -> None:
        """Requests that have outlived their lease have left or never will: no clock makes them fresh again."""
        now = self.clock()
        for process in (*self.processes, *self.halted):
            process.jobs = [
                job for job in process.jobs if job.leave_by is None or job.leave_by > now or job is process.on_its_lips
            ]
        self.clock.now -= timedelta(minutes=minutes)

    def teardown(self) -> None:
        """All is well again: whatever can go out by itself does, and nothing stays behind in the queue."""
        if not hasattr(self, "bench"):
            return
        with self.bench.stack:
            self.truth.pending.clear()
            while self.halted:
                self.go_on(0, ["taken"] * 4, killed=False)
            for process in self.processes:
                while process.jobs or process.back:
                    process.back += [self.done(process, job, "taken", lag=False) for job in process.jobs]
                    process.jobs = turn(process.desk, process.run, process.back, 0)
                    process.back = []
            for channel in (*CHANNELS, EVERYTHING):
                decide.resume(self.processes[0].desk, channel, ANNA)
            self.begin_anew(0)
            passes = 0
            while not self.rests() and self.one_more_pass():
                passes += 1
                assert passes < PASSES_MAX, self.waiting_for()
            self.the_database_agrees()
            left = {State.SCHEDULED, State.PUBLISHING, State.ACCEPTED}
            assert [delivery for delivery in self.known.values() if delivery.state in left] == []

    def rests(self) -> bool:
        """Whether all there is still to look for is where nobody can look."""
        left = [each for each in self.bench.all() if each.state not in ENDS or each.look_at is not None]
        return bool(left) and all(
            each.state is State.UNKNOWN and self.leads[each.channel] != self.place(each) for each in left
        )

    def waiting_for(self) -> list[Any]:
        """What still moves, and when something is due at all."""
        at = [each for each in self.bench.all() if each.state not in ENDS or each.look_at is not None]
        return [self.clock(), next_due_at(self.processes[0].desk), *at]

    def one_more_pass(self) -> bool:
        """One of them does what is due next; whether there was anything."""
        process = self.processes[0]
        at = next_due_at(process.desk)
        with process.desk.store.read() as connection:
            unended = connection.scalar(
                sa.select(sa.func.max(attempts.c.lease_until)).where(attempts.c.ended_at.is_(None))
            )
        moments = [moment for moment in (at, unended) if moment is not None]
        if not moments:
            return False
        self.clock.now = max(self.clock.now, min(moments)) + timedelta(seconds=1)
        lapse(process.desk)
        refresh(process.desk, process.run)
        results: list[Done] = []
        while jobs := turn(process.desk, process.run, results, 50):
            results = [self.done(process, job, "taken", lag=False) for job in jobs]
        return True


def test_the_life_of_deliveries_agrees_with_the_model(fresh_bench: Callable[[], Any]) -> None:
    played = settings(
        max_examples=STORIES or 25,
        stateful_step_count=60 if STORIES else 40,
        derandomize=not STORIES,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    machine = type("Story", (Life,), {"make": staticmethod(fresh_bench)})
    run_state_machine_as_test(machine, settings=played)
