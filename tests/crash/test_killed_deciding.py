"""A process is killed at each moment of writing of each decision about a review: it is done whole or not at all, and nothing leaves by a half."""

import signal
from typing import Any

import pytest

from tests.crash.conftest import Driver
from tests.crash.driver import MOMENTS
from tests.crash.test_killed import published_keys, rows, works
from tests.support import reviewed_office as office

#: When the post is due, and one hour later. Seconds after nine o'clock.
DUE, LATER = 3600, 7200
SETTINGS = """
[review]
default = "three"
[[review.templates.three.steps]]
name = "一审"
kind = "审"
role = "editor"
checks = ["事实关"]
may_edit = true
[[review.templates.three.steps]]
name = "一校"
kind = "校"
role = "proofreader"
[[review.templates.three.steps]]
name = "签发"
kind = "审"
role = "approver"
checks = ["政治关"]
"""
APPROVED = ("submit", "first", "second", "last")
#: Each decision: what comes before it, how it leaves both deliveries, the line that it writes, and how many requests leave once it is due.
DECISIONS: dict[str, tuple[tuple[str, ...], str, str, int]] = {
    "submit": ((), "awaiting_review", "submitted", 0),
    "first": (APPROVED[:1], "awaiting_review", "approved", 0),
    "last": (APPROVED[:3], "scheduled", "approved", 2),
    "return": (APPROVED[:3], "awaiting_review", "returned", 0),
    "phone": (APPROVED[:3], "scheduled", "approved", 2),
    "confirm": ((*APPROVED[:3], "phone"), "scheduled", "confirmed", 2),
    "emergency": ((), "scheduled", "emergency", 2),
    "recall": (APPROVED, "awaiting_review", "recalled", 0),
    "delegate": (APPROVED[:1], "awaiting_review", "delegated", 0),
    "reschedule": (APPROVED, "awaiting_review", "moved", 0),
    "take down": (APPROVED, "cancelled", "withdrawn", 0),
    # A changed file: no person decides, and what people have decided is void.
    "queue": (APPROVED, "awaiting_review", "changed", 0),
}
#: Every line and every right that a decision may leave behind.
TOLD = (
    "SELECT state, approval IS NOT NULL, digest, due_at, hold FROM deliveries ORDER BY id",
    "SELECT deed, step, actor, digest FROM decisions ORDER BY id",
    "SELECT channel, digest, due_at, emergency FROM approvals ORDER BY id",
    "SELECT principal, deputy FROM delegations",
    "SELECT post_id FROM reviews",
    "SELECT post_id FROM withdrawals",
    "SELECT delivery_id, after, actor FROM events ORDER BY id",
)


@pytest.fixture
def workspace(workspace: Any, database: str, driver: Driver, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A column that needs a review, with its people; children find their database by the environment."""
    monkeypatch.setenv("XUANFA_DATABASE_URL", database)
    workspace.driver = driver
    workspace.settle_in("hook", "other", settings=SETTINGS)
    office.staff(workspace.desk())
    workspace.post("one", publish_at="2026-03-02 10:00")
    works(workspace, "queue", 0)
    return workspace


def told(workspace: Any) -> list[list[tuple[Any, ...]]]:
    return [rows(workspace, query) for query in TOLD]


@pytest.mark.parametrize(
    ("database", "decision"),
    [
        *(("sqlite", name) for name in DECISIONS),
        *(
            pytest.param("postgres", name, marks=pytest.mark.postgres)
            for name in ("last", "emergency", "recall", "queue")
        ),
    ],
    indirect=["database"],
)
def test_a_decision_is_done_whole_or_not_at_all(workspace: Any, sink: Any, decision: str) -> None:
    preparing, state, line, leaving = DECISIONS[decision]
    for each in preparing:
        works(workspace, each, 0)
    if decision == "queue":
        workspace.post("one", "改过的正文。", publish_at="2026-03-02 10:00")
    before = told(workspace)
    undone = 0
    for moment in MOMENTS:
        code, said = workspace.driver.act(str(workspace.folder), decision, f"moment {moment}", "60")
        assert code == -signal.SIGKILL, said
        if told(workspace) != before:
            break
        undone += 1
    assert undone >= 3, "killed before its line, before what came of it, and before the commit"
    assert rows(workspace, "SELECT DISTINCT state FROM deliveries") == [(state,)]
    new = [row[1] for row in rows(workspace, "SELECT delivery_id, after FROM events ORDER BY id")][len(before[-1]) :]
    assert line in new
    assert sink.seen == []
    for seconds in (DUE, LATER):
        works(workspace, "publish", seconds)
    assert published_keys(sink, "/hook").total() + published_keys(sink, "/other").total() == leaving
