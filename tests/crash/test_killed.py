"""A process is killed at each named point of its work; another one goes on. Nothing arrives twice, nothing is lost or pretended."""

import os
import signal
import subprocess
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from tests.crash.conftest import DRIVER, ROOT, Driver

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
    "before the request is noted": False,
    "when the request is noted": False,
    "before the request": False,
    "after the answer": True,
    "before the outcome commits": True,
    "after the outcome commits": True,
}
STAGING = ("before the stage", "after the stage", "before the staging commits", "between stage and publish")
WITHDRAWING = {
    "before the withdrawal's claim commits": "published",
    "after the withdrawal's claim commits": "retracting",
    "before the withdrawal": "retracting",
    "after the withdrawal": "retracting",
    "before the withdrawal's outcome commits": "retracting",
    "after the withdrawal's outcome commits": "retracted",
}
GIVING_UP = {
    "between finding what was lost and giving it up": "publishing",
    "before the giving up commits": "publishing",
    "after the giving up commits": "unknown",
}


#: Points that are passed on PostgreSQL too: where its commits, locks and fences carry the promise.
ON_POSTGRESQL = {
    "after the order commits",
    "after an interface's turn commits",
    "after the correction's claim commits",
    "before the correction's outcome commits",
    "after the claim commits",
    "when the request is noted",
    "before the outcome commits",
    "after the outcome commits",
    "before the staging commits",
    "after the look's claim commits",
    "before what was found commits",
    "after what was found commits",
    "after the withdrawal's claim commits",
    "before the withdrawal's outcome commits",
    "before the giving up commits",
    "after the giving up commits",
}


def on_both(points: Iterable[str]) -> list[Any]:
    """Each point on SQLite; some on PostgreSQL too."""
    names = list(points)
    postgres = [pytest.param("postgres", name, marks=pytest.mark.postgres) for name in names if name in ON_POSTGRESQL]
    return [*(("sqlite", name) for name in names), *postgres]


@pytest.fixture
def workspace(workspace: Any, database: str, driver: Driver, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Its children find their database by the environment."""
    monkeypatch.setenv("XUANFA_DATABASE_URL", database)
    workspace.driver = driver
    return workspace


def start(workspace: Any, action: str, point: str = "-", seconds: float = 0) -> subprocess.Popen[str]:
    command = [*DRIVER, str(workspace.folder), action, point, str(seconds)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT)


def killed(workspace: Any, action: str, point: str, seconds: float = 0) -> None:
    """A process that comes to its named point, and no further."""
    code, said = workspace.driver.act(str(workspace.folder), action, point, str(seconds))
    assert code == -signal.SIGKILL, said


def works(workspace: Any, action: str = "publish", seconds: float = LATER) -> None:
    """A process that comes to its end."""
    code, said = workspace.driver.act(str(workspace.folder), action, "-", str(seconds))
    assert code == 0, said
    assert '{"done": true}' in said


def rows(workspace: Any, query: str) -> list[tuple[Any, ...]]:
    engine = sa.create_engine(os.environ["XUANFA_DATABASE_URL"])
    with engine.connect() as connection:
        found = [tuple(row) for row in connection.execute(sa.text(query))]
        whole = connection.execute(sa.text("PRAGMA integrity_check")).scalar() if "sqlite" in str(engine.url) else "ok"
    engine.dispose()
    assert whole == "ok"
    return found


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
    return found


@pytest.mark.parametrize(("database", "point"), on_both(PUBLISHING), indirect=["database"])
def test_killed_while_publishing(workspace: Any, sink: Any, point: str) -> None:
    may_have_left = PUBLISHING[point]
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


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
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


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_killed_and_looked_at_before_the_lease_ends(workspace: Any, sink: Any) -> None:
    workspace.post("one")
    killed(workspace, "publish", "before the request")
    works(workspace, seconds=60)
    assert states(workspace) == {"publishing": 1}
    works(workspace)
    assert prove(workspace, sink, posts=1) == {"unknown": 1}


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
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


@pytest.mark.parametrize(("database", "point"), on_both(STAGING), indirect=["database"])
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


LOOKING = ("before the look's claim commits", "after the look's claim commits", "before the look", "after the look")


@pytest.mark.parametrize(("database", "point"), on_both(LOOKING), indirect=["database"])
def test_killed_while_looking(workspace: Any, sink: Any, point: str) -> None:
    in_doubt(workspace, sink)
    killed(workspace, "publish", point, 61)
    works(workspace, seconds=100)
    looks = published_keys(sink, "/hook/look").total()
    expected = 1 if point in {"after the look", "before the look's claim commits"} else 0
    assert looks == expected, "looked again although another one had just begun to"
    works(workspace, seconds=61 + LATER)
    assert published_keys(sink, "/hook/look").total() == looks + (point != "before the look's claim commits")
    assert states(workspace) == {"unknown": 1}
    assert published_keys(sink).total() == 1


@pytest.mark.parametrize(
    ("database", "point"),
    on_both(["before what was found commits", "after what was found commits"]),
    indirect=["database"],
)
def test_killed_while_what_a_look_found_is_written(workspace: Any, sink: Any, point: str) -> None:
    in_doubt(workspace, sink)
    sink.script += [201, 201]
    killed(workspace, "publish", point, 61)
    assert states(workspace) == ({"published": 1} if point.startswith("after") else {"unknown": 1})
    works(workspace, seconds=61 + LATER)
    assert states(workspace) == {"published": 1}
    assert rows(workspace, "SELECT count(*) FROM receipts") == [(1,)]
    assert published_keys(sink).total() == 1


@pytest.mark.parametrize(
    ("database", "point"),
    on_both(["before what was found commits", "after what was found commits"]),
    indirect=["database"],
)
def test_killed_while_an_absence_is_written(workspace: Any, sink: Any, point: str) -> None:
    """Seen twice, it goes back to the queue: once, whoever writes it."""
    in_doubt(workspace, sink)
    works(workspace, seconds=61)
    killed(workspace, "publish", point, 61 + LATER)
    assert states(workspace) == ({"scheduled": 1} if point.startswith("after") else {"unknown": 1})
    works(workspace, seconds=61 + 2 * LATER)
    works(workspace, seconds=61 + 2 * LATER)
    assert states(workspace) == {"published": 1}
    assert published_keys(sink).total() == 2  # the first was torn down, and twice found absent


@pytest.mark.parametrize(("database", "point"), on_both(WITHDRAWING), indirect=["database"])
def test_killed_while_withdrawing(workspace: Any, sink: Any, point: str) -> None:
    rich(workspace)
    workspace.post("one")
    works(workspace, seconds=0)
    killed(workspace, "retract", point)
    assert states(workspace) == {WITHDRAWING[point]: 1}
    if WITHDRAWING[point] != "retracted":
        # A person asks again when the lease is over: withdrawing what is gone is harmless.
        works(workspace, "retract", 2 * LATER)
    assert states(workspace) == {"retracted": 1}
    assert rows(workspace, "SELECT retracted_at IS NOT NULL FROM receipts") == [(1,)]
    assert published_keys(sink).total() == 1


@pytest.mark.parametrize(("database", "point"), on_both(GIVING_UP), indirect=["database"])
def test_killed_while_giving_up_what_was_lost(workspace: Any, sink: Any, point: str) -> None:
    for slug in POSTS:
        workspace.post(slug)
    killed(workspace, "publish", "after the claim commits")
    killed(workspace, "publish", point, LATER)
    assert states(workspace) == {GIVING_UP[point]: 3}
    works(workspace)
    assert prove(workspace, sink) == {"unknown": 3}
    assert sink.seen == []


@pytest.mark.parametrize(
    ("database", "point"), on_both(["before the outcome commits", "after the outcome commits"]), indirect=["database"]
)
def test_killed_while_late_answers_are_written(workspace: Any, sink: Any, point: str) -> None:
    for slug in POSTS:
        workspace.post(slug)
    killed(workspace, "late", point)
    works(workspace, seconds=2 * LATER)
    assert prove(workspace, sink) == ({"published": 3} if point.startswith("after") else {"unknown": 3})
    assert len(sink.seen) == 3


@pytest.mark.parametrize("action", ["absent", "seen"])
@pytest.mark.parametrize(
    ("database", "point"), on_both(["before a decision commits", "after a decision commits"]), indirect=["database"]
)
def test_killed_while_a_person_decides(workspace: Any, sink: Any, point: str, action: str) -> None:
    in_doubt(workspace, sink)
    killed(workspace, action, point)
    decided = {"absent": "scheduled", "seen": "published"}[action] if point.startswith("after") else "unknown"
    assert states(workspace) == {decided: 1}
    assert rows(workspace, "SELECT count(*) FROM receipts") == [(int(decided == "published"),)]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("point", ["before a waiting post is woken", "after a waiting post is woken"])
def test_killed_while_a_waiting_post_is_woken(workspace: Any, sink: Any, point: str) -> None:
    """Neither the address nor the waking is there without the other."""
    linked = workspace.folder / "templates" / "webhook" / "linked.json"
    workspace.settle_in("hook", "after", after='link = "hook"\ntemplate = "linked.json"')
    file = workspace.folder / "xuanfa.toml"
    file.write_text(file.read_text(encoding="utf-8").replace('template = "plain.json"\nlink', "link"), encoding="utf-8")
    linked.write_text('{"original": {{ address | tojson }}}', encoding="utf-8")
    workspace.post("one")
    killed(workspace, "publish", point)
    assert rows(workspace, "SELECT channel, state, waiting FROM deliveries ORDER BY id") == [
        ("hook", "publishing", 0),
        ("after", "scheduled", 1),
    ]
    works(workspace)
    assert states(workspace) == {"unknown": 1, "scheduled": 1}
    works(workspace, "seen")
    works(workspace, seconds=2 * LATER)
    assert states(workspace) == {"published": 2}
    assert published_keys(sink).total() == published_keys(sink, "/after").total() == 1


@pytest.mark.parametrize(
    ("database", "point"),
    on_both(["before a late post is held and that commits", "after a late post is held and that commits"]),
    indirect=["database"],
)
def test_killed_while_a_late_post_is_held(workspace: Any, sink: Any, point: str) -> None:
    workspace.post("one")
    works(workspace, "queue", 0)
    killed(workspace, "publish", point, 3 * 3600)
    assert states(workspace) == ({"held": 1} if point.startswith("after") else {"scheduled": 1})
    works(workspace, seconds=3 * 3600)
    assert states(workspace) == {"held": 1}
    assert sink.seen == []


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_killed_while_the_database_is_made(workspace: Any, sink: Any) -> None:
    workspace.post("one")
    child = start(workspace, "publish")
    while not Path(sa.make_url(os.environ["XUANFA_DATABASE_URL"]).database or "").exists() and child.poll() is None:
        continue
    child.kill()
    child.communicate(timeout=30)
    works(workspace)
    prove(workspace, sink, posts=1)


def in_doubt(workspace: Any, sink: Any) -> None:
    """One post whose request was torn down after it had arrived."""
    rich(workspace)
    workspace.post("one")
    sink.script += ["ok", "reset"]
    works(workspace, seconds=0)
    assert states(workspace) == {"unknown": 1}


def rich(workspace: Any) -> None:
    workspace.settle_in()
    file = workspace.folder / "xuanfa.toml"
    file.write_text(file.read_text(encoding="utf-8").replace('"webhook"', '"rich"'), encoding="utf-8")
    (workspace.folder / "templates" / "webhook").rename(workspace.folder / "templates" / "rich")
