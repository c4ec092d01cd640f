"""Settings that change while a process runs are taken up once they are still and in order, and told where they cannot be."""

import logging
import threading
from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.conftest import Clock, Sink, Workspace
from xuanfa.domain.act_settings import ChangeSettings
from xuanfa.domain.errors import StoreError
from xuanfa.domain.person import Person
from xuanfa.domain.setting import Edit
from xuanfa.engine.embedded import Resident
from xuanfa.operations.configuring.acts import configured_of
from xuanfa.operations.deciding.door import carry_out
from xuanfa.operations.desk import Desk

BY = Person(name="root")


@pytest.fixture
def desk(workspace: Workspace, clock: Clock) -> Desk:
    return workspace.desk(clock)


@pytest.fixture
def even(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """The clock by which it looks, set by hand."""
    now = [1000.0]
    monkeypatch.setattr(desk.renewal, "_even", lambda: now[0])
    monkeypatch.setattr(desk.renewal, "_looked_at", now[0])

    def later(seconds: float) -> None:
        now[0] += seconds

    return later


def change(desk: Desk, key: str, value: object) -> None:
    written = configured_of(desk).read()
    edit = Edit(key=tuple(key.split("/")), value=value)
    carry_out(desk, ChangeSettings(base=written.digest, area="organisation", edits=(edit,)), BY)


def by_hand(workspace: Workspace, old: str, new: str) -> None:
    path = workspace.folder / "xuanfa.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_what_a_person_changes_counts_at_once(desk: Desk) -> None:
    change(desk, "columns/action/title", "行动")
    assert desk.newest().columns["action"].title == "行动"
    assert desk.newest().node == desk.node, "it is the same process"
    assert desk.newest().newest() is desk.newest()


def test_a_file_that_is_still_being_written_is_waited_for(
    workspace: Workspace, desk: Desk, even: Callable[[float], None]
) -> None:
    by_hand(workspace, "我们在行动", "我们正在行动")
    assert desk.newest() is desk, "it looks once a second"
    even(1.5)
    assert desk.newest() is desk, "it was seen once"
    by_hand(workspace, "我们正在行动", "行动起来了")
    even(1.5)
    assert desk.newest() is desk, "it is another one than a second ago"
    even(1.5)
    assert desk.newest().columns["action"].title == "行动起来了"


def test_a_broken_file_changes_nothing_and_is_told_once(
    workspace: Workspace, desk: Desk, even: Callable[[float], None], caplog: pytest.LogCaptureFixture
) -> None:
    by_hand(workspace, "[columns.action]", "[columns.action")
    for _ in range(5):
        even(1.5)
        assert desk.newest() is desk
    assert sum("还按原来的设置运行" in record.getMessage() for record in caplog.records) == 1
    assert desk.renewal is not None
    assert "xuanfa.toml" in desk.renewal.trouble
    by_hand(workspace, "[columns.action", "[columns.action]")
    for _ in range(2):
        even(1.5)
        desk.newest()
    assert desk.renewal.trouble == ""


def test_another_database_needs_a_restart_and_is_told(
    workspace: Workspace, desk: Desk, even: Callable[[float], None], caplog: pytest.LogCaptureFixture
) -> None:
    by_hand(workspace, "[columns.action]", 'database_url = "sqlite:///var/other.db"\n[columns.action]')
    for _ in range(3):
        even(1.5)
        assert desk.newest() is desk
    assert desk.renewal is not None
    assert "重启程序以后才用新的设置" in desk.renewal.trouble


def test_a_history_that_cannot_be_written_leaves_the_file_as_it_was(
    workspace: Workspace, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = (workspace.folder / "xuanfa.toml").read_bytes()
    real = desk.store.engine.begin

    class Failing:
        """A transaction that cannot be committed."""

        def __enter__(self) -> object:
            self.begun = real()
            return self.begun.__enter__()

        def __exit__(self, *_: object) -> None:
            self.begun.__exit__(RuntimeError, RuntimeError(), None)
            raise StoreError("磁盘已满")

    monkeypatch.setattr(type(desk.store.engine), "begin", lambda _self: Failing())
    with pytest.raises(StoreError):
        change(desk, "columns/action/title", "行动")
    assert (workspace.folder / "xuanfa.toml").read_bytes() == before


def test_a_resident_goes_on_by_what_was_changed(
    workspace: Workspace, sink: Sink, caplog: pytest.LogCaptureFixture
) -> None:
    desk = workspace.desk()
    caplog.set_level(logging.INFO)
    resident = Resident(desk, in_flight=2, scan_every=timedelta(seconds=0.2))
    thread = threading.Thread(target=resident.run)
    thread.start()
    try:
        workspace.post("before")
        sink.wait_for(1)
        written = configured_of(desk).read()
        edits = (
            Edit(key=("channels", "wall"), value={"adapter": "webhook", "url": f"{workspace.url}/wall", "allow_private": True}),
            Edit(key=("columns", "action", "channels"), value=["wall"]),
        )  # fmt: skip
        carry_out(desk, ChangeSettings(base=written.digest, area="channels", edits=edits), BY)
        workspace.post("after")
        sink.wait_for(2)
    finally:
        resident.stop()
        thread.join(30)
    assert [seen.path for seen in sink.seen] == ["/hook", "/wall"]
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]
