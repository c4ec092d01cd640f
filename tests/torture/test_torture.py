"""A short storm over each database; ``make torture`` makes a long one."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("database", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def test_a_short_storm_breaks_no_promise(database: str) -> None:
    command = [sys.executable, "-m", "tests.torture", database, "--deliveries", "80", "--seed", "5"]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=280, check=False)
    assert told.returncode == 0, f"{told.stdout}{told.stderr}"
    assert "every promise held" in told.stdout
