"""The history is only added to, and sealed in a chain; who changes it is found out."""

from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from tests.operations.audit.conftest import a_life
from tests.support.decisions import ANNA, cancel, release, reschedule, retry
from tests.support.verified import force, troubles
from xuanfa.domain.delivery import State
from xuanfa.domain.errors import ConfigError
from xuanfa.domain.outcome import Rejected
from xuanfa.operations.keeping.seal import seal
from xuanfa.operations.keeping.verify import as_claim, newest_seal
from xuanfa.operations.sending.settle import lapse
from xuanfa.store import chain
from xuanfa.store.schema import events


@pytest.mark.parametrize(
    "what", ["UPDATE events SET why = 'x'", "DELETE FROM events", "UPDATE seals SET count = 0", "DELETE FROM seals"]
)
def test_the_database_refuses_to_change_the_history(bench: Any, what: str) -> None:
    bench.channel()
    bench.queue("one")
    seal(bench.desk)
    with bench.desk.store.engine.begin() as connection, pytest.raises(DBAPIError, match="is append-only"):
        connection.execute(sa.text(what))


@pytest.mark.parametrize("database", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True)
def test_postgresql_refuses_to_empty_it_too(bench: Any) -> None:
    bench.channel()
    with bench.desk.store.engine.begin() as connection, pytest.raises(DBAPIError, match="is append-only"):
        connection.execute(sa.text("TRUNCATE events"))


def test_everything_is_well_after_a_life_of_many_roads(bench: Any) -> None:
    a_life(bench)
    seal(bench.desk)
    assert {delivery.state for delivery in bench.all()} >= {State.PUBLISHED, State.RETRACTED}
    assert troubles(bench) == []


def test_seals_follow_each_other_and_leave_nothing_out(bench: Any) -> None:
    bench.channel()
    made = []
    for slug in ("one", "two", "three"):
        bench.queue(slug)
        bench.run()
        made.append(seal(bench.desk))
    with bench.desk.store.read() as connection:
        assert chain.all_seals(connection) == made
        assert chain.count_after(connection, made[-1].last) == 0
        assert sum(each.count for each in made) == connection.scalar(sa.select(sa.func.count()).select_from(events))
    assert [each.previous for each in made] == [chain.NOTHING, made[0].hash, made[1].hash]
    assert seal(bench.desk) == made[-1], "nothing new, no new seal"


TAMPERING = {
    "a line is reworded": "UPDATE events SET why = 'nothing happened' WHERE id = 2",
    "another did it": "UPDATE events SET actor = '张三' WHERE id = 2",
    "a line is missing": "DELETE FROM events WHERE id = 2",
    "the last sealed line is missing": "DELETE FROM events WHERE id = (SELECT max(id) FROM events)",
    "a time is moved": "UPDATE events SET at = at - 1 WHERE id = 1",
    "a seal says another time": "UPDATE seals SET sealed_at = sealed_at - 60000000",
    "a seal has another hash": "UPDATE seals SET hash = previous",
    "the first seal is missing": "DELETE FROM seals WHERE number = 1",
}


@pytest.mark.parametrize("how", TAMPERING)
def test_tampering_is_found(bench: Any, how: str) -> None:
    bench.channel()
    for slug in ("one", "two"):
        bench.queue(slug)
        bench.run()
        seal(bench.desk)
    assert troubles(bench) == []
    force(bench, TAMPERING[how])
    (trouble,) = [text for text in troubles(bench) if text.startswith("历史记录")]
    assert "被人改过" in trouble


def test_a_line_put_into_a_gap_of_numbers_is_found(bench: Any) -> None:
    bench.channel()
    bench.queue("one")
    with bench.desk.store.write() as connection:
        row = {"id": 100, "at": bench.clock(), "after": "paused", "actor": "安娜", "why": ""}
        connection.execute(events.insert().values(row))
    seal(bench.desk)
    with bench.desk.store.write() as connection:
        connection.execute(events.insert().values(row | {"id": 50}))
    assert "被人改过" in troubles(bench)[0]


def test_a_line_put_below_all_numbers_is_found(bench: Any) -> None:
    bench.channel()
    bench.queue("one")
    seal(bench.desk)
    with bench.desk.store.write() as connection:
        row = {"id": -5, "at": bench.clock(), "after": "paused", "actor": "安娜", "why": ""}
        connection.execute(events.insert().values(row))
    assert "被人改过" in troubles(bench)[0]


def test_whoever_rewrites_all_of_it_does_not_get_past_a_seal_that_was_kept(bench: Any) -> None:
    bench.channel()
    bench.queue("one")
    bench.run()
    kept = seal(bench.desk)
    assert kept is not None
    force(bench, "UPDATE events SET why = 'nothing' WHERE id = 1")
    force(bench, "DELETE FROM seals")
    seal(bench.desk)
    assert troubles(bench) == []
    assert "不在链上" in troubles(bench, f"{kept.number}:{kept.hash}")[0]


def test_a_seal_that_was_kept_is_found_however_long_the_chain_has_grown(bench: Any) -> None:
    bench.channel()
    bench.queue("one")
    kept = seal(bench.desk)
    assert kept is not None
    bench.run()
    seal(bench.desk)
    assert troubles(bench, f" {kept.number}:{kept.hash.upper()} ") == []
    assert newest_seal(bench.desk) != kept


@pytest.mark.parametrize("text", ["", "1", "1:abc", "x:" + "0" * 64])
def test_what_is_no_seal_is_said_to_be_none(text: str) -> None:
    with pytest.raises(ConfigError, match="封印"):
        as_claim(text)


def test_a_line_cannot_be_replaced_whether_it_is_sealed_or_not(bench: Any) -> None:
    bench.channel()
    bench.queue("one")
    seal(bench.desk)
    bench.queue("two")
    for number in (1, 3):
        for how in ("INSERT OR REPLACE", "REPLACE", "INSERT OR IGNORE", "INSERT"):
            words = how if bench.desk.store.file else "INSERT"
            statement = f"{words} INTO events (id, at, after, actor, why) VALUES ({number}, 0, 'x', 'x', 'x')"
            with bench.desk.store.engine.connect() as connection, pytest.raises(DBAPIError):
                connection.execute(sa.text(statement))
    with bench.desk.store.read() as connection:
        assert connection.scalar(sa.text("SELECT count(*) FROM events WHERE actor = 'x'")) == 0


def test_decisions_of_people_are_in_the_chain_and_well_formed(bench: Any) -> None:
    script = bench.channel()
    script.publish += [Rejected(findings=(), blame="content")]  # type: ignore[arg-type]
    bench.queue("one", "two", "three")
    cancel(bench.desk, 3, ANNA)
    retry(bench.desk, 3, ANNA)
    reschedule(bench.desk, 2, bench.clock.now.replace(hour=9), ANNA)
    bench.run()
    bench.clock.advance(days=1)
    bench.run()
    release(bench.desk, 2, ANNA)
    bench.run()
    assert troubles(bench) == []


def test_a_lapsed_attempt_and_a_new_revision_leave_a_history_that_follows_the_rules(bench: Any, lease: Any) -> None:
    bench.channel()
    bench.queue("one", "two")
    bench.claim(1)
    bench.clock.now += lease
    lapse(bench.desk)
    assert troubles(bench) == []
