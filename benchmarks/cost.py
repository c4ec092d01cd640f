"""What each guard costs, and a review: the same drain with it and without it, in rounds that take turns, by the time of the processor.

A ratio of throughputs is at the mercy of whatever else the machine does. The processor's time of one process is not, or hardly, and turns
of A B B A cancel what drifts. Each round without is compared with the round with that stands beside it; the median of many such ratios is
told with the middle half of them, so that nobody takes noise for a figure. ``BENCH_BEFORE=FOLDER`` puts another checkout beside this one.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.corpus import make_workspace
from benchmarks.reviewed import furnish
from benchmarks.sink import Sink
from benchmarks.table import Row

CHANNELS, IN_FLIGHT = 4, 50
#: What is left out, what that is called, and how much it may cost of the whole.
MEASURED = (
    ("wire", "the guarded wire, beside httpx's own transport", ""),
    ("marks", "marks outside the database", ""),
    ("history", "comparing what leaves with the history", ""),
    ("hash", "the hash of each attempt", ""),
    ("all", "all of them", ""),
)


@dataclass(frozen=True, slots=True)
class Round:
    """One drain: seconds of the processor, and on the wall."""

    processor: float
    wall: float


def measure(*, quick: bool) -> list[Row]:
    """A row for each guard, and one for the version before, where there is one."""
    posts, turns = (25, 2) if quick else (500, 16)
    before = os.environ.get("BENCH_BEFORE")
    rows = []
    with Sink() as sink, Office(sink, posts) as office:
        for guard, words, aim in MEASURED:
            rows.append(_row(words, aim, posts, beside(guard, office, office, turns)))
        with Office(sink, posts, reviewed=True) as reviewed:
            pairs = [(whole, bare) for bare, whole in beside("nothing", office, reviewed, turns)]
            rows.append(_row("a review of three steps, beside none", "≤ +5.3 % (0.95 of the throughput)", posts, pairs))
        if before:
            with Office(sink, posts, source=Path(before) / "src") as other:
                rows.append(
                    _row(
                        f"this version, beside {Path(before).name}", "", posts, beside("nothing", office, other, turns)
                    )
                )
    return rows


class Office:
    """A workspace whose queue is full, made once; each round works on a copy of it, with the memory that belongs to it."""

    def __init__(self, sink: Sink, posts: int, source: Path | None = None, *, reviewed: bool = False) -> None:
        self._sink, self._posts, self._source, self._reviewed = sink, posts, source, reviewed
        self._made = tempfile.TemporaryDirectory()

    def __enter__(self) -> "Office":
        folder = Path(self._made.name) / "office"
        make = furnish if self._reviewed else make_workspace
        make(folder, self._sink.url, posts=self._posts, channels=CHANNELS, in_flight=IN_FLIGHT)
        self._run("approve" if self._reviewed else "prepare", folder)
        return self

    def __exit__(self, *_: object) -> None:
        self._made.cleanup()

    def carry_out(self, guard: str) -> Round:
        """One drain, in a process of its own."""
        self._sink.reset()
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place) / "office"
            shutil.copytree(Path(self._made.name) / "office", folder)
            printed = self._run(guard, folder)
        seen = self._sink.stats()
        assert seen["seen"] == seen["keys"] == self._posts * CHANNELS, (guard, seen["seen"])
        return Round(*json.loads(printed.splitlines()[-1]))

    def _run(self, what: str, folder: Path) -> str:
        environ = os.environ | {"XDG_STATE_HOME": str(folder / "state")}
        environ |= {} if self._source is None else {"PYTHONPATH": str(self._source)}
        command = [sys.executable, "-m", "benchmarks.without", what, str(folder)]
        return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=environ).stdout


def beside(guard: str, office: Office, other: Office, turns: int) -> list[tuple[Round, Round]]:
    """Pairs of rounds, as the program is and, at the other office, without the guard: in turns of A B B A; the first pair warms up."""
    pairs = []
    for number in range(turns + 1):
        if number % 2:
            whole = office.carry_out("nothing")
            without = other.carry_out(guard)
        else:
            without = other.carry_out(guard)
            whole = office.carry_out("nothing")
        pairs.append((whole, without))
    return pairs[1:]


def _row(words: str, aim: str, posts: int, pairs: Sequence[tuple[Round, Round]]) -> Row:
    total = posts * CHANNELS
    low, middle, high = quartiles([whole.processor / without.processor - 1 for whole, without in pairs])
    mine = quartiles([whole.processor for whole, _ in pairs])[1] / total * 1e6
    bare = quartiles([without.processor for _, without in pairs])[1] / total * 1e6
    wall = quartiles([whole.wall / without.wall - 1 for whole, without in pairs])[1]
    return Row(
        words,
        f"{mine:.0f} µs of the processor a delivery, {bare:.0f} µs without",
        f"{middle:+.1%} (middle half {low:+.1%} to {high:+.1%}, {len(pairs)} pairs; on the wall {wall:+.1%})",
        aim,
    )


def quartiles(values: Sequence[float]) -> tuple[float, float, float]:
    """The values below which a quarter, a half and three quarters lie, between neighbours where needed."""
    ordered = sorted(values)

    def at(part: float) -> float:
        place = part * (len(ordered) - 1)
        below = int(place)
        above = min(below + 1, len(ordered) - 1)
        return ordered[below] + (ordered[above] - ordered[below]) * (place - below)

    return at(0.25), at(0.5), at(0.75)
