"""The people of the simulation who review: writers submit and edit, an editor and a leader approve, return and let go first; by the seed.

They decide by what they see in the files, and keep their own book of it: which version of a post each step has approved, and which one was
edited away before it had left. What readers see is compared with that book alone.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random

import sqlalchemy as sa

from benchmarks.simulation.wire import Network
from xuanfa.domain.act import ApproveReview, Emergency, OfReview, ReturnReview, SubmitReview
from xuanfa.domain.delivery import UNSENT, State
from xuanfa.domain.person import Person
from xuanfa.domain.user import Role, User
from xuanfa.operations.deciding.door import carry_out
from xuanfa.operations.desk import Desk
from xuanfa.reports.reviews import waiting_reviews
from xuanfa.store import users
from xuanfa.store.schema import deliveries, posts

#: Everybody with their role; the clerk decides about deliveries only.
PEOPLE = {"writer": Role.AUTHOR, "editor": Role.EDITOR, "leader": Role.APPROVER, "clerk": Role.PUBLISHER}
#: Who holds which step.
HOLDERS = {1: "editor", 2: "leader"}
SETTINGS = """[[review.templates.two.steps]]
name = "初审"
kind = "审"
role = "editor"
may_edit = true
[[review.templates.two.steps]]
name = "签发"
kind = "审"
role = "approver"
"""
#: What becomes of reviews, in packs that are shuffled: of so many posts as a pack holds, each has one of these fates.
FATES = {
    "approved": 16,
    "returned": 2,
    "edited after one step": 2,
    "edited after its approval": 2,
    "late": 1,
    "let go first": 1,
    "never": 1,
}


@dataclass
class Reviewers:
    """``edit`` writes a post's file anew, and has it read."""

    network: Network
    chance: Random
    edit: Callable[[Sequence[str]], None]
    #: The version that each post's file has.
    versions: dict[str, int] = field(default_factory=dict)
    #: Which steps have approved a version; a leader who lets it go first stands for all of them.
    book: dict[tuple[str, int], set[int]] = field(default_factory=dict)
    #: Where a version had not left when it was edited away, by channel, post and version.
    edited_away: set[tuple[str, str, int]] = field(default_factory=set)
    #: Posts that nobody will ever approve.
    never: set[str] = field(default_factory=set)
    late: set[str] = field(default_factory=set)
    decisions: int = 0
    edits: int = 0
    met: dict[str, int] = field(default_factory=dict)
    _pack: list[str] = field(default_factory=list)

    @staticmethod
    def staff(desk: Desk) -> None:
        """Give the workspace its people."""
        with desk.store.write() as connection:
            for name, role in PEOPLE.items():
                user = User(name=name, display=name, roles=frozenset({role}))
                users.insert(connection, user, "", desk.clock())

    def morning(self, desk: Desk, marks: Sequence[str]) -> None:
        """The day's posts, before the first of them is due."""
        to_edit = []
        for mark in marks:
            fate = self._fate()
            self.met[fate] = self.met.get(fate, 0) + 1
            self.versions[mark] = 1
            self._do(desk, SubmitReview(post=mark), "writer")
            match fate:
                case "returned":
                    self._do(desk, ReturnReview(post=mark), "editor")
                    to_edit.append(mark)
                case "edited after one step":
                    self._approve(desk, mark, 1)
                    to_edit.append(mark)
                case "edited after its approval":
                    self._approve(desk, mark, 1)
                    self._approve(desk, mark, 2)
                    to_edit.append(mark)
                case "late":
                    self.late.add(mark)
                case "let go first":
                    self._do(desk, Emergency(post=mark), "leader")
                    self.book.setdefault((mark, 1), set()).update(HOLDERS)
                    self.late.add(mark)
                case "never":
                    self.never.add(mark)
                case _:
                    pass  # it is approved as it is
        self._edit(desk, to_edit)
        self._go_on(desk, self.never | self.late)

    def _fate(self) -> str:
        if not self._pack:
            self._pack = [fate for fate, times in FATES.items() for _ in range(times)]
            self.chance.shuffle(self._pack)
        return self._pack.pop()

    def evening(self, desk: Desk) -> None:
        """Whatever still waits, was asked again, or is owed."""
        self._go_on(desk, self.never)
        self.late.clear()

    def _go_on(self, desk: Desk, but: set[str]) -> None:
        """Approve what waits, as it is."""
        while waiting := [
            each for each in waiting_reviews(desk.store, desk.reviews, desk.zone, desk.clock()) if each.post not in but
        ]:
            for each in waiting:
                self._approve(desk, each.post, each.step)

    def _approve(self, desk: Desk, mark: str, step: int) -> None:
        self._do(desk, ApproveReview(post=mark, step=step), HOLDERS[step])
        self.book.setdefault((mark, self.versions[mark]), set()).add(step)

    def _edit(self, desk: Desk, marks: Sequence[str]) -> None:
        if not marks:
            return
        c = deliveries.c
        query = sa.select(posts.c.slug, c.channel).join(posts, posts.c.id == c.post_id)
        with desk.store.read() as connection:
            unsent = connection.execute(query.where(c.state.in_([*UNSENT]), posts.c.slug.in_(marks))).all()
        self.edited_away |= {(channel, mark, self.versions[mark]) for mark, channel in unsent}
        for mark in marks:
            self.versions[mark] += 1
        self.edits += len(marks)
        self.edit(marks)
        for mark in marks:
            if not self.book.get((mark, self.versions[mark] - 1)):  # it was returned; else it is asked again by itself
                self._submit_again(desk, mark)

    def _submit_again(self, desk: Desk, mark: str) -> None:
        self._do(desk, SubmitReview(post=mark), "writer")

    def _do(self, desk: Desk, act: OfReview, name: str) -> None:
        person = Person(name=name, why="looked", how="password", place="simulation")
        carry_out(desk, act, person)
        self.decisions += 1

    def unapproved(self, reviewed: Callable[[str], bool]) -> list[str]:
        """What readers have seen of posts that need a review, and that was not approved as it is, or not any more."""
        found = []
        for channel, mark, version in sorted(self.network.shown):
            if reviewed(mark) and (
                self.book.get((mark, version), set()) != set(HOLDERS) or (channel, mark, version) in self.edited_away
            ):
                found.append(f"{mark} v{version} on {channel}")
        return found


def is_for_reviewers(state: State, reviewed: bool, approval: int | None) -> bool:
    """What is held because its review has not come to its end is nothing that a clerk decides."""
    return reviewed and approval is None and state is State.HELD
