"""The file of a backup: made while publishing goes on, whole or not at all, for its owner only, and refused where it was altered."""

import json
import signal
import struct
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from tests.operations.restoring.conftest import Offices, states
from tests.support.databases import sqlite_only
from xuanfa.bootstrap.restoring import check_backup
from xuanfa.domain.delivery import State
from xuanfa.domain.errors import ConfigError, XuanfaError
from xuanfa.engine.once import one_pass
from xuanfa.operations.keeping import archive
from xuanfa.operations.keeping.backup import backup
from xuanfa.operations.keeping.verify import verify
from xuanfa.store import rows
from xuanfa.store.database import SCHEMA


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
from xuanfa.operations.keeping import archive
from xuanfa.operations.keeping import backup
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
