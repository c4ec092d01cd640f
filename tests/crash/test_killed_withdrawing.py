"""A process is killed at each point of taking a post down and of correcting it; another one goes on, and nothing is done twice or left."""

from typing import Any

import pytest

from tests.crash.conftest import Driver
from tests.crash.test_killed import LATER, killed, on_both, published_keys, rich, rows, states, works


@pytest.fixture
def workspace(workspace: Any, database: str, driver: Driver, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Its children find their database by the environment."""
    monkeypatch.setenv("XUANFA_DATABASE_URL", database)
    workspace.driver = driver
    return workspace


ORDERING = {
    "before the order commits": {"published": 1},
    "after the order commits": {"published": 1},
    "before the snapshot": {"published": 1},
    "after the snapshot": {"published": 1},
    "before an interface's turn commits": {"published": 1},
    "after an interface's turn commits": {"published": 1},
    "before the withdrawal's claim commits": {"published": 1},
    "after the withdrawal's claim commits": {"retracting": 1},
    "before the withdrawal": {"retracting": 1},
    "after the withdrawal": {"retracting": 1},
    "before the withdrawal's outcome commits": {"retracting": 1},
    "after the withdrawal's outcome commits": {"retracted": 1},
    "before the order's end commits": {"retracted": 1},
    "after the order's end commits": {"retracted": 1},
}


@pytest.mark.parametrize(("database", "point"), on_both(ORDERING), indirect=["database"])
def test_an_order_to_take_down_goes_on_after_a_kill(workspace: Any, sink: Any, point: str) -> None:
    rich(workspace)
    workspace.post("one")
    works(workspace, "publish", 0)
    killed(workspace, "withdraw", point)
    assert states(workspace) == ORDERING[point]
    if point == "before the order commits":
        works(workspace, "withdraw", 0)
    for seconds in (LATER, 2 * LATER, 3 * LATER):
        works(workspace, "publish", seconds)
    assert states(workspace) == {"retracted": 1}
    assert rows(workspace, "SELECT ended_at IS NOT NULL, snapshot != '' FROM withdrawals") == [(1, 1)]
    assert published_keys(sink).total() == 1


CORRECTING = (
    "before the correction's order commits",
    "after the correction's order commits",
    "before the correction's claim commits",
    "after the correction's claim commits",
    "before the correction",
    "after the correction",
    "before the correction's outcome commits",
    "after the correction's outcome commits",
)


@pytest.mark.parametrize(("database", "point"), on_both(CORRECTING), indirect=["database"])
def test_a_correction_goes_on_after_a_kill(workspace: Any, point: str) -> None:
    rich(workspace)
    workspace.post("one")
    works(workspace, "publish", 0)
    (workspace.folder / "posts" / "one.md").write_text(
        (workspace.folder / "posts" / "one.md").read_text(encoding="utf-8") + "\n改过的正文。\n", encoding="utf-8"
    )
    killed(workspace, "correct", point, 10)
    assert states(workspace) == {"published": 1}
    if point == "before the correction's order commits":
        works(workspace, "correct", 20)
    for seconds in (LATER, 2 * LATER, 3 * LATER):
        works(workspace, "publish", seconds)
    assert rows(workspace, "SELECT state FROM corrections") == [("done",)]
    assert rows(
        workspace, "SELECT d.revision, count(*) FROM deliveries d JOIN receipts r ON r.delivery_id = d.id GROUP BY 1"
    ) == [(2, 1)]


FOLLOWING = (
    "after the correction's order commits",
    "before the follower's name commits",
    "after the follower's name commits",
    "before the follower's file",
    "after the follower's file",
    "before the follower is noted",
)


@pytest.mark.parametrize(("database", "point"), on_both(FOLLOWING), indirect=["database"])
def test_a_correction_by_a_post_that_follows_goes_on_after_a_kill_and_there_is_one(
    workspace: Any, sink: Any, point: str
) -> None:
    """The receiver could not tell a correction from a new post, so that another post says what was wrong."""
    file = workspace.post("one")
    works(workspace, "publish", 0)
    file.write_text(file.read_text(encoding="utf-8") + "\n改过的正文。\n", encoding="utf-8")
    killed(workspace, "follow", point, 10)
    for seconds in (LATER, 2 * LATER, 3 * LATER):
        works(workspace, "publish", seconds)
    assert rows(workspace, "SELECT state, successor FROM corrections") == [("post", "one-correction")]
    assert sorted(path.name for path in file.parent.iterdir()) == ["one-correction.md", "one.md"]
    assert states(workspace) == {"published": 2}
    assert set(sink.keys.values()) == {1}
