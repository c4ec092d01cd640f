"""A process is killed at each moment of writing of each decision about a correction under review, and at each point of making it: what readers
see is changed once, to exactly what was approved, or not at all; nothing is published a second time."""

import signal
from collections import Counter
from typing import Any

import pytest

from tests.crash.conftest import Driver
from tests.crash.driver import MOMENTS
from tests.crash.test_killed import killed, published_keys, rich, rows, works
from tests.crash.test_killed_deciding import APPROVED, DUE, SETTINGS, TOLD
from tests.support import reviewed_office as office

#: Seconds after nine o'clock: when the correction is decided about, and two moments after that.
THEN, AFTER, LATE = 7200, 9000, 12000
#: Each decision: what comes before it, how it leaves the correction, the line that it writes, and whether the page is changed then.
DECISIONS: dict[str, tuple[tuple[str, ...], str, str, bool]] = {
    "order": ((), "review", "submitted", False),
    "first": (("order",), "review", "approved", False),
    "last": (("order", "first", "second"), "open", "approved", True),
    "return": (("order", "first", "second"), "review", "returned", False),
    "phone": (("order", "first", "second"), "open", "approved", True),
    "emergency": (("order",), "open", "emergency", True),
    # A changed file while it waits, and one behind its approval: no person decides, and what people have decided is void.
    "edit while it waits": (("order", "first"), "review", "changed", False),
    "edit once it is approved": (("order", "first", "second", "last"), "review", "changed", False),
    "take down": (("order", "first", "second", "last"), "replaced", "withdrawn", False),
}
STANDING = "SELECT channel, state, approval IS NOT NULL, digest, reason FROM corrections ORDER BY id"


@pytest.fixture
def workspace(workspace: Any, database: str, driver: Driver, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A reviewed post that is out on a channel which can change it, with another text in its file; children find their database by the
    environment."""
    monkeypatch.setenv("XUANFA_DATABASE_URL", database)
    workspace.driver = driver
    workspace.settle_in()
    office.staff(workspace.desk())
    rich(workspace)  # only children know that kind
    settings = workspace.folder / "xuanfa.toml"
    settings.write_text(SETTINGS + settings.read_text(encoding="utf-8"), encoding="utf-8")
    workspace.post("one", publish_at="2026-03-02 10:00")
    for each in ("queue", *APPROVED):
        works(workspace, each, 0)
    works(workspace, "publish", DUE)
    change(workspace, "改过的正文。")
    return workspace


def change(workspace: Any, body: str) -> None:
    workspace.post("one", body, publish_at="2026-03-02 10:00")
    works(workspace, "queue", DUE + 60)


def told(workspace: Any) -> list[list[tuple[Any, ...]]]:
    return [rows(workspace, query) for query in (*TOLD, STANDING)]


def changed(sink: Any, key: str) -> Counter[str]:
    """What left besides the first publication, which left once."""
    keys = published_keys(sink)
    assert keys.pop(key) == 1, "published a second time"
    return keys


@pytest.mark.parametrize(
    ("database", "decision"),
    [
        *(("sqlite", name) for name in DECISIONS),
        *(pytest.param("postgres", name, marks=pytest.mark.postgres) for name in ("last", "edit once it is approved")),
    ],
    indirect=["database"],
)
def test_a_decision_about_a_correction_is_done_whole_or_not_at_all(workspace: Any, sink: Any, decision: str) -> None:
    preparing, state, line, leaves = DECISIONS[decision]
    ((key,),) = rows(workspace, "SELECT key FROM deliveries")
    for each in preparing:
        works(workspace, each, THEN)
    if decision.startswith("edit"):
        workspace.post("one", "又改过的正文。", publish_at="2026-03-02 10:00")
    before, undone = told(workspace), 0
    action = "queue" if decision.startswith("edit") else decision
    for moment in MOMENTS:
        code, said = workspace.driver.act(str(workspace.folder), action, f"moment {moment}", str(THEN + 60))
        assert code == -signal.SIGKILL, said
        if told(workspace) != before:
            break
        undone += 1
    assert undone >= 3, "killed before its line, before what came of it, and before the commit"
    *_, (_, stands, *_) = rows(workspace, STANDING)
    assert stands == state
    assert line in [row[1] for row in rows(workspace, TOLD[-1])][len(before[len(TOLD) - 1]) :]
    assert not changed(sink, key)
    for seconds in (AFTER, LATE):
        works(workspace, "publish", seconds)
    assert changed(sink, key).total() == leaves


#: Where making it is interrupted, and how many requests leave for it in all: the channel knows the second one by its key.
MAKING = {
    "before the correction's claim commits": 1,
    "after the correction's claim commits": 1,
    "before the correction": 1,
    "after the correction": 2,
    "before the correction's outcome commits": 2,
    "after the correction's outcome commits": 1,
}


@pytest.mark.parametrize(
    ("database", "point"),
    [
        *(("sqlite", name) for name in MAKING),
        *(pytest.param("postgres", name, marks=pytest.mark.postgres) for name in MAKING if "outcome" in name),
    ],
    indirect=["database"],
)
def test_an_approved_correction_goes_on_after_a_kill(workspace: Any, sink: Any, point: str) -> None:
    ((key,),) = rows(workspace, "SELECT key FROM deliveries")
    for each in ("order", "first", "second", "last"):
        works(workspace, each, THEN)
    killed(workspace, "publish", point, THEN + 60)
    for seconds in (AFTER, LATE):
        works(workspace, "publish", seconds)
    assert rows(workspace, "SELECT state FROM corrections") == [("done",)]
    assert rows(
        workspace,
        "SELECT d.state, d.revision, d.digest = a.digest, count(r.delivery_id) FROM deliveries d JOIN approvals a ON a.id = d.approval "
        "JOIN receipts r ON r.delivery_id = d.id GROUP BY 1, 2, 3",
    ) == [("published", 2, True, 1)]
    ((approved,),) = rows(workspace, "SELECT key FROM corrections")
    assert changed(sink, key) == {approved: MAKING[point]}


@pytest.mark.parametrize("point", ["after the correction's claim commits", "before the correction's outcome commits"])
def test_what_was_changed_after_a_kill_waits_for_its_review(workspace: Any, sink: Any, point: str) -> None:
    """The one that was interrupted was approved; nothing of the new text leaves."""
    ((key,),) = rows(workspace, "SELECT key FROM deliveries")
    for each in ("order", "first", "second", "last"):
        works(workspace, each, THEN)
    killed(workspace, "publish", point, THEN + 60)
    ((approved,),) = rows(workspace, "SELECT key FROM corrections")
    workspace.post("one", "又改过的正文。", publish_at="2026-03-02 10:00")
    for seconds in (THEN + 120, AFTER, LATE):
        works(workspace, "publish", seconds)
    assert [state for (state,) in rows(workspace, "SELECT state FROM corrections ORDER BY id")] == [
        "replaced",
        "review",
    ]
    assert set(changed(sink, key)) <= {approved}
