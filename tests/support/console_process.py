"""``xuanfa serve`` as a process of its own, as a machine runs it: to be ended, and to be killed."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def console_process(folder: Path, port: int = 0) -> Iterator[tuple["subprocess.Popen[str]", str]]:
    """The process, and its address. It is killed at the end, if it has not ended by then."""
    listen = f"127.0.0.1:{port}"
    command = [sys.executable, "-m", "xuanfa", "serve", "--workspace", str(folder), "--listen", listen]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=os.environ
    ) as process:
        try:
            assert process.stdout is not None
            said = next((line for line in process.stdout if "http://" in line), "")
            assert said, "it ended before it listened"
            yield process, said[said.index("http://") :].strip().rstrip("/")
        finally:
            process.kill()
