"""What stands in a row and decides whether something may be sent again: whoever opens such a fence past the program is found by verify."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from tests.support.decisions import release, resolve_absent, resume, retry
from xuanfa.domain.channel import EVERYTHING
from xuanfa.domain.delivery import State
from xuanfa.domain.outcome import Absent, Accepted, Unknown, Unsent
from xuanfa.domain.person import Person
from xuanfa.operations.intake.queue import queue
from xuanfa.operations.keeping.holding import Hold, hold_everything
from xuanfa.operations.keeping.verify import verify
from xuanfa.operations.sending.settle import lapse

ANNA = Person(name="安娜", why="核对")


def troubles(bench: Any) -> list[str]:
    return [item.what for item in verify(bench.desk) if item.trouble]


def rewrite(bench: Any, change: str) -> None:
    with bench.desk.store.write() as connection:
        connection.execute(sa.text(f"UPDATE deliveries SET {change} WHERE id = 1"))  # noqa: S608 - constants


def in_doubt(bench: Any, **channel: Any) -> Any:
    script = bench.channel(confirms=True, **channel)
    script.publish.append(Unknown(evidence="timeout"))
    bench.queue("one")
    bench.run()
    assert troubles(bench) == []
    return script


def restored(bench: Any) -> None:
    with bench.desk.store.write() as connection:
        now = bench.clock.now
        hold_everything(
            connection, Hold(backup="b", taken_at=now, now=now, actor="安娜", since="从备份恢复", why="从备份恢复")
        )


@pytest.mark.parametrize(
    "change", ["first_sent_at = first_sent_at + 1", "first_sent_at = NULL", "absent_at = first_sent_at"]
)
def test_a_doubt_that_is_made_younger_or_half_answered_is_found(bench: Any, change: str) -> None:
    in_doubt(bench)
    rewrite(bench, change)
    assert troubles(bench) == ["能否再发的依据与历史一致"]


def test_a_look_that_found_nothing_has_its_line_and_the_next_one_ends_it(bench: Any) -> None:
    script = in_doubt(bench)
    script.confirm += [Absent(evidence="not listed"), Absent(evidence="not listed")]
    bench.clock.advance(minutes=2)
    bench.run()
    assert bench.get().absent_at is not None
    assert troubles(bench) == []
    rewrite(bench, "absent_at = absent_at - 1")
    assert troubles(bench) == ["能否再发的依据与历史一致"]
    rewrite(bench, "absent_at = absent_at + 1")
    assert troubles(bench) == []
    bench.clock.advance(minutes=3)
    bench.run()
    assert bench.get().state is not State.UNKNOWN
    assert troubles(bench) == []


def test_tries_of_which_nothing_came_begin_nothing(bench: Any) -> None:
    script = bench.channel(confirms=True)
    script.publish += [Unsent(evidence="refused"), Unknown(evidence="timeout")]
    bench.queue("one")
    bench.run()
    bench.clock.advance(minutes=10)
    bench.run()
    assert bench.get().state is State.UNKNOWN
    assert troubles(bench) == []


def test_what_a_person_has_answered_begins_anew(bench: Any) -> None:
    script = in_doubt(bench)
    script.publish.append(Accepted(ticket="t", look_after=None))
    bench.clock.advance(minutes=1)
    resolve_absent(bench.desk, 1, ANNA)
    assert troubles(bench) == []
    bench.clock.advance(minutes=1)
    bench.run()
    assert bench.get().state is State.ACCEPTED
    assert troubles(bench) == []


def test_a_repetition_under_the_same_key_began_with_the_first_request(bench: Any) -> None:
    script = in_doubt(bench, replay=timedelta(hours=24))
    script.publish.append(Unknown(evidence="timeout"))
    bench.clock.advance(minutes=10)
    bench.run()
    assert len(bench.tries()) == 2
    assert troubles(bench) == []
    rewrite(bench, "first_sent_at = (SELECT max(started_at) FROM attempts)")
    assert troubles(bench) == ["能否再发的依据与历史一致"]


def test_a_lapse_keeps_the_time_of_its_request(bench: Any, lease: timedelta) -> None:
    bench.channel(confirms=True)
    bench.queue("one")
    bench.claim()
    bench.clock.now += lease
    lapse(bench.desk)
    assert troubles(bench) == []


def test_a_restore_that_is_forgotten_of_one_delivery_is_found_until_a_person_has_decided(bench: Any) -> None:
    bench.channel(confirms=True)
    bench.queue("one", "two")
    bench.write("later", publish_at="2026-12-01 09:00")
    bench.queue("later")
    restored(bench)
    assert troubles(bench) == []
    rewrite(bench, "restored = (1 = 0)")
    assert troubles(bench) == ["能否再发的依据与历史一致"]
    rewrite(bench, "restored = (1 = 1)")
    resume(bench.desk, EVERYTHING, ANNA)
    resolve_absent(bench.desk, 1, ANNA)
    assert not bench.get().restored
    assert troubles(bench) == []


def test_what_is_first_read_after_a_restore_is_fenced_as_well(bench: Any) -> None:
    bench.channel()
    bench.queue("old")
    restored(bench)
    bench.queue("one")
    number = max(delivery.id for delivery in bench.all())
    assert bench.get(number).restored
    assert troubles(bench) == []
    with bench.desk.store.write() as connection:
        connection.execute(sa.text("UPDATE deliveries SET restored = (1 = 0) WHERE id = :id"), {"id": number})
    assert troubles(bench) == ["能否再发的依据与历史一致"]
    with bench.desk.store.write() as connection:
        connection.execute(sa.text("UPDATE deliveries SET restored = (1 = 1) WHERE id = :id"), {"id": number})
    release(bench.desk, number, ANNA)
    assert troubles(bench) == []


def test_nothing_is_restored_where_nothing_was(bench: Any) -> None:
    bench.channel()
    bench.queue("one")
    rewrite(bench, "restored = (1 = 1)")
    assert troubles(bench) == ["能否再发的依据与历史一致"]


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE posts SET path = 'posts/two.md' WHERE slug = 'one'",
        "UPDATE posts SET path = 'posts/nowhere.md'",
        "UPDATE deliveries SET tries = 0, waiting = (1 = 1), expires_at = NULL",
        "UPDATE renditions SET revision = 9",
        "UPDATE channel_states SET deferred_until = NULL",
        "UPDATE deliveries SET restored = (1 = 0), absent_at = 1, first_sent_at = NULL",
    ],
)
def test_what_is_out_does_not_go_out_again_whatever_was_written_into_these(bench: Any, change: str) -> None:
    script = bench.channel(confirms=True)
    bench.queue("one", "two")
    bench.run()
    with bench.desk.store.write() as connection:
        connection.execute(sa.text(change))
    for body in ("正文。", "正文，改过。"):
        bench.write("one", body)
        bench.queue()
        bench.clock.advance(minutes=5)
        bench.run()
    assert len(script.sent) == 2
    assert {delivery.state for delivery in bench.all()} == {State.PUBLISHED}


@pytest.mark.parametrize("change", ["expires_at = NULL", "expires_at = expires_at + 3600000000"])
def test_a_deadline_that_is_taken_away_or_put_off_is_found(bench: Any, change: str) -> None:
    bench.channel()
    bench.write(publish_at="2030-01-01 09:00", expires_at="2030-01-02 09:00")
    queue(bench.desk)
    assert troubles(bench) == []
    rewrite(bench, change)
    assert troubles(bench) == ["失效时间与历史里登记的一致"]


def test_a_deadline_follows_its_file_and_ends_with_a_persons_word(bench: Any) -> None:
    bench.channel()
    for day in ("2030-01-02 09:00", "2030-01-03 09:00", ""):
        bench.clock.advance(minutes=1)
        bench.write(publish_at="2030-01-01 09:00", expires_at=day)
        queue(bench.desk)
        assert troubles(bench) == []
    bench.write(publish_at="2030-01-01 09:00", expires_at="2030-01-02 09:00")
    bench.clock.advance(minutes=1)
    queue(bench.desk)
    bench.clock.now = datetime(2030, 1, 2, 2, tzinfo=UTC)
    bench.run()
    assert bench.get().state is State.CANCELLED
    retry(bench.desk, 1, ANNA)
    assert bench.get().expires_at is None
    assert troubles(bench) == []
