"""Several processes claim from one database at once, through the real operations: every delivery is claimed, and none twice."""

import os
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from xuanfa.store import schema
from xuanfa.store.database import Store

#: XUANFA_RACE=10000 makes it a long one, with twice as many processes on PostgreSQL.
LONG = int(os.environ.get("XUANFA_RACE", "0"))

CLAIM = """
import sys, tempfile
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo
from xuanfa.content.pictures.media import MediaStore
from xuanfa.content.templates import Templates
from xuanfa.domain.channel import Channel
from xuanfa.domain.column import Organisation
from xuanfa.domain.life import Policy
from datetime import timedelta
from xuanfa.operations.desk import Desk
from xuanfa.operations.sending.publish import begin, refresh, turn
from xuanfa.store.database import Store

url, node = sys.argv[1:]
folder = Path(tempfile.gettempdir())
desk = Desk(
    folder=folder, store=Store(url), organisation=Organisation(), columns={}, adapters=None, node=node,
    channels={name: Channel(id=name, kind="scripted", title=name, budget=name) for name in ("cms", "wecom")},
    templates=Templates([folder]), media=MediaStore(folder), zone=ZoneInfo("Asia/Shanghai"),
    clock=lambda: datetime.now(UTC), policy=Policy(late_after=timedelta(days=36500)),
)
run = begin(desk)
print("ready", flush=True)
sys.stdin.readline()
met = False
while True:
    jobs = turn(desk, run, [], 20)
    if not met:  # nobody goes on before everybody has claimed once: a database that favours one writer is still a race
        met = True
        print("first", flush=True)
        sys.stdin.readline()
    for job in jobs:
        print(job.order.delivery)
    if not jobs:
        refresh(desk, run)
        if not run.active:
            break
desk.store.close()
"""


def race(url: str, processes: int) -> list[list[int]]:
    """What each of so many processes claimed, all of them beginning together."""
    pipe = subprocess.PIPE
    running = [
        subprocess.Popen([sys.executable, "-c", CLAIM, url, f"node-{n}"], stdin=pipe, stdout=pipe, text=True)
        for n in range(processes)
    ]
    for process in running:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for word in ("first\n", ""):
        for process in running:
            assert process.stdin is not None
            process.stdin.write("go\n")
            process.stdin.flush()
        for process in running:
            assert process.stdout is not None
            assert not word or process.stdout.readline() == word
    claimed = []
    for process in running:
        out, _ = process.communicate(timeout=300)
        assert process.returncode == 0
        claimed.append([int(line) for line in out.split()])
    return claimed


@pytest.mark.parametrize(
    ("database", "processes", "count"),
    [
        pytest.param("sqlite", 2, LONG or 1_000),
        pytest.param("postgres", 8 if LONG else 4, LONG or 3_000, marks=pytest.mark.postgres),
    ],
    indirect=["database"],
)
def test_processes_that_claim_at_once_claim_every_delivery_exactly_once(
    filled: Callable[..., Store], database: str, processes: int, count: int
) -> None:
    store = filled(count)
    with store.write() as connection:
        half = sa.update(schema.deliveries).where(schema.deliveries.c.id % 2 == 0)
        connection.execute(half.values(channel="wecom"))
    claimed = race(database, processes)
    assert sorted(number for each in claimed for number in each) == list(range(1, count + 1))
    assert all(claimed)
    with store.read() as connection:
        tries: Any = connection.execute(sa.select(schema.attempts.c.delivery_id, schema.attempts.c.number)).all()
        states = connection.execute(sa.select(schema.deliveries.c.state).distinct()).scalars().all()
    assert sorted(map(tuple, tries)) == [(number, 1) for number in range(1, count + 1)]
    assert states == ["publishing"]
