"""Whatever must hold of deliveries, receipts, pauses, guards and files is verified, and each breach is named."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from PIL import Image

from tests.operations.conftest import published
from tests.support.decisions import ANNA, pause, resume
from tests.support.verified import force, troubles
from xuanfa.domain.attempt import Action
from xuanfa.domain.channel import EVERYTHING
from xuanfa.domain.delivery import State
from xuanfa.domain.life import move
from xuanfa.domain.outcome import Blame, Deferred, Rejected, Unknown
from xuanfa.domain.person import Person
from xuanfa.operations.keeping.seal import seal
from xuanfa.operations.sending.perform import perform
from xuanfa.operations.sending.settle import lapse
from xuanfa.store import append_only, deliveries, ledger
from xuanfa.store.deliveries import Change

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
    "the key is replaced": ("UPDATE deliveries SET key = '0'", "防重键由稿件、渠道和成稿算出: 投递 1 不符"),
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
