"""Scoring (采用情况): what a department's posts come to by where they were taken up. An office that wants it says so; by itself nothing is scored.

The custom: so many points for each post that was taken up at a level (本级, 上级, 省级), counted once a level, and a total carried over from
January. Rankings are for whoever asks: 「指尖上的形式主义」 (2023) warns of them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """Where posts are taken up: a name, its channels, and the points that a post gets for it."""

    id: str
    title: str
    points: int
    channels: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """A department's: how many posts it has sent in, how many were taken up at each level, by id, and what both come to.

    ``points`` are those of the period, ``since_january`` those from the first of January of the year in which it ends.
    """

    name: str
    submitted: int
    taken: Mapping[str, int] = field(default_factory=dict)
    points: int
    since_january: int


def points_of(levels: Iterable[Level], taken: Mapping[str, int]) -> int:
    """What so many posts at these levels come to."""
    return sum(level.points * taken.get(level.id, 0) for level in levels)


def ranked(scores: Iterable[Score]) -> list[tuple[int, Score]]:
    """By points, the most first; whoever has as many has the same place."""
    ordered = sorted(scores, key=lambda score: (-score.points, score.name))
    found: list[tuple[int, Score]] = []
    for number, score in enumerate(ordered, 1):
        place = found[-1][0] if found and found[-1][1].points == score.points else number
        found.append((place, score))
    return found
