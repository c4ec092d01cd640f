"""Rules and templates of reviews that change while posts are under way, and two people who ignore one finding at once, on both databases."""

import threading
from dataclasses import replace
from typing import Any

import pytest

from tests.crash.test_killed_deciding import SETTINGS
from tests.support.reviewed_office import approve, approve_all, by, staff, stands, states, submit
from xuanfa.domain.act import IgnoreFinding
from xuanfa.domain.delivery import State
from xuanfa.domain.errors import StateError
from xuanfa.domain.review import ReviewState
from xuanfa.engine.once import one_pass
from xuanfa.operations.deciding.door import carry_out
from xuanfa.operations.desk import Desk
from xuanfa.operations.intake.queue import queue
from xuanfa.operations.keeping.verify import verify
from xuanfa.reports.listing import list_deliveries
from xuanfa.store import verdicts

RULE = """
[[rule]]
id = "term.field"
level = "{level}"
find = "田间地头"
message = "不写田间地头"
"""
PHONE = "联系电话13893512345，工作时间有人接听。"


@pytest.fixture
def office(workspace: Any, database: str, clock: Any) -> Any:
    """A column that is reviewed in three steps, on a real workspace with rules."""
    workspace.settle_in("hook", settings=f'database_url = "{database}"\n{SETTINGS}')
    workspace.clock = clock
    return workspace


def opened(office: Any) -> Desk:
    """As a process that starts now has it."""
    desk: Desk = replace(office.desk(office.clock))
    return desk


def rule(office: Any, level: str) -> None:
    folder = office.folder / "rules"
    folder.mkdir(exist_ok=True)
    (folder / "own.toml").write_text(RULE.format(level=level), encoding="utf-8")


def moved(desk: Desk) -> dict[str, State]:
    return {row.post: row.state for row in list_deliveries(desk.store)}


def test_a_rule_that_is_added_asks_the_last_step_of_what_was_approved_again(office: Any) -> None:
    desk = opened(office)
    staff(desk)
    office.post("one", publish_at="2099-03-02 10:00")
    queue(desk)
    submit(desk)
    approve_all(desk)
    assert moved(desk) == {"one": State.SCHEDULED}
    rule(office, "severe")
    desk = opened(office)
    queue(desk)
    assert states(desk) == "approved approved open"
    assert moved(desk) == {"one": State.AWAITING_REVIEW}
    with pytest.raises(StateError, match=r"--why"):
        approve(desk, "boss")
    (office.folder / "rules" / "own.toml").unlink()
    desk = opened(office)
    queue(desk)
    approve(desk, "boss")
    assert moved(desk) == {"one": State.SCHEDULED}
    assert [it.trouble for it in verify(desk) if it.trouble and "账号" not in it.what] == []


def test_a_veto_that_is_added_holds_what_was_approved_until_it_is_gone(office: Any) -> None:
    desk = opened(office)
    staff(desk)
    office.post("one", publish_at="2099-03-02 10:00")
    queue(desk)
    submit(desk)
    approve_all(desk)
    rule(office, "veto")
    desk = opened(office)
    queue(desk)
    assert moved(desk) == {"one": State.HELD}
    with desk.store.read() as connection:
        assert verdicts.altered(connection) == []
    (office.folder / "rules" / "own.toml").unlink()
    desk = opened(office)
    queue(desk)
    one_pass(desk)
    assert moved(desk)["one"] in {State.SCHEDULED, State.AWAITING_REVIEW}


def test_a_template_that_changes_is_for_what_is_submitted_afterwards(office: Any) -> None:
    desk = opened(office)
    staff(desk)
    for slug in ("one", "two"):
        office.post(slug, f"{slug}的正文，各不相同。" * 3, publish_at="2099-03-02 10:00")
    queue(desk)
    submit(desk)
    approve(desk, "ed")
    settings = office.folder / "xuanfa.toml"
    text = settings.read_text("utf-8")
    first = text.index("[[review.templates.three.steps]]")
    second = text.index("[[review.templates.three.steps]]", first + 1)
    settings.write_text(text[:first] + text[second:], encoding="utf-8")
    desk = opened(office)
    queue(desk)
    submit(desk, "two")
    assert (states(desk), states(desk, "two")) == ("approved open waiting", "open waiting")
    approve(desk, "proof")
    approve(desk, "boss")
    assert stands(desk).state is ReviewState.APPROVED
    assert moved(desk) == {"one": State.SCHEDULED, "two": State.AWAITING_REVIEW}


def test_of_two_people_who_ignore_one_finding_at_once_each_is_heard_and_it_goes_on_once(office: Any) -> None:
    settings = office.folder / "xuanfa.toml"
    settings.write_text(settings.read_text("utf-8").replace('default = "three"', 'default = "none"'), encoding="utf-8")
    desk = opened(office)
    staff(desk)
    office.post("one", PHONE, publish_at="2099-03-02 10:00")
    queue(desk)
    assert moved(desk) == {"one": State.HELD}
    start, ended = threading.Barrier(2), list[str]()
    act = IgnoreFinding(post="one", rule="privacy.mobile", text="13893512345")

    def decide(name: str) -> None:
        mine = opened(office)
        start.wait(30)
        try:
            carry_out(mine, act, by(name, "核实过"))
            ended.append(name)
        except StateError as error:
            ended.append(str(error))

    both = [threading.Thread(target=decide, args=(name,)) for name in ("boss", "boss2")]
    for each in both:
        each.start()
    for each in both:
        each.join(60)
    assert "boss" in ended or "boss2" in ended
    assert len(ended) == 2
    assert moved(desk) == {"one": State.SCHEDULED}
    with desk.store.read() as connection:
        found = verdicts.about(connection, "one")
        assert {each.actor for each in found} <= {"boss", "boss2"}
        assert verdicts.forged(connection) == verdicts.altered(connection) == []
