"""A process is killed at each moment of writing of a release from the shelf: all of the post is released or none, and it leaves once."""

import signal
from typing import Any

import pytest

from tests.crash.conftest import Driver
from tests.crash.driver import MOMENTS
from tests.crash.test_killed import published_keys, rows, works
from tests.crash.test_killed_deciding import APPROVED, DUE, LATER, SETTINGS, told
from tests.support import reviewed_office as office


@pytest.fixture
def workspace(workspace: Any, database: str, driver: Driver, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A post that lies on the shelf, reviewed; children find their database by the environment."""
    monkeypatch.setenv("XUANFA_DATABASE_URL", database)
    workspace.driver = driver
    workspace.settle_in("hook", "other", settings=SETTINGS)
    office.staff(workspace.desk())
    workspace.post("one", shelf="true", publish_at="")
    works(workspace, "queue", 0)
    for each in APPROVED:
        works(workspace, each, 0)
    return workspace


@pytest.mark.parametrize(
    "database", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)], indirect=["database"]
)
def test_a_release_is_done_whole_or_not_at_all(workspace: Any, sink: Any) -> None:
    states = "SELECT DISTINCT state, shelf FROM deliveries"
    assert rows(workspace, states) == [("shelved", "lies")]
    works(workspace, "publish", LATER)
    assert sink.seen == []
    before, undone = told(workspace), 0
    for moment in MOMENTS:
        code, said = workspace.driver.act(str(workspace.folder), "off shelf", f"moment {moment}", "60")
        assert code == -signal.SIGKILL, said
        if told(workspace) != before:
            break
        assert rows(workspace, states) == [("shelved", "lies")]
        undone += 1
    assert undone >= 3, "killed before its rights, before its moves, and before the commit"
    assert rows(workspace, states) == [("scheduled", "released")]
    for seconds in (DUE, LATER):
        works(workspace, "publish", seconds)
    assert published_keys(sink, "/hook").total() + published_keys(sink, "/other").total() == 2
