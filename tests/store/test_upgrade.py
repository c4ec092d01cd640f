"""A database of the version before, with its history in both languages, as that version has left it: opened, upgraded, read, and gone on with.

``before/0006.sql`` was made by the program whose schema was 0006: posts published, handed over, rehearsed, held, cancelled and withdrawn, partly
by people who read English, partly by people who read Chinese.
"""

import io
import json
import shutil
import sqlite3
from collections import Counter
from contextlib import closing, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from xuanfa.cli import main
from xuanfa.store.database import Store
from xuanfa.store.migrate import upgrade

BEFORE = Path(__file__).parent / "before" / "0006.sql"
SETTINGS = """
database_url = "{database}"
[columns.action]
title = "我们在行动"
channels = ["site", "pack", "group", "gone"]
[channels.site]
adapter = "site"
base_url = "https://www.example.gov.cn/action/"
directory = "public"
[channels.pack]
adapter = "manual"
title = "抖音号"
[channels.group]
adapter = "webhook"
url = "http://127.0.0.1:9/hook"
allow_private = true
[channels.gone]
adapter = "webhook"
url = "http://127.0.0.1:19/other"
allow_private = true
rehearsal = true
"""


STATES = Counter(published=7, accepted=4, scheduled=4, held=7, cancelled=1, retracted=1)
#: The newest seal, as ``verify`` printed it then.
SEAL = "1:94f13445e8ef8dffe910234d489046ee9cd304f9dd5b4fc6f1e61afa0a474526"


@pytest.fixture
def office(tmp_path: Path, emptied: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The workspace as it was, on either database."""
    monkeypatch.chdir(tmp_path)
    old = tmp_path / "old.db"
    with closing(sqlite3.connect(old)) as connection:
        connection.executescript(BEFORE.read_text(encoding="utf-8"))
        files = connection.execute(
            "SELECT p.path, r.source FROM posts p JOIN revisions r ON r.post_id = p.id AND r.number = p.revision"
        ).fetchall()
    posts = tmp_path / "posts"
    posts.mkdir()
    for path, source in files:
        if not path.endswith("05-post.md"):  # it was gone
            (tmp_path / path).write_text(source, encoding="utf-8")
    (tmp_path / "xuanfa.toml").write_text(SETTINGS.format(database=emptied), encoding="utf-8")
    shutil.copy(BEFORE.with_suffix(".marks"), tmp_path / "xuanfa.marks")
    _move(old, emptied)
    return tmp_path


def _move(old: Path, database: str) -> None:
    store = Store(database)
    if store.file is not None:
        store.file.parent.mkdir(parents=True, exist_ok=True)
        old.replace(store.file)
        store.close()
        return
    upgrade(store, "0006")
    source = sa.create_engine(f"sqlite:///{old}")
    tables, theirs = sa.MetaData(), sa.MetaData()
    with source.connect() as read, store.engine.begin() as write:
        tables.reflect(write)
        theirs.reflect(read)
        for table in tables.sorted_tables:
            if table.name != "alembic_version":
                rows = [_typed(table, row._mapping) for row in read.execute(theirs.tables[table.name].select())]
                write.execute(sa.delete(table)) if table.name == "identity" else None
                if rows:
                    write.execute(table.insert(), rows)
                if rows and "id" in table.columns:
                    sequence = sa.func.pg_get_serial_sequence(table.name, "id")
                    newest = sa.select(sa.func.max(table.c.id)).scalar_subquery()
                    write.execute(sa.select(sa.func.setval(sequence, newest)).where(sequence.is_not(None)))
    source.dispose()
    store.close()


def _typed(table: sa.Table, row: Any) -> dict[str, Any]:
    def value(column: sa.Column[Any]) -> Any:
        found = row[column.name]
        return bool(found) if isinstance(column.type, sa.Boolean) and found is not None else found

    return {column.name: value(column) for column in table.columns}


def xuanfa(office: Path, *words: str) -> tuple[int, str]:
    """A command of a person: its exit code, and what it prints."""
    said, told = io.StringIO(), io.StringIO()
    with redirect_stdout(said), redirect_stderr(told):
        code = main([*words, "-w", str(office)])
    return code, said.getvalue()


@pytest.mark.parametrize("reader", ["zh", "en"])
def test_it_is_upgraded_read_and_gone_on_with(office: Path, monkeypatch: pytest.MonkeyPatch, reader: str) -> None:
    """Every line can still be read, by whom it was not written for as well; the seal holds, and nothing of before is sent again."""
    monkeypatch.setenv("XUANFA_LANG", reader)
    assert xuanfa(office, "deliveries")[0] == 1  # it says what to do first
    assert (upgraded := xuanfa(office, "db", "upgrade"))[0] == 0, upgraded
    said = xuanfa(office, "deliveries", "--json")[1]
    assert said.startswith("["), said
    rows = {row["id"]: row for row in json.loads(said)}
    before = {number: row["state"] for number, row in rows.items()}
    assert Counter(before.values()) == STATES
    assert "稿头写的发布时间 2020-01-01 09:00" in rows[17]["reason"]
    assert "its file posts/05-post.md is gone" in rows[13]["reason"]
    assert "not needed" in xuanfa(office, "show", "15")[1]
    assert "写错了" in xuanfa(office, "show", "1")[1]
    assert ["var/media" in trouble for trouble in wrong_by(office)] == [
        True
    ]  # the pictures are not kept with these rows
    xuanfa(office, "publish")
    after = {row["id"]: row for row in json.loads(xuanfa(office, "deliveries", "--json")[1])}
    assert {number: row["state"] for number, row in after.items()} == before
    assert json.loads(xuanfa(office, "count", "--json")[1])
    assert xuanfa(office, "cancel", "17", "--why", "不发了")[0] == 0
    assert ["var/media" in trouble for trouble in wrong_by(office)] == [True]


def wrong_by(office: Path) -> list[str]:
    """What ``verify`` finds wrong, with the seal that was noted before the upgrade."""
    checks = json.loads(xuanfa(office, "verify", "--seal", SEAL, "--json")[1])["checks"]
    return [check["trouble"] for check in checks if not check["ok"]]
