"""``python -m benchmarks.simulation [--seed N] [--courts N] [--days N] [--faults RATE] [--processes N] [--folder DIR]``."""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from benchmarks.simulation.balance import Balance
from benchmarks.simulation.shard import Plan, simulate
from benchmarks.table import machine

#: Courts that share a workspace. Fixed, so that the number of processes changes nothing but the time.
SHARD = 25


def main(arguments: list[str]) -> int:
    """Simulate, print the table; 1 where a zero is none."""
    options = _options(arguments)
    begun = time.perf_counter()
    total = Balance()
    with tempfile.TemporaryDirectory(prefix="xuanfa-simulation-", dir=options.folder) as folder:
        plans = list(_plans(options.seed, options.courts, options.days, options.faults))
        folders = [Path(folder) / plan.courts[0] for plan in plans]
        with ProcessPoolExecutor(options.processes) as pool:
            for found in pool.map(simulate, plans, folders):
                total.add(found)
    seconds = time.perf_counter() - begun
    print(f"{options.courts} courts × {options.days} days, seed {options.seed}. Machine: {machine()}\n")
    for name, value in _rows(total, seconds):
        print(f"{name:<42} {value}")
    return 0 if total.is_even else 1


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.simulation")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--courts", type=int, default=100)
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--faults", type=float, default=0.01, help="of all requests")
    parser.add_argument("--processes", type=int, default=os.cpu_count())
    parser.add_argument("--folder", type=Path, default=None, help="where the databases are made, and removed")
    return parser.parse_args(arguments)


def _plans(seed: int, courts: int, days: int, faults: float) -> Iterator[Plan]:
    names = [f"c{number:03}" for number in range(courts)]
    for start in range(0, courts, SHARD):
        yield Plan(seed=seed, courts=tuple(names[start : start + SHARD]), days=days, fault_rate=faults)


def _rows(total: Balance, seconds: float) -> Iterator[tuple[str, object]]:
    yield "deliveries", f"{total.deliveries:,}"
    yield "requests", f"{total.requests:,}"
    yield "recorded attempts", f"{total.attempts:,}"
    yield "passes", f"{total.passes:,}"
    yield "faults", f"{total.faults.total():,}"
    for name, times in sorted(total.faults.items()):
        yield f"  {name}", f"{times:,}"
    yield "processes killed", total.kills
    yield "days with the machine off for hours", total.nights
    yield "repeated under the same key", total.sent_again
    yield "doubts (unknown)", f"{total.doubts:,}"
    yield "  settled by the channel's evidence", f"{total.by_evidence:,}"
    yield "  settled by a person", f"{total.by_person:,}"
    yield "doubts removed by evidence (bytes)", f"{total.removed:,}"
    yield "decisions of reviewers", f"{total.decisions:,}"
    yield "texts edited under review", f"{total.edits:,}"
    for name, times in sorted(total.reviews.items()):
        yield f"  reviews {name}", f"{times:,}"
    for name, times in sorted(total.states.items()):
        yield f"at the end {name}", f"{times:,}"
    for name, times in total.wrong.items():
        yield f"must be 0: {name}", times
    yield "digest of the ledger", total.digest[:16] if len(total.digest) == 64 else _digest(total.digest)
    yield "seconds", f"{seconds:.0f}"
    yield "deliveries a second", f"{total.deliveries / seconds:.0f}"


def _digest(digests: str) -> str:
    import hashlib

    return hashlib.sha256(digests.encode()).hexdigest()[:16]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
