"""Whose memory it is: workspaces that move, are copied or share a database, and restores beside marks."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.operations.memory.conftest import Office, marks_of
from tests.support.decisions import ANNA, release, resolve_published, resume
from xuanfa.bootstrap import open_desk
from xuanfa.bootstrap.restoring import restore_workspace
from xuanfa.domain.channel import EVERYTHING
from xuanfa.domain.delivery import State
from xuanfa.domain.errors import StoreError
from xuanfa.domain.person import Person
from xuanfa.operations.keeping.backup import backup
from xuanfa.store import identity
from xuanfa.store.database import Store


def test_a_workspace_that_is_moved_needs_nothing(office: Office, tmp_path: Path, sink: Any) -> None:
    office.publish("one")
    office.folder.rename(tmp_path / "elsewhere")
    office.folder = office.workspace.folder = tmp_path / "elsewhere"
    assert office.publish("two") == {"one": State.PUBLISHED, "two": State.PUBLISHED}
    assert office.paused() is None


def test_of_a_workspace_and_its_copy_the_one_that_falls_behind_is_held(
    workspace: Any, clock: Any, tmp_path: Path, sink: Any
) -> None:
    """Each has its database inside."""
    original = Office(workspace.settle_in(), "sqlite:///var/xuanfa.db", clock, str, str)
    workspace.settle_in()
    original.publish("one")
    shutil.copytree(original.folder, tmp_path / "copy")
    copy = Office(type(workspace)(tmp_path / "copy", sink.url), "sqlite:///var/xuanfa.db", clock, str, str)
    assert copy.publish("two") == {"one": State.PUBLISHED, "two": State.PUBLISHED}
    assert original.publish("three") == {"one": State.PUBLISHED, "three": State.HELD}
    assert copy.publish("four") == dict.fromkeys(("one", "two", "four"), State.PUBLISHED)
    original.decide(release, original.number("three"))
    original.decide(resume, EVERYTHING)
    assert original.publish() == {"one": State.PUBLISHED, "three": State.PUBLISHED}
    assert copy.publish("five") == dict.fromkeys(("one", "two", "four", "five"), State.PUBLISHED)
    assert original.publish("six")["six"] is State.PUBLISHED
    assert len(sink.seen) == 6


def test_two_workspaces_on_one_database_are_refused_until_one_adopts_it(
    office: Office, tmp_path: Path, sink: Any
) -> None:
    office.publish("one")
    other = Office(type(office.workspace)(tmp_path / "second", sink.url), office.url, office.clock, str, str)
    with pytest.raises(StoreError, match=r"属于另一个工作区（.*/office），没有改动.*xuanfa db adopt"):
        other.publish("two")
    with open_desk(other.folder, office.clock, adopting=lambda _desk: Person(name="安娜")):
        pass
    assert other.publish("two")["two"] is State.PUBLISHED
    with pytest.raises(StoreError, match=r"属于另一个工作区（.*/second）"):
        office.publish()
    assert len(sink.seen) == 2


def test_two_new_workspaces_on_one_database_are_refused_at_once(office: Office, tmp_path: Path, sink: Any) -> None:
    office.publish()
    other = Office(type(office.workspace)(tmp_path / "second", sink.url), office.url, office.clock, str, str)
    with pytest.raises(StoreError, match="属于另一个工作区"):
        other.publish()


def test_another_machine_notices_what_its_own_marks_say(
    office: Office, state_home: Path, sink: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Each has its own marks of one database. The other one has sent nothing, and has seen how far the history had come."""
    office.publish("one")
    older = office.copied(office.url)
    office.publish("two")
    (office.folder / "xuanfa.marks").unlink()
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "other machine"))
    office.publish()
    assert not any(mark.sent for mark in marks_of(office))
    office.use(older)
    assert office.publish() == {"one": State.PUBLISHED, "two": State.HELD}
    assert "数据库不记得" in (office.paused() or "")
    assert not office.ask().items, "it does not know what, but that something is missing"
    (office.folder / "xuanfa.marks").unlink()
    monkeypatch.setenv("XDG_STATE_HOME", str(state_home))
    office.publish()
    assert [(item.remembered.post, item.open) for item in office.ask().items] == [("two", True)]
    office.decide(resolve_published, office.number("two"), "https://www.example.gov.cn/two")
    office.decide(resume, EVERYTHING)
    office.publish()
    assert office.paused() is None
    assert len(sink.seen) == 2


def test_a_restore_goes_on_with_its_marks_and_keeps_what_they_say_of_the_time_since(
    office: Office, tmp_path: Path, sink: Any
) -> None:
    """The database is lost; what is new was noticed and held; then the backup is put back in its place."""
    office.publish("one")
    with open_desk(office.folder, office.clock) as desk:
        backup(desk, tmp_path / "backup.zip")
    office.publish("two")
    office.use(office.fresh())
    office.publish()
    restore_workspace(tmp_path / "backup.zip", office.folder, ANNA, office.clock)
    assert "备份恢复" in (office.paused() or "")
    found = office.ask()
    assert [(item.remembered.post, item.here, item.open) for item in found.items] == [("two", None, True)]
    assert office.publish() == {"one": State.PUBLISHED, "two": State.HELD}
    office.decide(resolve_published, office.number("two"), "https://www.example.gov.cn/two")
    office.decide(resume, EVERYTHING)
    assert office.publish("three") == dict.fromkeys(("one", "two", "three"), State.PUBLISHED)
    assert office.paused() is None
    assert not office.ask().is_open
    assert len(sink.seen) == 3


def test_the_key_for_hashes_goes_with_a_backup_and_the_names_do_not(office: Office, tmp_path: Path) -> None:
    with open_desk(office.folder, office.clock) as desk:
        backup(desk, tmp_path / "backup.zip")
        with desk.store.read() as connection:
            before = identity.get(connection)
    office.use(office.fresh())
    restore_workspace(tmp_path / "backup.zip", office.folder, ANNA, office.clock)
    store = Store(office.url)
    with store.read() as connection:
        after = identity.get(connection)
    store.close()
    assert after.salt == before.salt
    assert after.database != before.database
    assert after.workspace == before.workspace


def test_who_adopts_a_database_that_was_set_back_is_told_by_the_marks_of_its_former_workspace(
    office: Office, tmp_path: Path, sink: Any
) -> None:
    office.publish("one")
    older = office.copied(office.url)
    office.publish("two")
    other = Office(type(office.workspace)(tmp_path / "second", sink.url), older, office.clock, str, str)
    with open_desk(other.folder, office.clock, adopting=lambda _desk: Person(name="安娜")):
        pass
    assert other.publish("two")["two"] is State.HELD
    assert "数据库不记得" in (other.paused() or "")
    assert len(sink.seen) == 2
