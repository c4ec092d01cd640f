"""What is wanted of xuanfa, in one table: each ratio of two that took turns in one run, and the median of the rounds."""

from benchmarks import drain, idle, lateness
from benchmarks.contest import Contestant, race
from benchmarks.contestants import DRAMATIQ_TWICE, OURS_TWICE, POSTGRES, POSTGRES_TWICE, PROCRASTINATE
from benchmarks.servers import Servers
from benchmarks.table import Row, median


def measure(*, quick: bool) -> list[Row]:
    """Speed, lateness, idleness."""
    posts, rounds = (50, 1) if quick else (500, 3)
    bare = [drain.beside_bare(posts) for _ in range(rounds)]
    rows = [
        Row(
            "one process on SQLite / bare load + render + httpx",
            f"{posts * drain.CHANNELS / median([mine for mine, _, _ in bare]):.0f}/s",
            f"{median([known / mine for mine, known, _ in bare]):.2f} times",
            "≥ 0.9",
        )
    ]
    with Servers() as servers:
        rows += _ratios(servers, OURS_TWICE, {DRAMATIQ_TWICE: "≥ 1.5"}, posts, rounds)
        rows += _ratios(servers, POSTGRES_TWICE, {POSTGRES: "≥ 1.6", PROCRASTINATE: "≥ 2.5"}, posts, rounds)
    return [*rows, *lateness.measure(quick=quick), *idle.resident(quick=quick)]


def _ratios(servers: Servers, ours: Contestant, others: dict[Contestant, str], posts: int, rounds: int) -> list[Row]:
    """Ours beside others, round by round; the values of a round are compared with each other only."""
    found = [{each: race(each, servers, posts=posts).rate for each in (ours, *others)} for _ in range(rounds)]
    return [
        Row(
            f"{ours.name} / {other.name}",
            f"{median([rates[ours] for rates in found]):.0f}/s / {median([rates[other] for rates in found]):.0f}/s",
            f"{median([rates[ours] / rates[other] for rates in found]):.2f} times",
            aim,
        )
        for other, aim in others.items()
    ]
