"""Putting a backup back: files as they were, onto nothing that is there, at every schema, and killed in its midst."""

import hashlib
import json
import os
import signal
import sqlite3
import subprocess
import sys
import zipfile
from contextlib import closing
from datetime import UTC
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from PIL import Image

from tests.operations.restoring.conftest import Offices, at, hours, states
from tests.support.databases import sqlite_only
from tests.support.decisions import ANNA, withdraw
from xuanfa.bootstrap.restoring import restore_workspace
from xuanfa.domain.act import Restore
from xuanfa.domain.delivery import State
from xuanfa.domain.errors import StateError, StoreError, XuanfaError
from xuanfa.engine.once import one_pass
from xuanfa.operations.deciding.door import carry_out
from xuanfa.operations.keeping import archive
from xuanfa.operations.keeping.backup import backup
from xuanfa.operations.keeping.restore import Where
from xuanfa.operations.keeping.verify import verify
from xuanfa.reports.listing import list_deliveries
from xuanfa.store import restores, rows
from xuanfa.store.database import SCHEMA, Store
from xuanfa.store.marks import Marks
from xuanfa.store.migrate import upgrade
from xuanfa.store.schema import events


@sqlite_only
def test_the_files_are_as_they_were(offices: Offices, tmp_path: Path) -> None:
    office = offices.old
    pages, elsewhere = office.folder / "public", tmp_path / "www"
    site = '[channels.{id}]\nadapter = "site"\ndirectory = "{to}"\nbase_url = "https://court.example"\n'
    with (office.folder / "xuanfa.toml").open("a", encoding="utf-8") as file:
        file.write(site.format(id="pages", to="public") + site.format(id="other", to=elsewhere))
        file.write('[columns.web]\ntitle = "网"\nchannels = ["pages", "other"]\n')
    Image.new("RGB", (40, 30), "red").save(office.folder / "posts" / "a.png")
    office.post("one", "![图](a.png)", column="web")
    desk = office.desk(offices.clock)
    one_pass(desk)
    assert {row.state for row in list_deliveries(desk.store)} == {State.PUBLISHED}
    made = backup(desk, offices.file)
    assert made.missing == ()
    new = offices.restore()

    def tree(folder: Path) -> dict[str, tuple[bytes, int, int]]:
        return {
            path.relative_to(folder).as_posix(): (path.read_bytes(), path.stat().st_mode, path.stat().st_mtime_ns)
            for path in folder.rglob("*")
            if path.is_file() and path.name != "catalogue.db"
        }

    for part in ("posts", "templates", "var/media", "public"):
        assert tree(new.folder / part) == tree(office.folder / part), part
    assert tree(new.folder / "restored" / "other") == tree(elsewhere)
    assert (new.folder / "public" / ".xuanfa").stat().st_mode & 0o777 == 0o700
    with closing(sqlite3.connect(new.folder / "public" / ".xuanfa" / "catalogue.db")) as catalogue:
        assert catalogue.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert (pages / "web" / "one.html").exists()
    assert one_pass(new).queued.unchanged == 1
    assert not [item for item in verify(new) if item.trouble]


@sqlite_only
def test_a_picture_that_the_backup_lacks_is_said(offices: Offices) -> None:
    Image.new("RGB", (40, 30), "red").save(offices.old.folder / "posts" / "a.png")
    offices.old.post("one", "![图](a.png)")
    one_pass(offices.old_desk)
    for path in (offices.old.folder / "var" / "media").glob("??/*"):
        path.unlink()
    assert len(backup(offices.old_desk, offices.file).missing) == 1


def test_a_database_that_holds_anything_is_not_overwritten(made: Offices) -> None:
    made.restore()
    with pytest.raises(StoreError, match="没有覆盖"):
        made.restore()
    os.environ["XUANFA_DATABASE_URL"] = made.old_desk.store.url.render_as_string(hide_password=False)
    try:
        with pytest.raises(StoreError, match="没有覆盖"):
            restore_workspace(made.file, made.new.folder.with_name("third"), ANNA)
    finally:
        del os.environ["XUANFA_DATABASE_URL"]
    assert states(made.old_desk) == {"one": State.PUBLISHED}
    assert [line.after for line in _signed_by_people(made.old_desk.store)] == ["refused"]


def test_a_restore_is_signed_and_one_that_may_not_be_changes_nothing(
    made: Offices, caplog: pytest.LogCaptureFixture
) -> None:
    with closing(Store(made.new.url)) as store, closing(archive.Reader(made.file)) as reader:
        where = Where(
            reader=reader,
            store=store,
            folder=made.new.folder,
            zone=UTC,
            clock=made.clock,
            marks=Marks(),
            may=lambda _person, _act: "只有管理员可以",
        )
        with pytest.raises(StateError, match="只有管理员可以"):
            carry_out(where, Restore(), ANNA)
    assert "只有管理员可以" in caplog.text
    signed = _signed_by_people(made.restore().store)
    assert {line.act for line in signed} == {"restore"}
    assert {(line.actor, line.how) for line in signed} == {(ANNA.name, "machine")}


def _signed_by_people(store: Store) -> list[Any]:
    with store.read() as connection:
        return list(connection.execute(sa.select(events).where(events.c.act.is_not(None)).order_by(events.c.id)))


@sqlite_only
def test_files_that_are_there_already_stay(made: Offices) -> None:
    posts = made.new.folder / "posts"
    posts.mkdir(parents=True)
    (posts / "one.md").write_text("mine")
    os.environ["XUANFA_DATABASE_URL"] = made.new.url
    try:
        done, _ = restore_workspace(made.file, made.new.folder, ANNA, made.clock)
    finally:
        del os.environ["XUANFA_DATABASE_URL"]
    assert done.kept == [str(posts / "one.md")]
    assert (posts / "one.md").read_text() == "mine"


class Killed(BaseException):
    """As a kill: nothing of ours catches it."""


@pytest.mark.parametrize("where", ["rows", "mark", "files", "settings"])
def test_a_restore_that_is_killed_leaves_nothing_that_publishes_and_can_be_run_again(
    made: Offices, sink: Any, where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    made.old.post("due", publish_at=at(made.clock, minutes=30))
    one_pass(made.old_desk)
    made.file.unlink()
    made.backup()
    hours(made.old_desk, made.clock, 1)
    assert len(sink.seen) == 2
    load, extract, record = rows.load, archive.Reader.extract, restores.record

    def dying_load(connection: sa.Connection, name: str, found: Any) -> int:
        if name == "events":
            raise Killed
        return load(connection, name, found)

    def dying_extract(self: Any, name: str, target: Path) -> None:
        if name.endswith(".md") if where == "files" else name.endswith(".toml") and target.parent == made.new.folder:
            raise Killed
        extract(self, name, target)

    def dying_record(*_: object, **__: object) -> None:
        raise Killed

    if where == "rows":
        monkeypatch.setattr(rows, "load", dying_load)
    elif where == "mark":
        monkeypatch.setattr(restores, "record", dying_record)
    else:
        monkeypatch.setattr(archive.Reader, "extract", dying_extract)
    with pytest.raises(Killed):
        made.restore()
    assert not (made.new.folder / "xuanfa.toml").exists(), "no workspace yet"
    monkeypatch.undo()
    assert record is restores.record
    new = made.restore()
    hours(new, made.clock, 24)
    assert len(sink.seen) == 2
    assert states(new) == {"one": State.PUBLISHED, "due": State.UNKNOWN}
    assert not [item for item in verify(new) if item.trouble]
    with new.store.read() as connection:
        assert connection.scalar(sa.text("SELECT count(*) FROM restores WHERE finished_at IS NOT NULL")) == 1


RESTORE = """
import os, signal, sys
from pathlib import Path
from xuanfa.bootstrap.restoring import restore_workspace
from xuanfa.operations.keeping import archive
from xuanfa.domain.person import Person
from xuanfa.store import rows
def dying(function, sign):
    def call(*arguments):
        if any(str(each).endswith(sign) for each in arguments):
            os.kill(os.getpid(), signal.SIGKILL)
        return function(*arguments)
    return call
rows.load = dying(rows.load, sys.argv[3])
archive.Reader.extract = dying(archive.Reader.extract, sys.argv[3])
restore_workspace(Path(sys.argv[1]), Path(sys.argv[2]), Person(name="安娜"))
"""


@sqlite_only
@pytest.mark.parametrize("sign", ["events", "one.md", "plain.json"])
def test_a_real_kill_in_the_midst_of_a_restore_is_no_harm_either(made: Offices, sink: Any, sign: str) -> None:
    """Killed within the transaction, and at two of the files after it."""
    made.old.post("due", publish_at=at(made.clock, minutes=30))
    one_pass(made.old_desk)
    made.file.unlink()
    made.backup()
    hours(made.old_desk, made.clock, 1)
    killed = subprocess.run(
        [sys.executable, "-c", RESTORE, made.file, made.new.folder, sign],
        env=os.environ | {"XUANFA_DATABASE_URL": made.new.url},
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL
    assert not (made.new.folder / "xuanfa.toml").exists()
    new = made.restore()
    hours(new, made.clock, 24)
    assert len(sink.seen) == 2
    assert states(new) == {"one": State.PUBLISHED, "due": State.UNKNOWN}
    assert not [item for item in verify(new) if item.trouble]


def test_a_backup_of_an_older_schema_is_upgraded_as_it_is_put_back(made: Offices, tmp_path: Path) -> None:
    """As a backup of the schema of then would have been: fewer tables, and fewer columns."""
    older = Store(f"sqlite:///{tmp_path / 'older.db'}")
    upgrade(older, "0002")
    with older.read() as connection:
        look = sa.inspect(connection)
        known = {name: {column["name"] for column in look.get_columns(name)} for name in look.get_table_names()}
    older.close()
    with zipfile.ZipFile(made.file) as file:
        members = {name: file.read(name) for name in file.namelist()}
    manifest = json.loads(members.pop("manifest.json"))
    for name in rows.TABLES:
        place = f"database/{name}.jsonl"
        if name not in known:
            del members[place], manifest["members"][place]
            continue
        lines = [json.loads(line) for line in members[place].splitlines()]
        kept = [{column: value for column, value in line.items() if column in known[name]} for line in lines]
        members[place] = b"".join(json.dumps(line).encode() + b"\n" for line in kept)
        digest = hashlib.sha256(members[place]).hexdigest()
        manifest["members"][place] |= {"sha256": digest, "size": len(members[place])}
    manifest |= {"schema": "0002", "format": 1}
    del manifest["unread"]
    with zipfile.ZipFile(made.file, "w") as file:
        for name, data in members.items():
            file.writestr(name, data)
        file.writestr("manifest.json", json.dumps(manifest))
    new = made.restore()
    assert new.store.version() == SCHEMA
    assert states(new) == {"one": State.PUBLISHED}
    assert not [item for item in verify(new) if item.trouble]


@sqlite_only
@pytest.mark.parametrize(("key", "value", "words"), [("schema", "9999", "请升级"), ("format", 99, "请升级")])
def test_a_backup_of_a_later_program_is_refused(made: Offices, key: str, value: Any, words: str) -> None:
    with zipfile.ZipFile(made.file) as file:
        members = {name: file.read(name) for name in file.namelist()}
    manifest = json.loads(members.pop("manifest.json")) | {key: value}
    with zipfile.ZipFile(made.file, "w") as file:
        for name, data in {**members, "manifest.json": json.dumps(manifest).encode()}.items():
            file.writestr(name, data)
    with pytest.raises(XuanfaError, match=words):
        made.restore()


def test_what_readers_could_see_of_what_was_withdrawn_is_put_back(offices: Offices) -> None:
    offices.old.post("one")
    one_pass(offices.old_desk)
    snapshot = withdraw(offices.old_desk, "one", ANNA).snapshot
    offices.backup()
    desk = offices.restore()
    assert desk.withdrawn(snapshot).read_bytes() == offices.old_desk.withdrawn(snapshot).read_bytes()
    assert [check.trouble for check in verify(desk) if "撤稿前" in check.what] == [""]
