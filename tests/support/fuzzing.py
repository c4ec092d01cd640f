"""How many inputs a fuzz test tries: some hundreds, the same each time, or as many as ``XUANFA_FUZZ`` says, at random.

Many are played in rounds, each a test of its own, because Hypothesis remembers every input of one run, and what is resident would be its memory.
"""

import math
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

TRIES = int(os.environ.get("XUANFA_FUZZ", "0"))
_ROUND = 1_000
st.text().validate()  # makes Hypothesis's table of characters where it has none yet, which takes 100 MB for a moment


def rounds(share: float = 1.0) -> pytest.MarkDecorator:
    """For a test with an argument ``played``, the number of its round, that gets so much of all inputs."""
    return pytest.mark.parametrize("played", range(_count(share)))


def _count(share: float) -> int:
    return max(1, math.ceil(TRIES * share / _ROUND))


def playing(usual: int, share: float = 1.0) -> settings:
    """For each of its rounds; ``usual`` inputs are tried where nothing else is said."""
    return settings(
        max_examples=math.ceil(TRIES * share / _count(share)) or usual,
        derandomize=not TRIES,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )


def resident(name: str) -> int:
    """``VmRSS``, or ``VmHWM``, the most since it was last reset. Bytes."""
    found = re.search(rf"{name}:\s+(\d+) kB", Path("/proc/self/status").read_text(encoding="ascii"))
    assert found is not None
    return int(found[1]) * 1024


@contextmanager
def growing_less_than(most: int) -> Iterator[None]:
    """What is resident meanwhile, at its highest, is less than ``most`` bytes more than before."""
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    before = resident("VmRSS")
    yield
    grown = resident("VmHWM") - before
    assert grown < most, f"{grown / 1e6:.0f} MB more were resident"
