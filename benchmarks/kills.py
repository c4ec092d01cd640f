"""One ``kill -9`` of a working process in the middle of 400 deliveries, then a restart that goes on until nothing moves."""

import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from benchmarks.contest import CHANNELS, Contestant, Ours, Run, opened
from benchmarks.contestants import ALL, SOME
from benchmarks.servers import Servers
from benchmarks.table import Row

LATENCY = 0.05
#: After so long a silent worker is taken for dead, by every engine. Seconds.
RECOVERY = 5
#: Nothing has arrived for so long: nothing moves any more. Three times what any engine needs to take a worker for dead. Seconds.
STILL = 15.0


@dataclass(frozen=True)
class Harm:
    """What a kill did.

    ``never_sent``: it did not reach the sink, and nobody is told. ``unrecorded``: it did, and the engine's own store says neither that it is
    done nor that it is in doubt. ``in_doubt``: its store asks a person to look; ``unsent`` of these had not left yet.
    """

    never_sent: int
    sent_twice: int
    unrecorded: int
    in_doubt: int
    unsent: int

    def __str__(self) -> str:
        return f"{self.never_sent} / {self.sent_twice} / {self.unrecorded}"


def measure(*, quick: bool) -> list[Row]:
    """A row for each engine. Those on PostgreSQL and Redis share a server, so that a quick run may let a few go at once."""
    posts, contestants = (50, SOME) if quick else (100, ALL)
    rows = [Row(f"after one kill in {posts * CHANNELS} deliveries", "never sent / sent twice / no record")]
    with Servers() as servers, ThreadPoolExecutor(len(SOME) if quick else 1) as pool:
        harms = list(pool.map(lambda contestant: kill_once(contestant, servers, posts=posts), contestants))
    for contestant, harm in zip(contestants, harms, strict=True):
        doubt = f"{harm.in_doubt} said to be in doubt, {harm.unsent} of them not sent" if harm.in_doubt else ""
        rows.append(Row(contestant.name, str(harm), doubt, "0 / 0 / 0" if isinstance(contestant, Ours) else ""))
    return rows


def kill_once(contestant: Contestant, servers: Servers, *, posts: int) -> Harm:
    """Kill when a third has arrived; count when nothing has arrived for a while."""
    with opened(contestant, servers, LATENCY, RECOVERY) as run:
        keys = contestant.fill(run, posts)
        run.start()
        contestant.go(run)
        run.wait_for(posts * CHANNELS // 3, 120)
        os.kill(contestant.victim(run), signal.SIGKILL)
        _until_nothing_moves(run)
        seen = run.sink.keys()
        done, doubtful = contestant.recorded(run)
        return Harm(
            never_sent=len(keys - set(seen) - doubtful),
            sent_twice=sum(count > 1 for count in seen.values()),
            unrecorded=len(set(seen) - done - doubtful),
            in_doubt=len(doubtful),
            unsent=len(doubtful - set(seen)),
        )


def _until_nothing_moves(run: Run) -> None:
    count, since = -1, time.monotonic()
    while time.monotonic() - since < STILL:
        time.sleep(0.5)
        run.start()
        if (now := run.sink.count()) != count:
            count, since = now, time.monotonic()
