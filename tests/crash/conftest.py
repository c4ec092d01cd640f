"""What carries out the actions of the drivers, each in a process of its own."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.support.warm import Warm

#: What starts a driver that begins from nothing, and where.
DRIVER, ROOT = [sys.executable, "-m", "tests.crash.driver"], Path(__file__).parents[2]


class Driver:
    """Carries out actions, each in a process of its own."""

    def act(self, *arguments: str) -> tuple[int, str]:
        """How it ended, and what it said."""
        with self.start(*arguments, stderr=subprocess.STDOUT) as process:
            said, _ = process.communicate(timeout=60)
        return process.returncode, said

    def start(self, *arguments: str, **options: Any) -> "subprocess.Popen[str]":
        """A process that has begun to."""
        return Warm("tests.crash.driver:run", arguments, cwd=ROOT, **options)


@pytest.fixture
def driver() -> Driver:
    return Driver()
