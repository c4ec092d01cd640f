"""How fast each engine does the same work, side by side: a sink that answers at once, from the moment at which everyone may begin."""

from benchmarks.contest import CHANNELS, Contestant, Pace, race
from benchmarks.contestants import ALL, DBOS_POSTGRES, DBOS_SQLITE, OURS, SOME
from benchmarks.servers import Servers
from benchmarks.table import Row, median

#: These take so much longer that a tenth of the work tells as much.
_SLOW = (DBOS_POSTGRES, DBOS_SQLITE)


def measure(*, quick: bool) -> list[Row]:
    """Medians; the contestants take turns, so that noise falls on all alike."""
    posts, rounds = (50, 1) if quick else (500, 3)
    contestants = SOME if quick else ALL
    paces: dict[str, list[Pace]] = {contestant.name: [] for contestant in contestants}
    with Servers() as servers:
        for _ in range(rounds):
            for contestant in contestants:
                paces[contestant.name].append(race(contestant, servers, posts=_share(contestant, posts)))
    return [_row(contestant, paces[contestant.name], paces[OURS.name], posts) for contestant in contestants]


def _share(contestant: Contestant, posts: int) -> int:
    return posts // 10 if contestant in _SLOW else posts


def _row(contestant: Contestant, paces: list[Pace], ours: list[Pace], posts: int) -> Row:
    total = _share(contestant, posts) * CHANNELS
    width = f"{contestant.in_flight} in flight" + (" each" if contestant.processes > 1 else "")
    if contestant.in_flight == contestant.processes:
        width = f"{contestant.in_flight} processes"
    rate, work = median([pace.rate for pace in paces]), median([pace.work for pace in paces])
    ratio = "" if contestant == OURS else f"{rate / median([pace.rate for pace in ours]):.2f} of xuanfa on SQLite"
    return Row(
        f"{contestant.name}; {total:,} deliveries, {width}",
        f"{rate:.0f}/s, {work * 1e3:.2f} ms of processor time each",
        ratio,
    )
