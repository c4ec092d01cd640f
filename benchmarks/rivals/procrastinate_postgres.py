"""Procrastinate with a job per delivery: ``python -m benchmarks.rivals run procrastinate_postgres``.

Tasks on threads with a client each, because httpx is quickest so; jobs stay in the table, for the record. A periodic task puts stalled jobs
back into the queue, as its guide shows.
"""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import procrastinate
import psycopg
from procrastinate.types import JSONValue

from benchmarks.rivals import RECOVERY, SERVER, THREADS, work
from benchmarks.task import Job

#: psycopg has no word for itself in an address.
_ADDRESS = SERVER.replace("+psycopg", "")
app = procrastinate.App(
    connector=procrastinate.PsycopgConnector(conninfo=_ADDRESS, min_size=4, max_size=max(4, THREADS)),
    import_paths=["benchmarks.rivals.procrastinate_postgres"],
)
send = app.task(name="send")(work)


async def _retry_stalled(timestamp: int) -> None:
    for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=RECOVERY or 30):
        await app.job_manager.retry_job(job)


_EVERY = "* * * * * */2" if RECOVERY else "*/10 * * * *"
retry_stalled = app.periodic(cron=_EVERY)(app.task(name="retry_stalled", queueing_lock="stalled")(_retry_stalled))


def fill(jobs: list[Job]) -> None:
    """A job each, and the key among its arguments."""

    async def defer() -> None:
        async with app.open_async():
            await app.schema_manager.apply_schema_async()
            rows: list[dict[str, JSONValue]] = [{"path": path, "url": url, "key": key} for path, url, key in jobs]
            await send.batch_defer_async(*rows)

    asyncio.run(defer())


def recorded() -> set[str]:
    """Keys of jobs that have succeeded."""
    with psycopg.connect(_ADDRESS) as connection:
        query = "SELECT args->>'key' FROM procrastinate_jobs WHERE status = 'succeeded' AND task_name = 'send'"
        return {row[0] for row in connection.execute(query)}


async def _run() -> None:
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(THREADS))
    quick: dict[str, Any] = {"update_heartbeat_interval": 1, "stalled_worker_timeout": RECOVERY}
    async with app.open_async():
        await app.run_worker_async(concurrency=THREADS, **(quick if RECOVERY else {}))


def run() -> None:
    """Until it is killed."""
    asyncio.run(_run())
