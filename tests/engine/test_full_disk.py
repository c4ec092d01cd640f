"""A disk that fills up while requests are under way: outcomes wait for room, or are called unknown; none is made up."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

CHILD = """
import json, resource, sys
from pathlib import Path

from xuanfa.adapters.webhook.adapter import WebhookAdapter
from xuanfa.bootstrap import open_desk
from xuanfa.domain.errors import StoreError
from xuanfa.engine.drain import Drain
from xuanfa.engine.workers import Workers
from xuanfa.operations.intake.queue import queue

folder, until = Path(sys.argv[1]), int(sys.argv[2])
with open_desk(folder) as desk:
    queue(desk)
    real, pauses = WebhookAdapter.publish, []

    def fill(self, order):
        largest = max(path.stat().st_size for path in (folder / "var").glob("xuanfa.db*"))
        resource.setrlimit(resource.RLIMIT_FSIZE, (largest, resource.RLIM_INFINITY))
        return real(self, order)

    def pause():
        pauses.append(1)
        if len(pauses) == until:
            resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))

    WebhookAdapter.publish = fill
    said = ""
    with Workers(desk.adapters, 2) as workers:
        try:
            Drain(desk=desk, workers=workers, patience=5, pause=pause).run()
        except StoreError as error:
            said = str(error)
    print(json.dumps({"pauses": len(pauses), "said": said}))
"""


@pytest.mark.parametrize(("until", "states"), [(3, ["published"] * 2), (99, ["publishing"] * 2)])
def test_a_full_disk_loses_no_outcome_silently(workspace: Any, sink: Any, until: int, states: list[str]) -> None:
    for name in ("one", "two"):
        workspace.post(name)
    command = [sys.executable, "-c", CHILD, str(workspace.folder), str(until)]
    child = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True, cwd=Path.cwd())
    told = json.loads(child.stdout)
    assert told["pauses"] >= 3
    assert bool(told["said"]) is (until == 99)
    assert len(sink.seen) == 2
    with workspace.desk().store.read() as connection:
        assert list(connection.scalars(sa.text("SELECT state FROM deliveries"))) == states
        assert connection.scalar(sa.text("PRAGMA integrity_check")) == "ok"
