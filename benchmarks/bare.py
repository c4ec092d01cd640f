"""The yardstick: load, render and POST from threads, with no state at all. Nothing survives a crash; nothing is remembered."""

import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from benchmarks.task import deliver, jobs


def send_all(folder: Path, url: str, *, posts: int, channels: int, threads: int) -> float:
    """Seconds for ``posts`` × ``channels`` requests."""
    work = jobs(folder, url, posts=posts, channels=channels)
    started = time.perf_counter()
    with ThreadPoolExecutor(threads) as pool:
        codes = list(pool.map(lambda job: deliver(*job), work))
    taken = time.perf_counter() - started
    assert set(codes) == {200}
    return taken


if __name__ == "__main__":
    where, at, count, width, wide = sys.argv[1:]
    print(json.dumps(send_all(Path(where), at, posts=int(count), channels=int(width), threads=int(wide))))
