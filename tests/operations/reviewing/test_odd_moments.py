"""What happens around a decision: two people at once, a clock set back, people and templates that change midway."""

import threading
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from tests.support.reviewed_office import (
    POLICY,
    THREE,
    approve,
    approve_all,
    by,
    confirm,
    delegate,
    emergency,
    phone,
    send_back,
    stands,
    states,
    submit,
)
from xuanfa.domain.act import ApproveReview
from xuanfa.domain.delivery import State
from xuanfa.domain.errors import StateError
from xuanfa.domain.review import Level, ReviewState, Template
from xuanfa.operations.deciding.door import carry_out
from xuanfa.operations.watching.examine_reviews import examine_reviews
from xuanfa.reports.reviews import review_record
from xuanfa.store.schema import events


def lines(office: Any) -> int:
    with office.desk.store.read() as connection:
        return int(connection.scalar(sa.text("SELECT count(*) FROM decisions")) or 0)


def refusals(office: Any) -> list[str]:
    with office.desk.store.read() as connection:
        query = sa.select(events.c.why).where(events.c.after == "refused").order_by(events.c.id)
        return [str(why) for why in connection.scalars(query)]


def test_of_two_people_at_the_same_instant_one_decides(office: Any) -> None:
    """Really at once, from two connections: the other is refused with a reason, and it is one decision."""
    office.queue("one")
    submit(office.desk)
    approve(office.desk, "ed")
    approve(office.desk, "proof")
    before = lines(office)
    desks = [office.another(reviews=POLICY) for _ in range(2)]
    start, ended = threading.Barrier(2), dict[str, str]()

    def decide(name: str, desk: Any) -> None:
        start.wait()
        try:
            carry_out(desk, ApproveReview(post="one", step=3, checks=("政治关",)), by(name))
            ended[name] = ""
        except StateError as error:
            ended[name] = str(error)

    threads = [threading.Thread(target=decide, args=each) for each in zip(("boss", "boss2"), desks, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert sorted(map(bool, ended.values())) == [False, True]
    assert "各步都已通过" in "".join(ended.values())
    assert lines(office) == before + 1
    assert {each.state for each in office.all()} == {State.SCHEDULED}
    assert len(refusals(office)) == 1


def test_two_returns_and_approvals_at_once_leave_one_of_them(office: Any) -> None:
    office.queue("one")
    submit(office.desk)
    desks = [office.another(reviews=POLICY) for _ in range(2)]
    start, ended = threading.Barrier(2), list[str]()

    def decide(turn: Any) -> None:
        start.wait()
        try:
            turn()
            ended.append("")
        except StateError as error:
            ended.append(str(error))

    turns = (
        lambda: approve(desks[0], "ed", checks=("事实关",), step=1),
        lambda: send_back(desks[1], "all", step=1),
    )
    threads = [threading.Thread(target=decide, args=(turn,)) for turn in turns]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert sorted(map(bool, ended)) == [False, True]
    assert states(office.desk) in {"approved open waiting", "returned waiting waiting"}


def test_a_clock_set_back_is_refused_and_changes_nothing(office: Any) -> None:
    office.queue("one")
    submit(office.desk)
    approve(office.desk, "ed")
    approve(office.desk, "proof")
    phone(office.desk, "ed", "boss", office.clock())
    before, noon = lines(office), office.clock.now
    office.clock.now = noon - timedelta(minutes=5)
    for act in (
        lambda: confirm(office.desk, "boss"),
        lambda: emergency(office.desk, "boss"),
    ):
        with pytest.raises(StateError, match="时钟"):
            act()
    office.clock.now = noon
    confirm(office.desk, "boss")
    assert lines(office) == before + 1
    assert ["时钟" in why for why in refusals(office)] == [True, True]


@pytest.mark.parametrize("name", ["ed", "all"])
def test_an_approval_by_a_clock_set_back_is_refused(office: Any, name: str) -> None:
    office.queue("one")
    submit(office.desk)
    office.clock.now -= timedelta(hours=1)
    before = lines(office)
    for act in (lambda: approve(office.desk, name), lambda: send_back(office.desk, name)):
        with pytest.raises(StateError, match="时钟"):
            act()
    assert lines(office) == before


def test_a_template_that_changes_concerns_only_what_is_submitted_afterwards(office: Any) -> None:
    office.queue("one", "two")
    submit(office.desk)
    approve(office.desk, "ed")
    other = replace(THREE, steps=(replace(THREE.steps[2], name="只签发"),))
    office._desk = office.another(
        reviews=replace(POLICY, templates={**POLICY.templates, "three": other}, level=Level.STRICT)
    )
    assert states(office.desk) == "approved open waiting"
    approve(office.desk, "proof")
    approve(office.desk, "boss")
    assert stands(office.desk).state is ReviewState.APPROVED
    submit(office.desk, "two")
    assert [each.step.name for each in stands(office.desk, "two").steps] == ["只签发"]


def test_a_template_that_is_gone_is_said_and_what_is_under_way_goes_on(office: Any) -> None:
    office.queue("one", "two")
    submit(office.desk)
    left: dict[str, Template] = {id_: each for id_, each in POLICY.templates.items() if id_ != "three"}
    office._desk = office.another(reviews=replace(POLICY, default="regular", templates=left))
    approve_all(office.desk)
    with pytest.raises(StateError, match="没有审核模板 three"):
        submit(office.desk, "two")


def test_people_who_change_midway(office: Any) -> None:
    office.queue("one")
    submit(office.desk)
    approve(office.desk, "ed")
    with office.desk.store.write() as connection:
        connection.execute(sa.text("UPDATE users SET display = '新名字' WHERE name = 'ed'"))
        connection.execute(sa.text("UPDATE users SET disabled = :yes WHERE name = 'proof'"), {"yes": True})
    record = review_record(office.desk.store, office.desk.reviews, "one")
    assert record is not None
    assert (record.steps[0].by, record.steps[0].by_shown, record.steps[0].state) == ("ed", "新名字", "approved")
    before = lines(office)
    with pytest.raises(StateError, match="停用"):
        approve(office.desk, "proof")
    with pytest.raises(StateError, match="没有这个角色"):
        approve(office.desk, "ed")  # a new name is the same person
    assert lines(office) == before
    approve(office.desk, "all")
    approve(office.desk, "boss")
    with office.desk.store.write() as connection:  # what was decided counts, whatever becomes of its person
        connection.execute(sa.text("UPDATE users SET disabled = :yes WHERE name = 'boss'"), {"yes": True})
    office.run()
    assert {each.state for each in office.all()} == {State.PUBLISHED}


def test_an_author_by_their_old_name_is_one_still(office: Any) -> None:
    office.write("one", author="ed同志")
    office.queue()
    submit(office.desk)
    with office.desk.store.write() as connection:
        connection.execute(sa.text("UPDATE users SET display = '新名字' WHERE name = 'ed'"))
    with pytest.raises(StateError, match="新名字是本稿作者"):
        approve(office.desk, "ed")


def test_doctor_names_each_column_without_review_and_each_step_without_anybody(office: Any) -> None:
    office.queue("one")
    submit(office.desk)
    assert not [each for each in examine_reviews(office.desk) if each.trouble]
    with office.desk.store.write() as connection:
        connection.execute(
            sa.text("UPDATE users SET disabled = :yes WHERE name IN ('boss', 'boss2', 'all')"), {"yes": True}
        )
    template, post = [each for each in examine_reviews(office.desk) if each.trouble]
    assert "审核模板 三步" in template.what
    assert "第 3 步（签发）现在没有人能审" in template.trouble
    assert "稿件 one 的审核" in post.what
    none = office.another(reviews=replace(POLICY, default="none"))
    assert ["不审核（none）" in each.what for each in examine_reviews(none) if "专栏" in each.what] == [True]


def test_a_template_that_only_the_author_could_hold_is_named(office: Any) -> None:
    office.queue("one")
    with office.desk.store.write() as connection:
        connection.execute(sa.text("UPDATE users SET disabled = :yes WHERE name IN ('boss', 'boss2')"), {"yes": True})
    assert not [each for each in examine_reviews(office.desk) if each.trouble]  # there is one: all
    assert ["签发" in each for each in submit(office.desk, name="all").remarks] == [True]


def test_a_delegation_that_would_be_over_already_is_refused(office: Any) -> None:
    now = office.clock()
    with pytest.raises(StateError, match="已经过去"):
        delegate(office.desk, "boss", "ed", now - timedelta(days=2), now)
    assert delegate(office.desk, "boss", "ed", now - timedelta(days=2), now + timedelta(seconds=1)).deputy == "ed"
