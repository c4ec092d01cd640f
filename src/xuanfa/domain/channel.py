"""A channel (渠道): one configured account at a destination."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from xuanfa.domain.pacing import Limit

#: Stands for every channel where one is paused. It cannot be an id.
EVERYTHING: Final = "*"


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """What the core knows of a channel without touching its adapter: data only.

    ``budget`` names the pace that it shares: two channels with the same robot share one. ``replay`` is how long the channel honours our
    key, so that the core may send again on its own; ``None`` is never. After ``looks_max`` looks only a person can tell.
    """

    id: str
    kind: str
    title: str
    rehearsal: bool = False
    limits: tuple[Limit, ...] = ()
    budget: str = ""
    replay: timedelta | None = None
    confirms: bool = False
    looks_max: int = 40
    stages: bool = False
    retracts: bool = False
