"""Databases that cannot be used as they are: each trouble in words, with what to do, and never a driver's error."""

import sqlite3
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from xuanfa.domain.errors import StoreError
from xuanfa.store import schema
from xuanfa.store.complaints import store_error
from xuanfa.store.database import Store

Rows = Callable[..., dict[str, Any]]
Filled = Callable[..., Store]
#: What belongs to a file; PostgreSQL's own troubles are in test_store_postgres.py.
sqlite_only = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@contextmanager
def another_program(file: Path, statement: str) -> Iterator[None]:
    """A tool that has the file open and a transaction begun."""
    other = sqlite3.connect(file, isolation_level=None)
    other.execute(statement)
    try:
        yield
    finally:
        other.execute("ROLLBACK")
        other.close()


@contextmanager
def impatient(file: Path) -> Iterator[Store]:
    store = Store(f"sqlite:///{file}", busy=0.05)
    try:
        yield store
    finally:
        store.close()


@sqlite_only
def test_a_database_in_use_by_another_program_is_named(store: Store, file: Path) -> None:
    with another_program(file, "BEGIN IMMEDIATE"), impatient(file) as ours:
        with pytest.raises(StoreError, match="被别的程序长时间占用：请关掉占用它的程序"), ours.write():
            pytest.fail("never reached")
        with ours.read() as connection:  # readers wait for nobody
            assert connection.scalar(sa.select(sa.func.count()).select_from(schema.posts)) == 0


@sqlite_only
def test_a_writer_waits_for_another_one_that_is_soon_done(store: Store, file: Path) -> None:
    begun, done = threading.Event(), []

    def write() -> None:
        begun.set()
        with store.write() as connection:
            done.append(connection.scalar(sa.text("SELECT 1")))

    with another_program(file, "BEGIN IMMEDIATE"):
        thread = threading.Thread(target=write)
        thread.start()
        assert begun.wait(5)
        thread.join(0.05)
        assert not done
    thread.join(10)
    assert done == [1]


def test_a_file_that_is_no_database_is_named_and_left_alone(file: Path) -> None:
    file.parent.mkdir()
    text = b"title,date\nthe list of all our posts,2026-03-02\n" * 100
    file.write_bytes(text)
    with impatient(file) as store, pytest.raises(StoreError, match="不是数据库文件，或已损坏：请从备份恢复"):
        store.ready()
    assert file.read_bytes() == text


@sqlite_only
def test_a_damaged_database_is_named(filled: Filled, file: Path) -> None:
    filled(300).close()
    content = bytearray(file.read_bytes())
    for page in range(8, len(content) // 4096):
        content[page * 4096 : page * 4096 + 200] = b"\xff" * 200
    file.write_bytes(content)
    with impatient(file) as store, pytest.raises(StoreError, match="损坏"), store.write() as connection:  # noqa: PT012 - the transaction is the point
        for table in schema.metadata.sorted_tables:
            connection.execute(sa.select(table)).fetchall()


def test_a_folder_in_place_of_the_file_is_named(file: Path) -> None:
    file.mkdir(parents=True)
    with impatient(file) as store, pytest.raises(StoreError, match="打不开数据库"):
        store.ready()


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("a file where a folder is to be")
    with impatient(tmp_path / "var" / "xuanfa.db") as store, pytest.raises(StoreError, match="不能建立文件夹"):
        store.ready()


@sqlite_only
def test_a_read_only_database_is_named(store: Store, file: Path, post_row: Rows) -> None:
    ours = Store(f"sqlite:///file:{file}?mode=ro&uri=true", busy=0.05)
    with pytest.raises(StoreError, match="是只读的：请检查文件和所在文件夹的属主与权限"), ours.write() as connection:
        connection.execute(sa.insert(schema.posts), post_row())
    ours.close()


@sqlite_only
def test_a_full_disk_is_named_and_what_was_recorded_stays(filled: Filled, file: Path, post_row: Rows) -> None:
    store = filled(10)
    with pytest.raises(StoreError, match="磁盘已满"), store.write() as connection:  # noqa: PT012 - the transaction is the point
        pages = connection.scalar(sa.text("PRAGMA page_count"))
        connection.execute(sa.text(f"PRAGMA max_page_count = {pages}"))
        connection.execute(sa.insert(schema.posts), [post_row(n, title="长" * 5000) for n in range(100, 200)])
    with store.read() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(schema.posts)) == 10


def test_a_disk_that_fails_is_named(file: Path) -> None:
    error = sa.exc.OperationalError("SELECT 1", {}, sqlite3.OperationalError("disk I/O error"))
    said = str(store_error(error, sa.make_url(f"sqlite:///{file}")))
    assert "读写数据库" in said
    assert "磁盘" in said


def test_a_password_in_the_address_is_in_no_message() -> None:
    url = sa.make_url("postgresql+psycopg://office:s3cret@db.example/xuanfa")
    for text in ("database is locked", "connection refused", "unable to open database file", "disk is full"):
        assert "s3cret" not in str(store_error(sa.exc.OperationalError("SELECT 1", {}, Exception(text)), url))


def test_a_missing_driver_is_named_with_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(StoreError) as caught:
        Store("postgresql://office:s3cret@db.example/xuanfa")
    assert "（db.example/xuanfa），但没有安装驱动：请运行 pip install 'xuanfa[postgres]'" in str(caught.value)
    assert "s3cret" not in str(caught.value)


def test_our_own_mistake_stays_what_it_is(store: Store) -> None:
    with pytest.raises(sa.exc.IntegrityError), store.write() as connection:  # noqa: PT012 - the transaction is the point
        row = {"channel": None, "paused_at": None, "deferred_until": None, "reason": ""}
        connection.execute(sa.insert(schema.channel_states), row)
    with pytest.raises(ZeroDivisionError), store.write():
        raise ZeroDivisionError


def test_what_fails_half_way_is_not_written(store: Store, post_row: Rows) -> None:
    with pytest.raises(ZeroDivisionError), store.write() as connection:  # noqa: PT012 - the transaction is the point
        connection.execute(sa.insert(schema.posts), post_row())
        raise ZeroDivisionError
    with store.read() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(schema.posts)) == 0


@sqlite_only
def test_what_is_read_stays_true_until_the_commit(filled: Filled) -> None:
    """Six threads read what is free and take it; without the lock from the beginning two would take the same."""
    store, rows, taken, guard = filled(200), 200, [], threading.Lock()
    column = schema.deliveries.c

    def claim() -> None:
        while True:
            with store.write() as connection:
                free = connection.scalar(
                    sa.select(column.id).where(column.state == "scheduled").order_by(column.id).limit(1)
                )
                if free is None:
                    return
                change = sa.update(schema.deliveries).where(column.id == free).values(state="publishing")
                connection.execute(change)
            with guard:
                taken.append(free)

    threads = [threading.Thread(target=claim) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(taken) == list(range(1, rows + 1))
