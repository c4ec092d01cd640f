"""What the console says while the machine fails: one sentence, what was typed stays, and nothing is done twice.

A database that is away for a minute, a disk that is full, a process that ended in the middle; and a post of two hundred pictures."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa
from PIL import Image

from tests.conftest import Clock, Postgres, Workspace
from tests.console.conftest import settle_people
from tests.support.browsing import Somebody, served
from xuanfa.operations.desk import Desk
from xuanfa.reports.audit import audited
from xuanfa.reports.listing import everything_paused
from xuanfa.store import posts

TEXT = "法官写了很久的一段话。"


def begun(one: Somebody) -> str:
    one.go("/posts")
    one.press("写一篇")
    return one.page.url.path.split("/")[2]


def revision(desk: Desk, slug: str) -> int:
    with desk.store.read() as connection:
        known = posts.by_slug(connection, slug)
        return known.revision if known else 0


@pytest.mark.postgres
def test_a_database_that_is_away_for_a_minute(workspace: Workspace, clock: Clock, postgres: Postgres) -> None:
    url = postgres.database()
    workspace.settle_in(settings=f'database_url = "{url}"')
    desk = workspace.desk(clock)
    settle_people(desk)
    with served(desk) as address, Somebody(address) as one:
        slug = begun(one.sign_in("wang"))
        form = one.form("存为一版")
        postgres.stop()
        try:
            for path in ("/", "/posts", f"/posts/{slug}/write", "/calendar", "/counts"):
                text = one.go(path)
                assert (one.page.status_code, "数据库" in text, "Traceback" in text) == (503, True, False), path
            text = one.send(form, title="题目", text=TEXT)
            assert (one.page.status_code, "数据库" in text, TEXT in text) == (503, True, True)
        finally:
            postgres.start()
        clock.advance(minutes=1)
        for _ in range(2):
            one.send(form, title="题目", text=TEXT)
            assert (one.page.status_code, one.page.url.path) == (200, f"/posts/{slug}/write")
        assert revision(desk, slug) == 1
    workspace.stack.close()
    postgres.give_back(url)


@contextmanager
def full(desk: Desk) -> Iterator[None]:
    """No database file grows: SQLite's own word for a disk without room."""
    engine: Any = desk.store.engine

    def bound(connection: sa.Connection) -> None:
        connection.exec_driver_sql("PRAGMA max_page_count = 1")  # as many as there are

    def free(connection: sa.Connection) -> None:
        connection.exec_driver_sql("PRAGMA max_page_count = 1073741823")

    sa.event.listen(engine, "begin", bound)
    try:
        yield
    finally:
        sa.event.remove(engine, "begin", bound)
        sa.event.listen(engine, "begin", free)


def test_a_full_disk_keeps_what_was_typed_and_saves_it_once_there_is_room(workspace: Workspace, clock: Clock) -> None:
    desk = workspace.desk(clock)
    settle_people(desk)
    with served(desk) as address, Somebody(address) as one:
        slug = begun(one.sign_in("wang"))
        form = one.form("存为一版")
        long = TEXT * 20_000  # more than the free pages of the file hold
        with full(desk):
            text = one.send(form, title="题目", text=long)
            assert (one.page.status_code, "磁盘" in text, long in text) == (503, True, True)
            fields = dict(form.fields)
            answer = one.client.put(
                f"/posts/{slug}/draft",
                data=fields | {"sequence": "9", "title": "题目", "text": long},
                headers={"accept": "application/json"},
            )
            assert (answer.status_code, "磁盘" in answer.text) == (503, True)
            assert "Traceback" not in answer.text
        for _ in range(2):
            one.send(form, title="题目", text=TEXT)
            assert one.page.status_code == 200
        assert revision(desk, slug) == 1


def test_what_broke_off_between_its_deed_and_its_answer_is_not_done_again(
    workspace: Workspace, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = workspace.desk(clock)
    settle_people(desk)
    with served(desk) as address, Somebody(address) as one:
        one.sign_in("zhou").go("/stop")
        form = one.form("停发全部")

        def broken(*_: object, **__: object) -> None:
            raise MemoryError

        with monkeypatch.context() as patch:
            patch.setattr("xuanfa.console.once.answer_intent", broken)
            text = one.send(form, why="发现错字")
            assert (one.page.status_code, "发现错字" in text) == (500, True)
        assert everything_paused(desk.store) == "发现错字"
        text = one.send(form, why="发现错字")
        assert one.page.status_code == 409
        assert "没有再办" in text or "正在办" in text or "看" in text
    lines = [line for line in audited(desk.store, since=None, until=None, who=None, post=None) if line.act == "pause"]
    assert len(lines) == 1


def test_a_post_of_two_hundred_pictures_is_saved_whole_and_one_of_three_hundred_and_one_is_told(
    workspace: Workspace, clock: Clock
) -> None:
    desk = workspace.desk(clock)
    settle_people(desk)
    with served(desk) as address, Somebody(address) as one:
        slug = begun(one.sign_in("wang"))
        fields = dict(one.form("存为一版").fields)
        names = []
        for number in range(200):
            data = io.BytesIO()
            Image.new("RGB", (8, 8), (number, 255 - number, 40)).save(data, "PNG")
            answer = one.client.post(
                f"/posts/{slug}/pictures",
                data={"csrf": fields["csrf"]},
                files={"picture": (f"{number}.png", data.getvalue())},
                headers={"accept": "application/json"},
            )
            assert answer.status_code == 200, answer.text
            names.append(answer.json()["name"])
        text = "\n\n".join(f"![第 {number} 张]({name})" for number, name in enumerate(names))
        one.press("存为一版", title="题目", text=text)
        assert (one.page.status_code, revision(desk, slug)) == (200, 1), one.page.text
        file = desk.posts_folder / slug[:4] / f"{slug}.md"
        assert file.read_text(encoding="utf-8").count("![第") == 200
        assert one.go(f"/posts/{slug}/write").count("![第") >= 200
        more = text + "\n\n" + "\n\n".join(f"![又第 {number} 张](images/{number}.png)" for number in range(101))
        told = one.press("存为一版", title="题目", text=more)
        assert (one.page.status_code, "最多 300 张" in told, told.count("![又第")) == (422, True, 101), (
            "the text is kept"
        )
        assert (revision(desk, slug), file.read_text(encoding="utf-8").count("![")) == (1, 200)
