"""Which process runs which test: whole files, those of slow folders first.

Test by test, as pytest-xdist would, each process begins a browser and prepares an office for every file, of which it then runs a third; and whatever
takes a minute must not be what is begun last.
"""

from typing import Final

import pytest
from xdist.scheduler import LoadGroupScheduling

#: Folders below ``tests`` by how long their files take, the longest first.
ORDER: Final = (
    "torture",
    "system",
    "crash",
    "console",
    "cluster",
    "engine",
    "cli",
    "fuzz",
    "operations",
    "store",
    "contract",
    "reports",
    "unit",
)


class ByFile(LoadGroupScheduling):  # type: ignore[misc] # a library without types
    """Hands out a file at a time, or a group where tests are marked as one (``xdist_group``), in the order of collection."""

    def _split_scope(self, nodeid: str) -> str:
        group: str = super()._split_scope(nodeid)
        return group.partition("::")[0]


def slow_first(items: list[pytest.Item]) -> None:
    """Bring what was collected into the order in which it is handed out; that of a file's own tests stays."""
    items.sort(key=lambda item: _rank(item.nodeid))


def _rank(nodeid: str) -> int:
    folder = nodeid.split("/")[1]
    return ORDER.index(folder) if folder in ORDER else len(ORDER)
