"""A short storm over each database; ``make torture`` makes a long one."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("database", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def test_a_short_storm_breaks_no_promise(database: str) -> None:
    command = [sys.executable, "-m", "tests.torture", database, "--deliveries", "60", "--seed", "5", "--no-review"]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=560, check=False)
    assert told.returncode == 0, f"{told.stdout}{told.stderr}"
    assert "every promise held" in told.stdout
    # What must have befallen it at least once, however short it was.
    assert "put back          1 times" in told.stdout
    assert re.search(r"stopped .*[1-9]\d* times the receiver", told.stdout)
    assert re.search(r"settings .* [1-9]", told.stdout)
    assert {"sqlite": "locked for long", "postgresql": "server suspended"}[database] in told.stdout
