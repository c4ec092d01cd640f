"""One row of the results, and how they are printed."""

import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """What was measured, how it came out, and beside what. ``ratio`` is ours to the known thing; ``aim`` says what is wanted of it."""

    what: str
    value: str
    ratio: str = ""
    aim: str = ""


def machine() -> str:
    """The size of this machine, named with every figure."""
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    return f"{os.cpu_count()} cores, {pages:.0f} GiB, {platform.machine()}, Python {platform.python_version()}"


def as_markdown(title: str, rows: Sequence[Row]) -> str:
    """A table for the README."""
    lines = [f"### {title}", "", "| what | measured | ratio | aim |", "| --- | --- | --- | --- |"]
    lines += [f"| {row.what} | {row.value} | {row.ratio} | {row.aim} |" for row in rows]
    return "\n".join(lines) + "\n"


def median(values: Sequence[float]) -> float:
    """The middle value."""
    return sorted(values)[len(values) // 2]
