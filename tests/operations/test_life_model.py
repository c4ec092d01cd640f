"""The life of a delivery against a model that knows only what the platforms really hold and what the system was told.

Hypothesis plays two processes on one database, platforms that take, refuse, stay silent or answer late, kills, clocks that are set,
settings that lead a channel to another account or to a practice platform, and people; after each step the database must agree with the
truth. ``XUANFA_LIFE=2000`` plays so many stories, and at random.
"""

import os
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any, Literal, NamedTuple

import sqlalchemy as sa
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from xuanfa.domain.attempt import Action
from xuanfa.domain.channel import EVERYTHING, Channel
from xuanfa.domain.delivery import NEEDS_PERSON, TRANSITIONS, Delivery, State
from xuanfa.domain.errors import StateError
from xuanfa.domain.finding import Finding
from xuanfa.domain.life import Policy
from xuanfa.domain.outcome import (
    Absent,
    Accepted,
    Blame,
    Deferred,
    Published,
    Rejected,
    Retracted,
    Staged,
    Unknown,
    Unsent,
)
from xuanfa.domain.receipt import Receipt
from xuanfa.operations import decide
from xuanfa.operations.bound import leave_elsewhere
from xuanfa.operations.desk import Desk
from xuanfa.operations.perform import Done, Job, perform
from xuanfa.operations.publish import Pass, begin, hold_stranded, next_due_at, refresh, turn
from xuanfa.operations.queue import queue
from xuanfa.operations.retract import retract, retracted_by_hand
from xuanfa.operations.settle import lapse
from xuanfa.store.schema import attempts, events, receipts

STORIES = int(os.environ.get("XUANFA_LIFE", "0"))
ANNA = decide.Person(name="anna", why="looked")
#: A channel that can do nothing but take, one that honours our key, one that stages, shows and takes back, one that publishes later, and a
#: second one of the first one's account.
CHANNELS: dict[str, dict[str, Any]] = {
    "plain": {},
    "keyed": {"replay": timedelta(hours=1)},
    "whole": {"confirms": True, "stages": True, "retracts": True},
    "slow": {"confirms": True, "looks_max": 4},
    "again": {},
}
#: More passes than any story needs to come to its end.
PASSES_MAX = 100
ENDS = {State.PUBLISHED, State.CANCELLED, State.RETRACTED, *NEEDS_PERSON}
#: What was sent and has come to no end, or may be withdrawn: it hangs on where it was sent to.
SENT = {State.UNKNOWN, State.ACCEPTED, State.PUBLISHED, State.RETRACTING}
REFUSAL = (Finding(code="no", message="no"),)
#: Ways in which nothing is done; and how it is said.
NOTHING = {
    "unsent": Unsent(evidence="refused"),
    "deferred": Deferred(after=timedelta(minutes=5), reason="429"),
    "content": Rejected(findings=REFUSAL, blame=Blame.CONTENT),
    "blamed": Rejected(findings=REFUSAL, blame=Blame.CHANNEL),
    "silent": Unknown(evidence="timeout"),
    "raised": RuntimeError("surprise"),
}
Fate = Literal[
    "taken", "taken silently", "taken, raised", "pending", "unsent", "deferred", "content", "blamed", "silent", "raised"
]
#: What becomes of a job besides: its answer comes back; or its process dies before it leaves, or before the answer is written.
FATES: tuple[Fate, ...] = (
    "taken", "taken", "taken silently", "taken, raised", "pending", *NOTHING,  # type: ignore[assignment]
)  # fmt: skip
STEPS = [timedelta(seconds=20), timedelta(minutes=1), timedelta(minutes=3), timedelta(minutes=40), timedelta(hours=3)]


class Place(NamedTuple):
    """An account and whether it is the practice platform."""

    account: str
    rehearsal: bool


class Shown(NamedTuple):
    """What a reader sees: which delivery brought it where, and of what it is."""

    place: Place
    delivery: int
    post: str
    title: str
    body: str


@dataclass
class Platforms:
    """The truth: what is public, and what a platform holds back; whatever ever became public is counted by place and delivery."""

    shown: Counter[tuple[Place, int]] = field(default_factory=Counter)
    live: set[Shown] = field(default_factory=set)
    pending: set[Shown] = field(default_factory=set)
    keys: set[tuple[Place, str]] = field(default_factory=set)
    #: Deliveries of which a person has said that they may go although the same content has gone to the same account.
    allowed: set[int] = field(default_factory=set)
    #: What a reader saw twice on a real account, with nobody asked.
    twice: list[Shown] = field(default_factory=list)

    def show(self, what: Shown, key: str, *, honours: bool = False) -> None:
        """A reader sees it; a channel that honours keys shows a key once."""
        if honours and (what.place, key) in self.keys:
            return
        self.keys.add((what.place, key))
        same = [
            each
            for each in self.live
            if each.place == what.place
            and (each.post == what.post or (each.title, each.body) == (what.title, what.body))
            and (each.delivery == what.delivery or what.delivery not in self.allowed)
        ]
        if not what.place.rehearsal and same:
            self.twice.append(what)
        self.shown[what.place, what.delivery] += 1
        self.live.add(what)

    def is_live(self, place: Place, delivery: int) -> bool:
        return any((each.place, each.delivery) == (place, delivery) for each in self.live)

    def is_pending(self, place: Place, delivery: int) -> bool:
        return any((each.place, each.delivery) == (place, delivery) for each in self.pending)

    def withdraw(self, place: Place, delivery: int) -> None:
        self.live = {each for each in self.live if (each.place, each.delivery) != (place, delivery)}


@dataclass
class Process:
    """One of two processes: its desk, its pass, the jobs that it performs, and the answers that it has not written yet."""

    desk: Desk
    run: Pass
    jobs: list[Job] = field(default_factory=list)
    back: list[Done] = field(default_factory=list)
    written: list[Done] = field(default_factory=list)


class Life(RuleBasedStateMachine):
    """One story."""

    make: Callable[[], Any]

    @initialize()
    def open(self) -> None:
        self.bench = type(self).make()
        self.bench.policy = Policy(max_tries=3)
        for name, known in CHANNELS.items():
            self.bench.channel(name, **known)
        #: Where the settings lead each channel now. A process goes by those of its start.
        self.leads = {name: Place(f"{'plain' if name == 'again' else name} A", rehearsal=False) for name in CHANNELS}
        self.desks: dict[Any, Desk] = {}
        self.truth = Platforms()
        self.slugs: list[str] = []
        self.known: dict[int, Delivery] = {}
        self.changed = 0
        self.processes = [self.started(), self.started()]
        self.write_one(None, "", expires=False)

    def started(self) -> Process:
        desk = self.bench.another(channels=self.settings())
        return Process(desk, begin(desk))

    def settings(self) -> dict[str, Channel]:
        return {
            name: replace(channel, account=self.leads[name].account, rehearsal=self.leads[name].rehearsal)
            for name, channel in self.bench.channels.items()
        }

    @property
    def command(self) -> Desk:
        """The desk of a command that a person types now."""
        key = tuple(self.leads.values())
        if key not in self.desks:
            self.desks[key] = self.bench.another(channels=self.settings())
        return self.desks[key]

    @property
    def clock(self) -> Any:
        return self.bench.clock

    # Staff.

    @rule(
        due=st.sampled_from([None, 2, 90]),
        only=st.sampled_from(["", "[plain, keyed]"]),
        expires=st.booleans(),
        copied=st.booleans(),
    )
    @precondition(lambda self: len(self.slugs) < 3)
    def write(self, due: int | None, only: str, expires: bool, copied: bool) -> None:
        self.write_one(due, only, expires=expires, copied=copied)

    def write_one(self, due: int | None, only: str, *, expires: bool, copied: bool = False) -> None:
        slug = f"p{len(self.slugs)}"
        at = "now" if due is None else (self.clock() + timedelta(minutes=due)).isoformat()
        until = (self.clock() + timedelta(hours=2)).isoformat() if expires else ""
        like = self.slugs[0] if copied and self.slugs else slug
        self.bench.write(slug, publish_at=at, channels=only, expires_at=until, title=f"“{like}”", slug=slug)
        self.slugs.append(slug)
        assert queue(self.processes[0].desk).problems == []

    @rule(which=st.integers(0, 2), number=st.integers(0, 9))
    @precondition(lambda self: self.changed < 2)
    def change(self, which: int, number: int) -> None:
        self.changed += 1
        self.bench.write(self.slugs[which % len(self.slugs)], f"改过的正文{'，再改' * number}。")
        queue(self.processes[1].desk)

    # Settings.

    @rule(
        channel=st.sampled_from([*CHANNELS, EVERYTHING, EVERYTHING]),
        account=st.sampled_from(["A", "A", "B"]),
        rehearsal=st.booleans(),
        restarted=st.sampled_from([(0,), (1,), (0, 1), ()]),
    )
    def lead_elsewhere(self, channel: str, account: str, rehearsal: bool, restarted: tuple[int, ...]) -> None:
        """A channel is led to another account or to practice; a process goes by that when it is started again, and what it had is lost."""
        for each in self.leads if channel == EVERYTHING else (channel,):
            self.leads[each] = Place(f"{'plain' if each == 'again' else each} {account}", rehearsal)
        for which in restarted:
            self.processes[which] = self.started()

    # Processes.

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
                self.processes[which] = self.started()
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
        self.processes[which] = self.started()

    @rule(which=st.integers(0, 1))
    def give_up_the_lost(self, which: int) -> None:
        lapse(self.processes[which].desk)
        hold_stranded(self.processes[which].desk)
        leave_elsewhere(self.processes[which].desk)

    def done(self, process: Process, job: Job, fate: Fate, *, lag: bool) -> Done:
        """Have a job performed by the real code, on a platform that treats it so."""
        channel, where = job.order.channel, self.shown_by(process, job)
        script = self.bench.scripts[channel]
        match job.action:
            case Action.STAGE:
                answer = NOTHING.get(fate)
                ready = answer is None or fate in {"silent", "raised"}
                script.stage[:] = [Staged(memory={"draft": "1"}) if ready else answer]
            case Action.CONFIRM:
                script.confirm[:] = [Unknown(evidence="a list that lags") if lag else self.evidence(where)]
            case _:
                pending = Accepted(ticket="t", look_after=timedelta(minutes=1))
                taken = Published(receipt=Receipt(address=address_of(where.place, where.delivery), evidence="200"))
                silent = {"taken silently": NOTHING["silent"], "taken, raised": NOTHING["raised"]}
                known = channel == "keyed" and (where.place, job.order.key) in self.truth.keys
                # A platform that knows the key answers as it did then, unless its answer does not come.
                script.publish[:] = [
                    taken
                    if known and fate in {"pending", "content"}
                    else NOTHING.get(fate) or silent.get(fate) or (pending if self.holds_back(fate, channel) else taken)
                ]
        sent = len(script.sent)
        done = perform(self.bench, job, process.desk.clock)
        if len(script.sent) > sent:
            if self.holds_back(fate, channel):
                self.truth.pending.add(where)
            elif fate not in NOTHING:
                self.truth.show(where, job.order.key, honours=channel == "keyed")
        return done

    @staticmethod
    def shown_by(process: Process, job: Job) -> Shown:
        """What becomes public where, if this job makes it so."""
        leads, made = process.desk.channels[job.order.channel], job.order.rendition
        place = Place(leads.account, leads.rehearsal)
        return Shown(place, job.order.delivery, job.order.post, made.title, made.body)

    @staticmethod
    def holds_back(fate: Fate, channel: str) -> bool:
        return fate == "pending" and channel == "slow"

    def evidence(self, where: Shown) -> Any:
        if self.truth.is_live(where.place, where.delivery):
            return Published(receipt=Receipt(address=address_of(where.place, where.delivery), evidence="listed"))
        if self.truth.is_pending(where.place, where.delivery):
            return Accepted(ticket="t", look_after=timedelta(minutes=5))
        return Absent(evidence="not listed")

    @rule(public=st.booleans())
    @precondition(lambda self: self.truth.pending)
    def platform_decides(self, public: bool) -> None:
        what = min(self.truth.pending)
        self.truth.pending.remove(what)
        if public:
            self.truth.show(what, f"{what.place} {what.delivery}")

    # Time.

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
        for process in self.processes:
            process.jobs = [job for job in process.jobs if job.leave_by is None or job.leave_by > now]
        self.clock.now -= timedelta(minutes=minutes)

    # People, who look before they speak.

    @rule(channel=st.sampled_from([*CHANNELS, EVERYTHING]), resumed=st.booleans())
    def pause_or_resume(self, channel: str, resumed: bool) -> None:
        (decide.resume if resumed else decide.pause)(self.processes[0].desk, channel, ANNA)

    @rule(
        number=st.integers(0, 29),
        verb=st.sampled_from(["cancel", "reschedule", "release", "retry", "resolve", "retract", "retracted"]),
        withdrawn=st.sampled_from(["gone", "gone silently", "refused"]),
    )
    @precondition(lambda self: self.known)
    def person(self, number: int, verb: str, withdrawn: str) -> None:
        sent = [
            each for each in self.known.values() if each.state in SENT and self.leads[each.channel] != self.place(each)
        ]
        among = sent if sent and number % 2 else [*self.known.values()]
        delivery = among[number // 2 % len(among)]
        desk, where = self.command, (self.place(delivery), delivery.id)
        elsewhere = self.leads[delivery.channel] != self.place(delivery)
        try:
            match verb:
                case "cancel":
                    decide.cancel(desk, delivery.id, ANNA)
                case "reschedule":
                    decide.reschedule(desk, delivery.id, self.clock() + timedelta(minutes=30), ANNA)
                case "release":
                    decide.release(desk, delivery.id, ANNA)
                    self.truth.allowed |= {delivery.id} if delivery.twin else set()
                case "retry":
                    decide.retry(desk, delivery.id, ANNA)
                case "resolve" if self.truth.is_live(*where):
                    decide.resolve_published(desk, delivery.id, address_of(*where), ANNA)
                case "resolve" if not self.truth.is_pending(*where):
                    decide.resolve_absent(desk, delivery.id, ANNA)
                case "retract":
                    self.withdraw(desk, delivery, withdrawn)
                case "retracted" if delivery.state in {State.PUBLISHED, State.RETRACTING}:
                    self.truth.withdraw(*where)
                    retracted_by_hand(desk, delivery.id, ANNA)
                case _:
                    return
            refused = elsewhere and delivery.state in SENT and verb in {"resolve", "retract"}
            assert not refused, f"{verb} of what was sent elsewhere"
        except StateError:
            after = self.bench.get(delivery.id)
            assert after == delivery or verb == "retract", f"{verb} was refused and changed something"

    def withdraw(self, desk: Desk, delivery: Delivery, withdrawn: str) -> None:
        script, place = self.bench.scripts[delivery.channel], self.leads[delivery.channel]
        said = (
            Rejected(findings=REFUSAL, blame=Blame.CONTENT) if withdrawn == "refused" else Unknown(evidence="timeout")
        )
        script.retract[:] = [Retracted(evidence="204") if withdrawn == "gone" else said]
        before = len(script.withdrawn)
        try:
            retract(desk, delivery.id, ANNA)
        finally:
            if len(script.withdrawn) > before and withdrawn != "refused":
                self.truth.withdraw(place, delivery.id)

    # What must hold.

    @staticmethod
    def place(delivery: Delivery) -> Place:
        return Place(delivery.account, delivery.rehearsal)

    @invariant()
    def the_database_agrees(self) -> None:
        self.nothing_is_public_twice()
        self.every_delivery_is_there_once_and_says_the_truth()
        self.attempts_are_numbered_and_open_while_their_delivery_is_under_way()
        self.the_ledger_holds_what_is_published()
        self.history_moves_by_the_table()

    def nothing_is_public_twice(self) -> None:
        assert self.truth.twice == []

    def every_delivery_is_there_once_and_says_the_truth(self) -> None:
        now = {delivery.id: delivery for delivery in self.bench.all()}
        assert now.keys() >= self.known.keys()
        assert len({(delivery.channel, delivery.post_id) for delivery in now.values()}) == len(now)
        for delivery in now.values():
            shown = self.truth.shown[self.place(delivery), delivery.id] > 0
            elsewhere = [
                each for each in self.truth.live
                if each.delivery == delivery.id and each.place != self.place(delivery) and not each.place.rehearsal
            ]  # fmt: skip
            assert elsewhere == [], f"{delivery.channel}: public where nobody looks for it any more"
            if delivery.state in {State.PUBLISHED, State.RETRACTED}:
                assert shown, f"{delivery.channel}: said to be published, and never was"
            elif shown and not (delivery.rehearsal and delivery.state in {State.HELD, State.SCHEDULED}):
                admitted = delivery.state in {State.PUBLISHING, State.ACCEPTED, State.UNKNOWN, State.RETRACTING}
                assert admitted or delivery.may_be_public, (
                    f"{delivery.channel}: public, and said to be {delivery.state}"
                )
            before = self.known.get(delivery.id)
            assert before is None or before.attempt <= delivery.attempt
        self.known = now

    def attempts_are_numbered_and_open_while_their_delivery_is_under_way(self) -> None:
        c = attempts.c
        with self.bench.desk.store.read() as connection:
            rows = list(
                connection.execute(sa.select(c.delivery_id, c.number, c.ended_at).order_by(c.delivery_id, c.number))
            )
        for delivery in self.known.values():
            mine = [row for row in rows if row.delivery_id == delivery.id]
            assert [row.number for row in mine] == list(range(1, delivery.attempt + 1))
            unended = [row.number for row in mine if row.ended_at is None]
            assert unended == ([delivery.attempt] if delivery.state is State.PUBLISHING else [])

    def the_ledger_holds_what_is_published(self) -> None:
        c = receipts.c
        with self.bench.desk.store.read() as connection:
            rows = {
                row.delivery_id: row.retracted_at
                for row in connection.execute(sa.select(c.delivery_id, c.retracted_at))
            }
        entered = {State.PUBLISHED, State.RETRACTING, State.RETRACTED}
        assert set(rows) == {delivery.id for delivery in self.known.values() if delivery.state in entered}
        gone = {number for number, retracted_at in rows.items() if retracted_at is not None}
        assert gone == {delivery.id for delivery in self.known.values() if delivery.state is State.RETRACTED}

    def history_moves_by_the_table(self) -> None:
        c = events.c
        with self.bench.desk.store.read() as connection:
            query = sa.select(c.delivery_id, c.before, c.after).where(c.before.is_not(None)).order_by(c.id)
            rows = [(row.delivery_id, State(row.before), State(row.after)) for row in connection.execute(query)]
        for number, before, after in rows:
            # A changed post makes its unsent deliveries anew: that is no move of the table.
            fresh = {before, after} <= {State.SCHEDULED, State.HELD, State.REJECTED, State.FAILED, State.CANCELLED}
            assert after in TRANSITIONS[before] or fresh, (number, before, after)

    def teardown(self) -> None:
        """All is well again: whatever can go out by itself does, and nothing stays behind in the queue."""
        if not hasattr(self, "bench"):
            return
        with self.bench.stack:
            self.truth.pending.clear()
            for process in self.processes:
                while process.jobs or process.back:
                    process.back += [self.done(process, job, "taken", lag=False) for job in process.jobs]
                    process.jobs = turn(process.desk, process.run, process.back, 0)
                    process.back = []
            for channel in (*CHANNELS, EVERYTHING):
                decide.resume(self.processes[0].desk, channel, ANNA)
            self.processes[0] = self.started()
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


def address_of(place: Place, delivery: int) -> str:
    return f"https://{place.account.replace(' ', '.').lower()}.example.gov.cn/{delivery}"


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
