"""An office whose posts need a review, at its console: what they have typed and decided."""

from tests.conftest import Clock, Workspace
from tests.console.conftest import settle_people
from xuanfa.domain.act import ApproveReview, SubmitReview
from xuanfa.domain.delivery import State
from xuanfa.domain.person import PASSWORD, Person
from xuanfa.operations.deciding.door import carry_out
from xuanfa.operations.desk import Desk
from xuanfa.operations.intake.queue import queue
from xuanfa.reports.listing import list_deliveries
from xuanfa.reports.reviews import review_record

SETTINGS = """
[review]
default = "three"

[review.templates.three]
name = "三步"

[[review.templates.three.steps]]
name = "一审"
kind = "审"
role = "editor"
checks = ["事实关"]
may_edit = true

[[review.templates.three.steps]]
name = "一校"
kind = "校"
role = "proofreader"

[[review.templates.three.steps]]
name = "三审"
kind = "审"
role = "approver"
checks = ["政治关", "文字关"]
"""
TEXT = "首期款在协议签订后5日内支付。<script>alert(1)</script>\n\n把法庭搬到田间地头。"


def open_office(workspace: Workspace, clock: Clock, *posts: str, **matter: str) -> Desk:
    """A desk with everybody's account and these posts in the queue, each for two channels."""
    workspace.settle_in("hook", "wall", settings=SETTINGS)
    desk = workspace.desk(clock)
    settle_people(desk)
    for post in posts:
        workspace.post(post, TEXT, **({"title": "法官带着调解协议来执行", "author": "wang"} | matter))
    if posts:
        queue(desk)
    return desk


def by(name: str, why: str = "") -> Person:
    return Person(name=name, why=why, how=PASSWORD, place="test")


def submit(desk: Desk, post: str = "one", name: str = "wang") -> None:
    carry_out(desk, SubmitReview(post=post), by(name))


def approve(desk: Desk, name: str, post: str = "one") -> None:
    """With every gate ticked, past the console."""
    record = review_record(desk.store, desk.reviews, post)
    assert record is not None
    open_ = next(step for step in record.steps if step.state == "open")
    carry_out(desk, ApproveReview(post=post, checks=open_.checks), by(name))


def states(desk: Desk, post: str = "one") -> list[str]:
    record = review_record(desk.store, desk.reviews, post)
    assert record is not None
    return [step.state for step in record.steps]


def stands(desk: Desk) -> dict[str, State]:
    """How the channels of the one post stand."""
    return {row.channel: row.state for row in list_deliveries(desk.store)}
