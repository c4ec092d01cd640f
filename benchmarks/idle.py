"""What a pass costs when nothing is due, with ten and with a million deliveries queued for the future; and what memory it takes."""

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import sqlalchemy as sa

from benchmarks.corpus import make_workspace
from benchmarks.processor import processor_seconds
from benchmarks.table import Row, median
from xuanfa.bootstrap import open_desk
from xuanfa.engine.once import one_pass
from xuanfa.operations.intake.queue import queue
from xuanfa.store.schema import deliveries, posts

FUTURE = "2099-01-01 09:00"


def measure(*, quick: bool) -> list[Row]:
    """An empty pass in a fresh process, few and many."""
    many = 20_000 if quick else 1_000_000
    with tempfile.TemporaryDirectory() as folder:
        few_time, few_memory = _passes(_workspace(Path(folder) / "few", 10))
        many_time, many_memory = _passes(_workspace(Path(folder) / "many", many))
    return [
        Row("empty pass, 10 future deliveries", f"{few_time * 1e3:.2f} ms"),
        Row(
            f"empty pass, {many:,} future deliveries",
            f"{many_time * 1e3:.2f} ms",
            f"{many_time / few_time:.2f} times",
            "≤ 1.5",
        ),
        Row(
            "peak memory, more than with 10",
            f"{many_memory - few_memory:.1f} MB of {many_memory:.0f} MB",
            "",
            "< 10 MB",
        ),
    ]


def resident(*, quick: bool) -> list[Row]:
    """What ``xuanfa run`` takes while nothing is due: processor time, and what it holds in memory."""
    seconds = 5 if quick else 20
    with tempfile.TemporaryDirectory() as name:
        folder = make_workspace(Path(name), "http://127.0.0.1:9", posts=10, channels=4, in_flight=20, publish_at=FUTURE)
        process = subprocess.Popen([sys.executable, "-m", "xuanfa", "run", "--quiet", "-w", str(folder)])
        time.sleep(4)  # it has read its posts by then
        before = processor_seconds([process.pid])
        time.sleep(seconds)
        used, memory = processor_seconds([process.pid]) - before, _megabytes(process.pid, "VmRSS")
        process.terminate()
        process.wait()
    return [
        Row(f"processor time of an idle xuanfa run, over {seconds} s", f"{used / seconds:.2%}", "", "< 0.5 %"),
        Row("memory of an idle xuanfa run", f"{memory:.0f} MB", "", "< 100 MB"),
    ]


def _workspace(folder: Path, wanted: int) -> Path:
    """Ten real deliveries, and as many copies of their rows as are wanted beyond them."""
    make_workspace(folder, "http://127.0.0.1:9", posts=10, channels=1, in_flight=20, publish_at=FUTURE)
    with open_desk(folder) as desk:
        queue(desk)
        with desk.store.write() as connection:
            _multiply(connection, wanted)
    return folder


def _multiply(connection: sa.Connection, wanted: int) -> None:
    template = connection.execute(sa.select(deliveries).limit(1)).one()._asdict()
    post = connection.execute(sa.select(posts).limit(1)).one()._asdict()
    for start in range(10, wanted, 10_000):
        numbers = range(start + 1, min(start + 10_000, wanted) + 1)
        connection.execute(posts.insert(), [post | {"id": n, "slug": f"copy-{n}"} for n in numbers])
        connection.execute(deliveries.insert(), [template | {"id": n, "post_id": n} for n in numbers])


def _passes(folder: Path) -> tuple[float, float]:
    command = [sys.executable, "-m", "benchmarks.idle", str(folder)]
    seconds, megabytes = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return seconds, megabytes


def _measure_here(folder: Path) -> tuple[float, float]:
    with open_desk(folder) as desk:
        times = []
        for _ in range(30):
            begun = time.perf_counter()
            one_pass(desk, in_flight=20)
            times.append(time.perf_counter() - begun)
    return median(times), _megabytes("self", "VmHWM")


def _megabytes(pid: int | str, what: str) -> float:
    """Of one program alone: ``ru_maxrss`` would count what the parent had before this one began."""
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(what)) / 1024


if __name__ == "__main__":
    print(json.dumps(_measure_here(Path(sys.argv[1]))))
