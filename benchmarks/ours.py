"""The same work by xuanfa: queue first (load and render), then drain. Prints seconds for both."""

import json
import sys
import time
from pathlib import Path

from xuanfa.bootstrap import open_desk
from xuanfa.engine.once import one_pass
from xuanfa.operations.intake.queue import queue


def work(folder: Path) -> tuple[float, float]:
    """Seconds to read and render the inbox, and to publish everything that is due."""
    with open_desk(folder) as desk:
        begun = time.perf_counter()
        queue(desk)
        queued = time.perf_counter()
        one_pass(desk, in_flight=desk.in_flight, scan=False)
        return queued - begun, time.perf_counter() - queued


if __name__ == "__main__":
    print(json.dumps(work(Path(sys.argv[1]))))
