"""Backup and restore: what was published after the backup is not sent again unasked, whatever the clock, the passes and the files do."""

import hashlib
import json
import os
import shutil
import signal
import sqlite3
import struct
import subprocess
import sys
import threading
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from PIL import Image

from xuanfa.bootstrap.restoring import check_backup, restore_workspace
from xuanfa.domain.channel import EVERYTHING
from xuanfa.domain.delivery import State
from xuanfa.domain.errors import ConfigError, StateError, StoreError, XuanfaError
from xuanfa.domain.outcome import Absent, Accepted, Blame, Published, Rejected, Unknown
from xuanfa.domain.receipt import Receipt
from xuanfa.domain.restoring import brought_back
from xuanfa.engine.once import one_pass
from xuanfa.operations import archive
from xuanfa.operations.backup import backup
from xuanfa.operations.decide import (
    Person,
    cancel,
    release,
    reschedule,
    resolve_absent,
    resolve_published,
    resume,
    retry,
)
from xuanfa.operations.desk import Desk
from xuanfa.operations.examine import examine
from xuanfa.operations.restored import all_posts_are_here
from xuanfa.operations.seal import seal
from xuanfa.operations.verify import as_claim, verify
from xuanfa.reports.listing import everything_paused, history, lacks_posts, list_deliveries
from xuanfa.store import deliveries, restores, rows
from xuanfa.store.database import SCHEMA, Store
from xuanfa.store.migrate import upgrade

ANNA = Person(name="安娜", why="核对")


@dataclass
class Offices:
    """An old machine and a new one, each with a folder and a database of its own, and one sink for both."""

    old: Any
    new: Any
    clock: Any
    file: Path

    def backup(self) -> Path:
        backup(self.old_desk, self.file)
        return self.file

    def restore(self, **changes: Any) -> Desk:
        """Put it back on the new machine; its desk."""
        os.environ["XUANFA_DATABASE_URL"] = self.new.url
        try:
            restore_workspace(self.file, self.new.folder, ANNA, self.clock)
            return replace(self.new.desk(self.clock), **changes)
        finally:
            del os.environ["XUANFA_DATABASE_URL"]

    @property
    def old_desk(self) -> Desk:
        if not hasattr(self, "_desk"):
            self._desk = self.old.desk(self.clock)
        return self._desk  # type: ignore[no-any-return]


@pytest.fixture
def second(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[str], str]]:
    """Another empty database, of the kind that is named."""
    given = []

    def make(kind: str) -> str:
        if kind == "sqlite":
            return f"sqlite:///{tmp_path / 'second' / 'var' / 'xuanfa.db'}"
        server = request.getfixturevalue("postgres")
        given.append((server, server.database()))
        url: str = given[-1][1]
        return url

    yield make
    for server, url in given:
        server.give_back(url)


@pytest.fixture
def offices(
    workspace: Any, database: str, clock: Any, second: Callable[[str], str], request: pytest.FixtureRequest
) -> Iterator[Offices]:
    kind = request.param if hasattr(request, "param") else database.partition(":")[0].partition("+")[0]
    tmp_path = workspace.folder.parent
    workspace.settle_in(settings=f'database_url = "{database}"\n')
    new = type(workspace)(tmp_path / "new machine", second("sqlite" if kind == "sqlite" else "postgres"))
    with new.stack:
        yield Offices(workspace, new, clock, tmp_path / "backup.zip")


def hours(desk: Desk, clock: Any, count: int) -> None:
    """Passes over so many hours, one in each quarter."""
    for _ in range(count * 4):
        clock.advance(minutes=15)
        one_pass(desk)


def states(desk: Desk) -> dict[str, State]:
    return {row.post: row.state for row in list_deliveries(desk.store)}


def number(desk: Desk, post: str) -> int:
    return next(row.id for row in list_deliveries(desk.store, post=post))


def at(clock: Any, **later: float) -> str:
    return (clock() + timedelta(**later)).isoformat(timespec="minutes")


def test_nothing_that_was_published_after_the_backup_goes_out_again_and_the_rest_goes_out_once(
    offices: Offices, sink: Any, clock: Any
) -> None:
    office, desk = offices.old, offices.old_desk
    office.post("out")
    one_pass(desk)
    for name, delay in {"due": 1, "unsent": 4, "moved": 70, "later": 72, "called off": 73}.items():
        office.post(name.replace(" ", "-"), publish_at=at(clock, hours=delay))
    one_pass(desk)
    cancel(desk, number(desk, "called-off"), ANNA)
    clock.advance(minutes=5)
    offices.backup()
    # What only the old machine knows.
    office.post("fresh")
    reschedule(desk, number(desk, "moved"), clock(), ANNA)
    hours(desk, clock, 2)
    assert {post for post, state in states(desk).items() if state is State.PUBLISHED} == {
        "out",
        "due",
        "moved",
        "fresh",
    }
    assert len(sink.seen) == 4

    # The new machine: restored four hours later, with the folder of posts as staff have it by now.
    clock.advance(hours=4)
    new = offices.restore()
    shutil.copy2(office.folder / "posts" / "fresh.md", new.posts_folder)
    hours(new, clock, 90)
    assert len(sink.seen) == 4
    resume(new, EVERYTHING, ANNA)
    hours(new, clock, 90)
    assert len(sink.seen) == 4
    assert states(new) == {
        "out": State.PUBLISHED,
        "due": State.UNKNOWN,
        "unsent": State.UNKNOWN,
        "moved": State.HELD,
        "later": State.HELD,
        "called-off": State.CANCELLED,
        "fresh": State.HELD,
    }
    assert {row.reason for row in list_deliveries(new.store, states=[State.UNKNOWN])} == {
        "从 2026-03-02 09:05 +08:00 的备份恢复，期间可能已经发出：请到渠道上看，再用 resolve 说明结果"
    }

    # A person looks at the channel, and says of each what is true.
    resolve_published(new, number(new, "due"), "https://www.example.gov.cn/due", ANNA)
    resolve_published(new, number(new, "moved"), "https://www.example.gov.cn/moved", ANNA)
    resolve_published(new, number(new, "fresh"), "https://www.example.gov.cn/fresh", ANNA)
    resolve_absent(new, number(new, "unsent"), ANNA)
    release(new, number(new, "later"), ANNA)
    hours(new, clock, 3)
    office_new = offices.new
    office_new.folder = new.folder
    office_new.post("after")
    hours(new, clock, 1)
    assert set(sink.keys.values()) == {1}
    assert len(sink.seen) == 7
    assert states(new).pop("called-off") is State.CANCELLED
    assert {state for post, state in states(new).items() if post != "called-off"} == {State.PUBLISHED}
    assert not [item for item in verify(new) if item.trouble]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_what_is_not_due_yet_waits_for_its_time_even_where_a_person_says_that_it_is_not_there(
    offices: Offices, sink: Any, clock: Any
) -> None:
    offices.old.post("later", publish_at=at(clock, hours=5))
    one_pass(offices.old_desk)
    offices.backup()
    new = offices.restore()
    resume(new, EVERYTHING, ANNA)
    release(new, number(new, "later"), ANNA)
    hours(new, clock, 4)
    assert len(sink.seen) == 0
    hours(new, clock, 2)
    assert len(sink.seen) == 1


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_what_was_being_sent_when_the_backup_was_made_is_a_persons(offices: Offices, sink: Any, clock: Any) -> None:
    desk = offices.old_desk
    offices.old.post("one")
    sink.script.append("silent")
    sending = threading.Thread(target=one_pass, args=(desk,))
    sending.start()
    sink.wait_for(1)
    offices.backup()
    sink.speak.set()
    sending.join()
    new = offices.restore()
    assert states(new) == {"one": State.UNKNOWN}
    assert {line.what for line in history(new.store, 1)} >= {"publish #1: lost", "publishing → unknown"}
    resume(new, EVERYTHING, ANNA)
    hours(new, clock, 5)
    assert len(sink.seen) == 1
    assert not [item for item in verify(new) if item.trouble]


def test_everything_is_paused_and_every_place_says_why(offices: Offices, clock: Any) -> None:
    offices.old.post("later", publish_at=at(clock, hours=5))
    one_pass(offices.old_desk)
    offices.backup()
    new = offices.restore()
    why = everything_paused(new.store)
    assert why is not None
    assert "2026-03-02 09:00 +08:00 的备份" in why
    assert "xuanfa resume" in why
    before = {item.what for item in examine(offices.old_desk) if item.trouble}
    lines = [item for item in examine(new) if item.trouble and item.what not in before]
    assert [item.what for item in lines] == ["发送", "数据库恢复自 2026-03-02 09:00 +08:00 的备份"]
    assert "1 条投递" in lines[1].trouble
    resume(new, EVERYTHING, ANNA)
    (left,) = [item for item in examine(new) if item.trouble and item.what not in before]
    assert not left.fatal
    release(new, 1, ANNA)
    assert {item.what for item in examine(new) if item.trouble} <= before
    assert [(line.what, line.who) for line in history(new.store, 1)] == [
        ("scheduled", offices.old_desk.node),
        ("scheduled → held", "安娜"),
        ("held → scheduled", "安娜"),
    ]


@pytest.mark.parametrize(
    ("database", "offices"),
    [
        pytest.param("sqlite", "postgres", marks=pytest.mark.postgres),
        pytest.param("postgres", "sqlite", marks=pytest.mark.postgres),
    ],
    indirect=True,
)
def test_a_backup_of_one_kind_of_database_goes_into_the_other(offices: Offices, sink: Any, clock: Any) -> None:
    offices.old.post("one")
    one_pass(offices.old_desk)
    kept = seal(offices.old_desk)
    assert kept is not None
    offices.backup()
    new = offices.restore()
    assert not [item for item in verify(new, as_claim(f"{kept.number}:{kept.hash}")) if item.trouble]
    resume(new, EVERYTHING, ANNA)
    offices.new.folder = new.folder
    offices.new.post("two")
    one_pass(new)
    assert (len(sink.seen), set(sink.keys.values())) == (2, {1})
    assert set(states(new).values()) == {State.PUBLISHED}


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_changed_file_does_not_bring_into_the_queue_what_a_restore_has_left_open(
    offices: Offices, sink: Any, clock: Any
) -> None:
    """Rejected at the backup, mended and published after it: the mended file is there on the new machine too."""
    desk, office = offices.old_desk, offices.old
    sink.script.append(422)
    office.post("one", "写错了。")
    one_pass(desk)
    assert states(desk) == {"one": State.REJECTED}
    offices.backup()
    mended = office.post("one", "改好了。")
    clock.advance(minutes=1)
    one_pass(desk)
    assert states(desk) == {"one": State.PUBLISHED}
    new = offices.restore()
    shutil.copy2(mended, new.posts_folder / "one.md")
    resume(new, EVERYTHING, ANNA)
    hours(new, clock, 5)
    assert states(new) == {"one": State.HELD}
    assert len(sink.seen) == 2
    release(new, 1, ANNA)
    hours(new, clock, 1)
    assert len(sink.seen) == 3
    assert not [item for item in verify(new) if item.trouble]


@pytest.mark.parametrize(
    ("evidence", "state", "looks"),
    [
        (Published(receipt=Receipt(address="https://www.example.gov.cn/1")), State.PUBLISHED, 1),
        (Absent(evidence="no"), State.UNKNOWN, 1),
        (Rejected(findings=(), blame=Blame.CONTENT), State.UNKNOWN, 1),
        (Accepted(ticket="t"), State.UNKNOWN, 3),
        (Unknown(evidence="?"), State.UNKNOWN, 3),
    ],
)
def test_of_all_that_a_look_may_say_only_proof_settles_what_a_restore_has_left(
    bench: Any, evidence: Any, state: State, looks: int
) -> None:
    script = bench.channel(confirms=True, looks_max=3)
    script.publish.append(Unknown(evidence="timeout"))
    script.confirm += [evidence] * 20
    bench.queue("one")
    bench.run()
    bench.put(State.UNKNOWN, restored=True, reason="恢复", look_at=bench.clock(), looks=0)
    for _ in range(30):
        bench.clock.advance(hours=2)
        bench.run()
    assert (bench.get().state, bench.get().restored, len(script.looked)) == (state, state is State.UNKNOWN, looks)
    assert bench.get().reason == ("恢复" if state is State.UNKNOWN else "")
    assert len(script.sent) == 1


@pytest.mark.parametrize("state", list(State))
def test_whatever_stood_in_the_backup_no_pass_sends_it_and_no_state_is_lost(bench: Any, state: State) -> None:
    """The fence itself: a delivery that a restore brought back leaves only after a person's decision about it."""
    script = bench.channel(replay=timedelta(days=365), confirms=True)
    bench.queue("one")
    before = bench.put(state, attempt=0)
    taken_at = bench.clock()
    bench.clock.advance(hours=1)
    after = brought_back(before, taken_at, bench.clock(), "2026")
    with bench.desk.store.write() as connection:
        deliveries.rewrite(connection, [deliveries.Change(before, after)], bench.clock(), "test")
    script.confirm += [Absent(evidence="no")] * 10
    for _ in range(50):
        bench.clock.advance(hours=1)
        bench.run()
    assert script.sent == []
    public = {State.PUBLISHED, State.RETRACTING, State.RETRACTED}
    doubt = {State.SCHEDULED, State.PUBLISHING, State.ACCEPTED, State.UNKNOWN}
    assert bench.get().restored is (state not in public)
    assert bench.get().state is (State.UNKNOWN if state in doubt else state)


def test_the_queue_itself_does_not_send_what_a_restore_brought_back(bench: Any) -> None:
    script = bench.channel()
    bench.queue("one", "two")
    bench.put(State.SCHEDULED, 1, restored=True)
    bench.put(State.SCHEDULED, 2, restored=True, first_sent_at=bench.clock())
    bench.run()
    assert [delivery.state for delivery in bench.all()] == [State.HELD, State.UNKNOWN]
    assert script.sent == []


def dated(path: Path, moment: datetime) -> None:
    os.utime(path, (moment.timestamp(), moment.timestamp()))


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_newer_posts_that_come_only_after_the_resumption_are_held_all_the_same(
    offices: Offices, sink: Any, clock: Any
) -> None:
    """Restored, resumed, and only then somebody finds the newest posts on the old machine's disk."""
    office, desk = offices.old, offices.old_desk
    one_pass(desk)
    offices.backup()
    fresh, late = office.post("fresh"), office.post("late")
    for path in (fresh, late):
        dated(path, clock())
    one_pass(desk)
    assert len(sink.seen) == 2

    clock.advance(hours=4)
    new = offices.restore()
    resume(new, EVERYTHING, ANNA)
    assert lacks_posts(new.store)
    shutil.copy2(fresh, new.posts_folder / "fresh.md")
    clock.advance(hours=1)
    office_new = offices.new
    office_new.folder = new.folder
    dated(office_new.post("after"), clock())
    hours(new, clock, 3)
    assert states(new) == {"fresh": State.HELD, "after": State.PUBLISHED}
    assert len(sink.seen) == 3

    # What lies there when a person says that all is in is read first; what comes later is new, however old its file.
    shutil.copy2(late, new.posts_folder / "late.md")
    all_posts_are_here(new, ANNA)
    assert not lacks_posts(new.store)
    shutil.copy2(late, new.posts_folder / "copied.md")
    hours(new, clock, 3)
    assert states(new) == {
        "fresh": State.HELD,
        "late": State.HELD,
        "after": State.PUBLISHED,
        "copied": State.PUBLISHED,
    }
    assert len(sink.seen) == 4
    assert not [item for item in verify(new) if item.trouble]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_file_whose_date_was_lost_in_copying_is_as_old_as_the_time_that_it_names(
    offices: Offices, sink: Any, clock: Any
) -> None:
    offices.backup()
    new = offices.restore()
    clock.advance(minutes=30)
    resume(new, EVERYTHING, ANNA)
    clock.advance(minutes=30)
    offices.new.folder = new.folder
    dated(offices.new.post("old", publish_at=at(clock, minutes=-40)), clock())
    dated(offices.new.post("new", publish_at=at(clock, minutes=0)), clock())
    one_pass(new)
    assert states(new) == {"old": State.HELD, "new": State.PUBLISHED}


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_that_all_posts_are_in_is_not_believed_while_one_cannot_be_read(
    offices: Offices, sink: Any, clock: Any
) -> None:
    offices.backup()
    new = offices.restore()
    bad = new.posts_folder / "bad.md"
    bad.write_text("---\ntitle: 甲\ncolumn: none\n---\n正文\n", encoding="utf-8")
    with pytest.raises(StateError, match=r"bad\.md"):
        all_posts_are_here(new, ANNA)
    assert everything_paused(new.store)
    bad.rename(bad.with_name("_bad.md"))
    all_posts_are_here(new, ANNA)
    assert not everything_paused(new.store)
    assert not [item for item in verify(new) if item.trouble]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_doctor_says_of_a_restore_what_is_left_to_say(offices: Offices, clock: Any) -> None:
    offices.backup()
    new = offices.restore()
    resume(new, EVERYTHING, ANNA)
    (line,) = [item for item in examine(new) if "备份" in item.what]
    assert (line.trouble, "--all-posts-are-here" in line.note) == ("", True)
    all_posts_are_here(new, ANNA)
    assert [item for item in examine(new) if "备份" in item.what] == []


# --- the file


def test_publishing_goes_on_while_a_backup_is_made(
    offices: Offices, sink: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The backup is stopped in its midst, with its transaction open; a whole pass publishes meanwhile."""
    desk = offices.old_desk
    offices.old.post("one")
    one_pass(desk)
    other, dump, met = offices.old.desk(offices.clock), rows.dump, list[str]()

    def dump_and_publish(connection: sa.Connection, name: str) -> Iterator[dict[str, Any]]:
        if name == "events":
            offices.old.post("two")
            one_pass(other)
            met.append(name)
        return dump(connection, name)

    monkeypatch.setattr(rows, "dump", dump_and_publish)
    offices.backup()
    monkeypatch.undo()
    assert met == ["events"]
    assert states(desk) == {"one": State.PUBLISHED, "two": State.PUBLISHED}
    new = offices.restore()
    assert states(new) == {"one": State.PUBLISHED}, "one moment, whichever table came first"
    assert not [item for item in verify(new) if item.trouble]


@pytest.fixture
def made(offices: Offices) -> Offices:
    """A backup on the disk."""
    offices.old.post("one")
    one_pass(offices.old_desk)
    offices.backup()
    return offices


sqlite_only = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@sqlite_only
def test_a_backup_is_for_its_owner_and_never_overwritten(made: Offices) -> None:
    assert made.file.stat().st_mode & 0o777 == 0o600
    before = made.file.read_bytes()
    with pytest.raises(ConfigError, match="没有覆盖"):
        made.backup()
    assert made.file.read_bytes() == before
    assert [path.name for path in made.file.parent.glob("backup*")] == ["backup.zip"]


@sqlite_only
def test_secrets_are_not_in_it(offices: Offices) -> None:
    desk = offices.old_desk
    (offices.old.folder / ".env").write_text("XUANFA_X=topsecret\n")
    with desk.store.write() as connection:
        connection.execute(sa.text("INSERT INTO remembered VALUES ('wechat:1', 'token', 'topsecret', NULL)"))
    offices.backup()
    with zipfile.ZipFile(offices.file) as file:
        assert not [name for name in file.namelist() if b"topsecret" in file.read(name)]
        assert "database/remembered.jsonl" not in file.namelist()


@sqlite_only
def test_the_manifest_says_what_it_is(made: Offices) -> None:
    with zipfile.ZipFile(made.file) as file:
        manifest = json.loads(file.read("manifest.json"))
        assert sorted(file.namelist()) == sorted([*manifest["members"], "manifest.json"])
    assert manifest["schema"] == SCHEMA
    assert manifest["taken_at"] == made.clock().isoformat()
    assert (manifest["counts"]["deliveries"], manifest["counts"]["receipts"]) == (1, 1)
    assert manifest["seal"]["number"] >= 1
    found = check_backup(made.file)
    assert (found.posts, found.deliveries) == (1, 1)


def spoilt(path: Path) -> Iterator[bytes]:
    """The backup cut short at several places, and with one byte of a member's data changed."""
    whole = path.read_bytes()
    yield from (whole[: len(whole) * part // 10] for part in (0, 1, 5, 9))
    yield whole[:-1]
    with zipfile.ZipFile(path) as file:
        for info in (info for info in file.infolist() if info.file_size):
            lengths = struct.unpack_from(
                "<HH", whole, info.header_offset + 26
            )  # of name and further fields, before the data
            at_ = info.header_offset + 30 + sum(lengths) + info.compress_size // 2
            yield whole[:at_] + bytes([whole[at_] ^ 0x10]) + whole[at_ + 1 :]


@sqlite_only
def test_a_backup_that_was_altered_or_cut_short_is_refused_before_anything_is_written(made: Offices) -> None:
    for data in list(spoilt(made.file)):
        made.file.write_bytes(data)
        with pytest.raises(XuanfaError, match="不是完整的备份"):
            made.restore()
        assert not made.new.folder.exists()


@sqlite_only
def test_a_member_that_was_exchanged_is_named(made: Offices) -> None:
    with zipfile.ZipFile(made.file) as file:
        members = {name: file.read(name) for name in file.namelist()}
    members["database/deliveries.jsonl"] = members["database/deliveries.jsonl"].replace(b"published", b"scheduled")
    with zipfile.ZipFile(made.file, "w") as file:
        for name, data in members.items():
            file.writestr(name, data)
    with pytest.raises(ConfigError, match=r"database/deliveries\.jsonl"):
        made.restore()


@sqlite_only
@pytest.mark.parametrize("kind", ["members", "places", "folders"])
def test_nothing_in_it_leads_out_of_the_folder(made: Offices, tmp_path: Path, kind: str) -> None:
    with zipfile.ZipFile(made.file) as file:
        members = {name: file.read(name) for name in file.namelist()}
    manifest = json.loads(members.pop("manifest.json"))
    evil = {
        "members": {"workspace/../../evil": manifest["members"]["workspace/xuanfa.toml"]},
        "places": {"folders/site/../../../evil": 0o755},
        "folders": {"site": "../evil"},
    }
    manifest[kind] |= evil[kind]
    with zipfile.ZipFile(made.file, "w") as file:
        for name, data in {**members, "workspace/../../evil": members["workspace/xuanfa.toml"]}.items():
            file.writestr(name, data)
        file.writestr("manifest.json", json.dumps(manifest))
    with pytest.raises(ConfigError, match="不是完整的备份"):
        made.restore()
    assert not list(tmp_path.rglob("evil"))


@sqlite_only
def test_of_the_backups_in_a_folder_the_newest_are_kept(offices: Offices, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    (folder / "xuanfa-notes.zip").touch()
    for _ in range(4):
        last = backup(offices.old_desk, folder, keep=2)
        offices.clock.advance(days=1)
    assert sorted(path.name for path in folder.iterdir()) == [
        "xuanfa-20260304-090000.zip",
        "xuanfa-20260305-090000.zip",
        "xuanfa-notes.zip",
    ]
    assert [path.name for path in last.removed] == ["xuanfa-20260303-090000.zip"]
    with pytest.raises(ConfigError, match="不是文件夹"):
        backup(offices.old_desk, tmp_path / "a.zip", keep=2)


@sqlite_only
def test_a_full_disk_leaves_nothing_half_made(offices: Offices, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(archive.os, "fsync", full)
    with pytest.raises(ConfigError, match="磁盘已满"):
        offices.backup()
    assert not list(offices.file.parent.glob("backup*"))


BACKUP = """
import os, signal, sys
from pathlib import Path
from xuanfa.bootstrap import open_desk
from xuanfa.operations import archive, backup
def killed(*_):
    os.kill(os.getpid(), signal.SIGKILL)
archive.os.fsync = killed
with open_desk(Path(sys.argv[1])) as desk:
    backup.backup(desk, Path(sys.argv[2]))
"""


@sqlite_only
def test_a_killed_backup_leaves_nothing_that_looks_whole(offices: Offices) -> None:
    offices.old.post("one")
    one_pass(offices.old_desk)
    killed = subprocess.run([sys.executable, "-c", BACKUP, offices.old.folder, offices.file], check=False)
    assert killed.returncode == -signal.SIGKILL
    assert not offices.file.exists()
    (left,) = offices.file.parent.glob("backup*")
    assert left.suffix == ".partial"
    offices.backup()
    assert check_backup(offices.file).deliveries == 1


# --- putting it back


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
from xuanfa.operations import archive
from xuanfa.operations.decide import Person
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
    manifest["schema"] = "0002"
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


@sqlite_only
def test_a_retry_of_what_had_failed_is_a_persons_word(offices: Offices, sink: Any) -> None:
    sink.script.append(422)
    offices.old.post("one")
    one_pass(offices.old_desk)
    cancel(offices.old_desk, 1, ANNA)
    offices.backup()
    new = offices.restore()
    resume(new, EVERYTHING, ANNA)
    assert "备份恢复" in list_deliveries(new.store)[0].reason
    retry(new, 1, ANNA)
    hours(new, offices.clock, 1)
    assert (len(sink.seen), states(new)) == (2, {"one": State.PUBLISHED})
