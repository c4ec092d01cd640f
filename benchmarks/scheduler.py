"""The same work by APScheduler's own SQLAlchemy job store: a row per job, pickled, removed when it is handed out."""

import importlib
import json
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event, Lock, local

import httpx
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from jinja2.sandbox import SandboxedEnvironment

from benchmarks.bare import TEMPLATE

_TEMPLATE = SandboxedEnvironment().from_string(TEMPLATE)
_MINE = local()
_LOCK = Lock()
_DONE = Event()
_LEFT = 0


def send(path: str, url: str, key: str) -> None:
    """One job: load, render, POST."""
    global _LEFT  # noqa: PLW0603 - a job that is pickled by name has nowhere else to count
    client = getattr(_MINE, "client", None)
    if client is None:
        client = _MINE.client = httpx.Client(timeout=30)
    _, head, text = Path(path).read_text(encoding="utf-8").split("---\n", 2)
    front = dict(line.split(": ", 1) for line in head.strip().splitlines())
    body = _TEMPLATE.render(title=front["title"], author=front["author"], text=text)
    client.post(url, content=body.encode(), headers={"webhook-id": key, "content-type": "application/json"})
    with _LOCK:
        _LEFT -= 1
        if not _LEFT:
            _DONE.set()


def drain(folder: Path, url: str, *, posts: int, channels: int, threads: int) -> float:
    """Seconds from start until every job has run; adding the jobs is not counted."""
    global _LEFT  # noqa: PLW0603 - see above
    _LEFT = posts * channels
    store = SQLAlchemyJobStore(url=f"sqlite:///{folder / 'jobs.db'}")
    scheduler = BackgroundScheduler(
        jobstores={"default": store},
        executors={"default": ThreadPoolExecutor(threads)},
        job_defaults={"misfire_grace_time": None},
        timezone="UTC",
    )
    scheduler.start(paused=True)
    due = datetime.now(UTC) - timedelta(seconds=1)
    for number in range(posts):
        path = str(folder / "posts" / f"p{number:05}.md")
        for channel in range(channels):
            key = f"{number}-{channel}"
            scheduler.add_job(
                "benchmarks.scheduler:send", "date", run_date=due, args=[path, f"{url}/c{channel}", key], id=key
            )
    started = time.perf_counter()
    scheduler.resume()
    _DONE.wait()
    taken = time.perf_counter() - started
    scheduler.shutdown()
    return taken


if __name__ == "__main__":
    # The job function must be found by its importable name, with its counters: import this module as jobs will see it.
    module = importlib.import_module("benchmarks.scheduler")
    where, at, count, width, wide = sys.argv[1:]
    print(json.dumps(module.drain(Path(where), at, posts=int(count), channels=int(width), threads=int(wide))))
