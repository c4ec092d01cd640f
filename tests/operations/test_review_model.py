"""Reviews against a model that knows only what each person saw when they approved.

Hypothesis plays people who submit, edit, save without a change, approve, return, recall, stand in for others, agree by telephone, move times, call
off, withdraw, try again and release; an operator who adds channels and changes templates and settings; two processes that read and send, one
of which may have had jobs in hand for long; channels that refuse; and a database that is put back to an older copy. Whatever is claimed was
approved as it is, at every step of the template of its first day, each time by another person, by none who submitted it, and by nothing that
was taken back since, or was let go by an emergency that names exactly that. And nothing is sent but what was claimed. The same goes for what
is changed of what is out (``models/review_corrections``), and for what is done where that cannot be changed.
``XUANFA_REVIEWS=2500`` plays so many longer stories at random (forty steps each: 100,000), and ``XUANFA_SEED`` says which.
"""

import os
import shutil
from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from datetime import timedelta
from time import time_ns
from typing import Any

import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from tests.operations.models.review_corrections import POSTS, Correcting, corrects
from tests.operations.models.review_truth import Seen, Shown, StandIn, Truth, shown
from tests.support import decisions as decide
from tests.support import reviewed_office as office
from tests.support.reviewed_office import POLICY, THREE, by
from xuanfa.domain.act_outward import RecallReview
from xuanfa.domain.attempt import Action
from xuanfa.domain.channel import EVERYTHING
from xuanfa.domain.errors import XuanfaError
from xuanfa.domain.outcome import Unsent
from xuanfa.domain.review import Template
from xuanfa.domain.review_policy import ReviewPolicy
from xuanfa.operations.deciding.door import carry_out
from xuanfa.operations.intake.queue import queue
from xuanfa.operations.keeping.holding import Hold, hold_everything
from xuanfa.operations.sending.perform import Job, perform
from xuanfa.operations.sending.publish import begin, hold_unapproved, turn
from xuanfa.store import reviews

STORIES = int(os.environ.get("XUANFA_REVIEWS", "0"))
NAMES = tuple(office.PEOPLE)
#: Steps of the template, each with the role that holds it.
TWO = Template(id="three", name="两步", steps=(THREE.steps[0], THREE.steps[2]))
POLICIES = (
    replace(POLICY, resumes_at_proof=False),
    replace(POLICY, templates=dict(POLICY.templates) | {"three": TWO}, resumes_at_proof=False),
    ReviewPolicy(),
)
VERBS = (decide.cancel, decide.retry, decide.release, decide.resolve_absent)
#: Who holds the steps, one after the other.
HOLDERS = ("ed", "proof", "boss")
_SCHEDULED = sa.text(
    "SELECT d.id FROM deliveries d JOIN posts p ON p.id = d.post_id WHERE p.slug = :slug AND d.reviewed AND d.state = 'scheduled'"
)
posts_, people, numbers, desks = st.sampled_from(POSTS), st.sampled_from(NAMES), st.integers(1, 6), st.integers(0, 1)


class Reviewed(Correcting, RuleBasedStateMachine):
    make: Callable[[], Any]

    @initialize(is_out=st.booleans())
    def begin(self, is_out: bool = False) -> None:
        """``is_out``: the story begins with a post that readers see, so that there is something to correct."""
        self.bench = self.make()
        corrects(self.bench)
        self.bench.channel("b")
        self.begin_correcting()
        self.policies = [POLICIES[0], POLICIES[0]]
        self.desks: list[Any] = [None, None]
        self.jobs: list[list[Job]] = [[], []]
        self.truth, self.kept = Truth(), Truth()
        self.before: dict[str, Seen] = {}
        #: What has been claimed and found in order, and how much of what was sent has been compared with that.
        self.claimed: list[tuple[str, str, str]] = []
        self.checked = dict.fromkeys("abc", 0)
        self.written: dict[str, tuple[str, str]] = {}
        self.copy = self.bench.folder / "copy.db"
        self.anew(0)
        self.anew(1)
        office.staff(self.desks[0])
        if is_out:
            self.bring_out("one", "甲")

    def teardown(self) -> None:
        if hasattr(self, "bench"):
            self.bench.stack.close()

    def anew(self, which: int) -> None:
        """Another process, with the settings and templates of now."""
        if self.desks[which] is not None:
            self.desks[which].store.close()
        making = repr([self.policies[0].default, *(script.nasty for script in self.bench.scripts.values())])
        self.desks[which] = self.bench.another(reviews=self.policies[which], making=making)

    def tried(self, what: Callable[[], Any]) -> Any:
        """What a person decides, which may be refused."""
        self.truth.turn += 1
        try:
            found = what()
        except XuanfaError:
            found = None
        self.look()
        return found

    def look(self) -> None:
        """See what has become of what would be sent."""
        now, asked = shown(self.desks[0])
        self.truth.compare(self.before, now)
        self.truth.asked |= asked
        self.before = now

    def seen(self, post: str) -> Seen:
        """As the person has it before the eyes who decides about it now."""
        return dict(self.before.get(post, {}))

    @rule(
        post=posts_,
        text=st.sampled_from(["甲", "乙", "丙"]),
        at=st.sampled_from(["now", "2026-03-02 10:00"]),
        which=desks,
    )
    def write(self, post: str, text: str, at: str, which: int) -> None:
        self.bench.clock.advance(minutes=1)
        self.bench.write(post, f"{post}{text}", publish_at=at)
        self.written[post] = text, at
        self.tried(lambda: queue(self.desks[which]))

    @rule(post=posts_, word=st.sampled_from(["甲", "乙"]))
    def save_without_a_change(self, post: str, word: str) -> None:
        """Other bytes, the same renditions: nobody is asked again."""
        if post in self.written:
            text, at = self.written[post]
            self.bench.clock.advance(minutes=1)
            queue(self.desks[0])
            self.look()
            before, seen = self.stood(post), self.seen(post)
            self.bench.write(post, f"{post}{text}", publish_at=at, keywords=word)
            self.tried(lambda: queue(self.desks[0]))
            assert len(self.stood(post)) >= len(before) or self.seen(post) != seen

    def stood(self, post: str) -> list[int]:
        return list(office.stands(self.desks[0], post).holders) if self.has_review(post) else []

    def has_review(self, post: str) -> bool:
        return office.has_review(self.desks[0], post)

    def template(self, post: str, which: int) -> Template | None:
        """By which a review would be opened now."""
        policy = self.policies[which] if not self.has_review(post) else None
        return policy.templates.get("three") if policy else None

    @rule(post=posts_, name=people, which=desks)
    def submit(self, post: str, name: str, which: int) -> None:
        template = self.template(post, which)
        if self.tried(lambda: office.submit(self.desks[which], post, name)) is not None:
            self.truth.opened(post, template)
            self.truth.submitters.setdefault(post, set()).add(name)

    @rule(post=posts_, name=people, which=desks)
    def approve(self, post: str, name: str, which: int) -> None:
        seen = self.seen(post)
        done = self.tried(lambda: office.approve(self.desks[which], name, post))
        if done is not None:
            self.truth.approve(post, done.decision, seen, self.bench.clock())

    @rule(post=posts_, names=st.sampled_from([HOLDERS, HOLDERS, ("all", "all", "all"), ("ed", "all", "boss2")]))
    def approve_on(self, post: str, names: tuple[str, ...] = ()) -> None:
        for name in names or HOLDERS:
            self.approve(post, name, 0)

    @rule(post=posts_)
    def submit_and_approve(self, post: str) -> None:
        self.submit(post, "writer", 0)
        self.approve_on(post)

    @rule(post=posts_, text=st.sampled_from(["甲", "乙"]))
    def bring_out(self, post: str, text: str) -> None:
        self.write(post, text, "now", 0)
        self.submit_and_approve(post)
        self.claim_and_send(0)

    @rule(post=posts_, text=st.sampled_from(["甲", "乙", "丙"]), which=desks)
    def edit_and_approve_on(self, post: str, text: str, which: int) -> None:
        self.write(post, text, "now", which)
        self.approve_on(post)

    @rule(post=posts_, name=people, which=desks)
    def send_back(self, post: str, name: str, which: int) -> None:
        if self.has_review(post) and self.tried(lambda: office.send_back(self.desks[which], name, post=post)):
            self.truth.returned[post] = self.truth.turn

    @rule(post=posts_, name=st.sampled_from(["boss", "boss", "all", *NAMES]), which=desks)
    def recall(self, post: str, name: str, which: int) -> None:
        """Afterwards nothing of it waits to be sent; what a process has in hand goes on."""
        if not self.has_review(post):
            return
        act = RecallReview(post=post)
        if self.tried(lambda: carry_out(self.desks[which], act, by(name, "数字不对"))) is not None:
            self.truth.recall(post, name)
            with self.desks[which].store.read() as connection:
                assert connection.execute(_SCHEDULED, {"slug": post}).all() == []

    @rule(post=posts_, text=st.sampled_from(["甲", "乙"]), name=st.sampled_from(["boss", "all"]), again=st.booleans())
    def approve_and_recall(self, post: str, text: str, name: str, again: bool) -> None:
        """It waits for its time, is taken back, and perhaps approved anew."""
        self.write(post, text, "2026-03-02 10:00", 0)
        self.submit_and_approve(post)
        self.recall(post, name, 0)
        if again:
            self.approve_on(post)

    @rule(name=people, to=people, hours=st.integers(-1, 3))
    def delegate(self, name: str, to: str, hours: int) -> None:
        now = self.bench.clock()
        done = self.tried(lambda: office.delegate(self.desks[0], name, to, now, now + timedelta(hours=hours)))
        if done is not None:
            self.truth.stand_ins.append(StandIn(name, to, now, now + timedelta(hours=hours)))

    @rule(post=posts_, name=people, leader=people, which=desks)
    def phone(self, post: str, name: str, leader: str, which: int) -> None:
        if self.has_review(post):
            seen = self.seen(post)
            done = self.tried(lambda: office.phone(self.desks[which], name, leader, self.bench.clock(), post=post))
            if done is not None:
                assert done.decision.by == leader
                self.truth.approve(post, done.decision, seen, self.bench.clock())

    @rule(post=posts_, name=people)
    def confirm(self, post: str, name: str) -> None:
        if self.has_review(post):
            self.tried(lambda: office.confirm(self.desks[0], name, post))

    @rule(post=posts_, name=st.sampled_from(["boss", "ed", "writer"]), which=desks)
    def emergency(self, post: str, name: str, which: int) -> None:
        seen, template = self.seen(post), self.template(post, which)
        if self.tried(lambda: office.emergency(self.desks[which], name, post=post)) is not None:
            self.truth.opened(post, template)
            self.truth.emergency(post, name, seen)

    @rule(number=numbers, hours=st.integers(-1, 3))
    def reschedule(self, number: int, hours: int) -> None:
        at = self.bench.clock() + timedelta(hours=hours)
        self.tried(lambda: decide.reschedule(self.desks[0], number, at, by("boss")))

    @rule(number=numbers, verb=st.sampled_from(VERBS), which=desks)
    def decide(self, number: int, verb: Callable[..., Any], which: int) -> None:
        self.tried(lambda: verb(self.desks[which], number, by("boss")))

    @rule(post=posts_)
    def withdraw(self, post: str) -> None:
        self.tried(lambda: decide.withdraw(self.desks[0], post, by("boss", "有误")))

    @rule()
    def add_a_channel(self) -> None:
        if "c" not in self.bench.channels:
            self.bench.channel("c")
            self.anew(0)
            self.anew(1)

    @rule(channel=st.sampled_from("ab"), frame=st.sampled_from(["", "※"]))
    def change_a_template(self, channel: str, frame: str) -> None:
        self.bench.scripts[channel].nasty = frame
        self.anew(0)
        self.anew(1)

    @rule(which=desks, policy=st.sampled_from(POLICIES))
    def change_settings(self, which: int, policy: ReviewPolicy) -> None:
        self.policies[which] = policy
        self.anew(which)

    @rule(minutes=st.sampled_from([1, 40, 150]), which=desks)
    def wait(self, minutes: int, which: int) -> None:
        self.bench.clock.advance(minutes=minutes)
        self.tried(lambda: queue(self.desks[which]))
        self.tried(lambda: hold_unapproved(self.desks[which]))

    @rule(channel=st.sampled_from("ab"))
    def refuse_the_next(self, channel: str) -> None:
        self.bench.scripts[channel].publish = [Unsent(evidence="refused")]

    @rule(which=desks)
    def claim(self, which: int) -> None:
        """What is claimed is judged there and then: whatever is decided later comes too late for it, and is not about it."""
        desk, before = self.desks[which], dict(self.before)
        jobs = self.tried(lambda: turn(desk, begin(desk), [], 5)) or []
        self.jobs[which] += jobs
        for job in jobs:
            if job.action is not Action.PUBLISH:
                continue  # it only looks
            post, channel, rendition = job.order.post, job.order.channel, job.order.rendition
            leaving = Shown(rendition.title, rendition.body, job.delivery.due_at)
            assert before[post][channel] == leaving
            self.claimed.append((post, channel, rendition.body))
            if self.policies[which].asks or (post, channel) in self.truth.asked:
                objections = list(self.truth.objections(post, channel, leaving))
                assert not objections, f"{post} was claimed for {channel}: {objections}"

    @rule(which=desks)
    def send(self, which: int) -> None:
        desk = self.desks[which]
        results = [perform(self.bench, job) for job in self.jobs[which]]
        self.count_published(results)
        self.jobs[which] = []
        self.tried(lambda: turn(desk, begin(desk), results, 0))

    @rule(which=desks)
    def claim_and_send(self, which: int) -> None:
        self.claim(which)
        self.send(which)

    @rule()
    def copy_the_database(self) -> None:
        if not any(self.jobs):
            with self.desks[0].store.engine.begin() as connection:
                self.copy.unlink(missing_ok=True)
                connection.execute(sa.text("COMMIT"))
                connection.execute(sa.text(f"VACUUM INTO '{self.copy}'"))
                connection.execute(sa.text("BEGIN"))
            self.kept = deepcopy(self.truth)

    @rule()
    def put_the_copy_back(self) -> None:
        """What people have decided since is forgotten, and has to be decided again."""
        if not self.copy.exists() or any(self.jobs):
            return
        file = self.desks[0].store.file
        for desk in self.desks:
            desk.store.close()
        for ending in ("", "-wal", "-shm"):
            file.with_name(file.name + ending).unlink(missing_ok=True)
        shutil.copy(self.copy, file)
        self.anew(0)
        self.anew(1)
        with self.desks[0].store.write() as connection:
            now = self.bench.clock()
            hold = Hold(backup="copy", taken_at=now, now=now, actor="test", since="旧库", why="旧库")
            hold_everything(connection, hold)
        self.truth, self.was_put_back = deepcopy(self.kept), True
        self.before, _ = shown(self.desks[0])

    @rule()
    def resume(self) -> None:
        decide.resume(self.desks[0], EVERYTHING, by("boss"))

    @invariant()
    def nothing_is_sent_but_what_was_claimed(self) -> None:
        if not hasattr(self, "bench"):
            return
        for channel, script in self.bench.scripts.items():
            for order in script.sent[self.checked[channel] :]:
                self.claimed.remove((order.post, channel, order.rendition.body))
            self.checked[channel] = len(script.sent)

    @invariant()
    def what_is_in_the_queue_is_approved(self) -> None:
        if not hasattr(self, "bench"):
            return
        with self.desks[0].store.read() as connection:
            rows = connection.execute(
                sa.text(
                    "SELECT d.id, d.state FROM deliveries d LEFT JOIN approvals a ON a.id = d.approval "
                    "WHERE d.reviewed AND d.state IN ('scheduled', 'publishing') "
                    "AND (a.id IS NULL OR a.channel != d.channel OR a.digest != d.digest OR a.due_at != d.due_at)"
                )
            ).all()
            assert rows == []
            assert reviews.broken(connection) == []


def test_nothing_leaves_that_was_not_approved_as_it_is(fresh_bench: Callable[[], Any]) -> None:
    played = settings(
        max_examples=STORIES or 5,
        stateful_step_count=40,
        phases=(Phase.generate,) if os.environ.get("XUANFA_NOSHRINK") else tuple(Phase),
        derandomize=not STORIES,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    machine = type("Story", (Reviewed,), {"make": staticmethod(fresh_bench)})
    if STORIES:
        machine = seed(int(os.environ.get("XUANFA_SEED") or time_ns()))(machine)
    run_state_machine_as_test(machine, settings=played)
