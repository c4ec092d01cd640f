"""One process that carries out the actions of all tests of a module, each in a child of its own."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

#: What starts a driver, and where.
DRIVER, ROOT = [sys.executable, "-m", "tests.crash.driver"], Path(__file__).parents[2]


class Driver:
    """Carries out actions, each in a process of its own."""

    def __init__(self) -> None:
        pipe = subprocess.PIPE
        self._process = subprocess.Popen([*DRIVER, "serve"], stdin=pipe, stdout=pipe, text=True, cwd=ROOT)

    def act(self, *arguments: str) -> tuple[int, str]:
        """How it ended, and what it said."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        environ = {name: value for name, value in os.environ.items() if name.startswith(("XUANFA_", "XDG_"))}
        print(json.dumps({"arguments": arguments, "environ": environ}), file=self._process.stdin, flush=True)
        told = json.loads(self._process.stdout.readline())
        return told["code"], told["said"]

    def close(self) -> None:
        self._process.communicate()


@pytest.fixture(scope="module")
def driver() -> Iterator[Driver]:
    made = Driver()
    yield made
    made.close()
