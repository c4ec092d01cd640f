"""How late a thousand deliveries are that are all due at one instant, with the resident engine: 50 ms each, 50 or 200 in flight."""

import json
import subprocess
import sys
import tempfile
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.request import urlopen

from benchmarks.corpus import make_workspace
from benchmarks.drain import carry_out
from benchmarks.sink import Sink
from benchmarks.table import Row, median
from xuanfa.bootstrap import open_desk
from xuanfa.engine.embedded import Resident

LATENCY, CHANNELS = 0.05, 4
#: How late the 99th of a hundred may be, by how many are in flight. Seconds.
_AIMS = {50: 1.5, 200: 0.5}


def measure(*, quick: bool) -> list[Row]:
    """The 99th percentile of the time from the due instant to the arrival of the request at the sink plus its answer."""
    total, rounds = (200, 1) if quick else (1000, 3)
    return [_row(total, in_flight, rounds) for in_flight in _AIMS]


def _row(total: int, in_flight: int, rounds: int) -> Row:
    """Beside what a bare loop of as many threads, which loads and renders too, takes for all of them on this machine just now."""
    ideal = total * LATENCY / in_flight
    found, bare = [], []
    for _ in range(rounds):
        found.append(_once(total, in_flight))
        bare.append(carry_out("bare", total // CHANNELS, in_flight, LATENCY))
    return Row(
        f"p99 lateness of {total} due at one instant, 50 ms, {in_flight} in flight (ideal {ideal:.2f} s)",
        f"{median(found):.2f} s",
        f"{median(found) / median(bare):.2f} of a bare loop's {median(bare):.2f} s",
        f"≤ {_AIMS[in_flight]} s for 1,000",
    )


def _once(total: int, in_flight: int) -> float:
    with Sink(LATENCY) as sink, tempfile.TemporaryDirectory() as folder:
        # Due when reading and rendering is certainly over.
        due = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=round(4 + total * 0.006))
        stamp = due.isoformat()
        make_workspace(
            Path(folder), sink.url, posts=total // CHANNELS, channels=CHANNELS, in_flight=in_flight, publish_at=stamp
        )
        command = [sys.executable, "-m", "benchmarks.lateness", folder, str(total), sink.url]
        subprocess.run(command, check=True)
        arrived = sink.stats()["arrived"]
        assert isinstance(arrived, list)
        assert len(arrived) == total
        late = sorted(moment + LATENCY - due.timestamp() for moment in arrived)
        assert late[0] > 0, "sent before it was due"
        return float(late[int(len(late) * 0.99) - 1])


def _serve(folder: Path, total: int, url: str) -> None:
    """A resident engine that stops when the sink has seen everything."""
    with open_desk(folder) as desk:
        resident = Resident(desk, in_flight=desk.in_flight, scan_every=timedelta(hours=1))

        def watch() -> None:
            while True:
                with urlopen(f"{url}/stats") as answer:
                    if json.load(answer)["seen"] >= total:
                        break
                time.sleep(0.5)
            resident.stop()

        threading.Thread(target=watch, daemon=True).start()
        resident.run()


if __name__ == "__main__":
    _serve(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
