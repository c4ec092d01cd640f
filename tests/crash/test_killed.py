"""A process is killed at each named point of its work; another one goes on. Nothing arrives twice, nothing is lost or pretended."""

import json
import signal
import sqlite3
import subprocess
import sys
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

DRIVER = Path(__file__).with_name("driver.py")
#: Beyond the lease.
LATER = 130
POSTS = ("one", "two", "three")
#: The named points of publishing through a plain webhook, and whether its requests may have left by then.
PUBLISHING = {
    "before a post is read": False,
    "before queueing commits": False,
    "after queueing commits": False,
    "before the claim commits": False,
    "after the claim commits": False,
    "before the request": False,
    "after the answer": True,
    "before the outcome commits": True,
    "after the outcome commits": True,
}
STAGING = ("before the stage", "after the stage", "before the staging commits", "between stage and publish")


def start(workspace: Any, action: str, point: str = "-", seconds: float = 0) -> subprocess.Popen[str]:
    command = [sys.executable, str(DRIVER), str(workspace.folder), action, point, str(seconds)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def killed(workspace: Any, action: str, point: str, seconds: float = 0) -> None:
    """A process that comes to its named point, and no further."""
    child = start(workspace, action, point, seconds)
    out, err = child.communicate(timeout=60)
    assert child.returncode == -signal.SIGKILL, f"{out}{err}"


def works(workspace: Any, action: str = "publish", seconds: float = LATER) -> None:
    """A process that comes to its end."""
    child = start(workspace, action, "-", seconds)
    out, err = child.communicate(timeout=60)
    assert child.returncode == 0, f"{out}{err}"
    assert json.loads(out) == {"done": True}


def rows(workspace: Any, query: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(workspace.folder / "var" / "xuanfa.db")) as connection:
        return connection.execute(query).fetchall()


def states(workspace: Any) -> Counter[str]:
    return Counter(state for (state,) in rows(workspace, "SELECT state FROM deliveries"))


def published_keys(sink: Any, path: str = "/hook") -> Counter[str]:
    with sink.lock:
        return Counter(seen.key for seen in sink.seen if seen.path == path)


def prove(workspace: Any, sink: Any, posts: int = len(POSTS)) -> Counter[str]:
    """What must hold after any crash, once another process has gone on."""
    found, arrived = states(workspace), published_keys(sink)
    assert found.total() == posts, "a delivery is lost"
    assert set(found) <= {"published", "unknown", "scheduled"}
    assert all(count == 1 for count in arrived.values()), "a post arrived twice"
    assert found["published"] <= len(arrived) <= found["published"] + found["unknown"]
    unproved = rows(
        workspace,
        "SELECT d.id FROM deliveries d WHERE d.state = 'unknown' AND NOT EXISTS (SELECT 1 FROM attempts a WHERE "
        "a.delivery_id = d.id AND a.action = 'publish' AND a.outcome = 'lost')",
    )
    assert unproved == [], "a doubt without a request"
    receipts = {key for (key,) in rows(workspace, "SELECT remote_id FROM receipts")}
    assert receipts <= set(arrived), "published without having arrived"
    assert rows(workspace, "SELECT 1 FROM attempts WHERE ended_at IS NULL") == []
    assert rows(workspace, "PRAGMA integrity_check") == [("ok",)]
    return found


@pytest.mark.parametrize(("point", "may_have_left"), PUBLISHING.items())
def test_killed_while_publishing(workspace: Any, sink: Any, point: str, may_have_left: bool) -> None:
    for slug in POSTS:
        workspace.post(slug)
    killed(workspace, "publish", point)
    if not may_have_left and "claim" not in point and "request" not in point:
        assert sink.seen == []
    works(workspace)
    found = prove(workspace, sink)
    if "claim commits" not in point and "request" not in point and not may_have_left:
        assert found == {"published": 3}
    if point == "before the claim commits":
        assert found == {"published": 3}


def test_killed_with_requests_received_and_not_answered(workspace: Any, sink: Any) -> None:
    for slug in POSTS:
        workspace.post(slug)
    sink.script += ["silent"] * 3
    child = start(workspace, "publish")
    sink.wait_for(3)
    child.kill()
    child.communicate(timeout=30)
    works(workspace)
    assert prove(workspace, sink) == {"unknown": 3}
    assert len(sink.seen) == 3


def test_killed_and_looked_at_before_the_lease_ends(workspace: Any, sink: Any) -> None:
    workspace.post("one")
    killed(workspace, "publish", "before the request")
    works(workspace, seconds=60)
    assert states(workspace) == {"publishing": 1}
    works(workspace)
    assert prove(workspace, sink, posts=1) == {"unknown": 1}


def test_killed_on_a_channel_that_honours_our_key(workspace: Any, sink: Any) -> None:
    workspace.settle_in(hook="replay_hours = 24")
    for slug in POSTS:
        workspace.post(slug)
    killed(workspace, "publish", "after the answer")
    works(workspace)
    works(workspace, seconds=LATER + 60)
    assert states(workspace) == {"published": 3}
    arrived = published_keys(sink)
    assert len(arrived) == 3
    assert arrived.total() > 3  # repeated, under the same key


@pytest.mark.parametrize("point", STAGING)
def test_killed_around_the_stage(workspace: Any, sink: Any, point: str) -> None:
    rich(workspace)
    for slug in POSTS:
        workspace.post(slug)
    killed(workspace, "publish", point)
    staged_by_then = rows(workspace, "SELECT staged FROM deliveries")
    works(workspace)
    works(workspace, seconds=LATER + 60)
    found = prove(workspace, sink)
    if point != "between stage and publish":
        assert found == {"published": 3}
    else:
        assert any("draft" in staged for (staged,) in staged_by_then)
        assert found["unknown"] >= 1


@pytest.mark.parametrize("point", ["before the look", "after the look"])
def test_killed_while_looking(workspace: Any, sink: Any, point: str) -> None:
    rich(workspace)
    workspace.post("one")
    sink.script += ["ok", "reset"]
    works(workspace, seconds=0)
    assert states(workspace) == {"unknown": 1}
    killed(workspace, "publish", point, 61)
    works(workspace, seconds=100)
    looks = published_keys(sink, "/hook/look").total()
    assert looks == (1 if point == "after the look" else 0), "looked again although another one had just begun to"
    works(workspace, seconds=61 + LATER)
    assert published_keys(sink, "/hook/look").total() == looks + 1
    assert states(workspace) == {"unknown": 1}
    assert published_keys(sink).total() == 1


@pytest.mark.parametrize(
    "point", ["before the withdrawal", "after the withdrawal", "before the withdrawal's outcome commits"]
)
def test_killed_while_withdrawing(workspace: Any, sink: Any, point: str) -> None:
    rich(workspace)
    workspace.post("one")
    works(workspace, seconds=0)
    killed(workspace, "retract", point)
    assert states(workspace) == {"retracting": 1}
    # A person asks again when the lease is over: withdrawing what is gone is harmless.
    works(workspace, "retract")
    assert states(workspace) == {"retracted": 1}
    assert rows(workspace, "SELECT retracted_at IS NOT NULL FROM receipts") == [(1,)]
    assert published_keys(sink).total() == 1


def test_killed_while_the_database_is_made(workspace: Any, sink: Any) -> None:
    workspace.post("one")
    child = start(workspace, "publish")
    while not (workspace.folder / "var" / "xuanfa.db").exists() and child.poll() is None:
        continue
    child.kill()
    child.communicate(timeout=30)
    works(workspace)
    prove(workspace, sink, posts=1)


def rich(workspace: Any) -> None:
    workspace.settle_in()
    file = workspace.folder / "xuanfa.toml"
    file.write_text(file.read_text(encoding="utf-8").replace('"webhook"', '"rich"'), encoding="utf-8")
    (workspace.folder / "templates" / "webhook").rename(workspace.folder / "templates" / "rich")
