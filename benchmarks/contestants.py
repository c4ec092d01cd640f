"""Who takes part: xuanfa as it is run, and well-known engines as they are run, with what each keeps in hand at a time."""

import os

from benchmarks.contest import Contestant, Ours, Rival

#: Another command for xuanfa on PostgreSQL, such as ``xuanfa worker -w {folder}``; ``--worker`` of ``python -m benchmarks``.
_WORKER = os.environ.get("BENCH_WORKER", "xuanfa run --quiet -w {folder}")

OURS = Ours(name="xuanfa, SQLite", store="sqlite", in_flight=50)
OURS_TWICE = Ours(name="xuanfa, SQLite, 2 processes", store="sqlite", in_flight=25, processes=2)
POSTGRES = Ours(name="xuanfa, PostgreSQL, 1 worker", store="postgres", in_flight=50, command=_WORKER)
POSTGRES_TWICE = Ours(
    name="xuanfa, PostgreSQL, 2 workers", store="postgres", in_flight=50, processes=2, command=_WORKER
)

_DRAMATIQ = "dramatiq benchmarks.rivals.dramatiq_redis --processes {p} --threads {n}"
DRAMATIQ = Rival(
    name="dramatiq, Redis",
    store="redis",
    in_flight=16,
    module="dramatiq_redis",
    command=_DRAMATIQ,
    kills_main=False,
)
DRAMATIQ_TWICE = Rival(
    name="dramatiq, Redis, 2 processes",
    store="redis",
    processes=2,
    in_flight=8,
    module="dramatiq_redis",
    command=_DRAMATIQ,
    kills_main=False,
)
HUEY = Rival(
    name="huey, SQLite",
    store="sqlite",
    in_flight=20,
    module="huey_sqlite",
    command="huey.bin.huey_consumer benchmarks.rivals.huey_sqlite.huey --worker-type thread --workers {n} --quiet",
)
CELERY = Rival(
    name="Celery, Redis, prefork",
    store="redis",
    processes=8,
    in_flight=8,
    module="celery_redis",
    command="celery -A benchmarks.rivals.celery_redis worker --concurrency {n} --loglevel WARNING",
)
PROCRASTINATE = Rival(
    name="Procrastinate, a job per delivery",
    store="postgres",
    in_flight=20,
    module="procrastinate_postgres",
    command="benchmarks.rivals run procrastinate_postgres",
)
DBOS_POSTGRES = Rival(
    name="DBOS, PostgreSQL",
    store="postgres",
    in_flight=20,
    module="dbos_queue",
    command="benchmarks.rivals run dbos_queue",
)
DBOS_SQLITE = Rival(
    name="DBOS, SQLite",
    store="sqlite",
    in_flight=20,
    module="dbos_queue",
    command="benchmarks.rivals run dbos_queue",
)
APSCHEDULER = Rival(
    name="APScheduler, SQLite job store",
    store="sqlite",
    in_flight=20,
    module="apscheduler_sqlite",
    command="benchmarks.rivals run apscheduler_sqlite",
)

ALL: tuple[Contestant, ...] = (
    OURS,
    OURS_TWICE,
    POSTGRES,
    POSTGRES_TWICE,
    DRAMATIQ,
    DRAMATIQ_TWICE,
    HUEY,
    CELERY,
    PROCRASTINATE,
    DBOS_POSTGRES,
    DBOS_SQLITE,
    APSCHEDULER,
)
#: A few that are enough to see that everything works.
SOME: tuple[Contestant, ...] = (OURS, POSTGRES_TWICE, DRAMATIQ_TWICE, PROCRASTINATE)
