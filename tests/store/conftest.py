"""A database in a file of its own, and rows to put into it."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from xuanfa.store import migrate
from xuanfa.store.database import Store
from xuanfa.store.schema import deliveries, posts, renditions, revisions

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)

_BY_MIGRATIONS = migrate.upgrade_on


@pytest.fixture(autouse=True)
def _by_migrations(monkeypatch: pytest.MonkeyPatch) -> None:
    """Here every database is made by the migrations themselves."""
    monkeypatch.setattr(migrate, "upgrade_on", _BY_MIGRATIONS)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "var" / "xuanfa.db"


@pytest.fixture
def store(database: str) -> Iterator[Store]:
    """A new database at this program's schema, whose writers wait for each other as in production. A test runs on both kinds."""
    opened = Store(database)
    opened.ready()
    yield opened
    opened.close()


@pytest.fixture
def emptied(database: str) -> str:
    """The address of a database in which nothing has been made yet."""
    if database.startswith("postgresql"):
        engine = sa.create_engine(database)
        with engine.begin() as connection:
            connection.execute(sa.text("DROP SCHEMA public CASCADE"))
            connection.execute(sa.text("CREATE SCHEMA public"))
            connection.execute(sa.text("GRANT USAGE ON SCHEMA public TO PUBLIC"))
        engine.dispose()
    return database


Rows = Callable[..., dict[str, Any]]


@pytest.fixture
def post_row() -> Rows:
    def make(number: int = 1, **changes: Any) -> dict[str, Any]:
        values = {"id": number, "slug": f"post-{number}", "path": f"posts/{number}.md", "revision": 1, "title": "标题"}
        return values | {"column_id": "action", "department": "", "queued_at": NOW} | changes

    return make


@pytest.fixture
def revision_row() -> Rows:
    def make(post: int = 1, number: int = 1, **changes: Any) -> dict[str, Any]:
        return {"post_id": post, "number": number, "digest": "0" * 64, "source": "", "created_at": NOW} | changes

    return make


@pytest.fixture
def rendition_row() -> Rows:
    def make(number: int = 1, post: int = 1, **changes: Any) -> dict[str, Any]:
        values = {"id": number, "post_id": post, "revision": 1, "channel": "cms", "digest": "0" * 64, "title": "标题"}
        texts = {"summary": "", "media_type": "text/plain", "body": "正文", "pictures": [], "needs": [], "extra": {}}
        return values | texts | changes

    return make


@pytest.fixture
def delivery_row() -> Rows:
    def make(number: int = 1, post: int = 1, rendition: int | None = 1, **changes: Any) -> dict[str, Any]:
        values = {"id": number, "post_id": post, "revision": 1, "column_id": "action", "channel": "cms"}
        values |= {"kind": "webhook", "state": "scheduled", "reason": "", "rehearsal": False}
        values |= {"rendition_id": rendition, "digest": "0" * 64, "key": "0" * 32, "due_at": NOW, "ready_at": NOW}
        values |= {"fresh_at": NOW, "expires_at": None, "tries": 0, "attempt": 0, "first_sent_at": None}
        values |= {"waiting": False, "ticket": "", "staged": {}, "look_at": None, "looks": 0, "absent_at": None}
        return values | changes

    return make


@pytest.fixture
def filled(
    store: Store, post_row: Rows, revision_row: Rows, rendition_row: Rows, delivery_row: Rows
) -> Callable[..., Store]:
    """The store with so many posts, each with one delivery to ``cms``; ``changes`` are columns of the deliveries."""

    def fill(count: int, start: int = 1, **changes: Any) -> Store:
        numbers = range(start, start + count)
        with store.write() as connection:
            connection.execute(sa.insert(posts), [post_row(n) for n in numbers])
            connection.execute(sa.insert(revisions), [revision_row(n) for n in numbers])
            connection.execute(sa.insert(renditions), [rendition_row(n, n) for n in numbers])
            connection.execute(sa.insert(deliveries), [delivery_row(n, n, n, **changes) for n in numbers])
        return store

    return fill
