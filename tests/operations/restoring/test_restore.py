"""What was published after a backup is not sent again unasked once it is put back, whatever the clock, the passes and the files do."""

import os
import shutil
import threading
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from tests.operations.restoring.conftest import Offices, at, hours, number, states
from tests.support.databases import sqlite_only
from tests.support.decisions import ANNA, cancel, release, reschedule, resolve_absent, resolve_published, resume, retry
from xuanfa.cli import UMASK
from xuanfa.domain.channel import EVERYTHING
from xuanfa.domain.delivery import State
from xuanfa.domain.outcome import Absent, Accepted, Blame, Published, Rejected, Unknown
from xuanfa.domain.receipt import Receipt
from xuanfa.domain.restoring import brought_back
from xuanfa.engine.once import one_pass
from xuanfa.operations.keeping.seal import seal
from xuanfa.operations.keeping.verify import as_claim, verify
from xuanfa.operations.watching.examine import examine
from xuanfa.reports.listing import everything_paused, history, list_deliveries
from xuanfa.store import deliveries


def test_nothing_that_was_published_after_the_backup_goes_out_again_and_the_rest_goes_out_once(
    offices: Offices, sink: Any, clock: Any
) -> None:
    office, desk = offices.old, offices.old_desk
    office.post("out")
    one_pass(desk)
    for name, delay in {"due": 1, "unsent": 4, "moved": 70, "later": 72, "called off": 73}.items():
        office.post(name.replace(" ", "-"), publish_at=at(clock, hours=delay))
    one_pass(desk)
    cancel(desk, number(desk, "called-off"), ANNA)
    clock.advance(minutes=5)
    offices.backup()
    # What only the old machine knows.
    office.post("fresh")
    reschedule(desk, number(desk, "moved"), clock(), ANNA)
    hours(desk, clock, 2)
    assert {post for post, state in states(desk).items() if state is State.PUBLISHED} == {
        "out",
        "due",
        "moved",
        "fresh",
    }
    assert len(sink.seen) == 4

    # The new machine: restored four hours later, with the folder of posts as staff have it by now.
    clock.advance(hours=4)
    new = offices.restore()
    shutil.copy2(office.folder / "posts" / "fresh.md", new.posts_folder)
    hours(new, clock, 90)
    assert len(sink.seen) == 4
    resume(new, EVERYTHING, ANNA)
    hours(new, clock, 90)
    assert len(sink.seen) == 4
    assert states(new) == {
        "out": State.PUBLISHED,
        "due": State.UNKNOWN,
        "unsent": State.UNKNOWN,
        "moved": State.HELD,
        "later": State.HELD,
        "called-off": State.CANCELLED,
        "fresh": State.HELD,
    }
    assert {row.reason for row in list_deliveries(new.store, states=[State.UNKNOWN])} == {
        "从 2026-03-02 09:05 +08:00 的备份恢复，期间可能已经发出：请到渠道上看，再登记结果（xuanfa resolve 编号）"
    }

    # A person looks at the channel, and says of each what is true.
    resolve_published(new, number(new, "due"), "https://www.example.gov.cn/due", ANNA)
    resolve_published(new, number(new, "moved"), "https://www.example.gov.cn/moved", ANNA)
    resolve_published(new, number(new, "fresh"), "https://www.example.gov.cn/fresh", ANNA)
    resolve_absent(new, number(new, "unsent"), ANNA)
    release(new, number(new, "later"), ANNA)
    hours(new, clock, 3)
    office_new = offices.new
    office_new.folder = new.folder
    office_new.post("after")
    hours(new, clock, 1)
    assert set(sink.keys.values()) == {1}
    assert len(sink.seen) == 7
    assert states(new).pop("called-off") is State.CANCELLED
    assert {state for post, state in states(new).items() if post != "called-off"} == {State.PUBLISHED}
    assert not [item for item in verify(new) if item.trouble]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_what_is_not_due_yet_waits_for_its_time_even_where_a_person_says_that_it_is_not_there(
    offices: Offices, sink: Any, clock: Any
) -> None:
    offices.old.post("later", publish_at=at(clock, hours=5))
    one_pass(offices.old_desk)
    offices.backup()
    new = offices.restore()
    resume(new, EVERYTHING, ANNA)
    release(new, number(new, "later"), ANNA)
    hours(new, clock, 4)
    assert len(sink.seen) == 0
    hours(new, clock, 2)
    assert len(sink.seen) == 1


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_what_was_being_sent_when_the_backup_was_made_is_a_persons(offices: Offices, sink: Any, clock: Any) -> None:
    desk = offices.old_desk
    offices.old.post("one")
    sink.script.append("silent")
    sending = threading.Thread(target=one_pass, args=(desk,))
    sending.start()
    sink.wait_for(1)
    offices.backup()
    sink.speak.set()
    sending.join()
    new = offices.restore()
    assert states(new) == {"one": State.UNKNOWN}
    assert {line.what for line in history(new.store, 1)} >= {"publish #1: lost", "publishing → unknown"}
    resume(new, EVERYTHING, ANNA)
    hours(new, clock, 5)
    assert len(sink.seen) == 1
    assert not [item for item in verify(new) if item.trouble]


def test_everything_is_paused_and_every_place_says_why(
    offices: Offices, clock: Any, request: pytest.FixtureRequest
) -> None:
    request.addfinalizer(partial(os.umask, os.umask(UMASK)))  # as the command line has it
    offices.old.post("later", publish_at=at(clock, hours=5))
    one_pass(offices.old_desk)
    offices.backup()
    new = offices.restore()
    why = everything_paused(new.store)
    assert why is not None
    assert "2026-03-02 09:00 +08:00 的备份" in why
    assert "xuanfa resume" in why
    before = {item.what for item in examine(offices.old_desk) if item.trouble}
    lines = [item for item in examine(new) if item.trouble and item.what not in before]
    assert [item.what for item in lines] == ["发送", "数据库恢复自 2026-03-02 09:00 +08:00 的备份", "等人处理"]
    assert "1 条投递" in lines[1].trouble
    resume(new, EVERYTHING, ANNA)
    left = [item for item in examine(new) if item.trouble and item.what not in before]
    assert [(item.what, item.fatal) for item in left] == [(lines[1].what, False), ("等人处理", False)]
    release(new, 1, ANNA)
    assert {item.what for item in examine(new) if item.trouble} <= before
    assert [(line.what, line.who) for line in history(new.store, 1)] == [
        ("scheduled", offices.old_desk.node),
        ("scheduled → held", "安娜"),
        ("held → scheduled", "安娜"),
    ]


@pytest.mark.parametrize(
    ("database", "offices"),
    [
        pytest.param("sqlite", "postgres", marks=pytest.mark.postgres),
        pytest.param("postgres", "sqlite", marks=pytest.mark.postgres),
    ],
    indirect=True,
)
def test_a_backup_of_one_kind_of_database_goes_into_the_other(offices: Offices, sink: Any, clock: Any) -> None:
    offices.old.post("one")
    one_pass(offices.old_desk)
    kept = seal(offices.old_desk)
    assert kept is not None
    offices.backup()
    new = offices.restore()
    assert not [item for item in verify(new, as_claim(f"{kept.number}:{kept.hash}")) if item.trouble]
    resume(new, EVERYTHING, ANNA)
    offices.new.folder = new.folder
    offices.new.post("two")
    one_pass(new)
    assert (len(sink.seen), set(sink.keys.values())) == (2, {1})
    assert set(states(new).values()) == {State.PUBLISHED}


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_changed_file_does_not_bring_into_the_queue_what_a_restore_has_left_open(
    offices: Offices, sink: Any, clock: Any
) -> None:
    """Rejected at the backup, mended and published after it: the mended file is there on the new machine too."""
    desk, office = offices.old_desk, offices.old
    sink.script.append(422)
    office.post("one", "写错了。")
    one_pass(desk)
    assert states(desk) == {"one": State.REJECTED}
    offices.backup()
    mended = office.post("one", "改好了。")
    clock.advance(minutes=1)
    one_pass(desk)
    assert states(desk) == {"one": State.PUBLISHED}
    new = offices.restore()
    shutil.copy2(mended, new.posts_folder / "one.md")
    resume(new, EVERYTHING, ANNA)
    hours(new, clock, 5)
    assert states(new) == {"one": State.HELD}
    assert len(sink.seen) == 2
    release(new, 1, ANNA)
    hours(new, clock, 1)
    assert len(sink.seen) == 3
    assert not [item for item in verify(new) if item.trouble]


@pytest.mark.parametrize(
    ("evidence", "state", "looks"),
    [
        (Published(receipt=Receipt(address="https://www.example.gov.cn/1")), State.PUBLISHED, 1),
        (Absent(evidence="no"), State.UNKNOWN, 1),
        (Rejected(findings=(), blame=Blame.CONTENT), State.UNKNOWN, 1),
        (Accepted(ticket="t"), State.UNKNOWN, 3),
        (Unknown(evidence="?"), State.UNKNOWN, 3),
    ],
)
def test_of_all_that_a_look_may_say_only_proof_settles_what_a_restore_has_left(
    bench: Any, evidence: Any, state: State, looks: int
) -> None:
    script = bench.channel(confirms=True, looks_max=3)
    script.publish.append(Unknown(evidence="timeout"))
    script.confirm += [evidence] * 20
    bench.queue("one")
    bench.run()
    bench.put(State.UNKNOWN, restored=True, reason="恢复", look_at=bench.clock(), looks=0)
    for _ in range(30):
        bench.clock.advance(hours=2)
        bench.run()
    assert (bench.get().state, bench.get().restored, len(script.looked)) == (state, state is State.UNKNOWN, looks)
    assert bench.get().reason == ("恢复" if state is State.UNKNOWN else "")
    assert len(script.sent) == 1


@pytest.mark.parametrize("state", list(State))
def test_whatever_stood_in_the_backup_no_pass_sends_it_and_no_state_is_lost(bench: Any, state: State) -> None:
    """The fence itself: a delivery that a restore brought back leaves only after a person's decision about it."""
    script = bench.channel(replay=timedelta(days=365), confirms=True)
    bench.queue("one")
    before = bench.put(state, attempt=0)
    taken_at = bench.clock()
    bench.clock.advance(hours=1)
    after = brought_back(before, taken_at, bench.clock(), "2026")
    with bench.desk.store.write() as connection:
        deliveries.rewrite(connection, [deliveries.Change(before, after)], bench.clock(), "test")
    script.confirm += [Absent(evidence="no")] * 10
    for _ in range(50):
        bench.clock.advance(hours=1)
        bench.run()
    assert script.sent == []
    public = {State.PUBLISHED, State.RETRACTING, State.RETRACTED}
    doubt = {State.AWAITING_REVIEW, State.SCHEDULED, State.PUBLISHING, State.ACCEPTED, State.UNKNOWN}
    assert bench.get().restored is (state not in public)
    assert bench.get().state is (State.UNKNOWN if state in doubt else State.HELD if state is State.SHELVED else state)


def test_the_queue_itself_does_not_send_what_a_restore_brought_back(bench: Any) -> None:
    script = bench.channel()
    bench.queue("one", "two")
    bench.put(State.SCHEDULED, 1, restored=True)
    bench.put(State.SCHEDULED, 2, restored=True, first_sent_at=bench.clock())
    bench.run()
    assert [delivery.state for delivery in bench.all()] == [State.HELD, State.UNKNOWN]
    assert script.sent == []


@sqlite_only
def test_a_retry_of_what_had_failed_is_a_persons_word(offices: Offices, sink: Any) -> None:
    sink.script.append(422)
    offices.old.post("one")
    one_pass(offices.old_desk)
    cancel(offices.old_desk, 1, ANNA)
    offices.backup()
    new = offices.restore()
    resume(new, EVERYTHING, ANNA)
    assert "备份恢复" in list_deliveries(new.store)[0].reason
    retry(new, 1, ANNA)
    hours(new, offices.clock, 1)
    assert (len(sink.seen), states(new)) == (2, {"one": State.PUBLISHED})
