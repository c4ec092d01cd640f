"""The schema: one truth in two writings, opened only by the program that knows it, and its invariants kept by the database."""

import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy.exc import IntegrityError, StatementError

from tests.support import disk
from tests.support.new_databases import statements_of
from xuanfa.domain.delivery import State
from xuanfa.domain.errors import StoreError
from xuanfa.store import rows, schema
from xuanfa.store.database import SCHEMA, Store
from xuanfa.store.migrate import head, upgrade

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
Rows = Callable[..., dict[str, Any]]
Filled = Callable[..., Store]
sqlite_only = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def test_the_program_knows_the_newest_migration() -> None:
    assert head() == SCHEMA


def test_migrations_lead_to_the_tables_as_they_are_written_down(store: Store) -> None:
    with store.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), schema.metadata) == []


def definitions(connection: sa.Connection, schema_: str = "public") -> dict[str, str]:
    """Tables and indexes as the database has them: checks and conditions of indexes too, which no comparison of tools sees."""
    if connection.dialect.name == "sqlite":
        rows = connection.execute(sa.text("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL"))
        return {row.name: " ".join(re.sub(r'["()]', " ", row.sql).split()) for row in rows}
    rows = connection.execute(
        sa.text(
            "SELECT table_name || '.' || column_name AS name, "
            "concat_ws(' ', data_type, character_maximum_length, is_nullable, column_default) AS sql "
            "FROM information_schema.columns WHERE table_schema = :schema "
            "UNION ALL SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = CAST(:schema AS regnamespace) "
            "UNION ALL SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = :schema "
            "UNION ALL SELECT CAST(CAST(tgrelid AS regclass) AS text) || ' ' || tgname, pg_get_triggerdef(pg_trigger.oid) FROM pg_trigger "
            "JOIN pg_class ON pg_class.oid = tgrelid WHERE NOT tgisinternal AND relnamespace = CAST(:schema AS regnamespace)"
        ),
        {"schema": schema_},
    )
    return {row.name.replace(f"{schema_}.", ""): row.sql.replace(f"{schema_}.", "") for row in rows}


def parts(definition: str) -> list[str]:
    """What a definition says, in any order: migrations may name columns and constraints in another one."""
    return sorted(part.strip() for part in definition.split(","))


def test_checks_and_conditions_of_indexes_are_the_same_too(store: Store, tmp_path: Path) -> None:
    if store.file is None:
        with store.write() as connection:
            connection.execute(sa.text("CREATE SCHEMA written"))
            schema.metadata.create_all(connection.execution_options(schema_translate_map={None: "written"}))
            ours, theirs = definitions(connection, "written"), definitions(connection)
    else:
        fresh = sa.create_engine(f"sqlite:///{tmp_path / 'fresh.db'}")
        schema.metadata.create_all(fresh)
        with store.read() as migrated, fresh.connect() as written:
            ours, theirs = definitions(written), definitions(migrated)
        fresh.dispose()
    theirs = {name: sql for name, sql in theirs.items() if not name.startswith("alembic_version")}
    assert ours.keys() == theirs.keys()
    for name, definition in ours.items():
        assert parts(definition) == parts(theirs[name]), name


def test_what_other_tests_make_new_databases_by_makes_the_same(file: Path, tmp_path: Path) -> None:
    store, copied = Store(f"sqlite:///{file}"), sa.create_engine(f"sqlite:///{tmp_path}/copied.db")
    store.upgrade()
    with store.read() as connection, copied.connect() as other:
        for statement in statements_of(connection):
            other.exec_driver_sql(statement)
        assert definitions(other) == definitions(connection)
        for table in (*schema.metadata.tables, "alembic_version"):
            rows_ = f"SELECT * FROM {table}"  # noqa: S608 - our own names
            assert other.exec_driver_sql(rows_).all() == connection.exec_driver_sql(rows_).all()
    copied.dispose()
    store.close()


def test_a_new_workspace_gets_its_database_by_itself(file: Path) -> None:
    store = Store(f"sqlite:///{file}")
    assert not file.parent.exists()
    store.ready()
    assert store.version() == SCHEMA
    store.close()


def test_an_empty_file_is_a_new_database(file: Path) -> None:
    file.parent.mkdir()
    file.touch()
    store = Store(f"sqlite:///{file}")
    store.ready()
    assert store.version() == SCHEMA
    store.close()


@pytest.mark.parametrize(
    ("version", "says"),
    [
        ("0000", "比程序（{ours}）旧：请先备份，再运行 xuanfa db upgrade。"),
        ("9999", "比程序（{ours}）新：请升级 xuanfa，不要用旧程序打开。"),
    ],
)
def test_another_schema_is_refused_with_what_to_do(store: Store, version: str, says: str) -> None:
    with store.write() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = :v"), {"v": version})
    with pytest.raises(StoreError) as caught:
        store.ready()
    assert f"数据库的版本（{version}）{says.format(ours=SCHEMA)}" in str(caught.value)


def test_upgrading_twice_changes_nothing(store: Store) -> None:
    with store.read() as connection:
        before = definitions(connection)
    store.upgrade()
    with store.read() as connection:
        assert definitions(connection) == before


CREATE = """
import sys, time
from xuanfa.store import migrate  # imported before the start, so that all begin together
from xuanfa.store.database import Store
store = Store(sys.argv[1])
print("ready", flush=True)
sys.stdin.readline()
store.ready()
assert store.version()
"""


@pytest.mark.parametrize(
    ("database", "round_"),
    [("sqlite", 1), ("sqlite", 2), pytest.param("postgres", 1, marks=pytest.mark.postgres)],
    indirect=["database"],
)
def test_several_processes_create_one_database_at_once(emptied: str, round_: int) -> None:
    command = [sys.executable, "-c", CREATE, emptied]
    pipe = subprocess.PIPE
    processes = [subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True) for _ in range(4)]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    for process in processes:
        _, error = process.communicate(timeout=30)
        assert process.returncode == 0, error
    store = Store(emptied)
    store.ready()
    with store.read() as connection:
        assert connection.scalar(sa.text("SELECT count(*) FROM alembic_version")) == 1
    store.close()


@sqlite_only
def test_every_commit_is_on_the_disk_and_readers_wait_for_nobody(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("xuanfa.store.database._prepare_sqlite", disk.as_ever)
    store.close()
    with store.read() as connection:
        found = [
            connection.scalar(sa.text(f"PRAGMA {name}")) for name in ("journal_mode", "synchronous", "foreign_keys")
        ]
    assert found == ["wal", 2, 1]


def test_a_naive_time_is_refused(store: Store, post_row: Rows) -> None:
    naive = datetime(2026, 3, 2, 9, 0)  # noqa: DTZ001 - the point
    with store.write() as connection, pytest.raises(StatementError, match="a naive time cannot be stored"):
        connection.execute(sa.insert(schema.posts), post_row(queued_at=naive))


def test_times_keep_their_moment_to_the_microsecond_whatever_their_zone(store: Store, post_row: Rows) -> None:
    at = datetime(2026, 3, 2, 9, 0, 0, 123457, tzinfo=UTC).astimezone()
    with store.write() as connection:
        connection.execute(sa.insert(schema.posts), post_row(queued_at=at))
        found = connection.scalar(sa.select(schema.posts.c.queued_at))
    assert found == at
    assert found is not None
    assert found.tzinfo is UTC


def refused(connection: sa.Connection, table: sa.Table, row: dict[str, Any], sign: str) -> None:
    """SQLite names the columns of a unique key, PostgreSQL the key; both name a check."""
    columns = [part.rpartition(".")[2] for part in sign.split(", ")]
    named = "FOREIGN KEY" if sign == "FOREIGN KEY" else f"uq_{table.name}_{columns[0]}|pk_{table.name}"
    with pytest.raises(IntegrityError, match=f"(?i){sign}|{named}"), connection.begin_nested():
        connection.execute(sa.insert(table), row)


def test_a_post_reaches_a_channel_through_one_delivery(filled: Filled, delivery_row: Rows) -> None:
    with filled(1).write() as connection:
        refused(connection, schema.deliveries, delivery_row(2, 1, 1), "deliveries.post_id, deliveries.channel")
        connection.execute(sa.insert(schema.deliveries), delivery_row(2, 1, 1, channel="wecom"))


def test_a_slug_names_one_post(filled: Filled, post_row: Rows) -> None:
    with filled(1).write() as connection:
        refused(connection, schema.posts, post_row(2, slug="post-1"), "posts.slug")


def test_a_revision_has_its_number_once(filled: Filled, revision_row: Rows) -> None:
    with filled(1).write() as connection:
        refused(connection, schema.revisions, revision_row(1, 1), "revisions.post_id, revisions.number")
        connection.execute(sa.insert(schema.revisions), revision_row(1, 2))


def test_a_slot_is_reserved_once_and_a_post_has_one(filled: Filled) -> None:
    with filled(2).write() as connection:
        slot = {"column_id": "action", "at": NOW, "post_id": 1}
        connection.execute(sa.insert(schema.slots), slot)
        refused(connection, schema.slots, slot | {"post_id": 2}, "slots.column_id, slots.at")
        refused(connection, schema.slots, slot | {"column_id": "other"}, "slots.post_id")
        connection.execute(sa.insert(schema.slots), slot | {"column_id": "other", "post_id": 2})


def test_a_rendition_is_frozen_once(filled: Filled, rendition_row: Rows) -> None:
    with filled(1).write() as connection:
        refused(connection, schema.renditions, rendition_row(2, 1), "renditions.post_id, renditions.revision")
        connection.execute(sa.insert(schema.renditions), rendition_row(2, 1, digest="1" * 64))


def attempt_row(**changes: Any) -> dict[str, Any]:
    row = {"delivery_id": 1, "number": 1, "action": "publish", "key": "0" * 32, "digest": "0" * 64, "node": "n"}
    return row | {"started_at": NOW, "lease_until": NOW, "ended_at": None, "outcome": None, "evidence": ""} | changes


def test_an_attempt_has_its_number_once_and_ends_exactly_when_it_has_an_outcome(filled: Filled) -> None:
    with filled(1).write() as connection:
        connection.execute(sa.insert(schema.attempts), attempt_row())
        refused(connection, schema.attempts, attempt_row(), "attempts.delivery_id, attempts.number")
        refused(connection, schema.attempts, attempt_row(number=2, ended_at=NOW), "ck_attempts_ended")
        refused(connection, schema.attempts, attempt_row(number=2, outcome="published"), "ck_attempts_ended")
        connection.execute(sa.insert(schema.attempts), attempt_row(number=2, ended_at=NOW, outcome="published"))


def test_a_file_a_channel_and_a_remembered_value_have_one_row(store: Store) -> None:
    file = {
        "path": "posts/a.md",
        "size": 1,
        "changed_ns": 1,
        "digest": "",
        "post_id": None,
        "problems": [],
        "read_at": NOW,
    }
    state = {"channel": "cms", "paused_at": None, "deferred_until": None, "reason": ""}
    value = {"scope": "wecom:1", "name": "token", "value": "x", "expires_at": None}
    with store.write() as connection:
        for table, row, sign in (
            (schema.files, file, "files.path"),
            (schema.channel_states, state, "channel_states.channel"),
            (schema.remembered, value, "remembered.scope, remembered.name"),
        ):
            connection.execute(sa.insert(table), row)
            refused(connection, table, row, sign)


@pytest.mark.parametrize("state", list(State))
def test_only_states_of_the_table_are_stored_and_what_is_sent_was_frozen(
    filled: Filled, delivery_row: Rows, state: State
) -> None:
    with filled(1).write() as connection:
        row = delivery_row(2, 1, None, channel="wecom", state=state.value)
        row |= {"shelf": "lies"} if state is State.SHELVED else {}
        if state in {State.SCHEDULED, State.PUBLISHING}:
            refused(connection, schema.deliveries, row, "ck_deliveries_frozen")
        else:
            connection.execute(sa.insert(schema.deliveries), row)
        refused(connection, schema.deliveries, delivery_row(3, 1, 1, channel="x", state="sent"), "ck_deliveries_state")


def test_rows_refer_to_rows_that_are_there(store: Store, delivery_row: Rows) -> None:
    with store.write() as connection:
        refused(connection, schema.deliveries, delivery_row(1, 99, None, state="held"), "FOREIGN KEY")
        refused(connection, schema.attempts, attempt_row(delivery_id=99), "FOREIGN KEY")


def test_a_node_is_one_row(store: Store) -> None:
    row = {"name": "a:1", "role": "run", "version": "0", "channels": [], "started_at": NOW, "seen_at": NOW}
    with store.write() as connection:
        connection.execute(sa.insert(schema.nodes), row)
        refused(connection, schema.nodes, row, "nodes.name")


def test_a_login_name_is_given_once_and_a_token_is_one_users(store: Store) -> None:
    user = {
        "name": "wang",
        "display": "王芳",
        "roles": ["author"],
        "staff": "established",
        "password": "x",
        "made_at": NOW,
    }
    token = {"user_name": "wang", "hash": "x", "made_at": NOW, "expires_at": NOW}
    with store.write() as connection:
        connection.execute(sa.insert(schema.users), user)
        refused(connection, schema.users, user, "users.name")
        connection.execute(sa.insert(schema.tokens), token)
        refused(connection, schema.tokens, token, "hash")
        refused(connection, schema.tokens, token | {"hash": "y", "user_name": "nobody"}, "FOREIGN KEY")


def test_a_post_is_restricted_once_and_what_is_opened_is_a_post(store: Store) -> None:
    post = {"slug": "a", "path": "a", "revision": 1, "title": "", "column_id": "", "department": "", "queued_at": NOW}
    row = {"post_id": 1, "access": ["@li"], "since": NOW}
    with store.write() as connection:
        connection.execute(sa.insert(schema.posts), post)
        connection.execute(sa.insert(schema.restrictions), row)
        refused(connection, schema.restrictions, row, "restrictions.post_id")
        refused(connection, schema.openings, {"post_id": 2, "actor": "a", "why": "", "at": NOW}, "FOREIGN KEY")


def test_every_table_was_thought_of() -> None:
    """A new table needs its invariants tested above."""
    known = {
        "alarms",
        "attempts",
        "channel_states",
        "deliveries",
        "events",
        "files",
        "identity",
        "late_proofs",
        "names",
        "nodes",
        "pace",
        "packages",
        "posts",
        "receipts",
        "recollections",
        "remembered",
        "restores",
        "scans",
        "seals",
        "users",
        "tokens",
        "withdrawals",
        "takedowns",
        "endings",
        "openings",
        "verdicts",
        "waivers",
        "restrictions",
        "corrections",
        "imports",
        "imported",
        *("workdays", "sealed_months", "month_sums", "outbox"),
        *("series", "occurrences", "solemn_periods"),
    }
    reviews = {"reviews", "decisions", "approvals", "delegations"}
    console = {"sessions", "one_time_passwords", "factors", "intents", "drafts", "seen", "visits"} | {
        "reminders",
        "absences",
        "leader_links",
    }
    public = {"page_proofs", "page_watch", "reader_figures", "reader_marks", "strangers", "out_links", "link_uses"}
    assert schema.metadata.tables.keys() == known | reviews | console | public | {"renditions", "revisions", "slots"}


@sqlite_only
def test_the_file_can_be_read_by_any_tool(filled: Filled, file: Path) -> None:
    filled(1)
    with sqlite3.connect(file) as plain:
        row = plain.execute("SELECT ready_at, state, staged FROM deliveries").fetchone()
    plain.close()
    assert row == (int(NOW.timestamp() * 1_000_000), "scheduled", "")


@pytest.mark.parametrize("version", ["0005", "0006", "0007", "0008", "0009", SCHEMA])
def test_a_backup_has_the_tables_of_its_own_schema(tmp_path: Path, version: str) -> None:
    """A table that is added says since when it is there, or no backup from before could be restored."""
    store = Store(f"sqlite:///{tmp_path / 'some.db'}")
    upgrade(store, version)
    with store.read() as connection:
        there = set(sa.inspect(connection).get_table_names())
    store.close()
    assert set(rows.tables_of(version)) == there & set(rows.TABLES)
    assert version < SCHEMA or there >= set(rows.TABLES)
