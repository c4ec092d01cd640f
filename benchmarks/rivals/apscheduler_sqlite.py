"""APScheduler's own SQLAlchemy job store on SQLite: ``python -m benchmarks.rivals run apscheduler_sqlite``.

WAL and ``synchronous=FULL``, as durable as our own file. A row per job, pickled, removed when it is handed to the threads. It has no record of
outcomes, so that a listener writes one, as its users do.
"""

from datetime import UTC, datetime, timedelta
from threading import Event
from typing import Any

import sqlalchemy as sa
from apscheduler.events import EVENT_JOB_EXECUTED
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.background import BackgroundScheduler

from benchmarks.rivals import FOLDER, THREADS
from benchmarks.task import Job


def _engine() -> sa.Engine:
    engine = sa.create_engine(f"sqlite:///{FOLDER / 'jobs.db'}", connect_args={"timeout": 60})

    def prepare(connection: Any, _record: Any) -> None:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")

    sa.event.listen(engine, "connect", prepare)
    return engine


def _scheduler(engine: sa.Engine) -> BackgroundScheduler:
    return BackgroundScheduler(
        jobstores={"default": SQLAlchemyJobStore(engine=engine)},
        executors={"default": ThreadPoolExecutor(THREADS)},
        job_defaults={"misfire_grace_time": None},
        timezone="UTC",
    )


def fill(jobs: list[Job]) -> None:
    """A job each, due a second ago."""
    engine = _engine()
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE outcomes (key TEXT PRIMARY KEY)")
    scheduler = _scheduler(engine)
    scheduler.start(paused=True)
    due = datetime.now(UTC) - timedelta(seconds=1)
    for job in jobs:
        scheduler.add_job("benchmarks.rivals:work", "date", run_date=due, args=job, id=job[2])
    scheduler.shutdown()


def recorded() -> set[str]:
    """Keys that the listener has written."""
    with _engine().connect() as connection:
        return {row[0] for row in connection.exec_driver_sql("SELECT key FROM outcomes")}


def run() -> None:
    """Until it is killed."""
    engine = _engine()
    scheduler = _scheduler(engine)

    def note(event: Any) -> None:
        with engine.begin() as connection:
            connection.exec_driver_sql("INSERT OR IGNORE INTO outcomes VALUES (?)", (event.job_id,))

    scheduler.add_listener(note, EVENT_JOB_EXECUTED)
    scheduler.start()
    Event().wait()
