"""When a post expires, is taken down and is asked about is approved with the rest: another time asks the last step again, and no other."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.support.reviewed_office import POLICY, approve, approve_all, staff, stands, states, submit
from xuanfa.domain.delivery import State
from xuanfa.domain.outcome import Retracted
from xuanfa.domain.review import ReviewState
from xuanfa.operations.withdrawing.carry_on import carry_on
from xuanfa.reports.reviews import review_record, waiting_reviews
from xuanfa.store import withdrawals

NAMES = ("expires_at", "retract_at", "review_on")


@pytest.fixture
def office(bench: Any) -> Any:
    bench.channel("a", retracts=True).retract.append(Retracted(evidence="gone"))
    bench._desk = bench.another(reviews=POLICY)
    staff(bench.desk)
    return bench


def named(office: Any, days: float, name: str = "retract_at") -> str:
    at: datetime = (office.clock() + timedelta(days=days)).astimezone(office.desk.zone)
    return f"{at:%Y-%m-%d}" if name == "review_on" else f"{at:%Y-%m-%d %H:%M}"


def write(office: Any, **head: str) -> None:
    office.clock.advance(minutes=1)
    office.write("one", "正文。", publish_at="2026-03-05 09:00", **head)
    office.queue()


def waiting(office: Any) -> list[tuple[str, int]]:
    rows = waiting_reviews(office.desk.store, office.desk.reviews, office.desk.zone, office.clock())
    return [(row.post, row.step) for row in rows]


def counting(office: Any) -> datetime | None:
    """When the post is taken down, as it counts."""
    with office.desk.store.read() as connection:
        return next((at for _, _, at in withdrawals.due_by_time(connection, office.clock() + timedelta(days=90))), None)


@pytest.mark.parametrize("name", NAMES)
def test_another_end_asks_the_last_step_again(office: Any, name: str) -> None:
    write(office, **{name: named(office, 20, name)})
    first = submit(office.desk).decision.digest
    approve_all(office.desk)
    assert office.get().state is State.SCHEDULED
    write(office, **{name: named(office, 30, name)})
    assert states(office.desk) == "approved approved open"
    assert office.get().state is State.AWAITING_REVIEW
    assert stands(office.desk).digest != first
    record = review_record(office.desk.store, office.desk.reviews, "one")
    assert record is not None
    assert record.times["a"][name] is not None
    approve(office.desk, "boss")
    assert office.get().state is State.SCHEDULED


def test_an_end_that_stays_asks_nobody(office: Any) -> None:
    write(office, retract_at="2026-05-01 09:00", review_on="2026-04-01")
    submit(office.desk)
    approve_all(office.desk)
    write(office, retract_at="2026-05-01 09:00", review_on="2026-04-01")
    assert states(office.desk) == "approved approved approved"


def published(office: Any) -> datetime:
    write(office, retract_at="2026-04-01 09:00")
    submit(office.desk)
    assert counting(office) is None
    approve_all(office.desk)
    office.clock.advance(days=3)
    office.run()
    assert office.get().state is State.PUBLISHED
    found = counting(office)
    assert found is not None
    return found


def test_what_is_out_ends_as_it_was_approved_until_the_last_step_says_otherwise(office: Any) -> None:
    was = published(office)
    write(office, retract_at="2026-04-20 09:00")
    assert waiting(office) == [("one", 3)]
    assert office.get().state is State.PUBLISHED
    assert counting(office) == was
    approve(office.desk, "boss")
    assert waiting(office) == []
    assert counting(office) == was + timedelta(days=19)
    office.clock.advance(days=30)
    carry_on(office.desk)
    assert office.get().state is State.PUBLISHED
    office.clock.advance(days=20)
    carry_on(office.desk)
    assert office.get().state is State.RETRACTED


def test_what_nobody_has_approved_keeps_the_end_that_was(office: Any) -> None:
    published(office)
    write(office)
    assert waiting(office) == [("one", 3)]
    office.clock.advance(days=40)
    carry_on(office.desk)
    assert office.get().state is State.RETRACTED
    assert waiting(office) == []


def test_an_end_that_is_put_back_asks_nobody_any_more(office: Any) -> None:
    was = published(office)
    write(office, retract_at="2026-04-20 09:00")
    write(office, retract_at="2026-04-01 09:00")
    assert (waiting(office), counting(office)) == ([], was)
    assert stands(office.desk).state is ReviewState.OPEN
