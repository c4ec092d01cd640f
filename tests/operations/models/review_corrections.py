"""Corrections in the story of reviews: people order them, channels make them or refuse, and whichever process comes next goes on with them.

What readers see is changed only to what every step has decided about, exactly and since; and nothing is ever published a second time.
"""

from collections import Counter
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule

from tests.operations.models.review_truth import Seen, Shown, Truth, chosen_for
from tests.operations.test_correct import Changes
from tests.support import decisions as decide
from tests.support.reviewed_office import by
from xuanfa.domain.attempt import Action
from xuanfa.domain.correction import Others
from xuanfa.domain.outcome import Blame, Published, Rejected, Unsent
from xuanfa.domain.review_policy import ReviewPolicy
from xuanfa.operations.sending.perform import Done
from xuanfa.operations.withdrawing.carry_on import carry_on

POSTS = ("one", "two")
_REVIEWS = sa.text("SELECT p.slug, count(*) AS many FROM reviews r JOIN posts p ON p.id = r.post_id GROUP BY p.slug")
_ELSEWHERE = sa.text(
    "SELECT c.id, p.slug, c.channel, c.wish, c.due_at, c.reviewed FROM corrections c JOIN posts p ON p.id = c.post_id "
    "WHERE c.state IN ('again', 'post')"
)
_UNAPPROVED = sa.text(
    "SELECT c.id FROM corrections c LEFT JOIN approvals a ON a.id = c.approval "
    "WHERE c.reviewed AND c.rendition_id IS NOT NULL AND c.state IN ('open', 'done') "
    "AND (a.id IS NULL OR a.channel != c.channel OR a.digest != c.digest OR a.due_at != c.due_at)"
)


class Correcting:
    """What a story of reviews has besides. ``Reviewed`` has what it stands on."""

    bench: Any
    desks: list[Any]
    policies: list[ReviewPolicy]
    truth: Truth
    before: dict[str, Seen]
    written: dict[str, tuple[str, str]]
    tried: Callable[[Callable[[], Any]], Any]
    approve_on: Callable[..., None]

    def begin_correcting(self) -> None:
        #: How much of what channels were asked to change has been judged, and what was done where they cannot.
        self.changed = Counter[str]()
        self.elsewhere: set[int] = set()
        self.published = Counter[tuple[str, str]]()
        self.was_put_back = False

    @rule(
        post=st.sampled_from(POSTS),
        text=st.sampled_from(["甲", "乙", "丙"]),
        name=st.sampled_from(["writer", "boss2", "all", "hired"]),
        others=st.sampled_from(Others),
        which=st.integers(0, 1),
    )
    def correct(self, post: str, text: str, name: str, others: Others, which: int) -> None:
        if post not in self.written:
            return
        self.bench.clock.advance(minutes=1)
        self.bench.write(post, f"{post}{text}", publish_at=self.written[post][1])
        self.written[post] = text, self.written[post][1]
        reviews = self.count_reviews(which)
        self.tried(lambda: decide.correct(self.desks[which], post, by(name, "有误"), others))
        if self.count_reviews(which)[post] > reviews[post]:
            self.truth.opened_anew(post, self.policies[which].templates["three"], name)
        self.judge(which)

    @rule(
        post=st.sampled_from(POSTS),
        text=st.sampled_from(["甲", "乙", "丙"]),
        others=st.sampled_from(Others),
        which=st.integers(0, 1),
    )
    def correct_and_approve_on(self, post: str, text: str, others: Others, which: int) -> None:
        self.correct(post, text, "writer", others, which)
        self.approve_on(post)
        self.go_on(which)

    @rule(which=st.integers(0, 1))
    def go_on(self, which: int) -> None:
        """A pass goes on with what was ordered, whoever ordered it."""
        self.tried(lambda: carry_on(self.desks[which]))
        self.judge(which)

    @rule(answer=st.sampled_from([Unsent(evidence="503"), Rejected(findings=(), blame=Blame.CONTENT), OSError("gone")]))
    def refuse_the_next_correction(self, answer: Any) -> None:
        self.bench.scripts["a"].retract = [answer]

    def count_reviews(self, which: int) -> Counter[str]:
        with self.desks[which].store.read() as connection:
            return Counter({row.slug: row.many for row in connection.execute(_REVIEWS)})

    def judge(self, which: int) -> None:
        """Whatever has left for a correction was decided about, exactly and since, by every step."""
        for channel, script in self.bench.scripts.items():
            for order, _ in script.withdrawn[self.changed[channel] :]:
                due_at = self.before[order.post][channel].due_at
                leaving = Shown(order.rendition.title, order.rendition.body, due_at)
                self.require(which, order.post, channel, channel, leaving)
            self.changed[channel] = len(script.withdrawn)
        with self.desks[which].store.read() as connection:
            done = connection.execute(_ELSEWHERE).all()
        for row in done:
            if row.id not in self.elsewhere:
                self.elsewhere.add(row.id)
                due_at = self.before[row.slug][row.channel].due_at
                self.require(which, row.slug, row.channel, chosen_for(row.channel), Shown(row.wish, "", due_at))

    def require(self, which: int, post: str, channel: str, seen_as: str, leaving: Shown) -> None:
        if self.policies[which].asks or (post, channel) in self.truth.asked:
            objections = list(self.truth.objections(post, seen_as, leaving))
            assert not objections, f"{post} was corrected on {channel}: {objections}"

    def count_published(self, results: list[Done]) -> None:
        """Nothing is published a second time, as long as nobody has put an older database back."""
        for done in results:
            if done.job.action is Action.PUBLISH and isinstance(done.ending, Published):
                self.published[done.job.order.post, done.job.order.channel] += 1
        assert self.was_put_back or all(many == 1 for many in self.published.values()), self.published

    @invariant()
    def corrections_that_may_leave_are_approved(self) -> None:
        if not hasattr(self, "bench"):
            return
        with self.desks[0].store.read() as connection:
            assert connection.execute(_UNAPPROVED).all() == []


def corrects(bench: Any) -> None:
    """Channel ``a``, which can change what is out."""
    bench.channel("a", corrects=True)
    real = bench.bound
    bench.bound = lambda channel: Changes(bench.scripts[channel]) if bench.channels[channel].corrects else real(channel)
