"""Celery on Redis with its default pool of processes: ``celery -A benchmarks.rivals.celery_redis worker --concurrency N``.

Late acknowledgement, requeueing when a child is lost, and one message in hand a child, as Celery advises for what must not be lost; results
are stored in Redis, for the record. What a dead worker had in hand comes back after the broker's visibility timeout.
"""

import json

import redis
from celery import Celery

from benchmarks.rivals import RECOVERY, SERVER, work
from benchmarks.task import Job

app = Celery("bench", broker=SERVER, backend=SERVER)
app.conf.update(
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    worker_prefetch_multiplier=1,
    broker_transport_options={"visibility_timeout": RECOVERY} if RECOVERY else {},
    broker_connection_retry_on_startup=True,
)
send = app.task(name="send")(work)


def fill(jobs: list[Job]) -> None:
    """A task a job, with the key as its id."""
    with app.producer_pool.acquire(block=True) as producer:
        for job in jobs:
            send.apply_async(job, task_id=job[2], producer=producer)


def recorded() -> set[str]:
    """Keys with a stored success."""
    client, found = redis.Redis.from_url(SERVER), set()
    for name in client.scan_iter("celery-task-meta-*", count=1000):
        value = client.get(name)
        if isinstance(value, bytes) and json.loads(value)["status"] == "SUCCESS":
            found.add(name.decode().removeprefix("celery-task-meta-"))
    return found
