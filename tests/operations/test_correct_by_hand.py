"""Corrections written by hand-written SQL, past the program: what the database cannot refuse is not claimed, so that no request leaves for it."""

from typing import Any

import pytest
import sqlalchemy as sa

from tests.operations.test_correct_reviewed import ORDERER, bodies, edit, newest, office, ordered, out, sound
from tests.support.decisions import correct
from tests.support.reviewed_office import POLICY, approve_all
from xuanfa.domain.correction import Others
from xuanfa.domain.delivery import State
from xuanfa.domain.outcome import Unsent
from xuanfa.domain.review_policy import ReviewPolicy
from xuanfa.operations.watching.alarms import standing
from xuanfa.operations.withdrawing.carry_on import carry_on

__all__ = ["office", "out"]


def by_hand(office: Any, *texts: str) -> None:
    with office.desk.store.engine.begin() as connection:
        for text in texts:
            connection.execute(sa.text(text))


def left(office: Any) -> list[str]:
    """What any channel was asked, and every attempt that was begun for it."""
    asked = [body for script in office.scripts.values() for body in bodies(script)]
    return [*asked, *(f"{action} {outcome}" for action, outcome in office.tries() if action != "publish")]


@pytest.mark.parametrize("asks", [True, False])
def test_one_that_is_said_to_need_no_review_leaves_nothing(office: Any, out: Any, asks: bool) -> None:
    """Whatever the settings say by now: the post was reviewed, and the row that would say otherwise is not asked."""
    ordered(office)
    before = office.get()
    by_hand(office, "UPDATE corrections SET reviewed = false, state = 'open'")
    if not asks:
        by_hand(office, "UPDATE deliveries SET reviewed = false, approval = NULL")
    office._desk = office.another(reviews=POLICY if asks else ReviewPolicy())
    carry_on(office.desk)
    assert left(office) == []
    assert newest(office) == {"a": "failed", "b": "failed"}
    assert (office.get().digest, office.get().attempt) == (before.digest, before.attempt)
    causes = {each.cause.name: each.cause.words for each in standing(office.desk)}
    assert "没有经过审核" in causes["correct:one"]


def test_it_goes_on_by_a_review_once_it_is_ordered_again(office: Any, out: Any) -> None:
    ordered(office)
    by_hand(office, "UPDATE corrections SET reviewed = false, state = 'open'")
    carry_on(office.desk)
    office.clock.advance(minutes=1)
    assert {each.state.value for each in correct(office.desk, "one", ORDERER)} == {"review"}
    carry_on(office.desk)
    assert left(office) == []
    approve_all(office.desk)
    carry_on(office.desk)
    assert bodies(out) == ["二十人旁听。"]
    assert sound(office)


@pytest.mark.parametrize("reviewed", ["true", "false"])
def test_what_was_chosen_for_other_channels_is_not_done_without_its_review(
    office: Any, out: Any, reviewed: str
) -> None:
    """Their rows need no right of their own, so that the review itself is asked."""
    ordered(office, others=Others.AGAIN)
    by_hand(office, f"UPDATE corrections SET reviewed = {reviewed}, state = 'open' WHERE channel = 'b'")  # noqa: S608
    carry_on(office.desk)
    assert office.scripts["b"].withdrawn == []
    assert office.get(2).state is State.PUBLISHED
    assert not (office.folder / "posts" / "one-again.md").exists()
    assert newest(office)["b"] == ("review" if reviewed == "true" else "failed")


def test_a_row_that_was_inserted_leaves_nothing(office: Any, out: Any) -> None:
    """One more beside those of a correction that came about, of another text."""
    ordered(office)
    approve_all(office.desk)
    carry_on(office.desk)
    edit(office, "一人旁听。")
    office.queue()
    names = [each["name"] for each in sa.inspect(office.desk.store.engine).get_columns("corrections")]
    changed = {
        "id": "99",
        "state": "'open'",
        "digest": "'x'",
        "approval": "NULL",
        "reviewed": "false",
        "tries": "0",
        "try_at": "NULL",
    }
    picked = ", ".join(changed.get(name, name) for name in names)
    by_hand(
        office,
        f"INSERT INTO corrections ({', '.join(names)}) SELECT {picked} FROM corrections WHERE channel = 'a'",  # noqa: S608
    )
    carry_on(office.desk)
    assert bodies(out) == ["二十人旁听。"]
    assert newest(office)["a"] == "failed"


def test_a_row_of_an_unreviewed_post_changes_nothing_of_a_reviewed_one(office: Any, out: Any) -> None:
    ordered(office)
    office._desk = office.another(reviews=ReviewPolicy())
    office.write("free", "不用审。")
    office.queue()
    by_hand(
        office,
        "UPDATE corrections SET reviewed = false, state = 'open', post_id = (SELECT id FROM posts WHERE slug = 'free')",
    )
    carry_on(office.desk)
    assert left(office) == []
    with office.desk.store.read() as connection:
        states = set(connection.scalars(sa.text("SELECT state FROM corrections")))
    assert states == {"failed"}


def test_a_column_that_asks_only_since_the_order_holds_it(office: Any) -> None:
    """It was ordered where no review was needed, and its channel was away until the settings asked for one."""
    office._desk = office.another(reviews=ReviewPolicy())
    office.write("one", "三十人旁听。")
    office.queue()
    office.run()
    edit(office, "二十人旁听。")
    office.scripts["a"].retract.append(Unsent(evidence="503"))
    assert [each.state.value for each in correct(office.desk, "one", ORDERER)][:1] == ["open"]
    office.clock.advance(minutes=5)
    office._desk = office.another(reviews=POLICY)
    carry_on(office.desk)
    assert len(office.scripts["a"].withdrawn) == 1
    assert newest(office)["a"] == "failed"
