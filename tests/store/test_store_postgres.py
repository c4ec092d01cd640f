"""What is PostgreSQL's own: its troubles in words, its plans, and transactions that meet."""

# ruff: noqa: S608 - the statements are made of constants

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
from sqlalchemy import event

from xuanfa.domain.errors import StoreError
from xuanfa.store import attempts, channels, deliveries, posts, schema, waiting
from xuanfa.store.complaints import store_error
from xuanfa.store.database import SCHEMA, Store

pytestmark = [pytest.mark.postgres, pytest.mark.parametrize("database", ["postgres"], indirect=True)]

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
Rows = Callable[..., dict[str, Any]]
Filled = Callable[..., Store]


@contextmanager
def opened(url: str | sa.URL, busy: float = 20) -> Iterator[Store]:
    store = Store(url if isinstance(url, str) else url.render_as_string(hide_password=False), busy=busy)
    try:
        yield store
    finally:
        store.close()


def complaint(url: str | sa.URL) -> str:
    """What is said of a database that cannot be opened."""
    with opened(url) as store, pytest.raises(StoreError) as caught:
        store.ready()
    return str(caught.value)


def test_an_address_without_a_driver_means_ours(database: str) -> None:
    with opened(database.replace("+psycopg", "")) as store:
        assert store.version() == SCHEMA


def test_a_server_that_is_not_there_is_named(database: str) -> None:
    url = sa.make_url(database).set(port=1, password="s3cret")
    said = complaint(url)
    assert said.startswith("连不上数据库服务器 127.0.0.1:1/test_")
    assert "s3cret" not in said


def test_a_database_that_is_not_there_is_named(database: str) -> None:
    assert "127.0.0.1" in (said := complaint(sa.make_url(database).set(database="nosuch")))
    assert "/nosuch 不存在：请核对 database_url 里的库名" in said


def test_an_account_that_is_not_there_is_named(database: str) -> None:
    assert "没有 database_url 里的这个账号" in complaint(sa.make_url(database).set(username="nosuch"))


def test_a_wrong_password_is_named_and_not_shown(database: str, postgres: Any) -> None:
    postgres.sql("DROP ROLE IF EXISTS guarded")
    postgres.sql("CREATE ROLE guarded LOGIN PASSWORD 'right'")
    for password in ("wrong-s3cret", None):
        said = complaint(sa.make_url(database).set(username="guarded", password=password))
        assert "不接受这个账号或密码：请核对 database_url 里的用户名和密码" in said
        assert "s3cret" not in said


def test_an_account_that_may_not_make_tables_is_told(emptied: str, postgres: Any) -> None:
    postgres.sql("DROP ROLE IF EXISTS stranger")
    postgres.sql("CREATE ROLE stranger LOGIN")
    assert "权限不够" in complaint(sa.make_url(emptied).set(username="stranger"))


def test_a_database_of_another_program_is_left_alone(emptied: str) -> None:
    engine = sa.create_engine(emptied)
    with engine.begin() as connection:
        connection.execute(sa.text("CREATE TABLE posts (theirs integer)"))
    assert "已有别的程序的同名数据表" in complaint(emptied)
    with engine.connect() as connection:
        assert sa.inspect(connection).get_table_names() == ["posts"]
    engine.dispose()


def test_a_database_that_cannot_hold_every_character_is_refused(database: str, postgres: Any) -> None:
    postgres.sql("CREATE DATABASE latin ENCODING 'LATIN1' TEMPLATE template0")
    url = postgres.url("latin")
    assert "编码是 LATIN1，存不下所有文字" in complaint(url)
    postgres.drop(url)


def test_a_standby_is_named(store: Store, database: str, post_row: Rows) -> None:
    url = sa.make_url(database).update_query_dict({"options": "-c default_transaction_read_only=on"})
    with (
        opened(url) as standby,
        pytest.raises(StoreError, match="只读的（可能连到了备机）"),
        standby.write() as connection,
    ):
        connection.execute(sa.insert(schema.posts), post_row())


@pytest.mark.parametrize(
    ("state", "says"),
    [("53100", "磁盘已满"), ("53300", "连接数已满"), ("57P03", "正在启动或停止"), ("XX001", "已损坏")],
)
def test_what_a_server_says_by_number_is_understood_in_any_language(database: str, state: str, says: str) -> None:
    error = psycopg.errors.lookup(state)("错误: 未知的语言")
    said = str(store_error(sa.exc.OperationalError("SELECT 1", {}, error), sa.make_url(database)))
    assert says in said


def test_a_lost_connection_is_named_and_the_next_transaction_has_a_new_one(store: Store, postgres: Any) -> None:
    with pytest.raises(StoreError, match="连接中断"), store.write() as connection:  # noqa: PT012 - the transaction is the point
        number = connection.scalar(sa.text("SELECT pg_backend_pid()"))
        postgres.sql(f"SELECT pg_terminate_backend({number})")
        connection.execute(sa.text("SELECT 1"))
    with store.write() as connection:
        assert connection.scalar(sa.text("SELECT 1")) == 1


def test_a_commit_is_on_the_disk_whatever_the_server_s_own_setting(store: Store, postgres: Any, database: str) -> None:
    postgres.sql(f"ALTER DATABASE {sa.make_url(database).database} SET synchronous_commit = off")
    with opened(database) as ours, ours.read() as connection:
        assert connection.scalar(sa.text("SHOW synchronous_commit")) == "on"
    postgres.sql(f"ALTER DATABASE {sa.make_url(database).database} RESET synchronous_commit")


def test_a_writer_does_not_wait_for_ever(filled: Filled, database: str) -> None:
    filled(1)
    with opened(database, busy=0.05) as ours, opened(database) as other, other.write() as held:
        deliveries.get(held, [1])
        with pytest.raises(StoreError, match="被别的程序长时间占用"), ours.write() as connection:
            deliveries.get(connection, [1])


def test_two_that_wait_for_each_other_are_told_to_try_again(filled: Filled, database: str) -> None:
    filled(2)
    said: list[str] = []
    both = threading.Barrier(2)

    def lock(first: int, second: int) -> None:
        try:
            with opened(database) as store, store.write() as connection:
                deliveries.get(connection, [first])
                both.wait(20)
                deliveries.get(connection, [second])
        except StoreError as error:
            said.append(str(error))

    threads = [threading.Thread(target=lock, args=pair) for pair in ((1, 2), (2, 1))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(said) == 1
    assert "这次什么也没有写入" in said[0]


def test_a_nul_in_an_answer_is_written_all_the_same(filled: Filled) -> None:
    with filled(1).write() as connection:
        deliveries.record_event(connection, now=NOW, after="late_answer", actor="n", why="a\0b", delivery_id=1)
        assert connection.scalar(sa.select(schema.events.c.why)) == "a\u2400b"


def test_a_reader_sees_one_moment(filled: Filled) -> None:
    store, column = filled(1), schema.deliveries.c
    with store.read() as reading:
        before = reading.scalar(sa.select(column.state))
        with store.write() as writing:
            writing.execute(sa.update(schema.deliveries).values(state="held"))
        assert reading.scalar(sa.select(column.state)) == before == "scheduled"
    with store.read() as reading:
        assert reading.scalar(sa.select(column.state)) == "held"


def test_what_one_claims_another_one_passes_over(filled: Filled) -> None:
    store = filled(5)
    with store.write() as first, store.write() as second:
        mine = [loaded.delivery.id for loaded in deliveries.due(first, "cms", NOW, 3)]
        theirs = [loaded.delivery.id for loaded in deliveries.due(second, "cms", NOW, 3)]
    assert (mine, theirs) == ([1, 2, 3], [4, 5])


def test_what_was_claimed_while_another_one_looked_is_not_claimed_again(filled: Filled) -> None:
    """The look began before the claim was committed: the row is judged as it is when it is locked."""
    store = filled(1)
    with store.write() as first:
        (loaded,) = deliveries.due(first, "cms", NOW, 1)
        deliveries.claim(first, [loaded.delivery], NOW)
        found: list[Any] = []

        def wait_for_it() -> None:
            with store.write() as second:
                found.append(deliveries.get(second, [1])[1].state.value)
                found.append(deliveries.due(second, "cms", NOW, 1))

        thread = threading.Thread(target=wait_for_it)
        thread.start()
    thread.join(30)
    assert found == ["publishing", []]


def test_a_budget_is_one_node_s_at_a_time_and_nobody_waits_for_it(store: Store) -> None:
    with store.write() as first, store.write() as second:
        assert channels.lock_budget(first, "robot")
        assert channels.lock_budget(first, "robot")
        assert not channels.lock_budget(second, "robot")
        assert channels.lock_budget(second, "another")
    with store.write() as later:
        assert channels.lock_budget(later, "robot")


def at_once(store: Store, work: Callable[[sa.Connection], Any]) -> list[Any]:
    """What two transactions that begin together come to; each has read before either writes."""
    results, both = [], threading.Barrier(2)

    def run() -> None:
        with store.write() as connection:
            connection.execute(sa.text("SELECT 1"))
            both.wait(20)
            results.append(work(connection))

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results


@pytest.mark.parametrize("ended", [False, True])
def test_one_of_two_may_make_a_value(store: Store, ended: bool) -> None:
    if ended:
        with store.write() as connection:
            channels.keep(connection, "wecom:1", "making token", "1", NOW - timedelta(seconds=1))
    until = NOW + timedelta(seconds=90)
    taken = at_once(store, lambda c: channels.take(c, "wecom:1", "making token", "1", now=NOW, expires_at=until))
    assert sorted(taken) == [False, True]


def test_two_that_keep_a_value_at_once_keep_one(store: Store) -> None:
    at_once(store, lambda c: channels.keep(c, "wecom:1", "token", "x", None))
    with store.read() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(schema.remembered)) == 1


def test_two_that_pause_a_channel_at_once_pause_it(store: Store) -> None:
    at_once(store, lambda c: channels.pause(c, "cms", NOW, "密钥失效"))
    with store.read() as connection:
        assert channels.standings(connection)["cms"].paused_at == NOW


def test_a_slot_that_two_want_is_one_s(filled: Filled) -> None:
    store, numbers = filled(2), iter((1, 2))
    taken = at_once(store, lambda c: posts.reserve_slot(c, "action", NOW, next(numbers)))
    assert sorted(taken) == [False, True]


@pytest.fixture
def crowded(store: Store) -> Store:
    """A hundred posts on 500 channels each, due next year; one of each is due now. The server has not counted them yet."""
    at, later = (int(moment.timestamp() * 1_000_000) for moment in (NOW, NOW + timedelta(days=365)))
    insert = (
        "INSERT INTO deliveries (id, post_id, revision, column_id, channel, kind, state, reason, rehearsal, rendition_id, digest, key, "
        "due_at, ready_at, fresh_at, tries, attempt, waiting, ticket, staged, looks) SELECT i + 1, mod(i, 100) + 1, 1, 'action', "
        f"'c' || (i / 100), 'webhook', 'scheduled', '', false, mod(i, 100) + 1, '', '', {later}, {later} + i, {later}, 0, 0, false, '', '', 0 "
        "FROM generate_series(0, 49999) i"
    )
    scripts = [
        (
            "INSERT INTO posts (id, slug, path, revision, title, column_id, department, queued_at, zone) "
            f"SELECT i, 's' || i, 'p', 1, 't', 'action', '', {at}, '' FROM generate_series(1, 100) i"
        ),
        "INSERT INTO renditions SELECT i, i, 1, 'c', i, 't', '', 'text/plain', 'b', '', '', '' FROM generate_series(1, 100) i",
        insert,
        f"UPDATE deliveries SET ready_at = {at} - id WHERE id <= 5",
    ]
    with store.write() as connection:
        for script in scripts:
            connection.exec_driver_sql(script)
    return store


@pytest.mark.parametrize("counted", [False, True])
def test_a_question_of_a_pass_goes_through_its_own_index(crowded: Store, counted: bool) -> None:
    questions: list[tuple[Callable[[sa.Connection], Any], str]] = [
        (lambda c: deliveries.due(c, "c0", NOW, 20), "ix_deliveries_due"),
        (lambda c: deliveries.first_ready(c, [f"c{n}" for n in range(20)]), "ix_deliveries_due"),
        (deliveries.next_look_at, "ix_deliveries_look"),
        (lambda c: deliveries.to_look_at(c, NOW, 20), "ix_deliveries_look"),
        (lambda c: waiting.overdue(c, NOW), "ix_deliveries_waiting"),
    ]
    if counted:
        with crowded.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("ANALYZE")
    asked: list[tuple[str, Any]] = []

    def note(_c: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, _many: bool) -> None:
        asked.append((statement, parameters))

    with crowded.write() as connection:
        for ask, index in questions:
            asked.clear()
            event.listen(crowded.engine, "before_cursor_execute", note)
            ask(connection)
            event.remove(crowded.engine, "before_cursor_execute", note)
            ((statement, parameters),) = asked
            steps = "\n".join(connection.exec_driver_sql(f"EXPLAIN {statement}", parameters).scalars())
            assert index in steps, steps
            assert "Seq Scan on deliveries" not in steps, steps
        due = [loaded.delivery.id for loaded in deliveries.due(connection, "c0", NOW, 3)]
        lapsed = attempts.lapsed(connection, NOW)
    assert (due, lapsed) == ([5, 4, 3], [])


def test_who_only_looks_locks_no_row_that_has_moved_since(filled: Any) -> None:
    """A look sees one moment: it neither waits for whoever changes a row, nor fails because somebody has."""
    store = filled(1)
    with store.read() as looking:
        before = deliveries.get(looking, [1])[1]
        with store.write() as writing:
            writing.execute(sa.update(schema.deliveries).values(tries=7))
        assert deliveries.get(looking, [1])[1] == before
        assert deliveries.of_post(looking, before.post_id) == [before]
    with store.write() as connection:
        assert deliveries.get(connection, [1])[1].tries == 7
