"""A withdrawal goes by the receipt as it was entered, or not at all; and what became of it is vouched for like everything else."""

from typing import Any

import pytest
import sqlalchemy as sa

from tests.operations.conftest import published
from tests.support.decisions import retract, retracted_by_hand
from tests.support.verified import force, troubles
from xuanfa.domain.delivery import State
from xuanfa.domain.errors import StateError
from xuanfa.domain.finding import Finding
from xuanfa.domain.outcome import Accepted, Blame, Rejected, Retracted, Unknown
from xuanfa.domain.person import Person
from xuanfa.operations.sending.settle import lapse
from xuanfa.operations.watching.alarms import standing
from xuanfa.store.schema import receipts

ANNA = Person(name="安娜", why="写错了")
ALTERED = {
    "its number": "UPDATE receipts SET remote_id = 'somebody else''s'",
    "no number": "UPDATE receipts SET remote_id = NULL",
    "its address": "UPDATE receipts SET address = 'https://www.example.gov.cn/other'",
    "its time": "UPDATE receipts SET published_at = published_at - 1",
    "its evidence": "UPDATE receipts SET evidence = 'forged'",
    "its title": "UPDATE receipts SET title = 'forged'",
    "its account": "UPDATE receipts SET account = 'forged'",
    "its mode": "UPDATE receipts SET rehearsal = (1 = 1)",
    "that it is withdrawn already": "UPDATE receipts SET retracted_at = 1",
    "that it is there": "DELETE FROM receipts",
    "its key": "UPDATE deliveries SET key = 'forged'",
}


def published_one(bench: Any) -> Any:
    script = bench.channel(retracts=True)
    bench.queue("one", "two")
    bench.run()
    assert [each.state for each in bench.all()] == [State.PUBLISHED, State.PUBLISHED]
    script.retract += [Retracted(evidence="gone"), Retracted(evidence="gone")]
    return script


def alarms(bench: Any) -> list[str]:
    return [each.cause.name for each in standing(bench.desk) if each.cause.name.startswith("receipt:")]


@pytest.mark.parametrize("what", ALTERED)
def test_nothing_is_withdrawn_by_a_receipt_that_was_altered(bench: Any, what: str) -> None:
    script = published_one(bench)
    force(bench, f"{ALTERED[what]} WHERE {'id' if 'deliveries' in ALTERED[what] else 'delivery_id'} = 1")
    with pytest.raises(StateError, match=r"投递 1 的回执与发布时登记的不符.*verify.*retract 1 --done"):
        retract(bench.desk, 1, ANNA)
    assert script.withdrawn == []
    assert (bench.get().state, bench.tries()) == (State.PUBLISHED, [("publish", "published")])
    assert bench.history()[-2:] == ["receipt_altered", "refused"]
    assert alarms(bench) == ["receipt:1"]
    assert retract(bench.desk, 2, ANNA).state is State.RETRACTED  # the other one is as it was


def test_it_is_withdrawn_when_its_receipt_is_right_again_and_the_alarm_ends(bench: Any) -> None:
    script = published_one(bench)
    with bench.desk.store.read() as connection:
        was = connection.scalar(sa.select(receipts.c.remote_id).where(receipts.c.delivery_id == 1))
    force(bench, ALTERED["its number"])
    with pytest.raises(StateError):
        retract(bench.desk, 1, ANNA)
    assert alarms(bench) == ["receipt:1"]  # nobody has asked for the other one
    force(bench, "UPDATE receipts SET remote_id = :was WHERE delivery_id = 1", was=was)
    assert alarms(bench) == []
    assert retract(bench.desk, 1, ANNA).state is State.RETRACTED
    assert [receipt.remote_id for _, receipt in script.withdrawn] == [was]


def test_what_a_person_has_taken_down_is_no_alarm_any_more(bench: Any) -> None:
    published_one(bench)
    force(bench, ALTERED["its address"])
    with pytest.raises(StateError):
        retract(bench.desk, 1, ANNA)
    assert retracted_by_hand(bench.desk, 1, ANNA).state is State.RETRACTED
    assert alarms(bench) == []
    assert any("回执与发布时登记的一致: 投递 1" in each for each in troubles(bench))


def test_a_withdrawal_that_is_tried_again_goes_by_the_receipt_as_it_was(bench: Any) -> None:
    script = published_one(bench)
    script.retract[:] = [Unknown(evidence="timeout"), Retracted(evidence="gone")]
    assert retract(bench.desk, 1, ANNA).state is State.RETRACTING
    force(bench, ALTERED["its number"])
    with pytest.raises(StateError, match="回执"):
        retract(bench.desk, 1, ANNA)
    assert len(script.withdrawn) == 1


def test_a_receipt_that_was_made_for_what_is_not_public_withdraws_nothing(bench: Any) -> None:
    script = bench.channel(retracts=True)
    script.publish.append(Accepted(ticket="t"))
    bench.queue("one")
    bench.run()
    force(
        bench,
        "INSERT INTO receipts (delivery_id, post_id, channel, remote_id, published_at, evidence)"
        " SELECT id, post_id, channel, 'somebody else''s', 1, 'forged' FROM deliveries WHERE id = 1",
    )
    with pytest.raises(StateError, match="回执"):
        retract(bench.desk, 1, ANNA)
    assert script.withdrawn == []


def handed_over(bench: Any, *said: Any) -> None:
    """Drafts that a channel took and that nobody has published; each is asked back, with one of these answers."""
    script = bench.channel(retracts=True)
    script.publish += [Accepted(ticket=f"t{number}") for number in range(len(said))]
    bench.queue(*(f"p{number}" for number in range(len(said))))
    bench.run()
    script.retract += said
    for number in range(len(said)):
        retract(bench.desk, number + 1, ANNA)


def test_a_draft_that_was_taken_back_is_no_trouble(bench: Any) -> None:
    """It was never public, so that it has no receipt."""
    refused = Rejected(findings=(Finding(code="no", message="no"),), blame=Blame.CONTENT)
    handed_over(bench, Retracted(evidence="gone"), Unknown(evidence="timeout"), refused)
    assert [each.state for each in bench.all()] == [State.RETRACTED, State.RETRACTING, State.ACCEPTED]
    assert troubles(bench) == []


def test_one_that_was_taken_back_after_it_was_published_has_its_receipt(bench: Any) -> None:
    """Taken for a draft once, and public since: its receipt may not be missing."""
    script = bench.channel(retracts=True, confirms=True)
    script.publish.append(Accepted(ticket="t"))
    script.retract += [
        Rejected(findings=(Finding(code="no", message="no"),), blame=Blame.CONTENT),
        Unknown(evidence="?"),
    ]
    bench.queue("one")
    bench.run()
    retract(bench.desk, 1, ANNA)
    script.confirm.append(published("1"))
    bench.put(State.ACCEPTED, look_at=bench.clock())
    bench.run()
    assert bench.get().state is State.PUBLISHED
    retract(bench.desk, 1, ANNA)
    assert troubles(bench) == []
    force(bench, "DELETE FROM receipts")
    assert any("都有回执: 投递 1" in each for each in troubles(bench))


@pytest.mark.parametrize("public", [True, False])
def test_a_withdrawal_without_a_clear_answer_is_vouched_for(bench: Any, public: bool) -> None:
    script = bench.channel(retracts=True)
    if not public:
        script.publish.append(Accepted(ticket="t"))
    bench.queue("one")
    bench.run()
    script.retract.append(Unknown(evidence="timeout"))
    retract(bench.desk, 1, ANNA)
    assert bench.history()[-1] == "withdrawal_unknown"
    assert troubles(bench) == []
    force(bench, "UPDATE attempts SET evidence = 'gone, said the channel' WHERE action = 'retract'")
    assert any("每次尝试与历史里登记的一致: 投递 1" in each for each in troubles(bench))


def test_a_withdrawal_whose_process_died_is_vouched_for_and_may_be_asked_for_again(bench: Any, lease: Any) -> None:
    script = published_one(bench)
    other = bench.another(process="died")

    script.retract = Dying()
    with pytest.raises(KeyboardInterrupt):
        retract(other, 1, ANNA)
    bench.clock.now += lease
    lapse(bench.desk)
    assert bench.history()[-1] == "withdrawal_unknown"
    assert troubles(bench) == []
    script.retract = [Retracted(evidence="gone")]
    assert retract(bench.desk, 1, ANNA).state is State.RETRACTED
    assert troubles(bench) == []
    force(bench, "UPDATE attempts SET started_at = started_at - 1 WHERE number = 2")
    assert any("每次尝试与历史里登记的一致: 投递 1" in each for each in troubles(bench))


class Dying(list[Any]):
    """Answers of a channel in whose midst the process ends."""

    def __bool__(self) -> bool:
        raise KeyboardInterrupt
