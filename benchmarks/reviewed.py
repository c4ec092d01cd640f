"""A workspace whose posts need a review, and the people who hold its steps."""

from pathlib import Path
from typing import Any

from benchmarks.corpus import make_workspace
from xuanfa.bootstrap import open_desk
from xuanfa.domain.act import ApproveReview, OfReview, SubmitReview
from xuanfa.domain.person import Person
from xuanfa.domain.user import Role, User
from xuanfa.operations.deciding.door import carry_out
from xuanfa.operations.desk import Desk
from xuanfa.store import users

PEOPLE = {"writer": Role.AUTHOR, "ed": Role.EDITOR, "proof": Role.PROOFREADER, "boss": Role.APPROVER}
_REVIEW = """
[review]
default = "three"
[[review.templates.three.steps]]
name = "初审"
kind = "审"
role = "editor"
may_edit = true
[[review.templates.three.steps]]
name = "校对"
kind = "校"
role = "proofreader"
[[review.templates.three.steps]]
name = "签发"
kind = "审"
role = "approver"
"""


def furnish(folder: Path, url: str, **corpus: Any) -> Path:
    """As ``corpus.make_workspace``, with a review of three steps for every post."""
    make_workspace(folder, url, **corpus)
    with (folder / "xuanfa.toml").open("a", encoding="utf-8") as settings:
        settings.write(_REVIEW)
    with open_desk(folder) as desk, desk.store.write() as connection:
        known = {user.name for user in users.all(connection)}
        for name in PEOPLE.keys() - known:
            user = User(name=name, display=name, roles=frozenset({PEOPLE[name]}))
            users.insert(connection, user, "", desk.clock())
    return folder


def submit(desk: Desk, post: str) -> None:
    """Its author does."""
    _decide(desk, SubmitReview(post=post), "writer")


def approve_all(desk: Desk, post: str) -> None:
    """Each step, by whoever holds it."""
    for name in ("ed", "proof", "boss"):
        _decide(desk, ApproveReview(post=post), name)


def _decide(desk: Desk, act: OfReview, name: str) -> None:
    carry_out(desk, act, Person(name=name, how="password", place="benchmarks"))
