"""A process is killed at each moment of writing of ``check ignore``: the finding is ignored and what it held goes on, or neither."""

import signal
from typing import Any

import pytest

from tests.crash.conftest import Driver
from tests.crash.driver import MOMENTS
from tests.crash.test_killed import published_keys, rows, works
from tests.support import reviewed_office as office

#: When the post is due. Seconds after nine o'clock.
DUE, LATER = 3600, 7200
#: All that ignoring may leave behind.
TOLD = (
    "SELECT state, hold FROM deliveries ORDER BY id",
    "SELECT rule, text, post, digest, actor FROM waivers ORDER BY id",
    "SELECT rendition_id, stands FROM verdicts ORDER BY rendition_id",
    "SELECT delivery_id, after, actor FROM events ORDER BY id",
)


@pytest.fixture
def workspace(workspace: Any, database: str, driver: Driver, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A post in which something severe was found, held for that."""
    monkeypatch.setenv("XUANFA_DATABASE_URL", database)
    workspace.driver = driver
    workspace.settle_in("hook", "other")
    office.staff(workspace.desk())
    workspace.post("one", "联系电话13893512345，工作时间有人接听。", publish_at="2026-03-02 10:00")
    works(workspace, "queue", 0)
    assert rows(workspace, "SELECT DISTINCT state, hold FROM deliveries") == [("held", "check")]
    return workspace


def told(workspace: Any) -> list[list[tuple[Any, ...]]]:
    return [rows(workspace, query) for query in TOLD]


@pytest.mark.parametrize(
    ("database", "act"),
    [
        ("sqlite", "ignore"),
        ("sqlite", "ignore ever"),
        pytest.param("postgres", "ignore", marks=pytest.mark.postgres),
    ],
    indirect=["database"],
)
def test_a_finding_is_ignored_whole_or_not_at_all(workspace: Any, sink: Any, act: str) -> None:
    before = told(workspace)
    undone = 0
    for moment in MOMENTS:
        code, said = workspace.driver.act(str(workspace.folder), act, f"moment {moment}", "60")
        assert code == -signal.SIGKILL, said
        if told(workspace) != before:
            break
        undone += 1
        assert sink.seen == []
    assert undone >= 3, "killed before its line, before what came of it, and before the commit"
    deliveries, waivers, verdicts, events = told(workspace)
    assert deliveries == [("scheduled", "")] * 2
    assert len(waivers) == 1
    assert {stands for _, stands in verdicts} == {""}
    assert "finding_ignored" in {after for _, after, _ in events}
    assert sink.seen == []
    for seconds in (DUE, LATER):
        works(workspace, "publish", seconds)
    assert published_keys(sink, "/hook").total() == published_keys(sink, "/other").total() == 1
