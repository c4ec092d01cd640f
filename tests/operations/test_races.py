"""Several processes at once on one database: each delivery is claimed once, each slot reserved once, each pace spent once."""

import multiprocessing
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from itertools import chain
from typing import Any

import pytest
import sqlalchemy as sa

from tests.support.decisions import cancel
from xuanfa.domain.delivery import State
from xuanfa.domain.errors import StateError
from xuanfa.domain.life import Policy
from xuanfa.domain.pacing import Budget, Limit
from xuanfa.domain.person import Person
from xuanfa.operations.intake import queue as queueing
from xuanfa.operations.intake.queue import queue
from xuanfa.operations.sending.perform import perform
from xuanfa.operations.sending.publish import begin, next_due_at, turn
from xuanfa.operations.sending.settle import lapse

FORK = multiprocessing.get_context("fork")
MINUTE = timedelta(minutes=1)
TWENTY = (Limit(20, MINUTE),)


def at_once(count: int, work: Callable[[int, Any], Any]) -> list[Any]:
    """What ``work(number, barrier)`` returns in each of so many processes that start together."""
    barrier, results = FORK.Barrier(count), FORK.SimpleQueue()

    def child(number: int) -> None:
        try:
            results.put((number, work(number, barrier), ""))
        except BaseException as error:
            barrier.abort()
            results.put((number, None, repr(error)))
            raise

    children = [FORK.Process(target=child, args=(number,)) for number in range(count)]
    for process in children:
        process.start()
    answers = sorted(results.get() for _ in children)
    for process in children:
        process.join(30)
    assert [error for _, _, error in answers if error] == []
    return [answer for _, answer, _ in answers]


def test_two_processes_never_claim_the_same_delivery(bench: Any) -> None:
    bench.channel("a")
    bench.channel("b")
    bench.queue(*(f"post-{number}" for number in range(60)))
    bench.desk.store.close()

    def claim_all(_number: int, barrier: Any) -> list[int]:
        desk, mine = bench.another(), []
        run = begin(desk)
        barrier.wait(30)
        while jobs := turn(desk, run, [], 7):
            mine += [job.order.delivery for job in jobs]
        return mine

    first, second = at_once(2, claim_all)
    assert sorted(first + second) == list(range(1, 121))
    assert Counter(delivery.attempt for delivery in bench.all()) == {1: 120}


def test_the_pace_is_exact_over_a_sliding_window_and_shared_by_two_processes(bench: Any) -> None:
    bench.channel("a", limits=TWENTY, budget="robot")
    bench.channel("b", limits=TWENTY, budget="robot")
    bench.queue(*(f"post-{number}" for number in range(40)))
    bench.desk.store.close()

    def claim_slowly(_number: int, barrier: Any) -> list[float]:
        desk, sent, began = bench.another(), [], bench.clock()
        for step in range(37):
            barrier.wait(30)
            bench.clock.now = began + timedelta(seconds=5 * step)
            # Two at a time at first, so that what is spent is spread over the window.
            run = begin(desk)
            places = 2 if step < 8 else 50
            while jobs := turn(desk, run, [], places):
                sent += [5 * step] * len(jobs)
                if step < 8:
                    break
        return sent

    sent = sorted(chain.from_iterable(at_once(2, claim_slowly)))
    assert len(sent) >= 60
    for start in sent:
        assert sum(start <= moment < start + 60 for moment in sent) <= 20
    # Exact, and not merely below: as soon as the first of twenty is a minute old, the next one leaves.
    for earlier, later in zip(sent, sent[20:], strict=False):
        assert later == earlier + 60


def test_an_application_with_two_accounts_is_paced_as_one(bench: Any) -> None:
    """Each account has a pace of its own, too: the tighter one decides."""
    both = Budget(name="shared:app", limits=(Limit(5, MINUTE),), channels=("a", "b"))
    first = bench.channel("a", limits=(Limit(4, MINUTE),), budget="one", shared=(both,))
    second = bench.channel("b", limits=(Limit(4, MINUTE),), budget="other", shared=(both,))
    bench.queue(*(f"post-{number}" for number in range(8)))
    bench.run()
    assert max(len(first.sent), len(second.sent)) <= 4
    assert len(first.sent) + len(second.sent) == 5
    for _ in range(10):
        bench.clock.advance(minutes=1)
        bench.run()
    assert (len(first.sent), len(second.sent)) == (8, 8)


def test_only_so_many_are_under_way_at_once_over_two_processes(bench: Any) -> None:
    bench.channel(in_flight=3)
    bench.queue(*(f"post-{number}" for number in range(8)))
    desks = [bench.another(), bench.another()]
    runs = [begin(desk) for desk in desks]
    mine = turn(desks[0], runs[0], [], 2)
    theirs = turn(desks[1], runs[1], [], 5)
    assert (len(mine), len(theirs)) == (2, 1)
    assert turn(desks[1], runs[1], [], 5) == []
    results = [perform(desks[0].adapters, job) for job in mine]
    assert len(turn(desks[0], runs[0], results, 5)) == 2
    # One that has nothing under way itself comes back in a second, and does not ask over and over meanwhile.
    third = bench.another()
    run = begin(third)
    assert turn(third, run, [], 5) == []
    assert not run.active
    assert next_due_at(third) == bench.clock() + timedelta(seconds=1)


def test_two_channels_of_one_account_have_only_so_many_under_way_together(bench: Any) -> None:
    for name in ("a", "b"):
        bench.channel(name, in_flight=3, budget="robot", sharing=("a", "b"))
    bench.queue(*(f"post-{number}" for number in range(4)))
    run = begin(bench.desk)
    assert len(turn(bench.desk, run, [], 20)) == 3


def test_a_queue_that_is_only_paced_is_not_held_as_late(bench: Any) -> None:
    bench.policy = Policy(late_after=timedelta(minutes=3))
    script = bench.channel(limits=(Limit(1, MINUTE),))
    bench.queue(*(f"post-{number}" for number in range(8)))
    for _ in range(8):
        bench.run()
        bench.clock.advance(minutes=1)
    assert len(script.sent) == 8


def test_a_paced_channel_says_when_it_goes_on(bench: Any) -> None:
    bench.channel(limits=(Limit(2, MINUTE),))
    bench.queue("one", "two", "three")
    began = bench.clock()
    bench.run()
    bench.clock.advance(seconds=10)
    assert next_due_at(bench.desk) == began + MINUTE


def test_a_rehearsal_does_not_spend_the_pace_of_the_real_account(bench: Any) -> None:
    real = bench.channel("a", limits=TWENTY, budget="robot")
    bench.channel("b", limits=TWENTY, budget="rehearsal:b")
    bench.queue(*(f"post-{number}" for number in range(20)))
    bench.run()
    assert len(real.sent) == 20


def test_three_processes_that_read_thirty_posts_at_once_reserve_thirty_slots(
    bench: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a workspace without a database, so that they make it at once too."""
    monkeypatch.setattr(queueing, "BATCH", 2)
    bench.channel()
    bench.timetable = ("daily 09:00",)
    for number in range(30):
        bench.write(f"post-{number:02}", publish_at="")

    def read(_number: int, barrier: Any) -> tuple[list[str], list[str]]:
        barrier.wait(30)
        report = queue(bench.another())
        return report.new, report.problems

    answers = at_once(3, read)
    assert sorted(chain.from_iterable(new for new, _ in answers)) == [f"post-{number:02}" for number in range(30)]
    assert [problems for _, problems in answers] == [[], [], []]
    due = [delivery.due_at for delivery in bench.all()]
    assert sorted(due) == [bench.clock() + timedelta(days=day) for day in range(1, 31)]
    with bench.desk.store.read() as connection:
        assert connection.scalar(sa.text("SELECT count(*) FROM slots")) == 30


def test_each_process_posts_into_slots_of_its_own(bench: Any) -> None:
    """Different posts, and so no luck by reading the same file."""
    bench.channel()
    bench.timetable = ("daily 09:00",)
    folders = []
    for process in range(3):
        folder = bench.folder / str(process)
        (folder / "posts").mkdir(parents=True)
        folders.append(folder)
        for number in range(10):
            path = bench.write(f"post-{process}{number}", publish_at="")
            path.rename(folder / "posts" / path.name)
    bench.desk.store.close()

    def read(number: int, barrier: Any) -> list[str]:
        desk = bench.another(folder=folders[number])
        barrier.wait(30)
        return queue(desk).new

    assert [len(new) for new in at_once(3, read)] == [10, 10, 10]
    assert len({delivery.due_at for delivery in bench.all()}) == 30


def test_a_claim_and_a_persons_decision_at_once_end_in_one_of_both(bench: Any) -> None:
    bench.channel()
    bench.queue(*(f"post-{number}" for number in range(30)))
    bench.desk.store.close()

    def decide(number: int, barrier: Any) -> list[int]:
        desk = bench.another()
        run = begin(desk)
        barrier.wait(30)
        if number:
            mine = []
            while jobs := turn(desk, run, [], 1):
                mine += [job.order.delivery for job in jobs]
            return mine
        cancelled = []
        for delivery in range(30, 0, -1):
            try:
                cancel(desk, delivery, Person(name="安娜"))
                cancelled.append(delivery)
            except StateError:
                continue
        return cancelled

    cancelled, claimed = at_once(2, decide)
    assert sorted(cancelled + claimed) == list(range(1, 31))
    for delivery in bench.all():
        assert delivery.state is (State.CANCELLED if delivery.id in cancelled else State.PUBLISHING)


def test_a_stopped_process_that_wakes_after_its_lease_writes_nothing(bench: Any, lease: timedelta) -> None:
    script = bench.channel(stages=True)
    bench.queue("one")
    (job,) = bench.claim()
    slow = perform(bench, job)
    bench.clock.now += lease
    other = bench.another()
    lapse(other)
    bench.clock.advance(minutes=1)
    (again,) = bench.claim(desk=other)
    bench.settle(slow)
    assert bench.get().attempt == again.order.attempt
    assert script.sent == [], "the stage that came late is followed by no request"
