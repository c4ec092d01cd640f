"""What processes have used of the processors, from ``/proc``."""

import os
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path


def processor_seconds(roots: Collection[int]) -> float:
    """Of these processes and all that descend from them, those included that have ended and been waited for."""
    parents, used = {}, {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            with suppress(OSError):  # it has just ended
                fields = (folder / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
                parents[int(folder.name)] = int(fields[1])
                used[int(folder.name)] = sum(int(ticks) for ticks in fields[11:15])
    ours = {pid for pid in parents if _descends(pid, roots, parents)}
    return sum(used[pid] for pid in ours) / os.sysconf("SC_CLK_TCK")


def _descends(pid: int, roots: Collection[int], parents: dict[int, int]) -> bool:
    while pid not in roots:
        if pid not in parents:
            return False
        pid = parents[pid]
    return True
