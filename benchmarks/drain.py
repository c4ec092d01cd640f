"""How fast what is due goes out: one process on SQLite beside bare httpx without any state."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.corpus import make_workspace
from benchmarks.sink import Sink
from benchmarks.table import Row, median

CHANNELS = 4
#: Requests under way at once: more than the bare loop has threads, because some of ours wait for a commit while others send.
IN_FLIGHT = 50


def measure(*, quick: bool) -> list[Row]:
    """Rows for a sink that answers at once and for one that takes 50 ms."""
    posts, rounds = (100, 1) if quick else (1250, 3)
    return [*_at_once(posts, rounds), *_slow(posts, rounds)]


def _at_once(posts: int, rounds: int) -> list[Row]:
    total = posts * CHANNELS
    found = [beside_bare(posts) for _ in range(rounds)]
    mine, known, queued = (median([each[at] for each in found]) for at in range(3))
    return [
        Row(f"bare load + render + httpx, 20 threads, {total} requests, 0 ms", f"{total / known:.0f}/s"),
        Row(
            f"xuanfa, the same deliveries, {IN_FLIGHT} in flight",
            f"{total / mine:.0f}/s",
            f"{known / mine:.2f} of bare",
            "≥ 0.9",
        ),
        Row("reading and rendering the posts beforehand", f"{posts / queued:.0f} posts/s"),
    ]


def beside_bare(posts: int) -> tuple[float, float, float]:
    """Seconds for the same deliveries by xuanfa and by the bare loop, one after the other, and for reading and rendering beforehand."""
    known = carry_out("bare", posts, 20, 0.0)
    queued, mine = carry_out("ours", posts, IN_FLIGHT, 0.0)
    return mine, known, queued


def _slow(posts: int, rounds: int) -> list[Row]:
    total = posts * CHANNELS
    ideal = total * 0.05 / IN_FLIGHT
    bare, ours = [], []
    for _ in range(rounds):
        bare.append(carry_out("bare", posts, IN_FLIGHT, 0.05))
        ours.append(carry_out("ours", posts, IN_FLIGHT, 0.05)[1])
    mine, known = median(ours), median(bare)
    return [
        Row(
            f"bare httpx, {total} requests, 50 ms, 50 threads",
            f"{total / known:.0f}/s",
            f"{ideal / known:.2f} of ideal",
        ),
        Row(
            "xuanfa, the same deliveries, 50 in flight",
            f"{total / mine:.0f}/s",
            f"{ideal / mine:.2f} of ideal, {known / mine:.2f} of bare",
            "≥ 0.85 of ideal",
        ),
    ]


def carry_out(which: str, posts: int, threads: int, latency: float) -> Any:
    """One measurement in a process of its own, with a sink of its own, on the same corpus."""
    with Sink(latency) as sink, tempfile.TemporaryDirectory() as folder:
        make_workspace(Path(folder), sink.url, posts=posts, channels=CHANNELS, in_flight=threads)
        arguments = [folder] if which == "ours" else [folder, sink.url, str(posts), str(CHANNELS), str(threads)]
        command = [sys.executable, "-m", f"benchmarks.{which}", *arguments]
        printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        seen = sink.stats()
        assert seen["seen"] == seen["keys"] == posts * CHANNELS, seen
        return json.loads(printed)
