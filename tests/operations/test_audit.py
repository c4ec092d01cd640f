"""The audit chain and ``verify``: history that is only added to, sealed, and found out where somebody has changed it all the same."""

import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from PIL import Image
from sqlalchemy.exc import DBAPIError

from tests.operations.conftest import published
from xuanfa.domain.attempt import Action
from xuanfa.domain.channel import EVERYTHING
from xuanfa.domain.delivery import State
from xuanfa.domain.errors import ConfigError
from xuanfa.domain.life import move
from xuanfa.domain.outcome import Accepted, Blame, Deferred, Rejected, Retracted, Staged, Unknown, Unsent
from xuanfa.engine.once import one_pass
from xuanfa.operations.decide import (
    Person,
    cancel,
    pause,
    release,
    reschedule,
    resolve_absent,
    resolve_published,
    resume,
    retry,
)
from xuanfa.operations.perform import perform
from xuanfa.operations.retract import retract, retracted_by_hand
from xuanfa.operations.seal import MANY, seal, seal_if_due
from xuanfa.operations.settle import lapse
from xuanfa.operations.verify import as_claim, newest_seal, verify
from xuanfa.store import append_only, chain, deliveries, ledger
from xuanfa.store.deliveries import Change
from xuanfa.store.schema import events, seals

ANNA = Person(name="安娜", why="核对")


def troubles(bench: Any, *claims: str) -> list[str]:
    """What ``verify`` finds."""
    claim = as_claim(claims[0]) if claims else None
    return [f"{item.what}: {item.trouble}" for item in verify(bench.desk, claim) if item.trouble]


def force(bench: Any, statement: str, **values: Any) -> None:
    """Change what the program never changes, as somebody with the owner's password could, and leave the triggers as they were."""
    with bench.desk.store.write() as connection:
        triggers = []
        if connection.dialect.name == "postgresql":
            connection.execute(sa.text("SET LOCAL session_replication_role = replica"))
        else:
            triggers = connection.execute(sa.text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")).all()
        for name, _ in triggers:
            connection.execute(sa.text(f"DROP TRIGGER {name}"))
        connection.execute(sa.text(statement), values)
        for _, made_by in triggers:
            connection.execute(sa.text(made_by))


def a_life(bench: Any) -> None:
    """Deliveries that take many of the roads there are."""
    script = bench.channel("a", retracts=True, confirms=True)
    staged = bench.channel("b", stages=True)
    script.publish += [Unknown(evidence="timeout"), Unsent(evidence="refused"), Accepted(ticket="t")]
    staged.publish += [Deferred(after=bench.policy.late_after / 4, reason="429")]
    staged.stage += [Unsent(evidence="no picture"), Staged(memory={"draft": "1"})]
    bench.queue("one", "two", "three", "four", "five")
    for _ in range(40):
        bench.run()
        bench.clock.advance(minutes=2)
    for delivery in bench.all():
        match delivery.state:
            case State.UNKNOWN:
                resolve_absent(bench.desk, delivery.id, ANNA)
            case State.ACCEPTED:
                resolve_published(bench.desk, delivery.id, "https://www.example.gov.cn/seen", ANNA)
    bench.run()
    public = [delivery.id for delivery in bench.all() if delivery.state is State.PUBLISHED and delivery.channel == "a"]
    script.retract.append(Retracted(evidence="gone"))
    retract(bench.desk, public[0], ANNA)
    retracted_by_hand(bench.desk, public[1], ANNA)


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


def test_a_pass_seals_at_once_what_was_never_sealed_and_then_every_five_minutes(bench: Any) -> None:
    bench.channel()
    bench.queue("one")
    assert newest_seal(bench.desk) is None
    one_pass(bench.desk, scan=False)
    first = newest_seal(bench.desk)
    assert first is not None
    bench.queue("two")
    one_pass(bench.desk, scan=False)
    assert newest_seal(bench.desk) == first
    bench.clock.advance(minutes=5)
    one_pass(bench.desk, scan=False)
    assert newest_seal(bench.desk) != first


def test_much_is_sealed_without_waiting_for_the_time(bench: Any) -> None:
    bench.channel()
    bench.queue("one")
    seal(bench.desk)
    row = {"at": bench.clock(), "after": "paused", "actor": "安娜", "why": ""}
    with bench.desk.store.write() as connection:
        connection.execute(events.insert(), [row] * (MANY - 1))
    seal_if_due(bench.desk)
    with bench.desk.store.write() as connection:
        connection.execute(events.insert(), [row])
    before = newest_seal(bench.desk)
    seal_if_due(bench.desk)
    after = newest_seal(bench.desk)
    assert before is not None
    assert after is not None
    assert (before.number, after.number, after.count) == (1, 2, MANY)


@pytest.mark.parametrize("database", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True)
def test_nothing_is_sealed_while_an_earlier_number_may_still_be_committed(bench: Any) -> None:
    """On PostgreSQL the later number may be committed first: a seal over it alone would call the earlier one an insertion."""
    bench.channel()
    bench.queue("one")
    seal(bench.desk)
    row = {"at": bench.clock(), "after": "paused", "actor": "安娜", "why": ""}
    slow = bench.another().store
    with slow.write() as connection:
        connection.execute(events.insert().values(row))
        with bench.desk.store.write() as other:
            other.execute(events.insert().values(row))
        before = newest_seal(bench.desk)
        assert seal(bench.desk) == before
    after = seal(bench.desk)
    assert after is not None
    assert after.count == 2
    assert troubles(bench) == []


def test_two_who_seal_at_once_make_one_chain(bench: Any) -> None:
    bench.channel()
    bench.queue("one", "two", "three")
    bench.run()
    desks = [bench.another() for _ in range(4)]
    start = threading.Barrier(len(desks))

    def sealing(desk: Any) -> None:
        start.wait()
        seal(desk)

    threads = [threading.Thread(target=sealing, args=(desk,)) for desk in desks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with bench.desk.store.read() as connection:
        assert len(chain.all_seals(connection)) == 1
    assert troubles(bench) == []


ANOTHER_TRY = (
    "INSERT INTO attempts (delivery_id, number, action, key, digest, node, started_at, lease_until, ended_at, outcome, evidence) "
    "SELECT delivery_id, 2, action, key, digest, node, started_at, lease_until, ended_at, outcome, evidence FROM attempts"
)
BREAKING: dict[str, tuple[str, str]] = {
    "a receipt is gone": ("DELETE FROM receipts WHERE delivery_id = 1", "都有回执: 投递 1 不符"),
    "a state is put back": ("UPDATE deliveries SET state = 'scheduled' WHERE id = 1", "没有发布的投递没有回执: 投递 1 不符"),
    "an address is replaced": ("UPDATE receipts SET address = 'https://elsewhere.example/'", "回执与发布时登记的一致: 投递 1 不符"),
    "a date of publication is moved": ("UPDATE receipts SET published_at = published_at - 1", "回执与发布时登记的一致: 投递 1 不符"),
    "a text is replaced": ("UPDATE renditions SET body = 'other'", "一字不差: 投递 1 不符"),
    "the digest is replaced": ("UPDATE deliveries SET digest = '0'", "冻结的那一份: 投递 1 不符"),
    "the key is replaced": ("UPDATE deliveries SET key = '0'", "投递编号由稿件、渠道和成稿算出: 投递 1 不符"),
    "an attempt is gone": ("DELETE FROM attempts", "尝试序号等于最后一次尝试: 投递 1 不符"),
    "it is said to be withdrawn": ("UPDATE receipts SET retracted_at = 1", "撤回时间"),
    "it stands elsewhere": ("UPDATE deliveries SET state = 'retracted' WHERE id = 1", "并与现状相接: 投递 1 不符"),
    "the revision is another": ("UPDATE deliveries SET revision = 9", "版本都在: 投递 1 不符"),
    "nobody is publishing it": ("UPDATE deliveries SET state = 'publishing'", "进行中的尝试: 投递 1 不符"),
    "nobody has published it": ("DELETE FROM events WHERE after = 'published'", "写明发布的历史: 投递 1 不符"),
    "it has no history": ("DELETE FROM events WHERE delivery_id = 1", "并与现状相接: 投递 1 不符"),
    "nobody has frozen it": ("UPDATE events SET revision = NULL, proof = NULL", "一字不差: 投递 1 不符"),
    "another column": ("UPDATE deliveries SET column_id = 'other'", "一字不差: 投递 1 不符"),
    "another type of picture": ("UPDATE renditions SET needs = '[\"b\"]'", "一字不差: 投递 1 不符"),
    "a revision's text": ("UPDATE revisions SET source = 'other'", "与读入时一致: 稿件 one 不符"),
    "a revision's date": ("UPDATE revisions SET created_at = created_at - 1", "与读入时一致: 稿件 one 不符"),
    "a revision is gone": ("DELETE FROM revisions", "与读入时一致: 稿件 one 不符"),
    "a title": ("UPDATE posts SET title = 'other'", "与读入时一致: 稿件 one 不符"),
    "a post's column": ("UPDATE posts SET column_id = 'other'", "与读入时一致: 稿件 one 不符"),
    "a department": ("UPDATE posts SET department = 'other'", "与读入时一致: 稿件 one 不符"),
    "a slug": ("UPDATE posts SET slug = 'other'", "与读入时一致: 稿件 other 不符"),
    "an outcome": ("UPDATE attempts SET outcome = 'unsent'", "每次尝试与历史里登记的一致: 投递 1 不符"),
    "what an attempt said": ("UPDATE attempts SET evidence = 'other'", "每次尝试与历史里登记的一致: 投递 1 不符"),
    "when it was tried": ("UPDATE attempts SET started_at = started_at - 1", "每次尝试与历史里登记的一致: 投递 1 不符"),
    "who tried": ("UPDATE attempts SET node = 'other'", "每次尝试与历史里登记的一致: 投递 1 不符"),
    "what was tried": ("UPDATE attempts SET action = 'stage'", "每次尝试与历史里登记的一致: 投递 1 不符"),
    "a try was for practice": ("UPDATE attempts SET rehearsal = (1 = 1)", "每次尝试与历史里登记的一致: 投递 1 不符"),
    "how much of it left": ("UPDATE attempts SET bytes_sent = 1", "每次尝试与历史里登记的一致: 投递 1 不符"),
    "a try more": (
        ANOTHER_TRY,
        "每次尝试与历史里登记的一致: 投递 1 不符",
    ),
    "no try at all": ("DELETE FROM attempts", "每次尝试与历史里登记的一致: 投递 1 不符"),
}  # fmt: skip


@pytest.mark.parametrize("how", BREAKING)
def test_each_broken_invariant_is_named_with_its_delivery(bench: Any, how: str) -> None:
    bench.channel()
    bench.queue("one")
    bench.run()
    assert troubles(bench) == []
    statement, words = BREAKING[how]
    force(bench, statement)
    assert [text for text in troubles(bench) if words in text]


def test_a_second_receipt_of_one_publication_is_found_whatever_was_made_to_fit_it(bench: Any) -> None:
    script = bench.channel()
    script.publish += [published("one"), Unknown(evidence="timeout")]
    bench.queue("one", "two")
    bench.run()
    assert troubles(bench) == []
    with bench.desk.store.write() as connection:
        before = deliveries.get(connection, [2])[2]
        receipt = ledger.receipt(connection, 1)
        change = Change(before, move(before, State.PUBLISHED), "forged", receipt)
        deliveries.write(connection, [change], bench.clock(), "somebody")
    assert troubles(bench) == [
        "没有两张回执登记同一次发布: 投递 1, 2 不符。请先 xuanfa pause，用 xuanfa show 查看；说不清来由就从备份恢复"
    ]


@pytest.mark.parametrize(
    "tables",
    [["deliveries"], ["receipts"], ["attempts"], ["deliveries", "receipts"], ["deliveries", "receipts", "attempts"]],
)
def test_a_rehearsal_that_is_made_a_real_publication_is_found(bench: Any, tables: list[str]) -> None:
    """Otherwise the count of what was published would grow by what was only practised."""
    bench.channel(rehearsal=True)
    bench.queue("one")
    bench.run()
    assert troubles(bench) == []
    for table in tables:
        force(bench, f"UPDATE {table} SET rehearsal = (1 = 0)")  # noqa: S608 - names of ours
    assert [text for text in troubles(bench) if "投递 1 不符" in text]


def paused(bench: Any) -> None:
    bench.channel()
    bench.queue("one")
    pause(bench.desk, "a", ANNA)
    pause(bench.desk, EVERYTHING, Person(name="安娜", why="哀悼日"))
    resume(bench.desk, "a", ANNA)
    assert troubles(bench) == []


@pytest.mark.parametrize(
    ("what", "name"),
    [
        ("UPDATE channel_states SET paused_at = NULL", "全部"),
        ("UPDATE channel_states SET paused_at = paused_at - 1 WHERE channel = '*'", "全部"),
        ("UPDATE channel_states SET reason = '别的' WHERE channel = '*'", "全部"),
        ("UPDATE channel_states SET paused_at = 1 WHERE channel = 'a'", "a"),
        ("DELETE FROM channel_states", "全部"),
        ("INSERT INTO channel_states (channel, paused_at, reason) VALUES ('b', 1, '')", "b"),
        (
            "INSERT INTO restores (backup, taken_at, restored_at, actor, ended_at) VALUES ('x', 1, 2, '安娜', 3)",
            "备份恢复之后的暂停",
        ),
    ],
)
def test_a_pause_or_resumption_without_its_line_is_found(bench: Any, what: str, name: str) -> None:
    paused(bench)
    force(bench, what)
    (trouble,) = troubles(bench)
    assert trouble.startswith(f"暂停和恢复都有历史可查: {name} 的暂停状态与历史不符")


def test_pauses_of_every_sort_leave_nothing_untold(bench: Any) -> None:
    script = bench.channel()
    script.publish += [Rejected(findings=(), blame=Blame.CHANNEL), Deferred(after=timedelta(minutes=1), reason="429")]
    bench.queue("one")
    bench.run()
    assert bench.standing()[0]
    pause(bench.desk, "a", Person(name="安娜", why="别的原因"))
    assert troubles(bench) == []
    bench.clock.advance(minutes=1)
    resume(bench.desk, "a", ANNA)
    bench.run()
    assert troubles(bench) == []
    bench.clock.advance(minutes=1)
    pause(bench.desk, "a", ANNA)
    assert troubles(bench) == []


def test_an_answer_that_came_late_is_vouched_for_as_it_is_known_then(bench: Any, lease: timedelta) -> None:
    script = bench.channel(stages=True)
    bench.queue("one", "two", "three")
    bench.claim(1)
    (staged,) = [job for job in bench.claim(1) if job.action is Action.STAGE]
    bench.clock.now += lease
    lapse(bench.desk)
    seal(bench.desk)
    bench.settle(perform(bench, staged))
    assert script.prepared
    bench.clock.advance(minutes=5)
    bench.run()
    assert {delivery.state for delivery in bench.all()} == {State.PUBLISHED}
    seal(bench.desk)
    assert troubles(bench) == []


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


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("keys", [{"number": 1, "last": 9}, {"number": 9}])
def test_a_seal_cannot_be_replaced_by_any_of_its_keys(bench: Any, keys: dict[str, int]) -> None:
    bench.channel()
    bench.queue("one")
    kept = seal(bench.desk)
    assert kept is not None
    statement = sa.text("REPLACE INTO seals VALUES (:number, 1, :last, 9, '', '', 0)")
    with bench.desk.store.engine.connect() as connection, pytest.raises(DBAPIError, match="append-only"):
        connection.execute(statement, {"last": kept.last} | keys)
    assert newest_seal(bench.desk) == kept


GUARDS = {
    "sqlite": [
        "DROP TRIGGER events_no_update",
        "DROP TRIGGER events_no_replace",
        "DROP TRIGGER seals_no_delete",
        "CREATE TRIGGER mine AFTER UPDATE ON deliveries BEGIN SELECT 1; END",
    ],
    "postgresql": [
        "DROP TRIGGER append_only ON events",
        "ALTER TABLE seals DISABLE TRIGGER append_only",
        "ALTER TABLE events ENABLE REPLICA TRIGGER append_only",
        "CREATE OR REPLACE FUNCTION xuanfa_append_only() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RETURN NULL; END$$",
        "CREATE TRIGGER mine AFTER UPDATE ON deliveries FOR EACH STATEMENT EXECUTE FUNCTION xuanfa_append_only()",
    ],
}


@pytest.mark.parametrize("number", range(5))
def test_a_guard_that_is_gone_or_changed_is_found(bench: Any, number: int) -> None:
    """Inside a transaction that is taken back: other tests go on with the database."""
    bench.channel()
    bench.queue("one")
    kind = bench.desk.store.engine.dialect.name
    statements = GUARDS[kind]
    with bench.desk.store.engine.connect() as connection:
        assert append_only.troubles(connection) == []
        connection.execute(sa.text(statements[number % len(statements)].replace(":", r"\:")))
        assert append_only.troubles(connection)
        connection.rollback()
    assert troubles(bench) == []


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_trigger_that_was_dropped_is_told_with_its_name(bench: Any) -> None:
    bench.channel()
    bench.queue("one")
    with bench.desk.store.write() as connection:
        for name in ("events_no_update", "seals_no_replace"):
            connection.execute(sa.text(f"DROP TRIGGER {name}"))
    (trouble,) = troubles(bench)
    assert trouble.startswith("数据库仍禁止改动历史: 触发器 events_no_update, seals_no_replace 不见了")


def test_rows_that_lead_nowhere_are_found(bench: Any) -> None:
    bench.channel()
    bench.queue("one")
    if bench.desk.store.file:
        with closing(sqlite3.connect(bench.desk.store.file)) as plain, plain:
            plain.execute("DELETE FROM posts")  # foreign keys are off unless asked for
    else:
        force(bench, "DELETE FROM posts")
    assert "deliveries.post_id: 1" in troubles(bench)[0]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_damaged_file_is_found(bench: Any) -> None:
    bench.channel()
    bench.queue(*(f"post-{number}" for number in range(30)))
    bench.desk.store.close()
    with closing(sqlite3.connect(bench.desk.store.file)) as plain:
        plain.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (page,) = plain.execute("SELECT rootpage FROM sqlite_master WHERE name = 'ix_deliveries_due'").fetchone()
        (size,) = plain.execute("PRAGMA page_size").fetchone()
    with bench.desk.store.file.open("r+b") as file:
        file.seek((page - 1) * size + size // 2)
        file.write(b"\xff" * (size // 2))
    assert troubles(bench)[0].startswith("数据库完整")


def picture_post(bench: Any) -> Path:
    """A post with a picture, published; the file in which its bytes are kept."""
    bench.channel()
    Image.new("RGB", (40, 30), "red").save(bench.write("one", "![图](a.png)").with_name("a.png"))
    bench.queue()
    (kept,) = (bench.folder / "var" / "media").glob("??/*")
    return kept


@pytest.mark.parametrize("spoil", [lambda path: path.unlink(), lambda path: path.write_bytes(b"other")])
def test_a_picture_that_is_gone_or_changed_is_named(bench: Any, spoil: Callable[[Path], None]) -> None:
    kept = picture_post(bench)
    assert troubles(bench) == []
    spoil(kept)
    assert kept.stem in troubles(bench)[0]


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


def test_verifying_waits_for_nobody_and_sees_one_moment(bench: Any) -> None:
    bench.channel()
    bench.queue("one")
    checks = verify(bench.desk)
    next(checks)
    desk = bench.another()
    with desk.store.write() as connection:
        connection.execute(sa.text("UPDATE deliveries SET digest = '0'"))
    assert [item.trouble for item in checks if item.trouble] == []
    assert troubles(bench)


def test_no_seal_is_half_there(bench: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    bench.channel()
    bench.queue("one")

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(chain, "add", killed)
    with pytest.raises(KeyboardInterrupt):
        seal(bench.desk)
    monkeypatch.undo()
    with bench.desk.store.read() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(seals)) == 0
    assert seal(replace(bench.desk)) is not None
    assert troubles(bench) == []
