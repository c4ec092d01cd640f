"""One moment: what a thread reads is of one piece, asked once, and what it writes itself is seen."""

from threading import Thread

import pytest
import sqlalchemy as sa

from xuanfa.domain.errors import StoreError
from xuanfa.domain.user import Role, Staff, User
from xuanfa.store import users
from xuanfa.store.database import Store
from xuanfa.store.moment import once

from .conftest import NOW


@pytest.fixture
def asked(store: Store) -> list[str]:
    """The statements that reach the database."""
    found: list[str] = []
    sa.event.listen(store.engine, "before_cursor_execute", lambda _c, _k, statement, *_: found.append(statement))
    return found


def add(store: Store, name: str) -> None:
    user = User(name=name, display=name, department="", roles=frozenset({Role.ADMIN}), staff=Staff.ESTABLISHED)
    with store.write() as connection:
        users.insert(connection, user, "hash", NOW)


def names(store: Store) -> list[str]:
    with store.read() as connection:
        return [user.name for user in users.all(connection)]


def test_a_moment_is_of_one_piece_whatever_others_write_meanwhile(store: Store) -> None:
    add(store, "a")
    with store.one_moment():
        with store.read() as connection:
            assert connection.scalar(sa.select(sa.func.count()).select_from(users.users)) == 1
        other = Thread(target=add, args=(store, "b"))
        other.start()
        other.join()
        with store.read() as connection:
            assert connection.scalar(sa.select(sa.func.count()).select_from(users.users)) == 1
        assert names(store) == ["a"]
    assert names(store) == ["a", "b"]


def test_what_the_thread_writes_itself_is_seen_by_what_it_reads_next(store: Store) -> None:
    with store.one_moment():
        assert names(store) == []
        add(store, "a")
        assert names(store) == ["a"]
        with store.read() as outer:
            assert [user.name for user in users.all(outer)] == ["a"]
            add(store, "b")
            assert [user.name for user in users.all(outer)] == ["a"], "a reader that has begun ends as it began"
        assert names(store) == ["a", "b"]


def test_the_same_is_asked_once_in_a_moment_and_each_time_outside_of_one(store: Store, asked: list[str]) -> None:
    add(store, "a")
    asked.clear()
    with store.one_moment():
        for _ in range(3):
            names(store).clear()  # whoever changes what was found changes it for himself
        with store.read() as connection:
            assert [once(connection, "key", lambda: len(asked)) for _ in range(2)] == [len(asked)] * 2
        assert names(store) == ["a"]
    assert sum("FROM users" in each for each in asked) == 1
    asked.clear()
    for _ in range(3):
        names(store)
    assert sum("FROM users" in each for each in asked) == 3


def test_a_moment_goes_on_after_a_question_that_failed(store: Store) -> None:
    add(store, "a")
    with store.one_moment():
        with pytest.raises((StoreError, sa.exc.DBAPIError)), store.read() as connection:
            connection.execute(sa.text("SELECT * FROM nothing_of_that_name"))
        assert names(store) == ["a"]


def test_a_reader_that_outlasts_its_moment_reads_to_its_end_and_every_connection_comes_back(store: Store) -> None:
    add(store, "a")
    with store.one_moment():
        reader = store.read()
        connection = reader.__enter__()
        with store.one_moment():
            assert names(store) == ["a"]
    assert [user.name for user in users.all(connection)] == ["a"]
    reader.__exit__(None, None, None)
    assert connection.closed
    assert store.engine.pool.checkedout() == 0  # type: ignore[attr-defined]


def test_each_thread_has_moments_of_its_own(store: Store) -> None:
    seen: list[list[str]] = []
    with store.one_moment():
        assert names(store) == []
        add_and_look = Thread(target=lambda: (add(store, "a"), seen.append(names(store))))
        add_and_look.start()
        add_and_look.join()
        assert names(store) == []
    assert seen == [["a"]]
