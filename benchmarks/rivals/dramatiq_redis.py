"""dramatiq on Redis: ``dramatiq benchmarks.rivals.dramatiq_redis --processes N --threads N``.

A message is acknowledged after the actor has returned, as always with dramatiq; results are stored in Redis, for the record. The messages of
a worker that has died come back after the heartbeat's timeout, when maintenance is drawn by lot: once in a thousand commands. Where a kill is
measured it is drawn every time, since an idle worker gives few commands.
"""

import dramatiq
from dramatiq.brokers.redis import RedisBroker
from dramatiq.results import ResultMissing, Results
from dramatiq.results.backends import RedisBackend

from benchmarks.rivals import FOLDER, RECOVERY, SERVER, work
from benchmarks.task import Job

backend = RedisBackend(url=SERVER)
_QUICK = {"heartbeat_timeout": RECOVERY * 1000, "maintenance_chance": 1_000_000} if RECOVERY else {}
broker = RedisBroker(url=SERVER, **_QUICK)
broker.add_middleware(Results(backend=backend, store_results=True))
dramatiq.set_broker(broker)
send = dramatiq.actor(work, actor_name="send", broker=broker)


def fill(jobs: list[Job]) -> None:
    """A message a job, with the key as its id."""
    for job in jobs:
        broker.enqueue(_message(job))


def recorded() -> set[str]:
    """Keys with a stored result."""
    found = set()
    for key in (FOLDER / "keys").read_text(encoding="utf-8").split():
        try:
            backend.get_result(_message(("", "", key)))
        except ResultMissing:
            continue
        found.add(key)
    return found


def _message(job: Job) -> "dramatiq.Message[int]":
    return send.message(*job).copy(message_id=job[2])
