"""huey with its SQLite storage: ``huey_consumer benchmarks.rivals.huey_sqlite.huey --worker-type thread --workers N``.

WAL and ``fsync``, which is as durable as our own file; results are stored, for the record. huey takes a task out of its table before it runs.
"""

from huey import SqliteHuey

from benchmarks.rivals import FOLDER, work
from benchmarks.task import Job

huey = SqliteHuey(filename=str(FOLDER / "huey.db"), fsync=True, journal_mode="wal", timeout=30)
send = huey.task(name="send")(work)


def fill(jobs: list[Job]) -> None:
    """A task a job, with the key as its id."""
    for job in jobs:
        task = send.s(*job)
        task.id = job[2]
        huey.enqueue(task)


def recorded() -> set[str]:
    """Keys with a stored result."""
    return set(huey.all_results())
