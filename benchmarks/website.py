"""What one more article costs on a website that has 10, 1,000 or 10,000 already."""

import tempfile
import time
from pathlib import Path

from benchmarks.corpus import post_file
from benchmarks.table import Row, median
from xuanfa.bootstrap import open_desk
from xuanfa.engine.once import one_pass
from xuanfa.operations.desk import Desk

SETTINGS = """
late_after_minutes = 100000
[columns.action]
title = "我们在行动"
channels = ["site"]
[channels.site]
adapter = "site"
directory = "public"
base_url = "https://www.example.gov.cn"
"""


def measure(*, quick: bool) -> list[Row]:
    """Grow one site, and time single articles at each size: queueing, rendering, writing, recording."""
    sizes = (10, 100) if quick else (10, 1_000, 10_000)
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "posts").mkdir()
        (folder / "xuanfa.toml").write_text(SETTINGS, encoding="utf-8")
        with open_desk(folder) as desk:
            first, number = 0.0, 0
            for size in sizes:
                number = _grow(desk, number, size)
                seconds, number = _one_more(desk, number)
                first = first or seconds
                rows.append(
                    Row(f"one more article at {size:,}", f"{seconds * 1e3:.1f} ms", f"{seconds / first:.2f} times", "1")
                )
    return rows


def _grow(desk: Desk, number: int, size: int) -> int:
    while number < size:
        upto = min(number + 500, size)
        for one in range(number, upto):
            _write(desk, one)
        one_pass(desk, in_flight=1)
        _clear(desk)
        number = upto
    return number


def _one_more(desk: Desk, number: int) -> tuple[float, int]:
    times = []
    for one in range(number, number + 15):
        _write(desk, one)
        begun = time.perf_counter()
        one_pass(desk, in_flight=1)
        times.append(time.perf_counter() - begun)
        _clear(desk)
    return median(times), number + 15


def _write(desk: Desk, number: int) -> None:
    (desk.posts_folder / f"p{number:05}.md").write_text(post_file(number), encoding="utf-8")


def _clear(desk: Desk) -> None:
    """Published files may leave the inbox; so the cost of listing it stays out of the figure."""
    for path in desk.posts_folder.iterdir():
        path.unlink()
