"""DBOS, on PostgreSQL or SQLite: a durable queue, a workflow for each delivery, its request a recorded step.

No limit on the queue, so that its polling (once a second) does not hold it back, and as many executor threads as everyone has. SQLite is
opened as DBOS opens it. Workflows that were under way are recovered when the process starts again.
"""

from threading import Event

import sqlalchemy as sa
from dbos import DBOS, SetWorkflowID

from benchmarks.rivals import FOLDER, SERVER, THREADS, work
from benchmarks.task import Job

_URL = SERVER or f"sqlite:///{FOLDER / 'dbos.db'}"
_step = DBOS.step(name="request")(work)


def _workflow(path: str, url: str, key: str) -> int:
    return int(_step(path, url, key))


_send = DBOS.workflow(name="send")(_workflow)


def _launch(*, listen: bool) -> None:
    DBOS(
        config={
            "name": "bench",
            "system_database_url": _URL,
            "application_version": "1",
            "max_executor_threads": THREADS,
            "sys_db_pool_size": max(20, THREADS),
            "log_level": "ERROR",
        }
    )
    if not listen:
        DBOS.listen_queues([])
    DBOS.launch()
    DBOS.register_queue("deliveries")


def fill(jobs: list[Job]) -> None:
    """A workflow a job, with the key as its id."""
    _launch(listen=False)
    for job in jobs:
        with SetWorkflowID(job[2]):
            DBOS.enqueue_workflow("deliveries", _send, *job)
    DBOS.destroy()


def recorded() -> set[str]:
    """Keys of workflows that have succeeded."""
    engine = sa.create_engine(_URL)
    table = "workflow_status" if engine.dialect.name == "sqlite" else "dbos.workflow_status"
    with engine.connect() as connection:
        rows = connection.exec_driver_sql(f"SELECT workflow_uuid FROM {table} WHERE status = 'SUCCESS'")  # noqa: S608
        found = {row[0] for row in rows}
    engine.dispose()
    return found


def run() -> None:
    """Until it is killed."""
    _launch(listen=True)
    Event().wait()
