"""How late a thousand deliveries are that are all due at one instant, with the resident engine: 50 ms each, 50 or 200 in flight."""

from dataclasses import replace

from benchmarks.contest import CHANNELS, opened
from benchmarks.contestants import OURS
from benchmarks.drain import carry_out
from benchmarks.servers import Servers
from benchmarks.table import Row, median

LATENCY = 0.05
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
    with Servers() as servers, opened(replace(OURS, in_flight=in_flight), servers, LATENCY) as run:
        run.contestant.fill(run, total // CHANNELS)
        run.start()
        due = run.contestant.go(run)
        run.wait_for(total, 120)
        arrived = run.sink.stats()["arrived"]
    assert isinstance(arrived, list)
    late = sorted(float(moment) + LATENCY - due for moment in arrived)
    assert late[0] > 0, "sent before it was due"
    return late[int(len(late) * 0.99) - 1]
