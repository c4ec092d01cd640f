"""What xuanfa is measured beside. Each module does the same work with one well-known engine, its own durable store and its own record.

A module has ``fill(jobs)``, which puts the jobs into its queue under their keys, ``recorded()``, which tells the keys that its store says are
done, and the engine's own worker, or ``run()`` where an engine is started by a program of its user's. Where what a kill does is
measured, every time after which an engine takes a silent worker for dead is ``RECOVERY``, so that what recovery does is seen without waiting
for an hour; elsewhere engines keep their own.
``python -m benchmarks.rivals fill|run|recorded MODULE``; where things are comes by environment.
"""

import os
import time
from pathlib import Path

from benchmarks.task import deliver

#: Seconds; 0 for the engine's own: 60 (dramatiq), 3,600 (Celery on Redis), 30 (Procrastinate).
RECOVERY = int(os.environ.get("BENCH_RECOVERY", "0"))
#: Where posts, SQLite files and signs lie; where the server is, if the engine needs one; how many jobs a process may have in hand.
FOLDER = Path(os.environ.get("BENCH_FOLDER", "."))
SERVER = os.environ.get("BENCH_SERVER", "")
THREADS = int(os.environ.get("BENCH_THREADS", "1"))

_passed: set[int] = set()


def work(path: str, url: str, key: str) -> int:
    """The work of one job, after the gate."""
    pass_gate()
    return deliver(path, url, key)


def pass_gate() -> None:
    """Tell that this process has work in hand, and wait until everyone may begin: starting up is no part of what is measured."""
    if os.getpid() in _passed:
        return
    (FOLDER / "signs" / str(os.getpid())).touch()
    while not (FOLDER / "signs" / "go").exists():
        time.sleep(0.002)
    _passed.add(os.getpid())
