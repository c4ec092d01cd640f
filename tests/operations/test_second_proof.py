"""Whatever says that a delivery is out twice is alarmed of, found by verify, told with the count, and settled by a person who has looked."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from tests.support.decisions import cancel, resolve_absent, resolve_once, resolve_published, retract, retry
from xuanfa.domain.alarm import Alarms, Told
from xuanfa.domain.counting import definition, sentence
from xuanfa.domain.delivery import State
from xuanfa.domain.errors import StateError
from xuanfa.domain.outcome import Absent, Accepted, Deferred, Published, Rejected, Retracted, Unknown, Unsent
from xuanfa.domain.person import Person
from xuanfa.domain.receipt import Receipt, is_another
from xuanfa.operations.keeping.verify import verify
from xuanfa.operations.sending.perform import Done, Job, perform
from xuanfa.operations.sending.settle import lapse
from xuanfa.operations.watching.alarms import raise_alarms, standing
from xuanfa.reports.counts import Period, count
from xuanfa.store.schema import deliveries, events, receipts

ANNA = Person(name="anna", why="looked")


def at(number: int | str) -> Published:
    return Published(
        receipt=Receipt(remote_id=str(number), address=f"https://www.example.gov.cn/{number}", evidence=f"id {number}")
    )


def nameless() -> Published:
    """As of a robot: that it was taken, and nothing to tell it by."""
    return Published(receipt=Receipt(evidence="ok"))


def second_proofs(bench: Any) -> list[str]:
    """What the alarms, verify and the count say of it, which must be one thing."""
    causes = [each.cause.name for each in standing(bench.desk) if each.cause.name.startswith("twice:")]
    trouble = [item.trouble for item in verify(bench.desk) if "一份发布证据" in item.what]
    found = count(bench.desk.store, Period(zone=bench.desk.zone))
    assert len(causes) == found.twice
    assert ("两份发布证据" in sentence(found, "")) is bool(causes)
    assert bool(trouble[0]) is bool(causes)
    return causes


def sent_twice(bench: Any, lease: timedelta, **channel: Any) -> tuple[Job, Job]:
    """The first request was given up, a person said that it is not there, and a second one is under way. Both jobs."""
    bench.channel(**channel)
    bench.queue("one")
    (first,) = bench.claim()
    bench.clock.now += lease
    lapse(bench.desk)
    if bench.get().state is State.UNKNOWN:
        resolve_absent(bench.desk, 1, ANNA)
    bench.clock.now = max(bench.clock.now, bench.get().ready_at)
    (second,) = bench.claim()
    return first, second


def done(job: Job, ending: Any) -> Done:
    return Done(job=job, ending=ending)


@pytest.mark.parametrize("first_back", [True, False])
def test_two_answers_with_two_numbers_are_two_publications(bench: Any, lease: timedelta, first_back: bool) -> None:
    first, second = sent_twice(bench, lease)
    answers = [done(first, at(1)), done(second, at(2))]
    for answer in answers if first_back else answers[::-1]:
        bench.settle(answer)
    assert (bench.get().state, second_proofs(bench)) == (State.PUBLISHED, ["twice:1"])
    words = next(each.cause.words for each in standing(bench.desk) if each.cause.name == "twice:1")
    assert "https://www.example.gov.cn/1" in words
    assert "https://www.example.gov.cn/2" in words


def test_two_answers_that_come_together_are_seen_too(bench: Any, lease: timedelta) -> None:
    first, second = sent_twice(bench, lease)
    bench.settle(done(first, at(1)), done(second, at(2)))
    assert second_proofs(bench) == ["twice:1"]


def test_two_answers_of_one_number_are_one_publication(bench: Any, lease: timedelta) -> None:
    """A channel that knows what it has, whatever it was told to expect of it."""
    first, second = sent_twice(bench, lease)
    bench.settle(done(second, at(1)))
    bench.settle(done(first, at(1)))
    assert (bench.get().state, second_proofs(bench)) == (State.PUBLISHED, [])


def test_two_answers_without_numbers_are_two_publications(bench: Any, lease: timedelta) -> None:
    first, second = sent_twice(bench, lease)
    bench.settle(done(second, nameless()))
    bench.settle(done(first, nameless()))
    assert second_proofs(bench) == ["twice:1"]


def test_a_channel_that_honours_our_key_may_answer_twice(bench: Any, lease: timedelta) -> None:
    first, second = sent_twice(bench, lease, replay=timedelta(hours=24))
    assert second.repeats is not None
    bench.settle(done(second, nameless()))
    bench.settle(done(first, nameless()))
    assert second_proofs(bench) == []


def test_a_channel_that_breaks_its_promise_to_honour_our_key_is_found_out(bench: Any, lease: timedelta) -> None:
    first, second = sent_twice(bench, lease, replay=timedelta(hours=24))
    bench.settle(done(second, at(2)))
    bench.settle(done(first, at(1)))
    assert second_proofs(bench) == ["twice:1"]


def test_an_answer_whose_commit_nobody_heard_of_is_no_second_proof(bench: Any) -> None:
    bench.channel()
    bench.queue("one")
    (job,) = bench.claim()
    for _ in range(2):
        bench.settle(done(job, nameless()))
    assert (bench.get().state, second_proofs(bench)) == (State.PUBLISHED, [])


@pytest.mark.parametrize(
    ("address", "twice"), [("http://www.example.gov.cn/1/", []), ("https://www.example.gov.cn/x", ["twice:1"])]
)
def test_what_a_person_saw_is_compared_with_what_the_channel_says(
    bench: Any, lease: timedelta, address: str, twice: list[str]
) -> None:
    bench.channel()
    bench.queue("one")
    (job,) = bench.claim()
    bench.clock.now += lease
    lapse(bench.desk)
    resolve_published(bench.desk, 1, address, ANNA)
    bench.settle(done(job, at(1)))
    assert (bench.get().state, second_proofs(bench)) == (State.PUBLISHED, twice)


@pytest.mark.parametrize(
    ("address", "twice"),
    [
        ("https://www.example.gov.cn/x", ["twice:1"]),
        ("https://www.example.gov.cn/12", ["twice:1"]),
        ("https://www.example.gov.cn/p/1.html", []),
        ("https://www.example.gov.cn/?p=1", []),
    ],
)
def test_a_number_that_nobody_has_compared_with_what_a_person_saw_is_asked_about(
    bench: Any, lease: timedelta, address: str, twice: list[str]
) -> None:
    bench.channel()
    bench.queue("one")
    (job,) = bench.claim()
    bench.clock.now += lease
    lapse(bench.desk)
    resolve_published(bench.desk, 1, address, ANNA)
    bench.settle(done(job, Published(receipt=Receipt(remote_id="1", evidence="id 1"))))
    assert (bench.get().state, second_proofs(bench)) == (State.PUBLISHED, twice)
    if twice:
        resolve_once(bench.desk, 1, ANNA)
        assert second_proofs(bench) == []


def test_a_look_that_finds_another_one_is_a_second_proof(bench: Any, lease: timedelta) -> None:
    script = bench.channel(confirms=True)
    bench.queue("one")
    (job,) = bench.claim()
    bench.clock.now += lease
    lapse(bench.desk)
    bench.clock.advance(minutes=2)
    (look,) = bench.claim()
    script.confirm.append(at(2))
    bench.settle(done(job, at(1)))
    bench.settle(perform(bench, look))
    assert (bench.get().state, second_proofs(bench)) == (State.PUBLISHED, ["twice:1"])


@pytest.mark.parametrize(
    "ending", [Unsent(evidence="refused"), Deferred(after=timedelta(0), reason="429"), Unknown(evidence="?")]
)
def test_what_is_proved_while_it_is_sent_again_is_not_sent_a_third_time(
    bench: Any, lease: timedelta, ending: Any
) -> None:
    first, second = sent_twice(bench, lease)
    bench.settle(done(first, at(1)))
    assert bench.get().state is State.PUBLISHING
    bench.settle(done(second, ending))
    bench.clock.advance(hours=1)
    bench.run()
    assert (bench.get().state, bench.scripts["a"].sent) == (State.UNKNOWN, [])
    assert "id 1" in bench.get().reason


def test_what_is_proved_is_not_absent_because_a_list_does_not_show_it(bench: Any, lease: timedelta) -> None:
    first, second = sent_twice(bench, lease, confirms=True)
    bench.settle(done(first, at(1)))
    bench.settle(done(second, Unknown(evidence="timeout")))
    bench.scripts["a"].confirm += [Absent(evidence="not listed")] * 50
    for _ in range(5):
        bench.clock.now = bench.get().look_at
        bench.run()
    assert (bench.get().state, bench.scripts["a"].sent) == (State.UNKNOWN, [])
    assert "https://www.example.gov.cn/1" in bench.get().reason
    resolve_absent(bench.desk, 1, ANNA)  # a person may know better
    bench.run()
    assert (bench.get().state, len(bench.scripts["a"].sent)) == (State.PUBLISHED, 1)


@pytest.mark.parametrize("state", [State.HELD, State.FAILED, State.REJECTED, State.CANCELLED])
@pytest.mark.parametrize("ending", [at(1), Accepted(ticket="t")])
def test_what_was_called_off_and_is_out_all_the_same_is_not_passed_over(
    bench: Any, lease: timedelta, state: State, ending: Any
) -> None:
    bench.channel()
    bench.queue("one")
    (job,) = bench.claim()
    bench.clock.now += lease
    lapse(bench.desk)
    resolve_absent(bench.desk, 1, ANNA)
    if state is State.CANCELLED:
        cancel(bench.desk, 1, ANNA)
    else:
        bench.put(state)
    bench.settle(done(job, ending))
    assert bench.get().state is State.UNKNOWN
    assert bench.history()[-2:] == ["late_answer", "unknown"]


def test_a_look_that_finds_it_after_a_person_did_not_stops_the_sending(bench: Any) -> None:
    script = bench.channel(confirms=True)
    script.publish.append(Unknown(evidence="timeout"))
    bench.queue("one")
    bench.run()
    bench.clock.advance(minutes=2)
    (look,) = bench.claim()
    resolve_absent(bench.desk, 1, ANNA)
    script.confirm += [at(1), at(1)]
    bench.settle(perform(bench, look))
    assert bench.get().state is State.UNKNOWN
    bench.run()
    assert (bench.get().state, len(script.sent), second_proofs(bench)) == (State.PUBLISHED, 1, [])


def test_what_was_rehearsed_proves_nothing_of_what_is_real(bench: Any) -> None:
    bench.channel(rehearsal=True)
    bench.queue("one")
    (job,) = bench.claim()
    bench.settle(done(job, at(1)))
    bench.channels["a"] = type(bench.channels["a"])(id="a", kind="scripted", title="a", budget="a")
    retry(bench.desk, 1, ANNA)
    bench.settle(done(job, at(1)))
    assert bench.get().state is State.SCHEDULED
    bench.scripts["a"].publish.append(at(2))
    bench.run()
    assert (bench.get().state, bench.get().rehearsal, second_proofs(bench)) == (State.PUBLISHED, False, [])


def test_a_withdrawal_that_did_not_come_about_is_no_second_publication(bench: Any) -> None:
    script = bench.channel(retracts=True)
    script.retract.append(Unsent(evidence="refused"))
    bench.queue("one")
    bench.run()
    retract(bench.desk, 1, ANNA)
    assert (bench.get().state, second_proofs(bench)) == (State.PUBLISHED, [])


def test_a_withdrawal_that_comes_about_late_is_not_said_to_be_public(
    bench: Any, lease: timedelta, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first one is given up, the second one is refused, and then the first one's answer comes."""
    script = bench.channel(retracts=True)
    script.retract.append(Rejected(findings=(), blame="content"))
    bench.queue("one")
    bench.run()
    jobs: list[Job] = []

    def stopped(_adapters: Any, job: Job, _clock: Any = None) -> Done:
        jobs.append(job)
        raise InterruptedError

    with monkeypatch.context() as patch:
        patch.setattr("xuanfa.operations.deciding.retract.perform", stopped)
        with pytest.raises(InterruptedError):
            retract(bench.desk, 1, ANNA)
    bench.clock.now += lease
    retract(bench.desk, 1, ANNA)
    assert bench.get().state is State.PUBLISHED
    bench.settle(done(jobs[0], Retracted(evidence="204")))
    assert bench.get().state is State.RETRACTING
    assert "迟到" in bench.get().reason
    assert [item.what for item in verify(bench.desk) if item.trouble] == []


def test_a_state_that_was_set_back_by_hand_does_not_end_the_pass_and_both_receipts_are_kept(bench: Any) -> None:
    script = bench.channel()
    script.publish += [at(1), at(2), at(3)]
    bench.queue("one", "two")
    bench.run()
    with bench.desk.store.write() as connection:
        connection.execute(
            deliveries.update().where(deliveries.c.id == 1).values(state="scheduled", first_sent_at=None)
        )
    bench.run()
    assert [each.state for each in bench.all()] == [State.PUBLISHED] * 2
    assert second_proofs(bench) == ["twice:1"]
    with bench.desk.store.read() as connection:
        assert connection.scalar(sa.select(receipts.c.remote_id).where(receipts.c.delivery_id == 1)) == "1"


def test_two_published_lines_in_the_history_are_found_whoever_wrote_them(bench: Any) -> None:
    bench.channel()
    bench.queue("one", "two")
    bench.run()
    assert second_proofs(bench) == []
    line = {
        "at": bench.clock(),
        "delivery_id": 2,
        "before": "publishing",
        "after": "published",
        "actor": "x",
        "why": "",
    }
    with bench.desk.store.write() as connection:
        connection.execute(events.insert().values(**line))
    assert count(bench.desk.store, Period(zone=bench.desk.zone)).twice == 1, "before anybody has looked for alarms"
    assert second_proofs(bench) == ["twice:2"]


def test_a_person_who_has_looked_ends_it_until_there_is_another_proof(bench: Any, lease: timedelta) -> None:
    first, second = sent_twice(bench, lease)
    bench.settle(done(first, at(1)), done(second, at(2)))
    with pytest.raises(StateError):
        resolve_once(bench.desk, 2, ANNA)
    resolve_once(bench.desk, 1, ANNA)
    assert second_proofs(bench) == []
    with pytest.raises(StateError, match="没有第二份发布证据"):
        resolve_once(bench.desk, 1, ANNA)
    bench.clock.advance(minutes=10)
    assert second_proofs(bench) == []


def test_it_is_told_at_once_however_lately_another_message_went_out(bench: Any, lease: timedelta) -> None:
    told: list[str] = []

    class Teller:
        def targets(self) -> tuple[Told, ...]:
            return ()

        def tell(self, title: str, body: str) -> tuple[Told, ...]:
            told.append(body)
            return (Told(target="1"),)

    first, second = sent_twice(bench, lease)
    desk = bench.another(alarms=Alarms(teller=Teller(), quiet=timedelta(minutes=10)))
    bench.channel("b").publish.append(Rejected(findings=(), blame="content"))
    bench.put(State.FAILED)
    raise_alarms(desk)
    assert len(told) == 1
    bench.put(State.PUBLISHING)
    bench.settle(done(second, at(2)), done(first, at(1)))
    raise_alarms(desk)
    assert len(told) == 2
    assert "可能发出了两次" in told[1]


def test_the_definition_of_the_count_says_how_it_is_counted() -> None:
    assert "两份发布证据的仍计 1 条" in definition()


@pytest.mark.parametrize(
    ("one", "other", "another"),
    [
        (Receipt(remote_id="1"), Receipt(remote_id="2"), True),
        (Receipt(remote_id="1", address="https://a.cn/1"), Receipt(remote_id="1", address="https://a.cn/2"), False),
        (Receipt(address="https://a.cn/1"), Receipt(remote_id="1", address="https://a.cn/2"), True),
        (Receipt(address="https://a.cn/1"), Receipt(address="http://A.cn/1/"), False),
        # A number that nobody has compared with an address is another thing until a person has, unless the address names it.
        (Receipt(address="https://a.cn/1"), Receipt(remote_id="1"), False),
        (Receipt(address="https://a.cn/p/1.html"), Receipt(remote_id="1"), False),
        (Receipt(address="https://a.cn/?p=1"), Receipt(remote_id="1"), False),
        (Receipt(address="https://a.cn/#/detail/1"), Receipt(remote_id="1"), False),
        (Receipt(address="https://a.cn/#/detail?id=1"), Receipt(remote_id="1"), False),
        (Receipt(address="https://a.cn/%E7%94%B2"), Receipt(remote_id="甲"), False),
        (Receipt(address="https://a.cn/1"), Receipt(remote_id="2"), True),
        (Receipt(address="https://a.cn/12"), Receipt(remote_id="1"), True),
        (Receipt(address="https://a.cn/1/other"), Receipt(remote_id="1"), True),
        (Receipt(address="https://a.cn/2026/1/2"), Receipt(remote_id="1"), True),
        # Where one says nothing at all there is nothing that could be another.
        (Receipt(), Receipt(remote_id="1"), False),
        (Receipt(), Receipt(address="https://a.cn/1"), False),
        (Receipt(), Receipt(), False),
    ],
)
def test_what_two_receipts_speak_of(one: Receipt, other: Receipt, another: bool) -> None:
    assert is_another(one, other) is another
    assert is_another(other, one) is another
