"""An office whose posts need a review: its people, and what they decide, through the one door."""

from datetime import datetime
from typing import Any

from xuanfa.domain.act import (
    ApproveReview,
    ConfirmReview,
    DelegateReview,
    Emergency,
    PhoneReview,
    ReturnReview,
    SubmitReview,
)
from xuanfa.domain.person import PASSWORD, Person
from xuanfa.domain.review import Standing, Step, StepKind, Template, standing
from xuanfa.domain.review_policy import ReviewPolicy
from xuanfa.domain.review_templates import SHIPPED
from xuanfa.domain.reviewing import Delegation
from xuanfa.domain.user import Role, Staff, User
from xuanfa.operations.deciding.door import carry_out
from xuanfa.operations.desk import Desk
from xuanfa.operations.reviewing.docket import Decided
from xuanfa.store import posts, reviews, users

THREE = Template(
    id="three",
    name="三步",
    steps=(
        Step(name="一审", kind=StepKind.REVIEW, role="editor", checks=("事实关",), hours=4, may_edit=True),
        Step(name="一校", kind=StepKind.PROOF, role="proofreader"),
        Step(name="签发", kind=StepKind.REVIEW, role="approver", checks=("政治关",)),
    ),
)
POLICY = ReviewPolicy(default="three", templates=SHIPPED | {"three": THREE})
#: Login names with their roles; ``writer`` writes, ``all`` may do everything, ``hired`` is outsourced.
PEOPLE = {
    "writer": {Role.AUTHOR, Role.EDITOR},
    "ed": {Role.EDITOR},
    "proof": {Role.PROOFREADER},
    "boss": {Role.APPROVER},
    "boss2": {Role.APPROVER},
    "deputy": {Role.AUTHOR},
    "all": set(Role),
    "hired": set(Role),
}


def staff(desk: Desk) -> None:
    """Give the workspace its people."""
    with desk.store.write() as connection:
        for name, roles in PEOPLE.items():
            user = User(
                name=name,
                display=f"{name}同志",
                roles=frozenset(roles),
                staff=Staff.OUTSOURCED if name == "hired" else Staff.ESTABLISHED,
            )
            users.insert(connection, user, "", desk.clock())


def by(name: str, why: str = "") -> Person:
    return Person(name=name, why=why, how=PASSWORD, place="test")


def submit(desk: Desk, post: str = "one", name: str = "writer") -> Decided:
    return carry_out(desk, SubmitReview(post=post), by(name))


def approve(desk: Desk, name: str, post: str = "one", **words: Any) -> Decided:
    """With every gate of the open step ticked, unless others are named."""
    if "checks" not in words:
        open_ = stands(desk, post).open_step if has_review(desk, post) else None
        words["checks"] = open_.step.checks if open_ else ()
    return carry_out(desk, ApproveReview(post=post, **words), by(name))


def approve_all(desk: Desk, post: str = "one", *names: str) -> None:
    """Each step that is still to be approved, by whoever holds it."""
    holders = dict(zip(("editor", "proofreader", "approver"), names or ("ed", "proof", "boss"), strict=True))
    while (open_ := stands(desk, post).open_step) is not None:
        approve(desk, holders[open_.step.role], post)


def send_back(desk: Desk, name: str, why: str = "改", post: str = "one", **words: Any) -> Decided:
    return carry_out(desk, ReturnReview(post=post, **words), by(name, why))


def phone(desk: Desk, name: str, leader: str, at: datetime, post: str = "one", **words: Any) -> Decided:
    open_ = stands(desk, post).open_step
    act = PhoneReview(post=post, leader=leader, at=at, number="139", checks=open_.step.checks if open_ else (), **words)
    return carry_out(desk, act, by(name))


def confirm(desk: Desk, name: str, post: str = "one") -> Decided:
    return carry_out(desk, ConfirmReview(post=post), by(name))


def emergency(desk: Desk, name: str, why: str = "突发", post: str = "one") -> Decided:
    return carry_out(desk, Emergency(post=post), by(name, why))


def delegate(desk: Desk, name: str, to: str, begins: datetime, ends: datetime) -> Delegation:
    return carry_out(desk, DelegateReview(to=to, begins=begins, ends=ends), by(name, "出差"))


def has_review(desk: Desk, post: str = "one") -> bool:
    with desk.store.read() as connection:
        known = posts.by_slug(connection, post)
        return known is not None and reviews.latest(connection, known.id) is not None


def stands(desk: Desk, post: str = "one") -> Standing:
    """Where the review of a post stands."""
    with desk.store.read() as connection:
        known = posts.by_slug(connection, post)
        assert known is not None
        review = reviews.latest(connection, known.id)
        assert review is not None
        return standing(review, reviews.decided(connection, [review.id])[review.id])


def states(desk: Desk, post: str = "one") -> str:
    return " ".join(each.state.value for each in stands(desk, post).steps)
